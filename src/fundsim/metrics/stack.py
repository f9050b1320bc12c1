"""Leverage layer by layer: public money → capital → bank line → loans."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import product, ratio, recorded, scaled
from fundsim.scheme import About, Elements, Formula, Metric
from fundsim.scheme.records import drawn_record

__all__ = ["bank_line_of", "stack_metrics"]


def bank_line_of(whole: Elements, name: str, capital: Formula) -> Formula | None:
    """Return the credit line of the banks, if there is a limit of that name."""
    for limit in whole.capacities:
        if limit.name == name and limit.drawn is not None:
            return product(recorded(drawn_record(limit.drawn)), capital)
        if limit.name == name:
            return scaled(capital, limit.multiple)
    return None


def stack_metrics(
    about: About,
    capital: Formula,
    line: Formula | None,
    loans: tuple[Formula, Formula],
    public: Formula,
    private: Formula | None,
) -> Iterator[Metric]:
    """Yield leverage layer by layer: public money → capital → bank line → loans.

    The product of the layers is ``leverage_stock`` with loans outstanding, ``leverage_flow`` with loans lent.

    Args:
        about: the guarantor.
        capital: capital paid in.
        line: credit line of the banks, if there is one.
        loans: principal lent, and loans outstanding.
        public: public capital.
        private: private capital, if there is any.
    """
    stack = About(about.instrument, "stack")
    yield metric(
        about, "public_capital", "yuan", "Public money paid in", "财政实缴资本", public, "yearly layer"
    )
    if private is not None:
        yield from _private_capital(about, stack, capital, public, private)
    if line is None:
        yield from _loans_on(stack, *loans, capital, "capital", "资本")
    else:
        yield from _bank_line_metrics(about, stack, line, capital)
        yield from _loans_on(stack, *loans, line, "bank line", "银行授信")


def _private_capital(
    about: About, stack: About, capital: Formula, public: Formula, private: Formula
) -> Iterator[Metric]:
    yield metric(
        about,
        "private_capital",
        "yuan",
        "Private capital attracted",
        "吸引社会资本",
        private,
        "yearly headline",
    )
    yield metric(
        stack,
        "capital",
        "times",
        "Capital, public and private ÷ public money in it",
        "第一层放大：资本÷财政资金",
        ratio(capital, public),
        "headline",
    )


def _bank_line_metrics(about: About, stack: About, line: Formula, capital: Formula) -> Iterator[Metric]:
    yield metric(
        about,
        "bank_line",
        "yuan",
        "Credit line of the banks",
        "银行授信额度",
        line,
        "yearly headline layer",
    )
    yield metric(
        stack,
        "bank_line",
        "times",
        "Bank line ÷ capital",
        "第二层放大：银行授信÷资本",
        ratio(line, capital),
        "headline",
    )


def _loans_on(
    about: About, lent: Formula, outstanding: Formula, base: Formula, under: str, under_zh: str
) -> Iterator[Metric]:
    """Yield the last layer: loans as a multiple of what carries them."""
    yield metric(
        about,
        "outstanding",
        "times",
        f"Loans outstanding ÷ {under}",
        f"末层放大：在贷余额÷{under_zh}",
        ratio(outstanding, base),
        "headline",
    )
    yield metric(
        about,
        "lent",
        "times",
        f"Principal lent to date, renewals included ÷ {under}",
        f"末层放大：累计发放÷{under_zh}",
        ratio(lent, base),
        "headline",
    )
