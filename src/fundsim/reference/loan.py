"""A loan: one SimPy process from its grant to its end."""

from __future__ import annotations

from dataclasses import replace

from numpy.random import Generator
from scipy.special import betaincinv, ndtr

from fundsim.reference.books import Book, Loan, Portfolio
from fundsim.reference.clock import Process, Stage
from fundsim.reference.maturity import RENEWALS, EndOfTerm, Fate, Surroundings, end_of_term
from fundsim.scheme import Lgd

__all__ = ["live", "loss_given_default"]


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
        end = yield from end_of_term(city, portfolio, book, loan)
        _count(book, loan, end.fate)
        if end.fate in RENEWALS:
            loan = _renew(city, portfolio, book, loan, end)
            continue
        if end.fate is Fate.REPAYS:
            _repay(city, portfolio, book, loan)
        else:
            _default(city, portfolio, book, loan, end.month)
        return


def _count(book: Book, loan: Loan, fate: Fate) -> None:
    """Count a fate that has a record of its own, beside those of all defaults and renewals."""
    if fate is Fate.DEFAULTS_AT_CLIFF:
        book.defaulted_at_cliff += loan.outstanding
    elif fate is Fate.DEFAULTS_AT_STOP:
        book.defaulted_at_stop += loan.outstanding
    elif fate is Fate.DEFAULTS_UNSERVED:
        book.n_defaulted_unserved += 1
        book.defaulted_unserved += loan.outstanding
    elif fate is Fate.RENEWS_BRIDGED:
        book.n_bridged += 1
    elif fate is Fate.RENEWS_PRIVATELY:
        book.n_private += 1


def _default_in_life(city: Surroundings, book: Book, loan: Loan) -> int:
    """Return the month in which the loan fails in life; beyond its maturity if it does not."""
    share_in_life = 1.0 - book.segment.maturity_share
    if share_in_life <= 0.0:
        return loan.maturity + 1
    exponential = city.random.standard_exponential() / share_in_life
    return loan.granted + loan.present_risk.months_survived(loan.granted, loan.age, exponential)


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


def _default(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan, month: int) -> None:
    lgd = loss_given_default(loan.present_lgd, loan.present_risk.index[month], city.random)
    portfolio.book_default(book, loan, month, lgd)


def _renew(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan, end: EndOfTerm) -> Loan:
    """Renew a loan: the same firm and principal, a new life, of another risk if a bridge has changed it.

    No cash moves on a bullet loan.  An amortising one pays its last instalment and is lent again in whole.
    """
    month, lender = end.month, portfolio.facility.lender
    renewed = replace(
        loan,
        granted=month,
        maturity=month + book.segment.term_months,
        age=0,
        cohort=month // 12,
        after_bridge=end.after_bridge,
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
