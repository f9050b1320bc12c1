"""Segments: terms to numbers."""

from __future__ import annotations

from functools import lru_cache

from fundsim.lowering.economy import step_rho
from fundsim.lowering.firms import accepted_pd, lower_population
from fundsim.lowering.refusals import Refused
from fundsim.lowering.repayment import outstanding_share
from fundsim.lowering.size_bands import size_bands
from fundsim.scenario.terms import Economy as EconomyTerms
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Lgd, Segment

__all__ = ["STEP_MONTHS", "lower_segment"]

LEAST_PD = 1e-15
"""Yearly PD of those accepted below which a screening has left no risk that could be computed with."""
STEP_MONTHS = {"static": 0, "year": 12, "quarter": 3, "month": 1}

# Scenarios repeat a PD and a size law over their segments, and solving takes a tenth of a second.
_step_rho = lru_cache(maxsize=256)(step_rho)
_size_bands = lru_cache(maxsize=256)(size_bands)


def _rho_of_step(pd: float, rho: float, economy: EconomyTerms) -> float:
    step_months = STEP_MONTHS[economy.step]
    try:
        return _step_rho(pd, rho, step_months, economy.persistence, economy.t_degrees)
    except ValueError as error:
        if economy.t_degrees is None:
            raise
        raise Refused(
            f"with economy.t_degrees {economy.t_degrees:g} and economy.step {economy.step} "
            "defaults are more correlated within a year than rho says, whatever the rho of a step",
            "raise t_degrees or rho, or choose economy.step: year, or economy.rho_horizon: step",
            f"economy.t_degrees 为 {economy.t_degrees:g}、economy.step 为 {economy.step} 时，"
            "无论步长内的相关系数取何值，一年内的违约相关性都高于 rho 所设",
            "请提高 t_degrees 或 rho，或改用 economy.step: year 或 economy.rho_horizon: step",
        ) from error


def lower_segment(name: str, terms: SegmentTerms, economy: EconomyTerms) -> Segment:
    """Lower a segment: PD of those accepted, ρ of the factor's step, size bands, the law of its losses.

    Raises:
        Refused: no ρ of the step keeps the one-year default correlation, or a screening leaves no risk.
    """
    pd = terms.pd
    if terms.screening is not None:
        pd = accepted_pd(terms.pd, terms.screening.accuracy_ratio, terms.screening.rejected)
        if pd < LEAST_PD:
            raise Refused(
                f"the screening leaves a default probability of {pd:.2g}, next to nothing",
                "write a lower accuracy_ratio or rejected",
                f"筛选后的违约概率仅 {pd:.2g}，几乎为零",
                "请降低 accuracy_ratio 或 rejected",
                at=("screening",),
            )
    rho = terms.rho
    if economy.rho_horizon == "year":
        rho = _rho_of_step(pd, terms.rho, economy)
    return Segment(
        name=name,
        sector=terms.sector if terms.city_weight < 1.0 else None,
        city_weight=terms.city_weight,
        pd_annual=pd,
        rho=rho,
        maturity_share=terms.maturity_share,
        lgd=Lgd(
            mean=terms.loss.mean,
            sd=terms.loss.sd,
            factor_correlation=terms.loss.factor_correlation if terms.loss.sd else 0.0,
        ),
        term_months=terms.loan.term_months,
        rate_annual=terms.loan.rate,
        bands=_size_bands(terms.loan.mean, terms.loan.cv, terms.loan.cap, terms.loan.bands),
        renew=terms.renew,
        default_if_not_renewed=terms.default_if_not_renewed,
        firms=terms.firms,
        population=None if terms.population is None else lower_population(terms.population),
        outstanding_share=outstanding_share(terms.loan.repayment, terms.loan.term_months, terms.loan.rate),
    )
