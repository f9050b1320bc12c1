"""Loan risk-compensation pool (贷款风险补偿资金池), with or without mutual-help money (助保金).

Government money stands in a bank; the bank lends up to a multiple of it and has a share of each loss
paid out of it.  Under 助保贷 the borrowers' mutual-help money pays first.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from fundsim.instruments.covered_lending import PublicFund
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.programme import Programme, contract_of, covered, fund_of, programme_of
from fundsim.metrics.funds import margin_metrics
from fundsim.scenario.term import Term, term
from fundsim.scheme import MarginRefund, Party, Payment
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import Money, Share

__all__ = ["KIND", "CompensationPool"]


class Margin(Term):
    """Mutual-help money (助保金): the borrowers' own money pays first."""

    rate: Share = term(meaning="Contribution per yuan borrowed, paid at the first grant", zh="助保金比例")
    refund: bool = term(
        True,
        meaning="Whether a borrower that repays for good gets its part back, less what was lost",
        zh="是否退还",
    )
    opening: Money | None = term(
        None,
        meaning="Mutual-help money at the start; left out, the rate times the opening loans as granted",
        zh="助保金期初余额（不写则按存量贷款的原始本金计算）",
    )


class CompensationPool(PublicFund):
    """A pool of government money that pays a bank a share of its losses on a lending programme."""

    own_parts: ClassVar[frozenset[str]] = frozenset({"bank", "margin"})

    of: Literal["uncovered", "original"] = term(
        "uncovered", meaning="Of the loss that the margin leaves, or of the whole loss", zh="分担基数"
    )
    margin: Margin | None = term(None, meaning="Mutual-help money that pays first", zh="助保金")


def _margin(programme: Programme, terms: CompensationPool) -> Part:
    """Return the margin's party and contract, its contributions and refunds."""
    if terms.margin is None:
        return Part()
    name = programme.name
    party = f"{name}.margin"
    stock = programme.opening_principal
    opening = terms.margin.rate * stock if terms.margin.opening is None else terms.margin.opening
    contract = contract_of(programme, 1.0, part="margin", basis=terms.basis)
    contribution = Payment.fee(
        facility=name, payer=FIRMS, payee=party, rate=terms.margin.rate, on_renewal=False, kind="margin"
    )
    refund = MarginRefund(facility=name, party=party, payee=FIRMS, rate=terms.margin.rate)
    return Part(
        parties=(Party(name=party, opening=opening),),
        contracts=(contract,),
        payments=(contribution,),
        margin_refunds=(refund,) if terms.margin.refund else (),
        metrics=margin_metrics(contract),
    )


def lower(name: str, terms: CompensationPool, context: Context) -> Part:
    """Lower a pool: one facility, one or two contracts, one or two limited parties."""
    programme = programme_of(name, terms, context)
    fund = fund_of(programme, money_of(name, terms, context), of=terms.of)
    return covered(programme, fund, first=_margin(programme, terms))


KIND = Kind(
    name="compensation_pool",
    meaning="Loan risk-compensation pool, with or without mutual-help money",
    meaning_zh="贷款风险补偿资金池（可含助保金）",
    terms=CompensationPool,
    lower=lower,
)
