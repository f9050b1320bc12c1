"""Fan charts: what a metric does month by month, over the paths."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fundsim.results.scratch import ScratchFile
from fundsim.results.statistics import Floats, empirical_quantile

__all__ = [
    "SERIES_COLUMNS",
    "SERIES_LEVELS",
    "SERIES_SAMPLE",
    "Fan",
    "SeriesSums",
    "make_series",
    "series_bytes",
]

SERIES_LEVELS = {
    "q01": "0.01",
    "q05": "0.05",
    "q25": "0.25",
    "q50": "0.5",
    "q75": "0.75",
    "q95": "0.95",
    "q99": "0.99",
}
SERIES_COLUMNS = ("metric", "month", "mean", *SERIES_LEVELS)
SERIES_SAMPLE = 65_536
"""Quantiles come from this many paths, the first ones; means come from all."""
MEMORY_LIMIT = 64 * 2**20
"""Samples of all series that together need more than this go to a temporary file [bytes]."""

CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Fan:
    """One metric by month: mean over all paths, quantiles over the first ``SERIES_SAMPLE``."""

    mean: Floats
    """Shape (months,)."""
    quantiles: dict[str, Floats]
    """Name of ``SERIES_LEVELS`` → shape (months,)."""


class _Sample:
    """The months of the first paths, shape (paths, months), in memory or in a temporary file."""

    def __init__(self, shape: tuple[int, int], file: ScratchFile | None) -> None:
        self._shape = shape
        self._filled = 0
        self._file = file
        # float32 halves the space; seven digits are more than a chart can show.
        self._rows: NDArray[np.float32] = np.empty(shape if file is None else 0, dtype=np.float32)
        self._offset = 0 if file is None else file.reserve(4 * shape[0] * shape[1])

    def add(self, values: Floats) -> None:
        """Keep of the next paths those that belong to the sample."""
        n_paths, months = self._shape
        kept = values[: n_paths - self._filled].astype(np.float32)
        if self._file is None:
            self._rows[self._filled : self._filled + len(kept)] = kept
        elif len(kept):
            self._file.write(self._offset + 4 * months * self._filled, kept)
        self._filled += len(kept)

    def by_month(self) -> Iterator[Floats]:
        """Yield the values of each month in ascending order, NaN left out."""
        rows = self._rows
        if self._file is not None:
            rows = self._file.read(self._offset, np.empty(self._shape, dtype=np.float32))
        for column in _turned(rows):
            ascending = np.sort(column)  # NaN last
            yield ascending[: len(ascending) - np.count_nonzero(np.isnan(column))].astype(np.float64)


def _turned(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (paths, months) turned round, part by part: each part stays in the processor's cache."""
    months = np.empty(rows.shape[::-1], dtype=np.float32)
    for first in range(0, len(rows), CHUNK):
        months[:, first : first + CHUNK] = rows[first : first + CHUNK].T
    return months


class SeriesSums:
    """Running sums and a sample of one metric's months.

    Paths are summed in chunks whose borders are fixed path numbers, whatever blocks they come in.
    """

    def __init__(self, months: int, n_paths: int, file: ScratchFile | None = None) -> None:
        self._chunk = np.zeros((CHUNK, months))
        self._filled = 0
        self._sum = np.zeros(months)
        self._count = np.zeros(months, dtype=np.int64)
        self._sample = _Sample((min(n_paths, SERIES_SAMPLE), months), file)

    def add(self, values: Floats) -> None:
        """Add the next paths, shape (n, months); NaN where a path has no value in a month."""
        self._sample.add(values)
        start = 0
        while start < len(values):
            part = values[start : start + CHUNK - self._filled]
            self._chunk[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            start += len(part)
            if self._filled == CHUNK:
                self._flush()

    def _flush(self) -> None:
        rows = self._chunk[: self._filled]
        present = ~np.isnan(rows)
        self._sum += np.add.reduce(np.where(present, rows, 0.0), axis=0)
        self._count += np.count_nonzero(present, axis=0)
        self._filled = 0

    def finish(self) -> Fan:
        """Return means and quantiles; NaN in months in which no path has a value."""
        self._flush()
        mean = np.full(len(self._sum), np.nan)
        np.divide(self._sum, self._count, out=mean, where=self._count > 0)
        months = [
            [_at(month, level) for level in SERIES_LEVELS.values()] for month in self._sample.by_month()
        ]
        quantiles = np.array(months, dtype=np.float64).reshape(-1, len(SERIES_LEVELS))
        return Fan(mean, dict(zip(SERIES_LEVELS, quantiles.T.copy(), strict=True)))


def _at(ascending: Floats, level: str) -> float:
    return empirical_quantile(ascending, level) if len(ascending) else math.nan


def series_bytes(n_series: int, months: int, n_paths: int) -> int:
    """Return how many bytes the samples of series need in a temporary file; 0 while they stay in memory."""
    needed = 4 * min(n_paths, SERIES_SAMPLE) * months * n_series
    return 0 if needed <= MEMORY_LIMIT else needed


def make_series(names: Sequence[str], months: int, n_paths: int) -> dict[str, SeriesSums]:
    """Return empty series by name, their samples in memory while they fit into ``MEMORY_LIMIT``."""
    file = ScratchFile() if series_bytes(len(names), months, n_paths) else None
    return {name: SeriesSums(months, n_paths, file) for name in names}
