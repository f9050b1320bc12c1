"""Short firms: what is left of the PD, the law of sizes, and the seasons of an opening stock, by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import fundsim as fs
from fundsim.errors import ScenarioError
from fundsim.lowering import lower, review
from fundsim.lowering.size_bands import Lognormal, capped_moments
from fundsim.lowering.solved import solved_values

WAN = 1e4
SHORT = {"default_if_unserved": 0.1, "short": 0.2}
"""Two in a hundred loans a year default for lack of a bridge, of loans of twelve months."""


def segment_of(**changes):
    scenario = fs.load("minimal")
    for key, value in changes.items():
        scenario = scenario.set(f"small_firms.{key}", value)
    return lower(scenario).segments[0]


def test_a_segment_without_short_firms_lowers_as_ever():
    segment = segment_of()
    assert segment.shortage is None
    assert segment.sizes is None
    assert segment.pd_annual == 0.03


def test_terms_of_short_firms_become_their_shortage():
    segment = segment_of(
        **SHORT,
        short_rho=0.1,
        demand_trend=0.9,
        private_fee_per_day="0.1%",
        private_days={"law": "empirical", "values": [{"days": 20, "weight": 1}, {"days": 5, "weight": 3}]},
    )
    shortage = segment.shortage
    assert (shortage.probability, shortage.rho, shortage.trend) == (0.2, 0.1, 0.9)
    assert (shortage.default_if_unserved, shortage.private_fee_per_day) == (0.1, 0.001)
    assert shortage.private_days.days == (5.0, 20.0)
    assert shortage.private_days.probabilities == (0.75, 0.25)
    assert math.isinf(shortage.private_days.longest)


@pytest.mark.parametrize(("months", "pd"), [(12, 0.03), (24, 0.03), (6, 0.08)])
def test_a_pd_that_includes_liquidity_loses_it_over_the_term(months, pd):
    """Over n months P = 1 − (1 − p)^(n/12); (P − s d) ÷ (1 − s d) is left, and restated by the year."""
    segment = segment_of(**SHORT, **{"loan.term_months": months}, pd=pd, pd_includes_liquidity=True)
    of_term = 1 - (1 - pd) ** (months / 12)
    left = (of_term - 0.02) / (1 - 0.02)
    assert segment.pd_annual == pytest.approx(1 - (1 - left) ** (12 / months), rel=1e-12)
    without = segment_of(**{"loan.term_months": months}, pd=segment.pd_annual)
    assert segment.threshold == pytest.approx(without.threshold, rel=1e-12)
    assert segment.rho == pytest.approx(without.rho, rel=1e-12)


def test_the_law_of_losses_is_solved_for_the_pd_that_is_left():
    lgd = {"mean": 0.5, "sd": 0.2, "factor_correlation": 0.3}
    segment = segment_of(**SHORT, lgd=lgd, pd_includes_liquidity=True)
    assert segment.lgd == segment_of(lgd=lgd, pd=segment.pd_annual).lgd
    assert segment.lgd != segment_of(lgd=lgd).lgd


def test_total_liquidity_and_rest_are_printed():
    scenario = fs.load("minimal")
    for key, value in {**SHORT, "pd_includes_liquidity": True}.items():
        scenario = scenario.set(f"small_firms.{key}", value)
    printed = [(s.stated, s.solved) for s in solved_values(scenario) if "yearly PD in all" in s.meaning]
    assert printed == [pytest.approx((0.03, 0.02)), pytest.approx((0.03, 0.01 / 0.98))]


@pytest.mark.parametrize("short", [0.3, 0.5])
def test_a_pd_of_which_nothing_is_left_is_refused_at_its_key(short):
    scenario = fs.load("minimal").set("small_firms.default_if_unserved", 0.1).set("small_firms.short", short)
    scenario = scenario.set("small_firms.pd_includes_liquidity", True)
    (fault,) = review(scenario)
    assert fault.key == "small_firms.pd_includes_liquidity"
    assert "nothing is left" in fault.problem
    assert "less than 0.03" in fault.fix


TAPED = """\
window: {start: 2015-01, months: 12}
economy: {step: year, persistence: 0}
segments:
  trade:
    {pd: 3%, rho: 0.1, city_weight: 1, lgd: 0.5, loan: {mean: 300万}, short: 0.2, default_if_unserved: 0.1,
     pd_includes_liquidity: true}
instruments:
  pool:
    {kind: compensation_pool, opening: 1000万, share: 0.5, trigger: {npl: true}, borrowers: {trade: 1},
     demand: {yearly: [0]}, opening_stock: {tape: loans.csv}}
