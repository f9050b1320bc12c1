"""The budget as tables, and its memory.

Axis names: l level, j line, a appropriation (a level of a line), p payment, y budget year, t month of the
window, h happening, i tier, k bank's book.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

from fundsim.core.pack.record_types import record

__all__ = [
    "AGES",
    "APPROPRIATION",
    "APPROPRIATION_WORK",
    "BANK_BOOK",
    "BANK_BOOK_WORK",
    "BUDGET_LINE",
    "BUDGET_PAYMENT",
    "BUDGET_PAYMENT_WORK",
    "HAPPENING",
    "LADDER",
    "LEVEL",
    "LOAN_RATE",
    "TIER",
    "BudgetMemory",
    "BudgetTables",
    "PayBasis",
]

Array: TypeAlias = Any

AGES = 3
"""Years for which a recognition holds: the firms of a tier are kept by years since it."""


class PayBasis(IntEnum):
    """What a payment of a line is a part of."""

    PERFORMING = 0
    GRANTED = 1
    COUNTED = 2
    FIXED = 3
    DATED = 4
    INCREMENT = 5


LEVEL = record("law next_year", "loading noise", "entity")
"""(l): ``loading`` and ``noise`` are sqrt(ρ) and sqrt(1 − ρ) of its score."""

BUDGET_LINE = record(
    "account first_appropriation end_appropriation first_payment end_payment"
    " decided_after paid_after limited waits carry_over pro_rata last_month"
)
"""(j): ranges of ``appropriations`` and of ``payments_of``; months from a budget year's start to the one in
which its appropriations fall due, and to the one in which is paid what has waited; ``waits`` is 1 for a line
that pays after acceptance."""

APPROPRIATION = record("level delay pay_line back_line")
APPROPRIATION_WORK = record(reals="unpaid paid")
"""(a): left unpaid by earlier years; paid to date."""

BUDGET_PAYMENT = record(
    "basis line first_rate end_rate first_event end_event dated book on_renewal waits whole carries",
    "amount monthly book_rate cap_year cap_total",
)
"""(p): ``basis`` a ``PayBasis``; ranges of ``rates`` and of ``events``; rows of ``dated`` and of the banks'
books, or −1; ``waits`` is 1 where it falls due in one budget year and is paid in the next, ``carries`` where
what the line can't pay stays owed."""
BUDGET_PAYMENT_WORK = record(reals="accrued counted due_year arrears ready asked")
"""(p): accrued in this month at step 4; events to date; fallen due in this budget year; in arrears; to be
paid in this month; what it asks for in the round of payments at hand."""

LOAN_RATE = record("book", "per_yuan")
"""Per yuan that performs in a month, or that is granted, of one book of loans."""

HAPPENING = record("factor", "city_loading sector_loading beta drift", "entity")
"""(h): ``drift`` is β²/2."""
LADDER = record("first_tier end_tier factor month candidates", "city_loading sector_loading")
"""``month`` of recognition in the budget year."""
TIER = record("below oldest middle youngest", "threshold sensitivity lapse", "entity")
"""(i): the tier that its firms come from, or −1 from outside; opening firms by age; ``threshold`` = Φ⁻¹(rate)
÷ sqrt(1 − ρ) and ``sensitivity`` = sqrt(ρ/(1 − ρ))."""
BANK_BOOK = record("first_facility end_facility", "growth loading noise", "entity")
"""(k): range of ``book_facilities``; ``loading`` and ``noise`` are sd sqrt(ρ) and sd sqrt(1 − ρ)."""
BANK_BOOK_WORK = record(reals="before increase")
"""(k): own and scheme loans at the end of the year before; their increase in the year that ends now."""


class BudgetTables(NamedTuple):
    """What kernels read of the budget."""

    levels: Array  # LEVEL (l)
    share_laws: Array  # SHARE_LAW (l)
    share_nodes: Array  # SHARE_NODE
    lines: Array  # BUDGET_LINE (j)
    appropriations: Array  # APPROPRIATION (a): those of the lines one after the other
    amounts: Array  # float64 (a, y)
    payments: Array  # BUDGET_PAYMENT (p): in the order of the scheme, as their records
    payments_of: Array  # int64: the payments of each line, in its order
    rates: Array  # LOAN_RATE
    events: Array  # int64: records by position in the row of totals
    dated: Array  # float64 (row, t)
    happenings: Array  # HAPPENING (h)
    expected: Array  # float64 (h, y): mean number in a month
    ladders: Array  # LADDER
    tiers: Array  # TIER (i)
    bank_books: Array  # BANK_BOOK (k)
    book_facilities: Array  # int64
    active: Array  # int64: 1 when there is anything of all this


class BudgetMemory(NamedTuple):
    """What the budget of a path remembers; windows on one vector, but for ``injected``."""

    vector: Array  # float64: zero when a path begins
    shares: Array  # float64 (l, y): share of its appropriations that a level pays
    coming: Array  # float64 (a, y): decided, and not yet paid into the line
    appropriations: Array  # APPROPRIATION_WORK (a)
    payments: Array  # BUDGET_PAYMENT_WORK (p)
    waiting: Array  # float64 (p, y): fallen due in a year, and to be paid in a later one
    lent: Array  # float64 (rate): principal granted to date
    firms: Array  # int64 (i, age): firms of a tier, the oldest recognition last
    bank_books: Array  # BANK_BOOK_WORK (k)
    injected: Array  # float64 (injection): share of its amount that was paid; written before it is read
