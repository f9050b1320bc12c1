"""Every rule of parents, money beside a fund and pacing that a file can break is reported at its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .reported import Case, Change, faults_of, is_reported, with_changes

DEALS = {
    "investment_period": 36, "deals": {"mean": 5e6}, "liquidation_multiple": 0.5,
    "stages": {"seed": {"share": 0.5}, "growth": {"share": 0.5}},
}  # fmt: skip
GOOD: dict[str, Any] = {
    "window": {"start": "2016-01", "months": 36},
    "instruments": {
        "mother": {
            "kind": "parent_fund", "source": "assumption", "opening": 2e8, "start": "2016-02", "life": 120,
            "extension": 12, "investment_period": 48, "fee_rate": 0.01,
            "waterfall": [{"step": "contributions"}, {"step": "carry", "share": 0.1}],
        },
        "angel": {
            "kind": "startup_equity_fund", "source": "assumption", "parent": "mother", "commitment": 5e7,
            "start": "2016-06", "life": 96, "extension": 12, **DEALS,
        },
        "factories": {
            "kind": "guide_fund", "source": "assumption", "parent": "mother", "commitment": 1e8, "ratio": 3,
            "raising": {"p_full": 1}, "start": "2016-06", "life": 96, **DEALS,
        },
        "paced": {
            "kind": "guide_fund", "source": "assumption", "opening": 1e8, "ratio": 0, "life": 120,
            "pacing": {"calls": [0.25, 0.3, 0.5], "growth": 0.13, "bow": 2.5, "yield": 0.02},
        },
        "beside": {
            "kind": "guide_fund", "source": "assumption", "opening": 1e8, "ratio": 0, "life": 96, **DEALS,
            "co_investment": {"opening": 1e7, "share": 0.5, "cap": 2e6,
                              "injections": [{"date": "2017-01", "amount": 1e7}]},
            "risk_subsidy": {"opening": 1e7, "base": "loss", "share": 0.3, "cap": 1e6, "stages": ["seed"]},
            "investment_protection": {"opening": 1e7, "before": 1e6, "after": 2e6, "stages": ["seed"]},
        },
    },
}  # fmt: skip
"""A parent with two sub-funds, a fund with rates in place of deals, and one with all money beside it."""

MOTHER, ANGEL, FACTORIES, PACED, BESIDE = (("instruments", name) for name in GOOD["instruments"])
JOINT, SUBSIDY, GRANTS = (
    (*BESIDE, key) for key in ("co_investment", "risk_subsidy", "investment_protection")
)
LATE = [{"date": "2018-12", "amount": 1e6}]


def changed(*changes: Change) -> dict[str, Any]:
    """Return the good file with other values."""
    return with_changes(GOOD, *changes)


def test_the_good_file_is_sound(tmp_path: Path) -> None:
    assert [fault.text() for fault in faults_of(tmp_path, GOOD)] == []


FAULTS: dict[str, Case] = {
    # who is whose parent
    "an unknown parent": ([((*ANGEL, "parent"), "mothr")], "angel.parent", "did you mean mother?"),
    "a parent that makes deals": ([((*ANGEL, "parent"), "beside")], "angel.parent",
                                  "beside is not of kind parent_fund; write one of mother"),
    "a fund that is its own parent": ([((*ANGEL, "parent"), "angel")], "angel.parent", "is the fund itself"),
    "a parent with a parent": ([((*MOTHER, "parent"), "mother")], "mother.parent", "nobody's sub-fund"),
    "a parent with a commitment": ([((*MOTHER, "commitment"), 1e8)], "mother.commitment",
                                   "nobody's sub-fund"),
    "a parent without sub-funds": ([((*ANGEL, "parent"), None), ((*ANGEL, "commitment"), None),
                                    ((*ANGEL, "opening"), 1e8), (FACTORIES, None)], "mother",
                                   "has no sub-fund"),
    "a parent with deals": ([((*MOTHER, "deals"), {"mean": 1e6})], "mother.deals", "no deals of its own"),
    "a parent with stages": ([((*MOTHER, "stages"), {"all": {}})], "mother.stages", "no deals of its own"),
    "a parent that liquidates": ([((*MOTHER, "liquidation_multiple"), 1)], "mother.liquidation_multiple",
                                 "no deals of its own"),
    "a parent that is paced": ([((*MOTHER, "pacing"), "takahashi_alexander")], "mother.pacing",
                               "no deals of its own"),
    "a parent of a sector": ([((*MOTHER, "sector"), "energy")], "mother.sector", "no deals of its own"),
    "a parent that tolerates": ([((*MOTHER, "tolerated_loss"), 0.3)], "mother.tolerated_loss",
                                "no deals of its own"),
    "a parent that joins deals": ([((*MOTHER, "co_investment"), {"share": 0.3})], "mother.co_investment",
                                  "no deals of its own"),
    "a parent without an investment period": ([((*MOTHER, "investment_period"), None)],
                                              "mother.investment_period", "is missing"),
    "a parent without money": ([((*MOTHER, "opening"), None)], "mother.opening",
                               "never gets any money of government"),
    # a sub-fund's money and life
    "a sub-fund without a commitment": ([((*ANGEL, "commitment"), None)], "angel.commitment",
                                        "what mother is to commit"),
    "a commitment without a parent": ([((*BESIDE, "commitment"), 1e7)], "beside.commitment",
                                      "no parent that commits it"),
    "a commitment of nothing": ([((*ANGEL, "commitment"), 0)], "angel.commitment", "more than 0"),
    "an opening beside a commitment": ([((*ANGEL, "opening"), 1e7)], "angel.opening",
                                       "is there beside parent"),
    "injections beside a commitment": ([((*ANGEL, "injections"), [{"date": "2017-01", "amount": 1e7}])],
                                       "angel.injections", "is there beside parent"),
    "a sub-fund that outlives its parent": ([((*ANGEL, "life"), 117)], "angel.life",
                                            "outlives its parent mother, which ends 1 months earlier; "
                                            "write 116"),
    "a sub-fund before its parent": ([((*ANGEL, "start"), None)], "angel.start",
                                     "before the start of its parent mother (2016-02); write 2016-02"),
    "a sub-fund before its parent is set up": (
        [((*MOTHER, "ratio"), 1), ((*MOTHER, "raising"), {
            "p_full": 1, "minimum_first_close": 0.5,
            "closings": [{"month": 3, "share": 0.4}, {"month": 6, "share": 0.6}]}),
         ((*FACTORIES, "start"), "2016-08")],
        "angel.start", "before its parent mother can be set up (2016-08)"),
    # rates in place of deals
    "another pacing": ([((*PACED, "pacing"), "yale")], "paced.pacing", "takahashi_alexander"),
    "no rates": ([((*PACED, "pacing", "calls"), [])], "paced.pacing.calls", "at least 1 item"),
    "a rate beyond all": ([((*PACED, "pacing", "calls"), [0.5, 1.2])], "paced.pacing.calls.1", "1.2"),
    "growth in per cent": ([((*PACED, "pacing", "growth"), 13)], "paced.pacing.growth", "13%"),
    "a bow that is no bow": ([((*PACED, "pacing", "bow"), 30)], "paced.pacing.bow", "20"),
    "a yield beyond all": ([((*PACED, "pacing", "yield"), 1.5)], "paced.pacing.yield", "1"),
    "a misspelt rate": ([((*PACED, "pacing", "grwth"), 0.1)], "paced.pacing.grwth", "did you mean growth?"),
    "years that are not whole": ([((*PACED, "life"), 125)], "paced.life", "not in whole years"),
    "no investment period": ([((*BESIDE, "investment_period"), None)], "beside.investment_period",
                             "is missing"),
    "no deals": ([((*BESIDE, "deals"), None)], "beside.deals", "is missing"),
    "no liquidation": ([((*BESIDE, "liquidation_multiple"), None)], "beside.liquidation_multiple",
                       "is missing"),
    **{
        f"{key} beside pacing": ([((*PACED, key), value)], f"paced.{key}", "pacing takes their place")
        for key, value in {
            **DEALS, "extension": 12, "deployment": 0.5, "exit_beta": 0.1, "failure_beta": 0.1,
            "exit_rho": 0.1, "recycling": 0.1, "fee_rate": 0.02, "fund_cost": 1e5, "mark": "expected",
            "tolerated_loss": 0.5, "reinvestment": {"multiple": 1, "local_share": 0.5},
            "co_investment": {"opening": 1e6, "share": 0.5},
            "risk_subsidy": {"opening": 1e6, "base": "loss", "share": 0.5},
            "investment_protection": {"opening": 1e6, "before": 1e5},
        }.items()
    },
    "a sector fund that is paced": ([((*PACED, "kind"), "sector_fund"), ((*PACED, "sector"), "energy")],
                                    "paced.pacing", "choose kind guide_fund"),
    # money beside a fund
    "no share of the deal": ([((*JOINT, "share"), None)], "beside.co_investment.share", "is missing"),
    "a share of nothing": ([((*JOINT, "share"), 0)], "beside.co_investment.share", "more than 0"),
    "a cap of nothing": ([((*JOINT, "cap"), 0)], "beside.co_investment.cap", "more than 0"),
    "a top-up": ([((*JOINT, "top_up"), {"below": 1, "to": 2})], "beside.co_investment.top_up",
                 "write injections"),
    "a late injection": ([((*JOINT, "injections", 0, "date"), "2019-01")],
                         "beside.co_investment.injections.0.date", "outside the policy window"),
    "money after the last deals": ([((*BESIDE, "investment_period"), 24), ((*JOINT, "injections"), LATE)],
                                   "beside.co_investment.injections.0.date",
                                   "after the last payment that can fall due (2017-12)"),
    "a subsidy of a share of nothing": ([((*SUBSIDY, "share"), 0)], "beside.risk_subsidy.share",
                                        "more than 0"),
    "no base": ([((*SUBSIDY, "base"), None)], "beside.risk_subsidy.base", "is missing"),
    "another base": ([((*SUBSIDY, "base"), "losses")], "beside.risk_subsidy.base", "did you mean loss?"),
    "an unknown stage": ([((*SUBSIDY, "stages"), ["sed"])], "beside.risk_subsidy.stages.0",
                         "did you mean seed?"),
    "a stage twice": ([((*SUBSIDY, "stages"), ["seed", "seed"])], "beside.risk_subsidy.stages.1",
                      "is there twice"),
    "grants of nothing": ([((*GRANTS, "before"), None), ((*GRANTS, "after"), None)],
                          "beside.investment_protection", "grants nothing"),
    "grants for an unknown stage": ([((*GRANTS, "stages"), ["mature"])],
                                    "beside.investment_protection.stages.0", "there is no stage mature"),
    "a grant to nobody": ([((*GRANTS, "befor"), 1)], "beside.investment_protection.befor",
                          "did you mean before?"),
}  # fmt: skip

WARNINGS: dict[str, Case] = {
    "a sub-fund after its parent's investment period": (
        [((*MOTHER, "investment_period"), 4)], "angel.start",
        "is after the investment period of its parent mother, whose last month is 2016-05"),
    "rates that call nothing": ([((*PACED, "pacing", "calls"), [0])], "paced.pacing.calls",
                                "call nothing in any year of the fund's life"),
    "rates that call nothing while it lives": (
        [((*PACED, "pacing", "calls"), [0, 0, 0.5]), ((*PACED, "life"), 24)], "paced.pacing.calls",
        "call nothing in any year"),
    "more than the parent can commit": ([((*FACTORIES, "commitment"), 1.5e8)], "factories.commitment",
                                        "is more than mother can commit"),
    "more rates than years": ([((*PACED, "life"), 24)], "paced.pacing.calls", "has 3 rates"),
    "joining without money": ([((*JOINT, "opening"), None), ((*JOINT, "injections"), None)],
                              "beside.co_investment.opening", "never gets any money"),
    "a subsidy without money": ([((*SUBSIDY, "opening"), None)], "beside.risk_subsidy.opening",
                                "never gets any money"),
    "grants without money": ([((*GRANTS, "opening"), None)], "beside.investment_protection.opening",
                             "give opening or injections"),
    "a cap that half a deal never reaches": ([((*JOINT, "cap"), 2.5e6)], "beside.co_investment.cap",
                                             "never binds: without it a deal is given at most 250万 yuan"),
    "a cap beyond all money": ([((*BESIDE, "deals", "cv"), 1), ((*SUBSIDY, "cap"), 1e7)],
                               "beside.risk_subsidy.cap", "at most 1000万 yuan"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_a_file_gets_wrong_is_reported_once_at_its_key_in_both_languages(
    tmp_path: Path, case: str
) -> None:
    changes, key, says = FAULTS[case]
    faults = faults_of(tmp_path, changed(*changes))
    is_reported(faults, key, says, warning=False)
    assert len([fault for fault in faults if not fault.warning]) == 1, "\n".join(map(str, faults))


@pytest.mark.parametrize("case", WARNINGS)
def test_what_does_nothing_is_warned_of(tmp_path: Path, case: str) -> None:
    changes, key, says = WARNINGS[case]
    faults = faults_of(tmp_path, changed(*changes))
    assert not [fault.text() for fault in faults if not fault.warning]
    is_reported(faults, key, says, warning=True)


def test_two_funds_that_are_each_other_s_parent_are_both_refused(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path, changed(((*ANGEL, "parent"), "factories"), ((*FACTORIES, "parent"), "angel"))
    )
    is_reported(faults, "angel.parent", "factories is not of kind parent_fund", warning=False)
    is_reported(faults, "factories.parent", "angel is not of kind parent_fund", warning=False)
    assert len(faults) == 2


def test_two_parents_that_are_each_other_s_parent_are_both_refused(tmp_path: Path) -> None:
    other = {**GOOD["instruments"]["mother"], "parent": "mother"}
    faults = faults_of(tmp_path, changed((("instruments", "other"), other), ((*MOTHER, "parent"), "other")))
    for name in ("mother", "other"):
        is_reported(faults, f"{name}.parent", "nobody's sub-fund", warning=False)


def test_what_a_misspelt_parent_leaves_behind_is_not_reported_as_well(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, changed(((*ANGEL, "parent"), None), ((*ANGEL, "parnt"), "mother")))
    is_reported(faults, "angel.parnt", "did you mean parent?", warning=False)
    assert len(faults) == 1


def test_a_parent_that_cannot_be_read_hides_what_its_sub_funds_lack(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, changed(((*MOTHER, "kind"), "parent_found")))
    is_reported(faults, "mother.kind", "did you mean parent_fund?", warning=False)
    assert len(faults) == 1


def test_a_sub_fund_that_cannot_be_read_may_be_the_one_that_a_parent_lacks(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, changed(((*ANGEL, "kind"), "guide_found"), (FACTORIES, None)))
    is_reported(faults, "angel.kind", "did you mean guide_fund?", warning=False)
    assert len(faults) == 1


def test_every_stage_is_meant_where_none_is_written(tmp_path: Path) -> None:
    assert faults_of(tmp_path, changed(((*SUBSIDY, "stages"), None), ((*GRANTS, "stages"), None))) == []
