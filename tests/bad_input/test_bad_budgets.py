"""Every rule of budgets, of what draws on them, and of targets is reported at its key in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.scenario import load
from fundsim.scheme.rules import check_scheme

from .budgets import GOOD, SPENDING
from .reported import Case, Change, faults_of, is_reported, with_changes

LEVELS, LINES, UNALLOCATED = (("budget", key) for key in ("levels", "lines", "unallocated"))
CENTRAL, CITY, COUNTIES = ((*LEVELS, name) for name in GOOD["budget"]["levels"])
SUPPORT, PROJECTS, SHARED = ((*LINES, name) for name in GOOD["budget"]["lines"])
TARGET = ("targets", "lent")
INSTRUMENTS = {name: ("instruments", name) for name in GOOD["instruments"]}
LOANS, POOL, INTEREST, LISTING, LADDER, GIANTS = list(INSTRUMENTS.values())[:6]
FOUNDED, FIRST, RENT, RUNNING, INCREMENTS = list(INSTRUMENTS.values())[6:]
RURAL, TIERS = (*INCREMENTS, "banks", "rural"), (*LADDER, "tiers")


def changed(*changes: Change) -> dict[str, Any]:
    """Return the good file with other values."""
    return with_changes(GOOD, *changes)


FEES = [((*INTEREST, "base"), "guarantee_fee"), ((*INTEREST, "ceiling"), None), ((*INTEREST, "floor"), None)]
PRINCIPAL = [((*INTEREST, "base"), "principal"), ((*INTEREST, "ceiling"), None), ((*INTEREST, "floor"), None)]

FAULTS: dict[str, Case] = {
    # levels
    "a level that pays more than all": ([((*CITY, "paid", "mean"), 1.2)], "budget.levels.city.paid.mean",
                                        "0 … 1"),
    "a spread that no law has": ([((*CITY, "paid", "sd"), 0.4)], "budget.levels.city.paid.sd",
                                 "no beta law with mean 0.9 has so large a standard deviation; write 0.2969"),
    "a share that only follows": ([((*CITY, "paid", "rho"), 1)], "budget.levels.city.paid.rho",
                                 "less than 1"),
    "a mean that is missing": ([((*CITY, "paid", "mean"), None)], "budget.levels.city.paid.mean",
                               "is missing"),
    "later than two years": ([((*CITY, "delay_months"), 25)], "budget.levels.city.delay_months",
                             "is more than 24 months; write 11 or less"),
    "neither lost nor due": ([((*CITY, "unpaid"), "later")], "budget.levels.city.unpaid", "next_year"),
    "an unknown level matched": ([((*COUNTIES, "matches"), "ciy")], "budget.levels.counties.matches",
                                 "there is no level ciy; did you mean city?"),
    "a level that matches itself": ([((*COUNTIES, "matches"), "counties")],
                                    "budget.levels.counties.matches", "is the level itself; name another"),
    "a level that matches one that matches": ([((*CENTRAL, "matches"), "counties")],
                                              "budget.levels.central.matches", "matches another; write city"),
    "a share beside matching": ([((*COUNTIES, "paid"), {"mean": 0.5})], "budget.levels.counties.paid",
                                "stands beside matches"),
    "a year of a level twice": ([((*CENTRAL, "amounts", 1, "year"), 2016)],
                                "budget.levels.central.amounts.1.year", "stands here for the second time"),
    "a year of a level outside": ([((*CENTRAL, "amounts", 1, "year"), 2019)],
                                  "budget.levels.central.amounts.1.year",
                                  "no budget year of the window (2016 … 2018)"),
    "no levels": ([(LEVELS, {})], "budget.levels", "at least 1 item"),
    # lines
    "no lines": ([(LINES, None)], "budget.lines", "is missing"),
    "a line without money": ([((*SUPPORT, "amounts"), [])], "budget.lines.support.amounts", "at least 1"),
    "a year of a line twice": ([((*SUPPORT, "amounts", 1, "year"), 2016)],
                               "budget.lines.support.amounts.1.year", "for the second time"),
    "a year of a line outside": ([((*SUPPORT, "amounts", 1, "year"), 2015)],
                                 "budget.lines.support.amounts.1.year", "no budget year"),
    "less than nothing": ([((*SUPPORT, "amounts", 0, "amount"), -1)],
                          "budget.lines.support.amounts.0.amount", "0"),
    "a share of an unknown level": ([((*PROJECTS, "shares"), {"city": 0.5, "counts": 0.5})],
                                    "budget.lines.projects.shares.counts", "did you mean counties?"),
    "shares of more than the whole": ([((*PROJECTS, "shares", "city"), 0.6)],
                                      "budget.lines.projects.shares", "sum to 1.1, not to 1"),
    "nobody who pays": ([((*CENTRAL, "amounts"), []), ((*CITY, "amounts"), []),
                         ((*SHARED, "shares"), {"city": 1}), ((*SUPPORT, "amounts", 1, "amount"), 0)],
                        "budget.lines.support.amounts.0", "it isn't said who pays"),
    "another order": ([((*SHARED, "order"), "prorata")], "budget.lines.shared.order", "pro_rata"),
    "another fate of what is left": ([((*SHARED, "unspent"), "kept")], "budget.lines.shared.unspent",
                                     "carry_over"),
    "a line called as a level": ([((*LINES, "city"), GOOD["budget"]["lines"]["projects"]),
                                  (PROJECTS, None), ((*RENT, "line"), "city")],
                                 "budget.lines.city", "a level has the same name"),
    "a line with the program's name": ([((*LINES, "all"), GOOD["budget"]["lines"]["projects"]),
                                        (PROJECTS, None), ((*RENT, "line"), "all")],
                                       "budget.lines.all", "the program itself uses the name all"),
    # the whole
    "uses beyond the sources": ([((*SHARED, "amounts", 1, "amount"), 6e7)], "budget.lines",
                                "in 2017 sources are 1亿 yuan and uses 1.1亿 yuan: 1000万 less"),
    "sources beyond the uses": ([(UNALLOCATED, [])], "budget.lines",
                                "in 2018 sources are 1亿 yuan and uses 9000万 yuan: 1000万 more; change an "
                                "amount, write unallocated, or a tolerance of 1000万"),
    "an unallocated year twice": ([(UNALLOCATED, [{"year": 2018, "amount": 5e6}] * 2)],
                                  "budget.unallocated.1.year", "for the second time"),
    "an unallocated year outside": ([((*UNALLOCATED, 0, "year"), 2019)], "budget.unallocated.0.year",
                                    "no budget year"),
    # what draws on a line
    **{
        f"no line for {name}": ([((*INSTRUMENTS[name], "line"), None)], f"{name}.line",
                                "it isn't said which line pays; write one of support, projects, shared")
        for name in ("pool", *SPENDING)
    },
    **{
        f"a misspelt line of {name}": ([((*INSTRUMENTS[name], "line"), "suport")], f"{name}.line",
                                       "there is no budget line suport; did you mean support?")
        for name in ("pool", *SPENDING)
    },
    "injections after acceptance": ([((*POOL, "line"), "projects")], "pool.line",
                                    "pays after the acceptance at a year's end"),
    **{
        f"no cap of {name} at all": ([((*INSTRUMENTS[name], key), 0)], f"{name}.{key}", "more than 0")
        for name, key in (("interest", "cap_year"), ("listing", "cap_year"), ("rent", "cap_total"),
                          ("increments", "cap_total"))
    },
    # subsidies
    "a subsidy of nothing": ([((*INTEREST, "of"), [])], "interest.of", "at least 1"),
    "a subsidy of an unknown instrument": ([((*INTEREST, "of"), ["lons"])], "interest.of.0",
                                           "no instrument that lends lons; did you mean loans?"),
    "a subsidy of what does not lend": ([((*INTEREST, "of"), ["rent"])], "interest.of.0",
                                        "there is no instrument that lends rent"),
    "a subsidy of loans twice": ([((*INTEREST, "of"), ["loans", "loans"])], "interest.of.1",
                                 "is named twice"),
    "a subsidy of unknown firms": ([((*INTEREST, "segments"), ["trad"])], "interest.segments.0",
                                   "did you mean trade?"),
    "a subsidy of firms twice": ([((*INTEREST, "segments"), ["trade", "trade"])], "interest.segments.1",
                                 "is named twice"),
    "a subsidy of firms that don't borrow": ([((*INTEREST, "of"), ["pool"]),
                                              ((*INTEREST, "segments"), ["founders"])],
                                             "interest.segments.0", "has no loans of pool"),
    "another base": ([((*INTEREST, "base"), "intrest")], "interest.base", "did you mean interest?"),
    "interest without a share": ([((*INTEREST, "share"), None)], "interest.share",
                                 "base interest is subsidised by a share"),
    "fees without a share": ([*FEES, ((*INTEREST, "share"), None)], "interest.share",
                             "base guarantee_fee is subsidised by a share"),
    "principal without a rate": ([*PRINCIPAL, ((*INTEREST, "share"), None)], "interest.rate",
                                 "base principal is subsidised by a rate"),
    "a share of nothing": ([((*INTEREST, "share"), 0)], "interest.share", "more than 0"),
    "a floor at the ceiling": ([((*INTEREST, "floor"), 0.05)], "interest.floor",
                               "reaches the ceiling (0.05)"),
    # awards
    "an award of nothing": ([((*LISTING, "amount"), 0)], "listing.amount", "more than 0"),
    "an award for nothing": ([((*LISTING, "happens"), None)], "listing",
                             "exactly one of happens, recognition, new_firms_of and loans_of; write one"),
    "an award for two things": ([((*LISTING, "loans_of"), ["loans"])], "listing", "keep one of them"),
    "a year without events": ([((*LISTING, "happens", "yearly"), [5, 6])], "listing.happens.yearly",
                              "has 2 numbers, and the window 3 budget years"),
    "more events than are drawn": ([((*LISTING, "happens", "yearly"), [5, 1201, 7])],
                                   "listing.happens.yearly.1", "more than 100 events a month"),
    "events of an unnamed sector": ([((*LISTING, "happens", "sector"), None)], "listing.happens.sector",
                                    "is missing, and city_weight 0.6"),
    "events of a sector in capitals": ([((*LISTING, "happens", "sector"), "Trade")],
                                       "listing.happens.sector", "in upper and lower case only; write trade"),
    "events that follow too much": ([((*LISTING, "happens", "beta"), 6)], "listing.happens.beta", "5"),
    "an unknown ladder": ([((*GIANTS, "recognition", "ladder"), "lader")], "giants.recognition.ladder",
                          "there is no firm_ladder lader; did you mean ladder?"),
    "a ladder that is none": ([((*GIANTS, "recognition", "ladder"), "loans")], "giants.recognition.ladder",
                              "there is no firm_ladder loans"),
    "an unknown tier": ([((*GIANTS, "recognition", "tier"), "gaint")], "giants.recognition.tier",
                        "there is no tier gaint; did you mean giant?"),
    "another moment": ([((*GIANTS, "recognition", "when"), "exit")], "giants.recognition.when", "renewal"),
    "new firms of nobody": ([((*FOUNDED, "new_firms_of"), "fouders")], "founded.new_firms_of",
                            "did you mean founders?"),
    "new firms where none are": ([((*FOUNDED, "new_firms_of"), "trade")], "founded.new_firms_of",
                                 "trade has no population"),
    "an award for unknown loans": ([((*FIRST, "loans_of"), ["lons"])], "first_loans.loans_of.0",
                                   "did you mean loans?"),
    "nobody who counts": ([((*FOUNDED, "resident_share"), 0)], "founded.resident_share", "more than 0"),
    **{
        f"a whole award {name} in proportion": ([((*INSTRUMENTS[name], "line"), "shared")], f"{name}.line",
                                                "an award is paid whole or not at all")
        for name in ("listing", "giants", "first_loans")
    },
    # ladders
    "a ladder without tiers": ([(TIERS, {}), (GIANTS, None), (("targets", "firms"), None)], "ladder.tiers",
                               "at least 1 item"),
    "a tier below a later one": ([((*TIERS, "special", "below"), "giant"),
                                  ((*TIERS, "giant", "below"), None)],
                                 "ladder.tiers.special.below", "stands after this tier"),
    "a tier below itself": ([((*TIERS, "giant", "below"), "giant")], "ladder.tiers.giant.below",
                            "or is this tier"),
    "a tier below an unknown one": ([((*TIERS, "giant", "below"), "specal")], "ladder.tiers.giant.below",
                                    "did you mean special?"),
    "a tier that all enter": ([((*TIERS, "giant", "rate"), 1)], "ladder.tiers.giant.rate", "less than 1"),
    "a tier without a start": ([((*TIERS, "giant", "opening"), None)], "ladder.tiers.giant.opening",
                               "is missing"),
    "a thirteenth month": ([((*LADDER, "recognition_month"), 13)], "ladder.recognition_month", "12"),
    "a ladder of an unnamed sector": ([((*LADDER, "sector"), None)], "ladder.sector", "is missing"),
    "two tiers alike": ([((*TIERS, "Giant"), {"opening": 1, "rate": 0.1})], "ladder.tiers.Giant",
                        "in upper and lower case only"),
    # expenses
    "an expense said twice": ([((*RENT, "annual"), 1e6)], "rent", "exactly one of payments and annual; keep"),
    "an expense not said": ([((*RENT, "payments"), None)], "rent",
                            "exactly one of payments and annual; write one of"),
    "an expense of nothing a year": ([((*RUNNING, "annual"), 0)], "running.annual", "more than 0"),
    "an expense outside": ([((*RENT, "payments", 0, "date"), "2019-01")], "rent.payments.0.date",
                           "outside the policy window"),
    # banks
    "compensation of nothing": ([((*INCREMENTS, "rate"), 0)], "increments.rate", "more than 0"),
    "compensation of no bank": ([((*INCREMENTS, "banks"), {})], "increments.banks", "at least 1 item"),
    "a loan under two banks": ([((*INCREMENTS, "banks", "other"),
                                 {"opening": 1e9, "instruments": ["loans"]})],
                               "increments.banks.other.instruments.0",
                               "loans stands under rural too: its increase would be compensated twice"),
    "a bank without a start": ([((*RURAL, "opening"), None)], "increments.banks.rural.opening", "is missing"),
    "a bank that lends nothing": ([((*RURAL, "instruments"), ["lons"])],
                                  "increments.banks.rural.instruments.0", "did you mean loans?"),
    "a bank's loans twice": ([((*RURAL, "instruments"), ["loans", "loans"])],
                             "increments.banks.rural.instruments.1", "is named twice"),
    "growth that only follows": ([((*RURAL, "rho"), 1)], "increments.banks.rural.rho",
                                 "less than 1"),
    **{
        f"a bank loan's {key}": ([((*LOANS, key), value)], f"loans.{key}", "nobody covers these loans")
        for key, value in (("trigger", {"npl": True}), ("claim_lag", 3))
    },
    # targets
    "a target without a bound": ([((*TARGET, "at_least"), None)], "targets.lent",
                                 "exactly one of at_least and at_most; write one"),
    "a target with two bounds": ([((*TARGET, "at_most"), 2e8)], "targets.lent", "keep one of the two"),
    "a target of an unknown metric": ([((*TARGET, "metric"), "loans.lnt")], "targets.lent.metric",
                                      "there is no metric loans.lnt; did you mean loans.lent?"),
    "a target of all paths together": (
        [((*TARGET, "metric"), "pool.claims_coverage_aggregate")], "targets.lent.metric",
        "is one figure of all paths, and a target is met or missed on each path"),
    "a target at an unknown date": ([((*TARGET, "metric"), "loans.lent@end")], "targets.lent.metric",
                                    "names no metric and date; write such as pool.lent"),
    "a target of no year": ([((*TARGET, "metric"), "loans.firms_reached.2017")], "targets.lent.metric",
                            "has no values by budget year; leave the year out"),
    "a target of a year outside": ([((*TARGET, "metric"), "loans.lent.2031")], "targets.lent.metric",
                                   "2031 is no budget year of the scenario; write a year of 2016 …"),
    "another heading": ([((*TARGET, "heading"), "outputs")], "targets.lent.heading", "did you mean output?"),
    "a part of a yuan": ([((*TARGET, "at_least"), "20%")], "targets.lent.at_least",
                         "0.2 is less than a yuan, and loans.lent is an amount"),
    "a part of an event": ([((*TARGET, "metric"), "pool.depleted"), ((*TARGET, "at_least"), 0.5)],
                           "targets.lent.at_least", "write at_most: 0 or at_least: 1"),
    "a bound in words": ([((*TARGET, "at_least"), "much")], "targets.lent.at_least", "36.7亿"),
}  # fmt: skip

WARNINGS: dict[str, Case] = {
    "a fixed share that follows": ([((*CITY, "paid", "sd"), 0)], "budget.levels.city.paid.rho",
                                   "sd is 0: the share is fixed"),
    "all is paid and the rest comes later": ([((*CITY, "paid"), None)], "budget.levels.city.unpaid",
                                             "has no effect: all is paid"),
    "a match that says what is left": ([((*COUNTIES, "unpaid"), "next_year")],
                                       "budget.levels.counties.unpaid", "has no effect: city says it"),
    "a tolerance that is no rounding": ([(("budget", "tolerance"), 1e7)], "budget.tolerance",
                                        "is more than 1% of a year's sources"),
    "a line of nothing that is drawn on": (
        [((*SUPPORT, "amounts", 0, "amount"), 0), ((*SUPPORT, "amounts", 1, "amount"), 0),
         (UNALLOCATED, [{"year": 2016, "amount": 5e7}, {"year": 2017, "amount": 5e7},
                        {"year": 2018, "amount": 1e7}])],
        "budget.lines.support.amounts", "are 0 in every year, and instruments draw on this line"),
    "money after the window": ([((*CITY, "delay_months"), 12)], "budget.levels.city.delay_months",
                               "money of 2018 comes after the window then, and is lost; write 11 or less"),
    "money of two years after the window": (
        [((*CITY, "delay_months"), 24)], "budget.levels.city.delay_months",
        "money of 2017 and 2018 comes after the window then, and is lost; write 11 or less"),
    "a level that no line names": ([((*LEVELS, "province"), {})], "budget.levels.province",
                                   "no line is paid by this level"),
    "a match that no line names": ([((*PROJECTS, "shares"), None)], "budget.levels.counties",
                                   "no line is paid by this level"),
    "a level asked for more than it gives": (
        [((*SUPPORT, "shares"), {"central": 1})], "budget.levels.central",
        "gives 4000万 yuan in 2016, and lines are to have 5800万 yuan of it"),
    "a line on which nothing draws": ([(RENT, None)], "budget.lines.projects", "nothing draws on this line"),
    "a line from which nothing comes": ([((*POOL, "injections"), None), ((*POOL, "opening"), 1e7)],
                                        "pool.line", "nothing is drawn from it"),
    "a yearly cap above that in all": ([((*INTEREST, "cap_year"), 3e6)], "interest.cap_year",
                                       "has no effect: the cap in all (200万 yuan) is smaller"),
    "a rate of interest": ([((*INTEREST, "rate"), 0.01)], "interest.rate",
                           "has no effect: base is interest"),
    "a share of principal": ([*PRINCIPAL, ((*INTEREST, "rate"), 0.01)], "interest.share",
                             "has no effect: base is principal"),
    "a ceiling of fees": ([*FEES[:1], FEES[2]], "interest.ceiling", "has no effect: base is guarantee_fee"),
    "a floor of fees": ([*FEES[:2]], "interest.floor", "has no effect: base is guarantee_fee"),
    "fees that are none": (FEES, "interest", "pays nothing: firms pay no fee or premium on these loans"),
    "a floor at the loans' rate": ([((*INTEREST, "ceiling"), None), ((*INTEREST, "floor"), 0.06)],
                                   "interest", "its floor is no less than the rate of these loans"),
    "a sector beside the whole city": ([((*LISTING, "happens", "city_weight"), 1)],
                                       "listing.happens.sector", "city_weight is 1"),
    "a sector that moves nothing": ([((*LISTING, "happens", "beta"), 0)], "listing.happens.sector",
                                    "beta is 0; leave it out, and city_weight too"),
    "nobody to enter": ([((*LADDER, "candidates"), 0)], "ladder.candidates", "is 0, so nobody enters"),
    "candidates of no tier": ([((*TIERS, "special", "rate"), 0)], "ladder.candidates",
                              "no tier takes firms from outside"),
    "a ladder's sector beside the whole city": ([((*LADDER, "city_weight"), 1)], "ladder.sector",
                                                "city_weight is 1"),
    "growth that can't follow": ([((*RURAL, "sd"), 0)], "increments.banks.rural.rho", "sd is 0"),
}  # fmt: skip


def test_the_good_file_is_sound(tmp_path: Path) -> None:
    assert [fault.text() for fault in faults_of(tmp_path, GOOD)] == []


@pytest.mark.parametrize("case", FAULTS)
def test_what_a_file_gets_wrong_is_reported_once_at_its_key_in_both_languages(
    tmp_path: Path, case: str
) -> None:
    changes, key, says = FAULTS[case]
    faults = faults_of(tmp_path, changed(*changes))
    is_reported(faults, key, says, warning=False)
    assert len([fault for fault in faults if not fault.warning]) == 1, "\n".join(map(str, faults))


@pytest.mark.parametrize("case", WARNINGS)
def test_what_does_nothing_is_warned_of_and_runs(tmp_path: Path, case: str) -> None:
    changes, key, says = WARNINGS[case]
    faults = faults_of(tmp_path, changed(*changes))
    assert not [fault.text() for fault in faults if not fault.warning]
    is_reported(faults, key, says, warning=True)
    check_scheme(lower(load(tmp_path / "equity.yaml", kinds=KINDS)))


def test_without_a_budget_no_line_can_be_named(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, changed((("budget",), None), (("targets", "spent"), None)))
    for name in ("pool", *SPENDING):
        is_reported(faults, f"{name}.line", "there is no budget, so there are no lines", warning=False)
    assert len(faults) == len(SPENDING) + 1


def test_amounts_that_differ_by_the_tolerance_are_equal(tmp_path: Path) -> None:
    more = ((*SHARED, "amounts", 1, "amount"), 5e7 + 1e5)
    assert not faults_of(tmp_path, changed(more, (("budget", "tolerance"), 1e5)))
    faults = faults_of(tmp_path, changed(more, (("budget", "tolerance"), 99999)))
    is_reported(faults, "budget.lines", "10万 less", warning=False)


@pytest.mark.parametrize("name", SPENDING)
def test_each_that_pays_from_a_line_does_so_after_acceptance_too(tmp_path: Path, name: str) -> None:
    content = changed(((*INSTRUMENTS[name], "line"), "projects"))
    assert not [fault.text() for fault in faults_of(tmp_path, content) if not fault.warning]


@pytest.mark.parametrize("name", ["trade", "parks"])
def test_events_may_have_a_sector_of_their_own(tmp_path: Path, name: str) -> None:
    """No firm that borrows is in it, and its factor is drawn all the same."""
    content = changed(
        ((*LISTING, "happens", "sector"), name),
        (("economy",), {"sector_correlation": [{"between": ["trade", name], "correlation": 0.3}]}),
    )  # fmt: skip
    if name == "trade":
        del content["economy"]
    assert faults_of(tmp_path, content) == []
    scheme = lower(load(tmp_path / "equity.yaml", kinds=KINDS))
    check_scheme(scheme)
    assert scheme.economy.sectors == tuple(sorted({"trade", name}))


def test_a_scenario_of_awards_alone_has_a_cost_and_runs(tmp_path: Path) -> None:
    award = {key: value for key, value in GOOD["instruments"]["listing"].items() if key != "line"}
    assert faults_of(tmp_path, {"window": GOOD["window"], "instruments": {"listing": award}}) == []
    scheme = lower(load(tmp_path / "equity.yaml", kinds=KINDS))
    check_scheme(scheme)
    assert {"scheme.fiscal_cost", "scheme.fiscal_outlay"} <= {metric.name for metric in scheme.metrics}
