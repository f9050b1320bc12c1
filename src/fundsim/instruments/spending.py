"""What all instruments that pay from a budget line have in common: the line, caps, and what is not paid."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

from fundsim.amounts import amount_text
from fundsim.instruments.covered_lending import Titled
from fundsim.instruments.funding import OnLine
from fundsim.metrics.budget import PaymentFacts
from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.scheme import LinePayment
from fundsim.scheme.budget import ALL_LINE
from fundsim.units import Money

__all__ = ["Spending", "facts_of", "faults_of_lenders"]


class Spending(OnLine, Titled):
    """Money that a budget line pays and that does not come back."""

    cap_year: Money | None = term(None, gt=0, meaning="Most that falls due in a budget year", zh="年度上限")
    cap_total: Money | None = term(None, gt=0, meaning="Most that falls due in all", zh="总额上限")
    unpaid: Literal["refused", "arrears"] = term(
        "refused",
        meaning="Whether what the line can't pay is refused for good, or owed until it can",
        zh="预算不足时（refused 不再支付，arrears 挂账补付）",
    )

    @property
    def cap_of_year(self) -> float:
        """Most that falls due in a budget year [yuan]."""
        return math.inf if self.cap_year is None else self.cap_year

    @property
    def cap_in_all(self) -> float:
        """Most that falls due in all [yuan]."""
        return math.inf if self.cap_total is None else self.cap_total

    @property
    def line_name(self) -> str:
        """The line that pays: the one without limit where the scenario has no budget."""
        return ALL_LINE if self.line is None else self.line

    def acceptance_faults(self, line: Any) -> Iterator[TermFault]:
        """Allow a line that pays after acceptance: that is what it is for."""
        yield from ()

    def faults_caps(self, context: Any) -> Iterator[TermFault]:
        """Warn of a cap a year that the cap in all makes idle."""
        if self.cap_year is not None and self.cap_total is not None and self.cap_total < self.cap_year:
            yield TermFault(
                ("cap_year",),
                f"has no effect: the cap in all ({amount_text(self.cap_total)} yuan) is smaller",
                "leave it out, or raise cap_total",
                f"不起作用：总额上限（{amount_text(self.cap_total)}元）更小",
                "请删去本项，或提高 cap_total",
                warning=True,
            )


def faults_of_lenders(key: str, names: tuple[str, ...], context: Any) -> Iterator[TermFault]:
    """Require names of instruments that lend, each once."""
    known = [name for name, one in context.instruments.items() if hasattr(type(one), "lending_parts")]
    for index, name in enumerate(names):
        if name in context.instruments and not isinstance(context.instruments[name], Term):
            continue  # one that could not be read is reported there
        if name not in known:
            yield unknown_name((key, index), name, known, "instrument that lends", "贷款工具")
        elif name in names[:index]:
            yield TermFault((key, index), "is named twice", "name it once", "重复出现", "请只写一次")


def facts_of(
    name: str, terms: Spending, payments: tuple[LinePayment, ...], what: str, what_zh: str
) -> PaymentFacts:
    """Return what the metrics of an instrument that pays from a line depend on.

    Args:
        name: name of the instrument.
        terms: its terms.
        payments: its payments.
        what: what is paid, in English, plural.
        what_zh: the same in Chinese.
    """
    return PaymentFacts(
        name=name,
        payments=tuple(payment.name for payment in payments),
        what=what,
        what_zh=what_zh,
        capped=terms.cap_year is not None or terms.cap_total is not None,
        counted=any(payment.base == "counted" for payment in payments),
    )
