"""Every rule of equity funds that a file can break is reported at its key, with a fix, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario

from .reported import Case, Change, faults_of, is_reported, with_changes

GOOD: dict[str, Any] = {
    "window": {"start": "2017-01", "months": 36},
    "instruments": {
        "fund": {
            "kind": "guide_fund", "source": "assumption", "opening": 1e8,
            "injections": [{"date": "2018-01", "amount": 1e8}],
            "ratio": 5, "start": "2017-06", "life": 96, "extension": 24, "investment_period": 48,
            "raising": {
                "p_full": 0.26, "mean": 0.2, "sd": 0.15, "rho": 0.2, "minimum_first_close": 0.05,
                "closings": [{"month": 3, "share": 0.6}, {"month": 15, "share": 0.4}],
            },
            "call_shortfall": {"mean": 0.1, "sd": 0.1}, "deployment": 0.65, "deals": {"mean": 1e7, "cv": 0.5},
            "stages": {
                "startup": {
                    "share": 0.4, "exit": {"shape": 1.5, "scale": 7}, "failure": {"shape": 1.2, "scale": 6},
                    "exits": [
                        {"probability": 0.5, "buy_back": {"rate": 0.08, "collectability": 0.5}},
                        {"probability": 0.5, "multiple": {"mean": 3, "cv": 1}},
                    ],
                },
                "growth": {"share": 0.6, "exit": {"scale": 5}, "exits": [{"probability": 1, "multiple": 2}]},
            },
            "exit_beta": 0.4, "failure_beta": 0.3, "exit_rho": 0.2, "recycling": 0.1,
            "liquidation_multiple": 0.5, "fee_rate": 0.02, "fund_cost": 5e5,
            "waterfall": [
                {"step": "contributions"}, {"step": "hurdle", "rate": 0.08},
                {"step": "catch_up", "share": 1}, {"step": "carry", "share": 0.2},
            ],
            "clawback": True, "concession": {"mode": "excess_share", "share": 0.3},
            "reinvestment": {"multiple": 1.2, "local_share": 0.6}, "tolerated_loss": 0.5,
        },
        "alone": {
            "kind": "startup_equity_fund", "source": "assumption", "opening": 2e7, "life": 84,
            "investment_period": 36, "deals": {"mean": 2e6}, "stages": {"all": {}}, "liquidation_multiple": 1,
        },
        "energy": {
            "kind": "sector_fund", "source": "assumption", "opening": 1e8, "ratio": 3,
            "ratio_reading": "fund_to_gov", "sector": "energy", "life": 84, "investment_period": 36,
            "raising": {"p_full": 1}, "deals": {"mean": 1e7}, "stages": {"all": {}},
            "liquidation_multiple": 1,
            "concession": {"mode": "call_option", "years": 3, "benchmark": 0.04},
        },
    },
}  # fmt: skip
"""A fund with all that a fund can have, one of government alone, and one with a sector and an option."""

FUND, ALONE, ENERGY = (("instruments", name) for name in ("fund", "alone", "energy"))
STARTUP = (*FUND, "stages", "startup")
RAISING = (*FUND, "raising")
STEPS = GOOD["instruments"]["fund"]["waterfall"]


def changed(*changes: Change) -> dict[str, Any]:
    """Return the good file with other values."""
    return with_changes(GOOD, *changes)


def test_the_good_file_is_sound(tmp_path: Path) -> None:
    assert [fault.text() for fault in faults_of(tmp_path, GOOD)] == []


FAULTS: dict[str, Case] = {
    # money and time
    "no money": ([((*ALONE, "opening"), None)], "alone.opening", "never gets any money of government"),
    "a top-up": ([((*FUND, "top_up"), {"below": 1, "to": 2})], "fund.top_up", "more than government's plan"),
    "an injection after the window": ([((*FUND, "injections", 0, "date"), "2020-01")],
                                      "fund.injections.0.date", "outside the policy window"),
    "an injection after the end": ([((*ALONE, "life"), 12), ((*ALONE, "investment_period"), 12),
                                    ((*ALONE, "injections"), [{"date": "2018-01", "amount": 1e7}])],
                                   "alone.injections.0.date", "comes after the fund's end"),
    "a start before the window": ([((*FUND, "start"), "2016-12")], "fund.start", "outside the policy window"),
    "a life that is too long": ([((*FUND, "life"), 160)], "fund.life", "at most 180 can be followed"),
    "no life": ([((*FUND, "life"), 0)], "fund.life", "at least 1"),
    "years for months": ([((*FUND, "life"), "8 years")], "fund.life", "did you mean 8年?"),
    "an investment period beyond life": ([((*FUND, "investment_period"), 97)], "fund.investment_period",
                                         "longer than the life"),
    # ratio and partners
    "no ratio": ([((*FUND, "ratio"), None)], "fund.ratio", "is missing"),
    "a fund of government's size": ([((*ENERGY, "ratio"), 1)], "energy.ratio", "leaves nothing to social"),
    "another reading": ([((*FUND, "ratio_reading"), "social_to_gov")], "fund.ratio_reading", "gov_to_social"),
    "no raising": ([((*FUND, "raising"), None)], "fund.raising", "how much of the social money comes"),
    "a concession to nobody": ([((*ALONE, "concession"), {"mode": "all_gains"})], "alone.concession.mode",
                               "no social partners"),
    "no mean of the rest": ([((*RAISING, "mean"), None), ((*RAISING, "sd"), None)],
                            "fund.raising.mean", "74 % of the funds miss the target"),
    "a spread that no law has": ([((*RAISING, "sd"), 0.4)], "fund.raising.sd", "no beta law with mean 0.2"),
    "no share": ([((*RAISING, "p_full"), 1.2)], "fund.raising.p_full", "1"),
    "all of the variance": ([((*RAISING, "rho"), 1)], "fund.raising.rho", "less than 1"),
    "closings that fall": ([((*RAISING, "closings", 1, "month"), 3)], "fund.raising.closings.1.month",
                           "does not come after"),
    "closings of a part": ([((*RAISING, "closings", 1, "share"), 0.3)], "fund.raising.closings",
                           "the shares sum to 0.9"),
    "a closing after life": ([((*RAISING, "closings", 1, "month"), 100)], "fund.raising.closings.1.month",
                             "after the fund's life"),
    "a set-up before any closing": ([((*RAISING, "set_up_months"), 2)], "fund.raising.set_up_months",
                                    "before the first closing"),
    "a set-up after life": ([((*RAISING, "set_up_months"), 96)], "fund.raising.set_up_months",
                            "not within the fund's life"),
    "a minimum that is never met": ([((*RAISING, "minimum_first_close"), 0.7)],
                                    "fund.raising.minimum_first_close", "is never met"),
    "a shortfall that no law has": ([((*FUND, "call_shortfall", "sd"), 0.4)], "fund.call_shortfall.sd",
                                    "no beta law with mean 0.1"),
    "a fixed shortfall above 1": ([((*FUND, "call_shortfall"), 1.5)], "fund.call_shortfall", "1"),
    # deals
    "nothing deployed": ([((*FUND, "deployment"), 0)], "fund.deployment", "more than 0"),
    "deals of nothing": ([((*FUND, "deals", "mean"), 0)], "fund.deals.mean", "more than 0"),
    "too many deals": ([((*FUND, "deals", "mean"), 1e5)], "fund.deals.mean", "at most 100 can be followed"),
    "no stages": ([((*FUND, "stages"), {})], "fund.stages", "is missing"),
    "stages of a part": ([((*STARTUP, "share"), 0.5)], "fund.stages", "the shares sum to 1.1"),
    "exits without a clock": ([((*STARTUP, "exit"), None)], "fund.stages.startup.exits", "exit is not"),
    "a clock without exits": ([((*STARTUP, "exits"), None)], "fund.stages.startup.exits", "is missing"),
    "exits of a part": ([((*STARTUP, "exits", 0, "probability"), 0.4)], "fund.stages.startup.exits",
                        "the probabilities sum to 0.9"),
    "an exit that brings nothing said": ([((*STARTUP, "exits", 1, "multiple"), None)],
                                         "fund.stages.startup.exits.1",
                                         "exactly one of multiple and buy_back"),
    "an exit that brings two things": ([((*STARTUP, "exits", 0, "multiple"), 2)],
                                       "fund.stages.startup.exits.0", "exactly one of multiple and buy_back"),
    "a law without spread": ([((*STARTUP, "exits", 1, "multiple", "cv"), 0)],
                             "fund.stages.startup.exits.1.multiple.cv", "more than 0"),
    "a clock that stands still": ([((*STARTUP, "exit", "scale"), 0)], "fund.stages.startup.exit.scale",
                                  "more than 0"),
    "a shape that is no shape": ([((*STARTUP, "failure", "shape"), 50)], "fund.stages.startup.failure.shape",
                                 "20"),
    "a buy-back beyond all": ([((*STARTUP, "exits", 0, "buy_back", "collectability"), 1.1)],
                              "fund.stages.startup.exits.0.buy_back.collectability", "1"),
    "a beta beyond all": ([((*FUND, "exit_beta"), 9)], "fund.exit_beta", "5"),
    "exits decided by the economy alone": ([((*FUND, "exit_rho"), 1)], "fund.exit_rho", "less than 1"),
    "no sector": ([((*FUND, "city_weight"), 0.5)], "fund.sector", "leaves weight to a sector"),
    "a sector fund without a sector": ([((*ENERGY, "sector"), None)], "energy.sector", "is missing"),
    "nothing said of the end": ([((*FUND, "liquidation_multiple"), None)], "fund.liquidation_multiple",
                                "is missing"),
    "a fee in per cent": ([((*FUND, "fee_rate"), 2)], "fund.fee_rate", "2"),
    # waterfall
    "carry first": ([((*FUND, "waterfall"), STEPS[1:])], "fund.waterfall.0.step", "is not contributions"),
    "steps out of order": ([((*FUND, "waterfall"), [STEPS[0], STEPS[3], STEPS[1]])], "fund.waterfall.2.step",
                           "hurdle can't come after carry"),
    "a step twice": ([((*FUND, "waterfall"), [STEPS[0], STEPS[1], STEPS[1], STEPS[3]])],
                     "fund.waterfall.2.step", "can't come after hurdle"),
    "another step": ([((*FUND, "waterfall", 1, "step"), "pref")], "fund.waterfall.1.step", "hurdle"),
    "a hurdle without a rate": ([((*FUND, "waterfall", 1, "rate"), None)], "fund.waterfall.1.rate",
                                "a step that is hurdle needs it"),
    "a carry without a share": ([((*FUND, "waterfall", 3, "share"), None)], "fund.waterfall.3.share",
                                "a step that is carry needs it"),
    "a share of the hurdle": ([((*FUND, "waterfall", 1, "share"), 0.5)], "fund.waterfall.1.share",
                              "does not belong to a step that is hurdle"),
    "all to the manager": ([((*FUND, "waterfall", 3, "share"), 1)], "fund.waterfall.3.share",
                           "leaves nothing to partners"),
    "a catch-up without carry": ([((*FUND, "waterfall"), STEPS[:3]), ((*FUND, "clawback"), None)],
                                 "fund.waterfall.2", "without a carry"),
    "a catch-up that never completes": ([((*FUND, "waterfall", 2, "share"), 0.2)], "fund.waterfall.2.share",
                                        "does not exceed the carry (0.2)"),
    # concession, local investment, tolerance
    "another concession": ([((*FUND, "concession", "mode"), "first_loss")], "fund.concession.mode",
                           "call_option"),
    "a share of nothing said": ([((*FUND, "concession", "share"), None)], "fund.concession.share",
                                "a concession that is excess_share needs it"),
    "an option without a benchmark": ([((*ENERGY, "concession", "benchmark"), None)],
                                      "energy.concession.benchmark", "is call_option needs it"),
    "an option after life": ([((*ENERGY, "concession", "years"), 8)], "energy.concession.years",
                             "after the fund's life"),
    "no local share": ([((*FUND, "reinvestment", "local_share"), None)], "fund.reinvestment.local_share",
                       "is missing"),
    "a loss beyond all": ([((*FUND, "tolerated_loss"), 1.5)], "fund.tolerated_loss", "1"),
    "another mark": ([((*FUND, "mark"), "market")], "fund.mark", "cost"),
    "years of no mode": ([((*FUND, "concession", "mode"), None)], "fund.concession.mode",
                         "write mode: excess_share"),
    "an option of no mode": ([((*ENERGY, "concession", "mode"), None)], "energy.concession.mode",
                             "write mode: call_option"),
    "a proportion for a multiple": ([((*FUND, "ratio"), "1:5")], "fund.ratio", "not a proportion; write 5"),
    "a proportion in Chinese": ([((*FUND, "ratio"), "1：5")], "fund.ratio", "not a proportion; write 5"),
    "a proportion in words": ([((*FUND, "ratio"), "1 比 2.5")], "fund.ratio", "write 2.5"),
    "a proportion the other way": ([((*FUND, "ratio"), "5:1")], "fund.ratio", "not text"),
    "a stage without a name": ([((*FUND, "stages"), [{"share": 1}])], "fund.stages", "not a list"),
}  # fmt: skip

WARNINGS: dict[str, Case] = {
    "raising from nobody": ([((*ALONE, "raising"), {"p_full": 1})], "alone.raising", "no social partners"),
    "a shortfall of nobody": ([((*ALONE, "call_shortfall"), 0.1)], "alone.call_shortfall",
                              "no social partners"),
    "first of nobody": ([((*ALONE, "government_first"), True)], "alone.government_first",
                        "no social partners"),
    "a rest of nothing": ([((*ENERGY, "raising", "mean"), 0.2)], "energy.raising.mean", "p_full is 1"),
    "a score of nothing": ([((*ENERGY, "raising", "rho"), 0.2)], "energy.raising.rho", "p_full is 1"),
    "a sector without weight": ([((*ENERGY, "city_weight"), 1)], "energy.sector", "city_weight is 1"),
    "a hurdle without carry": ([((*FUND, "waterfall"), STEPS[:2]), ((*FUND, "clawback"), None)],
                               "fund.waterfall.1", "partners take all"),
    "a catch-up without a hurdle": ([((*FUND, "waterfall"), [STEPS[0], *STEPS[2:]])], "fund.waterfall.1",
                                    "from the first yuan of profit"),
    "a clawback of nothing": ([((*ALONE, "clawback"), True)], "alone.clawback", "no carry to give back"),
    "years of no option": ([((*FUND, "concession", "years"), 3)], "fund.concession.years",
                           "not of a concession that is excess_share"),
    "a share of no concession": ([((*FUND, "concession", "mode"), "none")], "fund.concession.share",
                                 "not of a concession that is none"),
    "a mark of no option": ([((*FUND, "concession", "option_mark"), 1.5)], "fund.concession.option_mark",
                            "no stake is sold"),
    "a deal larger than the fund": ([((*ALONE, "opening"), 2000)], "alone.deals.mean",
                                    "exceeds the whole fund (2000 yuan)"),
    "a closing after the last deals": ([((*RAISING, "closings", 1, "month"), 48)],
                                       "fund.raising.closings.1.month", "comes after the investment period"),
    "a fee of a fifth": ([((*FUND, "fee_rate"), 0.2)], "fund.fee_rate", "is 20 % a year"),
    "a fee just above the usual": ([((*FUND, "fee_rate"), 0.031)], "fund.fee_rate", "is 3.1 % a year"),
    "fees that take all": ([((*FUND, "fund_cost"), 2e8)], "fund.fee_rate", "leaves nothing to invest"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_a_file_gets_wrong_is_reported_once_at_its_key_in_both_languages(
    tmp_path: Path, case: str
) -> None:
    changes, key, says = FAULTS[case]
    faults = faults_of(tmp_path, changed(*changes))
    is_reported(faults, key, says, warning=False)
    assert len([fault for fault in faults if not fault.warning]) == 1


@pytest.mark.parametrize("case", WARNINGS)
def test_what_does_nothing_is_warned_of(tmp_path: Path, case: str) -> None:
    changes, key, says = WARNINGS[case]
    faults = faults_of(tmp_path, changed(*changes))
    assert not [fault.text() for fault in faults if not fault.warning]
    is_reported(faults, key, says, warning=True)


def test_names_of_sectors_of_funds_are_checked_with_those_of_segments(tmp_path: Path) -> None:
    segment = {
        "sector": "Energy", "source": "assumption", "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": {"mean": 1e6},
    }  # fmt: skip
    faults = faults_of(tmp_path, {**changed(), "segments": {"plants": segment}})
    is_reported(faults, "energy.sector", "in upper and lower case only", warning=False)


def test_a_correlation_may_name_the_sector_of_a_fund_and_no_other(tmp_path: Path) -> None:
    pair = {"between": ["energy", "trade"], "correlation": 0.3}
    segment = {
        "sector": "trade", "source": "assumption", "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": {"mean": 1e6},
    }  # fmt: skip
    content = {**changed(), "segments": {"shops": segment}, "economy": {"sector_correlation": [pair]}}
    assert not [fault.text() for fault in faults_of(tmp_path, content) if not fault.warning]
    pair["between"] = ["enrgy", "trade"]
    is_reported(
        faults_of(tmp_path, content), "economy.sector_correlation.0.between.0", "did you mean energy?",
        warning=False,
    )  # fmt: skip


def test_a_sector_that_no_segment_has_is_warned_of_where_segments_have_some(tmp_path: Path) -> None:
    segment = {
        "sector": "energies", "source": "assumption", "pd": 0.03, "rho": 0.1, "lgd": 0.5,
        "loan": {"mean": 1e6},
    }  # fmt: skip
    near = {**changed(), "segments": {"plants": segment}}
    is_reported(faults_of(tmp_path, near), "energy.sector", "did you mean energies?", warning=True)
    far = {**changed(), "segments": {"plants": {**segment, "sector": "retail"}}}
    is_reported(faults_of(tmp_path, far), "energy.sector", "a sector of the segments (retail)", warning=True)
    same = {**changed(), "segments": {"plants": {**segment, "sector": "energy"}}}
    assert not [fault for fault in faults_of(tmp_path, same) if fault.key == "energy.sector"]
    weightless = {**changed(), "segments": {"plants": {**segment, "sector": "retail", "city_weight": 1}}}
    assert not [fault for fault in faults_of(tmp_path, weightless) if fault.key == "energy.sector"]


def test_a_sector_that_is_nearly_another_fund_s_is_warned_of(tmp_path: Path) -> None:
    other = {**GOOD["instruments"]["energy"], "sector": "enrgy"}
    faults = faults_of(tmp_path, changed((("instruments", "second"), other)))
    is_reported(faults, "second.sector", "did you mean energy?", warning=True)
    far = {**other, "sector": "culture"}
    assert faults_of(tmp_path, changed((("instruments", "second"), far))) == []


def test_a_proportion_with_spaces_breaks_yaml_and_is_answered_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    instrument = "instruments:\n  fund:\n    kind: guide_fund\n    ratio: 1 : 5\n"
    file.write_text(f"window: {{start: 2017-01, months: 36}}\n{instrument}", "utf-8")
    _, faults = check_scenario(file, kinds=KINDS)
    is_reported(list(faults), "fund.ratio", "a proportion, which YAML can't read; write 5", warning=False)
    assert not [fault for fault in faults if "quotes" in fault.fix and "write 5" not in fault.fix]
