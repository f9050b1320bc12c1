"""The budget: levels of government, and lines that they pay into and that payments draw on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.equity_laws import BetaShare
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["ACCEPTANCE_MONTHS", "ALL_LINE", "IN_FULL", "Appropriation", "BudgetLine", "Level", "acceptance"]

MONTHS = 12
ACCEPTANCE_MONTHS = 2
"""Months from the start of the next budget year to the payment of what was accepted at a year's end."""
IN_FULL = BetaShare(mean=1.0)
ALL_LINE = "all"
"""Line without limit, of a scheme without a budget."""


def acceptance(year: int) -> int:
    """Return the month in which what fell due in a budget year is paid after acceptance.

    >>> acceptance(0)
    14
    """
    return MONTHS * (year + 1) + ACCEPTANCE_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Noun):
    """A level of government: how much of its appropriations it pays, and when.

    Both engines draw the share from the same counter (docs/definitions.md, "Budget").
    """

    name: str
    """Of its treasury too: a public party without limit."""
    paid: BetaShare = IN_FULL
    """Law of the share that it pays of what is due in a year."""
    rho: float = 0.0
    """Share of the variance of its score that the city factor explains, 0 … below 1."""
    unpaid: Literal["lost", "next_year"] = "lost"
    delay_months: int = 0
    drawn_as: str = ""
    """Name of the level whose draw it shares, because it matches what that level pays; empty: its own."""

    place: ClassVar[str] = "levels"
    prefix: ClassVar[str] = "level"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="paid_share",
            nature=Nature.STOCK,
            unit="share",
            start=1.0,
            english="share of this budget year's appropriations that is paid",
            chinese="本预算年度拨款到位率",
        ),
    )

    def end(self, scheme: Scheme) -> int:
        """Return the last month in which it pays."""
        return max((line.end(scheme) for line in scheme.budget_lines), default=scheme.window.months - 1)

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a law that is none, and a treasury that is none."""
        name = f"level {self.name}"
        yield from self.paid.faults(name)
        if not 0.0 <= self.rho < 1.0 or self.delay_months < 0:
            yield f"{name}: rho is a share below 1, and a delay is not negative"
        if not any(p.name == self.name and p.public and not p.limited for p in scheme.parties):
            yield f"{name}: its treasury must be a public party without limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appropriation:
    """What a level is to pay into a line, by budget year [yuan]."""

    level: str
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine(Noun):
    """An account that levels pay into, and from which injections and payments are made.

    Its rules stand in docs/definitions.md, "Budget".
    """

    name: str
    party: str
    """Its account: limited, public and empty at the start; or a treasury, then without appropriations."""
    appropriations: tuple[Appropriation, ...]
    after_acceptance: bool = False
    """Whether its money comes, and is paid, after the acceptance at a year's end."""
    carry_over: bool = False
    """Whether unspent money stays for the next year."""
    pro_rata: bool = False
    """Whether its payments share what there is in proportion, instead of in listed order."""

    place: ClassVar[str] = "budget_lines"
    prefix: ClassVar[str] = "line"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="due",
            nature=Nature.FLOW,
            unit="yuan",
            english="appropriations planned for the line in the years begun",
            chinese="已到期应拨资金",
        ),
        Record(
            name="lost",
            nature=Nature.FLOW,
            unit="yuan",
            step=2,
            english="appropriations that will never be paid",
            chinese="未到位且不再拨付的资金",
        ),
        Record(
            name="unfunded",
            nature=Nature.FLOW,
            unit="yuan",
            step=2,
            english="injections that the line could not pay",
            chinese="预算不足未能注资额",
        ),
        Record(
            name="lapsed",
            nature=Nature.FLOW,
            unit="yuan",
            english="unspent money given back to the treasuries",
            chinese="结余交回财政额",
        ),
    )
    kinds: ClassVar[Mapping[str, Words]] = {
        "appropriation": ("appropriated to the budget line", "预算拨款"),
        "lapse": ("unspent money of the budget line given back", "预算结余交回"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what levels pay in and what goes back to them."""
        for one in self.appropriations:
            into = Line(source=one.level, target=self.party, kind="appropriation")
            back = Line(source=self.party, target=one.level, kind="lapse")
            yield Entry(line=into, steps=(2,), rank=-1)
            yield Entry(line=back, steps=(8,), rank=1000)

    def pays_in(self, year: int, scheme: Scheme) -> int:
        """Return the month in which it pays what fell due in a year after acceptance."""
        own = {one.level for one in self.appropriations}
        delays = [level.delay_months for level in scheme.levels if level.name in own]
        return acceptance(year) + (max(delays, default=0) if self.after_acceptance else 0)

    def end(self, scheme: Scheme) -> int:
        """Return the window's last month, or that of its last payment after it."""
        last = (scheme.window.months - 1) // MONTHS
        waits = any(p.line == self.name and p.base == "increment" for p in scheme.line_payments)
        if self.after_acceptance or waits:
            return self.pays_in(last, scheme)
        return scheme.window.months - 1

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield accounts, years and levels that have no meaning."""
        name = f"budget line {self.name}"
        years = -(-scheme.window.months // MONTHS)
        levels = {level.name for level in scheme.levels}
        party = next((p for p in scheme.parties if p.name == self.party), None)
        limited = party is not None and party.limited
        if party is None or not party.public or (limited and party.opening != 0.0):
            yield f"{name}: its account must be public, and empty at the start where it is limited"
        if sum(line.party == self.party for line in scheme.budget_lines) > 1:
            yield f"{name}: its account belongs to another line too"
        names = [one.level for one in self.appropriations]
        if bool(names) != limited or len(set(names)) < len(names) or not set(names) <= levels:
            yield f"{name}: a limited account needs appropriations, one for each of its levels, others none"
        for one in self.appropriations:
            if len(one.amounts) != years or min(one.amounts, default=0.0) < 0.0:
                yield f"{name}: {one.level} needs an amount, 0 or more, for each of {years} budget years"
        if limited and self.after_acceptance and any(i.source == self.party for i in scheme.injections):
            yield f"{name}: a line that pays after acceptance makes no injections"
        own = [p for p in scheme.line_payments if p.line == self.name]
        if self.pro_rata and any(p.whole for p in own):
            yield f"{name}: whole awards can't be paid pro rata"
