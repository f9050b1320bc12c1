"""Loans against pledged intellectual property (知识产权质押贷款)."""

from __future__ import annotations

from typing import ClassVar

from fundsim.instruments.covered_lending import PublicFund
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.payers import Partner, partners_of
from fundsim.instruments.programme import covered, fund_of, programme_of
from fundsim.metrics.payer_words import COMPENSATION, OPERATOR
from fundsim.scenario.term import term

__all__ = ["KIND", "IpPledge"]


class IpPledge(PublicFund):
    """Loans against pledged patents, trademarks and copyrights, with a compensation fund (知识产权质押贷款).

    Pledged rights are hard to sell, so an operator may promise to buy them when a loan fails (处置收储): it
    pays first, at a price that is a share of the loss, and keeps that share of what the sale brings later.
    The fund then pays its share of what the operator has left, and the bank bears the rest. How much the
    rights bring is the segment's loss given default, and when it comes is `recovery`.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset({"bank", "operator"})

    operator: Partner | None = term(
        None, meaning="Who promises to buy the pledged rights, and pays first", zh="收储处置机构"
    )


def lower(name: str, terms: IpPledge, context: Context) -> Part:
    """Lower it: one facility, the operator's contract if there is one, then the fund's."""
    programme = programme_of(name, terms, context)
    operators = {} if terms.operator is None else {"operator": terms.operator}
    first = partners_of(programme, operators, "original", OPERATOR)
    return covered(
        programme, fund_of(programme, money_of(name, terms, context), called=COMPENSATION), first=first
    )


KIND = Kind(
    name="ip_pledge",
    meaning="Loans against pledged intellectual property",
    meaning_zh="知识产权质押贷款",
    terms=IpPledge,
    lower=lower,
)
