"""Terms of a financing guarantor (融资担保): capital, leverage, reguarantee, compensation fund."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from fundsim.errors import counted
from fundsim.instruments.cover import BreakerTerms, Trigger
from fundsim.instruments.covered_lending import CoveredLending
from fundsim.instruments.funding import OnLine, TopUp
from fundsim.instruments.guarantee_capital import (
    WEIGHTS_SINCE,
    BankLine,
    LiabilityWeights,
    PrivateCapital,
    Reserves,
)
from fundsim.instruments.lending import DatedAmount, OpeningStock, faults_of_dates
from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.units import AnnualRate, Money, Months, Multiple, Share

__all__ = ["FUND", "CompensationFund", "Guarantee", "Reguarantor", "direct"]

FUND = "compensation_fund"


class GuarantorTrigger(Trigger):
    """When a default becomes a claim on a guarantor, who pays first and recovers later."""

    final_loss: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        "final_loss": (
            "a guarantor pays gross and recovers later; it does not wait for the final loss",
            "write overdue_days or npl: true",
            "担保机构先代偿后追偿，不等终损认定",
            "请写 overdue_days 或 npl: true",
        )
    }


class WeightedStock(OpeningStock):
    """Loans on the books before the first month, weighted by size band: an amount, or a number."""

    tape: ClassVar[None] = None  # type: ignore[misc]
    tape_sheet: ClassVar[None] = None  # type: ignore[misc]
    tape_unit: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        "tape": (
            "a guarantor's opening stock is weighted by size band and can't be a tape",
            "give it as an amount or a number of loans",
            "担保责任余额按规模档加权，存量不能用贷款明细",
            "请写 amount 或 loans",
        )
    }


class Reguarantor(Term):
    """A layer of reguarantee: the covered party pays first, claims its part back, and waits."""

    share: Share = term(gt=0, meaning="Part of what the covered party paid that comes back", zh="分担比例")
    covers: str | None = term(
        None, min_length=1, meaning="Layer whose payments it covers; left out, the guarantor's", zh="上游对象"
    )
    lag_months: Months = term(
        0, le=120, meaning="Months from the covered party's payment to this layer's", zh="再担保代偿时滞"
    )
    rate_cap: Share | None = term(
        None,
        gt=0,
        meaning="Compensation rate of a policy year's guarantees beyond which it pays nothing",
        zh="代偿率上限",
    )
    fee: AnnualRate = term(
        0.0, meaning="Fee per yuan of risk assumed, paid by the covered party", zh="再担保费率"
    )
    money: Money | None = term(
        None, meaning="Money that it can pay with; left out, it is never short", zh="可用资金"
    )
    public: bool = term(
        True,
        meaning="Whether its money is public: it counts in the fiscal cost",
        zh="是否财政资金",
    )


class CompensationFund(OnLine):
    """Fund that refunds the guarantor part of its net payments (担保风险补偿资金)."""

    opening: Money = term(0.0, meaning="Money in the fund at the start", zh="期初余额")
    injections: tuple[DatedAmount, ...] = term((), meaning="Money paid in by month", zh="注资")
    share: Share = term(
        gt=0, meaning="Part refunded of what the guarantor paid and no reguarantor took", zh="补偿比例"
    )
    year_limit: Money | None = term(None, gt=0, meaning="Most refunded in one policy year", zh="年度补偿上限")
    lag_months: Months = term(
        0, le=120, meaning="Months from the guarantor's payment to the refund", zh="补偿拨付时滞"
    )

    @property
    def draws(self) -> bool:
        """Whether the city ever pays into it."""
        return bool(self.injections)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Check the dates of the injections."""
        yield from faults_of_dates(self.injections, "injections", context)


def direct(layers: Mapping[str, Reguarantor], covered: str | None = None) -> dict[str, Reguarantor]:
    """Return the layers that cover one layer, or the guarantor itself."""
    return {name: layer for name, layer in layers.items() if layer.covers == covered}


