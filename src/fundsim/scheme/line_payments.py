"""Payments from a budget line: subsidies, awards, spending."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["LinePayment", "LineRate", "PayBase"]

PayBase = Literal["performing", "granted", "counted", "fixed", "dated", "increment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRate:
    """What is paid on loans of a segment under a facility."""

    facility: str
    segment: str
    rate: float = 0.0
    """Once, per yuan granted; base ``granted``."""
    rate_annual: float = 0.0
    """Per yuan and year: that performs, or of the term that is granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePayment(Noun):
    """What a budget line pays a payee on a base; docs/definitions.md, "Budget"."""

    name: str
    line: str
    """Name of a budget line."""
    payee: str
    """Without limit."""
    kind: str
    """Of its ledger entries: ``subsidy``, ``award`` or ``expense``."""
    base: PayBase
    rates: tuple[LineRate, ...] = ()
    """Of ``performing`` and ``granted``."""
    on_renewal: bool = False
    """Whether renewals are granted too."""
    events: tuple[str, ...] = ()
    """Records that count events, of ``counted``; what they gain in a month is added up."""
    amount: float = 0.0
    """An event [yuan]; a year, of ``fixed``."""
    dates: tuple[tuple[int, float], ...] = ()
    """(month, amount), of ``dated``."""
    book: str = ""
    """Name of a bank's book, of ``increment``."""
    book_rate: float = 0.0
    """Per yuan of its increase."""
    cap_year: float = math.inf
    cap_total: float = math.inf
    whole: bool = False
    """Whether each event is paid whole or not at all."""
    arrears: bool = False
    """Whether what the line can't pay stays owed."""

    place: ClassVar[str] = "line_payments"
    prefix: ClassVar[str] = "payment"
    records: ClassVar[tuple[Record, ...]] = (
        Record(name="due", nature=Nature.FLOW, unit="yuan", step=8, english="fallen due", chinese="应付金额"),
        Record(
            name="capped",
            nature=Nature.FLOW,
            unit="yuan",
            step=8,
            english="cut by a cap, so that it never fell due",
            chinese="超过上限不予支付的金额",
        ),
        Record(name="paid", nature=Nature.FLOW, unit="yuan", english="paid", chinese="已付金额"),
        Record(
            name="refused",
            nature=Nature.FLOW,
            unit="yuan",
            step=8,
            english="refused for lack of money in the line",
            chinese="预算不足拒付金额",
        ),
        Record(
            name="owed",
            nature=Nature.STOCK,
            unit="yuan",
            english="fallen due and not yet paid: in arrears, or waiting for acceptance",
            chinese="应付未付金额（拖欠或待验收）",
        ),
        Record(
            name="n_paid",
            nature=Nature.FLOW,
            unit="times",
            english="events paid; 0 where events are not counted",
            chinese="已付笔数",
        ),
        Record(
            name="n_refused",
            nature=Nature.FLOW,
            unit="times",
            english="events refused; 0 where events are not counted",
            chinese="拒付笔数",
        ),
    )
    kinds: ClassVar[Mapping[str, Words]] = {
        "subsidy": ("subsidy", "补贴"),
        "award": ("award", "奖励"),
        "expense": ("expense", "支出"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield its payment, after the loans of the month."""
        party = next((line.party for line in scheme.budget_lines if line.name == self.line), self.line)
        yield Entry(line=Line(source=party, target=self.payee, kind=self.kind), steps=(8,), rank=100)

    def end(self, scheme: Scheme) -> int:
        """Return the last month of its line."""
        return max(
            (line.end(scheme) for line in scheme.budget_lines if line.name == self.line),
            default=scheme.window.months - 1,
        )

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a line, a payee or a base that is not there, and terms that its base does not have."""
        name = f"payment {self.name}"
        if self.line not in {line.name for line in scheme.budget_lines}:
            yield f"{name}: no such line: {self.line}"
        if any(p.name == self.payee and p.limited for p in scheme.parties):
            yield f"{name}: {self.payee} must be a party without limit"
        yield from self._faults_of_base(name, scheme)
        own = {
            "rates": self.base in ("performing", "granted"),
            "events": self.base == "counted",
            "amount": self.base in ("counted", "fixed"),
            "dates": self.base == "dated",
            "book": self.base == "increment",
            "book_rate": self.base == "increment",
        }
        for term, has in own.items():
            if bool(getattr(self, term)) != has:
                yield f"{name}: a {self.base} base {'needs' if has else 'has no'} {term}"
        if self.cap_year < 0.0 or self.cap_total < 0.0:
            yield f"{name}: a cap is not negative"
        if self.whole and self.base != "counted":
            yield f"{name}: only events are paid whole"

    def _faults_of_base(self, name: str, scheme: Scheme) -> Iterator[str]:
        lent = {(f.name, b.segment) for f in scheme.facilities for b in f.borrowers}
        for one in self.rates:
            if (one.facility, one.segment) not in lent:
                yield f"{name}: no loans of {one.segment} under {one.facility}"
            if one.rate < 0.0 or one.rate_annual < 0.0:
                yield f"{name}: a rate is not negative"
            if self.base == "performing" and one.rate != 0.0:
                yield f"{name}: a performing base has yearly rates only"
        if self.book and self.book not in {book.name for book in scheme.bank_books}:
            yield f"{name}: no such book: {self.book}"
        if any(not 0 <= month < scheme.window.months or amount < 0.0 for month, amount in self.dates):
            yield f"{name}: dated amounts are not negative and lie within the window"
