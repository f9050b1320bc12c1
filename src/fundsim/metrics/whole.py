"""What a scheme reports as a whole, over all its instruments."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    Book,
    default_rate,
    default_rate_annual,
    minus,
    number,
    over_books,
    plus,
    product,
    ratio,
    recorded,
    scaled,
    sum_of,
    total,
)
from fundsim.metrics.public import investors_of, public_parts
from fundsim.scheme import About, Formula, Metric, Scheme
from fundsim.scheme.records import (
    bridge_record,
    equity_record,
    facility_record,
    ledger_lines,
    party_record,
    segment_record,
)
from fundsim.scheme.surroundings import CITY

__all__ = ["scheme_metrics"]

BRIDGE_LENDING = frozenset({"bridge_loan", "bridge_return", "warm_up"})
"""Kinds of ledger entries by which a bridge fund's money changes between cash and what is out."""


def _outlay(scheme: Scheme) -> list[str]:
    """Return the lines of what the city and its budget pay, and of what other treasuries pay into funds.

    A budget line is a purse of the treasuries: what they pay into it is spent when it leaves the line.
    """
    funds = {fund.party for fund in scheme.bridges}
    purses = {CITY, *(line.party for line in scheme.budget_lines)}
    treasuries = purses | {p.name for p in scheme.parties if p.public and not p.limited} - funds
    paid_in = {(i.source, i.target, i.kind) for i in scheme.injections}
    paid_in |= {(t.source, t.target, t.kind) for t in scheme.top_ups}
    return [
        line.record
        for line in ledger_lines(scheme)
        if line.target not in treasuries
        and line.source in treasuries
        and (line.source in purses or (line.source, line.target, line.kind) in paid_in)
    ]


def _fiscal_cost(scheme: Scheme) -> Formula:
    """Public money that left for good: payments of public parties less what came back to them.

    The same as outlay + opening − closing public assets, but from flows, so that it has years.  Of a party
    with private capital in it the public owns its part of the capital paid in: it bears that part of what
    the party loses, and has that part of closing assets.  That part moves when private capital comes in, so
    a year's cost is the difference of the cumulative cost.

    The asset of a bridge fund is its cash and what is out: money that it lends and gets back costs nothing,
    and what is not paid back has gone when it becomes overdue.  Its warm-up lies before the window.

    The asset in an equity fund is the money in custody and the expected value of government's part; that of
    a sub-fund is left to its parent.  Accounts beside a fund are public parties, and what government has
    co-invested counts with its expected value.
    """
    mixed = investors_of(scheme)
    public = {p.name for p in scheme.parties if p.public} - mixed.keys()
    lines = ledger_lines(scheme)
    capital = {(i.source, i.target, i.kind) for i in scheme.injections if i.target in mixed}
    capital |= {(t.source, t.target, t.kind) for t in scheme.top_ups if t.target in mixed}
    moving = [
        line
        for line in lines
        if (line.source, line.target, line.kind) not in capital and line.kind not in BRIDGE_LENDING
    ]
    out = [line.record for line in moving if line.source in public and line.target not in public]
    out += [bridge_record(fund.name, "became_overdue") for fund in scheme.bridges if fund.party in public]
    back = [line.record for line in moving if line.target in public and line.source not in public]
    back += [
        equity_record(fund.name, "expected_government") for fund in scheme.equity_funds if fund.parent is None
    ]
    back += [
        equity_record(fund.name, "joint_expected") for fund in scheme.equity_funds if fund.joint is not None
    ]
    parts = public_parts(scheme)
    losses = {
        party: (
            [line.record for line in moving if line.source == party],
            [line.record for line in moving if line.target == party],
        )
        for party in mixed
    }

    if not out and not back and not losses:  # there may be no public money at all
        return scaled(recorded(lines[0].record), 0.0)
    return plus(
        _balance(out, back),
        *(product(parts[party], _balance(*flows)) for party, flows in losses.items()),
    )


def _balance(added: list[str], taken: list[str]) -> Formula:
    """Return the sum of some records less the others, one after the other."""
    return minus(sum_of(map(recorded, added)), *map(recorded, taken))


SCHEME = About("scheme")


def scheme_metrics(scheme: Scheme) -> tuple[Metric, ...]:
    """Return the metrics of the whole scheme: what public money costs, and lending if there is any."""
    if not scheme.facilities:
        return tuple(_spending(scheme)) if scheme.bridges or scheme.equity_funds else ()
    books = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    lent = over_books(books, "lent_new", "lent_renewed")
    return (
        *_lending(scheme, books, lent),
        *_fiscal(scheme, lent),
        *_leverage(scheme, lent),
        *_population(scheme),
    )


