"""Credit insurance for small-firm loans (信用保证保险, 政银保): insurer, bank and government share losses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from fundsim.instruments.cover import Caps
from fundsim.instruments.covered_lending import CoveredLending
from fundsim.instruments.funding import OnLine, TopUp, injections_of, top_ups_of, treasury_of
from fundsim.instruments.lending import DatedAmount, faults_of_dates
from fundsim.instruments.part import Context, Kind, Part, joined
from fundsim.instruments.payers import faults_of_shares
from fundsim.instruments.programme import Programme, contract_of, lent_by, programme_of
from fundsim.instruments.tiers import faults_of_cap
from fundsim.metrics.funds import claims_metrics, pool_metrics
from fundsim.metrics.insurance import insurer_metrics
from fundsim.metrics.lending import lending_metrics
from fundsim.metrics.payer_words import GOVERNMENT_FUND
from fundsim.scenario.term import Term, TermFault, term
from fundsim.scheme import Party, Payment
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import Money, Multiple, Share

__all__ = ["KIND", "CreditInsurance"]


class Insurer(Term):
    """The insurer: its share of each loss, up to a loss ratio or other limits."""

    share: Share = term(gt=0, meaning="Part of each loss that it pays", zh="保险公司赔付比例")
    loss_ratio: Multiple | None = term(
        None,
        gt=0,
        meaning="Most it pays on the loans of one policy year ÷ their premiums; left out, no limit",
        zh="赔付率上限",
    )
    caps: Caps = term(Caps(), meaning="Other limits on what it pays", zh="赔付上限")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Refuse two caps on the loans of one policy year."""
        if self.loss_ratio is not None and self.caps.cohort_rate is not None:
            yield TermFault(
                ("caps", "cohort_rate"),
                "limits the same as loss_ratio does",
                "keep one of the two",
                "与 loss_ratio 限制的是同一事项",
                "请只保留其中一个",
            )


class Government(OnLine):
    """The government's fund: a share of each loss, what the insurer's limits leave, or both."""

    share: Share = term(0.0, meaning="Part of each loss that it pays", zh="政府承担比例")
    excess: bool = term(
        False,
        meaning="Whether it also pays what the insurer's limits and deductibles leave",
        zh="是否承担超赔部分",
    )
    opening: Money = term(0.0, meaning="Money in the fund at the start", zh="期初余额")
    injections: tuple[DatedAmount, ...] = term((), meaning="Money paid in by month", zh="注资")
    top_up: TopUp | None = term(None, meaning="Replenishment by rule", zh="自动补足")

    @property
    def draws(self) -> bool:
        """Whether the city ever pays into it."""
        return bool(self.injections) or self.top_up is not None

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Check the dates of the injections."""
        yield from faults_of_dates(self.injections, "injections", context)

    def faults_idle(self, context: Any) -> Iterator[TermFault]:
        """Refuse a fund that never pays."""
        if self.share == 0 and not self.excess:
            yield TermFault(
                ("share",),
                "is 0, and without excess the fund never pays",
                "write a share, or excess: true",
                "为 0，且不承担超赔部分，资金永不赔付",
                "请写承担比例，或写 excess: true",
            )


class CreditInsurance(CoveredLending):
    """Loans insured against default, with a bank that keeps a part and a government that may share (政银保).

    The insurer and the government pay their shares of each whole loss, the bank keeps the rest. The insurer
    may stop at a loss ratio: claims on the loans of one policy year against the premiums on them. What lies
    above falls on the government's fund where `excess` says so, and on the bank once the fund is empty.
    Qingdao's form is insurer 50 %, government 30 %, bank 20 %; Heyuan's is insurer 80 % up to a loss ratio of
    150 %, the government's fund above it, bank 20 %.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset({"bank", "insurer", "retention"})

    premium: Share = term(
        meaning="Premium per yuan lent, paid by the borrower at each grant and renewal", zh="保险费率"
    )
    max_loan: Money | None = term(
        None, gt=0, meaning="Largest loan insured; no segment may borrow more", zh="单户贷款上限"
    )
    insurer: Insurer = term(meaning="The insurer", zh="保险公司")
    government: Government | None = term(None, meaning="The government's fund", zh="政府风险资金")

    def faults_shares(self, context: Any) -> Iterator[TermFault]:
        """Refuse shares of more than the whole."""
        if self.government is not None:
            shares = {"insurer": self.insurer.share}
            yield from faults_of_shares("insurer", shares, self.government.share, "insurer and government")

    def faults_max_loan(self, context: Any) -> Iterator[TermFault]:
        """Check the segments' loans against the largest loan insured."""
        if self.max_loan is not None:
            for segment in self.borrowers:
                if segment in context.segments:
                    yield from faults_of_cap(("max_loan",), self.max_loan, segment, context)

    def faults_premium(self, context: Any) -> Iterator[TermFault]:
        """A loss ratio is claims over premiums, so there must be some."""
        if self.insurer.loss_ratio is not None and self.premium == 0:
            yield TermFault(
                ("premium",),
                "is 0, and the insurer's loss ratio is claims ÷ premiums",
                "write a premium, or leave loss_ratio out",
                "为 0，而赔付率是赔款与保费之比",
                "请写保险费率，或删去 loss_ratio",
            )

    def faults_excess(self, context: Any) -> Iterator[TermFault]:
        """Refuse an excess layer of final losses: its claims are net of recoveries, layers count gross."""
        excess = self.government is not None and self.government.excess
        if excess and self.trigger.final_loss is not None:
            yield TermFault(
                ("trigger", "final_loss"),
                "can't go with government.excess, whose layer counts gross claims",
                "write overdue_days or npl",
                "不能与 government.excess 同用：超赔层按追偿前赔款计算",
                "请写 overdue_days 或 npl",
            )


