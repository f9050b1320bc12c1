"""The money of an equity fund: what moves is booked in the city's ledger and in the fund's books."""

from __future__ import annotations

from fundsim.reference.equity_books import EquityBooks
from fundsim.reference.equity_calls import Calls, Paid
from fundsim.reference.equity_custody import Payer
from fundsim.reference.equity_flows import Flows
from fundsim.reference.equity_waterfall import Waterfall
from fundsim.reference.ledger import Ledger
from fundsim.scheme import EquityFund
from fundsim.scheme.surroundings import FIRMS

__all__ = ["Money"]


class Money:
    """Accounts of a fund on one path.

    Args:
        terms: its rules.
        ledger: the city's.
        payer: who pays the calls on government's stake, and has what it brings.
        books: what it counts.
        shortfall: part of social partners' calls that fails.
    """

    def __init__(
        self, terms: EquityFund, ledger: Ledger, payer: Payer, books: EquityBooks, shortfall: float
    ) -> None:
        self._terms = terms
        self._ledger = ledger
        self._payer = payer
        self._books = books
        self.calls = Calls(terms, shortfall)
        self.waterfall = Waterfall(terms.waterfall)
        self.flows = Flows()
        self.recycled = 0.0
        """Proceeds that wait for new deals [yuan]."""
        self.government_calls: list[float] = []
        """What government has paid in each month of the fund's life [yuan]."""

    def see_custody(self) -> None:
        """Begin a month of the window: note what has been paid into custody."""
        self.flows.begin_month(self._payer.paid_in)

    def begin_month(self) -> None:
        """Begin a month of the fund's life."""
        self.waterfall.begin_month()
        self.government_calls.append(0.0)

    def call(self, wanted: float) -> Paid:
        """Call so much; return what comes in [yuan]."""
        terms, bought = self._terms, self.calls.sold
        paid = self.calls.call(wanted, self._payer.pay)
        self._transfer(terms.partners if bought else terms.custody, terms.party, "equity_call", paid.stake)
        self._transfer(terms.partners, terms.party, "equity_call", paid.social)
        self.waterfall.contribute(paid.total)
        government = 0.0 if bought else paid.stake
        self.government_calls[-1] += government
        self.flows.call(government=government, social=paid.total - government)
        return paid

    def find(self, wanted: float) -> Paid:
        """Take so much of recycled money, as far as there is some, and call the rest.

        Returns:
            What is there: a called yuan is social as the call was, a recycled one as contributions to date.
        """
        recycled = min(self.recycled, wanted)
        social = recycled * self.calls.social_share
        self.recycled -= recycled
        paid = self.call(wanted - recycled)
        social += paid.total if self.calls.sold else paid.social
        return Paid(social, recycled + paid.total - social)

    def pay_fee(self, asked: float) -> None:
        """Call a fee, and pay the manager what comes in [yuan]."""
        paid = self.call(asked).total
        self._books.fees_asked += asked
        self._books.fees += paid
        self._transfer(self._terms.party, self._terms.manager, "equity_fee", paid)

    def pay_firm(self, cost: float) -> None:
        """Pay a firm for a deal [yuan]."""
        self._transfer(self._terms.party, FIRMS, "equity_deal", cost)

    def have_from_firm(self, proceeds: float) -> None:
        """Have what a deal brings [yuan]."""
        self._transfer(FIRMS, self._terms.party, "equity_exit", proceeds)

    def distribute(self, amount: float) -> float:
        """Let money run through the waterfall; the manager is paid, partners are not yet.

        Returns:
            What partners take [yuan].
        """
        books, split = self._books, self.waterfall.distribute(amount)
        books.to_contributions += split.to_contributions
        books.to_hurdle += split.to_hurdle
        books.to_catch_up += split.to_catch_up
        books.to_carry += split.to_carry
        books.to_partners += split.to_partners
        self._transfer(self._terms.party, self._terms.manager, "equity_carry", split.manager)
        return split.partners

    def claw_back(self) -> float:
        """Have back from the manager what partners are owed [yuan]."""
        amount = self.waterfall.claw_back()
        self._books.clawback += amount
        self._transfer(self._terms.manager, self._terms.party, "equity_clawback", amount)
        return amount

    def part_of_government(self, amount: float) -> float:
        """Return government's part of what partners take, by contributions to date [yuan]."""
        return 0.0 if self.calls.sold else amount * self.calls.stake_share

    def pay_partners(self, amount: float, ceded: float = 0.0) -> None:
        """Pay partners by contributions to date [yuan].

        Args:
            amount: what they take.
            ceded: what government leaves to social partners of its part.
        """
        terms, books = self._terms, self._books
        government = self.part_of_government(amount)
        social = amount - government
        books.distributed_government += government
        books.distributed_social += social
        books.ceded += ceded
        if self.calls.sold:
            books.distributed_to_buyers += amount * self.calls.stake_share
        self.flows.receive(government=government - ceded, social=social + ceded)
        self._payer.receive(government - ceded)
        self._transfer(terms.party, terms.treasury, "equity_distribution", government - ceded)
        self._transfer(terms.party, terms.partners, "equity_distribution", social)
        self._transfer(terms.party, terms.partners, "equity_concession", ceded)

    def sell_stake(self, price: float) -> None:
        """Sell government's stake to social partners [yuan]."""
        self._books.option_price += price
        self.flows.receive(government=price, social=-price)
        self._payer.receive(price)
        self._transfer(self._terms.partners, self._terms.treasury, "equity_option", price)
        self.calls.sold = True

    @property
    def in_custody(self) -> float:
        """What custody holds [yuan]."""
        return self._payer.held

    def empty_custody(self) -> None:
        """Give back all that custody holds."""
        self.flows.empty_custody(self._payer.give_back())

    def _transfer(self, source: str, target: str, kind: str, amount: float) -> None:
        self._ledger.transfer(source, target, kind, amount)
