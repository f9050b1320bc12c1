"""Subsidies on loans (贴息贴费): of interest, of guarantee fees, of principal, paid from a budget line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.spending import Spending, facts_of, faults_of_lenders
from fundsim.metrics.budget import payment_metrics
from fundsim.scenario.term import TermFault, exact, idle, term, unknown_name
from fundsim.scheme import Facility, LinePayment, LineRate, Payment
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import AnnualRate, Share

__all__ = ["KIND", "Subsidy"]


class Subsidy(Spending):
    """Part of the cost of a loan, paid for the firm from a budget line (贷款贴息、担保费补贴).

    Interest is subsidised each month on loans that perform: `share` × (the smaller of the loan's rate and
    `ceiling`, less `floor`). Overdue loans get none. Guarantee fees are subsidised when they fall due, with
    the grant of a loan or its renewal.
    """

    of: tuple[str, ...] = term(
        min_length=1,
        max_length=20,
        unit="names of instruments",
        meaning="Instruments whose loans are subsidised",
        zh="补贴的贷款工具",
    )
    segments: tuple[str, ...] = term(
        (),
        max_length=20,
        unit="names of segments",
        meaning="Segments that are subsidised; left out, all",
        zh="补贴的企业分组",
    )
    base: Literal["interest", "guarantee_fee", "principal"] = term(
        meaning="What a part is paid of: the interest of the month, guarantee fees and premiums when they "
        "fall due, or the performing principal",
        zh="补贴基数（interest 利息，guarantee_fee 担保费，principal 本金余额）",
    )
    share: Share | None = term(None, gt=0, meaning="Part that is paid, of interest or of fees", zh="补贴比例")
    rate: AnnualRate | None = term(
        None, gt=0, meaning="Subsidy per yuan of performing principal and year", zh="补贴年率（按本金）"
    )
    ceiling: AnnualRate | None = term(
        None, gt=0, meaning="Highest loan rate that counts; left out, the loan's own", zh="贴息利率上限"
    )
    floor: AnnualRate = term(
        0.0, meaning="Part of the rate that the firm always pays itself", zh="企业自担利率"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require instruments that lend."""
        yield from faults_of_lenders("of", self.of, context)

    def faults_segments(self, context: Any) -> Iterator[TermFault]:
        """Require segments that borrow there, each once."""
        if any(faults_of_lenders("of", self.of, context)):
            return
        borrowing = {segment for name in self.of for segment in context.instruments[name].borrowers}
        for index, name in enumerate(self.segments):
            if name not in context.segments:
                yield unknown_name(("segments", index), name, context.segments, "segment", "企业分组")
            elif name not in borrowing:
                yield TermFault(
                    ("segments", index),
                    f"has no loans of {', '.join(self.of)}",
                    "name a segment that borrows there, or leave it out",
                    f"没有 {'、'.join(self.of)} 的贷款",
                    "请写在该工具下借款的企业分组，或删去本项",
                )
            elif name in self.segments[:index]:
                yield TermFault(
                    ("segments", index), "is named twice", "name it once", "重复出现", "请只写一次"
                )

    def faults_base(self, context: Any) -> Iterator[TermFault]:
        """Require the rate that belongs to the base."""
        needed = "rate" if self.base == "principal" else "share"
        given = {"share": self.share is not None, "rate": self.rate is not None}
        if not given[needed]:
            yield TermFault(
                (needed,),
                f"is missing: base {self.base} is subsidised by a {needed}",
                f"write {needed}: …",
                f"缺少该项：base 为 {self.base} 时须写 {needed}",
                f"请写 {needed}: …",
            )
        for key, there in given.items():
            if there and key != needed:
                yield idle(key, f"base is {self.base}", f"base 为 {self.base}")
        if self.base != "interest":
            for key in ("ceiling", "floor"):
                if getattr(self, key):
                    yield idle(key, f"base is {self.base}", f"base 为 {self.base}")

    def faults_rates(self, context: Any) -> Iterator[TermFault]:
        """Refuse a floor that leaves nothing to subsidise."""
        if self.base == "interest" and self.ceiling is not None and self.floor >= self.ceiling:
            yield TermFault(
                ("floor",),
                f"reaches the ceiling ({exact(self.ceiling)}): nothing is subsidised",
                "write less",
                f"不低于上限（{exact(self.ceiling)}），没有可补贴的利息",
                "请写更小的数",
            )


def _lent(terms: Subsidy, context: Context) -> Iterator[tuple[Facility, str]]:
    """Yield the facilities and segments that are subsidised."""
    for facility in context.facilities:
        if facility.about.instrument in terms.of:
            for borrowers in facility.borrowers:
                if not terms.segments or borrowers.segment in terms.segments:
                    yield facility, borrowers.segment


def _payment(name: str, terms: Subsidy, rates: tuple[LineRate, ...], *, renewed: bool) -> LinePayment:
    fees = terms.base == "guarantee_fee"
    return LinePayment(
        name=name,
        line=terms.line_name,
        payee=FIRMS,
        kind="subsidy",
        base="granted" if fees else "performing",
        rates=rates,
        on_renewal=fees and renewed,
        cap_year=terms.cap_of_year,
        cap_total=terms.cap_in_all,
        arrears=terms.unpaid == "arrears",
    )


def _yearly(terms: Subsidy, loan_rate: float) -> float:
    """Return the subsidy per yuan that performs and year."""
    if terms.base == "principal":
        return terms.rate or 0.0
    counted = loan_rate if terms.ceiling is None else min(loan_rate, terms.ceiling)
    return (terms.share or 0.0) * max(0.0, counted - terms.floor)


def _fees(terms: Subsidy, context: Context) -> tuple[tuple[LineRate, ...], bool]:
    """Return what is paid of firms' fees on each loan, and whether renewals pay these fees too."""
    share = terms.share or 0.0
    fees: dict[str, list[Payment]] = {}
    for payment in context.payments:
        if payment.base == "granted" and payment.payer == FIRMS and payment.kind in ("fee", "premium"):
            fees.setdefault(payment.of, []).append(payment)
    rates = tuple(
        LineRate(
            facility=facility.name,
            segment=segment,
            rate=share * sum(p.rate for p in fees.get(facility.name, ())),
            rate_annual=share * sum(p.rate_annual for p in fees.get(facility.name, ())),
        )
        for facility, segment in _lent(terms, context)
    )
    return rates, all(p.on_renewal for of in fees.values() for p in of)


def lower(name: str, terms: Subsidy, context: Context) -> Part:
    """Lower it: one payment from the line, with a rate for each book of loans."""
    if terms.base == "guarantee_fee":
        rates, renewed = _fees(terms, context)
    else:
        renewed = False
        rates = tuple(
            LineRate(
                facility=facility.name,
                segment=segment,
                rate_annual=_yearly(terms, context.segments[segment].rate_annual),
            )
            for facility, segment in _lent(terms, context)
        )
    payments = (_payment(name, terms, rates, renewed=renewed),)
    facts = facts_of(name, terms, payments, "Subsidies", "补贴")
    return Part(line_payments=payments, metrics=tuple(payment_metrics(facts)))


KIND = Kind(
    name="subsidy",
    meaning="Subsidies of interest, guarantee fees or principal, from a budget line",
    meaning_zh="贷款贴息、担保费补贴",
    terms=Subsidy,
    lower=lower,
    after_lending=True,
)
