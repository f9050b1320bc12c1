"""A loan: one SimPy process from its grant to its end; and the books that count loans."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

from numpy.random import Generator
from scipy.special import betaincinv, ndtr, ndtri

from fundsim.reference.clock import Clock, Process, Stage
from fundsim.reference.economy import Risk
from fundsim.reference.ledger import Ledger
from fundsim.scheme import Contract, Facility, Lgd, Payment, Segment

__all__ = ["OPENING", "Book", "Default", "Loan", "Portfolio", "fee_of", "live", "loss_given_default"]

OPENING = -1
"""Cohort of the loans that are on the books before month 0."""


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
    outstanding: float = field(init=False)
    """What the firm still owes."""

    def __post_init__(self) -> None:
        self.outstanding = self.owed_in(self.granted + 1)

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
        self.defaulted_in[month] += principal
        book.defaulted_in[loan.band, month] += principal
        self.defaults_today.append(Default(principal, loan.cohort, book.segment.rate_annual, recoverable))


def fee_of(fee: Payment, loan: Loan) -> float:
    """Return what a loan pays for its coming term: principal × (rate + rate a year × Σ_a s_a/12) [yuan]."""
    months = sum(loan.schedule) if loan.schedule else loan.maturity - loan.granted
    return loan.principal * (fee.rate + fee.rate_annual * months / 12.0)


class Surroundings(Protocol):
    """What a loan must know of its path."""

    clock: Clock
    random: Generator
    ledger: Ledger
    policy_months: int


def live(city: Surroundings, portfolio: Portfolio, segment: str, loan: Loan) -> Process:
    """Let one loan live: sleep to its default in life or to its maturity, and act there.

    Its default in life is where the economy's hazard, less the share held back for maturity, has
    used up a unit exponential clock; so every month's conditional default probability is
    ``1 − (1 − p(X))^((1 − m)/12)``, and the defaults among n like loans are Binomial.
    """
    book = portfolio.books[segment]
    portfolio.begin_life(book, loan)
    while True:
        month = _default_in_life(city, book, loan)
        yield from _pay_instalments(city, portfolio, book, loan, before=min(month, loan.maturity))
        if month <= loan.maturity:
            yield city.clock.until(month, Stage.DEFAULTS)
            _default(city, portfolio, book, loan, month)
            return
        yield city.clock.until(loan.maturity, Stage.MATURITIES)
        month = loan.maturity
        fate = _fate_at_maturity(city, portfolio, book, loan)
        if fate is Fate.RENEWS:
            loan = _renew(city, portfolio, book, loan)
            continue
        if fate is Fate.REPAYS:
            _repay(city, portfolio, book, loan)
            return
        if fate is Fate.DEFAULTS_AT_CLIFF:
            book.defaulted_at_cliff += loan.outstanding
        if fate is Fate.DEFAULTS_AT_STOP:
            book.defaulted_at_stop += loan.outstanding
        _default(city, portfolio, book, loan, month)
        return


def _default_in_life(city: Surroundings, book: Book, loan: Loan) -> int:
    """Return the month in which the loan fails in life; beyond its maturity if it does not."""
    share_in_life = 1.0 - book.segment.maturity_share
    if share_in_life <= 0.0:
        return loan.maturity + 1
    exponential = city.random.standard_exponential() / share_in_life
    return loan.granted + loan.risk.months_survived(loan.granted, loan.age, exponential)


def _pay_instalments(
    city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan, before: int
) -> Process:
    """Let an amortising loan pay what each month's schedule asks for, until the month ``before``."""
    if not loan.schedule:
        return
    for month in range(loan.granted + 1, before):
        yield city.clock.until(month, Stage.MATURITIES)
        instalment = loan.outstanding - loan.owed_in(month + 1)
        portfolio.reduce(book, loan, instalment)
        book.matured += instalment
        city.ledger.transfer("firms", portfolio.facility.lender, "repayment", instalment)


def _fate_at_maturity(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan) -> Fate:
    """Decide what a loan does at maturity.

    Default at maturity has probability ``1 − exp(−m (H(t) − H(t₀)))``.  A firm that would renew and
    may not defaults with ``default_if_not_renewed``, else it repays.
    """
    segment = book.segment
    held_back = segment.maturity_share * loan.risk.hazard(loan.granted, loan.age, loan.maturity)
    if city.random.standard_exponential() < held_back:
        return Fate.DEFAULTS
    if city.random.random() >= renewal_probability(segment, loan.risk.index[loan.maturity]):
        return Fate.REPAYS
    if loan.maturity >= city.policy_months:
        forbidden = Fate.DEFAULTS_AT_CLIFF if portfolio.facility.cliff else Fate.REPAYS
    elif portfolio.renewals_stopped:
        forbidden = Fate.DEFAULTS_AT_STOP
    else:
        return Fate.RENEWS
    if city.random.random() < segment.default_if_not_renewed:
        return forbidden
    return Fate.REPAYS


def renewal_probability(segment: Segment, index: float) -> float:
    """Return the probability that a sound loan is renewed: Φ((Φ⁻¹(renew) + √r X)/√(1 − r)).

    Args:
        segment: its segment, with renew and r = renew_rho.
        index: the segment's X in the month of maturity; high is good.
    """
    r = segment.renew_rho
    if r == 0.0 or segment.renew in (0.0, 1.0):
        return segment.renew
    return float(ndtr((ndtri(segment.renew) + math.sqrt(r) * index) / math.sqrt(1.0 - r)))


def _default(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan, month: int) -> None:
    lgd = loss_given_default(loan.lgd, loan.risk.index[month], city.random)
    portfolio.book_default(book, loan, month, lgd)


def _renew(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan) -> Loan:
    """Renew a loan: the same firm and principal, a new life.

    No cash moves on a bullet loan.  An amortising one pays its last instalment and is lent again in whole.
    """
    month, lender = loan.maturity, portfolio.facility.lender
    renewed = replace(
        loan, granted=month, maturity=month + book.segment.term_months, age=0, cohort=month // 12
    )
    if loan.schedule:
        city.ledger.transfer("firms", lender, "repayment", loan.outstanding)
        city.ledger.transfer(lender, "firms", "loan", renewed.principal)
    book.matured += portfolio.end_life(book, loan)
    book.n_renewed += 1
    book.lent_renewed += renewed.principal
    book.renewed_today.append(renewed)
    portfolio.begin_life(book, renewed)
    return renewed


def _repay(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan) -> None:
    """Repay a loan for good."""
    owed = portfolio.end_life(book, loan)
    book.matured += owed
    portfolio.granted_repaid_today += loan.principal
    city.ledger.transfer("firms", portfolio.facility.lender, "repayment", owed)


def loss_given_default(lgd: Lgd, index: float, random: Generator) -> float:
    """Return the loss of one default as a share of its principal.

    ``BetaInv(Φ(−√c X + √(1 − c) η))`` with a = M·k, b = (1 − M)·k, k = M(1 − M)/sd² − 1 and M the mean of the
    beta law, which differs from the stated one over defaults; the stated mean itself when sd is 0.

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
    mean = lgd.mean if lgd.law_mean is None else lgd.law_mean
    k = mean * (1.0 - mean) / lgd.sd**2 - 1.0
    return float(betaincinv(mean * k, (1.0 - mean) * k, ndtr(score)))
