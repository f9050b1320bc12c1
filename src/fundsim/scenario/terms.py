"""The terms that every scenario shares: window, economy, segments, and the whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field, SerializeAsAny

from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.units import (
    AnnualRate,
    Correlation,
    Count,
    Deviations,
    Money,
    Months,
    Multiple,
    Share,
    YearMonth,
)

__all__ = [
    "Economy",
    "Lgd",
    "Loan",
    "Run",
    "ScenarioTerms",
    "SectorPair",
    "Segment",
    "Stress",
    "Window",
]


class Run(Term):
    """How much is simulated when the command does not say."""

    paths: Count = term(100_000, ge=1, meaning="Number of simulated paths", zh="模拟路径数")
    seed: int = term(1, ge=0, lt=2**63, unit="number", meaning="Seed of all random numbers", zh="随机数种子")


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


class SectorPair(Term):
    """Correlation of the factors of two sectors."""

    between: tuple[str, str] = term(meaning="Names of the two sectors", zh="两个行业")
    correlation: Correlation = term(meaning="Correlation of their innovations", zh="相关系数")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Refuse a sector paired with itself."""
        if self.between[0] == self.between[1]:
            yield TermFault(
                ("between",),
                "a sector is paired with itself",
                "name two different sectors",
                "同一行业不能与自身配对",
                "请写两个不同的行业",
            )


