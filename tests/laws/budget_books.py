"""Identities of a budget that hold at every month's end of every path, to a fen."""

from __future__ import annotations

import math

import numpy as np

from fundsim.scheme import BankBook, BudgetLine, Happening, Level, LinePayment, Nature, Scheme, Tier
from fundsim.scheme.records import book_record, ledger_lines, party_record

from .amounts import HALF_A_FEN, near, never_below, rising
from .books import check_parties
from .histories import History

__all__ = ["check_budget"]

DUST = 1e-6
"""What sums of floating-point numbers leave [yuan]."""
COUNTED = 1e-9


def check_budget(scheme: Scheme, h: History) -> None:
    """Hold a history to every identity of its budget.

    Raises:
        AssertionError: one does not hold.
    """
    check_parties(scheme, h)
    check_that_no_money_is_made(scheme, h)
    for level in scheme.levels:
        check_level(scheme, h, level)
    for line in scheme.budget_lines:
        if line.appropriations:
            check_appropriations(scheme, h, line)
            check_account(scheme, h, line)
        else:
            check_treasury(scheme, h, line)
    for payment in scheme.line_payments:
        check_payment(scheme, h, payment)
        check_base(scheme, h, payment)
        check_want(scheme, h, payment)
    check_ladders(scheme, h)
    for one in scheme.happenings:
        check_counts(h[Happening.record(one.name, "n")])
    for book in scheme.bank_books:
        assert never_below(h[BankBook.record(book.name, "own")])


def check_that_no_money_is_made(scheme: Scheme, h: History) -> None:
    """What one party pays another one has, the treasuries included."""
    held = h.total(*(party_record(p.name, "balance") for p in scheme.parties))
    assert near(held, sum(p.opening for p in scheme.parties))


def gains(values: np.ndarray) -> np.ndarray:
    """Return what a cumulative record gained in each month."""
    return np.diff(values, axis=1, prepend=0.0)


def flows(scheme: Scheme, h: History, *kinds: str, source: str = "", target: str = "") -> np.ndarray:
    """Return what the ledger's lines between parties have moved to date, of some kinds or of all."""
    between = [
        line for line in ledger_lines(scheme) if source in ("", line.source) and target in ("", line.target)
    ]
    return h.total(*(line.record for line in between if not kinds or line.kind in kinds))


def check_counts(values: np.ndarray) -> None:
    """Cumulative whole numbers, of awards up to the last digits of what their amounts are divided by."""
    assert np.abs(values - np.round(values)).max() < COUNTED
    assert rising(values)


def check_level(scheme: Scheme, h: History, level: Level) -> None:
    """Its share holds for a budget year, and stays after the window."""
    share = h[Level.record(level.name, "paid_share")]
    months = scheme.window.months
    assert share.min() >= 0.0
    assert share.max() <= 1.0
    for first in range(0, months, 12):
        assert (share[:, first : min(first + 12, months)] == share[:, first : first + 1]).all()
    assert (share[:, months:] == share[:, months - 1 : months]).all()
    if level.paid.sd == 0.0:
        assert (share == level.paid.mean).all()


def owed_of(scheme: Scheme, h: History, line: BudgetLine) -> np.ndarray:
    """Return what a line owes on all its payments."""
    own = [p.name for p in scheme.line_payments if p.line == line.name]
    return h.total(*(LinePayment.record(name, "owed") for name in own))


def check_appropriations(scheme: Scheme, h: History, line: BudgetLine) -> None:
    """What is due comes or is lost, in the end all of it; a part of it that is certain comes on its day."""
    due, lost, lapsed = (h[BudgetLine.record(line.name, what)] for what in ("due", "lost", "lapsed"))
    came = flows(scheme, h, "appropriation", target=line.party)
    planned = sum(sum(one.amounts) for one in line.appropriations)
    assert near(due[:, -1], planned)
    assert never_below(due - came - lost)
    assert near(came[:, -1] + lost[:, -1], planned)
    assert near(lapsed, flows(scheme, h, "lapse", source=line.party))
    assert rising(lost)
    assert rising(lapsed)
    levels = {level.name: level for level in scheme.levels}
    if all(levels[one.level].paid.mean == 1.0 for one in line.appropriations) and not any(
        levels[one.level].delay_months for one in line.appropriations
    ):
        assert not lost.any()
        assert near(came, due)
    starts = range(0, scheme.window.months, 12)
    begun = [14 + 12 * y if line.after_acceptance else 12 * y for y in range(len(starts))]
    for y, month in enumerate(begun):
        assert near(gains(due)[:, month], sum(one.amounts[y] for one in line.appropriations))


