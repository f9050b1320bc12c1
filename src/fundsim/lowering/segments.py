"""Segments: terms to numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fundsim.lowering.economy import Factors, StepLaw, factors_of
from fundsim.lowering.firms import accepted_pd, lower_population
from fundsim.lowering.losses import lower_loss
from fundsim.lowering.refusals import Refused
from fundsim.lowering.repayment import outstanding_share
from fundsim.lowering.size_bands import size_bands
from fundsim.scenario.terms import Economy as EconomyTerms
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Segment

__all__ = ["STEP_MONTHS", "factors_of_economy", "laws_of_tape", "lower_segment"]

LEAST_PD = 1e-15
"""Yearly PD of those accepted below which a screening has left no risk that could be computed with."""
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


def lower_segment(name: str, terms: SegmentTerms, factors: Factors) -> Segment:
    """Lower a segment: PD of those accepted, threshold and ρ of the factor's step, size bands, law of losses.

    Raises:
        Refused: no ρ of a step keeps the probability that a pair defaults in a year, a screening leaves no
            risk, or no beta law has the stated mean over defaults.
    """
    pd = stated_pd(terms)
    law = law_of_step(pd, terms.rho, factors) if factors.solved else None
    return Segment(
        name=name,
        sector=terms.sector if terms.city_weight < 1.0 else None,
        city_weight=terms.city_weight,
        pd_annual=pd,
        rho=terms.rho if law is None else law.rho,
        threshold=None if law is None else law.threshold,
        maturity_share=terms.maturity_share,
        lgd=lower_loss(terms, pd, factors),
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
