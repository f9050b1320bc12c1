"""Segments: terms to numbers."""

from __future__ import annotations

from functools import lru_cache

from fundsim.lowering.economy import step_rho
from fundsim.lowering.repayment import outstanding_share
from fundsim.lowering.size_bands import size_bands
from fundsim.scenario.terms import Economy as EconomyTerms
from fundsim.scenario.terms import Segment as SegmentTerms
from fundsim.scheme import Lgd, Segment

__all__ = ["STEP_MONTHS", "lower_segment"]

STEP_MONTHS = {"static": 0, "year": 12, "quarter": 3, "month": 1}

# Scenarios repeat a PD and a size law over their segments, and solving takes a tenth of a second.
_step_rho = lru_cache(maxsize=256)(step_rho)
_size_bands = lru_cache(maxsize=256)(size_bands)


def lower_segment(name: str, terms: SegmentTerms, economy: EconomyTerms) -> Segment:
    """Lower a segment: ρ of the factor's step, size bands, the law of its losses."""
    step_months = STEP_MONTHS[economy.step]
    rho = terms.rho
    if economy.rho_horizon == "year":
        rho = _step_rho(terms.pd, terms.rho, step_months, economy.persistence)
    return Segment(
        name=name,
        sector=terms.sector if terms.city_weight < 1.0 else None,
        city_weight=terms.city_weight,
        pd_annual=terms.pd,
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
        outstanding_share=outstanding_share(terms.loan.repayment, terms.loan.term_months, terms.loan.rate),
    )