def check_account(scheme: Scheme, h: History, line: BudgetLine) -> None:
    """Its money went into injections, payments and back; nothing is left at its end."""
    held = h[party_record(line.party, "balance")]
    end = line.end(scheme)
    kinds = {i.kind for i in scheme.injections if i.source == line.party}
    kinds |= {u.kind for u in scheme.top_ups if u.source == line.party}
    injected = flows(scheme, h, *kinds, source=line.party) if kinds else h.total()
    own = [p for p in scheme.line_payments if p.line == line.name]
    paid = h.total(*(LinePayment.record(p.name, "paid") for p in own))
    came = flows(scheme, h, "appropriation", target=line.party)
    back = flows(scheme, h, "lapse", source=line.party)
    assert near(came, injected + paid + back + held)
    assert near(paid, flows(scheme, h, *LinePayment.kinds, source=line.party))
    assert near(held[:, end:], 0.0)
    # What followers are not to match is neither paid nor missing.
    multiples = {d.name: d for d in scheme.drawn}
    wanted = [
        i.amount * (1.0 if i.drawn is None else multiples[i.drawn].high)
        for i in scheme.injections
        if i.source == line.party
    ]
    missing = h[BudgetLine.record(line.name, "unfunded")]
    assert rising(missing)
    assert never_below(sum(wanted) - injected - missing)
    plain = [i for i in scheme.injections if i.source == line.party]
    if not any(i.follows or i.drawn for i in plain) and not any(
        u.source == line.party for u in scheme.top_ups
    ):
        assert near(injected[:, -1] + missing[:, -1], sum(wanted))
    if not line.carry_over:
        for month in closing_months(scheme, line):
            assert never_below(owed_of(scheme, h, line)[:, month] - held[:, month])


def check_treasury(scheme: Scheme, h: History, line: BudgetLine) -> None:
    """A line without limit is never short, and nothing is appropriated to it or given back."""
    for what in BudgetLine.names(Nature.FLOW):
        assert not h[BudgetLine.record(line.name, what)].any()
    for payment in scheme.line_payments:
        if payment.line == line.name:
            assert not h[LinePayment.record(payment.name, "refused")].any()
            owed = h[LinePayment.record(payment.name, "owed")]
            assert near(owed, waiting_of(scheme, h, payment))


