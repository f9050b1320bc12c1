"""Terms of a lending programme whose losses somebody covers, and of a public fund that covers them.

Every kind that lends takes its terms from here and adds what is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.instruments.cover import BreakerTerms, Caps, Trigger
from fundsim.instruments.funding import MoneyIn
from fundsim.instruments.lending import (
    Demand,
    OpeningStock,
    Recovery,
    faults_of_borrowers,
    faults_of_size,
)
from fundsim.instruments.loan_tape import faults_of_tape
from fundsim.scenario.term import Term, TermFault, term
from fundsim.units import AnnualRate, Money, Months, Multiple, Share

__all__ = ["CoveredLending", "FundedLending", "PublicFund", "Titled"]


class Titled(Term):
    """An instrument with a title for readers."""

    title: str | None = term(None, meaning="Title for readers, English", zh="英文标题")
    title_zh: str | None = term(None, meaning="Title for readers, Chinese", zh="中文标题")
    in_document: bool = term(
        True,
        unit="yes/no",
        meaning="Whether the plan gives the amount of its money; where it does not, tables mark the "
        "instrument, whose figures mean something per yuan of its money only",
        zh="文件是否列明金额",
    )


class CoveredLending(Titled):
    """A lending programme: who lends to whom, when a default becomes a claim, what comes back."""

    lender: str | None = term(
        None, min_length=1, meaning="Name of the bank; left out, a bank of its own", zh="合作银行"
    )
    borrowers: Mapping[str, Share] = term(
        min_length=1, meaning="Share of each segment in the lending", zh="借款企业构成"
    )
    demand: Demand = term(meaning="What firms apply for", zh="贷款需求")
    opening_stock: OpeningStock | None = term(None, meaning="Loans at the start", zh="期初存量贷款")
    trigger: Trigger = term(meaning="When a default becomes a claim", zh="触发条件")
    claim_lag: Months = term(0, le=120, meaning="Months from the trigger to the payment", zh="审核拨付时滞")
    recovery: Recovery | None = term(None, meaning="When the part not lost comes back", zh="追偿")
    after_window: Literal["repay", "cliff"] = term(
        "repay",
        meaning="Whether firms that would have renewed after the window repay, or some default",
        zh="政策到期后",
    )
    write_off_months: Months = term(
        24, ge=1, le=240, meaning="Months after which a default leaves the overdue stock", zh="核销期"
    )

    @property
    def claim_months(self) -> int:
        """Months from a default to the payment of the claim."""
        return self.trigger.months + self.claim_lag

    @property
    def lending_parts(self) -> tuple[str, ...]:
        """Parts of the instrument that lend, each a facility; empty text for the instrument as a whole."""
        return ("",)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Check borrowers against the segments."""
        yield from faults_of_borrowers(self.borrowers, context)

    def faults_size(self, context: Any) -> Iterator[TermFault]:
        """Refuse more loans than can be followed, asked for or at the start."""
        amounts = [(("demand", *path), amount) for path, amount in self.demand.amounts]
        if self.opening_stock is not None and self.opening_stock.amount is not None:
            amounts.append((("opening_stock", "amount"), self.opening_stock.amount))
        yield from faults_of_size(amounts, self.borrowers, context)

    def faults_tape(self, context: Any) -> Iterator[TermFault]:
        """Check the loans of a tape against the segments."""
        yield from faults_of_tape(self.opening_stock, self.borrowers, context)

    def faults_static(self, context: Any) -> Iterator[TermFault]:
        """A static factor holds for loans that begin together."""
        if context.economy.step == "static" and _lends_later(self.demand, context.window):
            yield TermFault(
                ("demand",),
                "lends after the first month, which a static economy can't represent",
                "lend in the first month only, or choose another economy.step",
                "静态经济下只能在首月放款",
                "请只在首月放款，或改 economy.step",
            )


def _lends_later(demand: Demand, window: Any) -> bool:
    if demand.schedule:
        return any(item.amount > 0 and item.date != window.start for item in demand.schedule)
    return demand.hold_outstanding is not None or any(amount > 0 for amount in demand.yearly)


class FundedLending(CoveredLending):
    """A lending programme with a fund of public money that pays the bank a share of its losses."""

    multiple: Multiple | None = term(
        None, gt=0, meaning="Loans outstanding per yuan of the base; left out, no limit", zh="放大倍数"
    )
    capacity_base: Literal["paid_in", "balance"] = term(
        "paid_in", meaning="Base of the multiple: money paid in, or money left", zh="放大基数"
    )
    share: Share = term(meaning="Part of the bank's loss that the fund pays", zh="风险分担比例")
    basis: Literal["principal", "principal_and_interest"] = term(
        "principal", meaning="What counts as the bank's loss", zh="补偿口径"
    )
    caps: Caps = term(Caps(), meaning="Limits on what the fund pays", zh="补偿上限")
    arrears: Literal["lapse", "carry"] = term(
        "lapse", meaning="What the fund can't pay lapses, or is carried until it can", zh="欠付处理"
    )
    breaker: BreakerTerms | None = term(None, meaning="Circuit breaker", zh="熔断机制")
    deposit_rate: AnnualRate = term(0.0, meaning="Interest that the bank pays on the fund", zh="存款利率")
    running_cost: Money = term(0.0, unit="yuan a year", meaning="Running cost of the fund", zh="管理费用")

    def faults_arrears(self, context: Any) -> Iterator[TermFault]:
        """Refuse arrears under a cap: it is not said whether the cap bounds claims or payments."""
        limits = (self.caps.year_limit, self.caps.limit, self.caps.cohort_rate)
        if self.arrears == "carry" and any(limit is not None for limit in limits):
            yield TermFault(
                ("arrears",),
                "can't be carried beside a yearly, cumulative or cohort cap",
                'write "lapse", or leave the cap out',
                "与年度、累计或批次上限不能同时使用 carry",
                "请写 lapse，或删去上限",
            )


class PublicFund(MoneyIn, FundedLending):
    """A fund that says itself where its money comes from."""
