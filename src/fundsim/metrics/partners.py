"""What those report who share a loss with a fund, or return a part of it: the few figures that matter."""

from __future__ import annotations

from dataclasses import replace

from fundsim.metrics.declared import metric, quiet
from fundsim.metrics.formulas import recorded
from fundsim.metrics.funds import claims_metrics, payer_metrics
from fundsim.metrics.payer_words import LEVEL, PayerWords
from fundsim.scheme import Aggregate, Contract, Metric
from fundsim.scheme.surroundings import FIRMS

__all__ = ["level_metrics", "partner_metrics"]

_OF_ITS_MONEY = ("balance", "depleted", "depletion_month")
_SHOWN = ("claims_paid", "depleted")


def partner_metrics(
    contract: Contract, called: PayerWords, *, has_money: bool, has_fee: bool
) -> tuple[Metric | Aggregate, ...]:
    """Return what one partner reports; what it paid and whether it ran dry stand in the headline.

    Args:
        contract: the partner's contract.
        called: what the partner is called.
        has_money: whether it pays out of money of its own, which may run dry.
        has_fee: whether borrowers pay it a fee.
    """
    money = [m for m in payer_metrics(contract, called) if has_money and m.own_name in _OF_ITS_MONEY]
    found = [
        replace(m, headline=m.own_name in _SHOWN) for m in quiet([*claims_metrics(contract, called), *money])
    ]
    fees = metric(
        contract.about,
        "fees",
        "yuan",
        f"Fees that the borrowers paid to {called.english}",
        f"{called.chinese}收取费用",
        recorded(f"flow/{FIRMS}>{contract.payer}/fee"),
    )
    return (*found, *((fees,) if has_fee else ()))


def level_metrics(contract: Contract) -> tuple[Metric | Aggregate, ...]:
    """Return what a level of government reports that returns a part of what a fund paid."""
    return quiet(claims_metrics(contract, LEVEL))
