"""What an insurer of loans reports: claims, premiums and the loss ratio."""

from __future__ import annotations

from fundsim.metrics.declared import metric, quiet
from fundsim.metrics.formulas import number, plus, ratio, recorded
from fundsim.metrics.funds import claims_metrics
from fundsim.metrics.payer_words import INSURER
from fundsim.scheme import About, Aggregate, Contract, Metric
from fundsim.scheme.records import contract_record
from fundsim.scheme.surroundings import FIRMS

__all__ = ["insurer_metrics"]


def insurer_metrics(contract: Contract, opening_premiums: float) -> tuple[Metric | Aggregate, ...]:
    """Return the metrics of an insurer.

    Args:
        contract: the insurer's contract.
        opening_premiums: premiums on the loans of the opening stock [yuan].
    """
    about = contract.about
    premiums = plus(number(opening_premiums), recorded(f"flow/{FIRMS}>{contract.payer}/premium"))
    return (
        *quiet(claims_metrics(contract, INSURER)),
        metric(
            About(about.instrument),
            "premiums",
            "yuan",
            "Premiums on all loans, those of the opening stock included",
            "保费（含期初存量）",
            premiums,
        ),
        metric(
            about,
            "loss_ratio",
            "share",
            "Claims that the insurer paid ÷ premiums on all loans; missing where there are none",
            "保险公司赔付率",
            ratio(recorded(contract_record(contract.name, "paid")), premiums),
            "headline",
        ),
    )
