"""What becomes of a loan at the end of its term: default, renewal, repayment, or days without a bridge."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import numpy as np
import simpy

from fundsim.reference.books import Book, Loan, OtherRisk, Portfolio
from fundsim.reference.bridge_queue import Outcome
from fundsim.reference.clock import Clock
from fundsim.reference.days import draw_days
from fundsim.reference.economy import probability_at
from fundsim.reference.ledger import Ledger
from fundsim.scheme import DaysLaw, Segment, Shortage

__all__ = ["RENEWALS", "EndOfTerm", "Fate", "Surroundings", "end_of_term", "renewal_probability"]


class Fate(Enum):
    """What becomes of a loan that reaches maturity."""

    DEFAULTS = "defaults"
    DEFAULTS_AT_CLIFF = "its renewal is forbidden in the run-off, and it defaults"
    DEFAULTS_AT_STOP = "its renewal is forbidden by a breaker, and it defaults"
    DEFAULTS_UNSERVED = "its firm is short of cash, no bridge serves it, and it defaults"
    SHORT = "its firm is short of cash for some days"
    RENEWS = "renews"
    RENEWS_BRIDGED = "renews after a bridge by the fund"
    RENEWS_PRIVATELY = "renews after a private bridge"
    REPAYS = "repays for good"


RENEWALS = (Fate.RENEWS, Fate.RENEWS_BRIDGED, Fate.RENEWS_PRIVATELY)


@dataclass(frozen=True, slots=True)
class EndOfTerm:
    """The fate of a loan, and the month in which it comes."""

    fate: Fate
    month: int
    after_bridge: OtherRisk | None = None
    """Risk of the next life, where a bridge changes it."""


class Surroundings(Protocol):
    """What a loan must know of its path."""

    clock: Clock
    random: np.random.Generator
    ledger: Ledger
    policy_months: int


Waiting = Generator[simpy.Event, Any, EndOfTerm]


def end_of_term(city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan) -> Waiting:
    """Live through the end of a loan's term, which a bridge may draw out for days or months."""
    fate = _fate_at_maturity(city, portfolio, book.segment, loan)
    if fate is Fate.SHORT and book.segment.shortage is not None:
        book.n_short += 1
        book.short += loan.outstanding
        return (yield from _look_for_a_bridge(city, portfolio, book, loan, book.segment.shortage))
    return EndOfTerm(fate, loan.maturity)


def _fate_at_maturity(city: Surroundings, portfolio: Portfolio, segment: Segment, loan: Loan) -> Fate:
    """Decide what a loan does at maturity.

    Default at maturity has probability ``1 − exp(−m (H(t) − H(t₀)))``.  A sound firm is short of cash, or it
    would renew, or it repays.  One that would renew and may not defaults with ``default_if_not_renewed``,
    else it repays; where renewals are forbidden nobody is found to be short.
    """
    month, risk = loan.maturity, loan.present_risk
    held_back = segment.maturity_share * risk.hazard(loan.granted, loan.age, month)
    if city.random.standard_exponential() < held_back:
        return Fate.DEFAULTS
    after_window = month >= city.policy_months
    may_not_renew = portfolio.facility.cliff if after_window else portfolio.renewals_stopped
    if not may_not_renew and _is_short(city, segment.shortage, month, risk.index[month]):
        return Fate.SHORT
    if city.random.random() >= renewal_probability(segment, risk.index[month]):
        return Fate.REPAYS
    if after_window:
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
    return probability_at(segment.renew, segment.renew_rho, -index)


def _is_short(city: Surroundings, shortage: Shortage | None, month: int, index: float) -> bool:
    """Draw whether a sound firm is short of cash in a month with the index X."""
    if shortage is None:
        return False
    mean = shortage.in_year(month // 12)
    return city.random.random() < probability_at(mean, shortage.rho, index)


def _look_for_a_bridge(
    city: Surroundings, portfolio: Portfolio, book: Book, loan: Loan, shortage: Shortage
) -> Waiting:
    """Live through the days in which the firm of a loan is short of cash.

    It asks the fund of its facility, if there is one and the firm is eligible, and waits for what comes of
    that.  A firm that nobody serves defaults, or it finds a private bridge and is renewed.  After the window
    nothing is renewed, so that nobody bridges anything.
    """
    month = loan.maturity
    survives = city.random.random() >= shortage.default_if_unserved
    if month >= city.policy_months:
        return EndOfTerm(Fate.REPAYS if survives else Fate.DEFAULTS_UNSERVED, month)
    if portfolio.bridge is None:
        amount, days = loan.principal, shortage.private_days
    else:
        fund = portfolio.bridge
        days = shortage.private_days or fund.terms.days
        request = fund.request_of(loan, book.segment, finds_private=survives)
        amount = request.amount
        if fund.admits(request):
            outcome, month = yield fund.ask(request, city.clock.environment)
            if outcome is Outcome.RELENT:
                return EndOfTerm(Fate.RENEWS_BRIDGED, month, fund.risk_after(book.segment))
            if outcome is Outcome.NOT_RELENT:
                # The bank has been repaid, by the fund.
                return EndOfTerm(Fate.REPAYS, month)
    if not survives:
        return EndOfTerm(Fate.DEFAULTS_UNSERVED, month)
    book.private_cost += _private_cost(city, shortage, days, amount)
    return EndOfTerm(Fate.RENEWS_PRIVATELY, month)


def _private_cost(city: Surroundings, shortage: Shortage, law: DaysLaw | None, amount: float) -> float:
    """Return what a private bridge costs a firm: fee per day × days × amount [yuan]."""
    if law is None:
        # Nothing is paid then: a scheme with a fee and without a law is refused.
        return 0.0
    return shortage.private_fee_per_day * draw_days(law, city.random) * amount
