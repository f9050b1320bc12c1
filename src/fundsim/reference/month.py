"""One path: the city and the acts of its month in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import simpy
from numpy.random import PCG64, Generator, SeedSequence

from fundsim.reference.books import OPENING, Book, Loan, Portfolio, fee_of
from fundsim.reference.clock import Clock, Stage
from fundsim.reference.economy import OwnRisk, Risk, draw_factors, drawn_value, own_risk, segment_risk
from fundsim.reference.guarantor import GuarantorBooks
from fundsim.reference.injections import Injections
from fundsim.reference.ledger import Ledger
from fundsim.reference.lending import HeldLending, LendingDesk
from fundsim.reference.loan import live
from fundsim.reference.nouns import DESKS, Desk, in_turn
from fundsim.reference.population import Firms, come_and_go
from fundsim.reference.settlement import ClaimsDesk
from fundsim.scheme import Facility, Lgd, OpeningLoans, Payment, Scheme, Segment, Tape

__all__ = ["City"]


def loss_of_row(segment: Segment, tape: Tape, row: int) -> Lgd:
    """Return the law of losses of a tape's loan: means of its own, the rest as its segment's."""
    law = None if tape.lgd_law_mean is None else float(tape.lgd_law_mean[row])
    return replace(segment.lgd, mean=float(tape.lgd_mean[row]), law_mean=law)


class City:
    """All that lives on one path.

    Args:
        scheme: the scheme.
        seed: seed of the run.
        path: number of the path.
        held: what another run granted on the path, to be granted in place of the scheme's own lending.
    """

    def __init__(self, scheme: Scheme, seed: int, path: int, held: HeldLending | None = None) -> None:
        self.scheme = scheme
        self.seed, self.path = seed, path
        self.policy_months = scheme.window.months
        self.clock = Clock(simpy.Environment(), life=scheme.window.lending)
        self.random = Generator(PCG64(SeedSequence([seed, path])))
        self.ledger = Ledger(scheme.parties)
        self.drawn = {drawn.name: drawn_value(drawn, seed, path) for drawn in scheme.drawn}
        self.factors = draw_factors(scheme.economy, scheme.window.total, seed, path)
        self._risks: dict[tuple[str, OwnRisk | None], Risk] = {}
        segments = {segment.name: segment for segment in scheme.segments}
        self.portfolios = {
            facility.name: Portfolio(
                facility, {b.segment: Book(segments[b.segment]) for b in facility.borrowers}
            )
            for facility in scheme.facilities
        }
        self.firms = {s.name: Firms(s.population) for s in scheme.segments if s.population is not None}
        self.claims = ClaimsDesk(scheme, self.clock, self.ledger)
        self.guarantors = {
            g.party: GuarantorBooks(g, self.portfolios, self.claims, self.ledger) for g in scheme.guarantors
        }
        self.lending = LendingDesk(scheme, self, held)
        self.injections = Injections(scheme, self.drawn, self.ledger)
        self.desks: list[Desk] = [desk(self) for desk in DESKS]

    def risk(self, segment: Segment, own: OwnRisk | None = None) -> Risk:
        """Return what this path's economy means for loans of a segment, or for one with a risk of its own."""
        key = (segment.name, own)
        if key not in self._risks:
            months = self.scheme.window.total
            self._risks[key] = segment_risk(segment, self.scheme.economy, self.factors, months, own)
        return self._risks[key]

    def run(self, record: Callable[[int], None]) -> None:
        """Live through all months, step by step; ``record`` is called at each month's end."""
        for facility in self.scheme.facilities:
            self._start_opening_loans(facility)
            if facility.tape is not None:
                self._start_tape(facility, facility.tape)
        for firms in self.firms.values():
            self.clock.start(come_and_go(firms, self.clock, self.random))
        own = {
            Stage.POPULATION: self._while_lending(self.count_exposure),
            Stage.APPROPRIATIONS: self.injections.pay,
            Stage.REFUNDS: self._while_lending(self.close_maturities),
            Stage.SETTLEMENT: self._while_lending(self.settle_claims),
            Stage.INCOME: self._while_lending(self.book_income),
            Stage.LENDING: self._while_lending(self.lend),
            Stage.MONTH_END: self._while_lending(self.close_month),
        }
        everyone = (own, *(desk.acts for desk in self.desks), {Stage.MONTH_END: record})
        self.clock.run(self.scheme.window.total, in_turn(everyone))

    def _while_lending(self, act: Callable[[int], None]) -> Callable[[int], None]:
        """Return an act that is done in the months of lending's life only."""
        lending = self.scheme.window.lending
        return lambda month: act(month) if month < lending else None

    def _start_opening_loans(self, facility: Facility) -> None:
        for stock in facility.opening:
            for _ in range(stock.n_loans):
                loan = self._opening_loan(facility, stock)
                self.clock.start(live(self, self.portfolios[facility.name], stock.segment, loan))

    def _opening_loan(self, facility: Facility, stock: OpeningLoans) -> Loan:
        """Return a loan with r months left: exposed in months 0 … r − 1, maturing in r − 1."""
        segment = self.portfolios[facility.name].books[stock.segment].segment
        return Loan(
            principal=segment.bands[stock.band].principal,
            granted=-1,
            maturity=stock.months_left - 1,
            age=segment.term_months - stock.months_left,
            cohort=OPENING,
            risk=self.risk(segment),
            lgd=segment.lgd,
            schedule=segment.outstanding_share,
            band=stock.band,
        )

    def _start_tape(self, facility: Facility, tape: Tape) -> None:
        """Start the loans of a tape: bullet loans, each with principal, PD and mean LGD of its own."""
        portfolio = self.portfolios[facility.name]
        for row in range(tape.n_loans):
            segment = portfolio.books[tape.segments[int(tape.segment[row])]].segment
            months_left = int(tape.months_left[row])
            loan = Loan(
                principal=float(tape.principal[row]),
                granted=-1,
                maturity=months_left - 1,
                age=segment.term_months - months_left,
                cohort=OPENING,
                risk=self.risk(segment, own_risk(tape, row)),
                lgd=loss_of_row(segment, tape, row),
            )
            self.clock.start(live(self, portfolio, segment.name, loan))

    def multiplied(self, value: float, drawn: str | None) -> float:
        """Return a value times the drawn multiple that it names."""
        return value if drawn is None else value * self.drawn[drawn]

    def count_exposure(self, _month: int) -> None:
        """Count the loans that perform at the start of a month, before anything happens in it."""
        for portfolio in self.portfolios.values():
            for book in portfolio.books.values():
                book.loan_months += book.n_performing

    def close_maturities(self, month: int) -> None:
        """Close step 5: margins go back to the firms that repaid, and defaults become batches.

        Live contributions are rate × what was granted to the firms that perform after the month's
        defaults, before its repayments.
        """
        for refund in self.scheme.margin_refunds:
            portfolio = self.portfolios[refund.facility]
            repaid = portfolio.granted_repaid_today
            live_contributions = refund.rate * (portfolio.granted_alive + repaid)
            if repaid > 0.0 and live_contributions > 0.0:
                held = max(0.0, self.ledger.balance[refund.party])
                amount = refund.rate * repaid * min(1.0, held / live_contributions)
                self.ledger.transfer(refund.party, refund.payee, refund.kind, amount)
        for portfolio in self.portfolios.values():
            portfolio.granted_repaid_today = 0.0
            self.claims.open_batches(portfolio, month)

    def settle_claims(self, month: int) -> None:
        """Step 6: what falls due is paid through the contracts."""
        volumes = {name: portfolio.volume for name, portfolio in self.portfolios.items()}
        self.claims.settle(month, volumes)

    def book_income(self, _month: int) -> None:
        """Step 7: fees on renewals, then interest on balances, then running costs."""
        for base in (self._fees_on_renewals, self._interest, self._costs):
            base()
        for portfolio in self.portfolios.values():
            for book in portfolio.books.values():
                book.renewed_today.clear()

    def _payments(self, base: str) -> Iterator[Payment]:
        return (payment for payment in self.scheme.payments if payment.base == base)

    def _pay(self, payment: Payment, amount: float) -> None:
        self.ledger.transfer(payment.payer, payment.payee, payment.kind, amount)

    def _fees_on_renewals(self) -> None:
        for payment in self._payments("granted"):
            books = self.portfolios[payment.of].books.values() if payment.on_renewal else ()
            for book in books:
                self._pay(payment, sum(fee_of(payment, loan) for loan in book.renewed_today))

    def _interest(self) -> None:
        for payment in self._payments("balance"):
            self._pay(payment, payment.rate_annual / 12.0 * max(0.0, self.ledger.balance[payment.of]))

    def _costs(self) -> None:
        for payment in self._payments("fixed"):
            self._pay(payment, payment.amount_annual / 12.0)

    def lend(self, month: int) -> None:
        """Step 8: breakers, capacity, new loans."""
        self.lending.meet(month)

    def close_month(self, month: int) -> None:
        """Step 9: month-end sums and balances."""
        self.lending.close_month(month)
        for books in self.guarantors.values():
            books.close_month(month)
