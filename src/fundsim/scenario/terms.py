"""The terms that every scenario shares: window, economy, segments, and the whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import SerializeAsAny

from fundsim.amounts import amount_text
from fundsim.scenario.budget_terms import Budget
from fundsim.scenario.common_rules import faults_of_sector
from fundsim.scenario.doubt_terms import DoubtTerms
from fundsim.scenario.economy_terms import Economy, SectorPair, Stress
from fundsim.scenario.firm_terms import Population, Screening
from fundsim.scenario.shortage_terms import LawOfDays, ShortFirms
from fundsim.scenario.target_terms import TargetTerms
from fundsim.scenario.term import Term, TermFault, exact, rounded_down, term
from fundsim.units import AnnualRate, Count, Money, Months, Multiple, Seed, Share, YearMonth

__all__ = [
    "Economy",
    "LawOfDays",
    "Lgd",
    "Loan",
    "Population",
    "Run",
    "ScenarioTerms",
    "Screening",
    "SectorPair",
    "Segment",
    "Stress",
    "Window",
]


class Run(Term):
    """How much is simulated when the command does not say."""

    paths: Count = term(100_000, ge=1, meaning="Number of simulated paths", zh="模拟路径数")
    seed: Seed = term(1, meaning="Seed of all random numbers", zh="随机数种子")


class Window(Term):
    """The policy window."""

    start: YearMonth = term(meaning="First month of the policy window", zh="政策期起始年月")
    months: Months = term(36, ge=1, le=120, meaning="Length of the policy window", zh="政策期长度")
    run_off: Months | None = term(
        None,
        ge=0,
        le=240,
        meaning="Months after the window in which nothing new is lent; left out, as long as the last "
        "loan, claim and recovery need",
        zh="清算期长度",
    )

    @property
    def end(self) -> YearMonth:
        """Last month of the window."""
        return self.start.plus(self.months - 1)


LEAST_RANDOM_LGD = 1e-4
"""A random loss has a mean and a standard deviation of at least this, and a mean as far from 1."""
WIDEST_LGD = 0.99
"""Largest standard deviation ÷ that of a law of zeros and ones; beyond it a table of the law is wrong."""
WIDEST_SIZES = 0.9999
"""The same of loan sizes under a cap."""


class Lgd(Term):
    """Loss given default: fixed when sd is 0, else a beta law."""

    mean: Share = term(
        meaning="Mean loss given default, over the loans that default", zh="平均违约损失率（按违约贷款计）"
    )
    sd: Share = term(
        0.0, meaning="Standard deviation of the beta law that losses are drawn from", zh="违约损失率标准差"
    )
    factor_correlation: Share = term(
        0.0, meaning="Share of the variance of its normal score that the factor explains", zh="与因子的相关度"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require ``sd² < mean (1 − mean)``, as any law on 0 … 1 has it, and one that can be tabulated."""
        if self.sd == 0:
            return
        least, most = LEAST_RANDOM_LGD, 1 - LEAST_RANDOM_LGD
        if not least <= self.mean <= most:
            yield TermFault(
                ("mean",),
                f"a random loss has a mean of {least:g} … {most:g}",
                "write such a mean, or sd: 0",
                f"随机违约损失率的均值须在 {least:g} 到 {most:g} 之间",
                "请改均值，或写 sd: 0",
            )
            return
        bound = rounded_down(WIDEST_LGD * math.sqrt(self.mean * (1 - self.mean)))
        if self.sd > bound:
            yield TermFault(
                ("sd",),
                f"no law on 0 … 1 with mean {exact(self.mean)} has so large a standard deviation",
                f"write {bound:g} or less",
                f"均值为 {exact(self.mean)} 的 0–1 分布不可能有这么大的标准差",
                f"请写不大于 {bound:g} 的数",
            )
        elif self.sd < least:
            yield TermFault(
                ("sd",),
                "is next to nothing",
                f"write 0, or {least:g} or more",
                "几乎为零",
                f"请写 0，或不小于 {least:g} 的数",
            )

    def faults_correlation(self, context: Any) -> Iterator[TermFault]:
        """Warn of a correlation that nothing can follow."""
        if self.sd == 0 and self.factor_correlation > 0:
            yield TermFault(
                ("factor_correlation",),
                "has no effect on a fixed loss given default",
                "give sd, or leave it out",
                "违约损失率固定时不起作用",
                "请写 sd，或删去本项",
                warning=True,
            )


