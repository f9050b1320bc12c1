"""What the lowering solves, rounds or implies, beside what the scenario states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from scipy.special import ndtr, stdtr

from fundsim.instruments.lending import OpeningStock
from fundsim.lowering.equity_outcomes import outcomes, raised_on_average
from fundsim.lowering.implied import implied_pd
from fundsim.lowering.placed import placed_principal
from fundsim.lowering.scheme import lower
from fundsim.lowering.segments import stated_pd
from fundsim.scenario import Scenario
from fundsim.scheme import EquityFund, Scheme, Segment

__all__ = ["Solved", "solved_values"]


@dataclass(frozen=True, slots=True)
class Solved:
    """A value that the engines use in place of the stated one, or that follows from it."""

    key: str
    """Key of the stated value."""
    meaning: str
    meaning_zh: str
    stated: float
    solved: float

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def solved_values(scenario: Scenario) -> tuple[Solved, ...]:
    """Return every value that is solved or rounded, in the order of the scenario.

    Raises:
        ScenarioError: the scenario can't be lowered.
    """
    scheme = lower(scenario)
    return (
        *_of_economy(scenario, scheme),
        *_of_segments(scenario, scheme),
        *_of_stocks(scenario, scheme),
        *(row for fund in scheme.equity_funds for row in _of_equity(fund, scheme)),
    )


def _of_economy(scenario: Scenario, scheme: Scheme) -> Iterator[Solved]:
    if scheme.economy.step_months not in (0, 12):
        step, step_zh = {1: ("a month", "每月"), 3: ("a quarter", "每季")}[scheme.economy.step_months]
        yield Solved("economy.persistence", f"persistence from one year to the next, and in {step}",
                     f"因子的年度持续性，及{step_zh}的持续性",
                     scenario.terms.economy.persistence, scheme.economy.persistence)  # fmt: skip


def _of_segments(scenario: Scenario, scheme: Scheme) -> Iterator[Solved]:
    implied = implied_pd(scheme)
    for segment in scheme.segments:
        terms = scenario.terms.segments[segment.name]
        if terms.screening is not None:
            yield Solved(f"{segment.name}.pd", "yearly PD of applicants, and of those who pass the screening",
                         "年违约概率：全部申请者，及通过筛选者", terms.pd, stated_pd(terms))  # fmt: skip
        liquidity = terms.liquidity_pd(segment.term_months)
        if liquidity > 0.0:
            stated = stated_pd(terms)
            yield Solved(f"{segment.name}.pd", "yearly PD in all, and its part for lack of a bridge",
                         "年违约概率：合计，及其中因未获转贷的部分", stated, liquidity)  # fmt: skip
            yield Solved(f"{segment.name}.pd", "yearly PD in all, and the rest that loans are simulated with",
                         "年违约概率：合计，及扣除后用于模拟的部分", stated, segment.pd_annual)  # fmt: skip
        if segment.threshold is not None:
            yield Solved(f"{segment.name}.pd", "yearly PD, and the PD of one step",
                         "年违约概率，及因子一个步长内的违约概率",
                         segment.pd_annual, _pd_of_step(segment, scheme))  # fmt: skip
            yield Solved(f"{segment.name}.rho", "yearly asset correlation, and that of one step",
                         "年度资产相关系数，及因子一个步长的相关系数", terms.rho, segment.rho)  # fmt: skip
        if segment.lgd.law_mean is not None:
            yield Solved(f"{segment.name}.lgd.mean", "mean LGD over defaults, and of the law of draws",
                         "平均违约损失率：按违约贷款计，及抽样所用分布的均值",
                         segment.lgd.mean, segment.lgd.law_mean)  # fmt: skip
        straddling = implied[segment.name].straddling
        if abs(straddling / segment.pd_annual - 1.0) > 1e-6:
            yield Solved(f"{segment.name}.pd", "yearly PD, and that of loans granted within a step",
                         "年违约概率，及在因子步长中途发放的贷款的年违约概率",
                         segment.pd_annual, straddling)  # fmt: skip


def _pd_of_step(segment: Segment, scheme: Scheme) -> float:
    threshold, degrees = segment.threshold or 0.0, scheme.economy.t_degrees
    return float(ndtr(threshold) if degrees is None else stdtr(degrees, threshold))


def _of_stocks(scenario: Scenario, scheme: Scheme) -> Iterator[Solved]:
    for name, instrument in scenario.terms.instruments.items():
        stock = getattr(instrument, "opening_stock", None)
        if isinstance(stock, OpeningStock) and stock.amount is not None:
            yield Solved(f"{name}.opening_stock.amount", "opening loans stated, and in whole loans [yuan]",
                         "期初贷款余额：设定值，及整笔贷款合计（元）",
                         stock.amount, placed_principal(scheme, name))  # fmt: skip


def _of_equity(fund: EquityFund, scheme: Scheme) -> Iterator[Solved]:
    """Yield what follows from the laws of a fund: what it raises, and what becomes of its deals.

    Exits come late in bad markets, so that the categories of good times are more frequent than stated.
    """
    if fund.raising is not None:
        yield Solved(f"{fund.name}.raising.mean", "share raised by funds that miss the target, and by all",
                     "募集比例：未足额募集的基金，及全部基金的平均",
                     fund.raising.rest.mean, raised_on_average(fund))  # fmt: skip
    moved = outcomes(fund, scheme.economy)
    still = outcomes(replace(fund, exit_beta=0.0, failure_beta=0.0), scheme.economy)
    for stage in fund.stages:
        key, one, other = f"{fund.name}.stages.{stage.name}", still[stage.name], moved[stage.name]
        yield Solved(f"{key}.failure", "share of deals that fail, without and with the economy",
                     "失败项目占比：不计与计入经济影响", one.failed, other.failed)  # fmt: skip
        yield Solved(f"{key}.exit", "share of deals sold before the fund ends, likewise",
                     "到期前退出项目占比：不计与计入经济影响", one.exited, other.exited)  # fmt: skip
        if len(stage.exits) > 1 and other.exited > 0.0:
            for category, share in zip(stage.exits, other.shares_of_exits, strict=True):
                exit_key = f"{key}.exits.{category.name}.probability"
                yield Solved(exit_key, "share of the exits, stated and implied",
                             "占退出的比例：设定值，及实际隐含值", category.probability, share)  # fmt: skip
        yield Solved(key, "mean proceeds ÷ cost, without and with the economy",
                     "平均回报倍数：不计与计入经济影响", one.multiple, other.multiple)  # fmt: skip
