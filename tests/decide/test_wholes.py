"""Shares of one whole move together, so that a draw of one of them can be run."""

import pytest

import fundsim as fs
from fundsim.decide.wholes import Whole, completed, wholes_of
from fundsim.scenario.assumptions import assumptions

STARTUP, GROWTH = (f"instruments.fund.stages.{name}.share" for name in ("startup", "growth"))


@pytest.fixture(scope="module")
def fund():
    return fs.load("examples/guide_fund")


def test_shares_that_sum_to_one_and_must_are_a_whole(fund):
    assert wholes_of(fund, assumptions(fund)) == (Whole(((STARTUP, 0.4), (GROWTH, 0.6))),)


def test_numbers_that_happen_to_sum_to_one_are_none():
    scenario = fs.load(
        "minimal",
        {
            "small_firms.renew": {"value": 0.75, "low": 0.5, "high": 0.9, "source": "assumption"},
            "small_firms.maturity_share": 0.25,
        },
    )
    assert wholes_of(scenario, assumptions(scenario)) == ()


def test_a_touched_whole_is_divided_by_its_sum():
    whole = Whole((("a", 0.5), ("b", 0.3), ("c", 0.2)))
    assert dict(completed([("a", 0.75), ("x", 7.0)], [whole])) == pytest.approx(
        {"a": 0.6, "x": 7.0, "b": 0.24, "c": 0.16}
    )
    assert completed([("x", 7.0)], [whole]) == (("x", 7.0),)
    assert completed([("a", 0.0), ("b", 0.0), ("c", 0.0)], [whole]) == (("a", 0.0), ("b", 0.0), ("c", 0.0))


def test_a_fund_with_stages_in_doubt_can_be_drawn_and_moved(fund):
    found = fs.doubt(fund, draws=20, paths=20, threads=1)
    torn = fs.tornado(fund, paths=20, threads=1)
    faults = [fault.key for error in found.refused.values() for fault in error.faults]
    assert not [key for key in faults if "stages" in key]
    moved = torn.table[torn.table.assumption.str.contains("stages")]
    assert len(moved) >= 4
    assert moved.fault.isna().all()
