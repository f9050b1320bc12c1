"""Terms that all kinds of equity funds share (引导基金, 母基金 …), and the rules that they keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from fundsim.errors import counted
from fundsim.instruments.covered_lending import Titled
from fundsim.instruments.equity_limits import LEFT_OUT
from fundsim.instruments.equity_money import CallShortfall, RaisingTerms
from fundsim.instruments.equity_sharing import ConcessionTerms, WaterfallStep, faults_of_waterfall
from fundsim.instruments.funding import MoneyIn
from fundsim.scenario.term import TermFault, idle, term
from fundsim.scheme.equity import LONGEST_LIFE
from fundsim.units import AnnualRate, Money, Months, Multiple, Share, YearMonth

__all__ = ["EquityTerms"]

USUAL_FEE = 0.03
"""A fee above this was probably meant as another number."""


class EquityTerms(MoneyIn, Titled):
    """Government's money with social partners', invested and given back over ten years or more.

    Government's money waits in a custody account, calls draw on it for investments and fees, and what comes
    back goes through a waterfall to partners and manager.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset(
        {
            "custody", "partners", "manager", "government", "social", "treasury",
            "co_investment", "risk_subsidy", "protection", "parent", "look_through",
        }
    )  # fmt: skip
    top_up: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = LEFT_OUT

    ratio: Multiple = term(
        le=100,
        meaning="Social money that is sought, as the plan writes it (1 : 5 is 5); 0: no social partners",
        zh="放大倍数（1:5 写 5）",
    )
    ratio_reading: Literal["gov_to_social", "fund_to_gov"] = term(
        "gov_to_social",
        meaning="The ratio is social money ÷ government's (gov_to_social), or the whole fund ÷ government's "
        "(fund_to_gov)",
        zh="倍数口径（gov_to_social 社会资本比政府出资，fund_to_gov 基金规模比政府出资）",
    )
    start: YearMonth | None = term(
        None, meaning="Month in which its life begins; left out, the window's first", zh="基金起始年月"
    )
    life: Months = term(ge=1, le=180, meaning="Life, without the extension", zh="存续期")
    extension: Months = term(
        0, le=120, meaning="Extension in which unsold deals may still be sold; no fees", zh="延长期"
    )
    investment_period: Months | None = term(
        None, ge=1, le=180, meaning="Investment period, from the fund's start", zh="投资期"
    )
    raising: RaisingTerms | None = term(
        None,
        meaning="How much of the social target comes, and when; compulsory with social partners",
        zh="社会资本募集",
    )
    call_shortfall: Share | CallShortfall = term(
        0.0,
        meaning="Share of social partners' calls that fails: fixed, or a law drawn once a path",
        zh="缴款违约比例",
    )
    government_first: bool = term(
        False,
        meaning="Whether government pays calls before social partners do",
        zh="政府先行出资",
    )
    deployment: Share = term(
        1.0,
        gt=0,
        meaning="Part of the commitments, less fees, that is planned to be invested",
        zh="投资进度比例",
    )
    recycling: Share = term(
        0.0,
        meaning="Proceeds of the investment period that are invested again, up to this part of commitments",
        zh="循环投资比例",
    )
    fee_rate: AnnualRate = term(
        0.0,
        le=0.2,
        meaning="Management fee, on commitments in the investment period, then on the cost of unsold deals",
        zh="管理费率",
    )
    fund_cost: Money = term(0.0, unit="yuan a year", meaning="Other cost of the fund", zh="基金运营费用")
    waterfall: tuple[WaterfallStep, ...] = term(
        (),
        max_length=4,
        meaning="Steps by which distributions are shared; left out, partners take all",
        zh="分配顺序",
    )
    clawback: bool = term(
        False,
        meaning="Whether the manager gives back at the end what it had beyond its carry",
        zh="业绩报酬回拨",
    )
    concession: ConcessionTerms = term(
        ConcessionTerms(), meaning="What government cedes to social partners", zh="政府让利"
    )

    @property
    def planned(self) -> float:
        """Government's planned money [yuan]."""
        return self.paid_in

    @property
    def investing(self) -> int:
        """Months of the investment period; of a fund without one its life."""
        return self.life if self.investment_period is None else self.investment_period

    @property
    def first_set_up(self) -> int:
        """Month from the start in which it can be set up first, if all is raised."""
        if self.raising is None or self.ratio == 0:
            return 0
        return self.raising.first_set_up

    @property
    def social_ratio(self) -> float:
        """Social money sought, per yuan of government's."""
        return self.ratio - 1 if self.ratio_reading == "fund_to_gov" and self.ratio > 0 else self.ratio

    @property
    def failing_calls(self) -> CallShortfall:
        """The law of failing calls, however it is written."""
        shortfall = self.call_shortfall
        return shortfall if isinstance(shortfall, CallShortfall) else CallShortfall(mean=shortfall)

    def start_month(self, window: Any) -> int:
        """Return the month of the window in which it begins."""
        return 0 if self.start is None else self.start.months_since(window.start)

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Require money of government: all else is measured by it."""
        if self.planned == 0:
            yield TermFault(
                ("opening",),
                "the fund never gets any money of government, by which all else is measured",
                "give opening or injections",
                "没有政府出资，而其他各项均以此为基数",
                "请写 opening 或 injections",
            )

    def faults_time(self, context: Any) -> Iterator[TermFault]:
        """Require a start in the window, and an end that can be simulated."""
        window = context.window
        start = self.start_month(window)
        if not 0 <= start < window.months:
            yield TermFault(
                ("start",),
                f"lies outside the policy window ({window.start} … {window.end})",
                "choose a month of the window",
                f"不在政策期（{window.start} 至 {window.end}）内",
                "请写政策期内的年月",
            )
            return
        months = start + self.life + self.extension
        if months > LONGEST_LIFE:
            room = max(0, LONGEST_LIFE - start - self.extension)
            yield TermFault(
                ("life",),
                f"with start and extension the fund ends {months} months after the window's start, and at "
                f"most {LONGEST_LIFE} can be followed",
                f"write {room} or less, or a shorter extension",
                f"连同起始与延长期，基金在政策期起始后 {months} 个月结束，最多可模拟 {LONGEST_LIFE} 个月",
                f"请写不大于 {room} 的数，或缩短 extension",
            )

    def faults_investment(self, context: Any) -> Iterator[TermFault]:
        """Require an investment period within the life."""
        if self.investing > self.life:
            yield TermFault(
                ("investment_period",),
                f"is longer than the life ({self.life} months)",
                f"write {self.life} or less",
                f"长于存续期（{self.life} 个月）",
                f"请写不大于 {self.life} 的数",
            )

    def faults_late_money(self, context: Any) -> Iterator[TermFault]:
        """Refuse money of government that comes when the fund has ended."""
        window = context.window
        end = self.start_month(window) + self.life + self.extension
        for index, item in enumerate(self.injections):
            # A date outside the window is at fault for that.
            if item.amount > 0 and end <= item.date.months_since(window.start) < window.months:
                yield TermFault(
                    ("injections", index, "date"),
                    "comes after the fund's end and would only go back",
                    "choose an earlier month, or a longer life",
                    "晚于基金到期，只会原样退回",
                    "请写更早的年月，或延长 life",
                )

    def faults_ratio(self, context: Any) -> Iterator[TermFault]:
        """Require a fund larger than government's money, where the ratio is of the whole fund."""
        if self.ratio_reading == "fund_to_gov" and 0 < self.ratio <= 1:
            yield TermFault(
                ("ratio",),
                "read as the whole fund ÷ government's money, leaves nothing to social partners",
                "write more than 1, or 0 for a fund without social partners",
                "按基金规模比政府出资计，没有社会资本",
                "请写大于 1 的数；没有社会资本则写 0",
            )

    def faults_partners(self, context: Any) -> Iterator[TermFault]:
        """Require how social partners are raised; without them refuse a concession, warn of what is idle."""
        if self.ratio > 0:
            if self.raising is None:
                yield TermFault(
                    ("raising",),
                    "is missing: how much of the social money comes",
                    "write raising: {p_full: …, mean: …}, or ratio: 0",
                    "缺少该项：社会资本的募集情况",
                    "请写 raising: {p_full: …, mean: …}，或 ratio: 0",
                )
            return
        if self.concession.mode != "none":
            yield TermFault(
                ("concession", "mode"),
                "ratio is 0: there are no social partners to whom anything could be ceded",
                "write none, or a ratio above 0",
                "ratio 为 0，没有可受让的社会资本",
                "请写 none，或写大于 0 的 ratio",
            )
        given = {
            "raising": self.raising is not None,
            "call_shortfall": self.call_shortfall != 0,
            "government_first": self.government_first,
        }
        for key in (key for key, stated in given.items() if stated):
            yield idle(key, "ratio is 0: there are no social partners", "ratio 为 0，没有社会资本")

    def faults_closings(self, context: Any) -> Iterator[TermFault]:
        """Require closings and the set-up within the fund's life."""
        if self.raising is None or self.ratio == 0:
            return
        for index, closing in enumerate(self.raising.closings):
            if closing.month >= self.life:
                yield TermFault(
                    ("raising", "closings", index, "month"),
                    f"comes after the fund's life ({self.life} months)",
                    f"write {self.life - 1} or less",
                    f"晚于存续期（{self.life} 个月）",
                    f"请写不大于 {self.life - 1} 的数",
                )
        if self.raising.set_up_months >= self.life:
            last = self.life - 1
            yield TermFault(
                ("raising", "set_up_months"),
                f"is not within the fund's life ({counted(self.life, 'month')})",
                f"write {last} or less" if last else "write 0",
                f"不在存续期（{self.life} 个月）内",
                f"请写不大于 {last} 的数" if last else "请写 0",
            )

    def faults_waterfall(self, context: Any) -> Iterator[TermFault]:
        """Require steps in their order."""
        yield from faults_of_waterfall(self.waterfall, clawback=self.clawback)

    def faults_option(self, context: Any) -> Iterator[TermFault]:
        """Require the first test of a call option within the fund's life."""
        years = self.concession.years
        if self.concession.mode == "call_option" and years is not None and 12 * years > self.life:
            yield TermFault(
                ("concession", "years"),
                f"end after the fund's life ({self.life} months)",
                f"write {self.life // 12} or less",
                f"超过存续期（{self.life} 个月）",
                f"请写不大于 {self.life // 12} 的数",
            )

    def faults_fees(self, context: Any) -> Iterator[TermFault]:
        """Warn of fees that leave nothing to invest."""
        money = (1 + self.social_ratio) * self.planned
        years, life = self.investing / 12, self.life / 12
        if money > 0 and money * (1 - self.fee_rate * years) <= self.fund_cost * life:
            yield TermFault(
                ("fee_rate",) if self.fee_rate > 0 else ("fund_cost",),
                "leaves nothing to invest: fees and cost to the end of life take all commitments",
                "write less",
                "没有可投资的资金：存续期内的管理费和运营费用超过全部认缴额",
                "请写更小的数",
                warning=True,
            )

    def faults_high_fee(self, context: Any) -> Iterator[TermFault]:
        """Warn of a fee that no manager is paid."""
        if self.fee_rate > USUAL_FEE:
            yield TermFault(
                ("fee_rate",),
                f"is {100 * self.fee_rate:g} % a year of all commitments, where 1 to 2 % is usual",
                "write the part of a year, such as 2%",
                f"为每年认缴额的 {100 * self.fee_rate:g}%，而通常为 1% 到 2%",
                "请写一年的费率，如 2%",
                warning=True,
            )
