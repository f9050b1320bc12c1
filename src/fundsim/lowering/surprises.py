"""What is legal in a scenario and yet surprising: warnings, once a scenario has been lowered.

Each is of the kind that a user can't see in the figures: nothing is lent, a claim falls due after the last
month, an amount in 万 is read as one in yuan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fundsim.amounts import amount_text
from fundsim.errors import Fault, counted
from fundsim.instruments.lending import OpeningStock
from fundsim.lowering.bridge_surprises import bridge_surprises
from fundsim.lowering.budget_surprises import budget_surprises, target_surprises
from fundsim.lowering.equity_surprises import equity_surprises
from fundsim.lowering.placed import placed_principal
from fundsim.scenario import Scenario
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Key
from fundsim.scheme import Facility, Scheme

__all__ = ["surprises", "tape_notes"]

FAR_BELOW = 0.01
"""An amount below this part of a mean loan was probably meant in another unit."""
LEAST_LOAN = 1000.0
"""A mean loan below this [yuan] was probably meant in another unit."""
NOTABLE_DEMAND = 0.05
"""Part of the demand that may stay below whole loans without a word."""
NOTABLE = 0.01
"""Part of an opening amount that rounding to whole loans may leave without a word."""
_AMOUNTS = frozenset({"opening", "amount", "hold_outstanding", "city_money", "yearly"})


def surprises(scenario: Scenario, scheme: Scheme) -> tuple[Fault, ...]:
    """Return the warnings that a lowered scenario deserves, in the order of its text."""
    context = _Context(scenario, scheme)
    found = [scenario.fault(path, message, warning=True) for path, message in _all(context)]
    return tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.file, fault.line, fault.column)))


def tape_notes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield count and total of each loan tape, in English and Chinese: what was read, to be compared."""
    for instrument in scenario.terms.instruments.values():
        stock = getattr(instrument, "opening_stock", None)
        if isinstance(stock, OpeningStock) and stock.tape is not None:
            n, total = len(stock.tape.loans.principal), float(stock.tape.loans.principal.sum())
            name, notes = stock.tape.name, stock.tape.loans.notes
            english = [f"{name}: {counted(n, 'loan')}, {amount_text(round(total, 2))} yuan"]
            chinese = [f"{name}：{n:,} 笔贷款，合计 {amount_text(round(total, 2))}元"]
            if stock.tape.is_open:
                english.append("open in Excel or WPS: what was saved last is read")
                chinese.append("该文件正在 Excel 或 WPS 中打开：读取的是最后保存的内容")
            yield "; ".join(english + [one for one, _ in notes]), "；".join(chinese + [zh for _, zh in notes])


@dataclass(frozen=True, slots=True)
class _Context:
    scenario: Scenario
    scheme: Scheme

    def facilities(self, instrument: str) -> list[Facility]:
        """Return the lending programmes of an instrument."""
        return [f for f in self.scheme.facilities if f.about.instrument == instrument]

    def mean_loan(self, segment: str) -> float:
        """Return the mean principal of a segment's loans [yuan]."""
        return self.scenario.terms.segments[segment].loan.mean


Found = tuple[Key, Message]


def _all(context: _Context) -> Iterator[Found]:
    yield from _short_run_off(context)
    yield from _small_loans(context)
    terms = context.scenario.terms
    yield from bridge_surprises(terms.instruments, terms.segments, context.scheme)
    yield from equity_surprises(terms, context.scheme)
    yield from budget_surprises(context.scheme)
    yield from target_surprises(context.scheme)
    for name, instrument in context.scenario.terms.instruments.items():
        facilities = context.facilities(name)
        if not facilities:
            continue
        yield from _no_recovery(context, name, facilities)
        yield from _small_amounts(context, name, facilities)
        yield from _small_demand(context, name, facilities)
        yield from _never_lent(context, name, facilities)
        yield from _idle_multiple(context, name)
        stock = getattr(instrument, "opening_stock", None)
        if isinstance(stock, OpeningStock):
            yield from _stock(context, name, stock, facilities)


def _short_run_off(context: _Context) -> Iterator[Found]:
    stated = context.scenario.terms.window.run_off
    scheme = context.scheme
    claim = max((c.delay(scheme.contracts) for c in scheme.contracts), default=0)
    recovery = max((p.lag_months for f in scheme.facilities for p in f.recovery), default=0)
    if stated is not None and stated < max(claim, recovery):
        yield (
            ("window", "run_off"),
            (
                f"is shorter than the {counted(max(claim, recovery), 'month')} that claims and "
                "recoveries may take: those that come later are in no figure",
                f"write {max(claim, recovery)} or more, or leave it out",
                f"短于赔付或追偿所需的 {max(claim, recovery)} 个月，其后发生的不计入任何指标",
                f"请写不小于 {max(claim, recovery)} 的数，或删去本项",
            ),
        )


