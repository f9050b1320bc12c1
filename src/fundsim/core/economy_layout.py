"""The economy as tables: factors, their correlation, and default thresholds of a static factor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from fundsim.core import tables as t
from fundsim.core.mixing_table import tabulate_root
from fundsim.core.records import table
from fundsim.core.tables import EconomyTable
from fundsim.scheme import Economy, Scheme, entity
from fundsim.scheme.draws import CITY, MIXING, sector_entity

__all__ = ["age_thresholds", "pack_economy", "thresholds"]


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
        mixed=np.int64(economy.t_degrees is not None),
        mixing_entity=np.uint64(entity(MIXING)),
        mixing_nodes=_mixing_nodes(economy.t_degrees),
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


def thresholds(scheme: Scheme, pd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``c(q)/sqrt(1 − ρ)`` of probabilities q, c = Φ⁻¹, or t_ν⁻¹ under a Student-t copula.

    Args:
        scheme: the scheme.
        pd: probabilities of default, shape (…, segments).
    """
    degrees = scheme.economy.t_degrees
    rho = np.array([s.rho for s in scheme.segments])
    # stdtrit(ν, 0) is +∞.
    quantile = ndtri(pd) if degrees is None else np.where(pd > 0.0, stdtrit(degrees, pd), -np.inf)
    return np.ascontiguousarray(quantile / np.sqrt(1.0 - rho))


def thresholds_of_step(economy: Economy, rho: float, pd_annual: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``c(q)/sqrt(1 − ρ)`` for yearly PDs of one ρ, q = 1 − (1 − p)^(step/12), c as above."""
    q = -np.expm1(economy.step_months / 12 * np.log1p(-pd_annual))
    quantile = ndtri(q) if economy.t_degrees is None else stdtrit(economy.t_degrees, q)
    return np.asarray(quantile / math.sqrt(1.0 - rho))


def age_thresholds(scheme: Scheme) -> NDArray[np.float64]:
    """Return the thresholds of F(age/12) by (age, segment), F(τ) = 1 − (1 − p)^τ; static only."""
    if scheme.economy.step_months:
        return np.zeros((0, len(scheme.segments)))
    age = np.arange(1, 1 + max((s.term_months for s in scheme.segments), default=0))[:, None]
    pd = np.array([s.pd_annual for s in scheme.segments])
    return thresholds(scheme, -np.expm1(age / 12 * np.log1p(-pd)))


def _mixing_nodes(degrees: float | None) -> Any:
    value, slope = (np.zeros(0), np.zeros(0)) if degrees is None else tabulate_root(degrees)
    return table(t.MIXING_NODE, value=value, slope=slope)
