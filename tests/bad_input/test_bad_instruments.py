"""Bad files of the kinds that the package has: each is reported at the right key, in the right words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario

SEGMENT = {"city_weight": 1, "pd": 0.03, "rho": 0.05, "lgd": 0.5, "loan": {"mean": 100_000}}
LENDING = {
    "source": "assumption",
    "trigger": {"npl": True},
    "borrowers": {"graduates": 0.5, "firms": 0.5},
    "demand": {"yearly": [1e7, 1e7, 1e7]},
}
COUNTIES = {"city_money": 1e8, "counties": {"a": {"match": 1, "weight": 1}, "b": {"match": 2, "weight": 3}}}
TIERS = {"tiers": {"all": {"cap": 100_000, "segments": ["graduates", "firms"]}}}

GOOD: dict[str, dict[str, Any]] = {
    "county_margin": {**LENDING, "share": 0.5, **COUNTIES},
    "technology_pool": {**LENDING, "opening": 1e7, "share": 0.5},
    "talent_loan": {**LENDING, "opening": 1e7, "share": 0.5, **TIERS},
    "startup_guarantee_loan": {**LENDING, "opening": 1e7, "share": 0.8, **TIERS},
    "double_guarantee": {**LENDING, "guarantors": {"one": {"share": 0.5}, "two": {"share": 0.5}}},
    "credit_insurance": {**LENDING, "premium": 0.03, "insurer": {"share": 0.5}},
    "ip_pledge": {**LENDING, "opening": 1e7, "share": 0.5},
}


@dataclass(frozen=True)
class Case:
    """What is changed in the good file of a kind, and what must be reported of it."""

    label: str
    kind: str
    change: dict[str, Any]
    key: str
    says: str
    loan: dict[str, Any] = field(default_factory=dict)
    """What is changed in the loan of segment firms."""


BUDGET = {"paid_from": "budget", "opening": 0, "caps": {"year_limit": 1e6}}

CASES = (
    # county margins
    Case("weight and amount", "county_margin",
         {"counties": {"a": {"match": 1, "weight": 1, "amount": 1e7}}},
         "counties.a", "exactly one of weight and amount"),
    Case("neither", "county_margin", {"counties": {"a": {"match": 1}}}, "counties.a", "exactly one of"),
    Case("some weights", "county_margin",
         {"counties": {"a": {"match": 1, "weight": 1}, "b": {"match": 1, "amount": 1e7}}},
         "counties", "some counties have a weight and some an amount"),
    Case("nothing to split", "county_margin", {"city_money": None}, "city_money", "is missing"),
    Case("splits nothing", "county_margin", {"counties": {"a": {"match": 1, "amount": 1e7}}},
         "city_money", "splits nothing"),
    Case("no month", "county_margin", {"match_lag": 3}, "match_lag", "whose month is not said"),
    Case("city outside", "county_margin", {"paid": "2014-01"}, "paid", "outside the policy window"),
    Case("county outside", "county_margin", {"paid": "2017-10", "match_lag": 6}, "match_lag",
         "outside the policy window"),
    Case("name", "county_margin", {"counties": {"1a": {"match": 1, "weight": 1}}}, "counties.1a",
         "letters, digits and _ only"),
    Case("a tape", "county_margin", {"opening_stock": {"tape": "loans.csv"}}, "opening_stock.tape",
         "to which county"),
    Case("no counties", "county_margin", {"counties": {}}, "counties", "at least 1"),
    # technology pool
    Case("more than all", "technology_pool", {"partners": {"guarantor": {"share": 0.6}}}, "partners",
         "cover 1.1 of a loss"),
    Case("partner's name", "technology_pool", {"partners": {"a-b": {"share": 0.1}}}, "partners.a-b",
         "letters, digits and _ only"),
    Case("no ceiling", "technology_pool", {"paid_from": "budget", "opening": 0}, "caps.year_limit",
         "is missing"),
    Case("budget and opening", "technology_pool", {**BUDGET, "opening": 1e7}, "opening", "needs a fund"),
    Case("budget and multiple", "technology_pool", {**BUDGET, "multiple": 10}, "multiple", "needs a fund"),
    Case("budget and ratio", "technology_pool",
         {**BUDGET, "breaker": {"metric": "compensation_ratio", "threshold": 0.5}},
         "breaker", "needs a fund"),
    Case("budget and arrears", "technology_pool", {**BUDGET, "arrears": "carry"}, "arrears",
         "can't be carried"),
    Case("partner's share", "technology_pool", {"partners": {"guarantor": {"share": 40}}},
         "partners.guarantor.share", 'write 0.40 or "40%"'),
    # tiers of talents and of start-ups
    Case("loans above the cap", "startup_guarantee_loan",
         {"tiers": {"all": {"cap": 90_000, "segments": ["graduates", "firms"]}}},
         "tiers.all.cap", "segment graduates has loans of up to 10万 yuan"),
    Case("loans without a cap", "startup_guarantee_loan", {}, "tiers.all.cap",
         "the loans of segment firms have no cap", {"cv": 0.5}),
    Case("cap of the segment", "talent_loan", {}, "tiers.all.cap", "has loans of up to 15万 yuan",
         {"cv": 0.5, "cap": 150_000}),
    Case("in two tiers", "talent_loan",
         {"tiers": {**TIERS["tiers"], "more": {"cap": 1e6, "segments": ["firms"]}}},
         "tiers.more.segments.0", "stands in two tiers, all and more"),
    Case("in no tier", "talent_loan", {"tiers": {"all": {"cap": 1e6, "segments": ["firms"]}}},
         "tiers", "has no tier for segment graduates"),
    Case("unknown segment", "startup_guarantee_loan",
         {"tiers": {"all": {"cap": 1e6, "segments": ["graduate", "firms"]}}},
         "tiers.all.segments.0", "did you mean graduates?"),
    Case("levels above all", "talent_loan", {"levels": {"a": {"share": 0.6}, "b": {"share": 0.6}}},
         "levels", "cover 1.2 of a loss"),
    Case("level's name", "talent_loan", {"levels": {"a b": {"share": 0.6}}}, "levels.a b",
         "letters, digits and _ only"),
    Case("arrears and levels", "talent_loan", {"arrears": "carry", "levels": {"a": {"share": 0.6}}},
         "arrears", "where other levels return"),
    # double guarantee
    Case("one guarantor", "double_guarantee", {"guarantors": {"one": {"share": 0.5}}}, "guarantors",
         "at least 2"),
    Case("three guarantors", "double_guarantee",
         {"guarantors": {name: {"share": 0.3} for name in ("one", "two", "three")}}, "guarantors",
         "at most 2"),
    Case("more than all, side by side", "double_guarantee",
         {"guarantors": {"one": {"share": 0.7}, "two": {"share": 0.5}}}, "guarantors", "cover 1.2"),
    # credit insurance
    Case("insurer and government", "credit_insurance",
         {"insurer": {"share": 0.8}, "government": {"share": 0.3, "opening": 1e7}}, "insurer",
         "cover 1.1 of a loss"),
    Case("no share, no excess", "credit_insurance", {"government": {"opening": 1e7}}, "government.share",
         "the fund never pays"),
    Case("loss ratio of nothing", "credit_insurance",
         {"premium": 0, "insurer": {"share": 0.8, "loss_ratio": 1.5}}, "premium", "loss ratio is claims"),
    Case("two caps of one kind", "credit_insurance",
         {"insurer": {"share": 0.8, "loss_ratio": 1.5, "caps": {"cohort_rate": 0.05}}},
         "insurer.caps.cohort_rate", "limits the same as loss_ratio"),
    Case("excess of final losses", "credit_insurance",
         {"trigger": {"final_loss": 12}, "insurer": {"share": 0.8, "loss_ratio": 1.5},
          "government": {"excess": True, "opening": 1e7}}, "trigger.final_loss", "government.excess"),
    Case("largest loan", "credit_insurance", {"max_loan": 50_000}, "max_loan",
         "segment graduates has loans of up to 10万 yuan"),
    Case("date of an injection", "credit_insurance",
         {"government": {"share": 0.1, "injections": [{"date": "2019-01", "amount": 1e6}]}},
         "government.injections.0.date", "outside the policy window"),
    # pledged intellectual property
    Case("misspelt", "ip_pledge", {"operater": {"share": 0.3}}, "operater", "did you mean operator?"),
    Case("share of nothing", "ip_pledge", {"operator": {"share": 0}}, "operator.share", "more than 0"),
)  # fmt: skip


def written(folder: Path, kind: str, change: dict[str, Any], loan: dict[str, Any]) -> Path:
    """Write a scenario with one instrument of a kind."""
    firms = {**SEGMENT, "loan": {**SEGMENT["loan"], **loan}}
    content = {
        "window": {"start": "2015-01", "months": 36},
        "segments": {"graduates": SEGMENT, "firms": firms},
        "instruments": {"tried": {"kind": kind, **GOOD[kind], **change}},
    }
    (folder / "loans.csv").write_text("segment,principal,months_left\nfirms,100000,6\n", encoding="utf-8")
    path = folder / "tried.yaml"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_file_of_a_kind_is_sound(tmp_path: Path, kind: str) -> None:
    scenario, faults = check_scenario(written(tmp_path, kind, {}, {}), kinds=KINDS)
    assert scenario is not None
    assert not [fault for fault in faults if not fault.warning]


def test_every_kind_here_has_bad_files() -> None:
    assert {case.kind for case in CASES} == set(GOOD) <= set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.label}")
def test_a_bad_instrument_is_reported_at_its_key_in_both_languages(tmp_path: Path, case: Case) -> None:
    scenario, faults = check_scenario(written(tmp_path, case.kind, case.change, case.loan), kinds=KINDS)
    assert scenario is None
    reported = [fault for fault in faults if not fault.warning and case.says in fault.text()]
    assert reported, "\n".join(fault.text() for fault in faults)
    assert reported[0].key == f"tried.{case.key}"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in reported[0].problem_zh)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in reported[0].fix_zh)


def test_a_fund_without_money_is_a_warning_and_a_budget_is_none(tmp_path: Path) -> None:
    _, faults = check_scenario(written(tmp_path, "technology_pool", {"opening": 0}, {}), kinds=KINDS)
    assert any("never gets any money" in fault.text() for fault in faults if fault.warning)
    _, faults = check_scenario(written(tmp_path, "technology_pool", BUDGET, {}), kinds=KINDS)
    assert not [fault for fault in faults if "never gets any money" in fault.text()]