"""


def taped(folder: Path, *rows: str) -> fs.Scenario:
    (folder / "loans.csv").write_text("\n".join(["segment,principal,months_left,pd", *rows, ""]), "utf-8")
    (folder / "taped.yaml").write_text(TAPED, "utf-8")
    return fs.load(folder / "taped.yaml")


def test_each_loan_of_a_tape_loses_the_liquidity_part_of_its_own_pd(tmp_path):
    scheme = lower(taped(tmp_path, "trade,300万,6,5%", "trade,300万,6,"))
    assert list(scheme.facilities[0].tape.pd_annual) == pytest.approx([0.03 / 0.98, 0.01 / 0.98], rel=1e-12)


def test_a_loan_of_a_tape_of_which_nothing_is_left_is_named_by_its_row(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        taped(tmp_path, "trade,300万,6,5%", "trade,300万,6,2%")
    assert "loans.csv:3 has a pd of 0.02" in str(caught.value)
    assert "nothing is left" in str(caught.value)


def test_the_law_of_sizes_is_that_of_which_the_bands_are_the_quadrature():
    loan = {"mean": 100 * WAN, "cv": 0.8, "cap": 500 * WAN, "bands": 4}
    segment = segment_of(**SHORT, loan=loan)
    law = Lognormal(segment.sizes.mu, segment.sizes.sigma)
    moments = capped_moments(law, segment.sizes.cap, 5)
    for order, moment in enumerate(moments):
        bands = math.fsum(b.probability * b.principal**order for b in segment.bands)
        assert bands == pytest.approx(moment, rel=1e-6), order


@pytest.mark.parametrize("loan", [{"mean": WAN}, {"mean": WAN, "cv": 0.5, "bands": 1}])
def test_loans_of_one_size_have_no_law_of_sizes(loan):
    assert segment_of(**SHORT, loan=loan).sizes is None


def test_firms_that_are_never_short_have_no_law_of_sizes():
    assert segment_of(loan={"mean": 100 * WAN, "cv": 0.8, "cap": 500 * WAN}).sizes is None


def opening(demand, start="2015-03", **loan):
    scenario = fs.load("minimal").set("window.start", start).set("small_firms.loan", {"mean": WAN, **loan})
    scenario = scenario.set("pool.demand", demand).set("pool.opening_stock", {"loans": 1200})
    return {o.months_left: o.n_loans for o in lower(scenario).facilities[0].opening}


YEARLY = {"yearly": [1e8, 1e8, 1e8]}


def test_an_opening_stock_has_the_seasons_of_the_demand():
    """In March 2015 a loan with r of 12 months left was granted r − 13 months before: r = 12 in February."""
    weights = [0, 0, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0]  # March and June
    assert opening({**YEARLY, "seasonality": weights}) == {1: 900, 4: 300}


def test_loans_of_two_years_see_each_month_twice():
    weights = [1] + [0] * 11  # January
    assert opening({**YEARLY, "seasonality": weights}, term_months=24) == {11: 600, 23: 600}


def test_without_a_season_in_their_months_loans_are_spread_evenly():
    weights = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]  # July; loans of three months date from December on
    assert opening({**YEARLY, "seasonality": weights}, term_months=3) == {1: 400, 2: 400, 3: 400}


def test_equal_seasons_and_none_are_the_same():
    assert opening({**YEARLY, "seasonality": [2.0] * 12}) == opening(YEARLY)


def test_a_stated_number_of_months_left_has_no_seasons():
    scenario = fs.load("minimal").set("pool.opening_stock", {"loans": 10, "months_left": 3})
    scenario = scenario.set("pool.demand", {**YEARLY, "seasonality": [1] + [0] * 11})
    assert [(o.months_left, o.n_loans) for o in lower(scenario).facilities[0].opening] == [(3, 10)]


def test_private_bridges_need_days_where_no_fund_serves():
    scenario = fs.load("minimal").set("small_firms.default_if_unserved", 0.1).set("small_firms.short", 0.2)
    scenario = scenario.set("small_firms.private_fee_per_day", "0.1%")
    (fault,) = review(scenario)
    assert fault.key == "small_firms.private_days"
    fund = {"kind": "bridge_fund", "serves": ["pool"], "opening": 1e7, "days": {"law": "fixed", "mean": 7}}
    scenario = scenario.set("instruments.fund", fund)
    assert not [f for f in review(scenario) if not f.warning]
