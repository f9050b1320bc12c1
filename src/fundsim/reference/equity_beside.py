"""Public money beside an equity fund: it joins deals, pays the fund for risk, and grants money to firms."""

from __future__ import annotations

from collections.abc import Iterable

from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_deals import Deal
from fundsim.reference.ledger import Ledger
from fundsim.scheme import EquityFund
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.surroundings import FIRMS

__all__ = ["MONTHS_BETWEEN_GRANTS", "Beside"]

MONTHS_BETWEEN_GRANTS = 12


class Beside:
    """Accounts beside a fund on one path; where the fund has none of a kind, nothing is paid.

    Args:
        terms: the fund.
        ledger: the city's.
        books: what the fund counts.
    """

    def __init__(self, terms: EquityFund, ledger: Ledger, books: EquityBooks) -> None:
        self._terms = terms
        self._ledger = ledger
        self._books = books

    def join(self, cost: float) -> float:
        """Join a deal of the fund, and return what government puts in [yuan]."""
        joint = self._terms.joint
        if joint is None:
            return 0.0
        amount = min(joint.share * cost, joint.cap, self._ledger.payable(joint.account))
        if amount < HALF_A_FEN:
            return 0.0
        self._ledger.transfer(joint.account, FIRMS, "equity_joining", amount)
        self._books.n_joined += 1
        self._books.joined += amount
        return amount

    def leave(self, deal: Deal, proceeds: float) -> None:
        """Have the multiple of a deal that ends, and pay it to the treasury.

        Args:
            deal: the deal.
            proceeds: what it brings the fund [yuan].
        """
        joint = self._terms.joint
        if joint is None or deal.joined == 0.0:
            return
        amount = deal.joined * (proceeds / deal.cost)
        self._ledger.transfer(FIRMS, joint.treasury, "equity_joint_exit", amount)
        self._books.joint_cost += deal.joined
        self._books.joint_proceeds += amount

    def subsidise_cost(self, deal: Deal) -> float:
        """Return what the fund receives for the risk of a new deal [yuan]."""
        return self._subsidise("cost", deal, deal.cost)

    def subsidise_loss(self, deal: Deal, proceeds: float) -> float:
        """Return what the fund receives for the loss of a deal that ends [yuan].

        Args:
            deal: the deal.
            proceeds: what it brings [yuan].
        """
        return self._subsidise("loss", deal, max(0.0, deal.cost - proceeds))

    def _subsidise(self, base: str, deal: Deal, amount: float) -> float:
        subsidy = self._terms.subsidy
        if subsidy is None or subsidy.base != base or deal.stage.name not in subsidy.stages:
            return 0.0
        due = min(subsidy.share * amount, subsidy.cap)
        paid = self._ledger.transfer(subsidy.account, self._terms.party, "equity_subsidy", due)
        self._books.subsidy_due += due
        self._books.subsidised += paid
        return paid

    def grant(self, new: Iterable[Deal], grown: Iterable[Deal]) -> None:
        """Grant money to the firms of deals.

        Args:
            new: deals of the month.
            grown: deals of the month twelve months ago that have not ended in an earlier month.
        """
        protection = self._terms.protection
        if protection is None:
            return
        for deals, amount in ((new, protection.before), (grown, protection.after)):
            due = amount * sum(deal.stage.name in protection.stages for deal in deals)
            paid = self._ledger.transfer(protection.account, FIRMS, "equity_grant", due)
            self._books.grants_due += due
            self._books.granted += paid

    def give_back(self, month: int) -> None:
        """Give back at the end of a month what can't be needed any more."""
        terms = self._terms
        for money in terms.beside:
            last = money.last_age(terms.investment, terms.last - terms.start)
            if month - terms.start >= last or self._books.not_set_up_month <= month:
                held = self._ledger.payable(money.account)
                self._ledger.transfer(money.account, money.treasury, "equity_back", held)
