"""A loan: one SimPy process from its grant to its end; and the books that count loans."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from numpy.random import Generator
from scipy.special import betaincinv, ndtr

from fundsim.reference.clock import Clock, Process, Stage
from fundsim.reference.economy import Risk
from fundsim.reference.ledger import Ledger
from fundsim.scheme import Facility, Lgd, Segment

__all__ = ["OPENING", "Book", "Default", "Loan", "Programme", "live", "loss_given_default"]

OPENING = -1
"""Cohort of the loans that are on the books before month 0."""


@dataclass(slots=True)
class Loan:
    """One loan of one firm.  Money in yuan, time in months."""

    principal: float
    granted: int
    """Month at whose end it was granted or last renewed; −1 for opening loans."""
    maturity: int
    """Month in which it matures."""
    age: int
    """Months of its life that lie before the window: term − months left for an opening loan, else 0."""
    cohort: int
    """Policy year of its grant or last renewal, or OPENING."""


@dataclass(frozen=True, slots=True)
class Default:
    """A loan that has just defaulted."""

    loan: Loan
    rate_annual: float
    recoverable: float
    """(1 − LGD) × principal [yuan]."""


class Fate(Enum):
    """What becomes of a loan that reaches maturity."""

    DEFAULTS = "defaults"
    DEFAULTS_AT_CLIFF = "its renewal is forbidden in the run-off, and it defaults"
    DEFAULTS_AT_STOP = "its renewal is forbidden by a breaker, and it defaults"
    RENEWS = "renews"
    REPAYS = "repays for good"


@dataclass(slots=True)
class Book:
    """The loans of one segment on one facility; the fields are the records of the same names."""

    segment: Segment
    risk: Risk
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
    matured: float = 0.0
    recoverable: float = 0.0
    renewed_this_month: float = 0.0
    """Principal whose renewal fees are charged at step 7 [yuan]."""
    fractions: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Size band → the fraction of a loan that demand carries to the next month."""


@dataclass(slots=True)
class Programme:
    """A facility on one path: its books and what the month has done to them."""

    facility: Facility
    books: dict[str, Book]
    """Segment → its book."""
    volume: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Cohort → principal granted to it to date, renewals included [yuan]."""
    defaults_today: list[Default] = field(default_factory=list)
    repaid_today: float = 0.0
    """Principal repaid for good in this month [yuan]."""
    defaulted_in: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """Month → principal that defaulted in it [yuan]."""
    renewals_stopped: bool = False
    """Set at step 8 by a breaker, obeyed at step 5 of the next month."""

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

    def overdue(self, month: int) -> float:
        """Defaulted principal that is not closed [yuan]."""
        return self.defaulted_at_ages(month, 0, self.facility.closing_months)

    def npl(self, month: int) -> float:
        """Overdue principal three months after its default or more [yuan]."""
        return self.defaulted_at_ages(month, 3, self.facility.closing_months)

    def begin_life(self, book: Book, loan: Loan) -> None:
        """Count a loan that is granted, renewed or on the books at the start."""
        book.n_performing += 1
        book.performing += loan.principal
        self.volume[loan.cohort] += loan.principal

    def end_life(self, book: Book, loan: Loan) -> None:
        """Count a loan out: renewed, repaid or defaulted."""
        book.n_performing -= 1
        # An empty book holds nothing, not what floating-point sums leave behind.
        book.performing = book.performing - loan.principal if book.n_performing else 0.0

    def book_default(self, book: Book, loan: Loan, month: int, lgd: float) -> None:
        """Count a default and keep it for this month's batches."""
        self.end_life(book, loan)
        book.n_defaulted += 1
        book.defaulted += loan.principal
        recoverable = (1.0 - lgd) * loan.principal
        book.recoverable += recoverable
        self.defaulted_in[month] += loan.principal
        self.defaults_today.append(Default(loan, book.segment.rate_annual, recoverable))


class Surroundings(Protocol):
    """What a loan must know of its path."""

    clock: Clock
    random: Generator
    ledger: Ledger
    policy_months: int


