"""Segments: terms to numbers."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fundsim.instruments.days import law_of_days
from fundsim.lowering.economy import SURE, Factors, StepLaw, factors_of
from fundsim.lowering.firms import accepted_pd, lower_population
from fundsim.lowering.losses import lower_loss
from fundsim.lowering.refusals import Refused
from fundsim.lowering.repayment import outstanding_share
from fundsim.lowering.size_bands import LEAST_CV, size_bands, solve_lognormal
from fundsim.scenario.shortage_terms import LEAST_PD
from fundsim.scenario.terms import Economy as EconomyTerms
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Segment, Shortage, SizeLaw

__all__ = ["STEP_MONTHS", "factors_of_economy", "laws_of_tape", "lower_segment", "stated_pd"]

STEP_MONTHS = {"static": 0, "year": 12, "quarter": 3, "month": 1}

# Scenarios repeat a size law over their segments, and solving takes a tenth of a second.
_size_bands = lru_cache(maxsize=256)(size_bands)


def factors_of_economy(economy: EconomyTerms) -> Factors:
    """Return how the factors of an economy move from step to step."""
    return factors_of(economy.step, economy.persistence, economy.t_degrees, economy.rho_horizon)


def law_of_step(pd: float, rho: float, factors: Factors) -> StepLaw:
    """Return threshold and ρ of a step for a segment.

    Raises:
        Refused: no ρ of a step keeps the probability that a pair defaults within a year.
    """
    try:
        return factors.law(pd, rho)
    except ValueError as error:
        raise _unreachable("", "", factors) from error


def laws_of_tape(
    name: str, pd: NDArray[np.float64], rho: float, factors: Factors
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return thresholds and ρ of a step for loans of a segment on a tape.

    Raises:
        Refused: as ``law_of_step``.
    """
    try:
        return factors.laws(pd, rho)
    except ValueError as error:
        highest = f"{100.0 * float(pd.max()):.3g} %"
        raise _unreachable(
            f"the tape's loans of {name} have a PD of up to {highest}: ",
            f"明细中 {name} 的贷款违约概率最高为 {highest}：",
            factors,
            at=("opening_stock", "tape"),
        ) from error


def _unreachable(of: str, of_zh: str, factors: Factors, at: tuple[str, ...] = ()) -> Refused:
    """Return the refusal of a yearly ρ that no ρ of a step can give under a t copula."""
    step = {12: "month", 4: "quarter"}[factors.steps]
    return Refused(
        f"{of}with economy.t_degrees {factors.t_degrees:g} and economy.step {step} "
        "defaults are more correlated within a year than rho says, whatever the rho of a step",
        "raise t_degrees or rho, or choose economy.step: year, or economy.rho_horizon: step",
        f"{of_zh}economy.t_degrees 为 {factors.t_degrees:g}、economy.step 为 {step} 时，"
        "无论步长内的相关系数取何值，一年内的违约相关性都高于 rho 所设",
        "请提高 t_degrees 或 rho，或改用 economy.step: year 或 economy.rho_horizon: step",
        at=at,
    )


def stated_pd(terms: SegmentTerms) -> float:
    """Return the yearly PD of a segment's loans: of those who pass the screening, if there is one.

    Raises:
        Refused: the screening leaves no risk.
    """
    if terms.screening is None:
        return terms.pd
    pd = accepted_pd(terms.pd, terms.screening.accuracy_ratio, terms.screening.rejected)
    if pd < LEAST_PD:
        raise Refused(
            f"the screening leaves a default probability of {pd:.2g}, next to nothing",
            "write a lower accuracy_ratio or rejected",
            f"筛选后的违约概率仅 {pd:.2g}，几乎为零",
            "请降低 accuracy_ratio 或 rejected",
            at=("screening",),
        )
    return pd


