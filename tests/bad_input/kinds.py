"""A kind of instrument that is as varied as the language allows, so that every message can occur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fundsim.scenario import Item, Term, TermFault, term, unknown_name
from fundsim.units import AnnualRate, Count, Money, Months, Multiple, Share, YearMonth


class Injection(Item):
    date: YearMonth = term(meaning="Month of the payment", zh="注资年月")
    amount: Money = term(gt=0, meaning="Amount paid", zh="注资金额")

    def faults(self, context: Any) -> Iterator[TermFault]:
        window = context.window
        if not 0 <= self.date.months_since(window.start) < window.months:
            yield TermFault(
                ("date",),
                f"lies outside the window ({window.start} … {window.end})",
                "choose a month inside it",
                f"不在政策期内（{window.start} … {window.end}）",
                "请选政策期内的年月",
            )


class Trigger(Term):
    mode: Literal["overdue", "npl", "final_loss"] = term(
        "overdue", meaning="What starts a claim", zh="触发方式"
    )
    overdue_days: Count = term(90, ge=1, le=720, meaning="Days past due", zh="逾期天数")


class Pool(Term):
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    opening: Money = term(meaning="Opening balance", zh="期初余额")
    multiple: Multiple = term(10.0, gt=0, le=50, meaning="Leverage", zh="放大倍数")
    capacity_base: Literal["paid_in", "balance"] = term(
        "paid_in", meaning="Base of the capacity", zh="额度基数"
    )
    share: Share = term(meaning="Share of the loss that the pool pays", zh="代偿比例")
    trigger: Trigger = term(Trigger(), meaning="When a claim arises", zh="代偿触发")
    claim_lag: Months = term(2, ge=0, le=24, meaning="Months from claim to payment", zh="代偿时滞")
    interest: AnnualRate = term(0.015, meaning="Interest on the balance", zh="存款年利率")
    replenish: bool = term(False, meaning="Whether the pool is topped up", zh="是否补充")
    borrowers: Mapping[str, Share] = term(meaning="Share of the demand by segment", zh="借款分组占比")
    injections: tuple[Injection, ...] = term((), meaning="Dated payments into the pool", zh="注资")
    yearly: tuple[Money, ...] = term((), max_length=10, meaning="Demand by policy year", zh="年度需求")

    def faults(self, context: Any) -> Iterator[TermFault]:
        for name in self.borrowers:
            if name not in context.segments:
                free = [segment for segment in context.segments if segment not in self.borrowers]
                yield unknown_name(("borrowers", name), name, free, "segment", "分组")

    def faults_total(self, context: Any) -> Iterator[TermFault]:
        total = sum(self.borrowers.values())
        if abs(total - 1) > 1e-9:
            yield TermFault(
                ("borrowers",), f"the shares add up to {total:g}", "let them add up to 1",
                f"占比合计为 {total:g}", "请使合计为 1",
            )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    terms: type[Term]


KINDS = {"compensation_pool": Kind(Pool)}
