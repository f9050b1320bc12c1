"""Loans, and the books that count them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fundsim.reference.economy import Risk
from fundsim.scheme import Contract, Facility, Lgd, Payment, Segment

if TYPE_CHECKING:
    from fundsim.reference.bridge import Fund

__all__ = ["OPENING", "Book", "Default", "Loan", "OtherRisk", "Portfolio", "fee_of"]

OPENING = -1
"""Cohort of the loans that are on the books before month 0."""


@dataclass(frozen=True, slots=True)
class OtherRisk:
    """The risk of a loan in the one life that follows a bridge, in place of its own."""

    risk: Risk
    lgd: Lgd


@dataclass(slots=True)
class Loan:
    """One loan of one firm.  Money in yuan, time in months."""

    principal: float
    """As granted."""
    granted: int
    """Month at whose end it was granted or last renewed; −1 for opening loans."""
    maturity: int
    """Month in which it matures."""
    age: int
    """Months of its life that lie before the window: term − months left for an opening loan, else 0."""
    cohort: int
    """Policy year of its grant or last renewal, or OPENING."""
    risk: Risk
    lgd: Lgd
    schedule: tuple[float, ...] = ()
    """Share of the principal outstanding in month a = 1, 2 … of its life; empty for a bullet loan."""
    band: int | None = None
    """Position of its size among the segment's bands; None for a loan of a tape."""
    after_bridge: OtherRisk | None = None
    """In the life that follows a bridge which changed its risk; None in any other."""
    outstanding: float = field(init=False)
    """What the firm still owes."""

    def __post_init__(self) -> None:
        self.outstanding = self.owed_in(self.granted + 1)

    @property
    def present_risk(self) -> Risk:
        """Return the risk of its present life."""
        return self.risk if self.after_bridge is None else self.after_bridge.risk

    @property
    def present_lgd(self) -> Lgd:
        """Return the law of its loss in its present life."""
        return self.lgd if self.after_bridge is None else self.after_bridge.lgd

    def owed_in(self, month: int) -> float:
        """Return what is owed through a month of its life, before that month's instalment [yuan]."""
        if not self.schedule:
            return self.principal
        return self.principal * self.schedule[self.age + month - self.granted - 1]


@dataclass(frozen=True, slots=True)
class Default:
    """A loan that has just defaulted."""

    principal: float
    """Outstanding when it defaulted [yuan]."""
    cohort: int
    rate_annual: float
    recoverable: float
    """(1 − LGD) × principal [yuan]."""

    def loss(self, contract: Contract) -> float:
        """Return the lender's loss before recoveries, on the contract's basis [yuan].

        Principal, plus principal × rate × trigger months/12 under ``principal_and_interest``.
        """
        if contract.basis == "principal":
            return self.principal
        return self.principal * (1.0 + self.rate_annual * contract.trigger_months / 12.0)


