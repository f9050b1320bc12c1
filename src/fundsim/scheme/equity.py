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
    Pacing,
    Raising,
    Stage,
    Waterfall,
)
from fundsim.scheme.equity_modes import BesideMoney, CoInvestment, Protection, RiskSubsidy
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
    """Account of government's money until it is called, limited; of a sub-fund its parent's account."""
    treasury: str
    """Who receives what government gets; of a sub-fund its parent's account."""
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
    """G: government's planned money, or what a parent is to commit [yuan]."""
    parent: str | None = None
    """Name of the fund that holds government's stake; that fund makes no deals of its own."""
    social_target: float
    """S*: social money that is sought [yuan]; 0 without social partners."""
    raising: Raising | None = None
    """None exactly when there are no social partners."""
    call_shortfall: BetaShare = NOTHING_FAILS
    government_first: bool = False
    deployment: float
    """Share of the commitments, less fees, that is invested."""
    pacing: Pacing | None = None
    """Rates in place of deals."""
    deal_size: float = 0.0
    """Mean size of a deal [yuan]; 0 exactly where the fund makes no deals."""
    deal_cv: float = 0.0
    stages: tuple[Stage, ...] = ()
    """Empty exactly where the fund makes no deals."""
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
    joint: CoInvestment | None = None
    subsidy: RiskSubsidy | None = None
    protection: Protection | None = None

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
        "equity_joining": ("co-invested by government", "政府跟进投资"),
        "equity_joint_exit": ("proceeds of government's co-investment", "政府跟进投资退出回款"),
        "equity_subsidy": ("subsidy for the fund's risk", "创业投资风险补助"),
        "equity_grant": ("grants to the fund's firms", "投资保障资助"),
        "equity_back": ("given back from an account beside the fund", "专项账户资金退回"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield its calls, deals, exits, fees and distributions, in the order of a month."""
        inward = [
            (self.custody, self.party, "equity_call"),
            (self.partners, self.party, "equity_call"),
            (self.party, self.manager, "equity_fee"),
        ]
        if not self.is_parent(scheme):
            inward += [(self.party, FIRMS, "equity_deal"), (FIRMS, self.party, "equity_exit")]
        if self.subsidy is not None:
            inward += [(self.subsidy.account, self.party, "equity_subsidy")]
        outward = [
            (self.manager, self.party, "equity_clawback"),
            (self.party, self.treasury, "equity_distribution"),
            (self.party, self.partners, "equity_distribution"),
            (self.party, self.partners, "equity_concession"),
            (self.party, self.manager, "equity_carry"),
            (self.partners, self.treasury, "equity_option"),
        ]
        if self.parent is None:
            outward += [(self.custody, self.treasury, "equity_custody")]
        outward += list(self._lines_beside())
        # A parent calls before its sub-funds call it, and shares out what they have shared out.
        first = 100 if self.parent is not None else 0
        second = 200 if self.is_parent(scheme) else first + len(inward)
        for lines, before in ((inward, first), (outward, second)):
            for place, (source, target, kind) in enumerate(lines):
                line = Line(source=source, target=target, kind=kind)
                yield Entry(line=line, steps=(STEP,), rank=before + place)

    def _lines_beside(self) -> Iterator[tuple[str, str, str]]:
        if self.joint is not None:
            yield self.joint.account, FIRMS, "equity_joining"
            yield FIRMS, self.joint.treasury, "equity_joint_exit"
        if self.protection is not None:
            yield self.protection.account, FIRMS, "equity_grant"
        for money in self.beside:
            yield money.account, money.treasury, "equity_back"

    @property
    def beside(self) -> tuple[BesideMoney, ...]:
        """Public money beside the fund, each with an account of its own."""
        return tuple(one for one in (self.joint, self.subsidy, self.protection) if one is not None)

    def subs(self, scheme: Scheme) -> tuple[EquityFund, ...]:
        """Return its sub-funds, in the order of the scheme."""
        return tuple(fund for fund in scheme.equity_funds if fund.parent == self.name)

    def is_parent(self, scheme: Scheme) -> bool:
        """Return whether other funds are its sub-funds."""
        return bool(self.subs(scheme))

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
        if self.planned <= 0.0 or self.social_target < 0.0 or self.deal_cv < 0.0:
            yield f"{name}: its money must be positive"
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
        if self.pacing is None and not self.is_parent(scheme):
            yield from self._faults_of_deals(name)
        else:
            yield from self._faults_without_deals(name)
        yield from self._faults_of_family(name, scheme)
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
        if self.deal_size <= 0.0:
            yield f"{name}: the size of a deal must be positive"
            return
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

        stages = frozenset(stage.name for stage in self.stages)
        for money in self.beside:
            for fault in money.faults(stages):
                yield f"{name}: {fault}"

    def _faults_without_deals(self, name: str) -> Iterator[str]:
        if self.deal_size != 0.0 or self.stages or self.local_share != 0.0 or self.beside:
            yield f"{name}: it makes no deals, so nothing can be said of them"
        if self.pacing is None:
            return
        for fault in self.pacing.faults():
            yield f"{name}: {fault}"
        if self.life % 12 != 0 or self.extension != 0 or self.investment != self.life:
            yield f"{name}: a fund with rates of call lives whole years, invests in all, and has no extension"
        if self.fee_rate != 0.0 or self.fund_cost != 0.0 or self.recycling != 0.0:
            yield f"{name}: a fund with rates of call has neither fees nor recycling"

    def _faults_of_family(self, name: str, scheme: Scheme) -> Iterator[str]:
        subs = self.subs(scheme)
        if subs and (self.parent is not None or self.pacing is not None):
            yield f"{name}: a parent is nobody's sub-fund, and commits to sub-funds instead of at rates"
        for sub in subs:
            if sub.start < self.start or sub.last > self.last:
                yield f"{name}: its sub-fund {sub.name} must live within its life"
            if {sub.custody, sub.treasury} != {self.party}:
                yield f"{name}: custody and treasury of its sub-fund {sub.name} must be its own account"
        if self.parent is not None and self.parent not in {fund.name for fund in scheme.equity_funds}:
            yield f"{name}: no such parent: {self.parent}"

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
        own = self._accounts()
        for other in scheme.equity_funds:
            if other.name != self.name and set(other._accounts()) & set(own):
                yield f"{name}: it shares an account with {other.name}"
        for account in own:
            if not limited.get(account, False):
                yield f"{name}: {account} must be a limited party"
        without = [self.partners, self.manager, *(money.treasury for money in self.beside)]
        if self.parent is None:
            without.append(self.treasury)
        for other_party in without:
            if limited.get(other_party, True):
                yield f"{name}: {other_party} must be a party without limit"
        for injection in scheme.injections:
            if injection.target in own[1:] and injection.month >= scheme.window.months:
                yield f"{name}: an appropriation after the window"
            if injection.target == self.party:
                yield f"{name}: money is called, not paid in"

    def _accounts(self) -> list[str]:
        """Return the accounts that are its alone, that of the fund first."""
        custody = [self.custody] if self.parent is None else []
        return [self.party, *custody, *(money.account for money in self.beside)]