class Guarantee(OnLine, CoveredLending):
    """A guarantor that pays banks a share of their losses, and may be reinsured in turn."""

    own_parts: ClassVar[frozenset[str]] = frozenset({FUND, "bank", "investors", "stack"})

    opening: Money = term(0.0, meaning="Public capital at the start", zh="期初资本")
    injections: tuple[DatedAmount, ...] = term((), meaning="Public capital paid in by month", zh="注资")
    private_capital: PrivateCapital | None = term(
        None, meaning="Private capital that public injections attract", zh="社会资本"
    )
    top_up: TopUp | None = term(None, meaning="Replenishment by rule, public", zh="自动补足")
    leverage: Multiple = term(
        10.0,
        gt=0,
        le=15,
        meaning="Weighted liability per yuan of net assets; more than 10 needs small borrowers and rules "
        "of 2018 or later",
        zh="担保放大倍数",
    )
    weights: LiabilityWeights = term(
        LiabilityWeights(), meaning="What a guaranteed yuan counts in the liability", zh="责任余额权重"
    )
    not_small: tuple[str, ...] = term(
        (), meaning="Borrowers that are neither small firms nor agricultural", zh="非小微非三农借款企业"
    )
    bank_line: BankLine | None = term(
        None, meaning="Banks' limit on loans outstanding; left out, there is none", zh="银行授信"
    )
    obligor_share: Share | None = term(
        0.10,
        gt=0,
        meaning="Largest part of net assets at risk on one borrower; null for no limit",
        zh="单户集中度上限",
    )
    opening_stock: WeightedStock | None = term(None, meaning="Loans at the start", zh="期初存量贷款")
    trigger: GuarantorTrigger = term(meaning="When a default becomes a claim", zh="触发条件")
    share: Share = term(gt=0, meaning="Part of the bank's loss that the guarantor pays", zh="担保责任比例")
    basis: Literal["principal", "principal_and_interest"] = term(
        "principal", meaning="What counts as the bank's loss", zh="代偿口径"
    )
    arrears: Literal["lapse", "carry"] = term(
        "lapse", meaning="What the guarantor can't pay lapses, or is carried until it can", zh="欠付处理"
    )
    fee: AnnualRate = term(0.0, meaning="Fee per guaranteed yuan and year, paid by firms", zh="担保费率")
    reserves: Reserves = term(Reserves(), meaning="Reserves against the liability", zh="准备金")
    reguarantee: Mapping[str, Reguarantor] = term(
        {}, meaning="Layers that refund part of what the guarantor paid, by name", zh="再担保"
    )
    compensation_fund: CompensationFund | None = term(
        None, meaning="Fund that refunds part of the guarantor's net payments", zh="担保风险补偿资金"
    )
    breaker: BreakerTerms | None = term(None, meaning="Circuit breaker", zh="熔断机制")
    deposit_rate: AnnualRate = term(
        0.0, meaning="Interest that the bank pays on the guarantor's money", zh="存款利率"
    )
    running_cost: Money = term(
        0.0, unit="yuan a year", meaning="Running cost of the guarantor", zh="管理费用"
    )

    @property
    def draws(self) -> bool:
        """Whether the city ever pays into it."""
        return bool(self.injections) or self.top_up is not None

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Check the dates of the injections."""
        yield from faults_of_dates(self.injections, "injections", context)

    def faults_small(self, context: Any) -> Iterator[TermFault]:
        """Require borrowers that are not small to be borrowers."""
        for index, name in enumerate(self.not_small):
            if name not in self.borrowers:
                yield unknown_name(("not_small", index), name, self.borrowers, "borrower", "借款企业")

    def faults_leverage(self, context: Any) -> Iterator[TermFault]:
        """Offer more than 10 × only where the rule does: small borrowers, 2018 or later."""
        if self.leverage <= 10:
            return
        if context.regime_year is None or context.regime_year < WEIGHTS_SINCE:
            given = "missing" if context.regime_year is None else context.regime_year
            yield TermFault(
                ("leverage",),
                f"more than 10 × exists since {WEIGHTS_SINCE} only, and regime_year is {given}",
                f"write 10 or less, or regime_year: {WEIGHTS_SINCE} or later",
                f"{WEIGHTS_SINCE} 年起才允许超过 10 倍，而 regime_year 为"
                f"{'空' if context.regime_year is None else given}",
                f"请写不大于 10 的数，或将 regime_year 写为 {WEIGHTS_SINCE} 及以后",
            )
        amount, clients = self._small_parts(context)
        if amount < 0.5 - 1e-9 or clients < 0.8 - 1e-9:
            yield TermFault(
                ("leverage",),
                "more than 10 × needs half of the amount and 80 % of the clients small or agricultural; here "
                f"{amount:.1%} and {clients:.1%}",
                "write 10 or less",
                "超过 10 倍须小微三农金额占比不低于 50%、户数占比不低于 80%；"
                f"此处为 {amount:.1%} 与 {clients:.1%}",
                "请写不大于 10 的数",
            )

    def _small_parts(self, context: Any) -> tuple[float, float]:
        """Return the part of the amount and of the clients that is small or agricultural."""
        amounts = dict(self.borrowers)
        clients = {name: share / context.segments[name].loan.mean for name, share in amounts.items()}
        small = [name for name in amounts if name not in self.not_small]
        return (
            math.fsum(amounts[name] for name in small) / math.fsum(amounts.values()),
            math.fsum(clients[name] for name in small) / math.fsum(clients.values()),
        )

    def faults_private(self, context: Any) -> Iterator[TermFault]:
        """Refuse private capital that nothing attracts; warn of what would come after the window."""
        if self.private_capital is None:
            return
        if not self.injections:
            yield TermFault(
                ("private_capital",),
                "follows public injections, and there are none",
                "give injections, or leave it out",
                "社会资本随财政注资而来，但没有注资",
                "请写 injections，或删去本项",
            )
        for item in self.injections:
            arrival = item.date.plus(self.private_capital.lag_months)
            if arrival.months_since(context.window.end) > 0:
                yield TermFault(
                    ("private_capital", "lag_months"),
                    f"the private money of {item.date} would come after the window and is left out",
                    "shorten the lag, or inject earlier",
                    f"{item.date} 注资对应的社会资本在政策期后到位，不计入",
                    "请缩短时滞或提前注资",
                    warning=True,
                )

    def faults_arrears(self, context: Any) -> Iterator[TermFault]:
        """Refuse arrears of a covered guarantor: its payments must have a date."""
        if self.arrears == "carry" and (self.reguarantee or self.compensation_fund is not None):
            yield TermFault(
                ("arrears",),
                "can't be carried where a reguarantor or a fund covers the guarantor",
                'write "lapse", or leave reguarantee and compensation_fund out',
                "有再担保或补偿资金时不能使用 carry",
                "请写 lapse，或删去 reguarantee 与 compensation_fund",
            )

    def faults_layers(self, context: Any) -> Iterator[TermFault]:
        """Require layers with names of their own that cover each other without a circle."""
        for name, layer in self.reguarantee.items():
            if layer.covers is None:
                continue
            if layer.covers not in self.reguarantee:
                path = ("reguarantee", name, "covers")
                yield unknown_name(path, layer.covers, self.reguarantee, "layer", "再担保层")
            elif self._circular(name):
                yield TermFault(
                    ("reguarantee", name, "covers"),
                    "the layers cover each other in a circle",
                    "let one of them cover the guarantor",
                    "各层互相覆盖，形成循环",
                    "请让其中一层直接覆盖担保机构",
                )

    def _circular(self, name: str) -> bool:
        seen = set()
        at: str | None = name
        while at is not None and at in self.reguarantee:
            if at in seen:
                return True
            seen.add(at)
            at = self.reguarantee[at].covers
        return False

    def faults_shares(self, context: Any) -> Iterator[TermFault]:
        """Require that nobody gets back more than it paid."""
        for covered in (None, *self.reguarantee):
            layers = direct(self.reguarantee, covered)
            total = math.fsum(layer.share for layer in layers.values())
            if covered is None and total > 1.0 - 1e-9:
                yield TermFault(
                    ("reguarantee", list(layers)[-1], "share"),
                    f"the reguarantors take {total:g} of what the guarantor paid, and it has to keep a part",
                    "let them sum to less than 100%",
                    f"再担保合计分担 {total:g}，担保机构须自留一部分",
                    "请使其合计小于 100%",
                )
            elif total > 1.0 + 1e-9:
                yield TermFault(
                    ("reguarantee", list(layers)[-1], "share"),
                    f"the layers of one party take {total:g} of what it paid, more than all of it",
                    "let them sum to 100% or less",
                    f"同一主体的各层合计分担 {total:g}，超过其全部代偿",
                    "请使其合计不超过 100%",
                )

    def faults_fees(self, context: Any) -> Iterator[TermFault]:
        """Require that nobody hands on more in fees than it takes in on the same loan."""
        for covered in (None, *self.reguarantee):
            income = self.fee if covered is None else self.reguarantee[covered].fee
            if covered is not None and self.reguarantee[covered].money is None:
                continue
            layers = direct(self.reguarantee, covered)
            paid = math.fsum(layer.share * layer.fee for layer in layers.values())
            if paid > income + 1e-12:
                who = "the guarantor" if covered is None else covered
                who_zh = "担保机构" if covered is None else covered
                yield TermFault(
                    ("reguarantee", list(layers)[-1], "fee"),
                    f"{who} would pay {paid:g} a guaranteed yuan and year and take in {income:g}",
                    "lower the fees of its layers, or raise its own",
                    f"{who_zh}每元担保额每年支付 {paid:g}，而收取 {income:g}",
                    "请降低上层费率或提高自身费率",
                )

    def faults_fund(self, context: Any) -> Iterator[TermFault]:
        """Require the reguarantors to have paid when the fund looks at net payments."""
        layers = direct(self.reguarantee)
        if self.compensation_fund is None or not layers:
            return
        latest = max(layer.lag_months for layer in layers.values())
        if self.compensation_fund.lag_months < latest:
            yield TermFault(
                ("compensation_fund", "lag_months"),
                f"the fund pays before a reguarantor ({counted(latest, 'month')}), "
                "so net payments are not known yet",
                f"write {latest} or more",
                f"早于再担保代偿（{latest} 个月），净代偿额尚未确定",
                f"请写不小于 {latest} 的数",
            )

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Warn of a guarantor without capital."""
        if self.opening == 0 and not self.injections and self.top_up is None:
            yield TermFault(
                ("opening",),
                "the guarantor never gets any capital, so it guarantees nothing",
                "give opening, injections or top_up",
                "担保机构没有任何资本，无法开展担保",
                "请写 opening、injections 或 top_up",
                warning=True,
            )
