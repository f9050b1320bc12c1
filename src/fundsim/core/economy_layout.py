"""The economy as tables: factors, their correlation, and default thresholds of a static factor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fundsim.core import tables as t
from fundsim.core.records import table
from fundsim.core.tables import EconomyTable
from fundsim.scheme import Scheme, entity
from fundsim.scheme.draws import CITY, sector_entity

__all__ = ["age_thresholds", "pack_economy"]


def pack_economy(scheme: Scheme) -> EconomyTable:
    """Return what the kernels read of the factors."""
    economy = scheme.economy
    months = scheme.window.total
    persistence = economy.persistence ** (economy.step_months / 12) if economy.step_months else 0.0
    n = len(economy.sectors)
    correlation = np.array(economy.sector_correlation or np.eye(n), dtype=np.float64).reshape(n, n)
    return EconomyTable(
        step_months=np.int64(economy.step_months),
        persistence=np.float64(persistence),
        innovation=np.float64(math.sqrt(1.0 - persistence * persistence)),
        start=np.float64(math.nan if economy.start is None else economy.start),
        stressed=np.int64(bool(economy.shift or economy.fixed)),
        entity=np.array([entity(CITY), *map(sector_entity, economy.sectors)], dtype=np.uint64),
        cholesky=cholesky_of(correlation),
        overlay=table(
            t.OVERLAY, shift=economy.shift or [0.0] * months, fixed=economy.fixed or [math.nan] * months
        ),
    )


def cholesky_of(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lower Cholesky factor of a correlation matrix, perfect correlation included.

    Element by element, because LAPACK refuses a singular matrix and differs by machine in the last
    bit.
    """
    n = len(correlation)
    lower = np.zeros((n, n))
    for j in range(n):
        for i in range(j + 1):
            rest = correlation[j, i] - math.fsum(lower[j, :i] * lower[i, :i])
            if i == j:
                lower[j, j] = math.sqrt(max(rest, 0.0))
            elif lower[i, i] > 1e-12:
                lower[j, i] = rest / lower[i, i]
    return lower


def age_thresholds(scheme: Scheme) -> NDArray[np.float64]:
    """Return ``Φ⁻¹(F(age/12))/sqrt(1 − ρ)`` by (age, segment), F(τ) = 1 − (1 − p)^τ; static only."""
    if scheme.economy.step_months:
        return np.zeros((0, len(scheme.segments)))
    age = np.arange(1, 1 + max((s.term_months for s in scheme.segments), default=0))[:, None]
    pd = np.array([s.pd_annual for s in scheme.segments])
    rho = np.array([s.rho for s in scheme.segments])
    return np.ascontiguousarray(ndtri(-np.expm1(age / 12 * np.log1p(-pd))) / np.sqrt(1.0 - rho))
