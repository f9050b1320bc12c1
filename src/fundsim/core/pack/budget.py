"""The budget: from a scheme by name to tables, and its memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fundsim.core.pack import budget_tables as t
from fundsim.core.pack.budget_tables import BudgetMemory, BudgetTables, PayBasis
from fundsim.core.pack.equity_values import pack_shares_raised
from fundsim.core.pack.record_arrays import integers, table
from fundsim.scheme import BudgetLine, Line, LinePayment, Scheme, entity, record_names
from fundsim.scheme.budget import acceptance

__all__ = ["budget_memory", "leader_of", "line_of", "pack_budget"]

NO = -1
MONTHS = 12

Windows = Callable[[dict[str, tuple[np.dtype[Any], tuple[int, ...]]]], tuple[Any, dict[str, Any]]]
Ranges = tuple[NDArray[np.int64], NDArray[np.int64]]


def _ranges(counts: Sequence[int]) -> Ranges:
    """Return first and end positions of parts that stand one after the other."""
    ends = np.cumsum([0, *counts])
    return ends[:-1], ends[1:]


def _loadings(rho: float) -> tuple[float, float]:
    return math.sqrt(rho), math.sqrt(1.0 - rho)


def line_of(scheme: Scheme) -> dict[str, int]:
    """Return account → its budget line, of the accounts that are limited."""
    limited = _limited(scheme)
    return {line.party: j for j, line in enumerate(scheme.budget_lines) if line.party in limited}


def _limited(scheme: Scheme) -> set[str]:
    return {party.name for party in scheme.parties if party.limited}


def leader_of(scheme: Scheme) -> list[int]:
    """Return for each injection, in the order of the scheme, the one that it follows, or −1."""
    return [k - 1 if one.follows else NO for k, one in enumerate(scheme.injections)]


def _levels(scheme: Scheme) -> Any:
    loadings = [_loadings(level.rho) for level in scheme.levels]
    return table(
        t.LEVEL,
        law=range(len(scheme.levels)),
        next_year=[level.unpaid == "next_year" for level in scheme.levels],
        loading=[loading for loading, _ in loadings],
        noise=[noise for _, noise in loadings],
        entity=[entity(f"appropriation.{level.drawn_as or level.name}") for level in scheme.levels],
    )


def _payments_of(scheme: Scheme, line: BudgetLine) -> list[int]:
    return [p for p, one in enumerate(scheme.line_payments) if one.line == line.name]


def _lines(scheme: Scheme, account: Mapping[str, int]) -> Any:
    lines = scheme.budget_lines
    first, end = _ranges([len(line.appropriations) for line in lines])
    first_payment, end_payment = _ranges([len(_payments_of(scheme, line)) for line in lines])
    return table(
        t.BUDGET_LINE,
        account=[account[line.party] for line in lines],
        first_appropriation=first,
        end_appropriation=end,
        first_payment=first_payment,
        end_payment=end_payment,
        decided_after=[acceptance(0) if line.after_acceptance else 0 for line in lines],
        paid_after=[line.pays_in(0, scheme) for line in lines],
        limited=[line.party in _limited(scheme) for line in lines],
        waits=[line.after_acceptance for line in lines],
        carry_over=[line.carry_over for line in lines],
        pro_rata=[line.pro_rata for line in lines],
        last_month=[line.end(scheme) for line in lines],
    )


def _appropriations(scheme: Scheme, line: Mapping[Line, int]) -> Any:
    level = {one.name: row for row, one in enumerate(scheme.levels)}
    rows = [(own, one.level) for own in scheme.budget_lines for one in own.appropriations]
    return table(
        t.APPROPRIATION,
        level=[level[name] for _, name in rows],
        delay=[scheme.levels[level[name]].delay_months for _, name in rows],
        pay_line=[line[Line(source=name, target=own.party, kind="appropriation")] for own, name in rows],
        back_line=[line[Line(source=own.party, target=name, kind="lapse")] for own, name in rows],
    )


def _payments(scheme: Scheme, line: Mapping[Line, int]) -> Any:
    payments = scheme.line_payments
    lines = {own.name: own for own in scheme.budget_lines}
    books = {book.name: k for k, book in enumerate(scheme.bank_books)}
    dated = {one.name: row for row, one in enumerate(p for p in payments if p.base == "dated")}
    first_rate, end_rate = _ranges([len(p.rates) for p in payments])
    first_event, end_event = _ranges([len(p.events) for p in payments])
    return table(
        t.BUDGET_PAYMENT,
        basis=[PayBasis[p.base.upper()] for p in payments],
        line=[line[Line(source=lines[p.line].party, target=p.payee, kind=p.kind)] for p in payments],
        first_rate=first_rate,
        end_rate=end_rate,
        first_event=first_event,
        end_event=end_event,
        dated=[dated.get(p.name, NO) for p in payments],
        book=[books[p.book] if p.book else NO for p in payments],
        on_renewal=[p.on_renewal for p in payments],
        waits=[lines[p.line].after_acceptance or p.base == "increment" for p in payments],
        whole=[p.whole for p in payments],
        carries=[p.arrears for p in payments],
        amount=[p.amount for p in payments],
        monthly=[p.amount / MONTHS for p in payments],
        book_rate=[p.book_rate for p in payments],
        cap_year=[p.cap_year for p in payments],
        cap_total=[p.cap_total for p in payments],
    )


def _rates(scheme: Scheme, books: Mapping[tuple[str, str], int]) -> Any:
    """Return what is paid per yuan: of a month that performs, or for the whole term that is granted."""
    months = {s.name: math.fsum(s.outstanding_share) or s.term_months for s in scheme.segments}

    def per_yuan(payment: LinePayment, segment: str, rate: float, rate_annual: float) -> float:
        return rate + rate_annual * (1.0 if payment.base == "performing" else months[segment]) / MONTHS

    rows = [(payment, one) for payment in scheme.line_payments for one in payment.rates]
    return table(
        t.LOAN_RATE,
        book=[books[one.facility, one.segment] for _, one in rows],
        per_yuan=[per_yuan(payment, one.segment, one.rate, one.rate_annual) for payment, one in rows],
    )


def _events(scheme: Scheme) -> NDArray[np.int64]:
    if not any(payment.events for payment in scheme.line_payments):
        return integers(())
    column = {name: position for position, name in enumerate(record_names(scheme).all)}
    return integers(column[name] for payment in scheme.line_payments for name in payment.events)


def _dated(scheme: Scheme) -> NDArray[np.float64]:
    payments = [payment for payment in scheme.line_payments if payment.base == "dated"]
    amounts = np.zeros((len(payments), scheme.window.months))
    for row, payment in enumerate(payments):
        for month, amount in payment.dates:
            amounts[row, month] += amount
    return amounts


def _indices(scheme: Scheme, those: Sequence[Any]) -> dict[str, Any]:
    """Return the columns of an index: city and sector with their weights."""
    sector = {name: 1 + row for row, name in enumerate(scheme.economy.sectors)}
    return {
        "factor": [0 if one.sector is None else sector[one.sector] for one in those],
        "city_loading": [math.sqrt(one.city_weight) for one in those],
        "sector_loading": [math.sqrt(1.0 - one.city_weight) for one in those],
    }


def _happenings(scheme: Scheme) -> Any:
    return table(
        t.HAPPENING,
        **_indices(scheme, scheme.happenings),
        beta=[one.beta for one in scheme.happenings],
        drift=[0.5 * one.beta * one.beta for one in scheme.happenings],
        entity=[entity(f"happening.{one.name}") for one in scheme.happenings],
    )


def _ladders(scheme: Scheme) -> tuple[Any, Any]:
    """Return ladders and their tiers."""
    ladders = scheme.ladders
    first, end = _ranges([len(ladder.tiers) for ladder in ladders])
    row = {(ladder.name, tier.name): n for n, (ladder, tier) in enumerate(_tiers(scheme))}
    tiers = _tiers(scheme)
    return (
        table(
            t.LADDER,
            first_tier=first,
            end_tier=end,
            **_indices(scheme, ladders),
            month=[ladder.recognition_month for ladder in ladders],
            candidates=[ladder.candidates for ladder in ladders],
        ),
        table(
            t.TIER,
            below=[NO if tier.below is None else row[ladder.name, tier.below] for ladder, tier in tiers],
            oldest=[tier.opening // t.AGES for _, tier in tiers],
            middle=[tier.opening // t.AGES for _, tier in tiers],
            youngest=[tier.opening - (t.AGES - 1) * (tier.opening // t.AGES) for _, tier in tiers],
            threshold=[float(ndtri(tier.rate)) / math.sqrt(1.0 - ladder.rho) for ladder, tier in tiers],
            sensitivity=[math.sqrt(ladder.rho / (1.0 - ladder.rho)) for ladder, _ in tiers],
            lapse=[tier.lapse for _, tier in tiers],
            entity=[entity(f"ladder.{ladder.name}.{tier.name}") for ladder, tier in tiers],
        ),
    )


def _tiers(scheme: Scheme) -> list[tuple[Any, Any]]:
    return [(ladder, tier) for ladder in scheme.ladders for tier in ladder.tiers]


def _bank_books(scheme: Scheme) -> tuple[Any, NDArray[np.int64]]:
    """Return banks' books and the facilities that belong to each."""
    books = scheme.bank_books
    facility = {one.name: row for row, one in enumerate(scheme.facilities)}
    first, end = _ranges([len(book.facilities) for book in books])
    loadings = [_loadings(book.rho) for book in books]
    rows = table(
        t.BANK_BOOK,
        first_facility=first,
        end_facility=end,
        growth=[book.growth for book in books],
        loading=[book.sd * loading for book, (loading, _) in zip(books, loadings, strict=True)],
        noise=[book.sd * noise for book, (_, noise) in zip(books, loadings, strict=True)],
        entity=[entity(f"book.{book.name}") for book in books],
    )
    return rows, integers(facility[name] for book in books for name in book.facilities)


