"""Losses given default are stated over defaults; here they become the beta laws that losses are drawn from.

Defaults come with a low index, and a low index makes losses high.  So the mean of a segment's beta law is
solved for the mean over its defaults to be the stated one.  The loans of a tape that state one mean share a
law.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from fundsim.lowering.default_weights import SCORES, life_of, score_weights
from fundsim.lowering.economy import SURE, Factors
from fundsim.lowering.refusals import Refused
from fundsim.lowering.roots import brent_root
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Facility, Lgd, Tape

__all__ = ["law_mean", "lower_loss", "mean_over_defaults", "with_tape_losses"]

Floats = NDArray[np.float64]

PDS_PER_UNIT = 4
"""PDs per unit of Φ⁻¹(PD) that stand for those of a tape's loans."""
WIDEST = 1.001
"""A beta law needs mean (1 − mean) > sd²; nearer to it than this it is a coin toss between 0 and 1."""
ROUGH = 1.0
"""Beta laws with a parameter below this are steep and need all ``SCORES``; for others every fourth does."""


def mean_over_defaults(mean: float, sd: float, weights: Floats) -> float:
    """Return the mean loss of those that default, of losses with a beta law.

    Args:
        mean: mean of the beta law.
        sd: its standard deviation, above 0.
        weights: how many defaults come with each of ``SCORES``, relative to their normal law.
    """
    size = mean * (1.0 - mean) / (sd * sd) - 1.0
    a, b = mean * size, (1.0 - mean) * size
    chosen = slice(None, None, 1 if min(a, b) < ROUGH else 4)
    z, weight = SCORES[chosen], weights[chosen]
    normal = np.exp(-0.5 * z * z)
    normal /= normal.sum()
    loss = np.where(z < 0.0, betaincinv(a, b, ndtr(z)), 1.0 - betaincinv(b, a, ndtr(-z)))
    # The mean is known; what the weights move it by is all that is left to the quadrature.
    return float(mean + np.sum(normal * loss * (weight / np.sum(normal * weight) - 1.0)))


def law_mean(mean: float, sd: float, weights: Floats) -> float:
    """Return the mean of the beta law with which losses have the stated mean over defaults.

    Args:
        mean: stated mean, over defaults.
        sd: standard deviation of the beta law, above 0.
        weights: how many defaults come with each of ``SCORES``, relative to their normal law.

    Raises:
        ValueError: no beta law has this standard deviation and this mean over defaults.
    """
    spread = 0.25 - WIDEST * sd * sd
    if spread <= 0.0:
        raise ValueError("no beta law is so wide")
    least = 0.5 - math.sqrt(spread)
    most = min(mean, 1.0 - least)

    def excess(candidate: float) -> float:
        return mean_over_defaults(candidate, sd, weights) - mean

    if most <= least or excess(least) > 0.0 or excess(most) < -1e-9:
        raise ValueError("no beta law has this mean over defaults")
    return most if excess(most) <= 0.0 else brent_root(excess, least, most, tolerance=1e-10)


def lower_loss(terms: SegmentTerms, pd: float, factors: Factors) -> Lgd:
    """Return the law of a segment's losses.

    Args:
        terms: what is written of the segment.
        pd: yearly PD of its loans.
        factors: how its index moves.

    Raises:
        Refused: no beta law has the stated mean over defaults.
    """
    loss = terms.loss
    if not _follows(terms):
        return Lgd(mean=loss.mean, sd=loss.sd, factor_correlation=loss.factor_correlation if loss.sd else 0.0)
    life = life_of(pd, terms.rho, factors, terms.loan.term_months, terms.maturity_share)
    try:
        solved = law_mean(loss.mean, loss.sd, score_weights(life, loss.factor_correlation))
    except ValueError as error:
        raise _no_law(terms, loss.mean) from error
    return Lgd(mean=loss.mean, sd=loss.sd, factor_correlation=loss.factor_correlation, law_mean=solved)


def _follows(terms: SegmentTerms) -> bool:
    """Whether defaults and losses of a segment follow the index, so that the two means differ."""
    return terms.rho > 0.0 and terms.loss.sd > 0.0 and terms.loss.factor_correlation > 0.0


