"""The textbook scenarios of equity funds have the answers that they state, by both engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.reference import engine as reference
from fundsim.scheme.records import equity_record

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


ROWS = (
    (25.0, 0.0, 25.0),
    (25.0, 0.3203615057112258, 52.929638494288774),
    (25.0, 1.8690778593295723, 82.94141363921673),
    (12.5, 6.012384407274883, 100.21141300504001),
    (6.25, 12.690172483950512, 106.79872421174468),
    (3.125, 21.333863846695532, 102.47369451257595),
    (1.5625, 30.094201368511815, 87.26357343069898),
    (0.78125, 35.78353891584108, 63.60554906084876),
    (0.390625, 35.01278104412153, 37.252114394637566),
    (0.1953125, 26.685556026201006, 15.60464573973944),
    (0.09765625, 14.186032645151059, 3.5448732907545057),
    (0.048828125, 4.005706818552591, 0.048828125),
)
"""Contribution, distribution and net asset value of each year, of 100 committed."""


@pytest.mark.parametrize("engine", [core, reference], ids=["core", "reference"])
def test_pacing_by_rates_has_the_twelve_rows_to_every_digit(engine):
    names = [equity_record("fund", what) for what in ("called_government", "distributed_government", "nav")]
    block = engine(lower(fs.load("textbook/equity_pacing")), tuple(names)).run(4, 0, 1)
    called, distributed, nav = (block.series[0, :, column] / 1e6 for column in range(3))
    ends = np.arange(11, 144, 12)
    for year, (contribution, distribution, value) in enumerate(ROWS):
        month = ends[year]
        assert called[month] - called[month - 1] == pytest.approx(contribution, abs=1e-9)
        assert distributed[month] - distributed[month - 1] == pytest.approx(distribution, abs=1e-9)
        assert nav[month] == pytest.approx(value, abs=1e-9)
    for amounts in (called, distributed):
        assert np.isin(np.flatnonzero(np.diff(amounts, prepend=0.0)), ends).all()  # nothing moves in between
