"""Terms of equity funds that invest in firms: deals, or rates in their place, and money beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.amounts import amount_text
from fundsim.instruments.equity_beside import (
    BesideTerms,
    CoInvestmentTerms,
    ProtectionTerms,
    RiskSubsidyTerms,
)
from fundsim.instruments.equity_deals import DealTerms, StageTerms, faults_of_stages
from fundsim.instruments.equity_pacing import PacingChoice, PacingTerms, pacing_of
from fundsim.instruments.equity_parent import faults_of_sub
from fundsim.instruments.equity_sharing import Reinvestment
from fundsim.instruments.equity_terms import EquityTerms
from fundsim.scenario.anatomy import fields_of
from fundsim.scenario.common_rules import faults_of_idle_sector
from fundsim.scenario.messages import missing_key
from fundsim.scenario.term import TermFault, term
from fundsim.scheme.equity_laws import MOST_DEALS_A_MONTH
from fundsim.units import Money, Months, Multiple, Share

__all__ = ["InvestingTerms"]

COMPULSORY = ("investment_period", "deals", "stages", "liquidation_multiple")
"""Keys without which no deal can be made."""
OF_DEALS = (
    *COMPULSORY, "extension", "deployment", "sector", "city_weight", "exit_beta", "failure_beta", "exit_rho",
    "recycling", "fee_rate", "fund_cost", "mark", "reinvestment", "tolerated_loss", "co_investment",
    "risk_subsidy", "investment_protection",
)  # fmt: skip
"""Keys that have no meaning for a fund without deals."""


class InvestingTerms(EquityTerms):
    """Terms of a fund that invests in firms: with money of government, or as the sub-fund of a parent."""

    parent: str | None = term(
        None,
        min_length=1,
        meaning="Parent fund that pays government's part of it, instead of opening and injections",
        zh="母基金",
    )
    commitment: Money | None = term(
        None, gt=0, meaning="What the parent is to commit to it; compulsory with parent", zh="母基金认缴额"
    )
    pacing: PacingChoice | PacingTerms | None = term(
        None,
        meaning="Yearly rates of calls and distributions in place of deals: those of a venture fund by "
        "Takahashi and Alexander, or a block of them",
        zh="按比例缴款与分配（无具体项目）",
    )
    investment_period: Months | None = term(
        None,
        ge=1,
        le=180,
        meaning="Investment period, from the fund's start; compulsory without pacing",
        zh="投资期",
    )
    deals: DealTerms | None = term(
        None, meaning="Sizes of deals; compulsory without pacing", zh="单个项目投资额"
    )
    stages: Mapping[str, StageTerms] = term(
        {},
        max_length=20,
        meaning="Deals by stage of the firm's life; compulsory without pacing",
        zh="投资阶段",
    )
    sector: str | None = term(
        None,
        min_length=1,
        meaning="Sector whose factor moves its deals; compulsory if city_weight is below 1",
        zh="行业",
    )
    city_weight: Share = term(
        1.0, meaning="Share of the variance of its index that the city factor explains", zh="城市因子权重"
    )
    exit_beta: Multiple = term(
        0.0,
        le=5,
        unit="per standard deviation",
        meaning="How strongly good times hasten exits: the hazard is multiplied by exp(beta X − beta²/2)",
        zh="退出对经济的敏感度",
    )
    failure_beta: Multiple = term(
        0.0,
        le=5,
        unit="per standard deviation",
        meaning="How strongly bad times hasten failures: the hazard is multiplied by exp(−beta X − beta²/2)",
        zh="失败对经济的敏感度",
    )
    exit_rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance of the score of exits that the economy explains: bad times bring the "
        "first categories",
        zh="退出方式与经济的相关度",
    )
    liquidation_multiple: Multiple | None = term(
        None,
        le=100,
        meaning="Proceeds ÷ cost of deals that are unsold when the fund ends; compulsory without pacing",
        zh="清算回收倍数",
    )
    mark: Literal["cost", "expected"] = term(
        "cost",
        meaning="Value of unsold deals in net asset values: their cost, or what their laws expect",
        zh="估值方法（cost 按成本，expected 按预期回款）",
    )
    reinvestment: Reinvestment | None = term(
        None, meaning="Investment in the city that is asked for", zh="返投要求"
    )
    tolerated_loss: Share | None = term(
        None,
        meaning="Loss of the whole portfolio, part of its cost, that is tolerated",
        zh="容错率（组合亏损）",
    )
    co_investment: CoInvestmentTerms | None = term(
        None, meaning="Government joins each deal with money of its own", zh="跟进投资"
    )
    risk_subsidy: RiskSubsidyTerms | None = term(
        None, meaning="The fund receives a share of cost or loss in firms of some stages", zh="风险补助"
    )
    investment_protection: ProtectionTerms | None = term(
        None, meaning="Grants to the firms of deals of some stages", zh="投资保障"
    )

    @property
    def planned(self) -> float:
        """Government's planned money, or what the parent is to commit [yuan]."""
        return self.paid_in if self.parent is None else self.commitment or 0.0

    @property
    def beside(self) -> dict[str, BesideTerms]:
        """Public money beside the fund, by key."""
        found = {
            "co_investment": self.co_investment,
            "risk_subsidy": self.risk_subsidy,
            "investment_protection": self.investment_protection,
        }
        return {key: one for key, one in found.items() if one is not None}

    @property
    def largest_deal(self) -> float:
        """Cost that no deal exceeds [yuan]."""
        if self.deals is not None and self.deals.cv == 0:
            return self.deals.mean
        return (1.0 + self.recycling) * (1.0 + self.social_ratio) * self.planned

    def faults_compulsory(self, context: Any) -> Iterator[TermFault]:
        """Require what deals need, where there is no pacing."""
        if self.pacing is not None:
            return
        for field in fields_of(type(self)):
            # What could not be read is not there, and reported already.
            if field.name in COMPULSORY and self.__dict__.get(field.name, ...) in (None, {}):
                problem, fix, problem_zh, fix_zh = missing_key(field)
                yield TermFault((field.key,), problem, fix, problem_zh, fix_zh)

    def faults_pacing(self, context: Any) -> Iterator[TermFault]:
        """Refuse whatever belongs to deals beside pacing."""
        if self.pacing is None:
            return
        for field in fields_of(type(self)):
            if field.name in OF_DEALS and self.__dict__.get(field.name, field.default) != field.default:
                yield TermFault(
                    (field.key,),
                    "belongs to a fund with deals, and pacing takes their place",
                    "delete it ({remove: true} if it is inherited), or delete pacing",
                    "属于有具体项目的基金，而 pacing 以比例代替项目",
                    "请删去本项（继承而来的请写 {remove: true}），或删去 pacing",
                )

    def faults_paced_life(self, context: Any) -> Iterator[TermFault]:
        """Require whole years of life where rates are yearly; warn of rates for years that never come."""
        if self.pacing is None:
            return
        if self.life % 12:
            near = max(12, 12 * round(self.life / 12))
            yield TermFault(
                ("life",),
                "is not in whole years, and pacing goes by years",
                f"write {near}",
                "不是整年数，而 pacing 按年计",
                f"请写 {near}",
            )
        calls = pacing_of(self.pacing).calls
        if isinstance(self.pacing, PacingTerms) and len(calls) > max(1, self.life // 12):
            yield TermFault(
                ("pacing", "calls"),
                f"has {len(calls)} rates, and the fund lives {self.life // 12} years: the last do nothing",
                "delete the last ones, or lengthen life",
                f"有 {len(calls)} 个比例，而存续期为 {self.life // 12} 年，后面的不起作用",
                "请删去多余的比例，或延长 life",
                warning=True,
            )

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Require money: of government, or of a parent and nothing else."""
        if self.parent is None:
            if self.commitment is None:  # one that no parent commits is reported there
                yield from super().faults_money(context)
            return
        given = {"opening": self.opening > 0, "injections": bool(self.injections)}
        for key in (key for key, stated in given.items() if stated):
            yield TermFault(
                (key,),
                f"is there beside parent: government's part is what {self.parent} commits",
                "write commitment alone",
                f"与 parent 并存：政府部分由 {self.parent} 认缴",
                "请只写 commitment",
            )

    def faults_commitment(self, context: Any) -> Iterator[TermFault]:
        """Require a commitment with a parent, and none without."""
        if self.parent is not None and self.commitment is None:
            yield TermFault(
                ("commitment",),
                f"is missing: what {self.parent} is to commit to the fund",
                "write commitment: …, an amount",
                f"缺少该项：{self.parent} 对本基金的认缴额",
                "请写 commitment: …（金额）",
            )
        elif self.parent is None and self.commitment is not None:
            yield TermFault(
                ("commitment",),
                "is there, and no parent that commits it",
                "write parent: …, or opening or injections instead",
                "有认缴额而没有母基金",
                "请写 parent: …，或改用 opening 或 injections",
            )

    def faults_parent(self, context: Any) -> Iterator[TermFault]:
        """Require a parent that is one, and a life within its."""
        if self.parent is not None:
            yield from faults_of_sub(self, self.parent, context)

    def faults_beside(self, context: Any) -> Iterator[TermFault]:
        """Check the money beside the fund against its deals."""
        if self.pacing is not None:
            return
        for key, money in self.beside.items():
            yield from money.misfits(key, self.largest_deal, tuple(self.stages))

    def faults_late_beside(self, context: Any) -> Iterator[TermFault]:
        """Refuse money beside the fund that comes when nothing more can be paid from it."""
        if self.pacing is not None:
            return
        start = self.start_month(context.window)
        for key, money in self.beside.items():
            last = start + money.last_age(self.investing, self.life + self.extension - 1)
            for index, item in enumerate(money.injections):
                month = item.date.months_since(context.window.start)
                if item.amount > 0 and last < month < context.window.months:
                    yield TermFault(
                        (key, "injections", index, "date"),
                        f"comes after the last payment that can fall due ({context.window.start.plus(last)}) "
                        "and would only go back",
                        "choose an earlier month",
                        f"晚于可能的最后一次支付（{context.window.start.plus(last)}），只会原样退回",
                        "请写更早的年月",
                    )

    def faults_late_closings(self, context: Any) -> Iterator[TermFault]:
        """Warn of closings at which no deal is left to be made."""
        if self.raising is None or self.ratio == 0:
            return
        for index, closing in enumerate(self.raising.closings):
            if self.investing <= closing.month < self.life:
                yield TermFault(
                    ("raising", "closings", index, "month"),
                    f"comes after the investment period ({self.investing} months): what is committed then "
                    "finds no deal, and is called for fees at the most",
                    f"write {self.investing - 1} or less, or a longer investment_period",
                    f"晚于投资期（{self.investing} 个月），其认缴额不再用于投资，最多用于管理费",
                    f"请写不大于 {self.investing - 1} 的数，或延长 investment_period",
                    warning=True,
                )

    def faults_stages(self, context: Any) -> Iterator[TermFault]:
        """Require shares of stages that make the whole."""
        if self.stages:
            yield from faults_of_stages(self.stages)

    def faults_sector(self, context: Any) -> Iterator[TermFault]:
        """Require a sector where a sector's factor has weight."""
        yield from faults_of_idle_sector(self.sector, self.city_weight)

    def faults_deals(self, context: Any) -> Iterator[TermFault]:
        """Refuse more deals than can be followed."""
        if self.deals is None:
            return
        social = self.social_ratio * self.planned
        if 0 < self.planned + social < self.deals.mean:
            whole = amount_text(round(self.planned + social, 2))
            yield TermFault(
                ("deals", "mean"),
                f"exceeds the whole fund ({whole} yuan): deals are cut to what is left",
                "write less, or more money of government",
                f"大于整个基金规模（{whole}元），每个项目只能按余额投资",
                "请写更小的金额，或增加政府出资",
                warning=True,
            )
        first = 0
        if self.raising is not None and self.ratio > 0:
            in_time = [c.month for c in self.raising.schedule if c.month <= self.raising.set_up_months]
            first = max(in_time, default=0)
        months = max(1, self.investing - first)
        most = self.deployment * (self.planned + social) / months / self.deals.mean
        if most > MOST_DEALS_A_MONTH:
            least = amount_text(1e4 * math.ceil(1e-4 * self.deals.mean * most / MOST_DEALS_A_MONTH))
            yield TermFault(
                ("deals", "mean"),
                f"makes {most:,.0f} deals a month, and at most {MOST_DEALS_A_MONTH:.0f} can be followed",
                f"write {least} or more",
                f"每月将有 {most:,.0f} 个项目，最多可模拟 {MOST_DEALS_A_MONTH:.0f} 个",
                f"请写不小于 {least} 的金额",
            )
