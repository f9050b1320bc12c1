"""Formulas over many times at once: each time's records are read once, by one program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fundsim.metrics.program import Program
from fundsim.results.selection import Column
from fundsim.results.statistics import Floats
from fundsim.scheme import Formula, Records

__all__ = ["Evaluation", "Wanted"]

Time = tuple[int, int]
"""Elapsed months at which flows begin to count, and at which they end and stocks are read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A formula over a time, under a name."""

    key: str
    formula: Formula
    start: int
    end: int
    differenced: bool = False
    """Whether it is the formula up to the end less the formula up to the start."""

    @staticmethod
    def of(column: Column) -> Wanted:
        """Return what a column needs."""
        metric = column.metric
        differenced = metric.differenced and column.start > 0
        return Wanted(column.key, metric.formula, column.start, column.end, differenced)


class Evaluation:
    """The programs of formulas over times.

    Args:
        wanted: formulas over times, each key once.
    """

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._whole: dict[tuple[Time, Formula], list[str]] = {}
        self._halves: dict[tuple[Time, Formula], list[tuple[str, bool]]] = {}
        times: dict[Time, list[Formula]] = {}
        for one in wanted:
            if one.differenced:
                for end, is_end in ((one.end, True), (one.start, False)):
                    times.setdefault((0, end), []).append(one.formula)
                    self._halves.setdefault(((0, end), one.formula), []).append((one.key, is_end))
            else:
                times.setdefault((one.start, one.end), []).append(one.formula)
                self._whole.setdefault(((one.start, one.end), one.formula), []).append(one.key)
        self._programs = {time: Program(formulas) for time, formulas in times.items()}

    def values(self, view: Callable[[int, int], Records]) -> Iterator[tuple[str, Floats]]:
        """Yield key and value of all that is wanted, in no particular order.

        Args:
            view: from elapsed months at a start and an end to the records between them.
        """
        waiting: dict[str, tuple[Floats, bool]] = {}
        for time, program in self._programs.items():
            for formula, value in program.values(view(*time)):
                for key in self._whole.get((time, formula), ()):
                    yield key, value
                for key, is_end in self._halves.get((time, formula), ()):
                    if key not in waiting:
                        waiting[key] = value, is_end
                        continue
                    other, _ = waiting.pop(key)
                    yield key, np.asarray(value - other if is_end else other - value, dtype=np.float64)
