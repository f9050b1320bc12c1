"""The frontier of two figures by hand: who dominates whom, and what the paths can't decide."""

import math

import numpy as np
import pytest

from fundsim.decide.measure import Measure
from fundsim.decide.measured import paired
from fundsim.decide.paired import Difference
from fundsim.decide.sweep.frontier import Goal, read_goals, standings
from fundsim.errors import UsageError
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.scenario import load

COST = Measure("mean", "", "scheme.fiscal_cost", "run_off", "yuan", ("cost",))
LENT = Measure("mean", "", "pool.lent", "run_off", "yuan", ("lent",))
BOTH_SMALL = Goal(COST, False), Goal(LENT, False)
CHEAP_AND_MUCH = Goal(COST, False), Goal(LENT, True)


def given(figures, errors=(0.1, 0.1)):
    """Return differences of given figures, each pair with the same standard errors."""

    def difference(measure, i, j):
        at = 0 if measure is COST else 1
        value, se = figures[j][at] - figures[i][at], errors[at]
        return Difference(value, se, (value - 1.96 * se, value + 1.96 * se))

    return difference


def said(goals, figures, errors=(0.1, 0.1)):
    places = standings(goals, range(len(figures)), given(figures, errors))
    return [(place.standing, place.by) for place in places.values()]


def test_of_cells_far_apart_those_that_none_improves_on_are_the_frontier():
    """(1, 9), (2, 5) and (6, 1) trade one for the other; (3, 6) is behind (2, 5), (7, 2) behind (6, 1)."""
    figures = [(1, 9), (2, 5), (3, 6), (6, 1), (7, 2)]
    assert said(BOTH_SMALL, figures) == [
        ("frontier", None), ("frontier", None), ("dominated", 1), ("frontier", None), ("dominated", 3),
    ]  # fmt: skip


def test_what_is_to_be_large_is_better_where_it_is_larger():
    """The same cells, with the second figure to be large: (1, 9) is best in both."""
    figures = [(1, 9), (2, 5), (3, 6), (6, 1)]
    assert said(CHEAP_AND_MUCH, figures) == [
        ("frontier", None), ("dominated", 0), ("dominated", 0), ("dominated", 0),
    ]  # fmt: skip


def test_a_difference_within_its_error_decides_nothing():
    """0.19 is within 1.96 × 0.1, 0.20 is not."""
    assert said(BOTH_SMALL, [(1.0, 5.0), (1.19, 5.1)]) == [("undecided", None), ("undecided", None)]
    assert said(BOTH_SMALL, [(1.0, 5.0), (1.20, 5.1)]) == [("frontier", None), ("dominated", 0)]


def test_a_cell_that_is_surely_better_in_one_must_be_no_worse_in_the_other():
    """The second is surely cheaper, and its other figure larger by less than its error."""
    assert said(BOTH_SMALL, [(3.0, 5.0), (1.0, 5.05)]) == [("undecided", None), ("frontier", None)]


def test_a_surely_cheaper_cell_with_the_same_other_figure_dominates():
    assert said(BOTH_SMALL, [(3.0, 5.0), (1.0, 5.0)]) == [("dominated", 1), ("frontier", None)]


def test_cells_that_no_path_distinguishes_do_not_count_against_each_other():
    assert said(BOTH_SMALL, [(1, 5), (1, 5), (4, 5)], errors=(0.0, 0.0)) == [
        ("frontier", None), ("frontier", None), ("dominated", 0),
    ]  # fmt: skip


def test_a_dominated_cell_is_named_after_one_on_the_frontier():
    """The first dominates the second too, but the third dominates the first."""
    assert said(BOTH_SMALL, [(2, 2), (3, 3), (1, 1)]) == [
        ("dominated", 2), ("dominated", 2), ("frontier", None),
    ]  # fmt: skip


def test_of_several_that_dominate_one_on_the_frontier_is_named_before_one_that_is_undecided():
    assert said(BOTH_SMALL, [(1, 5), (1.1, 5.05), (5, 1), (6, 6)]) == [
        ("undecided", None), ("undecided", None), ("frontier", None), ("dominated", 2),
    ]  # fmt: skip


def test_where_no_error_is_known_nothing_is_decided():
    nothing = Difference(1.0, math.nan, (math.nan, math.nan))
    places = standings(BOTH_SMALL, [0, 1], lambda *_: nothing)
    assert {place.standing for place in places.values()} == {"undecided"}


def test_errors_are_those_of_the_differences_path_by_path():
    """Costs of 0 … 99 have an error of 2.9; that of the difference, 0.5 on each path, is 0."""
    paths = np.arange(100.0)
    columns = [{"cost": paths, "lent": paths}, {"cost": paths + 0.5, "lent": paths}]
    places = standings(BOTH_SMALL, [0, 1], lambda m, i, j: paired(m, columns[i], columns[j]))
    assert [place.standing for place in places.values()] == ["frontier", "dominated"]
    shuffled = [columns[0], {"cost": (paths + 0.5)[::-1], "lent": paths[::-1]}]
    places = standings(BOTH_SMALL, [0, 1], lambda m, i, j: paired(m, shuffled[i], shuffled[j]))
    assert [place.standing for place in places.values()] == ["undecided", "undecided"]


@pytest.fixture(scope="module")
def plan():
    return Plan(lower(load("minimal", kinds=KINDS)))


def test_goals_are_small_unless_max_stands_before_them(plan):
    first, second = read_goals(["MAX  mean（pool.lent）", "P(pool.depleted)"], plan)
    assert (first.measure.measured, first.largest, first.text) == (
        "mean(pool.lent)", True, "max mean(pool.lent)",
    )  # fmt: skip
    assert (second.measure.measured, second.largest, second.text) == (
        "P(pool.depleted)", False, "P(pool.depleted)",
    )  # fmt: skip
    assert not read_goals(["min pool.lent", "pool.depleted"], plan)[0].largest


@pytest.mark.parametrize(
    ("texts", "english", "chinese"),
    [
        (
            ["P(pool.depleted)"],
            "frontier = 'P(pool.depleted)': two metrics are expected; write such as "
            "'mean(scheme.fiscal_cost)' 'P(pool.depleted)'",
            "frontier = 'P(pool.depleted)': 此处应为两个指标；请写如 "
            "'mean(scheme.fiscal_cost)' 'P(pool.depleted)'",
        ),
        (
            ["P(pool.depleted)", "max pool.depleted"],
            "frontier = 'P(pool.depleted), max pool.depleted': the same metric twice; name two different "
            "ones",
            "frontier = 'P(pool.depleted), max pool.depleted': 同一个指标写了两次；请写两个不同的指标",
        ),
        (
            ["P(pool.depleted)", "max P(pool.lent)"],
            "frontier = 'P(pool.lent)': pool.lent is no event, so it has no probability; write "
            "mean(pool.lent), q99(pool.lent) or es99(pool.lent)",
            "frontier = 'P(pool.lent)': pool.lent 不是事件，没有概率；请写 mean(pool.lent)、q99(pool.lent) "
            "或 es99(pool.lent)",
        ),
    ],
)
def test_goals_that_are_none_are_refused(plan, texts, english, chinese):
    with pytest.raises(UsageError) as caught:
        read_goals(texts, plan)
    assert caught.value.text() == english
    assert caught.value.text("zh") == chinese
