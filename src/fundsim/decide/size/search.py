"""One reading of a size: scan, bracket, growing paths, the interval, and what the scan says of the shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fundsim.decide.paired import NORMAL_95
from fundsim.decide.size.crossing import Crossing, crossing
from fundsim.decide.size.judged import Verdict, least_paths
from fundsim.decide.size.shape import is_monotone
from fundsim.decide.size.trials import Trials

__all__ = ["SCAN", "Found", "Outcome", "Point", "glance", "search"]

Outcome = Literal["found", "every", "none", "edge", "unresolved"]
"""``found``: the targets begin to be met inside the range; ``every``: each value meets them; ``none``: none
does; ``edge``: the preferred end meets them, and others don't; ``unresolved``: no value is surely on either
side of them.  Values at which a figure has no value on any path are left out: they neither meet nor miss."""

SCAN = 9
FLAT = 16_384
"""Paths from which on a figure that is within its error of the bound everywhere is called flat."""
PART = 0.1
"""How narrow brackets are made, as a part of the half-width that is asked for."""
SPARE = 1.3
"""Paths are grown by so much more than the width says."""
MOST_ROUNDS = 4
LEAST_GROWTH, MOST_GROWTH = 1.2, 16.0
SURELY = 3.0
"""Errors by which a value beyond the answer must miss a target to be said to miss it."""
APART = 1.5
"""Errors by which scores must differ to say how fast a figure moves."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value that was tried, on all of its paths."""

    value: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found."""

    outcome: Outcome
    value: float
    """The answer; the preferred edge where every value does; the best value reached where none does."""
    low: float | None
    """Lower end of the 95 % interval of Monte Carlo error; None where the range ends first."""
    high: float | None
    verdict: Verdict
    """The figures at the value, on the paths of the search."""
    paths: int
    """Paths for each value near the answer."""
    precise: bool
    """Whether the interval is as narrow as asked for."""
    points: tuple[Point, ...]
    """All values tried, in ascending order."""
    scanned: tuple[float, ...]
    """Those of them that the scan tried."""
    unique: bool
    """Whether no value beyond the answer surely misses the targets."""
    missed: float | None
    """The value farthest beyond the answer that surely misses them; None where the answer is unique."""
    again: float | None
    """The value from which on all that were tried meet them; None where there is none, or no miss."""
    monotone: bool
    """Whether no figure surely rises in one part of the range and falls in another."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Where the three levels are reached on so many paths."""

    paths: int
    met: Crossing | None
    possible: Crossing | None = None
    sure: Crossing | None = None

    @property
    def half(self) -> float | None:
        """Half of the interval; None where the range ends first."""
        if self.met is None or self.sure is None or self.possible is None or self.possible.before is None:
            return None
        return 0.5 * abs(self.sure.value - self.possible.before)

    def is_precise(self, precision: float, *, whole: bool) -> bool:
        """Return whether the interval is narrow enough; of whole numbers, two neighbours at most."""
        if self.half is None or self.met is None:
            return False
        return self.half <= max(precision * abs(self.met.value), 0.5 if whole else 0.0)


def search(
    trials: Trials, grid: Sequence[float], *, largest: bool, precision: float, ladder: Sequence[int]
) -> Found:
    """Find the smallest value, or the largest, that meets all targets.

    Args:
        trials: the values of the key.
        grid: the values of the scan in ascending order; the scenario is sound at all of them.
        largest: whether the largest value is wanted.
        precision: half of the answer's interval must not be wider than this part of the answer.
        ladder: numbers of paths to be simulated one after the other, the scan's first.
    """
    ordered = _ordered(trials, grid, largest, ladder[0])
    if not ordered:
        return _nothing(trials, grid, ladder[0])
    tolerance = _tolerance(PART * precision, ordered)
    coarse = _tolerance(precision, ordered)
    met = crossing(trials, ordered, "met", ladder[0], coarse)
    look = _Look(ladder[0], met)
    wanted = _wanted_at_first(trials, look, precision)
    while True:
        paths = next((n for n in ladder if n >= wanted), ladder[-1])
        trials.effort.expect(8 * max(0, paths - look.paths))
        look = _look(trials, ordered, paths, tolerance)
        wanted = _wanted(trials, ordered, look, precision)
        if wanted <= paths or paths == ladder[-1]:
            return _found(trials, ordered, look, precision, grid)


