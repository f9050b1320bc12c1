"""A loan tape in an opening stock: what it must agree with, and how it becomes a scheme's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from fundsim.errors import ScenarioError
from fundsim.instruments.lending import OpeningStock
from fundsim.instruments.part import Context
from fundsim.scenario.loan_file import LoanFile
from fundsim.scenario.shortage_terms import LEAST_PD
from fundsim.scenario.spelling import nearest
from fundsim.scenario.term import TermFault
from fundsim.scheme import Facility, Tape

if TYPE_CHECKING:
    from fundsim.scenario.loan_table import Loans

__all__ = ["MOST_LGD_MEANS", "faults_of_tape", "tape_of", "tape_principal"]

MOST_LGD_MEANS = 500
"""Different laws of random LGD in one tape: each has a table of its own."""
KEY = ("opening_stock", "tape")


def faults_of_tape(
    stock: OpeningStock | None, borrowers: Mapping[str, float], context: Any
) -> Iterator[TermFault]:
    """Require what only the whole scenario can say of a tape: its segments, their terms and LGD laws."""
    if stock is None or stock.tape is None:
        return
    tape = stock.tape
    if context.economy.step == "static":
        yield TermFault(
            KEY,
            "a loan tape needs factors that move, which a static economy has not",
            "choose another economy.step, such as year",
            "贷款明细不能用于静态经济",
            "请改 economy.step，如 year",
        )
    for position, name in enumerate(tape.loans.names):
        if name not in borrowers:
            yield _stranger(tape, position, borrowers)
        elif name in context.segments:
            yield from _misfits(tape, position, context.segments[name])
    if _lgd_laws(tape.loans, context.segments) > MOST_LGD_MEANS:
        yield TermFault(
            KEY,
            f"{tape.name} has more than {MOST_LGD_MEANS} different mean losses given default in segments "
            "whose loss is random",
            "round the column lgd to whole percents",
            f"{tape.name} 在违约损失率随机的分组中有超过 {MOST_LGD_MEANS} 个不同的 lgd",
            "请把 lgd 列四舍五入到整数百分点",
        )


def _first(tape: LoanFile, rows: np.ndarray, column: str) -> str:
    """Return the place of the first of some loans."""
    return tape.at(int(np.flatnonzero(rows)[0]), column)


def _stranger(tape: LoanFile, position: int, borrowers: Mapping[str, float]) -> TermFault:
    name = tape.loans.names[position]
    where = _first(tape, tape.loans.segment == position, "segment")
    hint = nearest(name, borrowers)
    known = ", ".join(borrowers)
    return TermFault(
        KEY,
        f"{where} has a loan of {name}, which is not among the borrowers",
        f"did you mean {hint}?" if hint else f"borrowers: {known}",
        f"{where} 的分组 {name} 不在借款企业构成中",
        f"是否想写 {hint}？" if hint else f"已有：{'、'.join(borrowers)}",
    )


def _misfits(tape: LoanFile, position: int, segment: Any) -> Iterator[TermFault]:
    """Yield what does not fit a segment: terms too long, an LGD mean without a beta law."""
    loans, name = tape.loans, tape.loans.names[position]
    mine = loans.segment == position
    term = segment.loan.term_months
    if segment.loan.repayment != "bullet":
        yield TermFault(
            KEY,
            f"{tape.name} has loans of {name}, which repays in monthly parts; a tape has bullet loans",
            "write repayment: bullet for the segment, or give the stock as an amount",
            f"{tape.name} 中有 {name} 的贷款，该分组分期还本，而明细中的贷款须到期一次还本",
            "请将该分组改为 repayment: bullet，或以 amount 给出存量",
        )
    late = mine & (loans.months_left > term)
    if late.any():
        where = _first(tape, late, "months_left")
        yield TermFault(
            KEY,
            f"{where} has more months left than the loans of {name} have months ({term})",
            f"give the segment a longer loan.term_months, or write {term} or less",
            f"{where} 的剩余期限超过 {name} 的贷款期限（{term} 个月）",
            f"请加长 loan.term_months，或写不大于 {term} 的数",
        )
    yield from _used_up(tape, position, segment)
    sd = segment.loss.sd
    mean = np.where(np.isnan(loans.lgd), segment.loss.mean, loans.lgd)
    wide = mine & (sd > 0.0) & (sd * sd >= mean * (1.0 - mean))
    if wide.any():
        where = _first(tape, wide, "lgd")
        yield TermFault(
            KEY,
            f"{where} has a mean loss given default with which no law on 0 … 1 has the standard "
            f"deviation of {name} ({sd:g})",
            "lower the segment's lgd.sd, or bring the mean nearer to 0.5",
            f"{where} 的平均违约损失率与 {name} 的标准差（{sd:g}）不相容",
            "请降低该分组的 lgd.sd，或使均值更接近 0.5",
        )


def _used_up(tape: LoanFile, position: int, segment: Any) -> Iterator[TermFault]:
    """Yield loans whose stated PD is no more than the defaults for lack of a bridge that it includes."""
    loans, name = tape.loans, tape.loans.names[position]
    liquidity = segment.liquidity_pd(segment.loan.term_months)
    used_up = (loans.segment == position) & (loans.pd - liquidity < LEAST_PD)
    if liquidity > 0.0 and used_up.any():
        where = _first(tape, used_up, "pd")
        pd = float(loans.pd[np.flatnonzero(used_up)[0]])
        yield TermFault(
            KEY,
            f"{where} has a pd of {pd:.4g}, and short firms of {name} that no bridge fund serves "
            f"default with {liquidity:.4g} a year: nothing is left of it",
            f"write a pd above {liquidity:.4g}, a lower short or default_if_unserved, or no "
            "pd_includes_liquidity",
            f"{where} 的 pd 为 {pd:.4g}，而 {name} 未获转贷的企业年违约概率为 {liquidity:.4g}，"
            "扣除后没有剩余",
            f"请写大于 {liquidity:.4g} 的 pd，或降低 short 或 default_if_unserved，"
            "或删去 pd_includes_liquidity",
        )


def _lgd_laws(loans: Loans, segments: Mapping[str, Any]) -> int:
    """Return the number of different LGD laws among the loans whose loss is random."""
    laws = 0
    for position, name in enumerate(loans.names):
        if name in segments and segments[name].loss.sd > 0.0:
            own = loans.lgd[loans.segment == position]
            laws += np.unique(np.where(np.isnan(own), segments[name].loss.mean, own)).size
    return laws


def tape_of(stock: OpeningStock | None, context: Context, part: float = 1.0) -> Tape | None:
    """Return a tape as a scheme has it: what a loan does not say is its segment's.

    Raises:
        ScenarioError: the loans would have to be shared out among several programmes.
    """
    if stock is None or stock.tape is None:
        return None
    if part != 1.0:
        raise ScenarioError(
            f"{stock.tape.name}: the loans of one tape can't be shared out among several programmes; "
            "write an instrument with a tape of its own for each",
            f"{stock.tape.name}：同一份贷款明细不能分给几个项目；请为每个项目各写一个工具及其明细",
        )
    loans = stock.tape.loans
    pd = np.array([context.segments[name].pd_annual for name in loans.names])[loans.segment]
    lgd = np.array([context.segments[name].lgd.mean for name in loans.names])[loans.segment]
    liquidity = np.array([context.liquidity.get(name, 0.0) for name in loans.names])[loans.segment]
    # x − 0 and x ÷ 1 are x: where PDs include no defaults for lack of a bridge, they stay as stated.
    own = (loans.pd - liquidity) / (1.0 - liquidity)
    return Tape(
        segments=loans.names,
        segment=loans.segment,
        principal=loans.principal,
        months_left=loans.months_left,
        pd_annual=_fixed(np.where(np.isnan(own), pd, own)),
        lgd_mean=_fixed(np.where(np.isnan(loans.lgd), lgd, loans.lgd)),
    )


def tape_principal(facility: Facility) -> float:
    """Return what the loans of a facility's tape sum to [yuan]; 0 without a tape."""
    return 0.0 if facility.tape is None else float(facility.tape.principal.sum())


def _fixed(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
