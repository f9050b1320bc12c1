"""Equity funds (引导基金): government's money with social partners', in deals over ten years or more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.equity_laws import (
    MOST_DEALS_A_MONTH,
    BetaShare,
    CallOption,
    ExcessShare,
    Raising,
    Stage,
    Waterfall,
)
from fundsim.scheme.equity_records import EQUITY_RECORDS
from fundsim.scheme.noun import Entry, Line, Noun, Record, Words
from fundsim.scheme.surroundings import FIRMS

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["LONGEST_LIFE", "EquityFund"]

LONGEST_LIFE = 180
"""Months from the window's start in which every fund must have ended."""
NOTHING_FAILS = BetaShare(mean=0.0)
NO_CARRY = Waterfall()
STEP = 7
"""Step of the month at which a fund does all that it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityFund(Noun):
    """A fund that raises, calls, invests, and distributes through a waterfall.

    Its rules stand in docs/definitions.md, "Equity funds".
    """

    name: str
    party: str
    """Its account, limited: it holds recycled money only."""
    custody: str
    """Account of government's money until it is called; limited and public."""
    treasury: str
    """Who receives what government gets."""
    partners: str
    """Social partners all together; not limited."""
    manager: str
    """Who receives fees, cost and carry; not limited."""
    start: int
    """Month of the window in which its life begins."""
    life: int
    """Months, without the extension."""
    extension: int
    """Months after its life in which what is unsold may still be sold."""
    investment: int
    """Months of its investment period."""
    planned: float
    """G: government's planned money [yuan]."""
    social_target: float
    """S*: social money that is sought [yuan]; 0 without social partners."""
    raising: Raising | None = None
    """None exactly when there are no social partners."""
    call_shortfall: BetaShare = NOTHING_FAILS
    government_first: bool = False
    deployment: float
    """Share of the commitments, less fees, that is invested."""
    deal_size: float
    """Mean size of a deal [yuan]."""
    deal_cv: float = 0.0
    stages: tuple[Stage, ...]
    city_weight: float = 1.0
    sector: str | None = None
    exit_beta: float = 0.0
    failure_beta: float = 0.0
    exit_rho: float = 0.0
    recycling: float = 0.0
    """Share of the commitments up to which proceeds are invested again."""
    liquidation_multiple: float = 0.0
    fee_rate: float = 0.0
    """A year, on commitments and later on cost."""
    fund_cost: float = 0.0
    """Yuan a year."""
    waterfall: Waterfall = NO_CARRY
    concession: ExcessShare | CallOption | None = None
    mark: Literal["cost", "expected"] = "cost"
    local_share: float = 0.0
    """Probability that a deal is local (返投)."""

    place: ClassVar[str] = "equity_funds"
    prefix: ClassVar[str] = "equity"
    records: ClassVar[tuple[Record, ...]] = EQUITY_RECORDS
    kinds: ClassVar[Mapping[str, Words]] = {
        "equity_call": ("called by the equity fund", "股权基金缴款"),
        "equity_deal": ("invested by the equity fund", "股权基金投资"),
        "equity_exit": ("proceeds of the fund's deals", "股权基金退出回款"),
        "equity_fee": ("management fee and cost of the fund", "股权基金管理费与运营费用"),
        "equity_distribution": ("distributed by the equity fund", "股权基金分配"),
        "equity_concession": ("ceded by government to social partners", "政府让利"),
        "equity_carry": ("carry of the fund manager", "管理人业绩报酬"),
        "equity_clawback": ("carry given back by the manager", "业绩报酬回拨"),
        "equity_option": ("price of government's stake", "受让政府份额价款"),
        "equity_custody": ("given back from custody", "托管资金退回"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield its calls, deals, exits, fees and distributions, in the order of a month."""
        lines = (
            (self.custody, self.party, "equity_call"),
            (self.partners, self.party, "equity_call"),
            (self.party, self.manager, "equity_fee"),
            (self.party, FIRMS, "equity_deal"),
            (FIRMS, self.party, "equity_exit"),
            (self.manager, self.party, "equity_clawback"),
            (self.party, self.treasury, "equity_distribution"),
            (self.party, self.partners, "equity_distribution"),
            (self.party, self.partners, "equity_concession"),
            (self.party, self.manager, "equity_carry"),
            (self.partners, self.treasury, "equity_option"),
            (self.custody, self.treasury, "equity_custody"),
        )
        for rank, (source, target, kind) in enumerate(lines):
            yield Entry(line=Line(source=source, target=target, kind=kind), steps=(STEP,), rank=rank)

    @property
    def last(self) -> int:
        """Its last month."""
        return self.start + self.life + self.extension - 1

    def end(self, scheme: Scheme) -> int:
        """Return its last month, but not before the window's: custody money may still be paid in."""
        return max(self.last, scheme.window.months - 1)

    def investable(self, commitments: float) -> float:
        """Return what is invested in all when so much is committed [yuan].

        The fee after the investment period runs on what is invested, so that
        I = d (C (1 − f Ti) − k L)/(1 + d f (L − Ti)).
        """
        fee, invest, life = self.fee_rate, self.investment / 12.0, self.life / 12.0
        money = commitments * (1.0 - fee * invest) - self.fund_cost * life
        return max(0.0, self.deployment * money / (1.0 + self.deployment * fee * (life - invest)))

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield times, laws and money that have no meaning."""
        name = f"equity fund {self.name}"
        if not 0 <= self.start < scheme.window.months:
            yield f"{name}: it begins in month {self.start}, outside the window"
        if not 0 < self.investment <= self.life or self.extension < 0:
            yield f"{name}: the investment period must lie within its life"
        if self.last >= LONGEST_LIFE:
            yield f"{name}: it lives until month {self.last}, the last one is {LONGEST_LIFE - 1}"
        if self.planned <= 0.0 or self.social_target < 0.0 or self.deal_size <= 0.0 or self.deal_cv < 0.0:
            yield f"{name}: its money and the size of a deal must be positive"
        if (self.raising is None) != (self.social_target == 0.0):
            yield f"{name}: social partners need a law of raising, and none has a meaning without them"
        if self.social_target == 0.0 and (self.concession is not None or self.government_first):
            yield f"{name}: without social partners nothing can be ceded, and nobody pays second"
        if self.sector is None and self.city_weight != 1.0:
            yield f"{name}: without a sector the weight of the city is 1"
        if self.sector is not None and self.sector not in scheme.economy.sectors:
            yield f"{name}: no such sector: {self.sector}"
        yield from self.call_shortfall.faults(f"{name}: call_shortfall")
        yield from self._faults_of_raising(name)
        yield from self._faults_of_deals(name)
        yield from self._faults_of_waterfall(name)
        yield from self._faults_of_parties(name, scheme)

    def _faults_of_raising(self, name: str) -> Iterator[str]:
        raising = self.raising
        if raising is None:
            return
        yield from raising.rest.faults(f"{name}: raising")
        if not 0.0 <= raising.p_full <= 1.0 or not 0.0 <= raising.rho < 1.0:
            yield f"{name}: p_full and rho of raising are shares, rho below 1"
        months = [month for month, _ in raising.closings]
        shares = [share for _, share in raising.closings]
        if not months or months != sorted(set(months)) or months[0] < 0 or months[-1] >= self.life:
            yield f"{name}: closings need ascending months within its life"
        if min(shares, default=0.0) <= 0.0 or abs(math.fsum(shares) - 1.0) > 1e-9:
            yield f"{name}: the shares of the closings must be positive and sum to 1"
        if not 0.0 <= raising.minimum_first_close <= 1.0 or not 0 <= raising.set_up_months < self.life:
            yield f"{name}: minimum_first_close is a share, and set_up_months lie within its life"

    def _faults_of_deals(self, name: str) -> Iterator[str]:
        if not self.stages or abs(math.fsum(s.share for s in self.stages) - 1.0) > 1e-9:
            yield f"{name}: the shares of the stages must sum to 1"
        for stage in self.stages:
            if not stage.exits or abs(math.fsum(e.probability for e in stage.exits) - 1.0) > 1e-9:
                yield f"{name}: the probabilities of the exits of {stage.name} must sum to 1"
            if any(min(clock.shape, clock.scale) <= 0.0 for clock in (stage.exit, stage.failure)):
                yield f"{name}: the clocks of {stage.name} need a positive shape and scale"
        if not 0.0 <= self.exit_rho < 1.0:
            yield f"{name}: exit_rho is a share below 1"
        most = self.investable(self.planned + self.social_target) / self.deal_size / self.fewest_months
        if most > MOST_DEALS_A_MONTH:
            yield f"{name}: {most:.0f} deals a month, more than {MOST_DEALS_A_MONTH:.0f}"

    @property
    def fewest_months(self) -> int:
        """Months of the investment period, 1 at least, that are left when the last closing sets it up."""
        if self.raising is None:
            return self.investment
        late = [m for m, _ in self.raising.closings if m <= self.raising.set_up_months]
        return max(1, self.investment - max(late, default=0))

    def _faults_of_waterfall(self, name: str) -> Iterator[str]:
        steps = self.waterfall
        if not 0.0 <= steps.carry < 1.0 or steps.hurdle < 0.0 or not 0.0 <= steps.catch_up <= 1.0:
            yield f"{name}: hurdle, catch-up and carry are shares, carry below 1"
        elif 0.0 < steps.catch_up <= steps.carry:
            yield f"{name}: a catch-up of {steps.catch_up} never completes a carry of {steps.carry}"

    def _faults_of_parties(self, name: str, scheme: Scheme) -> Iterator[str]:
        limited = {party.name: party.limited for party in scheme.parties}
        own = (self.party, self.custody)
        for other in scheme.equity_funds:
            if other.name != self.name and {other.party, other.custody} & set(own):
                yield f"{name}: it shares an account with {other.name}"
        for account in own:
            if not limited.get(account, False):
                yield f"{name}: {account} must be a limited party"
        for other_party in (self.treasury, self.partners, self.manager):
            if limited.get(other_party, True):
                yield f"{name}: {other_party} must be a party without limit"
        for injection in scheme.injections:
            if injection.target == self.custody and injection.month >= scheme.window.months:
                yield f"{name}: an appropriation after the window"
            if injection.target == self.party:
                yield f"{name}: money is called, not paid in"