def _lending(scheme: Scheme, books: list[Book], lent: Formula) -> Iterator[Metric]:
    """Yield lending and defaults of all instruments."""
    n_opening = sum(f.n_opening for f in scheme.facilities)
    new_loans = over_books(books, "n_new")
    yield metric(
        SCHEME,
        "lent",
        "yuan",
        "Principal lent by all instruments, renewals included",
        "全部工具累计发放贷款（含续贷）",
        lent,
        "yearly",
    )
    yield metric(
        SCHEME,
        "outstanding",
        "yuan",
        "Loans outstanding of all instruments at the date",
        "全部工具在贷余额",
        total([facility_record(f.name, "outstanding") for f in scheme.facilities]),
        "series",
    )
    yield metric(
        SCHEME,
        "firms_reached",
        "firms",
        "Firms with a loan at the start or newly granted, all instruments",
        "全部工具累计支持企业户数",
        plus(number(n_opening), new_loans),
    )
    yield metric(
        SCHEME,
        "default_rate",
        "share",
        "Default rate per loan term: loans defaulted ÷ loan terms begun, all instruments",
        "全部工具每期贷款违约率（违约笔数÷贷款期次）",
        default_rate(over_books(books, "n_defaulted"), n_opening, over_books(books, "n_new", "n_renewed")),
    )
    yield metric(
        SCHEME,
        "default_rate_annual",
        "share",
        "Default rate per year: loans defaulted ÷ loan-years of exposure, all instruments",
        "全部工具年化违约率（违约笔数÷贷款存续年数）",
        default_rate_annual(over_books(books, "n_defaulted"), over_books(books, "loan_months")),
        "yearly",
    )


def _fiscal(scheme: Scheme, lent: Formula) -> Iterator[Metric]:
    """Yield what public money was spent, what is gone for good, and that by what was lent."""
    cost, *outlay = _spending(scheme)
    yield cost
    yield metric(
        SCHEME,
        "fiscal_cost_per_lent",
        "share",
        "Fiscal cost ÷ principal lent; missing where nothing was lent",
        "每元贷款的财政成本",
        ratio(cost.formula, lent),
    )
    yield from outlay


def _spending(scheme: Scheme) -> Iterator[Metric]:
    """Yield what public money is gone for good, and what was spent."""
    yield metric(
        SCHEME,
        "fiscal_cost",
        "yuan",
        "Public money gone for good: appropriations plus opening less closing public assets",
        "财政成本（净支出）",
        _fiscal_cost(scheme),
        "yearly headline cost differenced",
    )
    outlay = _outlay(scheme)
    if outlay:
        yield metric(
            SCHEME,
            "fiscal_outlay",
            "yuan",
            "Cash that the city and its budget paid, and that counties and higher levels paid into funds",
            "财政拨款（市级支出及各级注资）",
            total(outlay),
            "yearly cost",
        )


def _leverage(scheme: Scheme, lent: Formula) -> Iterator[Metric]:
    """Yield lending ÷ public money, if there is any."""
    serving = {fund.party for fund in scheme.bridges if fund.facilities}
    custody = {fund.custody for fund in scheme.equity_funds}
    custody |= {money.account for fund in scheme.equity_funds for money in fund.beside}
    public = [
        p.name
        for p in scheme.parties
        if p.public and p.name not in custody and (p.limited or p.name in serving)
    ]
    if not public:
        return
    # Investors start at zero and only pay in: their balance is the private capital, negative.
    investors = [party_record(name, "balance") for name in investors_of(scheme).values()]
    paid_in = total([party_record(name, "paid_in") for name in public] + investors)
    yield metric(
        SCHEME,
        "leverage_flow",
        "times",
        "Principal lent, renewals included ÷ public money paid in",
        "财政资金放大倍数（累计发放）",
        ratio(lent, paid_in),
    )


def _population(scheme: Scheme) -> Iterator[Metric]:
    """Yield the number of eligible firms, and who came and went, of segments that have a population."""
    for name in (s.name for s in scheme.segments if s.population is not None):
        yield metric(
            About("scheme", name),
            "population",
            "firms",
            "Eligible firms at the date, with or without a loan",
            "合格企业户数（期末）",
            recorded(segment_record(name, "population")),
            "series",
        )
        yield metric(
            About("scheme", name),
            "firms_entered",
            "firms",
            "Firms that became eligible",
            "新增企业户数",
            recorded(segment_record(name, "entered")),
            "yearly",
        )
        yield metric(
            About("scheme", name),
            "firms_exited",
            "firms",
            "Firms that ceased to be eligible, by age and not by default",
            "退出企业户数",
            recorded(segment_record(name, "exited")),
            "yearly",
        )