def _small_loans(context: _Context) -> Iterator[Found]:
    resolved = context.scenario.resolved()["instruments"]
    largest = max((amount for _, amount in _amounts(resolved, (), named=False)), default=0.0)
    for name, segment in context.scenario.terms.segments.items():
        # A scenario whose amounts are all small counts in another unit on purpose.
        if segment.loan.mean < min(LEAST_LOAN, 1e-4 * largest):
            yield ("segments", name, "loan", "mean"), _in_wan(segment.loan.mean)


def _in_wan(amount: float) -> Message:
    """Return what to say of an amount that was probably meant in units of 10,000 yuan."""
    return (
        f"{amount_text(amount)} yuan is very little for a loan business",
        f"did you mean {amount:.15g}万?",
        f"{amount_text(amount)}元对贷款业务而言过小",
        f"是否想写 {amount:.15g}万？",
    )


def _no_recovery(context: _Context, name: str, facilities: list[Facility]) -> Iterator[Found]:
    gross = {c.facility for c in context.scheme.contracts if not c.net and c.covers is None}
    lgd = {s.name: s.lgd.mean for s in context.scheme.segments}
    if any(
        f.name in gross and not f.recovery and any(lgd[b.segment] < 1.0 for b in f.borrowers)
        for f in facilities
    ):
        yield (
            ("instruments", name),
            (
                "has no recovery: claims are paid in full and nothing comes back, whatever lgd says",
                "add recovery: {lag_months: …}, or write lgd: 1",
                "没有写 recovery：按全额赔付且无任何追偿，lgd 不起作用",
                "请添加 recovery: {lag_months: …}，或写 lgd: 1",
            ),
        )


def _small_amounts(context: _Context, name: str, facilities: list[Facility]) -> Iterator[Found]:
    loan = min(context.mean_loan(b.segment) for f in facilities for b in f.borrowers)
    resolved = context.scenario.resolved()["instruments"][name]
    for path, amount in _amounts(resolved, ("instruments", name), named=False):
        if 0.0 < amount < FAR_BELOW * loan:
            yield path, _in_wan(amount)


