"""Fan charts: what a metric does month by month, over the paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fundsim.results.statistics import Floats, empirical_quantile

__all__ = ["SERIES_COLUMNS", "SERIES_LEVELS", "SERIES_SAMPLE", "Fan", "SeriesSums"]

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

CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Fan:
    """One metric by month: mean over all paths, quantiles over the first ``SERIES_SAMPLE``."""

    mean: Floats
    """Shape (months,)."""
    quantiles: dict[str, Floats]
    """Name of ``SERIES_LEVELS`` → shape (months,)."""


class SeriesSums:
    """Running sums and a sample of one metric's months.

    Paths are summed in chunks whose borders are fixed path numbers, whatever blocks they come in.
    """

    def __init__(self, months: int, n_paths: int) -> None:
        self._chunk = np.zeros((CHUNK, months))
        self._filled = 0
        self._sum = np.zeros(months)
        self._count = np.zeros(months, dtype=np.int64)
        # float32 halves the memory; seven digits are more than a chart can show.
        self._sample: NDArray[np.float32] = np.empty((min(n_paths, SERIES_SAMPLE), months), dtype=np.float32)
        self._sampled = 0

    def add(self, values: Floats) -> None:
        """Add the next paths, shape (n, months); NaN where a path has no value in a month."""
        room = len(self._sample) - self._sampled
        kept = values[:room]
        self._sample[self._sampled : self._sampled + len(kept)] = kept
        self._sampled += len(kept)
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
        months = [np.sort(column[~np.isnan(column)]) for column in self._sample.T.astype(np.float64)]
        quantiles = {
            name: np.array([empirical_quantile(month, level) if len(month) else np.nan for month in months])
            for name, level in SERIES_LEVELS.items()
        }
        return Fan(mean, quantiles)
