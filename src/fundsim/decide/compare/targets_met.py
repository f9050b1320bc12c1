"""Targets of several scenarios: how probable it is that each is met, and the paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fundsim.decide.compare.cells import Cell, plain_cell
from fundsim.decide.compare.sources import Side
from fundsim.decide.paired import NONE, Difference, paired_mean, paired_probability
from fundsim.results.statistics import Estimate, Floats, expected
from fundsim.results.targets import Met, kept_on

__all__ = ["ComparedTarget", "ComparedTargets", "compare_targets", "plain_targets"]


@dataclass(frozen=True, slots=True)
class ComparedTarget:
    """A target of all scenarios; it is the same one where name, metric, date and direction are."""

    about: Met
    """That of the first scenario that has it."""
    side: int
    """Position of that scenario."""
    mets: tuple[Met | None, ...]
    """What each scenario plans and expects, in the order of the scenarios; bounds may differ."""
    cells: tuple[Cell, ...]
    """Probability that it is met."""


@dataclass(frozen=True, slots=True)
class ComparedTargets:
    """The targets of all scenarios, each by itself and together."""

    each: tuple[ComparedTarget, ...] = ()
    every: tuple[Cell, ...] = ()
    """Probability that all targets of a scenario are met; empty where no scenario has several."""
    number: tuple[Cell, ...] = ()
    """Mean number of targets met; empty where no scenario has several."""
    of: tuple[int, ...] = ()
    """How many targets each scenario has."""


def compare_targets(sides: Sequence[Side], same: Sequence[bool]) -> ComparedTargets:
    """Compare the targets of scenarios with those of the first.

    Args:
        sides: The scenarios, simulated.
        same: Whether each is the first scenario but for its names: nothing differs then, drawn or not.
    """
    found = [_targets_of(side) for side in sides]
    keys = dict.fromkeys(key for own in found for key in own)
    if not keys:
        return ComparedTargets()
    each = tuple(_target(sides, same, [own.get(key) for own in found]) for key in keys)
    counts = tuple(map(len, found))
    if max(counts) < 2:
        return ComparedTargets(each, of=counts)
    kept = [_all_kept(side, list(own.values())) for side, own in zip(sides, found, strict=True)]
    every = tuple(_every(side, same[at], kept[0], kept[at]) for at, side in enumerate(sides))
    number = tuple(_number(side, same[at], kept[0], kept[at]) for at, side in enumerate(sides))
    return ComparedTargets(each, _first_alone(every), _first_alone(number), counts)


_Key = tuple[str, str, str, bool]


def _targets_of(side: Side) -> dict[_Key, Met]:
    targets = (one for one in side.run.figures.targets if one.name)
    return {(one.name, one.metric, one.horizon, one.at_least): one for one in targets}


def _target(sides: Sequence[Side], same: Sequence[bool], mets: Sequence[Met | None]) -> ComparedTarget:
    place, about = next((at, met) for at, met in enumerate(mets) if met is not None)
    first = None if mets[0] is None else _kept(sides[0], mets[0])
    cells = []
    for at, (side, met) in enumerate(zip(sides, mets, strict=True)):
        if met is None:
            cells.append(Cell(None, None, "no_target"))
            continue
        kept = _kept(side, met)
        difference = None
        if at and kept is not None and first is not None:
            difference = NONE if same[at] else paired_probability(first, kept)
        cells.append(Cell(met.p, difference, "not_by_path" if kept is None else None))
    return ComparedTarget(about, place, tuple(mets), tuple(cells))


def _kept(side: Side, met: Met) -> Floats | None:
    """Return 1 for each path that meets a target and 0 for others; None without its values by path."""
    key = f"{met.metric}@{met.horizon}"
    if key not in side.run.columns.names:
        return None
    kept = kept_on(side.run.columns.read(key), met.unit, at_least=met.at_least, bound=met.bound)
    return kept.astype(np.float64)


def _all_kept(side: Side, mets: Sequence[Met]) -> Floats | None:
    """Return which targets each path meets, shape (targets, paths); None if one has no values by path."""
    rows = [row for met in mets if (row := _kept(side, met)) is not None]
    return np.array(rows) if mets and len(rows) == len(mets) else None


def _every(side: Side, same: bool, first: Floats | None, kept: Floats | None) -> Cell:
    targets = side.run.figures.targets
    if not targets:
        return Cell(None, None, "no_target")
    # All together come last; a scenario with one target has no such entry.
    figure = targets[-1].p
    if first is None or kept is None:
        return Cell(figure, None)
    found = NONE if same else paired_probability(first.min(axis=0), kept.min(axis=0))
    return Cell(figure, found)


def _number(side: Side, same: bool, first: Floats | None, kept: Floats | None) -> Cell:
    targets = [one for one in side.run.figures.targets if one.name]
    if not targets:
        return Cell(None, None, "no_target")
    if kept is None:
        return Cell(Estimate(math.fsum(one.p.p for one in targets), math.nan), None)
    met = kept.sum(axis=0)
    difference: Difference | None = None
    if first is not None:
        difference = NONE if same else paired_mean(first.sum(axis=0), met)
    return Cell(expected(met), difference)


def _first_alone(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return cells of which the first has no difference to itself."""
    first, *others = cells
    return Cell(first.figure, None, first.lack), *others


def plain_targets(found: ComparedTargets, sides: Sequence[Side]) -> dict[str, Any]:
    """Return the targets as plain data; what does not exist (NaN) is null."""

    def values(cells: Sequence[Cell]) -> list[dict[str, Any]]:
        return [{"side": side.letter, **plain_cell(c)} for side, c in zip(sides, cells, strict=True)]

    each = []
    for one in found.each:
        bound = "at_least" if one.about.at_least else "at_most"
        bounds = ({} if met is None else {bound: met.bound} for met in one.mets)
        each.append(
            {
                "name": one.about.name,
                "metric": one.about.metric,
                "horizon": one.about.horizon,
                "unit": one.about.unit,
                "heading": one.about.heading,
                "values": [
                    own | with_bound for own, with_bound in zip(values(one.cells), bounds, strict=True)
                ],
            }
        )
    together: dict[str, Any] = {"all": None, "number": None}
    if found.every:
        number = [own | {"of": of} for own, of in zip(values(found.number), found.of, strict=True)]
        together = {"all": values(found.every), "number": number}
    return {"each": each, **together}
