"""Compensation of banks for the increase of their loans to small firms (增量补偿), from a budget line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.spending import Spending, facts_of, faults_of_lenders
from fundsim.metrics.budget import payment_metrics
from fundsim.scenario.term import Term, TermFault, idle, term
from fundsim.scheme import BankBook, LinePayment
from fundsim.scheme.surroundings import BANKS
from fundsim.units import AnnualRate, Money, Share

__all__ = ["KIND", "Bank", "IncrementalCompensation"]


class Bank(Term):
    """A bank's own loans to small firms, and the instruments of the scheme that it lends under."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    opening: Money = term(
        meaning="Loans to small firms at the start, beside the scheme", zh="期初小微在贷余额"
    )
    growth: AnnualRate = term(0.0, meaning="Mean growth a year", zh="平均年增速")
    sd: Share = term(0.0, meaning="Standard deviation of a year's growth", zh="年增速标准差")
    rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance of growth that the city factor explains",
        zh="增速与经济的相关度",
    )
    instruments: tuple[str, ...] = term(
        (),
        max_length=20,
        unit="names of instruments",
        meaning="Instruments that it lends under",
        zh="其承办的贷款工具",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require instruments that lend; warn of a correlation that moves nothing."""
        yield from faults_of_lenders("instruments", self.instruments, context)
        if self.sd == 0 and self.rho > 0:
            yield idle("rho", "sd is 0", "sd 为 0")


class IncrementalCompensation(Spending):
    """A part of the year's increase of each bank's loans to small firms (小微贷款增量风险补偿).

    For each bank rate × max(0, loans at the year's end − a year before), its own and those of the scheme,
    paid in month 3 of the next budget year. A year in which they fell pays nothing.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset()

    rate: AnnualRate = term(gt=0, meaning="Compensation per yuan of increase", zh="补偿比例")
    banks: Mapping[str, Bank] = term(min_length=1, max_length=50, meaning="Banks by name", zh="银行")

    def faults_shared(self, context: Any) -> Iterator[TermFault]:
        """Refuse an instrument under two banks: its increase would be compensated twice."""
        seen: dict[str, str] = {}
        for key, bank in self.banks.items():
            for index, name in enumerate(bank.instruments):
                other = seen.setdefault(name, key)
                if other != key:
                    yield TermFault(
                        ("banks", key, "instruments", index),
                        f"{name} stands under {other} too: its increase would be compensated twice",
                        "keep it under one bank",
                        f"{name} 已列在 {other} 名下：其增量会被补偿两次",
                        "请只列在一家银行名下",
                    )


def lower(name: str, terms: IncrementalCompensation, context: Context) -> Part:
    """Lower it: for each bank a book and a payment."""
    books = tuple(
        BankBook(
            name=f"{name}.{key}",
            opening=bank.opening,
            growth=bank.growth,
            sd=bank.sd,
            rho=bank.rho,
            facilities=tuple(f.name for f in context.facilities if f.about.instrument in bank.instruments),
        )
        for key, bank in terms.banks.items()
    )
    payments = tuple(
        LinePayment(
            name=book.name,
            line=terms.line_name,
            payee=BANKS,
            kind="subsidy",
            base="increment",
            book=book.name,
            book_rate=terms.rate,
            cap_year=terms.cap_of_year,
            cap_total=terms.cap_in_all,
            arrears=terms.unpaid == "arrears",
        )
        for book in books
    )
    facts = facts_of(name, terms, payments, "Compensation", "增量补偿")
    return Part(bank_books=books, line_payments=payments, metrics=tuple(payment_metrics(facts)))


KIND = Kind(
    name="incremental_compensation",
    meaning="Compensation of banks for the year's increase of small-firm loans",
    meaning_zh="小微贷款增量补偿",
    terms=IncrementalCompensation,
    lower=lower,
    after_lending=True,
)
