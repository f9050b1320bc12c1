"""What partners of an equity fund get back: multiples, internal rates of return, principal."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_facts import HALF, EquityFacts, Investor, investors
from fundsim.metrics.formulas import largest, minus, number, plus, product, ratio, smallest, where_positive
from fundsim.scheme import About, Aggregate, Formula, IrrCase, Metric

__all__ = ["return_metrics"]

ONE = number(1.0)
CASES = (
    (
        IrrCase.AMBIGUOUS,
        "irr_ambiguous",
        "Several internal rates of return of {who}; whether there is more than one, of which the one nearest "
        "0 with the sign of the sum stands",
        "{who}内部收益率有多个解（取与净额同号、最接近0者）",
    ),
    (
        IrrCase.NONE,
        "irr_none",
        "No internal rate of return of {who}; whether money came back and no rate fits",
        "{who}有回款而无内部收益率",
    ),
    (
        IrrCase.CAPPED,
        "irr_capped",
        "Internal rate of return of {who} above 1,000 %; whether 1,000 % stands in its place",
        "{who}内部收益率超过1000%（按1000%计）",
    ),
)
"""Case, name, meaning in English and Chinese."""


def return_metrics(fund: EquityFacts) -> Iterator[Metric | Aggregate]:
    """Yield what each kind of partners, and the treasury, gets back."""
    for part, investor in investors(fund).items():
        yield from _flows(fund, investor, whole=not part)
        yield from _multiples(investor, whole=not part)
        yield from _rate(fund, investor.about, investor.irr, investor.english, investor.chinese)
        if part == fund.holder.part:
            yield from _principal(investor)
    if fund.sub_of is not None:
        return
    treasury = About(fund.name, "treasury")
    english, chinese = "government's money from its payment into custody", "政府资金（自拨入托管账户起）"
    yield from _rate(fund, treasury, "irr_treasury", english, chinese)


def _flows(fund: EquityFacts, investor: Investor, *, whole: bool) -> Iterator[Metric]:
    about, who, who_zh = investor.about, investor.english, investor.chinese
    buyers, buyers_zh = (
        f", buyers of {fund.holder.own} stake included",
        f"（含受让{fund.holder.chinese}份额者）",
    )
    of_government = about.part == "government"
    bad = " bad_when_low" if of_government else ""
    yield metric(
        about,
        "called",
        "yuan",
        f"Money paid on calls by {who}" + (buyers if who == "social partners" and fund.option else ""),
        f"{who_zh}实缴额" + (buyers_zh if who == "social partners" and fund.option else ""),
        investor.called,
        "yearly series",
    )
    yield metric(
        about,
        "distributed",
        "yuan",
        f"Money received by {who}: distributions after any concession, and the price of a stake sold",
        f"{who_zh}收回资金（让利后的分配及份额转让价款）",
        investor.received,
        "yearly series" + bad,
    )
    yield metric(
        about,
        "net_flow",
        "yuan",
        f"J-curve of {who}: cumulative net flow, received less paid to date",
        f"{who_zh}J曲线：累计净现金流（收回减实缴）",
        investor.net_flow,
        ("series fan" if not whole else "series") + bad,
    )
    yield metric(
        about,
        "nav",
        "yuan",
        f"Net asset value of {who} at the stated mark, through the waterfall as it stands",
        f"{who_zh}净资产（按约定估值，经分配顺序）",
        investor.nav,
        "series",
    )


def _multiples(investor: Investor, *, whole: bool) -> Iterator[Metric | Aggregate]:
    about, who, who_zh = investor.about, investor.english, investor.chinese
    yield metric(
        about,
        "dpi",
        "times",
        f"DPI of {who}: received ÷ paid, on the path; missing where nothing was called",
        f"{who_zh}DPI（收回÷实缴，逐路径）",
        investor.dpi,
        f"series headline{' fan' if whole else ''}",
    )
    yield Aggregate(
        instrument=about.instrument,
        part=about.part,
        own_name="dpi_aggregate",
        unit="times",
        meaning=f"DPI of {who}: received ÷ paid, both summed over all paths",
        meaning_zh=f"{who_zh}DPI（收回÷实缴，总额）",
        numerator=investor.received,
        denominator=investor.paid,
    )
    yield metric(
        about,
        "tvpi",
        "times",
        f"TVPI of {who}: received and net asset value ÷ paid, on the path; missing where nothing was called",
        f"{who_zh}TVPI（（收回+净资产）÷实缴，逐路径）",
        investor.tvpi,
        f"series{' fan' if whole else ''}",
    )


def _rate(fund: EquityFacts, about: About, record: str, who: str, who_zh: str) -> Iterator[Metric]:
    """Yield an internal rate of return, and the shares of paths on which it is no plain one."""
    drawn = about.part == fund.holder.part
    shown = "headline distribution" if drawn else "headline" if not about.part else ""
    yield metric(
        about,
        "irr",
        "share",
        f"Internal rate of return a year of {who}; before the fund's end the net asset value counts as "
        "received; missing where nothing was called or there is none",
        f"{who_zh}年化内部收益率（基金到期前含净资产）",
        fund.of(record),
        shown,
    )
    case = fund.of(f"{record}_case")
    called = minus(ONE, _is(case, float(IrrCase.NOT_CALLED)))
    for code, own_name, meaning, meaning_zh in CASES:
        yield metric(
            about,
            own_name,
            "yes/no",
            meaning.format(who=who),
            meaning_zh.format(who=who_zh),
            product(_is(case, float(code)), ratio(called, called)),
            "event",
        )


def _is(code: Formula, value: float) -> Formula:
    """Return 1 where a code, a whole number, is the value, else 0."""
    distance = largest(minus(code, number(value)), minus(number(value), code))
    return minus(ONE, smallest(ONE, distance))


def _principal(holder: Investor) -> Iterator[Metric]:
    """Yield whether the principal of the public stake came back, of the paths on which it was called."""
    about = holder.about
    whose, whose_zh = f"{holder.english}'s", holder.chinese
    yield metric(
        about,
        "principal_back",
        "yes/no",
        f"{whose[0].upper()}{whose[1:]} principal back; whether it received what it paid on calls, or more, "
        "of the paths with calls",
        f"{whose_zh}本金收回（在有实缴的路径中）",
        product(
            where_positive(minus(plus(holder.received, HALF), holder.called), ONE),
            ratio(holder.called, holder.called),
        ),
        "event headline",
    )
    yield metric(
        about,
        "not_called",
        "yes/no",
        f"No call on {holder.english}; whether nothing of its money was called",
        f"{whose_zh}资金未被缴用",
        minus(ONE, where_positive(holder.called, ONE)),
        "event",
    )
