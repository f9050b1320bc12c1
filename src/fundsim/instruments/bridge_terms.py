"""Terms of emergency bridge funds (应急转贷), and the rules that they keep."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, NamedTuple

from fundsim.amounts import amount_text
from fundsim.instruments.bridge_blocks import (
    BridgeBreaker,
    FeeTierTerms,
    MonthEnd,
    Requests,
    faults_of_tiers,
)
from fundsim.instruments.covered_lending import CoveredLending, Titled
from fundsim.instruments.days import law_of_days
from fundsim.instruments.funding import MoneyIn
from fundsim.scenario.term import Term, TermFault, exactly_one, idle, term, unknown_name
from fundsim.scenario.terms import LawOfDays
from fundsim.scheme import BridgeFund as Fund
from fundsim.scheme import DaysLaw
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.units import Days, Money, Months, Multiple, Share

__all__ = ["BridgeFund"]

CALENDAR_PER_WORKING = 7.0 / 5.0
LONGEST_LIFE = 240
"""Months for which the uses of a fund may last."""
MOST_WAITING = 50_000
"""Requests given directly that may wait at once, on average where none is served."""


class Served(NamedTuple):
    """A place of ``serves`` that names something that lends."""

    place: int
    instrument: str
    part: str
    """Part of the instrument that lends; empty where the instrument itself does."""
    terms: CoveredLending

    @property
    def facility(self) -> str:
        """Name of the facility."""
        return f"{self.instrument}.{self.part}" if self.part else self.instrument

    @property
    def has_tape(self) -> bool:
        """Whether its opening loans come from a tape."""
        stock = self.terms.opening_stock
        return stock is not None and stock.tape is not None


class BridgeFund(MoneyIn, Titled):
    """Revolving public money, lent for days to firms that are short when a loan falls due (应急转贷).

    A firm that is sound and short of cash at maturity (`short` of its segment) asks the fund for its loan,
    pays the bank, is lent to again by the bank some days later, and pays the fund back with a fee. The fund
    serves a request when its free money is enough, in the order of `queue`; a request waits `deadline_days`
    at most. Where the bank does not lend again, the fund bears the loss. For design studies requests can be
    given directly (`requests`) instead of those of instruments (`serves`).
    """

    own_parts: ClassVar[frozenset[str]] = frozenset()
    top_up: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        "top_up": (
            "would fill the fund up whenever its money is lent out",
            "write injections",
            "资金借出时余额即下降，会不断触发补足",
            "请写 injections",
        )
    }

    serves: tuple[str, ...] = term(
        (),
        unit="names of instruments",
        meaning="Instruments whose short firms it serves: a name, or instrument.part such as a county",
        zh="服务的贷款工具",
    )
    requests: Requests | None = term(
        None, meaning="Requests given directly, instead of those of instruments", zh="直接给定的申请"
    )
    share_financed: Share = term(
        1.0, gt=0, meaning="Part of the loan that the fund finances", zh="转贷资金出资比例"
    )
    cap_per_firm: Money | None = term(
        None,
        gt=0,
        meaning="Most lent to a firm; what is missing the firm pays, as far as own_money_max goes",
        zh="单户转贷上限",
    )
    own_money_max: Share | None = term(
        None,
        meaning="Largest part of its loan that a firm can pay itself; a firm that would need more is not "
        "eligible; left out, 1 − share_financed",
        zh="企业自筹比例上限",
    )
    queue: Literal["fifo", "fifo_pass", "small_first"] = term(
        "fifo",
        meaning="In order of arrival and nobody passes (fifo), the first in order that fits (fifo_pass), or "
        "the smallest first (small_first)",
        zh="排队规则（fifo 先到先得，fifo_pass 先到且够用者先得，small_first 小额优先）",
    )
    deadline_days: Days = term(
        3.0, meaning="Days that a request waits at most; 0: served at once or never", zh="最长等待天数"
    )
    days: LawOfDays = term(meaning="Days for which a firm has the money", zh="使用天数")
    longest_days: Days | None = term(
        None, gt=0, meaning="Longest use, at which the law of days is cut; left out, none", zh="最长使用天数"
    )
    days_unit: Literal["calendar", "working"] = term(
        "calendar",
        meaning="Days of use, longest_days, deadline, free days and to_days are calendar days, or working "
        "days: 7/5 of them each, without a calendar of holidays",
        zh="天数口径（calendar 自然日，working 工作日）",
    )
    month_end: MonthEnd | None = term(
        None,
        meaning="Loans that fall due at the end of a quarter; left out, evenly over a month",
        zh="季末集中",
    )
    fee: tuple[FeeTierTerms, ...] = term(
        (),
        max_length=20,
        meaning="Fee by days of use, each stretch of days at its own tier; left out, free of charge",
        zh="费率分档",
    )
    fee_free_days: Days = term(0.0, meaning="First days of use that are free of charge", zh="免费天数")
    recapitalise: bool = term(
        False,
        meaning="Whether fees beyond the running cost become capital",
        zh="结余费用转增本金",
    )
    running_cost: Money = term(0.0, unit="yuan a year", meaning="Running cost of the fund", zh="管理费用")
    running_cost_share: Share = term(
        0.0, meaning="Running cost as a part of the fees, beside running_cost", zh="管理费用占费用收入比例"
    )
    not_renewed: Share = term(
        0.0, meaning="Probability that the bank does not lend again after a use", zh="银行未续贷概率"
    )
    not_renewed_rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance behind broken promises that the economy explains: in worse times more "
        "are broken; not_renewed is their mean",
        zh="未续贷与经济的相关度",
    )
    lgd: Share | None = term(
        None,
        meaning="Part of the money that is lost where the bank does not lend again; compulsory if "
        "not_renewed is above 0",
        zh="逾期损失率",
    )
    recovery_lag: Months | None = term(
        None,
        ge=1,
        le=120,
        meaning="Months until the rest comes back; compulsory if not_renewed is above 0",
        zh="逾期追偿时滞",
    )
    breaker: BridgeBreaker | None = term(
        None, meaning="Stop of service while too much is overdue", zh="熔断机制"
    )
    evergreening: Multiple = term(
        1.0,
        gt=0,
        le=100,
        meaning="Multiple of the PD in the life that follows a bridge of the fund; 1: no risk is changed",
        zh="转贷后违约概率倍数",
    )
    report_sizes: tuple[Money, ...] = term(
        (),
        max_length=20,
        meaning="Sizes up to which requests are reported together, and above the last; left out, 1, 2, 5 "
        "and 10 million yuan, or each amount of requests",
        zh="报告规模分档",
    )

    @property
    def unit(self) -> float:
        """Calendar days of a day as written."""
        return CALENDAR_PER_WORKING if self.days_unit == "working" else 1.0

    @property
    def law(self) -> DaysLaw:
        """The law of use in calendar days, cut at the longest."""
        longest = math.inf if self.longest_days is None else self.unit * self.longest_days
        return law_of_days(self.days, self.unit, longest)

    def served(self, instruments: Mapping[str, Any]) -> Iterator[Served]:
        """Yield the facilities that the fund serves, in the order of ``serves``; unknown names have none."""
        known = _lenders(instruments)
        for index, name in enumerate(self.serves):
            for instrument, part in known.get(name, ()):
                yield Served(index, instrument, part, instruments[instrument])

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require those whom it serves: firms of instruments, or requests of its own."""
        given = {"serves": bool(self.serves), "requests": self.requests is not None}
        yield from exactly_one("a bridge fund", "转贷资金", given)

    def faults_serves(self, context: Any) -> Iterator[TermFault]:
        """Refuse unknown names, and facilities that are served twice."""
        known = _lenders(context.instruments)
        # One whose kind is at fault is reported there.
        unread = {name for name, terms in context.instruments.items() if not isinstance(terms, Term)}
        for index, name in enumerate(self.serves):
            is_unread = any(name == one or name.startswith(f"{one}.") for one in unread)
            if name not in known and not is_unread:
                yield unknown_name(("serves", index), name, known, "instrument that lends", "贷款工具")
        before: dict[str, str] = {}
        for other in context.instruments.values():
            if other is self:
                break
            if isinstance(other, BridgeFund):
                before |= dict.fromkeys((s.facility for s in other.served(context.instruments)), "fund")
        for served in self.served(context.instruments):
            if served.facility in before:
                yield _served_twice(served, by_other=before[served.facility] == "fund")
            before.setdefault(served.facility, "here")

    def faults_short(self, context: Any) -> Iterator[TermFault]:
        """Refuse loans that can't be bridged, and warn of firms that never ask."""
        for served in self.served(context.instruments):
            segments = {n: context.segments[n] for n in served.terms.borrowers if n in context.segments}
            for name, segment in segments.items():
                # A segment that states short firms reports it itself.
                if segment.loan.repayment != "bullet" and segment.short == 0:
                    yield _amortises(served, name)
            if self.evergreening != 1 and served.has_tape:
                yield TermFault(
                    ("evergreening",),
                    f"can't be used with a tape ({served.facility}): each of its loans has a PD of its own",
                    f"leave it out, or leave {served.facility} out of serves",
                    f"不能用于来自贷款明细的贷款（{served.facility}），其违约概率逐笔给定",
                    f"请删去该项，或从 serves 中删去 {served.facility}",
                )
            if all(segment.short == 0 for segment in segments.values()):
                yield TermFault(
                    ("serves", served.place),
                    f"none of the firms of {served.facility} is ever short, so that none asks for a bridge",
                    "write short for its segments",
                    f"{served.facility} 的企业都不会缺资金，不会申请转贷",
                    "请在其借款企业分组写 short",
                    warning=True,
                )

    def faults_own_money(self, context: Any) -> Iterator[TermFault]:
        """Require that a firm can pay what the fund does not finance; warn of what direct requests lack."""
        most = self.own_money_max
        if most is not None and most < 1 - self.share_financed - 1e-9:
            yield TermFault(
                ("own_money_max",),
                f"is less than what the fund leaves to a firm ({1 - self.share_financed:g}): none can ask",
                f"write {1 - self.share_financed:g} or more, or raise share_financed",
                f"小于转贷资金不出资的部分（{1 - self.share_financed:g}），没有企业符合条件",
                f"请写不小于 {1 - self.share_financed:g} 的数，或提高 share_financed",
            )
        elif most is not None and self.share_financed == 1 and self.cap_per_firm is None:
            yield idle("own_money_max", "the fund finances every loan in whole", "转贷资金全额出资")
        if self.requests is not None:
            given = {
                "share_financed": self.share_financed != 1,
                "cap_per_firm": self.cap_per_firm is not None,
                "evergreening": self.evergreening != 1,
            }
            for key in (key for key, stated in given.items() if stated):
                yield idle(key, "requests given directly belong to no loans", "直接给定的申请不对应任何贷款")

    def faults_broken_promises(self, context: Any) -> Iterator[TermFault]:
        """Require what happens where the bank does not lend again; warn of what then never happens."""
        given = {
            "lgd": self.lgd is not None,
            "recovery_lag": self.recovery_lag is not None,
            "not_renewed_rho": self.not_renewed_rho > 0,
            "breaker": self.breaker is not None,
        }
        if self.not_renewed == 0:
            for key in (key for key, stated in given.items() if stated):
                yield idle(
                    key, "not_renewed is 0: the bank always lends again", "not_renewed 为 0，银行总会续贷"
                )
            return
        for key in ("lgd", "recovery_lag"):
            if not given[key]:
                yield TermFault(
                    (key,),
                    f"is missing, and the bank does not lend again after {100 * self.not_renewed:g} % of "
                    "the uses",
                    f"write {key}",
                    f"缺少该项，而有 {100 * self.not_renewed:g}% 的使用到期后银行未续贷",
                    f"请写 {key}",
                )
        if self.not_renewed == 1 and self.not_renewed_rho > 0:
            yield idle("not_renewed_rho", "not_renewed is 1, whatever the economy", "not_renewed 为 1")

    def faults_fee(self, context: Any) -> Iterator[TermFault]:
        """Check the tiers of the fee, and warn of what needs one."""
        yield from faults_of_tiers("fee", self.fee)
        if not any(tier.per_day > 0 for tier in self.fee):
            given = {
                "fee_free_days": self.fee_free_days > 0,
                "recapitalise": self.recapitalise,
                "running_cost_share": self.running_cost_share > 0,
            }
            for key in (key for key, stated in given.items() if stated):
                yield idle(key, "the fund charges no fee", "转贷资金不收费")

    def faults_days(self, context: Any) -> Iterator[TermFault]:
        """Refuse uses and waits that go on after the simulation, and warn of limits that bind nobody."""
        law = self.law
        longest = Fund(name="", party="", sizes=(), days=law).longest_use
        if longest > LONGEST_LIFE * DAYS_PER_MONTH:
            yield TermFault(
                ("longest_days",) if self.longest_days is not None else ("days",),
                f"a use may last {longest:,.0f} days, longer than can be followed "
                f"({LONGEST_LIFE * DAYS_PER_MONTH:,.0f})",
                "write a shorter longest_days, or other days",
                f"使用天数可达 {longest:,.0f} 天，超过可模拟的 {LONGEST_LIFE * DAYS_PER_MONTH:,.0f} 天",
                "请写更短的 longest_days，或修改 days",
            )
        uncut = replace(law, longest=math.inf)
        most = max(uncut.days, default=uncut.mean)
        certain = law.law == "fixed" or bool(law.days)
        if self.longest_days is not None and certain and law.longest >= most:
            yield idle("longest_days", "no use is longer", "使用天数不会更长")

    def faults_queue(self, context: Any) -> Iterator[TermFault]:
        """Refuse queues that may grow longer than can be followed."""
        if self.requests is None:
            return
        waiting = self.requests.per_day * self.unit * self.deadline_days
        if waiting > MOST_WAITING:
            yield TermFault(
                ("deadline_days",),
                f"lets {waiting:,.0f} requests wait at once, and at most {MOST_WAITING:,} can be followed",
                "write a shorter deadline_days, or fewer requests.per_day",
                f"会有约 {waiting:,.0f} 笔申请同时排队，最多可模拟 {MOST_WAITING:,} 笔",
                "请缩短 deadline_days，或减少 requests.per_day",
            )

    def faults_deadline(self, context: Any) -> Iterator[TermFault]:
        """Require a stated run-off to last until the last request of a firm has left."""
        run_off = context.window.run_off
        deadline = self.unit * self.deadline_days
        if self.serves and run_off is not None and run_off * DAYS_PER_MONTH < deadline:
            months = math.ceil(deadline / DAYS_PER_MONTH)
            yield TermFault(
                ("deadline_days",),
                f"is longer than the run-off ({run_off} months), in which the last requests still wait",
                f"write a window.run_off of {months} or more, or leave that out",
                f"长于清算期（{run_off} 个月），而最后的申请届时仍在等待",
                f"请把 window.run_off 写成不小于 {months} 的数，或删去该项",
            )

    def faults_month_end(self, context: Any) -> Iterator[TermFault]:
        """Warn of ends of quarters that are as other days."""
        if self.month_end is not None and self.month_end.times == 1:
            yield idle("month_end", "its times are 1, as on any other day", "times 为 1，与其他日子相同")

    def faults_report_sizes(self, context: Any) -> Iterator[TermFault]:
        """Require ascending sizes above 0."""
        before = 0.0
        for index, size in enumerate(self.report_sizes):
            if size <= before:
                yield TermFault(
                    ("report_sizes", index),
                    f"does not lie above {amount_text(before)} yuan",
                    "let the sizes ascend",
                    f"不大于 {amount_text(before)}元",
                    "请由小到大排列",
                )
            before = max(before, size)