def _ordered(trials: Trials, grid: Sequence[float], largest: bool, paths: int) -> tuple[float, ...]:
    """Return the values of a scan at which the figures have a value, the preferred end first."""
    having = tuple(value for value in grid if not trials.verdict(value, paths).empty)
    return tuple(reversed(having)) if largest else having


def _nothing(trials: Trials, grid: Sequence[float], paths: int) -> Found:
    """Return that no value is known to meet the targets: their figures have a value at none."""
    return Found(
        outcome="none",
        value=grid[0],
        low=None,
        high=None,
        verdict=trials.verdict(grid[0], paths),
        paths=paths,
        precise=True,
        points=tuple(Point(v, _latest(trials, v)) for v in trials.values),
        scanned=tuple(sorted(grid)),
        unique=True,
        missed=None,
        again=None,
        monotone=True,
    )


def _look(trials: Trials, ordered: Sequence[float], paths: int, tolerance: Callable[[float], float]) -> _Look:
    """Find the three levels on so many paths.

    What one search tries may be nearer to the preferred end than what another has found, because whole loans
    make figures step up and down in small: the searches are then repeated over all that was tried.
    """
    look = _Look(paths, None)
    for _ in range(MOST_ROUNDS):
        over = _standing(trials, ordered, paths)
        met = crossing(trials, over, "met", paths, tolerance)
        if met is None:
            return _Look(paths, None)
        possible = crossing(trials, over, "possible", paths, tolerance)
        before, look = look, _Look(paths, met, possible, crossing(trials, over, "sure", paths, tolerance))
        if look == before or len(_standing(trials, ordered, paths)) == len(over):
            break
    return look


def _standing(trials: Trials, ordered: Sequence[float], paths: int) -> tuple[float, ...]:
    """Return the values of the scan and all that were tried on so many paths, the preferred end first."""
    known = (value for value in trials.values if trials.known(value) >= paths)
    tried = (value for value in known if not _latest(trials, value).empty)
    return tuple(sorted({*ordered, *tried}, reverse=ordered[0] > ordered[-1]))


def glance(
    trials: Trials, grid: Sequence[float], *, largest: bool, precision: float, ladder: Sequence[int]
) -> Found:
    """Find the same on the last of few paths, with an interval that the scores around the answer say.

    Args:
        trials: the values of the key.
        grid: the values of the scan in ascending order; the scenario is sound at all of them.
        largest: whether the largest value is wanted.
        precision: how near the answer is narrowed, as a part of itself.
        ladder: numbers of paths; the scan's first, the answer's last.
    """
    ordered = _ordered(trials, grid, largest, ladder[0])
    if not ordered:
        return _nothing(trials, grid, ladder[0])
    met = crossing(trials, ordered, "met", ladder[-1], _tolerance(precision, ordered))
    found = _found(trials, ordered, _Look(ladder[-1], met), precision, grid)
    half = None if met is None else _half_by_scores(trials, met, ladder[-1])
    if found.outcome != "found" or half is None:
        return found
    low, high = max(min(ordered), found.value - half), min(max(ordered), found.value + half)
    return replace(found, low=low, high=high)


def _tolerance(part: float, ordered: Sequence[float]) -> Callable[[float], float]:
    least = 1e-6 * abs(ordered[-1] - ordered[0])
    return lambda value: max(least, part * abs(value))


def _wanted_at_first(trials: Trials, look: _Look, precision: float) -> float:
    """Return the paths that the scan and a first bracket call for."""
    met = look.met
    if met is None or met.before is None:
        return look.paths
    half = _half_by_scores(trials, met, look.paths)
    if half is None or not met.value:
        return look.paths
    growth = SPARE * (half / (precision * abs(met.value))) ** 2
    return look.paths * min(MOST_GROWTH, growth)


def _half_by_scores(trials: Trials, met: Crossing, paths: int) -> float | None:
    """Return half the interval that the scores around a crossing say on so many paths."""
    points = [(v, trials.latest(v)) for v in trials.values]
    scored = [(v, j.score * math.sqrt(paths / j.n)) for v, j in points if j is not None and j.n]
    at = next(i for i, (v, _) in enumerate(scored) if v == met.value)
    below, above = at, at
    while abs(scored[above][1] - scored[below][1]) < APART:
        if below == 0 and above == len(scored) - 1:
            return None
        below, above = max(0, below - 1), min(len(scored) - 1, above + 1)
    (low, one), (high, other) = scored[below], scored[above]
    return NORMAL_95 * (high - low) / abs(other - one)


