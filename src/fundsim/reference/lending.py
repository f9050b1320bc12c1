"""Step 8 of the month: breakers, then demand cut by firms and by capacity, then new loans."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fundsim.reference.books import Book, Loan, Portfolio, fee_of
from fundsim.reference.loan import live
from fundsim.scheme import Breaker, Capacity, ObligorLimit, Scheme, Segment

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["HeldLending", "LendingDesk", "Switch", "whole_loans"]


def whole_loans(number: float) -> int:
    """Return ⌊number + 1e-9⌋: rounding noise must not cost a loan.

    >>> whole_loans(2.9999999999), whole_loans(2.99)
    (3, 2)
    """
    return math.floor(number + 1e-9)


@dataclass(slots=True)
class Switch:
    """A breaker on one path."""

    breaker: Breaker
    on: bool = False
    months: int = 0
    """Months of the window in which it was on at step 8."""
    fired_month: float = math.inf

    def read(self, level: float, month: int) -> None:
        """Fire at the threshold, lift at the reset; ``terminate`` never lifts."""
        breaker = self.breaker
        if not self.on:
            self.on = level >= breaker.threshold
        elif breaker.action != "terminate":
            self.on = level > breaker.reset
        if self.on:
            self.months += 1
            self.fired_month = min(self.fired_month, float(month))


@dataclass(slots=True, eq=False)
class Application:
    """Applications for loans of one size band."""

    portfolio: Portfolio
    book: Book
    band: int
    n: int

    @property
    def principal(self) -> float:
        """Principal of one loan [yuan]."""
        return self.book.segment.bands[self.band].principal

    @property
    def amount(self) -> float:
        """Principal applied for [yuan]."""
        return self.n * self.principal


@dataclass(frozen=True, slots=True)
class HeldLending:
    """What another run granted on this path."""

    granted: NDArray[np.integer[Any]]
    """Shape (months, applications of a month)."""
    stopped: NDArray[np.bool_]
    """Shape (months, facilities): whether breakers had stopped renewals."""


@dataclass(slots=True)
class Tally:
    """What a facility was asked for and what was refused; the fields are records [yuan]."""

    demand: float = 0.0
    refused_breaker: float = 0.0
    refused_firms: float = 0.0
    refused_obligor: float = 0.0
    refused_capacity: float = 0.0
    capacity_months: float = 0.0
    outstanding_months: float = 0.0
    cut_breaker: int = 0
    cut_firms: int = 0
    cut_obligor: int = 0
    cut_capacity: int = 0
    cut_months: int = 0

    def refused(self) -> dict[str, float]:
        """Return what was refused up to now, by reason [yuan]."""
        return {
            "breaker": self.refused_breaker,
            "firms": self.refused_firms,
            "obligor": self.refused_obligor,
            "capacity": self.refused_capacity,
        }

    def count_month(self, before: dict[str, float]) -> None:
        """Count a month for every reason by which more is refused than before it, and for any of them."""
        after = self.refused()
        self.cut_breaker += after["breaker"] > before["breaker"]
        self.cut_firms += after["firms"] > before["firms"]
        self.cut_obligor += after["obligor"] > before["obligor"]
        self.cut_capacity += after["capacity"] > before["capacity"]
        self.cut_months += after != before


class LendingDesk:
    """Decides on new loans."""

    def __init__(self, scheme: Scheme, city: City, held: HeldLending | None = None) -> None:
        self.scheme = scheme
        self.held = held
        self.granted: list[list[int]] = []
        """Loans of each application, month by month."""
        self.stopped: list[list[bool]] = []
        """Whether renewals are stopped on each facility, month by month."""
        self.city = city
        self.portfolios = city.portfolios
        self.claims = city.claims
        self.ledger = city.ledger
        self.switches = {breaker.name: Switch(breaker) for breaker in scheme.breakers}
        self.tallies = {name: Tally() for name in city.portfolios}

    def meet(self, month: int) -> None:
        """Hold step 8 of a month; nothing is read or lent after the window."""
        if month >= self.scheme.window.months:
            return
        self._tally_capacity(month)
        self._read_breakers(month)
        applications = self._decide(month) if self.held is None else self._follow(self.held, month)
        self.granted.append([application.n for application in applications])
        self.stopped.append([portfolio.renewals_stopped for portfolio in self.portfolios.values()])
        for application in applications:
            self._grant(application, month)

    def _decide(self, month: int) -> list[Application]:
        """Return the applications of a month, cut to what may be lent."""
        before = {name: tally.refused() for name, tally in self.tallies.items()}
        applications = self._applications(month)
        self._refuse_stopped(applications)
        self._refuse_large(applications, month)
        self._refuse_firms(applications)
        self._refuse_capacity(applications, month)
        for name, tally in self.tallies.items():
            tally.count_month(before[name])
        return applications

    def _follow(self, held: HeldLending, month: int) -> list[Application]:
        """Return the loans that another run granted in a month; renewals stop where it stopped them."""
        for portfolio, stopped in zip(self.portfolios.values(), held.stopped[month], strict=True):
            portfolio.renewals_stopped = bool(stopped)
        places = [
            (portfolio, portfolio.books[borrowers.segment], band)
            for portfolio in self.portfolios.values()
            for borrowers in portfolio.facility.borrowers
            for band in range(len(portfolio.books[borrowers.segment].segment.bands))
        ]
        applications = [
            Application(*place, int(n)) for place, n in zip(places, held.granted[month], strict=True)
        ]
        for application in applications:
            self._tally(application).demand += application.amount
        return applications

    def _read_breakers(self, month: int) -> None:
        for switch in self.switches.values():
            switch.read(self._level(switch.breaker, month), month)
        for name, portfolio in self.portfolios.items():
            portfolio.renewals_stopped = any(
                switch.on and switch.breaker.action != "stop_new"
                for switch in self.switches.values()
                if switch.breaker.facility == name
            )

    def _level(self, breaker: Breaker, month: int) -> float:
        """Return the metric that a breaker reads."""
        if breaker.metric == "compensation_ratio":
            if breaker.party is None:
                message = f"breaker {breaker.name}: compensation_ratio needs a party"
                raise ValueError(message)
            year = None if breaker.lifetime else month // 12
            return _ratio(self.claims.compensation(breaker.party, year), self.ledger.paid_in[breaker.party])
        portfolio = self.portfolios[breaker.facility]
        overdue = portfolio.overdue(month)
        stock = overdue if breaker.metric == "overdue_rate" else portfolio.npl(month)
        return _ratio(stock, portfolio.performing + overdue)

    def limit(self, capacity: Capacity, month: int) -> float:
        """Return multiple × base; a balance is cash less the arrears owed [yuan]."""
        multiple = self.city.multiplied(capacity.multiple, capacity.drawn)
        if capacity.basis == "paid_in":
            return multiple * self.ledger.paid_in[capacity.party]
        if capacity.basis == "net_assets":
            return multiple * max(0.0, self.city.guarantors[capacity.party].net_assets(month))
        balance = self.ledger.balance[capacity.party] - self.claims.owed(capacity.party)
        return multiple * max(0.0, balance)

    def exposure(self, capacity: Capacity, month: int) -> float:
        """Return what counts against a limit: a guarantor's liability, or what is outstanding [yuan]."""
        if capacity.basis == "net_assets":
            return self.city.guarantors[capacity.party].liability(month)
        return sum(portfolio.outstanding(month) for portfolio in self._sharers(capacity.name))

    def weight(self, capacity: Capacity, application: Application) -> float:
        """Return what a yuan applied for counts against a limit."""
        if capacity.basis != "net_assets":
            return 1.0
        books = self.city.guarantors[capacity.party]
        return books.weight(
            application.portfolio.facility.name, application.book.segment.name, application.band
        )

    def _sharers(self, capacity: str) -> list[Portfolio]:
        return [p for p in self.portfolios.values() if capacity in p.facility.capacities]

    def _tally_capacity(self, month: int) -> None:
        """Add the smallest multiple × base that bounds each facility's principal; 0 without one."""
        for name, portfolio in self.portfolios.items():
            limits = [
                self.limit(capacity, month)
                for capacity in self.scheme.capacities
                if capacity.name in portfolio.facility.capacities and capacity.basis != "net_assets"
            ]
            self.tallies[name].capacity_months += min(limits, default=0.0)

    def _applications(self, month: int) -> list[Application]:
        """Return the month's demand in whole loans: N = ⌊D·share·w/μ + carry⌋ in each size band."""
        applications = []
        for portfolio in self.portfolios.values():
            wanted = _demand(portfolio, month)
            for borrowers in portfolio.facility.borrowers:
                book = portfolio.books[borrowers.segment]
                bands = book.segment.bands
                mean = sum(band.probability * band.principal for band in bands)
                for number, band in enumerate(bands):
                    loans = wanted * borrowers.share * band.probability / mean + book.fractions[number]
                    n = whole_loans(loans)
                    book.fractions[number] = loans - n
                    applications.append(Application(portfolio, book, number, n))
        for application in applications:
            self._tally(application).demand += application.amount
        return applications

    def _tally(self, application: Application) -> Tally:
        return self.tallies[application.portfolio.facility.name]

    def _refuse_stopped(self, applications: list[Application]) -> None:
        """Refuse all that is asked of a facility whose breaker is on."""
        stopped = {switch.breaker.facility for switch in self.switches.values() if switch.on}
        for application in applications:
            if application.portfolio.facility.name in stopped:
                self._tally(application).refused_breaker += application.amount
                application.n = 0

    def _refuse_large(self, applications: list[Application], month: int) -> None:
        """Refuse loans of which a guarantor would keep more than a share of its net assets."""
        for limit in self.scheme.obligor_limits:
            most = limit.share * self.city.guarantors[limit.party].net_assets(month)
            for application in applications:
                if _is_too_large(application, limit, most):
                    self._tally(application).refused_obligor += application.amount
                    application.n = 0

    def _eligible(self, segment: Segment) -> int | None:
        """Return the number of eligible firms; None if there is no limit."""
        firms = self.city.firms.get(segment.name)
        return segment.firms if firms is None else firms.population

    def _refuse_firms(self, applications: list[Application]) -> None:
        """Cut a segment's applications to the eligible firms that have no loan."""
        for segment in self.scheme.segments:
            eligible = self._eligible(segment)
            if eligible is None:
                continue
            active = sum(
                portfolio.books[segment.name].n_performing
                for portfolio in self.portfolios.values()
                if segment.name in portfolio.books
            )
            of_segment = [a for a in applications if a.book.segment.name == segment.name]
            wanted = sum(application.n for application in of_segment)
            ratio = _cut(max(0, eligible - active), wanted)
            for application in of_segment:
                self._tally(application).refused_firms += _reduce(application, ratio)

    def _refuse_capacity(self, applications: list[Application], month: int) -> None:
        """Cut applications to what multiple × base leaves, all facilities on one base alike."""
        for capacity in self.scheme.capacities:
            room = self.limit(capacity, month) - self.exposure(capacity, month)
            asking = [a for a in applications if capacity.name in a.portfolio.facility.capacities]
            ratio = _cut(max(0.0, room), sum(self.weight(capacity, a) * a.amount for a in asking))
            for application in asking:
                self._tally(application).refused_capacity += _reduce(application, ratio)

    def _grant(self, application: Application, month: int) -> None:
        """Pay out loans, charge their fees, and start their processes."""
        if application.n == 0:
            return
        portfolio, book = application.portfolio, application.book
        facility, segment = portfolio.facility, book.segment
        amount = application.amount
        loans = [self._new_loan(application, month) for _ in range(application.n)]
        book.n_new += application.n
        book.lent_new += amount
        self.ledger.transfer(facility.lender, "firms", "loan", amount)
        for payment in self.scheme.payments:
            if payment.base == "granted" and payment.of == facility.name:
                charge = application.n * fee_of(payment, loans[0])
                self.ledger.transfer(payment.payer, payment.payee, payment.kind, charge)
        for loan in loans:
            self.city.clock.start(live(self.city, portfolio, segment.name, loan))

    def _new_loan(self, application: Application, month: int) -> Loan:
        segment = application.book.segment
        return Loan(
            principal=application.principal,
            granted=month,
            maturity=month + segment.term_months,
            age=0,
            cohort=month // 12,
            risk=self.city.risk(segment),
            lgd=segment.lgd,
            schedule=segment.outstanding_share,
            band=application.band,
        )

    def close_month(self, month: int) -> None:
        """Add the month-end outstanding of the window's months to its sums (step 9)."""
        if month >= self.scheme.window.months:
            return
        for name, portfolio in self.portfolios.items():
            self.tallies[name].outstanding_months += portfolio.outstanding(month)


def _is_too_large(application: Application, limit: ObligorLimit, most: float) -> bool:
    """Return whether a guarantor would keep more than ``most`` of one loan [yuan]."""
    same_facility = application.portfolio.facility.name == limit.facility
    return same_facility and limit.retained * application.principal > most


def _demand(portfolio: Portfolio, month: int) -> float:
    """Return the demand of a month [yuan]: the plan's amount, or what fills a level to be held."""
    demand = portfolio.facility.demand
    if demand.hold and not math.isnan(demand.hold[month]):
        return max(0.0, demand.hold[month] - portfolio.outstanding(month))
    return demand.monthly[month]


def _ratio(part: float, whole: float) -> float:
    """Return part ÷ whole; 0 if there is no part, infinity if there is a part of nothing."""
    if part <= 0.0:
        return 0.0
    return part / whole if whole > 0.0 else math.inf


def _cut(room: float, wanted: float) -> float:
    return min(1.0, room / wanted) if wanted > 0 else 1.0


def _reduce(application: Application, ratio: float) -> float:
    """Cut an application to whole loans; return the principal refused [yuan]."""
    granted = whole_loans(ratio * application.n)
    refused = (application.n - granted) * application.principal
    application.n = granted
    return refused
