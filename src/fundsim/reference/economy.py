"""Step 1 of the month: the factors of a path and what they make of a segment's risk.

The factors, the drawn multiples, the draws of equity funds and of budgets are all the numbers that this
engine shares with the other one: both read them from Philox4x64-10 at the same key and counter, so both live
through the same economy.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.random import Philox
from scipy.special import gammaincinv, log_ndtr, ndtr, ndtri, stdtrit

from fundsim.scheme import Drawn, Economy, Purpose, Segment, Tape, entity
from fundsim.scheme.draws import CITY, MIXING, sector_entity

__all__ = [
    "Factors",
    "OwnRisk",
    "Risk",
    "draw_factors",
    "drawn_value",
    "index_of",
    "own_risk",
    "probability_at",
    "segment_risk",
    "shared_mixing",
    "shared_normal",
    "shared_uniform",
    "shared_uniforms",
]


def shared_uniforms(
    seed: int, path: int, purpose: Purpose, entity_number: int, month: int, draw: int = 0
) -> tuple[float, ...]:
    """Return the four numbers in (0, 1) that both engines draw for one purpose, entity, month and draw.

    Key ``(seed, path)``; counter words, least significant first, ``(draw, entity, month, purpose)``;
    ``u = ((word >> 12) + ½)·2⁻⁵²`` of words 0 … 3.

    Args:
        seed: seed of the run, below 2⁶⁴.
        path: number of the path.
        purpose: what the numbers are for.
        entity_number: 64-bit entity of what they belong to.
        month: first month of the factor's step; 0 for what is drawn once a path.
        draw: number of the block.
    """
    counter = (int(purpose) << 192) + (month << 128) + (entity_number << 64) + draw
    # numpy adds one to the counter before its first block.
    generator = Philox(key=np.array([seed, path], dtype=np.uint64), counter=(counter - 1) % 2**256)
    return tuple(((int(word) >> 12) + 0.5) * 2.0**-52 for word in generator.random_raw(4))


def shared_uniform(seed: int, path: int, purpose: Purpose, entity_number: int, month: int) -> float:
    """Return word 0 of draw 0 of ``shared_uniforms``."""
    return shared_uniforms(seed, path, purpose, entity_number, month)[0]


def shared_normal(seed: int, path: int, entity_number: int, month: int) -> float:
    """Return the standard normal innovation of one factor and step, ``Φ⁻¹(u)``.

    Args:
        seed: seed of the run, below 2⁶⁴.
        path: number of the path.
        entity_number: 64-bit entity of the factor.
        month: first month of the factor's step.
    """
    return float(ndtri(shared_uniform(seed, path, Purpose.FACTOR, entity_number, month)))


def shared_mixing(seed: int, path: int, degrees: float | None, month: int) -> float:
    """Return g = χ²_ν/ν of one step by inversion: the χ² law is Gamma(ν/2, 2).  1 without degrees ν.

    Args:
        seed: seed of the run, below 2⁶⁴.
        path: number of the path.
        degrees: ν of the Student-t copula, or None for the Gaussian one.
        month: first month of the step.
    """
    if degrees is None:
        return 1.0
    u = shared_uniform(seed, path, Purpose.MIXING, entity(MIXING), month)
    return 2.0 * float(gammaincinv(degrees / 2.0, u)) / degrees


def drawn_value(drawn: Drawn, seed: int, path: int) -> float:
    """Return the value of a drawn multiple on a path, ``low + (high − low) u``.

    Args:
        drawn: the multiple.
        seed: seed of the run, below 2⁶⁴.
        path: number of the path.
    """
    u = shared_uniform(seed, path, Purpose.DRAWN, entity(drawn.name), 0)
    return drawn.low + (drawn.high - drawn.low) * u


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of one path, month by month [standard deviations]."""

    city: list[float]
    """Z as loans feel it: shifted by a stress, or fixed by a named path."""
    sectors: dict[str, list[float]]
    """W of each sector."""
    mixing: list[float]
    """g of a Student-t copula; 1 in a Gaussian one."""


