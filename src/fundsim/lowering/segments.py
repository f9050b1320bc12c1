"""Segments: terms to numbers."""

from __future__ import annotations

from functools import lru_cache

from fundsim.errors import ScenarioError
from fundsim.lowering.economy import Factors, StepLaw, factors_of
from fundsim.lowering.firms import accepted_pd, lower_population
from fundsim.lowering.losses import lower_loss
from fundsim.lowering.repayment import outstanding_share
from fundsim.lowering.size_bands import size_bands
from fundsim.scenario.terms import Economy as EconomyTerms
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Segment

__all__ = ["STEP_MONTHS", "factors_of_economy", "law_of_step", "lower_segment", "stated_pd", "unreachable"]

STEP_MONTHS = {"static": 0, "year": 12, "quarter": 3, "month": 1}

# Scenarios repeat a size law over their segments, and solving takes a tenth of a second.
_size_bands = lru_cache(maxsize=256)(size_bands)


def factors_of_economy(economy: EconomyTerms) -> Factors:
    """Return how the factors of an economy move from step to step."""
    return factors_of(economy.step, economy.persistence, economy.t_degrees, economy.rho_horizon)


def law_of_step(name: str, pd: float, rho: float, factors: Factors) -> StepLaw:
    """Return threshold and ρ of a step for a segment.

    Raises:
        ScenarioError: no ρ of a step keeps the probability that a pair defaults within a year.
    """
    try:
        return factors.law(pd, rho)
    except ValueError as error:
        raise unreachable(name, factors) from error


def unreachable(name: str, factors: Factors) -> ScenarioError:
    """Return the error of a segment whose yearly ρ no ρ of a step can give under a t copula."""
    return ScenarioError(
        f"segment {name}: with economy.t_degrees {factors.t_degrees:g} and {factors.steps} factor steps a year "
        "defaults are more correlated within a year than rho says, whatever the rho of a step; "
        "raise t_degrees or rho, or choose economy.step: year, or economy.rho_horizon: step",
        f"分组 {name}：economy.t_degrees 为 {factors.t_degrees:g}、因子每年 {factors.steps} 步时，"
        "无论步长内的相关系数取何值，一年内的违约相关性都高于 rho 所设；"
        "请提高 t_degrees 或 rho，或改用 economy.step: year 或 economy.rho_horizon: step",
    )


def stated_pd(terms: SegmentTerms) -> float:
    """Return the yearly PD of a segment's loans: that of the applicants who pass a screening, if there is one."""
    if terms.screening is None:
        return terms.pd
    return accepted_pd(terms.pd, terms.screening.accuracy_ratio, terms.screening.rejected)


def lower_segment(name: str, terms: SegmentTerms, factors: Factors) -> Segment:
    """Lower a segment: PD of those accepted, threshold and ρ of the factor's step, size bands, law of losses.

    Raises:
        ScenarioError: no ρ of the step keeps the probability that a pair defaults within a year, or no beta
            law has the stated mean over defaults.
    """
    pd = stated_pd(terms)
    law = law_of_step(name, pd, terms.rho, factors) if factors.solved else None
    return Segment(
        name=name,
        sector=terms.sector if terms.city_weight < 1.0 else None,
        city_weight=terms.city_weight,
        pd_annual=pd,
        rho=terms.rho if law is None else law.rho,
        threshold=None if law is None else law.threshold,
        maturity_share=terms.maturity_share,
        lgd=lower_loss(name, terms, pd, factors),
        term_months=terms.loan.term_months,
        rate_annual=terms.loan.rate,
        bands=_size_bands(terms.loan.mean, terms.loan.cv, terms.loan.cap, terms.loan.bands),
        renew=terms.renew,
        renew_rho=terms.renew_rho,
        default_if_not_renewed=terms.default_if_not_renewed,
        firms=terms.firms,
        population=None if terms.population is None else lower_population(terms.population),
        outstanding_share=outstanding_share(terms.loan.repayment, terms.loan.term_months, terms.loan.rate),
    )
