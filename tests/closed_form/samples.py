"""How far a sample lies from an exact law."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import chi2

__all__ = ["p_of_counts", "z_of"]


def z_of(sample: np.ndarray, expected: float, expected_se: float = 0.0) -> float:
    """Return by how many standard errors a sample's mean lies above what is expected."""
    se = math.hypot(sample.std(ddof=1) / math.sqrt(sample.size), expected_se)
    return (sample.mean() - expected) / se


def p_of_counts(sample: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the p-value of whole numbers under a law, by χ²; values expected under ten times are one."""
    counts = np.bincount(sample.astype(int), minlength=probabilities.size)
    expected = probabilities * sample.size
    kept = expected >= 10.0
    observed = np.append(counts[kept], counts[~kept].sum())
    probable = np.append(expected[kept], expected[~kept].sum())
    return float(chi2.sf(((observed - probable) ** 2 / probable).sum(), observed.size - 1))
