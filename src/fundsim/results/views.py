"""What formulas read: records by name over a horizon, a year, or the months of a series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from fundsim.results.selection import Column
from fundsim.results.statistics import Floats
from fundsim.scheme.metrics import Records

__all__ = ["RecordView", "YearView", "column_value", "records_read"]


class RecordView(Mapping[str, Floats]):
    """Records by name over the last axis of an array; an unknown name is a KeyError that lists it."""

    def __init__(self, positions: Mapping[str, int], values: Floats) -> None:
        """Look at ``values``, shape (…, records)."""
        self._positions = positions
        self._values = values
        self._read: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self._read:  # several formulas read the same record
            value = self._find(name)
            value.flags.writeable = False
            self._read[name] = value
        return self._read[name]

    def _find(self, name: str) -> Floats:
        value: Floats = self._values[..., self._positions[name]]
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


class YearView(RecordView):
    """Records over a year: flows are differences, stocks and months are those of the year's end."""

    def __init__(
        self, positions: Mapping[str, int], end: Floats, start: Floats, flows: frozenset[str]
    ) -> None:
        super().__init__(positions, end)
        self._start = start
        self._flows = flows

    def _find(self, name: str) -> Floats:
        value = super()._find(name)
        return value - self._start[..., self._positions[name]] if name in self._flows else value


def column_value(column: Column, view: Callable[[int, int], Records]) -> Floats:
    """Return a column's metric.

    Args:
        column: a metric over a time.
        view: from elapsed months at a start and an end to the records between them.
    """
    formula = column.metric.formula
    if column.metric.differenced and column.start:
        return np.asarray(formula(view(0, column.end)) - formula(view(0, column.start)), dtype=np.float64)
    return np.asarray(formula(view(column.start, column.end)), dtype=np.float64)


class _Recorder(Mapping[str, Floats]):
    """Stands in for the records once, to learn which of them a formula reads."""

    def __init__(self, known: frozenset[str], shape: tuple[int, ...]) -> None:
        self.read: dict[str, None] = {}
        self._known = known
        self._zeros = np.zeros(shape)
        self._zeros.flags.writeable = False

    def __getitem__(self, name: str) -> Floats:
        if name not in self._known:
            raise KeyError(name)
        self.read[name] = None
        return self._zeros

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def records_read(
    formula: Callable[[Records], object], known: frozenset[str], shape: tuple[int, ...]
) -> tuple[str, ...]:
    """Return the names of the records that a formula reads, each once, in the order of reading.

    Args:
        formula: a formula over records of this shape.
        known: names of the records that there are.
        shape: shape of a record's values; its lengths are free.

    Raises:
        KeyError: the formula reads a record that does not exist.
    """
    recorder = _Recorder(known, shape)
    with np.errstate(all="ignore"):
        formula(recorder)
    return tuple(recorder.read)
