"""Parents, sub-funds, money beside a fund and rates lower to what their terms say, by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import fundsim as fs
from fundsim.lowering import lower, review
from fundsim.scheme import CoInvestment, Injection, Pacing, Party, Protection, RiskSubsidy, Scheme
from fundsim.scheme.rules import check_scheme

DEALS = {
    "investment_period": 36, "deals": {"mean": 5e6}, "liquidation_multiple": 0.5,
    "stages": {"seed": {"share": 0.5}, "growth": {"share": 0.5}},
}  # fmt: skip
ALONE = {"kind": "guide_fund", "opening": 1e8, "ratio": 0, "life": 96, **DEALS}
MOTHER = {
    "kind": "parent_fund", "opening": 1e8, "injections": [{"date": "2017-01", "amount": 1e8}], "life": 120,
    "extension": 12, "investment_period": 48, "fee_rate": 0.01, "fund_cost": 1e5, "recycling": 0.2,
    "deployment": 0.9,
}  # fmt: skip
SUB = {
    "kind": "guide_fund", "parent": "mother", "commitment": 5e7, "ratio": 3, "raising": {"p_full": 1},
    "start": "2016-07", "life": 96, **DEALS,
}  # fmt: skip
PACED = {"kind": "guide_fund", "opening": 1e8, "ratio": 0, "life": 120}


def scheme_of(folder: Path, **instruments: dict[str, Any]) -> Scheme:
    content = {"window": {"start": "2016-01", "months": 36}, "instruments": instruments}
    file = folder / "funds.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    scenario = fs.load(file)
    assert [fault.text() for fault in review(scenario)] == []
    scheme = lower(scenario)
    check_scheme(scheme)
    return scheme


def test_a_parent_makes_no_deals_and_its_sub_funds_are_paid_from_its_account(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, mother=MOTHER, angel=SUB, second={**SUB, "commitment": 8e7})
    mother, angel, second = scheme.equity_funds
    assert mother.subs(scheme) == (angel, second)
    assert (mother.planned, mother.social_target, mother.deal_size, mother.stages) == (2e8, 0.0, 0.0, ())
    assert (mother.life, mother.extension, mother.investment) == (120, 12, 48)
    assert (mother.fee_rate, mother.fund_cost, mother.recycling, mother.deployment) == (0.01, 1e5, 0.2, 0.9)
    assert (mother.custody, mother.treasury, mother.parent) == ("mother.custody", "city", None)
    assert (angel.parent, angel.custody, angel.treasury) == ("mother", "mother", "mother")
    assert (angel.planned, angel.social_target, angel.start) == (5e7, 1.5e8, 6)
    names = [party.name for party in scheme.parties[3:]]
    assert names == [
        "mother", "mother.custody", "mother.partners", "mother.manager",
        "angel", "angel.partners", "angel.manager", "second", "second.partners", "second.manager",
    ]  # fmt: skip
    assert scheme.injections == (Injection(source="city", target="mother.custody", month=12, amount=1e8),)


def test_a_parent_may_have_social_partners_of_its_own(tmp_path: Path) -> None:
    mother = scheme_of(tmp_path, mother={**MOTHER, "ratio": 1, "raising": {"p_full": 1}}, angel=SUB)
    assert mother.equity_funds[0].social_target == 2e8


def test_the_order_of_parent_and_sub_fund_in_the_file_does_not_matter(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, angel=SUB, mother=MOTHER)
    assert [fund.name for fund in scheme.equity_funds] == ["angel", "mother"]
    assert [fund.is_parent(scheme) for fund in scheme.equity_funds] == [False, True]


def test_what_a_parent_can_commit_counts_its_fees_to_the_end_of_life(tmp_path: Path) -> None:
    """I = 0.9 (2e8 (1 − 0.01 × 4) − 1e5 × 10)/(1 + 0.9 × 0.01 × 6) is 163.1 million."""
    investable = 0.9 * (2e8 * 0.96 - 1e6) / (1.0 + 0.9 * 0.01 * 6.0)
    scheme_of(tmp_path, mother=MOTHER, angel={**SUB, "commitment": investable})
    content = {
        "window": {"start": "2016-01", "months": 36},
        "instruments": {"mother": MOTHER, "angel": {**SUB, "commitment": investable + 1.0}},
    }
    (tmp_path / "more.yaml").write_text(json.dumps(content), "utf-8")
    (fault,) = review(fs.load(tmp_path / "more.yaml"))
    assert (fault.warning, fault.key) == (True, "angel.commitment")


def test_rates_by_name_are_those_of_takahashi_and_alexander(tmp_path: Path) -> None:
    (fund,) = scheme_of(tmp_path, fund={**PACED, "pacing": "takahashi_alexander"}).equity_funds
    assert fund.pacing == Pacing(calls=(0.25, 1.0 / 3.0, 0.5), growth=0.13, bow=2.5, least_yield=0.0)
    assert (fund.investment, fund.deployment, fund.deal_size, fund.stages) == (120, 1.0, 0.0, ())
    assert (fund.joint, fund.subsidy, fund.protection) == (None, None, None)


def test_rates_may_be_written_and_those_left_out_are_the_same(tmp_path: Path) -> None:
    rates = {"calls": ["30%", 0.5], "growth": "8%", "yield": 0.05}
    (fund,) = scheme_of(tmp_path, fund={**PACED, "pacing": rates}).equity_funds
    assert fund.pacing == Pacing(calls=(0.3, 0.5), growth=0.08, bow=2.5, least_yield=0.05)


def test_a_paced_fund_may_be_a_sub_fund_and_have_partners(tmp_path: Path) -> None:
    sub = {key: value for key, value in SUB.items() if key not in DEALS}
    scheme = scheme_of(tmp_path, mother=MOTHER, paced={**sub, "pacing": "takahashi_alexander"})
    assert scheme.equity_funds[1].parent == "mother"
    assert scheme.equity_funds[1].social_target == 1.5e8


def test_money_beside_a_fund_has_accounts_of_its_own_that_the_city_pays_into(tmp_path: Path) -> None:
    beside = {
        "co_investment": {"share": "50%", "cap": "200万", "opening": 1e6,
                          "injections": [{"date": "2016-03", "amount": 2e6}]},
        "risk_subsidy": {"base": "loss", "share": 0.3, "opening": 3e6, "stages": ["seed"]},
        "investment_protection": {"before": 1e6, "after": 2e6, "opening": 4e6},
    }  # fmt: skip
    scheme = scheme_of(tmp_path, fund={**ALONE, **beside})
    (fund,) = scheme.equity_funds
    assert fund.joint == CoInvestment(account="fund.co_investment", treasury="city", share=0.5, cap=2e6)
    assert fund.subsidy == RiskSubsidy(
        account="fund.risk_subsidy", treasury="city", base="loss", share=0.3, cap=math.inf,
        stages=frozenset({"seed"}),
    )  # fmt: skip
    assert fund.protection == Protection(
        account="fund.protection", treasury="city", before=1e6, after=2e6,
        stages=frozenset({"seed", "growth"}),
    )  # fmt: skip
    assert scheme.parties[-3:] == (
        Party(name="fund.co_investment", opening=1e6, public=True),
        Party(name="fund.risk_subsidy", opening=3e6, public=True),
        Party(name="fund.protection", opening=4e6, public=True),
    )
    assert scheme.injections == (Injection(source="city", target="fund.co_investment", month=2, amount=2e6),)


@pytest.mark.parametrize("kind", ["guide_fund", "sector_fund", "startup_equity_fund"])
def test_every_kind_with_deals_may_be_a_sub_fund_with_money_beside_it(tmp_path: Path, kind: str) -> None:
    more = {"co_investment": {"opening": 1e6, "share": 0.5}, "risk_subsidy": {"opening": 1e6, "base": "cost",
            "share": 0.1}}  # fmt: skip
    sector = {"sector": "energy"} if kind == "sector_fund" else {}
    scheme = scheme_of(tmp_path, mother=MOTHER, fund={**SUB, "kind": kind, **sector, **more})
    assert scheme.equity_funds[1].joint is not None
    assert scheme.equity_funds[1].subsidy is not None


def test_metrics_are_given_what_a_fund_is(tmp_path: Path) -> None:
    """A parent has figures of its sub-funds, a sub-fund none of the treasury."""
    names = {metric.name for metric in scheme_of(tmp_path, mother=MOTHER, angel=SUB).metrics}
    assert {"mother.sub_funds", "mother.treasury.irr", "angel.parent.irr"} <= names
    assert not {"mother.deals", "angel.treasury.irr", "angel.government.irr"} & names


def test_an_heir_paces_a_fund_of_which_it_takes_the_deals_away(tmp_path: Path) -> None:
    """Each fault of keys beside pacing says so: {remove: true}."""
    base = {
        "window": {"start": "2016-01", "months": 36},
        "instruments": {"fund": {**ALONE, "fee_rate": 0.02}},
    }
    (tmp_path / "base.yaml").write_text(json.dumps(base), "utf-8")
    gone = {key: {"remove": True} for key in (*DEALS, "fee_rate")}
    heir = {"extends": "base.yaml", "instruments": {"fund": {"pacing": "takahashi_alexander", **gone}}}
    (tmp_path / "heir.yaml").write_text(json.dumps(heir), "utf-8")
    (fund,) = lower(fs.load(tmp_path / "heir.yaml")).equity_funds
    assert (fund.deal_size, fund.fee_rate, fund.stages) == (0.0, 0.0, ())
    assert fund.pacing is not None
