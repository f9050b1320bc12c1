"""Fan charts: what a metric does month by month, over the paths."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fundsim.results.scratch import ScratchFile
from fundsim.results.statistics import Floats, empirical_quantile

__all__ = [
    "CHUNK",
    "SERIES_COLUMNS",
    "SERIES_LEVELS",
    "SERIES_SAMPLE",
    "Fan",
    "SeriesPart",
    "SeriesSums",
    "fan_of",
    "joined",
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
"""Paths whose months are summed at once; the borders are path numbers."""


@dataclass(frozen=True, slots=True)
class Fan:
    """One metric by month: mean over all paths, quantiles over the first ``SERIES_SAMPLE``."""

    mean: Floats
    """Shape (months,)."""
    quantiles: dict[str, Floats]
    """Name of ``SERIES_LEVELS`` → shape (months,)."""


class Sample:
    """The months of those paths of a part that belong to the sample, shape (paths, months).

    They are in memory or in a temporary file; a pickled one holds them itself.
    """

    def __init__(self, shape: tuple[int, int], file: ScratchFile | None) -> None:
        self._shape = shape
        self._added = 0
        self._file = file if shape[0] else None
        # float32 halves the space; seven digits are more than a chart can show.
        self._rows: NDArray[np.float32] = np.empty(shape if self._file is None else 0, dtype=np.float32)
        self._offset = 0 if self._file is None else self._file.reserve(4 * shape[0] * shape[1])

    def add(self, values: Floats) -> None:
        """Keep of the next paths those that belong to the sample."""
        n_paths, months = self._shape
        kept = values[: n_paths - self._added].astype(np.float32)
        if self._file is None:
            self._rows[self._added : self._added + len(kept)] = kept
        elif len(kept):
            self._file.write(self._offset + 4 * months * self._added, kept)
        self._added += len(kept)

    def rows(self) -> NDArray[np.float32]:
        """Return the months of the paths, shape (paths, months)."""
        if self._file is None:
            return self._rows
        return self._file.read(self._offset, np.empty(self._shape, dtype=np.float32))

    def __reduce__(self) -> tuple[Callable[..., Sample], tuple[NDArray[np.float32]]]:
        return _sample_of, (self.rows(),)


def _sample_of(rows: NDArray[np.float32]) -> Sample:
    sample = Sample((0, rows.shape[1]), None)
    sample._shape, sample._rows, sample._added = rows.shape, rows, len(rows)
    return sample


def _by_month(samples: Sequence[Sample]) -> Iterator[Floats]:
    """Yield the values of each month in ascending order, NaN left out."""
    rows = [sample.rows() for sample in samples]
    for column in _turned(rows[0] if len(rows) == 1 else np.concatenate(rows)):
        ascending = np.sort(column)  # NaN last
        yield ascending[: len(ascending) - np.count_nonzero(np.isnan(column))].astype(np.float64)


def _turned(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (paths, months) turned round, part by part: each part stays in the processor's cache."""
    months = np.empty(rows.shape[::-1], dtype=np.float32)
    for first in range(0, len(rows), CHUNK):
        months[:, first : first + CHUNK] = rows[first : first + CHUNK].T
    return months


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """One metric's months over a part of the paths."""

    sums: Floats
    """Sums by chunk of paths, shape (chunks, months).  They are added only when all of them are there, in
    path order, so that no split of the paths changes a bit of the total."""
    counts: NDArray[np.int64]
    """Paths that have a value, shape (months,)."""
    samples: tuple[Sample, ...]


def joined(parts: Sequence[SeriesPart]) -> SeriesPart:
    """Return parts that follow each other as one; no sum is added to another."""
    return SeriesPart(
        np.concatenate([part.sums for part in parts]),
        np.sum([part.counts for part in parts], axis=0),
        tuple(sample for part in parts for sample in part.samples),
    )


class SeriesSums:
    """Sums and a sample of one metric's months, while blocks of paths come in.

    Paths are summed in chunks whose borders are fixed path numbers, whatever blocks they come in.
    """

    def __init__(self, months: int, first: int, n_paths: int, file: ScratchFile | None = None) -> None:
        self._chunk = np.zeros((CHUNK, months))
        self._filled = 0
        self._done = 0
        self._sums = np.zeros((-(-n_paths // CHUNK), months))
        self._counts = np.zeros(months, dtype=np.int64)
        self._sample = Sample((_in_sample(first, n_paths), months), file)

    def add(self, values: Floats) -> None:
        """Add the next paths, shape (n, months); NaN where a path has no value in a month."""
        self._sample.add(values)
        start = 0
        while start < len(values):
            rows = values[start : start + CHUNK - self._filled]
            self._chunk[self._filled : self._filled + len(rows)] = rows
            self._filled += len(rows)
            start += len(rows)
            if self._filled == CHUNK:
                self._close_chunk()

    def _close_chunk(self) -> None:
        rows = self._chunk[: self._filled]
        present = ~np.isnan(rows)
        self._sums[self._done] = np.add.reduce(np.where(present, rows, 0.0), axis=0)
        self._counts += np.count_nonzero(present, axis=0)
        self._done += 1
        self._filled = 0

    def part(self) -> SeriesPart:
        """Return what was added; the last chunk may be a short one."""
        if self._filled:
            self._close_chunk()
        return SeriesPart(self._sums[: self._done], self._counts, (self._sample,))


def fan_of(part: SeriesPart) -> Fan:
    """Return means and quantiles over all paths; NaN in months in which no path has a value."""
    total = np.zeros(len(part.counts))
    for chunk in part.sums:  # left to right, whichever parts the chunks come from
        total += chunk
    mean = np.full(len(total), np.nan)
    np.divide(total, part.counts, out=mean, where=part.counts > 0)
    months = [[_at(month, level) for level in SERIES_LEVELS.values()] for month in _by_month(part.samples)]
    quantiles = np.array(months, dtype=np.float64).reshape(-1, len(SERIES_LEVELS))
    return Fan(mean, dict(zip(SERIES_LEVELS, quantiles.T.copy(), strict=True)))


def _at(ascending: Floats, level: str) -> float:
    return empirical_quantile(ascending, level) if len(ascending) else math.nan


def _in_sample(first: int, n_paths: int) -> int:
    """Return how many of a part's paths belong to the sample.

    >>> _in_sample(0, 10_000), _in_sample(65_536 - 1024, 10_000), _in_sample(65_536, 10_000)
    (10000, 1024, 0)
    """
    return max(0, min(n_paths, SERIES_SAMPLE - first))


def series_bytes(n_series: int, months: int, first: int, n_paths: int) -> int:
    """Return how many bytes the samples of series need in a temporary file; 0 while they stay in memory."""
    needed = 4 * _in_sample(first, n_paths) * months * n_series
    return 0 if needed <= MEMORY_LIMIT else needed


def make_series(names: Sequence[str], months: int, first: int, n_paths: int) -> dict[str, SeriesSums]:
    """Return empty series by name, their samples in memory while they fit into ``MEMORY_LIMIT``."""
    file = ScratchFile() if series_bytes(len(names), months, first, n_paths) else None
    return {name: SeriesSums(months, first, n_paths, file) for name in names}
