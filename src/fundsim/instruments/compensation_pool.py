"""Loan risk-compensation pool (贷款风险补偿资金池), with or without mutual-help money (助保金).

Government money stands in a bank; the bank lends up to a multiple of it and has a share of each loss
paid out of it.  Under 助保贷 the borrowers' mutual-help money pays first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.instruments.cover import BreakerTerms, Trigger, breakers_of
from fundsim.instruments.funding import TopUp, injections_of, interest_of, running_costs_of, top_ups_of
from fundsim.instruments.lending import (
    DatedAmount,
    Demand,
    OpeningStock,
    Recovery,
    borrowers_of,
    demand_of,
    faults_of_borrowers,
    faults_of_dates,
    opening_of,
    recovery_of,
)
from fundsim.instruments.lending_metrics import (
    breaker_metrics,
    claims_metrics,
    lending_metrics,
    margin_metrics,
    pool_metrics,
)
from fundsim.instruments.part import FIRMS, Context, Kind, Part
from fundsim.scenario.term import Term, TermFault, term
from fundsim.scheme import Capacity, Contract, Facility, Fee, MarginRefund, Party
from fundsim.units import AnnualRate, Money, Months, Multiple, Share

__all__ = ["KIND", "CompensationPool"]

INFINITE = float("inf")


class Caps(Term):
    """Limits on what the pool pays."""

    loan_attach: Money = term(
        0.0, meaning="Part of each loan's claim that the bank bears first", zh="单笔免赔额"
    )
    loan_limit: Money | None = term(None, gt=0, meaning="Most paid on one loan", zh="单笔补偿上限")
    year_attach: Money = term(
        0.0, meaning="Claims of a policy year that the bank bears first", zh="年度免赔额"
    )
    year_limit: Money | None = term(None, gt=0, meaning="Most paid in one policy year", zh="年度补偿上限")
    attach: Money = term(0.0, meaning="Claims over life that the bank bears first", zh="累计免赔额")
    limit: Money | None = term(None, gt=0, meaning="Most paid over life", zh="累计补偿上限")
    cohort_rate: Share | None = term(
        None,
        meaning="Most paid on the loans of one policy year, per yuan granted in it",
        zh="年度批次代偿率上限",
    )
    cap_on: Literal["gross", "net"] = term(
        "gross", meaning="Whether recoveries restore the caps (net) or not (gross)", zh="上限口径"
    )


class Margin(Term):
    """Mutual-help money (助保金): the borrowers' own money pays first."""

    rate: Share = term(meaning="Contribution per yuan borrowed, paid at the first grant", zh="助保金比例")
    refund: bool = term(
        True,
        unit="yes/no",
        meaning="Whether a borrower that repays for good gets its part back, less what was lost",
        zh="是否退还",
    )
    opening: Money | None = term(
        None,
        meaning="Mutual-help money at the start; left out, the rate times the opening stock",
        zh="助保金期初余额",
    )