def _retention(programme: Programme, terms: CreditInsurance) -> Part:
    """Return the bank's own share as a contract with itself, so that an excess layer begins above it."""
    government = terms.government
    if government is None or not government.excess:
        return Part()
    kept = 1.0 - terms.insurer.share - government.share
    if kept <= 1e-9:
        return Part()
    contract = contract_of(programme, kept, part="retention", of="original")
    return Part(parties=(Party(name=contract.payer, limited=False),), contracts=(contract,))


def _insurer(programme: Programme, terms: CreditInsurance) -> Part:
    name = f"{programme.name}.insurer"
    rule = terms.insurer
    # Premiums are a share of the principal granted, so claims ÷ premiums is a cap on claims ÷ volume.
    cap = None if rule.loss_ratio is None else rule.loss_ratio * terms.premium
    contract = contract_of(
        programme, rule.share, part="insurer", of="original", caps=rule.caps, cohort_cap_rate=cap
    )
    premium = Payment.fee(
        facility=programme.name, payer=FIRMS, payee=name, rate=terms.premium, kind="premium"
    )
    return Part(
        parties=(Party(name=name, limited=False),),
        contracts=(contract,),
        payments=(premium,),
        metrics=insurer_metrics(contract, terms.premium * programme.opening_principal),
    )


def _government(programme: Programme, terms: CreditInsurance) -> Part:
    government = terms.government
    if government is None:
        return Part()
    name = programme.name
    if government.excess:  # all that retention and insurer have left, its own share among it
        contract = contract_of(programme, 1.0)
    else:
        contract = contract_of(programme, government.share, of="original")
    return Part(
        parties=(Party(name=name, opening=government.opening, public=True),),
        contracts=(contract,),
        injections=injections_of(name, government, programme.context),
        top_ups=top_ups_of(name, government.top_up, treasury_of(government.line)),
        metrics=(
            *claims_metrics(contract),
            *pool_metrics(programme.facility, contract, GOVERNMENT_FUND),
        ),
    )


def lower(name: str, terms: CreditInsurance, context: Context) -> Part:
    """Lower a policy: one facility; what the bank keeps, the insurer, the government's fund."""
    programme = programme_of(name, terms, context)
    insurer, government = _insurer(programme, terms), _government(programme, terms)
    kept = _retention(programme, terms)
    paid_to_bank = (*insurer.contracts, *government.contracts)
    lending = Part(metrics=lending_metrics(programme.facility, paid_to_bank, context.segments))
    return joined(lent_by(programme), lending, kept, insurer, government)


KIND = Kind(
    name="credit_insurance",
    meaning="Credit insurance shared by insurer, bank and government",
    meaning_zh="信用保证保险（政银保）",
    terms=CreditInsurance,
    lower=lower,
)
