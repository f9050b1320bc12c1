"""What happens to firms and banks beside lending: events, the ladder of firms, a bank's own book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fundsim.scheme.noun import Nature, Noun, Record

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["BankBook", "Happening", "Ladder", "Tier"]

MONTHS = 12
REVIEW_YEARS = 3
"""Years for which a recognition holds."""


def _faults_of_index(name: str, weight: float, sector: str | None, scheme: Scheme) -> Iterator[str]:
    if sector is None and weight != 1.0:
        yield f"{name}: without a sector the weight of the city is 1"
    if sector is not None and sector not in scheme.economy.sectors:
        yield f"{name}: no such sector: {sector}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening(Noun):
    """Events of one sort (a listing, a firm that moves in), Poisson in each month of the window."""

    name: str
    yearly: tuple[float, ...]
    """Mean number in each budget year."""
    beta: float = 0.0
    """How strongly good times bring more of them."""
    city_weight: float = 1.0
    sector: str | None = None

    place: ClassVar[str] = "happenings"
    prefix: ClassVar[str] = "happening"
    records: ClassVar[tuple[Record, ...]] = (
        Record(name="n", nature=Nature.FLOW, unit="times", step=1, english="events", chinese="发生次数"),
    )

    def end(self, scheme: Scheme) -> int:
        """Return the window's last month."""
        return scheme.window.months - 1

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield numbers that are none."""
        name = f"happening {self.name}"
        years = -(-scheme.window.months // MONTHS)
        if len(self.yearly) != years or min(self.yearly, default=0.0) < 0.0:
            yield f"{name}: it needs a mean number, 0 or more, for each of {years} budget years"
        if max(self.yearly, default=0.0) > 1200.0:
            yield f"{name}: more than 100 a month"
        yield from _faults_of_index(name, self.city_weight, self.sector, scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Noun):
    """Firms of one tier of a ladder."""

    name: str
    opening: int
    rate: float
    """Yearly probability that a firm of the tier below, or a candidate, enters it, 0 … below 1."""
    below: str | None = None
    """Name of the tier that its firms come from; None: from outside."""
    lapse: float = 0.0
    """Probability that a recognition lapses when it is reviewed."""

    place: ClassVar[str] = "ladders"
    prefix: ClassVar[str] = "ladder"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="n", nature=Nature.STOCK, unit="firms", english="firms in the tier", chinese="在册企业数"
        ),
        Record(
            name="entered",
            nature=Nature.FLOW,
            unit="firms",
            step=1,
            english="firms that entered the tier",
            chinese="新认定企业数",
        ),
        Record(
            name="renewed",
            nature=Nature.FLOW,
            unit="firms",
            step=1,
            english="firms whose recognition was renewed",
            chinese="复核通过企业数",
        ),
        Record(
            name="lapsed",
            nature=Nature.FLOW,
            unit="firms",
            step=1,
            english="firms whose recognition lapsed",
            chinese="复核未通过企业数",
        ),
    )

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return ``ladder/tier`` → the tier, of all ladders."""
        return {f"{ladder.name}/{tier.name}": tier for ladder in scheme.ladders for tier in ladder.tiers}

    def at_start(self) -> Mapping[str, float]:
        """Return the firms before month 0."""
        return {"n": float(self.opening)}

    def end(self, scheme: Scheme) -> int:
        """Return the window's last month."""
        return scheme.window.months - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder(Noun):
    """Tiers of recognised firms (梯度培育), reviewed and moved once a year; docs/definitions.md, "Budget"."""

    name: str
    tiers: tuple[Tier, ...]
    """A tier comes after the one that its firms come from."""
    candidates: int
    """Firms from outside that may enter a tier with nothing below, each year."""
    rho: float = 0.0
    """Share of the variance behind moves that the index explains."""
    city_weight: float = 1.0
    sector: str | None = None
    recognition_month: int = 11
    """Of the budget year, counted from 0."""

    place: ClassVar[str] = "ladders"

    def end(self, scheme: Scheme) -> int:
        """Return the window's last month."""
        return scheme.window.months - 1

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield tiers that do not follow one another, and numbers that are none."""
        name = f"ladder {self.name}"
        known: list[str] = []
        for tier in self.tiers:
            if tier.name in known or (tier.below is not None and tier.below not in known):
                yield f"{name}: {tier.name} must come once, after the tier below it"
            if tier.opening < 0 or not 0.0 <= tier.rate < 1.0 or not 0.0 <= tier.lapse <= 1.0:
                yield f"{name}: {tier.name} needs a stock, and probabilities"
            known.append(tier.name)
        if not known or self.candidates < 0 or not 0.0 <= self.rho < 1.0:
            yield f"{name}: it needs tiers, candidates, and a rho below 1"
        if not 0 <= self.recognition_month < MONTHS:
            yield f"{name}: the month of recognition lies in 0 … 11"
        yield from _faults_of_index(name, self.city_weight, self.sector, scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankBook(Noun):
    """A bank's own loans to small firms beside the scheme, for subsidies on their increase."""

    name: str
    opening: float
    """Before month 0 [yuan]."""
    growth: float
    """Mean, a year."""
    sd: float = 0.0
    rho: float = 0.0
    facilities: tuple[str, ...] = ()
    """Of the scheme that the same bank lends under."""

    place: ClassVar[str] = "bank_books"
    prefix: ClassVar[str] = "bank_book"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="own",
            nature=Nature.STOCK,
            unit="yuan",
            english="the bank's own book",
            chinese="银行自有小微贷款",
        ),
        Record(
            name="increase",
            nature=Nature.FLOW,
            unit="yuan",
            step=8,
            english="increase of own and scheme loans, of the years in which they rose",
            chinese="小微贷款增量（只计增长年度）",
        ),
    )

    def at_start(self) -> Mapping[str, float]:
        """Return the book before month 0."""
        return {"own": self.opening}

    def end(self, scheme: Scheme) -> int:
        """Return the window's last month."""
        return scheme.window.months - 1

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield numbers that have no meaning, and facilities that are not there."""
        name = f"book {self.name}"
        if self.opening < 0.0 or self.sd < 0.0 or not 0.0 <= self.rho < 1.0:
            yield f"{name}: opening and sd are not negative, and rho is a share below 1"
        unknown = set(self.facilities) - {f.name for f in scheme.facilities}
        if unknown:
            yield f"{name}: no such facilities: {', '.join(sorted(unknown))}"