class CompensationPool(Term):
    """A pool of government money that pays a bank a share of its losses on a lending programme."""

    title: str | None = term(None, meaning="Title for readers, English", zh="英文标题")
    title_zh: str | None = term(None, meaning="Title for readers, Chinese", zh="中文标题")
    lender: str | None = term(
        None, min_length=1, meaning="Name of the bank; left out, a bank of its own", zh="合作银行"
    )
    opening: Money = term(0.0, meaning="Money in the pool at the start", zh="期初余额")
    injections: tuple[DatedAmount, ...] = term((), meaning="Money paid in by month", zh="注资")
    top_up: TopUp | None = term(None, meaning="Replenishment by rule", zh="自动补足")
    multiple: Multiple | None = term(
        None, gt=0, meaning="Loans outstanding per yuan of the base; left out, no limit", zh="放大倍数"
    )
    capacity_base: Literal["paid_in", "balance"] = term(
        "paid_in", meaning="Base of the multiple: money paid in, or money left", zh="放大基数"
    )
    share: Share = term(meaning="Part of the bank's loss that the pool pays", zh="风险分担比例")
    of: Literal["uncovered", "original"] = term(
        "uncovered", meaning="Of the loss that the margin leaves, or of the whole loss", zh="分担基数"
    )
    basis: Literal["principal", "principal_and_interest"] = term(
        "principal", meaning="What counts as the bank's loss", zh="补偿口径"
    )
    trigger: Trigger = term(meaning="When a default becomes a claim", zh="触发条件")
    claim_lag: Months = term(0, le=120, meaning="Months from the trigger to the payment", zh="审核拨付时滞")
    caps: Caps = term(Caps(), meaning="Limits on what the pool pays", zh="补偿上限")
    arrears: Literal["lapse", "carry"] = term(
        "lapse", meaning="What the pool can't pay lapses, or is carried until it can", zh="欠付处理"
    )
    margin: Margin | None = term(None, meaning="Mutual-help money that pays first", zh="助保金")
    borrowers: Mapping[str, Share] = term(
        min_length=1, meaning="Share of each segment in the lending", zh="借款企业构成"
    )
    demand: Demand = term(meaning="What firms apply for", zh="贷款需求")
    opening_stock: OpeningStock | None = term(None, meaning="Loans at the start", zh="期初存量贷款")
    recovery: Recovery | None = term(None, meaning="When the part not lost comes back", zh="追偿")
    breaker: BreakerTerms | None = term(None, meaning="Circuit breaker", zh="熔断机制")
    after_window: Literal["repay", "cliff"] = term(
        "repay",
        meaning="Whether firms that would have renewed after the window repay, or some default",
        zh="政策到期后",
    )
    write_off_months: Months = term(
        24, ge=1, le=240, meaning="Months after which a default leaves the overdue stock", zh="核销期"
    )
    deposit_rate: AnnualRate = term(0.0, meaning="Interest that the bank pays on the pool", zh="存款利率")
    running_cost: Money = term(0.0, unit="yuan a year", meaning="Running cost of the pool", zh="管理费用")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Check borrowers against the segments."""
        yield from faults_of_borrowers(self.borrowers, context)

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Check the dates of the injections."""
        yield from faults_of_dates(self.injections, "injections", context)

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

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Warn of a pool without money."""
        if self.opening == 0 and not self.injections and self.top_up is None:
            yield TermFault(
                ("opening",),
                "the pool never gets any money",
                "give opening, injections or top_up",
                "资金池没有任何资金来源",
                "请写 opening、injections 或 top_up",
                warning=True,
            )

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


def _limit(value: float | None) -> float:
    return INFINITE if value is None else value


def _contracts(name: str, terms: CompensationPool) -> tuple[Contract, ...]:
    net = terms.trigger.final_loss is not None
    pool = Contract(
        name=name,
        facility=name,
        payer=name,
        share=terms.share,
        of=terms.of,
        basis=terms.basis,
        net=net,
        trigger_months=terms.trigger.months,
        claim_lag=terms.claim_lag,
        loan_attach=terms.caps.loan_attach,
        loan_limit=_limit(terms.caps.loan_limit),
        year_attach=terms.caps.year_attach,
        year_limit=_limit(terms.caps.year_limit),
        attach=terms.caps.attach,
        limit=_limit(terms.caps.limit),
        cohort_cap_rate=_limit(terms.caps.cohort_rate),
        cap_on_net=terms.caps.cap_on == "net",
        carry=terms.arrears == "carry",
    )
    if terms.margin is None:
        return (pool,)
    margin = Contract(
        name=f"{name}.margin",
        facility=name,
        payer=f"{name}.margin",
        share=1.0,
        basis=terms.basis,
        net=net,
        trigger_months=terms.trigger.months,
        claim_lag=terms.claim_lag,
    )
    return (margin, pool)


def _facility(name: str, terms: CompensationPool, lender: str, context: Context) -> Facility:
    return Facility(
        name=name,
        lender=lender,
        borrowers=borrowers_of(terms.borrowers),
        demand=demand_of(terms.demand, context),
        capacities=() if terms.multiple is None else (name,),
        opening=opening_of(terms.opening_stock, terms.borrowers, context),
        recovery=recovery_of(terms.recovery),
        recovery_cost=0.0 if terms.recovery is None else terms.recovery.cost,
        claim_months=terms.trigger.months + terms.claim_lag,
        write_off_months=terms.write_off_months,
        cliff=terms.after_window == "cliff",
    )


def _margin(name: str, terms: CompensationPool, facility: Facility, context: Context) -> Part:
    """Return the margin's party and its contributions and refunds."""
    if terms.margin is None:
        return Part()
    party = f"{name}.margin"
    stock = sum(s.n_loans * context.segments[s.segment].bands[s.band].principal for s in facility.opening)
    opening = terms.margin.rate * stock if terms.margin.opening is None else terms.margin.opening
    contribution = Fee(
        facility=name, payer=FIRMS, payee=party, flat=terms.margin.rate, on_renewal=False, kind="margin"
    )
    refund = MarginRefund(facility=name, party=party, payee=FIRMS, rate=terms.margin.rate)
    return Part(
        parties=(Party(name=party, opening=opening),),
        fees=(contribution,),
        margin_refunds=(refund,) if terms.margin.refund else (),
    )


def lower(name: str, terms: CompensationPool, context: Context) -> Part:
    """Lower a pool: one facility, one or two contracts, one or two limited parties."""
    lender = terms.lender or f"{name}.bank"
    facility = _facility(name, terms, lender, context)
    margin = _margin(name, terms, facility, context)
    contracts = _contracts(name, terms)
    return Part(
        parties=(
            Party(name=name, opening=terms.opening, public=True),
            Party(name=lender, limited=False),
            *margin.parties,
        ),
        facilities=(facility,),
        capacities=()
        if terms.multiple is None
        else (Capacity(name=name, party=name, basis=terms.capacity_base, multiple=terms.multiple),),
        contracts=contracts,
        breakers=breakers_of(name, terms.breaker, name),
        injections=injections_of(name, terms.injections, context),
        top_ups=top_ups_of(name, terms.top_up),
        interest=interest_of(name, lender, terms.deposit_rate),
        running_costs=running_costs_of(name, terms.running_cost),
        fees=margin.fees,
        margin_refunds=margin.margin_refunds,
        metrics=(
            *lending_metrics(name, facility, contracts),
            *claims_metrics(name, contracts[-1]),
            *pool_metrics(name, facility, contracts[-1]),
            *(margin_metrics(name, contracts[0]) if terms.margin else ()),
            *(breaker_metrics(name) if terms.breaker else ()),
        ),
    )


KIND = Kind(
    name="compensation_pool",
    meaning="Loan risk-compensation pool, with or without mutual-help money",
    meaning_zh="贷款风险补偿资金池（可含助保金）",
    terms=CompensationPool,
    lower=lower,
)