def _wanted(trials: Trials, ordered: Sequence[float], look: _Look, precision: float) -> float:
    """Return how many paths would do; no more than there were if these do."""
    for_errors = _paths_for_errors(trials)
    if look.paths < for_errors <= trials.ladder[-1]:
        return for_errors
    if look.met is None:
        # A value that may meet the targets might do so on more paths.
        return 4 * look.paths if any(_latest(trials, v).possible for v in ordered) else look.paths
    if look.met.before is None:
        sure = _latest(trials, look.met.value).sure
        never = look.paths >= FLAT and any(target.never_sure for target in trials.targets)
        return look.paths if sure or never else 4 * look.paths
    half = look.half
    if half is None:
        return 4 * look.paths if look.paths < FLAT else look.paths
    if look.is_precise(precision, whole=trials.vary.whole):
        return look.paths
    growth = SPARE * (half / (precision * abs(look.met.value))) ** 2 if look.met.value else MOST_GROWTH
    return look.paths * min(MOST_GROWTH, max(LEAST_GROWTH, growth))


def _paths_for_errors(trials: Trials) -> int:
    """Return from how many paths on the errors of all figures are known."""
    return max(least_paths(t) if t.figure in ("shortfall", "unexpected") else 0 for t in trials.targets)


def _latest(trials: Trials, value: float) -> Verdict:
    found = trials.latest(value)
    if found is None:
        raise ValueError(f"{value} was not simulated")
    return found


def _found(
    trials: Trials, ordered: Sequence[float], look: _Look, precision: float, grid: Sequence[float]
) -> Found:
    outcome, value = _outcome(trials, ordered, look)
    low = high = None
    if outcome in ("found", "unresolved") and look.possible is not None:
        near, far = look.possible.before, None if look.sure is None else look.sure.value
        low, high = (near, far) if ordered[0] < ordered[-1] else (far, near)
    missed, again = _misses(trials, ordered, value) if outcome in ("found", "unresolved") else (None, None)
    known = trials.known(value)
    return Found(
        outcome=outcome,
        value=value,
        low=low,
        high=high,
        verdict=trials.verdict(value, min(known, look.paths)),
        paths=look.paths,
        precise=outcome not in ("found", "unresolved") or look.is_precise(precision, whole=trials.vary.whole),
        points=tuple(Point(v, _latest(trials, v)) for v in trials.values),
        scanned=tuple(sorted(grid)),
        unique=missed is None,
        missed=missed,
        again=again,
        monotone=is_monotone(trials, tuple(sorted(ordered))),
    )


def _misses(trials: Trials, ordered: Sequence[float], answer: float) -> tuple[float | None, float | None]:
    """Return the last value beyond the answer that surely misses the targets, and from where on none does."""
    rising = ordered[0] <= ordered[-1]
    tried = (v for v in trials.values if (v > answer if rising else v < answer))
    beyond = [v for v in sorted(tried, reverse=not rising) if not _latest(trials, v).empty]
    missing = [v for v in beyond if _latest(trials, v).score <= -SURELY]
    if not missing:
        return None, None
    last = max(at for at, v in enumerate(beyond) if not _latest(trials, v).met)
    return missing[-1], beyond[last + 1] if last + 1 < len(beyond) else None


def _outcome(trials: Trials, ordered: Sequence[float], look: _Look) -> tuple[Outcome, float]:
    if look.met is None:
        best = max(ordered, key=lambda v: _latest(trials, v).score)
        # Where every value may meet the targets, that none does is not known either.
        doubtful = all(_latest(trials, v).possible for v in ordered)
        return ("unresolved", best) if doubtful else ("none", best)
    value = look.met.value
    undecided = look.half is None and look.sure is None
    if look.met.before is None:
        others = [_latest(trials, v) for v in ordered]
        if all(one.met for one in others) and any(one.sure for one in others):
            return "every", value
        return ("edge", value) if any(one.score < -SURELY for one in others) else ("unresolved", value)
    nowhere = look.possible is not None and look.possible.before is None
    return ("unresolved", value) if undecided and nowhere else ("found", value)