def _amounts(value: Any, path: Key, *, named: bool) -> Iterator[tuple[Key, float]]:
    """Yield the amounts of money that a fund or a programme is given, with their keys."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _amounts(inner, (*path, key), named=key in _AMOUNTS)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _amounts(inner, (*path, index), named=named)
    elif named and isinstance(value, int | float):
        yield path, float(value)


def _small_demand(context: _Context, name: str, facilities: list[Facility]) -> Iterator[Found]:
    for facility in facilities:
        monthly = np.array(facility.demand.monthly)
        years = [float(monthly[first : first + 12].sum()) for first in range(0, monthly.size, 12)]
        for borrower in facility.borrowers:
            loan = context.mean_loan(borrower.segment)
            most = max(years, default=0.0) * borrower.share
            if 0.0 < most < loan:
                text, text_loan = amount_text(round(most, 2)), amount_text(loan)
                yield (
                    ("instruments", name, "demand"),
                    (
                        f"a year's demand of {borrower.segment}, {text} yuan at the most, is less than "
                        f"one loan of {text_loan} yuan: little or nothing is lent",
                        "write more, or a smaller loan.mean",
                        f"{borrower.segment} 的年需求最多 {text}元，"
                        f"不足一笔贷款（{text_loan}元），几乎不会放款",
                        "请增大需求，或减小 loan.mean",
                    ),
                )
                return


def _never_lent(context: _Context, name: str, facilities: list[Facility]) -> Iterator[Found]:
    """Warn of demand that never makes a whole loan of its size, as in small programmes of many sizes."""
    segments = {s.name: s for s in context.scheme.segments}
    asked = lost = 0.0
    for facility in facilities:
        demand = math.fsum(facility.demand.monthly)
        for borrower in facility.borrowers:
            bands = segments[borrower.segment].bands
            mean = math.fsum(b.principal * b.probability for b in bands)
            loans = demand * borrower.share / mean
            asked += demand * borrower.share
            lost += math.fsum(b.principal * ((loans * b.probability + 1e-9) % 1.0) for b in bands)
    # Demand below one loan has a warning of its own.
    if asked > 0.0 and NOTABLE_DEMAND * asked < lost < 0.999 * asked:
        text, text_lost = amount_text(round(asked, 2)), amount_text(round(lost, 2))
        yield (
            ("instruments", name, "demand"),
            (
                f"{text_lost} of {text} yuan never make a whole loan of their size by the end of the "
                "window, and are not lent",
                "write fewer loan.bands, or take it as it is",
                f"{text}元需求中有 {text_lost}元到政策期末仍凑不成整笔贷款，不会放款",
                "请减少 loan.bands，或保持不变",
            ),
        )


def _idle_multiple(context: _Context, name: str) -> Iterator[Found]:
    scheme = context.scheme
    drawn = {i.target for i in scheme.injections if i.drawn is not None}
    own = {capacity for facility in context.facilities(name) for capacity in facility.capacities}
    for capacity in scheme.capacities:
        if capacity.name not in own or capacity.basis != "paid_in" or capacity.drawn is not None:
            continue
        if capacity.party in drawn:
            continue
        facilities = [f for f in scheme.facilities if capacity.name in f.capacities]
        asked = sum((_most_outstanding(context, f) for f in facilities), np.zeros(scheme.window.months))
        allowed = capacity.multiple * _paid_in(scheme, capacity.party)
        if facilities and (asked < (1.0 - 1e-9) * allowed).all():
            text, most = (amount_text(round(float(of.max()), 2)) for of in (allowed, asked))
            yield (
                ("instruments", name, "multiple"),
                (
                    f"has no effect: it allows {text} yuan of loans, and demand never reaches more than "
                    f"{most} yuan",
                    "write the demand that is expected, or take it as it is",
                    f"不起作用：允许的贷款为 {text}元，而需求最多达到 {most}元",
                    "请核对需求，或保持不变",
                ),
            )
            return


def _most_outstanding(context: _Context, facility: Facility) -> np.ndarray:
    """Return a bound of what may be outstanding in each month of the window, whatever is renewed [yuan]."""
    segments = {s.name: s for s in context.scheme.segments}
    months = context.scheme.window.months
    opening = sum(o.n_loans * segments[o.segment].bands[o.band].principal for o in facility.opening) + (
        0.0 if facility.tape is None else float(facility.tape.principal.sum())
    )
    monthly = np.array(facility.demand.monthly[:months], dtype=float)
    if any(facility.demand.hold):
        return np.asarray(np.maximum(np.array(facility.demand.hold[:months]), opening))
    total = opening + np.cumsum(monthly)
    own = [segments[b.segment] for b in facility.borrowers]
    if all(s.renew == 0.0 for s in own):
        term = max(s.term_months for s in own)
        before = np.concatenate([np.zeros(min(term, months)), np.cumsum(monthly)[: max(0, months - term)]])
        total = total - before
    return np.asarray(total)


def _paid_in(scheme: Scheme, party: str) -> np.ndarray:
    """Return what has been paid into a party by each month of the window [yuan]."""
    opening = next(p.opening for p in scheme.parties if p.name == party)
    paid = np.full(scheme.window.months, opening)
    for injection in scheme.injections:
        if injection.target == party:
            paid[injection.month :] += injection.amount
    return paid


def _stock(context: _Context, name: str, stock: OpeningStock, facilities: list[Facility]) -> Iterator[Found]:
    if stock.tape is not None:
        yield from _tape_in_another_unit(context, name, facilities)
    if stock.amount is not None:
        placed = placed_principal(context.scheme, name)
        if abs(placed - stock.amount) > NOTABLE * stock.amount:
            yield (
                ("instruments", name, "opening_stock", "amount"),
                (
                    f"only whole loans are possible: {amount_text(round(placed, 2))} yuan for "
                    f"{amount_text(stock.amount)} yuan",
                    "write a multiple of a loan, or a smaller loan.mean",
                    f"只能是整笔贷款：{amount_text(stock.amount)}元实为 {amount_text(round(placed, 2))}元",
                    "请写整笔贷款的倍数，或减小 loan.mean",
                ),
            )


def _tape_in_another_unit(context: _Context, name: str, facilities: list[Facility]) -> Iterator[Found]:
    for facility in facilities:
        tape = facility.tape
        if tape is None:
            continue
        for position, segment in enumerate(tape.segments):
            mean = float(tape.principal[tape.segment == position].mean())
            loan = context.mean_loan(segment)
            if not FAR_BELOW * loan <= mean <= loan / FAR_BELOW:
                text, text_loan = amount_text(round(mean, 2)), amount_text(loan)
                fix, fix_zh = "amounts of a tape are in yuan", "明细中的金额以元为单位"
                if mean < loan:
                    fix, fix_zh = (f"{fix}; did you mean {mean:.6g}万?", f"{fix_zh}；是否应为 {mean:.6g}万？")
                yield ("instruments", name, "opening_stock", "tape"), (
                    f"its loans of {segment} average {text} yuan, where loan.mean is {text_loan} yuan", fix,
                    f"其中 {segment} 的贷款平均 {text}元，而 loan.mean 为 {text_loan}元", fix_zh,
                )  # fmt: skip