def pack_budget(
    scheme: Scheme,
    line: Mapping[Line, int],
    account: Mapping[str, int],
    books: Mapping[tuple[str, str], int],
) -> BudgetTables:
    """Return the tables of the budget.

    Args:
        scheme: the scheme.
        line: line of the ledger → its position.
        account: party → its position.
        books: (facility, segment) → its book of loans.

    Raises:
        KeyError: a payment counts a record that there is not.
    """
    years = -(-scheme.window.months // MONTHS)
    laws, nodes = pack_shares_raised([level.paid for level in scheme.levels])
    ladders, tiers = _ladders(scheme)
    bank_books, book_facilities = _bank_books(scheme)
    amounts = [one.amounts for own in scheme.budget_lines for one in own.appropriations]
    yearly = [one.yearly for one in scheme.happenings]
    parts = (scheme.levels, scheme.budget_lines, scheme.happenings, scheme.ladders, scheme.bank_books)
    return BudgetTables(
        levels=_levels(scheme),
        share_laws=laws,
        share_nodes=nodes,
        lines=_lines(scheme, account),
        appropriations=_appropriations(scheme, line),
        amounts=np.array(amounts, dtype=np.float64).reshape(len(amounts), years),
        payments=_payments(scheme, line),
        payments_of=integers(p for own in scheme.budget_lines for p in _payments_of(scheme, own)),
        rates=_rates(scheme, books),
        events=_events(scheme),
        dated=_dated(scheme),
        happenings=_happenings(scheme),
        expected=np.array(yearly, dtype=np.float64).reshape(len(yearly), years) / MONTHS,
        ladders=ladders,
        tiers=tiers,
        bank_books=bank_books,
        book_facilities=book_facilities,
        active=np.int64(any(parts)),
    )


def budget_memory(tables: Any, windows: Windows) -> BudgetMemory:
    """Return the memory of the budget of one thread.

    Args:
        tables: the packed scheme.
        windows: makes windows on one vector.
    """
    budget = tables.budget
    real, count = np.dtype(np.float64), np.dtype(np.int64)
    years = budget.amounts.shape[1]
    vector, own = windows(
        {
            "shares": (real, (budget.levels.size, years)),
            "coming": (real, budget.amounts.shape),
            "appropriations": (t.APPROPRIATION_WORK, budget.appropriations.shape),
            "payments": (t.BUDGET_PAYMENT_WORK, budget.payments.shape),
            "waiting": (real, (budget.payments.size, years)),
            "lent": (real, budget.rates.shape),
            "firms": (count, (budget.tiers.size, t.AGES)),
            "bank_books": (t.BANK_BOOK_WORK, budget.bank_books.shape),
        }
    )
    return BudgetMemory(vector=vector, **own, injected=np.zeros(tables.funding.injections.size))