class Loan(Term):
    """The law of loan sizes and the terms of a loan."""

    mean: Money = term(gt=0, meaning="Mean principal", zh="户均贷款额")
    cv: Multiple = term(
        0.0, le=10, meaning="Standard deviation of the principal divided by its mean", zh="变异系数"
    )
    cap: Money | None = term(None, gt=0, meaning="Largest principal that the policy allows", zh="单户上限")
    bands: Count = term(4, ge=1, le=8, meaning="Number of sizes that stand for the law", zh="规模档数")
    term_months: Months = term(12, ge=1, le=120, meaning="Term of the loan", zh="贷款期限")
    rate: AnnualRate = term(0.06, meaning="Interest rate", zh="贷款年利率")
    repayment: Literal["bullet", "annuity", "linear"] = term(
        "bullet",
        meaning="Principal repaid at maturity, in equal monthly payments with interest (annuity), "
        "or in equal monthly parts (linear)",
        zh="还款方式（bullet 到期还本，annuity 等额本息，linear 等额本金）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require ``cap ≥ mean`` and ``cv² ≤ cap/mean − 1``, which any law below the cap obeys."""
        if self.cap is None:
            return
        mean, cap = amount_text(self.mean), amount_text(self.cap)
        if self.cap < self.mean:
            spread = 1 + (self.cv / (0.999 * WIDEST_SIZES)) ** 2  # a wide law needs more than its mean
            least = mean if self.cv == 0 else amount_text(math.ceil(self.mean * spread))
            yield TermFault(
                ("cap",),
                f"the largest principal is below the mean ({mean} yuan)",
                f"write {least} or more",
                f"单户上限小于户均贷款额（{mean}元）",
                f"请写不小于 {least} 的金额",
            )
            return
        bound = rounded_down(WIDEST_SIZES * math.sqrt(self.cap / self.mean - 1))
        if self.cv > bound:
            yield TermFault(
                ("cv",),
                f"no law with mean {mean} and cap {cap} yuan spreads so widely",
                f"write {bound:g} or less, or raise the cap",
                f"均值 {mean}元、上限 {cap}元的分布不可能如此分散",
                f"请写不大于 {bound:g} 的数，或提高上限",
            )


class Borrowing(Term):
    """Who borrows, at which risk, on which terms."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    firms: Count | None = term(
        None, meaning="Eligible firms; left out, there is no such limit", zh="合格企业数"
    )
    population: Population | None = term(
        None,
        meaning="Eligible firms that enter, grow older and leave, instead of a fixed number",
        zh="变动的合格企业群体",
    )
    sector: str | None = term(
        None,
        min_length=1,
        meaning="Sector whose factor moves it; compulsory if city_weight is below 1",
        zh="行业",
    )
    city_weight: Share = term(
        0.6, meaning="Share of the variance of its index that the city factor explains", zh="城市因子权重"
    )
    pd: AnnualRate = term(gt=0, lt=1, meaning="Yearly probability of default", zh="年违约概率")
    screening: Screening | None = term(
        None,
        meaning="Credit information by which the worst applicants are refused: pd is that of all applicants, "
        "and demand counts those who pass",
        zh="信用筛选（pd 指全部申请企业，需求只计通过筛选者）",
    )
    rho: Share = term(lt=1, meaning="Asset correlation", zh="资产相关系数")
    maturity_share: Share = term(
        0.0, meaning="Share of the default hazard that strikes at maturity", zh="到期违约占比"
    )
    lgd: Share | Lgd = term(meaning="Loss given default: a share, or a law", zh="违约损失率")
    loan: Loan = term(meaning="Size and terms of a loan", zh="贷款条件")
    renew: Share = term(0.0, meaning="Probability that a sound loan is renewed at maturity", zh="续贷比例")
    renew_rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance behind renewals that the economy explains: better times renew more; "
        "renew is their mean",
        zh="续贷与经济的相关度",
    )
    default_if_not_renewed: Share = term(
        0.0,
        meaning="Probability that a sound firm defaults when a renewal that it would have had is forbidden",
        zh="停止续贷后的违约概率",
    )

    @property
    def loss(self) -> Lgd:
        """The law of the loss given default, however it is written."""
        return self.lgd if isinstance(self.lgd, Lgd) else Lgd(mean=self.lgd)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require a sector where a sector's factor has weight."""
        yield from faults_of_sector(self.sector, self.city_weight)

    def faults_firms(self, context: Any) -> Iterator[TermFault]:
        """Refuse a fixed number of firms beside a population."""
        if self.firms is not None and self.population is not None:
            yield TermFault(
                ("firms",),
                "eligible firms are either a fixed number or a population",
                "keep one of firms and population",
                "合格企业或为固定户数，或为变动的企业群体",
                "firms 与 population 请只保留其中一个",
            )

    def faults_static(self, context: Any) -> Iterator[TermFault]:
        """Refuse what a static economy can't represent."""
        if context.economy.step != "static":
            return
        for key, value in (("renew", self.renew), ("maturity_share", self.maturity_share)):
            if value > 0:
                yield TermFault(
                    (key,),
                    "must be 0 in a static economy, where one factor holds for a loan's whole life",
                    "write 0, or choose another economy.step",
                    "静态经济中一个因子贯穿贷款全期，此项须为 0",
                    "请写 0，或改 economy.step",
                )

    def faults_renewal(self, context: Any) -> Iterator[TermFault]:
        """Warn of renewals that are asked to move and can't."""
        if self.renew_rho > 0 and self.renew in (0.0, 1.0):
            yield TermFault(
                ("renew_rho",),
                f"has no effect where renew is {self.renew:g}: none or all are renewed, whatever the economy",
                "give a renew between 0 and 1, or leave it out",
                f"renew 为 {self.renew:g} 时不起作用：无论经济如何都全部不续贷或全部续贷",
                "请把 renew 写在 0 与 1 之间，或删去本项",
                warning=True,
            )

    def faults_repayment(self, context: Any) -> Iterator[TermFault]:
        """Refuse hazard held back for a maturity at which an amortising loan owes only its last part."""
        if self.loan.repayment != "bullet" and self.maturity_share > 0:
            yield TermFault(
                ("maturity_share",),
                f"must be 0 where loans are repaid month by month (loan.repayment: {self.loan.repayment})",
                'write 0, or loan.repayment: "bullet"',
                f"逐月还本的贷款（loan.repayment: {self.loan.repayment}）此项须为 0",
                "请写 0，或把 loan.repayment 改为 bullet",
            )


class Segment(ShortFirms, Borrowing):
    """Borrowers that share one risk and one kind of loan."""

    def faults_short_repayment(self, context: Any) -> Iterator[TermFault]:
        """Refuse short firms whose loans owe only a last instalment at maturity."""
        if self.short > 0 and self.loan.repayment != "bullet":
            yield TermFault(
                ("short",),
                "must be 0 where loans are repaid month by month "
                f"(loan.repayment: {self.loan.repayment}): at maturity only the last instalment is due",
                'write 0, or loan.repayment: "bullet"',
                f"逐月还本的贷款（loan.repayment: {self.loan.repayment}）到期只剩最后一期，此项须为 0",
                "请写 0，或把 loan.repayment 改为 bullet",
            )


class ScenarioTerms(Term):
    """A whole scenario, typed."""

    name: str = term(
        "",
        min_length=1,
        meaning="Short name, used for the result folder; left out, the file's name",
        zh="名称",
    )
    title: str | None = term(None, meaning="Title for readers, English", zh="英文标题")
    title_zh: str | None = term(None, meaning="Title for readers, Chinese", zh="中文标题")
    description: str | None = term(None, meaning="What the scenario is about", zh="说明")
    regime_year: int | None = term(
        None, ge=1990, le=2100, unit="calendar year", meaning="Year whose rules apply", zh="适用制度年份"
    )
    sources: Mapping[str, str] = term({}, meaning="Fact id → citation", zh="资料来源")
    run: Run = term(Run(), meaning="Paths and seed", zh="运行设置")
    window: Window = term(meaning="The policy window", zh="政策期")
    economy: Economy = term(Economy(), meaning="Factors behind defaults", zh="经济环境")
    budget: Budget | None = term(
        None, meaning="Where the money comes from and goes to, by budget year", zh="预算"
    )
    segments: Mapping[str, Segment] = term({}, meaning="Groups of borrowers by name", zh="借款企业分组")
    targets: Mapping[str, TargetTerms] = term(
        {}, max_length=100, meaning="Targets of the programme by name", zh="绩效目标"
    )
    doubt: DoubtTerms | None = term(
        None, meaning="How assumptions go together where all are in doubt at once", zh="假设之间的关联"
    )
    instruments: Mapping[str, SerializeAsAny[Term]] = term(
        {}, meaning="Instruments by name, each with its kind", zh="政策工具"
    )

    @property
    def with_sectors(self) -> Iterator[Any]:
        """Everything that may name a sector: segments, and instruments or their blocks that have such a term.

        One that could not be read may name any: looking for its sector raises ``AttributeError``.
        """
        yield from self.segments.values()
        for one in self.instruments.values():
            if not isinstance(one, Term) or "sector" in type(one).model_fields:
                yield one
            for block in one.__dict__.values() if isinstance(one, Term) else ():
                if isinstance(block, Term) and "sector" in type(block).model_fields:
                    yield block

    @property
    def of_sectors(self) -> Iterator[Any]:
        """Everything that names a sector."""
        yield from (one for one in self.with_sectors if one.sector)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Warn of a scenario that simulates nothing."""
        if not self.instruments:
            yield TermFault(
                ("instruments",),
                "there is no instrument, so nothing is simulated",
                "add one, or extend this file",
                "没有任何政策工具，不会模拟任何内容",
                "请添加一个，或由其他文件继承本文件",
                warning=True,
            )