def draw_factors(economy: Economy, months: int, seed: int, path: int) -> Factors:
    """Draw the factors of one path.

    ``Z' = φ Z + sqrt(1 − φ²) ε`` from step to step, stationary start; the innovations of
    the sectors are ``L ε`` with L the Cholesky factor of their correlation, in name order.

    Args:
        economy: the economy.
        months: number of months to fill.
        seed: seed of the run.
        path: number of the path.
    """
    step = economy.step_months or months
    phi = economy.persistence
    scale = math.sqrt(1.0 - phi * phi)
    correlation = np.array(economy.sector_correlation) if economy.sectors else np.eye(0)
    root = np.linalg.cholesky(correlation) if economy.sectors else correlation

    city: list[float] = []
    mixing: list[float] = []
    sectors: dict[str, list[float]] = {name: [] for name in economy.sectors}
    for month in range(months):
        first_of_step = month % step == 0
        if not first_of_step:
            city.append(city[-1])
            mixing.append(mixing[-1])
            for values in sectors.values():
                values.append(values[-1])
            continue
        mixing.append(shared_mixing(seed, path, economy.t_degrees, month))
        epsilon = shared_normal(seed, path, entity(CITY), month)
        if month == 0:
            city.append(epsilon if economy.start is None else economy.start)
        else:
            city.append(phi * city[-1] + scale * epsilon)
        independent = [shared_normal(seed, path, sector_entity(name), month) for name in economy.sectors]
        innovations = root @ np.array(independent)
        for values, innovation in zip(sectors.values(), innovations.tolist(), strict=True):
            values.append(innovation if month == 0 else phi * values[-1] + scale * innovation)
    return Factors([_overlaid(economy, month, z) for month, z in enumerate(city)], sectors, mixing)


def _overlaid(economy: Economy, month: int, z: float) -> float:
    """Return Z of a month as a stress leaves it: fixed there, or shifted, or as it was drawn."""
    if month < len(economy.fixed) and not math.isnan(economy.fixed[month]):
        return economy.fixed[month]
    shift = economy.shift[month] if month < len(economy.shift) else 0.0
    return z + shift


