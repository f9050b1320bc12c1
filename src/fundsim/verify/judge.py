"""What agrees and what does not: one rule for all comparisons, and its power.

Figures without chance agree within a stated tolerance.  Sampled figures agree when |z| ≤ 4.9, a false
alarm of 1e-6 each; every such comparison also gives the smallest difference that it would have caught
with 90 % probability, (4.9 + 1.28) standard errors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Check", "Subject", "compare_exact", "compare_pairs", "compare_sample", "compare_share"]

Z_LIMIT = 4.9
POWER_QUANTILE = 1.2815515655446004
"""Φ⁻¹(0.9)."""
SMALLEST_SHIFT = 0.1
"""A mean must be tested finely enough to see a tenth of the metric's standard deviation."""
DISCORDANT_PAIRS = 33.0
"""Mean number of paths on which one engine alone must show an event for |z| > 4.9 in nine runs of ten:
25 one-sided pairs give z = 5, and a Poisson count of mean 33 reaches 25 with 93 %."""


class Subject(NamedTuple):
    """What is compared with what."""

    case: str
    figure: str
    engine: str
    """``formula``, ``core``, ``reference`` or ``core − reference``."""
    source: str
    """Where the expected value comes from."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: a row of the table."""

    subject: Subject
    expected: float
    got: float
    error: float
    """Absolute difference, or z where ``sampled``."""
    sampled: bool
    passed: bool
    caught: float | None = None
    """Smallest difference that would have been caught with 90 %; None where there is no chance."""
    wanted: float | None = None
    """The largest such difference that the house rule allows."""

    @property
    def weak(self) -> bool:
        """Whether the comparison passed without the power that is wanted."""
        return (
            self.passed
            and self.caught is not None
            and self.wanted is not None
            and self.caught > self.wanted * (1.0 + 1e-9)
        )

    @property
    def verdict(self) -> str:
        """``ok``, ``weak`` (agrees, but too few paths to say) or ``FAILED``."""
        if not self.passed:
            return "FAILED"
        return "weak" if self.weak else "ok"


def compare_exact(subject: Subject, *, expected: float, got: float, tolerance: float) -> Check:
    """Compare a figure without chance.

    Args:
        subject: what is compared.
        expected: expected value.
        got: value of the formula or engine.
        tolerance: largest absolute difference.

    >>> sum_of_ones = Subject("two", "1 + 1", "formula", "arithmetic")
    >>> compare_exact(sum_of_ones, expected=2.0, got=2.1, tolerance=0.01).verdict
    'FAILED'
    """
    error = abs(got - expected)
    return Check(subject, expected, got, error, False, error <= tolerance)


def compare_sample(
    subject: Subject,
    values: NDArray[np.float64],
    *,
    expected: float,
    expected_se: float = 0.0,
    spread: float | None = None,
) -> Check:
    """Compare the mean of independent paths with an expected value.

    Args:
        subject: what is compared.
        values: one value a path, shape (paths,).
        expected: expected mean.
        expected_se: standard error of the expected value itself.
        spread: standard deviation of a path's value where it is known; else that of the values.
    """
    spread = float(values.std()) if spread is None else spread
    return _compare_mean(subject, values, (expected, expected_se), spread, SMALLEST_SHIFT * spread)


def _compare_mean(
    subject: Subject,
    values: NDArray[np.float64],
    expected: tuple[float, float],
    spread: float,
    wanted: float,
) -> Check:
    """Compare a mean with an expected value, given with its standard error."""
    got = float(values.mean())
    se = math.hypot(spread / math.sqrt(values.size), expected[1])
    error = got - expected[0]
    z = error / se if se > 0.0 else (0.0 if error == 0.0 else math.inf)
    caught = (Z_LIMIT + POWER_QUANTILE) * se
    return Check(subject, expected[0], got, z, True, abs(z) <= Z_LIMIT, caught, wanted)


def compare_share(
    subject: Subject, happened: NDArray[np.bool_], *, expected: float, expected_se: float = 0.0
) -> Check:
    """Compare the share of paths on which something happened with a probability.

    Args:
        subject: what is compared.
        happened: shape (paths,).
        expected: the probability.
        expected_se: its own standard error.
    """
    spread = math.sqrt(expected * (1.0 - expected))
    wanted = _wanted_share(expected, subject.engine)
    return _compare_mean(subject, happened.astype(np.float64), (expected, expected_se), spread, wanted)


def _wanted_share(expected: float, engine: str) -> float:
    """Return the difference of a probability that must be seen: 5 % of it or half a point, the larger.

    Where the slow engine runs, a whole point.
    """
    floor = 0.005 if engine == "core" else 0.01
    return max(0.05 * expected, floor)


def compare_pairs(
    subject: Subject,
    core: NDArray[np.float64],
    reference: NDArray[np.float64],
    *,
    event: bool = False,
    rounding: float = 1e-9,
) -> Check:
    """Compare the engines path by path on shared factors.

    Given its factors a path of one engine is as likely as the other's, so the differences d are
    symmetric about 0 and Σd/sqrt(Σd²) is sub-Gaussian however skewed the metric is (Efron 1969):
    2 exp(−z²/2) bounds its tails.  For events this is McNemar's test.

    Args:
        subject: what is compared.
        core: one value a path, shape (paths,), all finite.
        reference: the same paths of the other engine.
        event: whether the values are 0 and 1.
        rounding: differences that are all smaller than this, relative to the largest value or in
            themselves, are rounding.
    """
    n = core.size
    difference = core - reference
    se = math.sqrt(float(difference @ difference)) / n
    mean = float(difference.mean())
    # Two engines that differ by rounding alone have nothing to report.
    noise = max(rounding, 1e-11 * float(np.abs(core).max(initial=0.0)))
    z = 0.0 if float(np.abs(difference).max(initial=0.0)) <= noise else mean / se
    caught = (Z_LIMIT + POWER_QUANTILE) * se
    if event:
        caught = max(caught, DISCORDANT_PAIRS / n)
        wanted = _wanted_share(float(reference.mean()), "reference")
    else:
        wanted = SMALLEST_SHIFT * float(np.concatenate([core, reference]).std())
    return Check(
        subject,
        float(reference.mean()),
        float(core.mean()),
        z,
        True,
        abs(z) <= Z_LIMIT,
        caught,
        max(wanted, noise),
    )