def closing_months(scheme: Scheme, line: BudgetLine) -> list[int]:
    """Return the months at whose end what is not owed lapses."""
    years = -(-scheme.window.months // 12)
    if line.after_acceptance:
        return [line.pays_in(year, scheme) for year in range(years)]
    return [min(12 * year + 11, scheme.window.months - 1) for year in range(years)]


def check_payment(scheme: Scheme, h: History, payment: LinePayment) -> None:
    """Σ paid + refused + owed = due; due stays within its caps; events are counted by amount."""
    due, capped, paid, refused, owed, n_paid, n_refused = (
        h[LinePayment.record(payment.name, what)] for what in LinePayment.names(Nature.FLOW, Nature.STOCK)
    )
    assert near(paid + refused + owed, due)
    for flow in (due, capped, paid, refused, n_paid, n_refused):
        assert rising(flow)
        assert never_below(flow)
    assert never_below(owed)
    assert near(gains(due)[:, scheme.window.months :], 0.0)
    assert never_below(payment.cap_total - due) or math.isinf(payment.cap_total)
    for first in range(0, scheme.window.months, 12):
        in_year = gains(due)[:, first : first + 12].sum(axis=1)
        assert (in_year <= payment.cap_year + HALF_A_FEN).all()
    if payment.arrears:
        assert not refused.any()
    if payment.base == "counted":
        assert near(paid, n_paid * payment.amount)
        assert near(refused, n_refused * payment.amount)
    else:
        assert not n_paid.any()
        assert not n_refused.any()
    if payment.whole:
        check_counts(n_paid)
        check_counts(n_refused)


def waiting_of(scheme: Scheme, h: History, payment: LinePayment) -> np.ndarray:
    """Return what has fallen due on a payment and waits for its month."""
    line = next(one for one in scheme.budget_lines if one.name == payment.line)
    due = gains(h[LinePayment.record(payment.name, "due")])
    waiting = np.zeros_like(due)
    if not line.after_acceptance and payment.base != "increment":
        return waiting
    for month in range(scheme.window.months):
        waiting[:, month : line.pays_in(month // 12, scheme)] += due[:, month : month + 1]
    return waiting


def check_base(scheme: Scheme, h: History, payment: LinePayment) -> None:
    """What fell due and what caps cut is what the base asks for, as far as records say it."""
    months = scheme.window.months
    asked = h.total(*(LinePayment.record(payment.name, what) for what in ("due", "capped")))[:, :months]
    expected = np.zeros_like(asked)
    if payment.base == "fixed":
        expected += payment.amount / 12.0 * np.arange(1, months + 1)
    elif payment.base == "dated":
        for month, amount in payment.dates:
            expected[:, month:] += amount
    elif payment.base == "counted":
        expected += payment.amount * h.total(*payment.events)[:, :months]
    elif payment.base == "increment":
        expected += payment.book_rate * h[BankBook.record(payment.book, "increase")][:, :months]
    elif payment.base == "granted":
        terms = {s.name: math.fsum(s.outstanding_share) or s.term_months for s in scheme.segments}
        for one in payment.rates:
            whats = ("lent_new", "lent_renewed") if payment.on_renewal else ("lent_new",)
            granted = h.total(*(book_record(one.facility, one.segment, what) for what in whats))
            expected += (one.rate + one.rate_annual * terms[one.segment] / 12.0) * granted[:, :months]
    else:
        return
    assert near(asked, expected), payment.name


def check_want(scheme: Scheme, h: History, payment: LinePayment) -> None:
    """Nothing is refused, and nothing stays in arrears, while the line has money for it."""
    line = next(one for one in scheme.budget_lines if one.name == payment.line)
    if not line.appropriations:
        return
    back = gains(flows(scheme, h, "lapse", source=line.party))
    left = h[party_record(line.party, "balance")] + back
    refused = gains(h[LinePayment.record(payment.name, "refused")])
    arrears = h[LinePayment.record(payment.name, "owed")] - waiting_of(scheme, h, payment)
    assert never_below(arrears)
    least = payment.amount if payment.whole else HALF_A_FEN
    lives = np.arange(left.shape[1]) <= line.end(scheme)
    short = ((refused > DUST) | (arrears > DUST)) & lives
    assert (left[short] < least + DUST).all(), payment.name
    if not payment.arrears:
        assert near(arrears, 0.0)


def check_ladders(scheme: Scheme, h: History) -> None:
    """Firms of a tier: those at the start, in, out by lapse, and out to the tiers above."""
    for ladder in scheme.ladders:
        for tier in ladder.tiers:
            n, entered, renewed, lapsed = (
                h[Tier.record(f"{ladder.name}/{tier.name}", what)]
                for what in ("n", "entered", "renewed", "lapsed")
            )
            above = [up.name for up in ladder.tiers if up.below == tier.name]
            left = h.total(*(Tier.record(f"{ladder.name}/{name}", "entered") for name in above))
            assert (n == tier.opening + entered - lapsed - left).all()
            assert n.min() >= 0.0
            for count in (entered, renewed, lapsed):
                check_counts(count)
                months = np.flatnonzero(gains(count).any(axis=0))
                assert (months % 12 == ladder.recognition_month).all()
            if tier.below is None:
                assert gains(entered).max() <= ladder.candidates
