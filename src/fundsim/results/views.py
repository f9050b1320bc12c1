"""What formulas read: records by name over a horizon, a year, or the months of a series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fundsim.results.statistics import Floats

__all__ = ["RecordView", "YearView"]


class RecordView(Mapping[str, Floats]):
    """Records by name over the last axis of an array; an unknown name is a KeyError that lists it."""

    def __init__(self, positions: Mapping[str, int], values: Floats) -> None:
        """Look at ``values``, shape (…, records)."""
        self._positions = positions
        self._values = values

    def __getitem__(self, name: str) -> Floats:
        value = self._find(name)
        value.flags.writeable = False
        return value

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
