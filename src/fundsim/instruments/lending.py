"""Terms that every lending instrument shares, and how they become a facility."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fundsim.errors import counted
from fundsim.instruments.part import Context
from fundsim.scenario.loan_file import LoanFile, TapeUnit
from fundsim.scenario.term import Item, Term, TermFault, exactly_one, term, unknown_name
from fundsim.scheme import Borrowers, RecoveryPart
from fundsim.scheme import Demand as DemandOfFacility
from fundsim.units import Count, Money, Months, Multiple, Share, YearMonth

__all__ = [
    "DatedAmount",
    "Demand",
    "OpeningStock",
    "Recovery",
    "RecoveryShare",
    "borrowers_of",
    "demand_of",
    "faults_of_borrowers",
    "faults_of_dates",
    "faults_of_seasonality",
    "faults_of_size",
    "recovery_of",
]


MOST_LOANS = 10_000_000
"""Loans of an instrument at the start, or asked for in a year, that can be followed in bearable time."""


class DatedAmount(Item):
    """An amount in a month."""

    date: YearMonth = term(meaning="Month", zh="年月")
    amount: Money = term(meaning="Amount", zh="金额")


class Demand(Term):
    """What firms apply for, renewals apart: by policy year, by month, or what holds a level."""

    yearly: tuple[Money, ...] = term(
        (), max_length=10, meaning="Amount applied for in each policy year", zh="各年度贷款需求"
    )
    ramp_up_months: Months = term(
        0,
        le=120,
        meaning="Months over which a yearly demand rises to its full rate; what is missed is not made up",
        zh="需求爬坡期",
    )
    seasonality: tuple[Multiple, ...] = term(
        (),
        meaning="Weights of the twelve calendar months, January first; only their proportions matter",
        zh="季节性权重",
    )
    schedule: tuple[DatedAmount, ...] = term((), meaning="Amounts applied for by month", zh="逐月贷款需求")
    hold_outstanding: Money | None = term(
        None, gt=0, meaning="Level of outstanding loans that new demand fills up each month", zh="维持余额"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of the three ways to say it."""
        given = {
            "yearly": bool(self.yearly),
            "schedule": bool(self.schedule),
            "hold_outstanding": self.hold_outstanding is not None,
        }
        yield from exactly_one("a demand", "需求", given)

    def faults_years(self, context: Any) -> Iterator[TermFault]:
        """Require an amount for each policy year."""
        years = -(-context.window.months // 12)
        if self.yearly and len(self.yearly) != years:
            yield TermFault(
                ("yearly",),
                f"has {counted(len(self.yearly), 'amount')} for {counted(years, 'policy year')}",
                f"write {counted(years, 'amount')}",
                f"政策期有 {years} 个年度，却写了 {len(self.yearly)} 个金额",
                f"请写 {years} 个金额",
            )

    def faults_seasonality(self, context: Any) -> Iterator[TermFault]:
        """Require twelve weights that are not all zero, beside a yearly demand."""
        yield from faults_of_seasonality(self.seasonality)

    def faults_unused(self, context: Any) -> Iterator[TermFault]:
        """Refuse shapes of a yearly demand where there is none."""
        for key in ("ramp_up_months", "seasonality"):
            if getattr(self, key) and not self.yearly:
                yield TermFault(
                    (key,),
                    "shapes a yearly demand, and there is none",
                    "give yearly, or leave it out",
                    "只对 yearly 需求起作用，而此处没有",
                    "请写 yearly，或删去本项",
                )

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Require the months of a schedule to lie in the window."""
        yield from faults_of_dates(self.schedule, "schedule", context)

    @property
    def amounts(self) -> Iterator[tuple[tuple[str | int, ...], float]]:
        """Every amount with the path to it."""
        yield from ((("yearly", year), amount) for year, amount in enumerate(self.yearly))
        yield from ((("schedule", index, "amount"), item.amount) for index, item in enumerate(self.schedule))
        if self.hold_outstanding is not None:
            yield ("hold_outstanding",), self.hold_outstanding


def faults_of_seasonality(weights: Sequence[float]) -> Iterator[TermFault]:
    """Require twelve weights of a key ``seasonality`` that are not all zero, if there are any."""
    if weights and (len(weights) != 12 or math.fsum(weights) == 0):
        yield TermFault(
            ("seasonality",),
            "is not a list of twelve weights with a positive sum",
            "write one weight for each calendar month",
            "不是十二个且合计为正的权重",
            "请为每个自然月写一个权重",
        )


class OpeningStock(Term):
    """Loans on the books before the first month: an amount, a number, or one by one from a file."""

    amount: Money | None = term(None, meaning="Principal outstanding", zh="存量余额")
    loans: Count | None = term(
        None, ge=1, le=MOST_LOANS, meaning="Number of loans outstanding", zh="存量笔数"
    )
    tape: LoanFile | None = term(
        None,
        unit="file",
        meaning="CSV, Excel or Parquet file beside the scenario with a row for each loan: segment, "
        "principal, months_left or due, and if wanted pd, lgd, id",
        zh="贷款明细文件",
    )
    tape_sheet: str | None = term(
        None, min_length=1, meaning="Sheet of the workbook that holds the tape", zh="明细所在工作表"
    )
    tape_unit: TapeUnit | None = term(
        None,
        meaning="Unit of the tape's amounts where neither heading nor cell names one; left out, yuan",
        zh="明细金额单位",
    )
    months_left: Months | None = term(
        None,
        ge=1,
        le=120,
        meaning="Months to maturity of all of them; left out, they mature evenly over a loan's term",
        zh="剩余期限",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of amount, loans and tape."""
        offered = [key for key in ("amount", "loans", "tape") if key not in self.left_out]
        given = {key: getattr(self, key) is not None for key in offered}
        yield from exactly_one("an opening stock", "存量", given)

    def faults_months(self, context: Any) -> Iterator[TermFault]:
        """Refuse one number of months beside a tape, which has one for each loan."""
        if self.tape is not None and self.months_left is not None:
            yield TermFault(
                ("months_left",),
                "does not go with a tape, which has a column of that name",
                "delete it",
                "不能与 tape 同时使用，明细中已有该列",
                "请删除",
            )

    def faults_of_tape_keys(self, context: Any) -> Iterator[TermFault]:
        """Require a tape where a key says how to read one."""
        for key in ("tape_sheet", "tape_unit"):
            if self.tape is None and getattr(self, key) is not None:
                yield TermFault((key,), "goes with a tape, and there is none", "add tape, or delete it",
                                "须与 tape 同用，而此处没有 tape", "请添加 tape，或删去本项")  # fmt: skip


class RecoveryShare(Item):
    """A part of a recovery and when it comes."""

    lag_months: Months = term(ge=1, le=360, meaning="Months from default to the money", zh="追偿到账时滞")
    share: Share = term(meaning="Part of the recovery that comes then", zh="到账占比")


class Recovery(Term):
    """When the part of a loan that is not lost comes back: at once, or spread."""

    lag_months: Months | None = term(
        None, ge=1, le=360, meaning="Months from default to the money", zh="追偿到账时滞"
    )
    spread: tuple[RecoveryShare, ...] = term((), meaning="Parts that come at different times", zh="分期到账")
    cost: Share = term(
        0.0, lt=1, meaning="Part of each recovery that enforcement costs; it leaves first", zh="追偿费用率"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of lag_months and spread."""
        given = {"lag_months": self.lag_months is not None, "spread": bool(self.spread)}
        yield from exactly_one("a recovery", "追偿", given)

    def faults_sum(self, context: Any) -> Iterator[TermFault]:
        """Require the parts to make the whole."""
        if self.spread and abs(math.fsum(part.share for part in self.spread) - 1.0) > 1e-9:
            total = math.fsum(part.share for part in self.spread)
            yield TermFault(
                ("spread",),
                f"its shares sum to {total:g}, not to 1",
                "let them sum to 100%",
                f"各期占比合计为 {total:g}，不等于 1",
                "请使其合计为 100%",
            )


def faults_of_dates(items: tuple[Any, ...], key: str, context: Any) -> Iterator[TermFault]:
    """Require the dates of a list to lie inside the policy window."""
    window = context.window
    for index, item in enumerate(items):
        if not 0 <= item.date.months_since(window.start) < window.months:
            yield TermFault(
                (key, index, "date"),
                f"lies outside the policy window ({window.start} … {window.end})",
                "choose a month of the window",
                f"不在政策期（{window.start} 至 {window.end}）内",
                "请写政策期内的年月",
            )


def faults_of_size(
    amounts: Iterable[tuple[tuple[str | int, ...], float]], borrowers: Mapping[str, float], context: Any
) -> Iterator[TermFault]:
    """Refuse amounts of more loans than can be followed."""
    loans_of_a_yuan = math.fsum(
        share / context.segments[name].loan.mean
        for name, share in borrowers.items()
        if name in context.segments
    )
    for path, amount in amounts:
        loans = amount * loans_of_a_yuan
        if loans > MOST_LOANS:
            yield TermFault(
                path,
                f"too large: it is {loans:.2g} loans of the segments' mean size, and at most {MOST_LOANS:,} "
                "can be followed",
                "write a smaller amount, or larger loans",
                f"过大：按各分组户均贷款额计为 {loans:.2g} 笔，最多可模拟 {MOST_LOANS:,} 笔",
                "请减小金额，或提高户均贷款额",
            )


def faults_of_borrowers(borrowers: Mapping[str, float], context: Any) -> Iterator[TermFault]:
    """Require known segments and shares that sum to 1."""
    for name in borrowers:
        if name not in context.segments:
            free = [segment for segment in context.segments if segment not in borrowers]
            yield unknown_name(("borrowers", name), name, free or context.segments, "segment", "分组")
    total = math.fsum(borrowers.values())
    if abs(total - 1.0) > 1e-9:
        yield TermFault(
            ("borrowers",),
            f"the shares sum to {total:g}, not to 1",
            "let them sum to 100%",
            f"占比合计为 {total:g}，不等于 1",
            "请使其合计为 100%",
        )


def borrowers_of(shares: Mapping[str, float]) -> tuple[Borrowers, ...]:
    """Return the segments that a facility lends to; those with share 0 stay in the books."""
    return tuple(Borrowers(segment=name, share=share) for name, share in shares.items())


def demand_of(demand: Demand, context: Context) -> DemandOfFacility:
    """Return the demand of each month of the window [yuan]."""
    window = context.window
    if demand.hold_outstanding is not None:
        return DemandOfFacility(
            monthly=(0.0,) * window.months, hold=(demand.hold_outstanding,) * window.months
        )
    if demand.schedule:
        monthly = [0.0] * window.months
        for item in demand.schedule:
            monthly[item.date.months_since(window.start)] += item.amount
        return DemandOfFacility(monthly=tuple(monthly))
    return DemandOfFacility(monthly=tuple(_of_month(demand, context, t) for t in range(window.months)))


def _of_month(demand: Demand, context: Context, month: int) -> float:
    amount = demand.yearly[month // 12] / 12
    if demand.seasonality:
        calendar = (context.window.start.month - 1 + month) % 12
        amount *= 12 * demand.seasonality[calendar] / math.fsum(demand.seasonality)
    if demand.ramp_up_months:
        amount *= min(1.0, (month + 1) / demand.ramp_up_months)
    return amount


def recovery_of(recovery: Recovery | None) -> tuple[RecoveryPart, ...]:
    """Return the parts of a recovery; none when nothing is said of recoveries."""
    if recovery is None:
        return ()
    if recovery.lag_months is not None:
        return (RecoveryPart(lag_months=recovery.lag_months, share=1.0),)
    return tuple(RecoveryPart(lag_months=p.lag_months, share=p.share) for p in recovery.spread)
