"""Where a range begins to meet the targets: brackets from a scan, narrowed on common random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fundsim.decide.paired import NORMAL_95
from fundsim.decide.size.judged import Verdict
from fundsim.decide.size.trials import Trials

__all__ = ["Crossing", "Level", "crossing"]

Level = Literal["possible", "met", "sure"]
"""From where on the targets may be met, are met by the figures, are surely met."""

LEVELS: dict[Level, float] = {"possible": -NORMAL_95, "met": 0.0, "sure": NORMAL_95}
"""At which score [standard errors] a level is reached, near enough to look there first."""
DECISIVE = 5.0
"""Errors from which on a verdict on fewer paths stands for one on more."""
EDGE = 0.01
"""A trial lies at least so far inside its bracket, as a part of it."""
BEYOND = 0.4
"""How far beyond the crossing that the scores say a trial lies, as a part of the tolerance."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a level is first reached, coming from the preferred end of the range."""

    value: float
    """The nearest value to the preferred end at which it is reached."""
    before: float | None
    """A value at which it is not, within the tolerance; None where the preferred end itself reaches it."""


def crossing(
    trials: Trials,
    grid: Sequence[float],
    level: Level,
    paths: int,
    tolerance: Callable[[float], float],
) -> Crossing | None:
    """Return where a level is first reached on so many paths; None where no value of the grid reaches it.

    Args:
        trials: the values of the key, simulated as they are asked for.
        grid: values over the range, the preferred end first; all have been simulated on some paths.
        level: what is looked for.
        paths: on how many paths; a verdict on fewer counts where it is far from the level.
        tolerance: how near to each other the two values must be, by the value.
    """
    search = _Search(trials, level, paths)
    first = search.first(grid)
    if first is None:
        return None
    if first == 0:
        return Crossing(grid[0], None)
    return search.narrow(grid[first - 1], grid[first], tolerance)


class _Search:
    def __init__(self, trials: Trials, level: Level, paths: int) -> None:
        self.trials = trials
        self.level: Level = level
        self.paths = paths

    def first(self, grid: Sequence[float]) -> int | None:
        """Return the position of the first value of the grid that reaches the level.

        Verdicts on fewer paths say where to look; what decides is simulated on all of them.
        """
        while True:
            reached = [self._reaches(self._best(value)) for value in grid]
            first = reached.index(True) if True in reached else None
            near = range(len(grid)) if first is None else range(max(0, first - 1), first + 1)
            doubtful = next((at for at in near if not self._stands(grid[at])), None)
            if doubtful is None:
                return first
            self.trials.verdict(grid[doubtful], self.paths)

    def narrow(self, outside: float, inside: float, tolerance: Callable[[float], float]) -> Crossing:
        """Return the crossing between two neighbours of the grid."""
        vary = self.trials.vary
        low, high = sorted((vary.place(outside), vary.place(inside)))
        for value in self._between(outside, inside):
            if low < vary.place(value) < high and self._stands(value):
                if self._reaches(self._best(value)):
                    inside = value
                    break  # in the order of preference: the first that reaches it
                outside = value
        widths = [math.inf, math.inf]
        while not self._is_narrow(outside, inside, tolerance):
            widths.append(abs(inside - outside))
            slow = widths[-1] > 0.5 * widths[-3]
            trial = self._trial(outside, inside, tolerance(inside), halve=slow)
            if trial in (outside, inside):
                break
            if self._reaches(self.trials.verdict(trial, self.paths)):
                inside = trial
            else:
                outside = trial
        return Crossing(inside, outside)

    def _between(self, outside: float, inside: float) -> list[float]:
        """Return the values that were simulated between two, from ``outside`` on."""
        low, high = sorted((outside, inside))
        found = [value for value in self.trials.values if low < value < high]
        return found if outside < inside else found[::-1]

    def _best(self, value: float) -> Verdict:
        known = self.trials.known(value)
        return self.trials.verdict(value, min(known, self.paths) if known else self.paths)

    def _reaches(self, verdict: Verdict) -> bool:
        return bool(getattr(verdict, self.level))

    def _stands(self, value: float) -> bool:
        """Return whether a value's verdict counts: on all paths, or far from the level on fewer."""
        known = self.trials.known(value)
        return known >= self.paths or (known > 0 and self._is_decisive(self._best(value)))

    def _is_decisive(self, verdict: Verdict) -> bool:
        return abs(verdict.score) >= DECISIVE and verdict.possible == verdict.sure

    def _is_narrow(self, outside: float, inside: float, tolerance: Callable[[float], float]) -> bool:
        if self.trials.vary.whole:
            return abs(inside - outside) <= 1.0
        return abs(inside - outside) <= tolerance(inside)

    def _trial(self, outside: float, inside: float, tolerance: float, *, halve: bool) -> float:
        """Return the next value to try: where the scores of both ends say, or the middle of the bracket.

        It lies a little beyond that, on the side of the farther end: if the scores are right, the bracket is
        then as narrow as it must be.
        """
        vary = self.trials.vary
        one, other = vary.place(outside), vary.place(inside)
        part = 0.5
        if not halve:
            scores = [self._scaled(value) for value in (outside, inside)]
            if all(map(math.isfinite, scores)) and scores[0] != scores[1]:
                part = (LEVELS[self.level] - scores[0]) / (scores[1] - scores[0])
                beyond = BEYOND * tolerance / abs(inside - outside)
                part += -beyond if part > 0.5 else beyond
        part = min(1.0 - EDGE, max(EDGE, part))
        trial = vary.at(one + part * (other - one))
        if vary.whole and trial in (outside, inside):
            trial = outside + math.copysign(1.0, inside - outside)
        return trial

    def _scaled(self, value: float) -> float:
        """Return a value's score as it would be on all paths."""
        verdict = self._best(value)
        return verdict.score * math.sqrt(self.paths / verdict.n) if verdict.n else -math.inf