def index_of(factors: Factors, weight: float, sector: str | None) -> list[float]:
    """Return ``X = sqrt(w) Z + sqrt(1 − w) W`` in each month, with W of a sector, or 0 without one.

    Args:
        factors: factors of the path.
        weight: w, weight of the city factor.
        sector: name of the sector, or None.
    """
    own = [0.0] * len(factors.city) if sector is None else factors.sectors[sector]
    return [
        math.sqrt(weight) * z + math.sqrt(1.0 - weight) * w for z, w in zip(factors.city, own, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Risk:
    """What one path's economy means for the loans of one segment."""

    index: list[float]
    """X in each month [standard deviations]; low is bad."""
    cumulative: list[float]
    """Cumulative hazard: of the first k months at k, or, where ``by_age``, of the first k months of life."""
    by_age: bool
    """True in a static economy, where the copula joins default times by the age of the loan."""
    past_monthly: float
    """Hazard of a month before the window, at the unconditional PD."""

    def months_survived(self, granted: int, age: int, exponential: float) -> int:
        """Return the number of months until the hazard since ``granted`` reaches ``exponential``.

        A loan with a unit exponential clock defaults in month ``granted + months_survived``: month by
        month its conditional default probability is then 1 − exp(−hazard of the month).

        Args:
            granted: month of the grant or last renewal, −1 for opening loans.
            age: months of life already behind the loan in that month.
            exponential: hazard that the loan bears; infinity means that it never defaults in life.
        """
        start = age if self.by_age else granted + 1
        return bisect_left(self.cumulative, self.cumulative[start] + exponential) - start

    def hazard(self, granted: int, age: int, month: int) -> float:
        """Return H(month) − H(t₀), with t₀ the loan's own start, ``age`` months before ``granted``."""
        return age * self.past_monthly + self.cumulative[month + 1] - self.cumulative[granted + 1]


@dataclass(frozen=True, slots=True)
class OwnRisk:
    """The risk of one loan, in place of its segment's."""

    pd_annual: float
    threshold: float | None
    """Score below which it defaults in a step; None: that of its yearly PD."""
    rho: float | None
    """Asset correlation of a step; None: its segment's."""


def own_risk(tape: Tape, row: int) -> OwnRisk:
    """Return the risk of one row of a tape."""
    return OwnRisk(
        pd_annual=float(tape.pd_annual[row]),
        threshold=None if tape.threshold is None else float(tape.threshold[row]),
        rho=None if tape.rho is None else float(tape.rho[row]),
    )


def segment_risk(
    segment: Segment, economy: Economy, factors: Factors, months: int, own: OwnRisk | None = None
) -> Risk:
    """Return the risk of a segment on one path (Vasicek 2002; Li 2000 in a static economy).

    ``X = sqrt(w) Z + sqrt(1 − w) W``; ``q(X, g) = Φ((c sqrt(g) − sqrt(ρ) X)/sqrt(1 − ρ))`` with the threshold
    c and the ρ of a step, g the mixing variable of a Student-t copula; the month's hazard is
    ``−ln(1 − q(X, g))/step``.  Without a threshold of its own c is that of ``q = 1 − (1 − pd)^(step/12)``.

    Args:
        segment: the segment.
        economy: its economy.
        factors: factors of the path, at least ``months`` of them.
        months: months simulated.
        own: risk of a single loan, in place of the segment's.
    """
    own = own or OwnRisk(segment.pd_annual, segment.threshold, segment.rho)
    pd = own.pd_annual
    rho = segment.rho if own.rho is None else own.rho
    index = index_of(factors, segment.city_weight, segment.sector)[:months]
    past = -math.log1p(-pd) / 12.0
    if economy.step_months == 0:
        by_age = [0.0]
        for age in range(1, months + segment.term_months + 1):
            threshold = _threshold(pd, age / 12.0, economy.t_degrees)
            by_age.append(_conditional_hazard(threshold, rho, index[0], factors.mixing[0]))
        return Risk(index, by_age, True, past)
    step = economy.step_months
    threshold = _threshold(pd, step / 12.0, economy.t_degrees) if own.threshold is None else own.threshold
    cumulative = [0.0]
    for month, (x, g) in enumerate(zip(index, factors.mixing, strict=False)):
        # A fixed path or a stress may change X inside a step.
        if month == 0 or x != index[month - 1] or month % step == 0:
            monthly = _conditional_hazard(threshold, rho, x, g) / step
        cumulative.append(cumulative[-1] + monthly)
    return Risk(index, cumulative, False, past)


def _threshold(pd_annual: float, years: float, degrees: float | None) -> float:
    """Return the score below which a firm defaults within so many years, at the unconditional PD."""
    unconditional = -math.expm1(years * math.log1p(-pd_annual))
    if unconditional == 0.0:
        # stdtrit has no value there.
        return -math.inf
    if degrees is None:
        return float(ndtri(unconditional))
    return float(stdtrit(degrees, unconditional))


def _conditional_hazard(threshold: float, rho: float, x: float, g: float) -> float:
    """Return −ln(1 − Φ((threshold sqrt(g) − sqrt(ρ) x)/sqrt(1 − ρ))), finite for every x."""
    conditional = (threshold * math.sqrt(g) - math.sqrt(rho) * x) / math.sqrt(1.0 - rho)
    return -float(log_ndtr(-conditional))


def probability_at(mean: float, rho: float, index: float) -> float:
    """Return a probability in a month with the index X: Φ((Φ⁻¹(mean) − √r X)/√(1 − r)).

    Args:
        mean: its mean over X, which it keeps at 0 and 1.
        rho: r, 0 … below 1.
        index: X; the lower it is, the higher is the probability.

    >>> probability_at(0.2, 0.0, -3.0)
    0.2
    """
    if rho == 0.0 or mean in (0.0, 1.0):
        return mean
    return float(ndtr((ndtri(mean) - math.sqrt(rho) * index) / math.sqrt(1.0 - rho)))
