"""Every rule of short firms and bridge funds that a file can break is reported at its key, with a fix."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.lowering import review
from fundsim.scenario import check_scenario

LENDING = {"source": "assumption", "trigger": {"npl": True}, "recovery": {"lag_months": 12}}
GOOD: dict[str, Any] = {
    "window": {"start": "2015-01", "months": 24},
    "segments": {
        "trade": {
            "source": "assumption", "city_weight": 1, "pd": 0.03, "rho": 0.1, "lgd": 0.5,
            "loan": {"mean": 3e6}, "short": 0.2, "short_rho": 0.1, "default_if_unserved": 0.1,
            "demand_trend": 0.9, "private_fee_per_day": 0.001,
            "private_days": {"law": "lognormal", "mean": 10, "cv": 0.5}, "pd_includes_liquidity": True,
        },
    },
    "instruments": {
        "pool": {
            "kind": "compensation_pool", **LENDING, "opening": 1e7, "share": 0.5, "borrowers": {"trade": 1},
            "demand": {"yearly": [1e8, 1e8]},
        },
        "margins": {
            "kind": "county_margin", **LENDING, "share": 0.5, "borrowers": {"trade": 1},
            "demand": {"yearly": [1e8, 1e8]}, "counties": {"east": {"match": 1, "amount": 1e7}},
        },
        "fund": {
            "kind": "bridge_fund", "source": "assumption", "serves": ["pool"], "opening": 2e7,
            "days": {"law": "exponential", "mean": 10}, "longest_days": 30, "fee_free_days": 1,
            "fee": [{"to_days": 5, "per_day": 0.0002}, {"per_day": 0.0004}], "not_renewed": 0.02,
            "not_renewed_rho": 0.1, "lgd": 0.3, "recovery_lag": 12, "own_money_max": 0.5,
            "cap_per_firm": 2e6, "breaker": {"threshold": 0.4}, "month_end": {"days": 5, "times": 3},
        },
        "design": {
            "kind": "bridge_fund", "source": "assumption", "opening": 2e7,
            "days": {"law": "fixed", "mean": 10},
            "requests": {"per_day": 2, "sizes": [{"amount": 2e6, "weight": 1}, {"amount": 5e6, "weight": 1}]},
        },
    },
}  # fmt: skip
"""Two funds, one with all that a fund can have, and one with requests of its own."""

TRADE, FUND, DESIGN = ("segments", "trade"), ("instruments", "fund"), ("instruments", "design")


def changed(*changes: tuple[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return the good file with other values; None takes a key away."""
    content = copy.deepcopy(GOOD)
    for path, value in changes:
        block = content
        for step in path[:-1]:
            block = block[step]
        block.pop(path[-1], None)
        if value is not None:
            block[path[-1]] = value
    return content


def faults_of(folder: Path, content: dict[str, Any]) -> list[Fault]:
    """Return all that is reported of a file, by its terms and by its lowering."""
    file = folder / "bridge.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    scenario, faults = check_scenario(file, kinds=KINDS)
    return [*faults, *(review(scenario) if scenario is not None else ())]


def test_the_good_file_is_sound(tmp_path: Path) -> None:
    assert [fault.text() for fault in faults_of(tmp_path, GOOD)] == []