def _no_law(
    terms: SegmentTerms, mean: float, of: str = "", of_zh: str = "", at: tuple[str, ...] = ("lgd",)
) -> Refused:
    """Return the refusal of a mean over defaults; ``of`` says whose it is, unless it is the segment's own."""
    sd, correlation = terms.loss.sd, terms.loss.factor_correlation
    return Refused(
        f"{of}no beta law with lgd.sd {sd:g} has the mean {mean:g} over defaults when "
        f"lgd.factor_correlation is {correlation:g}: losses are higher in bad times, when most defaults "
        "come, so the law's own mean must be lower, and its spread would be too large",
        "lower lgd.sd or lgd.factor_correlation, or bring the mean nearer to 0.5",
        f"{of_zh}lgd.sd 为 {sd:g}、lgd.factor_correlation 为 {correlation:g} 时，没有 beta 分布能使"
        f"违约贷款的平均损失率为 {mean:g}：经济下行时违约多、损失也高，分布自身的均值须更低，此时标准差过大",
        "请降低 lgd.sd 或 lgd.factor_correlation，或使均值更接近 0.5",
        at=at,
    )


def with_tape_losses(facility: Facility, terms: Mapping[str, SegmentTerms], factors: Factors) -> Facility:
    """Return a facility whose tape has the mean of the beta law of each loan whose loss follows the index.

    Raises:
        Refused: no beta law has a stated mean over defaults.
    """
    tape = facility.tape
    if tape is None or not any(_follows(terms[name]) for name in tape.segments):
        return facility
    means = tape.lgd_mean.copy()
    for position, name in enumerate(tape.segments):
        if _follows(terms[name]):
            for rows, mean in _sharing(tape, position):
                means[rows] = _mean_of_law(name, terms[name], mean, tape, rows, factors)
    means.flags.writeable = False
    return replace(facility, tape=replace(tape, lgd_law_mean=means))


def _sharing(tape: Tape, position: int) -> Iterator[tuple[NDArray[np.int64], float]]:
    """Yield the rows of a segment that state one mean, and that mean."""
    mine = np.flatnonzero(tape.segment == position)
    mine = mine[np.argsort(tape.lgd_mean[mine], kind="stable")]
    stated, first = np.unique(tape.lgd_mean[mine], return_index=True)
    for rows, mean in zip(np.split(mine, first[1:]), stated, strict=True):
        yield rows, float(mean)


def _mean_of_law(
    name: str, terms: SegmentTerms, mean: float, tape: Tape, rows: NDArray[np.int64], factors: Factors
) -> float:
    try:
        return law_mean(mean, terms.loss.sd, _tape_weights(terms, tape, rows, factors))
    except ValueError as error:
        of, of_zh = f"the tape's loans of {name}: ", f"明细中 {name} 的贷款："
        raise _no_law(terms, mean, of, of_zh, ("opening_stock", "tape")) from error


def _tape_weights(terms: SegmentTerms, tape: Tape, rows: NDArray[np.int64], factors: Factors) -> Floats:
    """Return the weights of loans that share a law, each counting by its principal.

    A loan's expected defaults are shared out to the two of a row of PDs between which its own lies, by the
    distance of their scores: what is interpolated is then how defaults spread over the index, which hardly
    bends.
    """
    pds = np.clip(tape.pd_annual[rows], SURE, 1.0 - SURE)
    score = ndtri(pds) * PDS_PER_UNIT
    below = np.floor(score)
    expected = tape.principal[rows] * pds
    part = expected * (score - below)
    amounts: dict[float, float] = {}
    for place, defaults in ((below, expected - part), (below + 1.0, part)):
        different, which = np.unique(place, return_inverse=True)
        for node, total in zip(different, np.bincount(which.reshape(-1), defaults), strict=True):
            pd = float(ndtr(node / PDS_PER_UNIT))
            amounts[pd] = amounts.get(pd, 0.0) + float(total) / pd
    try:
        return _weighted(terms, amounts, factors)
    except ValueError:
        # Near the edge of what a t copula can reach the loans' mean PD stands for them all.
        mean = float(np.average(tape.pd_annual[rows], weights=tape.principal[rows]))
        return _weighted(terms, {mean: 1.0}, factors)


def _weighted(terms: SegmentTerms, amounts: dict[float, float], factors: Factors) -> Floats:
    """Return the weights of amounts of loans by their yearly PD."""
    total = np.zeros(SCORES.size)
    for pd, amount in amounts.items():
        life = life_of(pd, terms.rho, factors, terms.loan.term_months, terms.maturity_share)
        total += amount * score_weights(life, terms.loss.factor_correlation)
    return total