def pd_of_loans(terms: SegmentTerms, times: float = 1.0) -> float:
    """Return the yearly PD that loans are simulated with: without the defaults for lack of a bridge.

    Args:
        terms: what is written of the segment.
        times: multiple of the stated PD, which becomes 1 at the most.

    Raises:
        Refused: the screening, or what is taken off, leaves no risk.
    """
    pd = stated_pd(terms)
    if times != 1.0:
        pd = min(1.0 - SURE, times * pd)
    liquidity = terms.liquidity_pd(terms.loan.term_months)
    if liquidity == 0.0:
        return pd
    left = (pd - liquidity) / (1.0 - liquidity) if liquidity < 1.0 else 0.0
    if left < LEAST_PD:
        raise _nothing_left(pd, liquidity, terms.loan.term_months)
    return left


def _nothing_left(pd: float, liquidity: float, term_months: int) -> Refused:
    """Return the refusal of a PD that defaults for lack of a bridge use up."""
    most = f"{-math.expm1(term_months / 12.0 * math.log1p(-pd)):.4g}"
    return Refused(
        f"short firms that no bridge fund serves default with {liquidity:.4g} a year, and pd is {pd:.4g}: "
        "nothing is left of it",
        f"write a higher pd, or let short × default_if_unserved be less than {most}",
        f"未获转贷的企业年违约概率为 {liquidity:.4g}，而 pd 为 {pd:.4g}，扣除后没有剩余",
        f"请提高 pd，或使 short 与 default_if_unserved 之积小于 {most}",
        at=("pd_includes_liquidity",),
    )


def _shortage(terms: SegmentTerms) -> Shortage | None:
    """Return how many firms are short at maturity; None where none ever is."""
    if terms.short == 0.0:
        return None
    days = terms.private_days
    return Shortage(
        probability=terms.short,
        rho=terms.short_rho,
        trend=terms.demand_trend,
        default_if_unserved=terms.unserved_default,
        private_fee_per_day=terms.private_fee_per_day,
        private_days=None if days is None else law_of_days(days),
    )


@lru_cache(maxsize=256)
def _size_law(mean: float, cv: float, cap: float | None) -> SizeLaw:
    top = math.inf if cap is None else cap
    law = solve_lognormal(mean, cv, top)
    return SizeLaw(mu=law.mu, sigma=law.sigma, cap=top)


def lower_segment(name: str, terms: SegmentTerms, factors: Factors, times: float = 1.0) -> Segment:
    """Lower a segment: PD of its loans, threshold and ρ of the factor's step, size bands, law of losses.

    Args:
        name: its name.
        terms: what is written of it.
        factors: how its index moves.
        times: multiple of the stated PD with which its loans live.

    Raises:
        Refused: no ρ of a step keeps the probability that a pair defaults in a year, a screening or the
            defaults for lack of a bridge leave no risk, or no beta law has the stated mean over defaults.
    """
    pd = pd_of_loans(terms, times)
    law = law_of_step(pd, terms.rho, factors) if factors.solved else None
    loan = terms.loan
    shortage = _shortage(terms)
    has_law = shortage is not None and loan.cv >= LEAST_CV and loan.bands > 1
    return Segment(
        name=name,
        sector=terms.sector if terms.city_weight < 1.0 else None,
        city_weight=terms.city_weight,
        pd_annual=pd,
        rho=terms.rho if law is None else law.rho,
        threshold=None if law is None else law.threshold,
        maturity_share=terms.maturity_share,
        lgd=lower_loss(terms, pd, factors),
        term_months=loan.term_months,
        rate_annual=loan.rate,
        bands=_size_bands(loan.mean, loan.cv, loan.cap, loan.bands),
        renew=terms.renew,
        renew_rho=terms.renew_rho,
        default_if_not_renewed=terms.default_if_not_renewed,
        firms=terms.firms,
        population=None if terms.population is None else lower_population(terms.population),
        outstanding_share=outstanding_share(loan.repayment, loan.term_months, loan.rate),
        shortage=shortage,
        sizes=_size_law(loan.mean, loan.cv, loan.cap) if has_law else None,
    )
