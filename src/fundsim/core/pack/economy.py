"""The economy as tables: factors, their correlation, and default thresholds of a static factor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from fundsim.core.pack import tables as t
from fundsim.core.pack.classes import segment_rows
from fundsim.core.pack.mixing_table import tabulate_root
from fundsim.core.pack.record_arrays import table
from fundsim.core.pack.tables import EconomyTable
from fundsim.scheme import Economy, Scheme, Segment, Tape, entity
from fundsim.scheme.draws import CITY, MIXING, sector_entity

__all__ = ["age_thresholds", "pack_economy", "segment_thresholds", "tape_laws"]


def pack_economy(scheme: Scheme) -> EconomyTable:
    """Return what the kernels read of the factors."""
    economy = scheme.economy
    months = scheme.window.total
    persistence = economy.persistence if economy.step_months else 0.0
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


def _quantile(economy: Economy, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Φ⁻¹ of probabilities, or t_ν⁻¹ under a Student-t copula."""
    if economy.t_degrees is None:
        return np.asarray(ndtri(probability))
    # stdtrit(ν, 0) is +∞.
    return np.where(probability > 0.0, stdtrit(economy.t_degrees, probability), -np.inf)


def segment_thresholds(scheme: Scheme) -> NDArray[np.float64]:
    """Return ``c/sqrt(1 − ρ)`` of a step by row of the table of segments.

    Unless it was solved, c is that of ``q = 1 − (1 − p)^(step/12)``.
    """
    years = scheme.economy.step_months / 12
    segments = [segment for segment, _ in segment_rows(scheme)]
    # A static factor has thresholds by age; of its "step" nothing is read.
    q = [1.0 - (1.0 - s.pd_annual) ** years if years else s.pd_annual for s in segments]
    natural = _quantile(scheme.economy, np.array(q))
    given = [n if s.threshold is None else s.threshold for s, n in zip(segments, natural, strict=True)]
    rho = np.array([s.rho for s in segments])
    return np.ascontiguousarray(np.array(given, dtype=np.float64) / np.sqrt(1.0 - rho))


def tape_laws(
    economy: Economy, segment: Segment, tape: Tape, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ``c/sqrt(1 − ρ)`` and ``sqrt(ρ/(1 − ρ))`` of a step for some loans of a tape, by row."""
    if tape.threshold is None:
        threshold = _quantile(economy, -np.expm1(economy.step_months / 12 * np.log1p(-tape.pd_annual[rows])))
    else:
        threshold = tape.threshold[rows]
    rho = np.full(rows.size, segment.rho) if tape.rho is None else tape.rho[rows]
    return threshold / np.sqrt(1.0 - rho), np.sqrt(rho / (1.0 - rho))


def age_thresholds(scheme: Scheme) -> NDArray[np.float64]:
    """Return the thresholds of F(age/12) by (age, segment), F(τ) = 1 − (1 − p)^τ; static only."""
    if scheme.economy.step_months:
        return np.zeros((0, len(segment_rows(scheme))))
    age = np.arange(1, 1 + max((s.term_months for s in scheme.segments), default=0))[:, None]
    pd = np.array([s.pd_annual for s in scheme.segments])
    rho = np.array([s.rho for s in scheme.segments])
    unconditional = -np.expm1(age / 12 * np.log1p(-pd))
    return np.ascontiguousarray(_quantile(scheme.economy, unconditional) / np.sqrt(1.0 - rho))


def _mixing_nodes(degrees: float | None) -> Any:
    value, slope = (np.zeros(0), np.zeros(0)) if degrees is None else tabulate_root(degrees)
    return table(t.MIXING_NODE, value=value, slope=slope)
