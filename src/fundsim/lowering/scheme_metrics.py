"""What a scheme reports as a whole, over all its instruments."""

from __future__ import annotations

import numpy as np

from fundsim.instruments import CITY
from fundsim.scheme import Metric, Records, Scheme
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import book_record, facility_record, ledger_lines, party_record

__all__ = ["scheme_metrics"]


def _sum(names: list[str]) -> Formula:
    def add(r: Records) -> np.ndarray:
        value = r[names[0]].copy()
        for name in names[1:]:
            value += r[name]
        return value

    return add


def _fiscal_cost(scheme: Scheme) -> Formula:
    """Public money that left for good: payments of public parties less what came back to them.

    The same as outlay + opening − closing public assets, but from flows, so that it has years.
    """
    public = {p.name for p in scheme.parties if p.public}
    lines = ledger_lines(scheme)
    out = [line.record for line in lines if line.source in public and line.target not in public]
    back = [line.record for line in lines if line.target in public and line.source not in public]

    def cost(r: Records) -> np.ndarray:
        value = np.zeros_like(r[lines[0].record])  # there may be no public money at all
        for record in out:
            value += r[record]
        for record in back:
            value -= r[record]
        return value

    return cost


def scheme_metrics(scheme: Scheme) -> tuple[Metric, ...]:
    """Return the metrics of the whole scheme; none when it lends nothing."""
    if not scheme.facilities:
        return ()
    books = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    outlay_lines = [line.record for line in ledger_lines(scheme) if line.source == CITY]
    public = [p.name for p in scheme.parties if p.public and p.limited]
    n_opening = sum(f.n_opening for f in scheme.facilities)

    def over_books(*what: str) -> Formula:
        return _sum([book_record(f, s, one) for one in what for f, s in books])

    lent = over_books("lent_new", "lent_renewed")
    outstanding = _sum([facility_record(f.name, "outstanding") for f in scheme.facilities])
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
                meaning="Cash that the city's treasury appropriated",
                meaning_zh="财政拨款",
                formula=_sum(outlay_lines),
                yearly=True,
            )
        )
    if public:
        paid_in = _sum([party_record(name, "paid_in") for name in public])
        metrics.append(
            Metric(
                name="scheme.leverage_flow",
                unit="times",
                meaning="Principal lent, renewals included ÷ public money paid in",
                meaning_zh="财政资金放大倍数（累计发放）",
                formula=lambda r: safe_ratio(lent(r), paid_in(r), np.nan),
            )
        )
    return tuple(metrics)
