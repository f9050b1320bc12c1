"""Equity funds written as scenarios, run by both engines: money that adds up, and what must not change."""

from __future__ import annotations

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.reference import engine as reference
from fundsim.scheme.records import equity_record, party_record

PATHS = 40
POOL = {
    "kind": "compensation_pool", "opening": 1e7, "share": 0.5, "trigger": {"npl": True}, "claim_lag": 2,
    "borrowers": {"trade": 1}, "demand": {"yearly": [1e8, 1e8, 1e8]}, "recovery": {"lag_months": 150},
}  # fmt: skip
TRADE = {"city_weight": 1, "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": {"mean": 1e6}}
OPTION = {"mode": "call_option", "years": 3, "benchmark": 0.04, "option_mark": 1.3}


def guide_fund(**concession):
    scenario = fs.load("examples/guide_fund")
    return scenario.set("fund.concession", concession) if concession else scenario


def figures(scenario, engine="core", paths=PATHS):
    return fs.simulate(scenario, paths=paths, seed=6, metrics="*", engine=engine)


@pytest.mark.parametrize("make", [core, reference], ids=["core", "reference"])
@pytest.mark.parametrize("concession", [{}, OPTION], ids=["a share", "an option"])
def test_the_fiscal_cost_is_what_left_public_hands_less_what_is_expected_back(make, concession):
    """Custody starts empty, the city at 0: what both lack at the date, less government's expected part."""
    scheme = lower(guide_fund(**concession))
    names = (
        party_record("city", "balance"),
        party_record("fund.custody", "balance"),
        equity_record("fund", "expected_government"),
    )
    run = make(scheme, names).run(6, 0, 12)
    (cost,) = [m for m in scheme.metrics if m.name == "scheme.fiscal_cost"]
    by_engine = fs.simulate(
        guide_fund(**concession), paths=12, seed=6, metrics="*",
        engine="core" if make is core else "reference",
    )  # fmt: skip
    assert cost.differenced
    for month, horizon in ((35, "window"), (119, "run_off")):
        city, custody, expected = np.moveaxis(run.series[:, month], -1, 0)
        assert by_engine.values(f"scheme.fiscal_cost@{horizon}") == pytest.approx(
            -city - custody - expected, abs=0.01
        )
    at_end = run.series[:, -1]
    assert at_end[:, 1] == pytest.approx(np.zeros(12), abs=0.01)
    assert at_end[:, 2] == pytest.approx(np.zeros(12), abs=0.01)


@pytest.mark.parametrize("engine", ["core", "reference"])
def test_years_of_the_fiscal_cost_add_up_to_it(engine):
    run = figures(guide_fund(), engine, 12)
    years = [run.values(f"scheme.fiscal_cost.{year}") for year in range(2020, 2027)]
    years += [run.values(f"scheme.fiscal_cost.{year}@window") for year in range(2017, 2020)]
    assert np.sum(years, axis=0) == pytest.approx(run.values("scheme.fiscal_cost"), abs=0.01)


def test_a_share_of_the_gains_is_what_the_concession_costs_the_budget():
    """Path by path, and government's principal comes back on the same paths whatever share is ceded."""
    none, some, every = (
        figures(guide_fund(**one), paths=400)
        for one in ({"mode": "none"}, {"mode": "excess_share", "share": 0.3}, {"mode": "all_gains"})
    )
    back = none.values("fund.government.principal_back")
    for run in (some, every):
        difference = run.values("scheme.fiscal_cost") - none.values("scheme.fiscal_cost")
        assert difference == pytest.approx(run.values("fund.concession_cost"), abs=0.01)
        assert np.array_equal(run.values("fund.government.principal_back"), back, equal_nan=True)
        assert run.values("fund.dpi") == pytest.approx(none.values("fund.dpi"), rel=1e-12, nan_ok=True)
    assert some.values("fund.concession_cost").max() > 0.0


