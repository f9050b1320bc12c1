"""The terms of the economy: factors, their correlation, and the stretches in which they are stressed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from fundsim.scenario.term import Item, Term, TermFault, exactly_one, term, unknown_name
from fundsim.units import Correlation, Degrees, Deviations, YearMonth

__all__ = ["Economy", "SectorPair", "Stress"]


class SectorPair(Item):
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


class Stress(Item):
    """A stretch of months in which the city factor is moved or fixed."""

    from_: YearMonth = term(alias="from", meaning="First month of the stress", zh="压力起始年月")
    to: YearMonth = term(meaning="Last month of the stress, included", zh="压力截止年月（含）")
    shift: Deviations | None = term(None, meaning="Added to the city factor", zh="城市因子的平移")
    fix: Deviations | None = term(
        None, meaning="Value that the city factor takes instead of the simulated one", zh="城市因子的固定值"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of ``shift`` and ``fix``."""
        given = {"shift": self.shift is not None, "fix": self.fix is not None}
        yield from exactly_one("a stress", "每段压力", given)

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
        window = context.window
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
    t_degrees: Degrees | None = term(
        None,
        gt=2,
        le=1e6,
        meaning="Degrees of freedom of a Student-t copula of defaults; left out, the copula is Gaussian",
        zh="t-Copula 自由度",
    )
    stress: tuple[Stress, ...] = term(
        (), meaning="Months in which the city factor is moved or fixed", zh="压力情景"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Refuse pairs of unknown sectors and pairs given twice."""
        if isinstance(self.sector_correlation, float):
            return
        known = {one.sector for one in context.of_sectors}
        if any(one.sector is None and one.city_weight < 1 for one in context.with_sectors):
            return  # the sector that is missing there may be the one that seems unknown here
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