FAULTS: dict[str, tuple[list[tuple[tuple[str, ...], Any]], str, str]] = {
    # short firms
    "nothing said of the unserved": ([((*TRADE, "default_if_unserved"), None)],
                                     "trade.default_if_unserved", "20 % of the firms are short"),
    "short firms that amortise": ([((*TRADE, "loan"), {"mean": 3e6, "repayment": "annuity"})],
                                  "trade.short", "only the last instalment is due"),
    "short firms of a static economy": ([(("economy",), {"step": "static"})],
                                        "trade.short", "must be 0 in a static economy"),
    "liquidity of nobody": ([((*TRADE, "short"), None)],
                            "trade.pd_includes_liquidity", "is true, and no firm is short"),
    "nothing left of the PD": ([((*TRADE, "short"), 0.5)],
                               "trade.pd_includes_liquidity", "nothing is left of it"),
    "a trend of nothing": ([((*TRADE, "demand_trend"), 0)], "trade.demand_trend", "more than 0"),
    "all of the variance": ([((*TRADE, "short_rho"), 1)], "trade.short_rho", "less than 1"),
    "private days of nobody's law": ([((*TRADE, "private_days"), None)],
                                     "trade.private_days", "no bridge fund serves margins.east"),
    # laws of days
    "no mean": ([((*FUND, "days"), {"law": "exponential"})], "fund.days.mean", "is missing"),
    "no cv": ([((*TRADE, "private_days"), {"law": "lognormal", "mean": 9})],
              "trade.private_days.cv", "a law that is lognormal needs it"),
    "no values": ([((*FUND, "days"), {"law": "empirical"})], "fund.days.values", "is missing"),
    "a cv of a fixed law": ([((*FUND, "days"), {"law": "fixed", "mean": 9, "cv": 1})],
                            "fund.days.cv", "does not belong to a law that is fixed"),
    "no weight": ([((*FUND, "days"), {"law": "empirical", "values": [{"days": 3, "weight": 0}]})],
                  "fund.days.values", "its weights are all 0"),
    "another law": ([((*FUND, "days"), {"law": "gamma", "mean": 9})], "fund.days.law", "lognormal"),
    "no days": ([((*FUND, "days", "mean"), 0)], "fund.days.mean", "more than 0"),
    "weeks": ([((*FUND, "days", "mean"), "2 weeks")], "fund.days.mean", "a number of days"),
    "endless uses": ([((*FUND, "longest_days"), None), ((*FUND, "days"), {"law": "exponential",
                     "mean": 3000})],
                     "fund.days", "longer than can be followed"),
    # whom it serves
    "nobody": ([((*FUND, "serves"), None)], "fund", "exactly one of serves and requests"),
    "both": ([((*DESIGN, "serves"), ["margins"])], "design", "exactly one of serves and requests"),
    "an unknown instrument": ([((*FUND, "serves"), ["pol"])], "fund.serves.0", "did you mean pool?"),
    "an unknown county": ([((*FUND, "serves"), ["margins.eats"])], "fund.serves.0",
                          "did you mean margins.east?"),
    "a fund that lends to no firm": ([((*FUND, "serves"), ["design"])], "fund.serves.0",
                                     "there is no instrument that lends design"),
    "an instrument twice": ([((*FUND, "serves"), ["pool", "pool"])], "fund.serves.1", "by this fund already"),
    "a county and all": ([((*FUND, "serves"), ["margins", "margins.east"])], "fund.serves.1",
                         "margins.east is"),
    "two funds": ([((*DESIGN, "requests"), None), ((*DESIGN, "serves"), ["pool"])],
                  "design.serves.0", "by another bridge fund"),
    "loans that amortise": (
        [((*TRADE, "loan"), {"mean": 3e6, "repayment": "linear"}), ((*TRADE, "short"), 0),
         ((*TRADE, "pd_includes_liquidity"), None)],
        "fund.serves.0", "so that little falls due at once"),
    # money
    "a top-up": ([((*FUND, "top_up"), {"below": 1, "to": 2})], "fund.top_up",
                 "whenever its money is lent out"),
    "an injection after the window": ([((*FUND, "injections"), [{"date": "2017-01", "amount": 1e6}])],
                                      "fund.injections.0.date", "outside the policy window"),
    "firms that can't pay the rest": ([((*FUND, "own_money_max"), 0.1), ((*FUND, "share_financed"), 0.8)],
                                      "fund.own_money_max", "none can ask"),
    "nothing financed": ([((*FUND, "share_financed"), 0)], "fund.share_financed", "more than 0"),
    # queue, fee, broken promises
    "another queue": ([((*FUND, "queue"), "lifo")], "fund.queue", "fifo"),
    "tiers that fall": ([((*FUND, "fee"), [{"to_days": 5, "per_day": 0}, {"to_days": 5, "per_day": 0.1},
                                           {"per_day": 0.1}])],
                        "fund.fee.1.to_days", "does not lie after the end of the tier before it (5)"),
    "an end of the last tier": ([((*FUND, "fee"), [{"to_days": 5, "per_day": 0.1}])],
                                "fund.fee.0.to_days", "is the end of the last tier"),
    "a tier without an end": ([((*FUND, "fee"), [{"per_day": 0.1}, {"per_day": 0.2}])],
                              "fund.fee.0.to_days", "only the last tier has no end"),
    "no loss": ([((*FUND, "lgd"), None)], "fund.lgd", "is missing"),
    "no lag": ([((*FUND, "recovery_lag"), None)], "fund.recovery_lag", "is missing"),
    "recovered at once": ([((*FUND, "recovery_lag"), 0)], "fund.recovery_lag", "at least 1"),
    "a breaker that never lifts": ([((*FUND, "breaker"), {"threshold": 0.4, "reset": 0.4})],
                                   "fund.breaker.reset", "does not lie below the threshold"),
    "a run-off shorter than the wait": ([(("window", "run_off"), 1), ((*FUND, "deadline_days"), 45)],
                                        "fund.deadline_days", "write a window.run_off of 2 or more"),
    "sizes that fall": ([((*FUND, "report_sizes"), [2e6, 1e6])], "fund.report_sizes.1", "does not lie above"),
    "a month of forty days": ([((*FUND, "month_end", "days"), 40)], "fund.month_end.days", "30"),
    "a multiple of nothing": ([((*FUND, "evergreening"), 0)], "fund.evergreening", "more than 0"),
    # requests of its own
    "an amount twice": ([((*DESIGN, "requests", "sizes"), [{"amount": 1e6}, {"amount": 1e6}])],
                        "design.requests.sizes.1.amount", "is there twice"),
    "no weights": ([((*DESIGN, "requests", "sizes"), [{"amount": 1e6, "weight": 0}])],
                   "design.requests.sizes", "its weights are all 0"),
    "no requests": ([((*DESIGN, "requests", "per_day"), 0)], "design.requests.per_day", "more than 0"),
    "eleven months": ([((*DESIGN, "requests", "seasonality"), [1] * 11)],
                      "design.requests.seasonality", "twelve weights"),
}  # fmt: skip

