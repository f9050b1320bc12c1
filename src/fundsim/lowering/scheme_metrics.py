"""What a scheme reports as a whole, over all its instruments."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fundsim.instruments import CITY
from fundsim.instruments.formulas import total
from fundsim.scheme import Metric, Records, Scheme
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import book_record, facility_record, ledger_lines, party_record, segment_record

__all__ = ["scheme_metrics"]


def _investors(scheme: Scheme) -> dict[str, str]:
    """Return public party → the party whose only business is to give it private capital."""
    public = {p.name for p in scheme.parties if p.public}
    found = {i.target: i.source for i in scheme.injections if i.target in public and i.source not in public}
    lines = ledger_lines(scheme)
    return {
        party: investor
        for party, investor in found.items()
        if all(line.target == party for line in lines if investor in (line.source, line.target))
    }


def _outlay(scheme: Scheme) -> list[str]:
    """Return the lines of what the city pays, and of what other treasuries pay into funds."""
    treasuries = {p.name for p in scheme.parties if p.public and not p.limited}
    paid_in = {(i.source, i.target, i.kind) for i in scheme.injections}
    paid_in |= {(t.source, t.target, t.kind) for t in scheme.top_ups}
    return [
        line.record
        for line in ledger_lines(scheme)
        if line.target not in treasuries
        and line.source in treasuries
        and (line.source == CITY or (line.source, line.target, line.kind) in paid_in)
    ]


def _fiscal_cost(scheme: Scheme) -> Formula:
    """Public money that left for good: payments of public parties less what came back to them.

    The same as outlay + opening − closing public assets, but from flows, so that it has years.  Of a party
    with private capital in it the public owns its part of the capital paid in: it bears that part of what
    the party loses, and has that part of closing assets.
    """
    mixed = _investors(scheme)
    public = {p.name for p in scheme.parties if p.public} - mixed.keys()
    lines = ledger_lines(scheme)
    capital = {(i.source, i.target, i.kind) for i in scheme.injections if i.target in mixed}
    capital |= {(t.source, t.target, t.kind) for t in scheme.top_ups if t.target in mixed}
    moving = [line for line in lines if (line.source, line.target, line.kind) not in capital]
    out = [line.record for line in moving if line.source in public and line.target not in public]
    back = [line.record for line in moving if line.target in public and line.source not in public]
    losses = {
        party: (
            [line.record for line in moving if line.source == party],
            [line.record for line in moving if line.target == party],
        )
        for party in mixed
    }

    def cost(r: Records) -> np.ndarray:
        value = _balance(r, lines[0].record, out, back)  # there may be no public money at all
        for party, (spent, received) in losses.items():
            paid_in = r[party_record(party, "paid_in")]
            part = safe_ratio(paid_in + r[party_record(mixed[party], "balance")], paid_in, 1.0)
            value += part * _balance(r, lines[0].record, spent, received)
        return value

    return cost


def _balance(r: Records, like: str, plus: list[str], minus: list[str]) -> np.ndarray:
    """Return the sum of some records less the sum of others, shaped like a record."""
    value = np.zeros_like(r[like])
    for record in plus:
        value += r[record]
    for record in minus:
        value -= r[record]
    return value


def scheme_metrics(scheme: Scheme) -> tuple[Metric, ...]:
    """Return the metrics of the whole scheme; none when it lends nothing."""
    if not scheme.facilities:
        return ()
    books = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    outlay_lines = _outlay(scheme)
    public = [p.name for p in scheme.parties if p.public and p.limited]
    n_opening = sum(f.n_opening for f in scheme.facilities)

    def over_books(*what: str) -> Formula:
        return total([book_record(f, s, one) for one in what for f, s in books])

    lent = over_books("lent_new", "lent_renewed")
    outstanding = total([facility_record(f.name, "outstanding") for f in scheme.facilities])
    cost = _fiscal_cost(scheme)
    begun = over_books("n_new", "n_renewed")
    defaulted = over_books("n_defaulted")
    metrics = [
        Metric(
            name="scheme.lent",
            unit="yuan",
            meaning="Principal lent by all instruments, renewals included",
            meaning_zh="全部工具累计发放贷款（含续贷）",
            formula=lent,
            yearly=True,
        ),
        Metric(
            name="scheme.outstanding",
            unit="yuan",
            meaning="Loans outstanding of all instruments at the date",
            meaning_zh="全部工具贷款余额",
            formula=outstanding,
            series=True,
        ),
        Metric(
            name="scheme.firms_reached",
            unit="firms",
            meaning="Firms with a loan at the start or newly granted, all instruments",
            meaning_zh="全部工具累计支持企业户数",
            formula=lambda r: n_opening + over_books("n_new")(r),
        ),
        Metric(
            name="scheme.default_rate",
            unit="share",
            meaning="Loans defaulted ÷ loan terms begun, all instruments",
            meaning_zh="全部工具违约率",
            formula=lambda r: safe_ratio(defaulted(r), n_opening + begun(r), 0.0),
        ),
        Metric(
            name="scheme.fiscal_cost",
            unit="yuan",
            meaning="Public money gone for good: appropriations plus opening less closing public assets",
            meaning_zh="财政成本（净支出）",
            formula=cost,
            yearly=True,
            headline=True,
            picture="cost",
        ),
        Metric(
            name="scheme.fiscal_cost_per_lent",
            unit="share",
            meaning="Fiscal cost ÷ principal lent; missing where nothing was lent",
            meaning_zh="每元贷款的财政成本",
            formula=lambda r: safe_ratio(cost(r), lent(r), np.nan),
        ),
    ]
    if outlay_lines:
        metrics.append(
            Metric(
                name="scheme.fiscal_outlay",
                unit="yuan",
                meaning="Cash that the city paid, and that counties and higher levels paid into funds",
                meaning_zh="财政拨款（市级支出及各级注资）",
                formula=total(outlay_lines),
                yearly=True,
                picture="cost",
            )
        )
    if public:
        investors = [party_record(name, "balance") for name in _investors(scheme).values()]
        # Investors start at zero and only pay in: their balance is the private capital, negative.
        paid_in = total([party_record(name, "paid_in") for name in public] + investors)
        metrics.append(
            Metric(
                name="scheme.leverage_flow",
                unit="times",
                meaning="Principal lent, renewals included ÷ public money paid in",
                meaning_zh="财政资金放大倍数（累计发放）",
                formula=lambda r: safe_ratio(lent(r), paid_in(r), np.nan),
            )
        )
    return (*metrics, *_population_metrics(scheme))


def _population_metrics(scheme: Scheme) -> Iterator[Metric]:
    """Yield the number of eligible firms, and who came and went, of segments that have a population."""
    for segment in scheme.segments:
        if segment.population is None:
            continue
        name = segment.name
        yield Metric(
            name=f"scheme.{name}.population",
            unit="firms",
            meaning="Eligible firms at the date, with or without a loan",
            meaning_zh="合格企业户数（期末）",
            formula=total([segment_record(name, "population")]),
            series=True,
        )
        yield Metric(
            name=f"scheme.{name}.firms_entered",
            unit="firms",
            meaning="Firms that became eligible",
            meaning_zh="新增企业户数",
            formula=total([segment_record(name, "entered")]),
            yearly=True,
        )
        yield Metric(
            name=f"scheme.{name}.firms_exited",
            unit="firms",
            meaning="Firms that ceased to be eligible, by age and not by default",
            meaning_zh="退出企业户数",
            formula=total([segment_record(name, "exited")]),
            yearly=True,
        )