def test_what_buyers_of_the_stake_gain_is_what_the_budget_loses():
    """Path by path: without an option government would have had what the buyers had, less what they paid.

    Buyers' calls are not limited by custody, so where it never runs short the difference is exact.
    """
    none, sold = figures(guide_fund(mode="none"), paths=400), figures(guide_fund(**OPTION), paths=400)
    difference = sold.values("scheme.fiscal_cost") - none.values("scheme.fiscal_cost")
    assert sold.values("fund.stake_sold").mean() > 0.3
    assert difference == pytest.approx(sold.values("fund.concession_realised"), abs=0.01)
    assert sold.values("fund.idle_cash") == pytest.approx(np.zeros(400), abs=0.005)


def test_money_mobilised_is_no_more_than_the_plan_and_magnification_adds_government_s():
    run = figures(guide_fund())
    assert run.values("fund.mobilised_ratio_committed").max() <= 5.0 + 1e-9
    for ending in ("_committed", "", "_invested"):
        social, whole = (run.values(f"fund.{name}{ending}") for name in ("mobilised_ratio", "magnification"))
        own = run.values(f"fund.mobilised_ratio{ending}_own")
        paid = ~np.isnan(own)
        assert (whole - social)[paid] * own[paid] == pytest.approx(social[paid], rel=1e-9)
    assert np.all(run.values("fund.mobilised_ratio_invested") <= run.values("fund.mobilised_ratio") + 1e-9)
    assert np.all(run.values("fund.mobilised_ratio") <= run.values("fund.mobilised_ratio_committed") + 1e-9)


@pytest.mark.parametrize("engine", ["core", "reference"])
def test_a_fund_is_the_same_beside_a_pool_whose_recoveries_come_when_it_has_ended(engine):
    alone = figures(guide_fund(), engine, 12)
    scenario = guide_fund().set("segments", {"trade": TRADE}).set("instruments.pool", POOL)
    scheme = lower(scenario)
    assert scheme.window.total == 36 + 12 + 5 + 150
    beside = figures(scenario, engine, 12)
    for name in ("dpi", "government.irr", "treasury.irr", "social.tvpi", "mobilised_ratio", "idle_cash",
                 "government.irr_ambiguous", "loss_ratio", "carry", "set_up_month"):  # fmt: skip
        for horizon in ("window", "run_off"):
            got, want = (run.values(f"fund.{name}@{horizon}") for run in (beside, alone))
            assert np.array_equal(got, want, equal_nan=True), name
    assert "scheme.leverage_flow@run_off" in beside.column_keys
    lent, paid_in = beside.values("scheme.lent"), 1e7
    assert beside.values("scheme.leverage_flow") == pytest.approx(lent / paid_in)


def test_a_bad_time_for_the_pool_is_a_bad_time_for_the_fund():
    """Of 4,000 paths a correlation has an error of 1.6 points; −12 are expected."""
    scenario = fs.load("examples/sector_fund")
    run = figures(scenario, paths=4000)
    claims, back = (run.values(name) for name in ("pool.claims_paid", "fund.government.distributed"))
    assert np.corrcoef(claims, back)[0, 1] < -0.06
    worst = claims >= np.quantile(claims, 0.95)
    dpi = run.values("fund.government.dpi")
    assert np.nanmean(dpi[worst]) < np.nanmean(dpi) - 0.05


def test_a_path_is_traced_with_its_closings_calls_deals_exits_and_each_step_of_the_waterfall():
    scenario = guide_fund()
    raised = figures(scenario, paths=200)
    rich = int(np.argmax(raised.values("fund.carry")))
    traced = fs.trace(scenario, path=rich, seed=6)
    happened = {event.what for event in traced.happened}
    assert {
        "committed_social", "committed_government", "set_up_month", "n_deals", "n_exited", "n_failed",
        "to_contributions", "to_hurdle", "to_catch_up", "to_carry", "to_partners",
    } <= happened  # fmt: skip
    kinds = {row.kind for row in traced.rows}
    assert {"equity_call", "equity_fee", "equity_deal", "equity_exit", "equity_distribution", "equity_carry",
            "equity_concession", "equity_custody"} <= kinds  # fmt: skip