@dataclass(slots=True)
class Book:
    """The loans of one segment on one facility; the fields are the records of the same names."""

    segment: Segment
    n_performing: int = 0
    performing: float = 0.0
    n_new: int = 0
    n_renewed: int = 0
    lent_new: float = 0.0
    lent_renewed: float = 0.0
    n_defaulted: int = 0
    defaulted: float = 0.0
    defaulted_at_cliff: float = 0.0
    defaulted_at_stop: float = 0.0
    n_short: int = 0
    short: float = 0.0
    n_defaulted_unserved: int = 0
    defaulted_unserved: float = 0.0
    n_private: int = 0
    private_cost: float = 0.0
    n_bridged: int = 0
    n_defaulted_after_bridge: int = 0
    defaulted_after_bridge: float = 0.0
    matured: float = 0.0
    recoverable: float = 0.0
    loan_months: int = 0
    renewed_today: list[Loan] = field(default_factory=list)
    """Renewals whose fees are charged at step 7."""
    performing_in: dict[int | None, float] = field(default_factory=lambda: defaultdict(float))
    """Size band → its part of ``performing`` [yuan]."""
    defaulted_in: dict[tuple[int | None, int], float] = field(default_factory=lambda: defaultdict(float))
    """(Size band, month) → principal that defaulted [yuan]."""
    fractions: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Size band → the fraction of a loan that demand carries to the next month."""


@dataclass(slots=True)
class Portfolio:
    """A facility on one path: its books and what the month has done to them."""

    facility: Facility
    books: dict[str, Book]
    """Segment → its book."""
    volume: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Cohort → principal granted to it to date, renewals included [yuan]."""
    defaults_today: list[Default] = field(default_factory=list)
    granted_alive: float = 0.0
    """Principal as granted of the loans alive [yuan]."""
    granted_repaid_today: float = 0.0
    """Principal as granted of the loans repaid for good in this month [yuan]."""
    defaulted_in: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Month → principal that defaulted in it [yuan]."""
    collected: float = 0.0
    """Recoveries on its defaults, before costs [yuan]."""
    renewals_stopped: bool = False
    """Set at step 8 by a breaker, obeyed at step 5 of the next month."""
    bridge: Fund | None = None
    """The bridge fund that its short firms may ask."""

    @property
    def performing(self) -> float:
        """Principal of the loans alive [yuan]."""
        return sum(book.performing for book in self.books.values())

    def defaulted_at_ages(self, month: int, youngest: int, end: int) -> float:
        """Return the principal of defaults that are ``youngest`` … ``end − 1`` months old [yuan]."""
        return sum(self.defaulted_in.get(month - age, 0.0) for age in range(youngest, end))

    def outstanding(self, month: int) -> float:
        """Performing principal and defaults whose claim is not yet due [yuan]."""
        return self.performing + self.defaulted_at_ages(month, 0, self.facility.claim_months)

    def outstanding_of(self, segment: str, band: int, month: int) -> float:
        """Return the part of ``outstanding`` that one size band of one segment has [yuan]."""
        book = self.books[segment]
        young = range(month - self.facility.claim_months + 1, month + 1)
        return book.performing_in[band] + sum(book.defaulted_in.get((band, m), 0.0) for m in young)

    def overdue(self, month: int) -> float:
        """Defaulted principal that is not closed [yuan]."""
        return self.defaulted_at_ages(month, 0, self.facility.closing_months)

    def npl(self, month: int) -> float:
        """Overdue principal three months after its default or more [yuan]."""
        return self.defaulted_at_ages(month, 3, self.facility.closing_months)

    def begin_life(self, book: Book, loan: Loan) -> None:
        """Count a loan that is granted, renewed or on the books at the start."""
        book.n_performing += 1
        book.performing += loan.outstanding
        book.performing_in[loan.band] += loan.outstanding
        self.granted_alive += loan.principal
        self.volume[loan.cohort] += loan.outstanding

    def reduce(self, book: Book, loan: Loan, amount: float) -> None:
        """Take an instalment, or all that is outstanding, off the books [yuan]."""
        loan.outstanding -= amount
        book.performing -= amount
        book.performing_in[loan.band] -= amount

    def end_life(self, book: Book, loan: Loan) -> float:
        """Count a loan out: renewed, repaid or defaulted; return what it owed [yuan]."""
        owed = loan.outstanding
        self.reduce(book, loan, owed)
        self.granted_alive -= loan.principal
        book.n_performing -= 1
        if book.n_performing == 0:
            # An empty book holds nothing, not what floating-point sums leave behind.
            book.performing = 0.0
            book.performing_in.clear()
        return owed

    def book_default(self, book: Book, loan: Loan, month: int, lgd: float) -> None:
        """Count a default and keep it for this month's batches."""
        principal = self.end_life(book, loan)
        book.n_defaulted += 1
        book.defaulted += principal
        recoverable = (1.0 - lgd) * principal
        book.recoverable += recoverable
        if loan.after_bridge is not None:
            book.n_defaulted_after_bridge += 1
            book.defaulted_after_bridge += principal
        self.defaulted_in[month] += principal
        book.defaulted_in[loan.band, month] += principal
        self.defaults_today.append(Default(principal, loan.cohort, book.segment.rate_annual, recoverable))


def fee_of(fee: Payment, loan: Loan) -> float:
    """Return what a loan pays for its coming term: principal × (rate + rate a year × Σ_a s_a/12) [yuan]."""
    months = sum(loan.schedule) if loan.schedule else loan.maturity - loan.granted
    return loan.principal * (fee.rate + fee.rate_annual * months / 12.0)
