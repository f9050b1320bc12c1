"""The textbook scenarios of equity funds have the answers that they state, by both engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

import fundsim as fs

ENGINES = pytest.mark.parametrize("engine", ["core", "reference"])

FULL, HALF = 1.0, 0.5
HURDLE = 1.08**5 - 1.0
WATERFALLS = {
    "less than the cost": (0.8, FULL, 0.8, 0.0),
    "within the hurdle": (1.2, FULL, 1.2, 0.0),
    "within the catch-up": (1.5, FULL, 1.0 + HURDLE, 0.5 - HURDLE),
    "beyond the catch-up": (2.0, FULL, 1.8, 0.2),
    "half a catch-up": (2.0, HALF, 1.8, 0.2),
}
"""Proceeds ÷ cost, share of the catch-up, DPI of partners, carry ÷ cost; the hurdle is 46.93 % of cost."""


@ENGINES
@pytest.mark.parametrize("case", WATERFALLS)
def test_a_waterfall_of_one_date_in_and_one_out_is_the_textbook_s(case, engine):
    multiple, catch_up, dpi, carry = WATERFALLS[case]
    scenario = fs.load("textbook/equity_waterfall")
    steps = [
        {"step": "contributions"}, {"step": "hurdle", "rate": 0.08},
        {"step": "catch_up", "share": catch_up}, {"step": "carry", "share": 0.2},
    ]  # fmt: skip
    scenario = scenario.set("fund.liquidation_multiple", multiple).set("fund.waterfall", steps)
    run = fs.simulate(scenario, paths=20, seed=4, metrics="*", engine=engine)
    called = run.values("fund.called")
    assert called.min() > 5e7
    assert run.values("fund.dpi") == pytest.approx(np.full(20, dpi), rel=1e-9)
    assert run.values("fund.carry") / called == pytest.approx(np.full(20, carry), abs=1e-9)
    assert run.values("fund.government.irr") == pytest.approx(np.full(20, dpi**0.2 - 1.0), abs=1e-9)
    # Deals come in the first month, while government's money was there from the start.
    assert run.values("fund.treasury.irr") == pytest.approx(np.full(20, dpi**0.2 - 1.0), abs=0.03)


@ENGINES
def test_at_half_way_the_hurdle_is_owed_on_what_is_not_back(engine):
    """After the twelve months of the window nothing is back: 1.08^(11/12) of the calls is owed."""
    run = fs.simulate(fs.load("textbook/equity_waterfall"), paths=5, seed=4, metrics="*", engine=engine)
    owed = run.values("fund.hurdle_owed@window") / run.values("fund.called@window")
    assert owed == pytest.approx(np.full(5, 1.08 ** (11 / 12)), rel=1e-9)


def test_exit_and_failure_are_competing_risks():
    """Of deals made at once the part (1/8²)/(1/6² + 1/8²) of what has ended in eight years has failed."""
    run = fs.simulate(fs.load("textbook/equity_clocks"), paths=1000, seed=4, metrics="*")
    deals = run.values("fund.deals").sum()
    ended = 1.0 - math.exp(-64.0 / 36.0 - 1.0)
    for name, probability in (("deals_failed", 0.36 * ended), ("deals_exited", 0.64 * ended)):
        share = run.values(f"fund.{name}").sum() / deals
        error = math.sqrt(probability * (1.0 - probability) / deals)
        assert share == pytest.approx(probability, abs=4.0 * error)
    assert run.values("fund.deals_liquidated").sum() / deals == pytest.approx(1.0 - ended, abs=0.01)


def test_the_number_of_deals_is_poisson_while_money_is_ample():
    """Mean and variance of 80 deals a path are cut only where all 100 % of the money is taken: here less."""
    scenario = fs.load("textbook/equity_clocks").set("fund.deployment", 0.5)
    deals = fs.simulate(scenario, paths=4000, seed=4, metrics=("fund.deals",)).values("fund.deals")
    assert deals.mean() == pytest.approx(40.0, abs=4.0 * math.sqrt(40.0 / 4000))
    assert deals.var() == pytest.approx(40.0, rel=0.1)
