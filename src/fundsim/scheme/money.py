"""Parties, and the money that comes in by date or by rule, or goes back with a loan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["HALF_A_FEN", "Drawn", "Injection", "MarginRefund", "Party", "TopUp"]

HALF_A_FEN = 0.005
"""Amounts that differ by less are the same amount [yuan]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Noun):
    """A balance sheet.  A limited party never pays more than it holds."""

    name: str
    opening: float = 0.0
    limited: bool = True
    """False for banks, treasuries, firms and the outside world: their balance may be negative."""
    public: bool = False
    """Whether its money is public: it then counts in the fiscal cost."""

    place: ClassVar[str] = "parties"
    prefix: ClassVar[str] = "party"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="balance", nature=Nature.STOCK, unit="yuan", english="money that it holds", chinese="余额"
        ),
        Record(
            name="paid_in",
            nature=Nature.STOCK,
            unit="yuan",
            english="opening money, injections and top-ups to date",
            chinese="累计实缴资金",
        ),
        Record(
            name="unpaid_month",
            nature=Nature.MONTH,
            unit="yes/no",
            step=6,
            start=math.inf,
            english="leaves a claim unpaid for the first time",
            chinese="首次出现未付代偿",
        ),
    )

    def at_start(self) -> Mapping[str, float]:
        """Return what it holds before month 0, which counts as paid in."""
        return {"balance": self.opening, "paid_in": self.opening}

    def end(self, scheme: Scheme) -> int:
        """Return the last month: it may be paid by any noun that lives."""
        return scheme.window.total - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Noun):
    """A multiple drawn once a path, uniform on low … high: e.g. private money per public yuan.

    Both engines take it from the same counter: purpose ``DRAWN``, entity = its name, month 0, draw 0,
    word 0; value = low + (high − low) u.
    """

    name: str
    low: float
    high: float

    place: ClassVar[str] = "drawn"
    prefix: ClassVar[str] = "drawn"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="value",
            nature=Nature.STOCK,
            unit="times",
            english="multiple drawn for this path",
            chinese="本路径抽取的倍数",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection(Noun):
    """A dated payment into a party at step 2 of ``month``; it raises the target's paid_in.

    Its amount is multiplied by the value of ``drawn``, if that names a Drawn.
    """

    source: str
    target: str
    month: int
    amount: float
    kind: str = "injection"
    drawn: str | None = None
    follows: bool = False
    """Whether it is paid in the proportion in which the injection listed before it was paid."""

    place: ClassVar[str] = "injections"
    kinds: ClassVar[Mapping[str, Words]] = {
        "injection": ("money paid in", "注资"),
        "match": ("matching money paid in", "配套注资"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield its payment."""
        yield Entry(line=Line(source=self.source, target=self.target, kind=self.kind), steps=(2,))

    def end(self, scheme: Scheme) -> int:
        """Return its month, which may lie after the window."""
        return self.month

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a month in which a budget line pays nothing in, and a leader that comes too late."""
        name = f"injection into {self.target} in month {self.month}"
        limited = {party.name for party in scheme.parties if party.limited}
        lines = {line.party for line in scheme.budget_lines}
        if self.source in lines & limited and not 0 <= self.month < scheme.window.months:
            yield f"{name}: a budget line pays it, so it lies within the window"
        if self.follows:
            mine = next(k for k, one in enumerate(scheme.injections) if one is self)
            if mine == 0 or scheme.injections[mine - 1].month > self.month:
                yield f"{name}: the injection that it follows stands before it, and is no later"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp(Noun):
    """At step 2 of each month of the window: when ``target`` holds less than ``below``, fill to ``to``.

    At most ``year_limit`` in one policy year.  It raises the target's paid_in.
    """

    source: str
    target: str
    below: float
    to: float
    year_limit: float = math.inf
    kind: str = "top_up"

    place: ClassVar[str] = "top_ups"
    kinds: ClassVar[Mapping[str, Words]] = {"top_up": ("topped up by rule", "自动补足")}

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what it pays."""
        yield Entry(line=Line(source=self.source, target=self.target, kind=self.kind), steps=(2,))

    def end(self, scheme: Scheme) -> int:
        """Return the last month of the window."""
        return scheme.window.months - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRefund(Noun):
    """Mutual margin (助保金) goes back to firms that repay for good (step 5).

    A firm that repays its loan for good has its own contribution back, ``rate`` × the principal granted,
    times min(1, balance ÷ live contributions); live contributions are ``rate`` × the principal as granted
    of the facility's loans that perform after this month's defaults and before its repayments.  The
    instalments of an amortising loan free nothing, and a renewal carries the contribution on.  It is no
    ``Payment``, because it is no rate × base: what it pays depends on what the margin holds.
    """

    facility: str
    party: str
    payee: str
    rate: float
    kind: str = "margin_refund"

    place: ClassVar[str] = "margin_refunds"
    kinds: ClassVar[Mapping[str, Words]] = {"margin_refund": ("margin given back", "退还助保金")}

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what goes back."""
        yield Entry(line=Line(source=self.party, target=self.payee, kind=self.kind), steps=(5,))
