"""The frontier of two figures: the cells of a sweep that no other improves on, as far as paths decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fundsim.arguments import refused
from fundsim.decide.measure import FULL_WIDTH, Measure, read_measure
from fundsim.decide.paired import Difference
from fundsim.results.plan import Plan

__all__ = ["Frontier", "Goal", "Place", "Standing", "read_goals", "standings"]

Standing = Literal["frontier", "dominated", "undecided"]
Pair = tuple[Difference, Difference]
WANTED = {"max": True, "min": False}


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is to be small, or large."""

    measure: Measure
    largest: bool

    @property
    def text(self) -> str:
        """The goal as it is written."""
        return f"max {self.measure.measured}" if self.largest else self.measure.measured


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands."""

    standing: Standing
    by: int | None = None
    """A cell that dominates it."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """Two goals, and where each cell stands; None of one that has not both figures."""

    goals: tuple[Goal, Goal]
    places: tuple[Place | None, ...]

    def cells(self, standing: Standing) -> tuple[int, ...]:
        """Return the cells of a standing."""
        return tuple(i for i, p in enumerate(self.places) if p is not None and p.standing == standing)


def read_goals(texts: Sequence[str], plan: Plan) -> tuple[Goal, Goal]:
    """Read the two goals of a frontier, such as ``max mean(pool.lent)`` and ``P(pool.depleted)``.

    Args:
        texts: two figures; each is to be small unless ``max`` stands before it.
        plan: all that the scenario reports.

    Raises:
        UsageError: they are not two, can't be read, or are the same figure twice.
    """
    if len(texts) != 2:
        raise refused("frontier", ", ".join(texts), (
            "two metrics are expected", "write such as 'mean(scheme.fiscal_cost)' 'P(pool.depleted)'",
            "此处应为两个指标", "请写如 'mean(scheme.fiscal_cost)' 'P(pool.depleted)'",
        ))  # fmt: skip
    first, second = (_goal(text, plan) for text in texts)
    if first.measure == second.measure:
        raise refused("frontier", ", ".join(texts), (
            "the same metric twice", "name two different ones", "同一个指标写了两次", "请写两个不同的指标",
        ))  # fmt: skip
    return first, second


def _goal(text: str, plan: Plan) -> Goal:
    word, *rest = text.translate(FULL_WIDTH).split(maxsplit=1) or [""]
    if rest and word.lower() in WANTED:
        return Goal(read_measure(rest[0], plan, called="frontier"), WANTED[word.lower()])
    return Goal(read_measure(text, plan, called="frontier"), False)


def standings(
    goals: tuple[Goal, Goal], cells: Sequence[int], difference: Callable[[Measure, int, int], Difference]
) -> dict[int, Place]:
    """Return where each cell stands.

    A figure of cell j is *surely* better than that of i if the 95 % interval of the paired difference lies
    on the better side in whole.  j dominates i if both of its values are at least as good and one is surely
    better.  i is on the frontier if each other cell is surely worse in one of the figures, or the same as i
    on every path.  What is neither is undecided.

    Args:
        goals: what is to be small or large.
        cells: the cells that have both figures, in order.
        difference: returns a figure of the third argument's cell less that of the second's.
    """
    worse: dict[tuple[int, int], Pair] = {}
    for at, i in enumerate(cells):
        for j in cells[at + 1 :]:
            pair = tuple(_as_loss(goal, difference(goal.measure, i, j)) for goal in goals)
            worse[i, j] = pair[0], pair[1]
            worse[j, i] = _turned(pair[0]), _turned(pair[1])
    dominating = {i: [j for j in cells if j != i and _dominates(worse[i, j])] for i in cells}
    found: dict[int, Place] = {}
    for i in cells:
        if not dominating[i]:
            clear = all(_excluded(worse[i, j]) for j in cells if j != i)
            found[i] = Place("frontier" if clear else "undecided")
    for i in cells:
        if dominating[i]:
            found[i] = Place("dominated", min(dominating[i], key=lambda j: _rank(found.get(j), j)))
    return {i: found[i] for i in cells}


def _rank(place: Place | None, cell: int) -> tuple[int, int]:
    """Return the order in which a dominating cell is named: one on the frontier first."""
    if place is None or place.standing == "dominated":
        return 2, cell
    return (0 if place.standing == "frontier" else 1), cell


def _as_loss(goal: Goal, difference: Difference) -> Difference:
    """Return a difference that is positive where the figure is worse."""
    return _turned(difference) if goal.largest else difference


def _turned(difference: Difference) -> Difference:
    low, high = difference.ci95
    return Difference(-difference.value, difference.se, (-high, -low))


def _dominates(pair: Pair) -> bool:
    """Return whether a cell with these losses is at least as good in both and surely better in one."""
    return all(one.value <= 0.0 for one in pair) and any(one.ci95[1] < 0.0 for one in pair)


def _excluded(pair: Pair) -> bool:
    """Return whether a cell with these losses is surely worse in one, or no path distinguishes it."""
    same = all(one.value == 0.0 and one.se == 0.0 for one in pair)
    return same or any(one.ci95[0] > 0.0 for one in pair)
