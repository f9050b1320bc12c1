"""Whether a year of a step's factors is the year that a scenario states, by a quadrature of its own.

The lowering solves threshold and ρ of a monthly or quarterly step.  Here the result is judged from the
outside: survival over a path is the product of its steps' survivals, integrated by Gauss–Legendre nodes
(Nyström's method), and the mixing variable of a t copula by its own density.  Three figures are compared with
Vasicek's yearly model: the PD of a year, the probability that both of a pair default in one year, and that
one defaults in a year and the other in the next.  The third is not solved for and comes out near the yearly
one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtrit

from fundsim.lowering.economy import Factors, StepLaw, factors_of

__all__ = ["ADJACENT", "Cell", "cells", "stated_year_section", "year_figures"]

Floats = NDArray[np.float64]

PDS = (0.005, 0.03, 0.10, 0.30)
RHOS = (0.02, 0.08, 0.24, 0.5)
STEPS = ("month", "quarter", "year")
DEGREES = (None, 6.0)
PERSISTENCE = 0.5
"""The yearly one of all cells."""
ADJACENT = 0.03
"""How far a pair that defaults a year apart may be from the yearly model without being listed."""
INTRODUCTION = """\
PD, ρ and persistence are stated by the year. For a monthly or quarterly step the lowering solves its
threshold, ρ and persistence. A quadrature of its own compares {n} combinations of PD (0.5, 3, 10, 30 %), ρ
(0.02, 0.08, 0.24, 0.5), step and copula (Gaussian, t with 6 degrees), persistence 0.5, with the yearly model.
The one-year PD differs by at most {pd:.1e} of itself, the probability that both of a pair default in one year
by at most {pair:.1e}. That one defaults in a year and the other in the next is not solved for; where it
differs by more than 3 %:
"""
_NODES = 240
_BOUND = 9.0


@lru_cache(maxsize=4)
def _legendre(low: float, high: float, n: int) -> tuple[Floats, Floats]:
    node, weight = np.polynomial.legendre.leggauss(n)
    half = 0.5 * (high - low)
    return half * node + 0.5 * (low + high), half * weight


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi))


@lru_cache(maxsize=2)
def _mixing(degrees: float | None) -> tuple[Floats, Floats]:
    """Return nodes of g and their weights, by the density of χ²_ν/ν over ln g; g is 1 without degrees."""
    if degrees is None:
        return np.ones(1), np.ones(1)
    log_g, weight = _legendre(-8.0, 3.5, 200)
    half = 0.5 * degrees
    density = half * math.log(half) - float(gammaln(half)) + half * log_g - half * np.exp(log_g)
    return np.exp(log_g), weight * np.exp(density)


def _survival_of_step(law: StepLaw, degrees: float | None, x: Floats) -> tuple[Floats, Floats]:
    """Return the probability that one firm, and that both of a pair, survive a step, by index."""
    g, weight = _mixing(degrees)
    score = (law.threshold * np.sqrt(g)[:, None] - math.sqrt(law.rho) * x) / math.sqrt(1.0 - law.rho)
    lives = ndtr(-score)
    return weight @ lives, weight @ (lives * lives)


def year_figures(
    law: StepLaw, persistence: float, steps: int, degrees: float | None
) -> tuple[float, float, float]:
    """Return a year's PD, a pair's probability of both defaulting in it, and that of defaulting a year apart.

    Args:
        law: threshold and ρ of a step.
        persistence: AR(1) coefficient of a step.
        steps: steps in a year.
        degrees: degrees of freedom of a t copula, or None.
    """
    x, weight = _legendre(-_BOUND, _BOUND, _NODES)
    innovation = math.sqrt(1.0 - persistence * persistence)
    kernel = _density((x[None, :] - persistence * x[:, None]) / innovation) / innovation * weight
    one, both = _survival_of_step(law, degrees, x)

    def over_year(of_step: Floats, after: Floats) -> Floats:
        value = after
        for _ in range(steps - 1):
            value = kernel @ (of_step * value)
        return of_step * value

    sure = np.ones_like(x)
    start = weight * _density(x)
    alive = float(start @ over_year(one, sure))
    pair_alive = float(start @ over_year(both, sure))
    # One firm through the first year, then the other through the second; the first is not looked at again.
    second = kernel @ over_year(one, sure)
    apart = float(start @ over_year(one, second))
    return 1.0 - alive, 1.0 - 2.0 * alive + pair_alive, 1.0 - 2.0 * alive + apart


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of inputs, and what a year of it is."""

    pd: float
    rho: float
    step: str
    degrees: float | None
    on_tape: bool
    ratios: tuple[float, float, float] | None
    """PD, pair in a year, pair a year apart, each ÷ that of the yearly model; None if no ρ of a step fits."""

    @property
    def label(self) -> str:
        """The inputs in words."""
        copula = "Gaussian" if self.degrees is None else f"t with {self.degrees:g} degrees"
        return f"{self.step}, {copula}, PD {self.pd:g}, ρ {self.rho:g}{', tape' if self.on_tape else ''}"


def cells(*, on_tape: bool) -> Iterator[Cell]:
    """Yield every combination of the inputs, a segment's or a tape's."""
    for step in STEPS:
        for degrees in DEGREES:
            factors = factors_of(step, PERSISTENCE, degrees, "year")
            for rho in RHOS:
                for pd in PDS:
                    yield _cell(pd, rho, step, factors, on_tape)


def stated_year_section() -> Iterator[str]:
    """Yield the lines of the report on what a year of finer steps keeps, and where it does not."""
    found = list(cells(on_tape=False))
    reached = [(cell.label, cell.ratios) for cell in found if cell.ratios is not None]
    pd, pair = (max(abs(ratios[i] - 1.0) for _, ratios in reached) for i in (0, 1))
    yield "### A stated year in finer steps\n"
    yield INTRODUCTION.format(n=len(found), pd=pd, pair=pair)
    yield "| step, copula, PD, ρ | a year apart ÷ yearly model |"
    yield "|---|---|"
    for label, ratios in reached:
        if abs(ratios[2] - 1.0) > ADJACENT:
            yield f"| {label} | {ratios[2]:.3f} |"
    refused = [cell.label for cell in found if cell.ratios is None]
    yield (
        "\nRefused, because the mixing variables of the steps alone tie a pair more closely than is stated: "
        f"{'; '.join(refused)}.\n"
    )


def _cell(pd: float, rho: float, step: str, factors: Factors, on_tape: bool) -> Cell:
    degrees = factors.t_degrees
    try:
        if on_tape:
            threshold, own = factors.laws(np.array([pd]), rho)
            law = StepLaw(float(threshold[0]), float(own[0]))
        else:
            law = factors.law(pd, rho)
    except ValueError:
        return Cell(pd, rho, step, degrees, on_tape, None)
    yearly = StepLaw(float(ndtri(pd) if degrees is None else stdtrit(degrees, pd)), rho)
    wanted = year_figures(yearly, PERSISTENCE, 1, degrees)
    got = year_figures(law, factors.persistence, factors.steps, degrees)
    return Cell(pd, rho, step, degrees, on_tape, (got[0] / pd, got[1] / wanted[1], got[2] / wanted[2]))
