"""What the metrics of an equity fund depend on, and the flows that several of them are made of."""

from __future__ import annotations

from dataclasses import dataclass

from fundsim.metrics.formulas import minus, number, plus, ratio, recorded
from fundsim.scheme import About, Formula
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import equity_record
from fundsim.scheme.surroundings import CITY

__all__ = ["HALF", "EquityFacts", "Holder", "Investor", "investors"]

HALF = number(HALF_A_FEN)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the public stake in a fund, in words."""

    english: str
    chinese: str
    part: str
    """Part of the fund under which its figures stand."""

    @property
    def own(self) -> str:
        """Whose, in English."""
        return f"{self.english}'s"


GOVERNMENT = Holder("government", "政府", "government")
PARENT = Holder("the parent fund", "母基金", "parent")


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityFacts:
    """What the metrics of an equity fund depend on, beside its records."""

    name: str
    custody: str
    """Account of government's money until it is called; of a sub-fund its parent's account."""
    treasury: str = CITY
    """Who receives what government gets."""
    planned: float
    """Government's planned money, or what the parent is to commit [yuan]."""
    partners: bool
    """Whether there are social partners."""
    fees: bool
    carry: bool
    ceding: bool
    """Whether government cedes anything."""
    option: bool
    """Whether it does so by a call option."""
    recycling: bool
    reinvestment: float | None
    """Multiple of government's calls that must be invested in the city; None where nothing is asked."""
    tolerated_loss: float | None
    sub_of: str | None = None
    """Name of its parent."""
    subs: tuple[str, ...] = ()
    """Names of its sub-funds."""
    paced: bool = False
    """Whether rates stand in place of deals."""
    joint: bool = False
    """Whether government joins its deals."""
    subsidy: bool = False
    """Whether it is paid subsidies for risk."""
    protection: bool = False
    """Whether its firms are paid grants."""
    accounts: tuple[str, ...] = ()
    """Accounts beside it: of co-investments, of subsidies, of grants, as far as it has them."""

    @property
    def about(self) -> About:
        """The fund as a whole."""
        return About(self.name)

    @property
    def holder(self) -> Holder:
        """Who holds the public stake."""
        return GOVERNMENT if self.sub_of is None else PARENT

    @property
    def has_deals(self) -> bool:
        """Whether it makes deals of its own."""
        return not self.subs and not self.paced

    def of(self, what: str) -> Formula:
        """Return the formula that reads one of its records."""
        return recorded(equity_record(self.name, what))


@dataclass(frozen=True, slots=True, kw_only=True)
class Investor:
    """Partners whose return is reported: all together, government, or social partners."""

    about: About
    english: str
    """How they are called inside a sentence, as in "net flow of government"."""
    chinese: str
    irr: str
    """Record of their internal rate of return."""
    called: Formula
    """What they have paid on calls."""
    paid: Formula
    """What they have paid in all, the price of government's stake included."""
    received: Formula
    nav: Formula

    @property
    def dpi(self) -> Formula:
        """Received ÷ paid."""
        return ratio(self.received, self.paid)

    @property
    def tvpi(self) -> Formula:
        """Received and their part of the net asset value ÷ paid."""
        return ratio(plus(self.received, self.nav), self.paid)

    @property
    def net_flow(self) -> Formula:
        """Received less paid."""
        return minus(self.received, self.paid)


def investors(fund: EquityFacts) -> dict[str, Investor]:
    """Return the partners of a fund by part: "" for all, and if there are social partners these, too."""
    found = {"": _all(fund), fund.holder.part: _holder(fund)}
    return found | {"social": _social(fund)} if fund.partners else found


def _all(fund: EquityFacts) -> Investor:
    called = plus(fund.of("called_government"), fund.of("called_social"))
    return Investor(
        about=fund.about,
        english="all partners",
        chinese="全体出资人",
        irr="irr_fund",
        called=called,
        paid=called,
        received=plus(fund.of("distributed_government"), fund.of("distributed_social")),
        nav=plus(fund.of("nav_government"), fund.of("nav_social")),
    )


def _holder(fund: EquityFacts) -> Investor:
    received = fund.of("distributed_government")
    if fund.ceding:
        received = minus(plus(received, fund.of("option_price")), fund.of("ceded"))
    called = fund.of("called_government")
    return Investor(
        about=About(fund.name, fund.holder.part),
        english=fund.holder.english,
        chinese=fund.holder.chinese,
        irr="irr_government",
        called=called,
        paid=called,
        received=received,
        nav=fund.of("nav_government"),
    )


def _social(fund: EquityFacts) -> Investor:
    received, called = fund.of("distributed_social"), fund.of("called_social")
    paid = called
    if fund.ceding:
        received, paid = plus(received, fund.of("ceded")), plus(called, fund.of("option_price"))
    return Investor(
        about=About(fund.name, "social"),
        english="social partners",
        chinese="社会资本",
        irr="irr_social",
        called=called,
        paid=paid,
        received=received,
        nav=fund.of("nav_social"),
    )
