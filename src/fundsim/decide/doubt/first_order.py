"""What an assumption explains of a figure by itself: its first-order share, with its error.

The share is ``Var(E[Y | z]) / Var(Y)`` (Sobol 1993), with Y the figure in each draw and z the assumption's
score.  E[Y | z] is a cubic in z plus a step for each bin of equal numbers of draws: bins alone lose what
happens within the outermost one, and that is most of it where a figure grows exponentially.  The share that
is found is positive by chance alone; it is corrected as an adjusted R² is (Kelley 1935):
``1 − (1 − R²)(D − 1)/(D − p)``, with D draws and p coefficients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fundsim.results.statistics import Floats

__all__ = ["FEWEST_DRAWS", "Share", "Shares", "first_order_shares", "number_of_bins"]

FEWEST_DRAWS = 40
"""With fewer draws nothing is said of single assumptions."""
RESAMPLES = 499
"""Bootstrap samples, and permutations."""
MOST_BINS = 20
DEGREE = 3
TAIL = 0.025
NULL = 0.95
"""A share is noise if the largest of so many assumptions without an effect is above it in more than one of
twenty cases."""


@dataclass(frozen=True, slots=True)
class Share:
    """The first-order share of one assumption."""

    value: float
    """Share of the variance between draws, corrected for chance; it may be a little below 0."""
    ci95: tuple[float, float]
    """95 % interval by bootstrap over the draws."""
    raises: bool
    """Whether the figure rises with the assumption, by their rank correlation."""
    noise: bool
    """Whether chance alone would give as much."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of all assumptions in one figure."""

    shares: tuple[Share, ...]
    noise_level: float
    """What the largest share of so many assumptions without an effect stays below in 95 % of cases."""


def number_of_bins(draws: int) -> int:
    """Return in how many bins so many draws are put: about the square root of half of them.

    >>> number_of_bins(200), number_of_bins(8192), number_of_bins(40)
    (10, 20, 4)
    """
    return min(MOST_BINS, max(2, round(math.sqrt(draws / 2.0))))


def first_order_shares(scores: Floats, values: Floats, seed: int) -> Shares | None:
    """Return the share of each assumption in the variance of a figure over the draws.

    Args:
        scores: scores of the assumptions, shape (draws, assumptions).
        values: the figure in each draw, shape (draws,), finite.
        seed: seed of bootstrap and permutations.

    Returns:
        The shares; None with too few draws, or where the figure is the same in all of them.
    """
    n_draws, n_inputs = scores.shape
    if n_draws < FEWEST_DRAWS or not n_inputs or np.ptp(values) == 0.0:
        return None
    generator = np.random.Philox(key=seed % 2**128)
    weights = _bootstrap_weights(generator, n_draws)
    centred = (values - values.mean()) / values.std()
    shuffled = _permutations(generator, centred)
    ranks = _ranks(values)
    found, largest = [], np.full(RESAMPLES, -np.inf)
    for score in scores.T:
        basis = _basis(score)
        value = float(_adjusted(np.square(centred @ basis).sum() / n_draws, basis))
        largest = np.maximum(largest, _adjusted(np.square(shuffled @ basis).sum(axis=1) / n_draws, basis))
        raises = bool(np.dot(_ranks(score), ranks) >= 0.0)
        found.append((value, _interval(value, basis, centred, weights), raises))
    level = float(np.quantile(largest, NULL))
    return Shares(tuple(Share(v, ci95, raises, v <= level) for v, ci95, raises in found), level)


def _basis(score: Floats) -> Floats:
    """Return an orthonormal basis of the functions of a score, constants apart, shape (draws, p − 1)."""
    n_draws, bins = len(score), number_of_bins(len(score))
    steps = np.zeros((n_draws, bins))
    steps[np.argsort(score, kind="stable"), np.arange(n_draws) * bins // n_draws] = 1.0
    powers = [score**degree for degree in range(DEGREE + 1)]
    return np.asarray(np.linalg.qr(np.column_stack([*powers, steps[:, 1:]]))[0][:, 1:])


def _adjusted(explained: Floats | float, basis: Floats) -> Floats:
    n_draws, functions = basis.shape
    return np.asarray(1.0 - (1.0 - explained) * (n_draws - 1) / (n_draws - functions - 1))


def _interval(value: float, basis: Floats, centred: Floats, weights: Floats) -> tuple[float, float]:
    """Return the 95 % interval of a share: the quantiles of resamples, moved so that their mean is the share.

    A resample takes the sample's fit for the truth, chance included, so that shares of resamples lie above.
    """
    with_constant = np.column_stack([np.ones(len(centred)), basis])
    n, size = with_constant.shape
    products = (with_constant[:, :, None] * with_constant[:, None, :]).reshape(n, size * size)
    squares = (weights @ products).reshape(-1, size, size)
    squares += 1e-9 * np.eye(size)  # a resample may leave a bin empty
    sums = weights @ (with_constant * centred[:, None])
    fitted = np.linalg.solve(squares, sums[:, :, None])[:, :, 0]
    mean = weights @ centred / n
    whole = weights @ np.square(centred) - n * np.square(mean)
    between = (fitted * sums).sum(axis=1) - n * np.square(mean)
    # A resample may have one value only, and then explains nothing.
    explained = np.divide(between, whole, out=np.zeros_like(whole), where=whole > 1e-9)
    again = _adjusted(explained, basis)
    low, high = (float(np.quantile(again, tail)) - float(again.mean()) + value for tail in (TAIL, 1.0 - TAIL))
    return max(0.0, low), min(1.0, max(0.0, high))


def _ranks(values: Floats) -> Floats:
    """Return the ranks of values less their mean."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks - (len(values) - 1) / 2.0


def _bootstrap_weights(generator: np.random.Philox, n_draws: int) -> Floats:
    """Return how often each draw is taken in each resample, shape (RESAMPLES, draws)."""
    words = np.asarray(generator.random_raw(RESAMPLES * n_draws), dtype=np.uint64)
    chosen = (words % np.uint64(n_draws)).astype(np.int64).reshape(RESAMPLES, n_draws)
    rows = np.arange(RESAMPLES)[:, None] * n_draws
    counts = np.bincount((rows + chosen).ravel(), minlength=RESAMPLES * n_draws)
    return counts.reshape(RESAMPLES, n_draws).astype(np.float64)


def _permutations(generator: np.random.Philox, values: Floats) -> Floats:
    """Return the values in random orders, shape (RESAMPLES, draws)."""
    words = np.asarray(generator.random_raw(RESAMPLES * len(values)), dtype=np.uint64)
    return np.asarray(values[np.argsort(words.reshape(RESAMPLES, len(values)), axis=1, kind="stable")])