def _lenders(instruments: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return what ``serves`` may name → (instrument, part) of the facilities that it means."""
    known: dict[str, list[tuple[str, str]]] = {}
    for name, terms in instruments.items():
        if isinstance(terms, CoveredLending):
            known[name] = [(name, part) for part in terms.lending_parts]
            known |= {f"{name}.{part}": [(name, part)] for part in terms.lending_parts if part}
    return known


def _served_twice(served: Served, *, by_other: bool) -> TermFault:
    facility = served.facility
    who, who_zh = ("another bridge fund", "另一转贷资金") if by_other else ("this fund already", "本资金")
    return TermFault(
        ("serves", served.place),
        f"{facility} is served by {who}; a firm asks one fund",
        "keep it in one place",
        f"{facility} 已由{who_zh}服务；企业只向一个资金申请",
        "请只保留一处",
    )


def _amortises(served: Served, segment: str) -> TermFault:
    return TermFault(
        ("serves", served.place),
        f"the loans of {segment} are repaid month by month, so that little falls due at once",
        f"write segments.{segment}.loan.repayment: bullet, or leave {served.facility} out",
        f"{segment} 的贷款逐月还本，到期时无需转贷",
        f"请把 segments.{segment}.loan.repayment 改为 bullet，或删去 {served.facility}",
    )