def live(city: Surroundings, programme: Programme, segment: str, loan: Loan) -> Process:
    """Let one loan live: sleep to its default in life or to its maturity, and act there.

    Its default in life is where the economy's hazard, less the share held back for maturity, has
    used up a unit exponential clock; so every month's conditional default probability is
    ``1 − (1 − p(X))^((1 − m)/12)``, and the defaults among n like loans are Binomial.
    """
    book = programme.books[segment]
    programme.begin_life(book, loan)
    while True:
        month = _default_in_life(city, book, loan)
        if month <= loan.maturity:
            yield city.clock.until(month, Stage.DEFAULTS)
            _default(city, programme, book, loan, month)
            return
        yield city.clock.until(loan.maturity, Stage.MATURITIES)
        month = loan.maturity
        fate = _fate_at_maturity(city, programme, book, loan)
        if fate is Fate.RENEWS:
            loan = _renew(programme, book, loan, month)
            continue
        if fate is Fate.REPAYS:
            _repay(city, programme, book, loan)
            return
        if fate is Fate.DEFAULTS_AT_CLIFF:
            book.defaulted_at_cliff += loan.principal
        if fate is Fate.DEFAULTS_AT_STOP:
            book.defaulted_at_stop += loan.principal
        _default(city, programme, book, loan, month)
        return


def _default_in_life(city: Surroundings, book: Book, loan: Loan) -> int:
    """Return the month in which the loan fails in life; beyond its maturity if it does not."""
    share_in_life = 1.0 - book.segment.maturity_share
    if share_in_life <= 0.0:
        return loan.maturity + 1
    exponential = city.random.standard_exponential() / share_in_life
    return loan.granted + book.risk.months_survived(loan.granted, loan.age, exponential)


def _fate_at_maturity(city: Surroundings, programme: Programme, book: Book, loan: Loan) -> Fate:
    """Decide what a loan does at maturity.

    Default at maturity has probability ``1 − exp(−m (H(t) − H(t₀)))``.  A firm that would renew and
    may not defaults with ``default_if_not_renewed``, else it repays.
    """
    segment = book.segment
    held_back = segment.maturity_share * book.risk.hazard(loan.granted, loan.age, loan.maturity)
    if city.random.standard_exponential() < held_back:
        return Fate.DEFAULTS
    if city.random.random() >= segment.renew:
        return Fate.REPAYS
    if loan.maturity >= city.policy_months:
        forbidden = Fate.DEFAULTS_AT_CLIFF if programme.facility.cliff else Fate.REPAYS
    elif programme.renewals_stopped:
        forbidden = Fate.DEFAULTS_AT_STOP
    else:
        return Fate.RENEWS
    if city.random.random() < segment.default_if_not_renewed:
        return forbidden
    return Fate.REPAYS


def _default(city: Surroundings, programme: Programme, book: Book, loan: Loan, month: int) -> None:
    lgd = loss_given_default(book.segment.lgd, book.risk.index[month], city.random)
    programme.book_default(book, loan, month, lgd)


def _renew(programme: Programme, book: Book, loan: Loan, month: int) -> Loan:
    """Renew a loan: the same firm and principal, a new life, no cash."""
    programme.end_life(book, loan)
    book.n_renewed += 1
    book.lent_renewed += loan.principal
    book.renewed_this_month += loan.principal
    book.matured += loan.principal
    renewed = Loan(loan.principal, month, month + book.segment.term_months, 0, month // 12)
    programme.begin_life(book, renewed)
    return renewed


def _repay(city: Surroundings, programme: Programme, book: Book, loan: Loan) -> None:
    """Repay a loan for good."""
    programme.end_life(book, loan)
    book.matured += loan.principal
    programme.repaid_today += loan.principal
    city.ledger.transfer("firms", programme.facility.lender, "repayment", loan.principal)


def loss_given_default(lgd: Lgd, index: float, random: Generator) -> float:
    """Return the loss of one default as a share of its principal.

    ``BetaInv(Φ(−√c X + √(1 − c) η))`` with a = mean·k, b = (1 − mean)·k, k = mean(1 − mean)/sd² − 1;
    the mean itself when sd is 0.

    Args:
        lgd: its law.
        index: the segment's X in the month of default.
        random: generator of η.

    >>> loss_given_default(Lgd(mean=0.45), -2.0, Generator(__import__("numpy").random.PCG64(1)))
    0.45
    """
    if lgd.sd == 0.0:
        return lgd.mean
    c = lgd.factor_correlation
    score = -(c**0.5) * index + (1.0 - c) ** 0.5 * random.standard_normal()
    k = lgd.mean * (1.0 - lgd.mean) / lgd.sd**2 - 1.0
    return float(betaincinv(lgd.mean * k, (1.0 - lgd.mean) * k, ndtr(score)))