WARNINGS: dict[str, tuple[list[tuple[tuple[str, ...], Any]], str, str]] = {
    "a trend of one year": ([(("window", "months"), 12),
                             (("instruments", "pool", "demand"), {"yearly": [1e8]}),
                             (("instruments", "margins", "demand"), {"yearly": [1e8]})],
                            "trade.demand_trend", "one policy year"),
    "fees of nobody": ([((*TRADE, "default_if_unserved"), 1), ((*TRADE, "pd_includes_liquidity"), None)],
                       "trade.private_fee_per_day", "every firm that is not served defaults"),
    "days without a fee": ([((*TRADE, "private_fee_per_day"), None)],
                           "trade.private_days", "a private bridge costs nothing"),
    "liquidity without defaults": ([((*TRADE, "default_if_unserved"), 0)],
                                   "trade.pd_includes_liquidity", "no short firm defaults"),
    "all are short": ([((*TRADE, "short"), 1), ((*TRADE, "demand_trend"), None),
                       ((*TRADE, "pd_includes_liquidity"), None)],
                      "trade.short_rho", "all firms are, whatever the economy"),
    "a fund for nobody": ([((*TRADE, "short"), 0), ((*TRADE, "pd_includes_liquidity"), None)],
                          "fund.serves.0", "none of the firms of pool is ever short"),
    "no money": ([((*FUND, "opening"), None)], "fund.opening", "give opening or injections"),
    "a limit without effect": ([((*FUND, "days"), {"law": "fixed", "mean": 10})],
                               "fund.longest_days", "no use is longer"),
    "ends of quarters like other days": ([((*FUND, "month_end"), {"days": 5, "times": 1})],
                                         "fund.month_end", "as on any other day"),
    "money of firms": ([((*FUND, "cap_per_firm"), None)], "fund.own_money_max", "every loan in whole"),
    "promises all broken": ([((*FUND, "not_renewed"), 1)], "fund.not_renewed_rho", "whatever the economy"),
    "a part of no loan": ([((*DESIGN, "share_financed"), 0.8)], "design.share_financed",
                          "belong to no loans"),
    "the risk of no loan": ([((*DESIGN, "evergreening"), 2)], "design.evergreening", "belong to no loans"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_a_file_gets_wrong_is_reported_at_its_key_in_both_languages(tmp_path: Path, case: str) -> None:
    changes, key, says = FAULTS[case]
    _is_reported(faults_of(tmp_path, changed(*changes)), key, says, warning=False)


@pytest.mark.parametrize("case", WARNINGS)
def test_what_does_nothing_is_warned_of(tmp_path: Path, case: str) -> None:
    changes, key, says = WARNINGS[case]
    faults = faults_of(tmp_path, changed(*changes))
    assert not [fault.text() for fault in faults if not fault.warning]
    _is_reported(faults, key, says, warning=True)


def _is_reported(faults: list[Fault], key: str, says: str, *, warning: bool) -> None:
    reported = [f for f in faults if f.warning == warning and f.key == key and says in f.text()]
    assert len(reported) == 1, "\n".join(fault.text() for fault in faults)
    assert reported[0].line > 1
    for text in (reported[0].problem_zh, reported[0].fix_zh):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("key", ["short_rho", "default_if_unserved", "demand_trend", "private_fee_per_day",
                                 "private_days"])  # fmt: skip
def test_terms_of_short_firms_do_nothing_where_there_are_none(tmp_path: Path, key: str) -> None:
    content = changed(((*TRADE, "short"), 0), ((*TRADE, "pd_includes_liquidity"), None))
    _is_reported(faults_of(tmp_path, content), f"trade.{key}", "no firm is short", warning=True)


@pytest.mark.parametrize("key", ["lgd", "recovery_lag", "not_renewed_rho", "breaker"])
def test_terms_of_broken_promises_do_nothing_where_all_are_kept(tmp_path: Path, key: str) -> None:
    content = changed(((*FUND, "not_renewed"), 0))
    _is_reported(faults_of(tmp_path, content), f"fund.{key}", "the bank always lends again", warning=True)


@pytest.mark.parametrize("key", ["fee_free_days", "recapitalise", "running_cost_share"])
def test_terms_of_fees_do_nothing_where_there_are_none(tmp_path: Path, key: str) -> None:
    value = {"recapitalise": True}.get(key, 0.5)
    content = changed(((*FUND, "fee"), None), ((*FUND, key), value))
    _is_reported(faults_of(tmp_path, content), f"fund.{key}", "the fund charges no fee", warning=True)


def test_a_multiple_of_the_pd_that_no_law_of_losses_bears_is_refused_at_its_key(tmp_path: Path) -> None:
    wide = {"mean": 0.5, "sd": 0.4, "factor_correlation": 0.8}
    others = ((*TRADE, "lgd"), wide), ((*TRADE, "pd_includes_liquidity"), None)
    assert not [fault.text() for fault in faults_of(tmp_path, changed(*others)) if not fault.warning]
    faults = faults_of(tmp_path, changed(*others, ((*FUND, "evergreening"), 0.1)))
    _is_reported(faults, "fund.evergreening", "of loans of trade with 0.1 × the PD", warning=False)


def test_evergreening_is_refused_with_a_tape_whose_loans_have_pds_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "loans.csv").write_text("principal,segment,months_left\n3000000,trade,5\n", "utf-8")
    tape = (("instruments", "pool", "opening_stock"), {"tape": "loans.csv"})
    assert not [fault.text() for fault in faults_of(tmp_path, changed(tape)) if not fault.warning]
    faults = faults_of(tmp_path, changed(tape, ((*FUND, "evergreening"), 2)))
    _is_reported(faults, "fund.evergreening", "has a PD of its own", warning=False)


def test_a_queue_that_can_not_be_followed_is_refused(tmp_path: Path) -> None:
    crowd = (((*DESIGN, "requests"), {"per_day": 1000, "sizes": [{"amount": 2e6}]}),)
    assert not [fault.text() for fault in faults_of(tmp_path, changed(*crowd)) if not fault.warning]
    faults = faults_of(tmp_path, changed(*crowd, ((*DESIGN, "deadline_days"), 100)))
    _is_reported(faults, "design.deadline_days", "lets 100,000 requests wait at once", warning=False)