class Stress(Term):
    """A stretch of months in which the city factor is moved or fixed."""

    from_: YearMonth = term(alias="from", meaning="First month of the stress", zh="压力起始年月")
    to: YearMonth = term(meaning="Last month of the stress, included", zh="压力截止年月（含）")
    shift: Deviations | None = term(None, meaning="Added to the city factor", zh="城市因子的平移")
    fix: Deviations | None = term(
        None, meaning="Value that the city factor takes instead of the simulated one", zh="城市因子的固定值"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of ``shift`` and ``fix``."""
        if (self.shift is None) == (self.fix is None):
            yield TermFault(
                (),
                "a stress has exactly one of shift and fix",
                "keep one of the two",
                "每段压力须且只能写 shift 与 fix 之一",
                "请只保留其中一个",
            )

    def faults_order(self, context: Any) -> Iterator[TermFault]:
        """Require the last month not to lie before the first."""
        if self.to < self.from_:
            yield TermFault(
                ("to",),
                f"the stress ends before it begins ({self.from_})",
                "exchange the two months",
                f"压力截止早于起始（{self.from_}）",
                "请对调两个年月",
            )

    def faults_window(self, context: Any) -> Iterator[TermFault]:
        """Require the stress to begin inside the simulated months."""
        window: Window = context.window
        if self.from_ < window.start:
            yield TermFault(
                ("from",),
                f"the stress begins before the window ({window.start})",
                f"write {window.start} or later",
                f"压力早于政策期起始（{window.start}）",
                f"请写 {window.start} 或之后的年月",
            )
        if window.run_off is not None:
            last = window.end.plus(window.run_off)
            if self.from_ > last:
                yield TermFault(
                    ("from",),
                    f"the stress begins after the last simulated month ({last})",
                    f"write {last} or earlier",
                    f"压力晚于最后一个模拟月（{last}）",
                    f"请写 {last} 或之前的年月",
                )


CommonCorrelation = Annotated[Correlation, Field(ge=0, lt=1)]


class Economy(Term):
    """The city factor and the sector factors behind all defaults."""

    step: Literal["month", "quarter", "year", "static"] = term(
        "month", meaning="How often the factors change; static: one value for the whole path", zh="因子步长"
    )
    rho_horizon: Literal["year", "step"] = term(
        "year", meaning="Horizon at which the asset correlation rho is stated", zh="资产相关系数的期限"
    )
    persistence: Correlation = term(
        0.5,
        ge=0,
        le=0.99,
        meaning="Yearly autocorrelation of the factors, AR(1)",
        zh="因子的年度持续性",
    )
    start: Deviations | None = term(
        None,
        meaning="City factor in the first step; left out, drawn from its long-run law",
        zh="城市因子初值",
    )
    sector_correlation: CommonCorrelation | tuple[SectorPair, ...] = term(
        0.0,
        meaning="Correlation of the sector factors: one number for all pairs, or a list of pairs",
        zh="行业因子相关系数",
    )
    stress: tuple[Stress, ...] = term(
        (), meaning="Months in which the city factor is moved or fixed", zh="压力情景"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Refuse pairs of unknown sectors and pairs given twice."""
        if isinstance(self.sector_correlation, float):
            return
        known = {segment.sector for segment in context.segments.values() if segment.sector}
        seen: set[frozenset[str]] = set()
        for index, pair in enumerate(self.sector_correlation):
            for side, sector in enumerate(pair.between):
                if sector not in known:
                    path = ("sector_correlation", index, "between", side)
                    yield unknown_name(path, sector, known, "sector", "行业")
            if frozenset(pair.between) in seen:
                yield TermFault(
                    ("sector_correlation", index, "between"),
                    "this pair of sectors is given twice",
                    "keep one of the two",
                    "这对行业重复出现",
                    "请只保留一处",
                )
            seen.add(frozenset(pair.between))

    def faults_definite(self, context: Any) -> Iterator[TermFault]:
        """Refuse correlations that no set of factors can have together."""
        if isinstance(self.sector_correlation, float):
            return
        names = sorted({name for pair in self.sector_correlation for name in pair.between})
        pairs = {frozenset(pair.between): pair.correlation for pair in self.sector_correlation}
        matrix = [[1.0 if a == b else pairs.get(frozenset((a, b)), 0.0) for b in names] for a in names]
        if not _is_positive_semidefinite(matrix):
            yield TermFault(
                ("sector_correlation",),
                "these correlations can't hold together: their matrix is not positive semi-definite",
                "bring the large ones nearer to 0",
                "这些相关系数不能同时成立：其矩阵不是半正定的",
                "请把绝对值较大的系数调近 0",
            )

    def faults_overlap(self, context: Any) -> Iterator[TermFault]:
        """Refuse two stresses that fix the factor in the same month."""
        fixed = [(index, stress) for index, stress in enumerate(self.stress) if stress.fix is not None]
        for (_, first), (index, second) in combinations(fixed, 2):
            if first.from_ <= second.to and second.from_ <= first.to:
                yield TermFault(
                    ("stress", index),
                    f"fixes the factor in months that {first.from_} … {first.to} fixes already",
                    "let the months not overlap",
                    f"与 {first.from_} … {first.to} 的固定月份重叠",
                    "请使月份互不重叠",
                )


class Lgd(Term):
    """Loss given default: fixed when sd is 0, else a beta law."""

    mean: Share = term(meaning="Mean loss given default", zh="平均违约损失率")
    sd: Share = term(0.0, meaning="Standard deviation of the loss given default", zh="违约损失率标准差")
    factor_correlation: Share = term(
        0.0, meaning="Share of the variance of its normal score that the factor explains", zh="与因子的相关度"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require ``sd² < mean (1 − mean)``, without which there is no beta law."""
        if self.sd > 0 and self.sd * self.sd >= self.mean * (1 - self.mean):
            bound = math.sqrt(self.mean * (1 - self.mean))
            yield TermFault(
                ("sd",),
                f"no law on 0 … 1 with mean {self.mean:g} has so large a standard deviation",
                f"write less than {bound:.4g}",
                f"均值为 {self.mean:g} 的 0–1 分布不可能有这么大的标准差",
                f"请写小于 {bound:.4g} 的数",
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
    cv: Multiple = term(0.0, meaning="Standard deviation of the principal divided by its mean", zh="变异系数")
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
        if self.cap < self.mean:
            yield TermFault(
                ("cap",),
                f"the largest principal is below the mean ({self.mean:g})",
                f"write {self.mean:g} or more",
                f"单户上限小于户均贷款额（{self.mean:g}）",
                f"请写不小于 {self.mean:g} 的金额",
            )
        elif self.cv * self.cv > self.cap / self.mean - 1:
            bound = math.sqrt(self.cap / self.mean - 1)
            yield TermFault(
                ("cv",),
                f"no law with mean {self.mean:g} and cap {self.cap:g} spreads so widely",
                f"write {bound:.4g} or less, or raise the cap",
                f"均值 {self.mean:g}、上限 {self.cap:g} 的分布不可能如此分散",
                f"请写不大于 {bound:.4g} 的数，或提高上限",
            )


class Segment(Term):
    """Borrowers that share one risk and one kind of loan."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    firms: Count | None = term(
        None, meaning="Eligible firms; left out, there is no such limit", zh="合格企业数"
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
    rho: Share = term(lt=1, meaning="Asset correlation", zh="资产相关系数")
    maturity_share: Share = term(
        0.0, meaning="Share of the default hazard that strikes at maturity", zh="到期违约占比"
    )
    lgd: Share | Lgd = term(meaning="Loss given default: a share, or a law", zh="违约损失率")
    loan: Loan = term(meaning="Size and terms of a loan", zh="贷款条件")
    renew: Share = term(0.0, meaning="Probability that a sound loan is renewed at maturity", zh="续贷比例")
    default_if_not_renewed: Share = term(
        0.0,
        meaning="Probability that a sound firm defaults when a renewal that it would have had is forbidden",
        zh="停止续贷后的违约概率",
    )

    @property
    def loss(self) -> Lgd:
        """The law of the loss given default, whichever way it is written."""
        return self.lgd if isinstance(self.lgd, Lgd) else Lgd(mean=self.lgd)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require a sector where a sector's factor has weight."""
        if self.city_weight < 1 and self.sector is None:
            yield TermFault(
                ("sector",),
                f"is missing, and city_weight {self.city_weight:g} leaves weight to a sector",
                "name the sector, or write city_weight: 1",
                f"缺少该项，而 city_weight 为 {self.city_weight:g}，其余权重需归于某个行业",
                "请写行业，或写 city_weight: 1",
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
    segments: Mapping[str, Segment] = term({}, meaning="Groups of borrowers by name", zh="借款企业分组")
    instruments: Mapping[str, SerializeAsAny[Term]] = term(
        {}, meaning="Instruments by name, each with its kind", zh="政策工具"
    )

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


def _is_positive_semidefinite(matrix: list[list[float]]) -> bool:
    """Return whether a symmetric matrix [n][n] has no negative eigenvalue, by Cholesky."""
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            if i == j:
                if rest < -1e-12:
                    return False
                lower[i][i] = math.sqrt(max(rest, 0.0))
            elif lower[j][j] > 1e-6:
                lower[i][j] = rest / lower[j][j]
            elif abs(rest) > 1e-6:
                return False
    return True
