"""Parties, and the money that comes and goes by date, by rule, by month or by loan."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Drawn", "Fee", "Injection", "Interest", "Line", "MarginRefund", "Party", "RunningCost", "TopUp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A balance sheet.  A limited party never pays more than it holds."""

    name: str
    opening: float = 0.0
    limited: bool = True
    """False for banks, treasuries, firms and the outside world: their balance may be negative."""
    public: bool = False
    """Whether its money is public: it then counts in the fiscal cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the ledger: every transfer of one kind from one party to another."""

    source: str
    target: str
    kind: str

    @property
    def record(self) -> str:
        """Name of the cumulative record of this line."""
        return f"flow/{self.source}>{self.target}/{self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A multiple drawn once a path, uniform on low … high: e.g. private money per public yuan.

    Both engines take it from the same counter: purpose ``DRAWN``, entity = its name, month 0, draw 0,
    word 0; value = low + (high − low) u.
    """

    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """A dated payment into a party at step 2 of ``month``; it raises the target's paid_in.

    Its amount is multiplied by the value of ``drawn``, if that names a Drawn.
    """

    source: str
    target: str
    month: int
    amount: float
    kind: str = "injection"
    drawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """At step 2 of each month of the window: when ``target`` holds less than ``below``, fill to ``to``.

    At most ``year_limit`` in one policy year.  It raises the target's paid_in.
    """

    source: str
    target: str
    below: float
    to: float
    year_limit: float = math.inf
    kind: str = "top_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """At step 7 ``payer`` pays ``party`` rate_annual/12 of the balance that it then holds."""

    party: str
    payer: str
    rate_annual: float
    kind: str = "interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCost:
    """At step 7 (after interest) ``party`` pays ``payee`` amount_annual/12, or what it holds if less."""

    party: str
    payee: str
    amount_annual: float
    kind: str = "running_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Paid per yuan lent: ``flat`` + ``annual`` × Σ_a s_a/12, for the coming term.

    Σ_a s_a is the term of a bullet loan [months], and the sum of ``outstanding_share`` of an amortising one.

    On new loans at the moment of grant (step 8), on renewals at step 7 of the month of renewal if
    ``on_renewal``.
    """

    facility: str
    payer: str
    payee: str
    flat: float = 0.0
    annual: float = 0.0
    on_renewal: bool = True
    kind: str = "fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRefund:
    """Mutual margin (助保金) goes back to firms that repay for good (step 5).

    A firm that repays its loan for good has its own contribution back, ``rate`` × the principal granted,
    times min(1, balance ÷ live contributions); live contributions are ``rate`` × the principal as granted
    of the facility's loans that perform after this month's defaults and before its repayments.  The
    instalments of an amortising loan free nothing, and a renewal carries the contribution on.
    """

    facility: str
    party: str
    payee: str
    rate: float
    kind: str = "margin_refund"
