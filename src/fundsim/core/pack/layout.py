"""From a scheme by name to tables by position: the only place that fixes a dtype.

``pack(scheme, series, records)`` makes the read-only tables, ``new_state(scheme, tables)`` the memory
that one thread writes.  Names become positions here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fundsim.core.pack import lgd_table
from fundsim.core.pack import tables as t
from fundsim.core.pack.bridges import pack_bridges
from fundsim.core.pack.budget import leader_of, line_of, pack_budget
from fundsim.core.pack.classes import LoanClass, books_of, classes_of, segment_rows
from fundsim.core.pack.contracts import pack_contracts
from fundsim.core.pack.economy import age_thresholds, pack_economy, segment_thresholds
from fundsim.core.pack.equities import pack_equities
from fundsim.core.pack.limits import (
    pack_breakers,
    pack_capacities,
    pack_drawn,
    pack_guarantors,
    pack_obligors,
    pack_recovery_left,
)
from fundsim.core.pack.nouns import OWNED, Rows
from fundsim.core.pack.populations import pack_populations
from fundsim.core.pack.record_arrays import integers, table
from fundsim.core.pack.shares import first_share_of, pack_shares, share_left
from fundsim.core.pack.tables import Base, FundingTable, Tables, WindowTable
from fundsim.core.pack.tapes import add_opening, pack_tapes
from fundsim.scheme import Contract, Line, Scheme, record_names
from fundsim.scheme.payments import in_order
from fundsim.scheme.records import book_record, ledger_lines, records_of

__all__ = ["pack"]

NO = -1
"""Position of what is not there."""
AHEAD = ("claimable", "to_recover", "cap_left", "attach_left")
"""Records of a contract that look ahead of a snapshot."""


def positions(names: Sequence[Any]) -> dict[Any, int]:
    """Return name → position."""
    return {name: position for position, name in enumerate(names)}


def _window(scheme: Scheme, series: Sequence[str], records: Sequence[str], contracts: Any) -> WindowTable:
    window = scheme.window
    names = record_names(scheme)
    column = positions(names.all)
    ahead = {
        name for name, noun, record, _ in records_of(scheme) if noun is Contract and record.name in AHEAD
    }
    if late := [name for name in series if name in names.at_snapshots]:
        raise ValueError(f"these records exist at snapshots only: {', '.join(late)}")
    return WindowTable(
        months=np.int64(window.months),
        lending=np.int64(window.lending),
        total=np.int64(window.total),
        snapshots=integers((*window.snapshots, NO)),
        records=integers(column[name] for name in records),
        series=integers(column[name] for name in series),
        static=np.int64(scheme.economy.step_months == 0),
        limited_firms=np.int64(any(s.firms is not None or s.population for s in scheme.segments)),
        populated=np.int64(any(s.population is not None for s in scheme.segments)),
        recovers=np.int64(any(f.recovery for f in scheme.facilities)),
        amortises=np.int64(any(s.outstanding_share for s in scheme.segments)),
        charges=np.int64(bool(scheme.payments)),
        waits=np.int64(contracts.delay.any()),
        capped=np.int64(contracts.layered.any()),
        looks_ahead=np.int64(not ahead.isdisjoint(records)),
    )


def _segments(scheme: Scheme) -> Any:
    rows = segment_rows(scheme)
    segments = [segment for segment, _ in rows]
    sector = positions(scheme.economy.sectors)
    random = positions([j for j, s in enumerate(segments) if s.lgd.sd > 0.0])
    population = positions([s.name for s in scheme.segments if s.population is not None])
    minor = [min(s.renew, 1.0 - s.renew) for s in segments]
    moving = [s.renew_rho > 0.0 and 0.0 < s.renew < 1.0 for s in segments]
    return table(
        t.SEGMENT,
        factor=[0 if s.sector is None else 1 + sector[s.sector] for s in segments],
        lgd_table=[random.get(j, NO) for j in range(len(segments))],
        firms=[NO if s.firms is None or fund else s.firms for s, fund in rows],
        population=[NO if fund else population.get(s.name, NO) for s, fund in rows],
        chance_at_maturity=[
            s.maturity_share > 0.0 or s.renew > 0.0 or s.shortage is not None for s in segments
        ],
        renewals_move=moving,
        city_loading=[math.sqrt(s.city_weight) for s in segments],
        sector_loading=[math.sqrt(1.0 - s.city_weight) for s in segments],
        threshold=segment_thresholds(scheme),
        sensitivity=[math.sqrt(s.rho / (1.0 - s.rho)) for s in segments],
        hazard=[-math.log1p(-s.pd_annual) / 12 for s in segments],
        maturity_share=[s.maturity_share for s in segments],
        renew=[s.renew for s in segments],
        renew_minor=minor,
        renew_log_major=[math.log1p(-p) for p in minor],
        renew_odds=[p / (1.0 - p) for p in minor],
        renew_threshold=[
            float(ndtri(s.renew)) / math.sqrt(1.0 - s.renew_rho) if moves else 0.0
            for s, moves in zip(segments, moving, strict=True)
        ],
        renew_sensitivity=[math.sqrt(s.renew_rho / (1.0 - s.renew_rho)) for s in segments],
        default_if_not_renewed=[s.default_if_not_renewed for s in segments],
        lgd_mean=[s.lgd.mean for s in segments],
        lgd_loading=[math.sqrt(s.lgd.factor_correlation) for s in segments],
        lgd_noise=[math.sqrt(1.0 - s.lgd.factor_correlation) for s in segments],
    )


def _lgd_nodes(scheme: Scheme) -> Any:
    values, slopes = lgd_table.tabulate([s.lgd for s, _ in segment_rows(scheme) if s.lgd.sd > 0.0])
    return table(t.LGD_NODE, value=values, slope=slopes)


def _classes(
    scheme: Scheme,
    classes: Sequence[LoanClass],
    cohorts: NDArray[np.int64],
    first_weight: NDArray[np.int64],
) -> Any:
    facility = positions([f.name for f in scheme.facilities])
    segment = positions([(s.name, fund) for s, fund in segment_rows(scheme)])
    book = positions(books_of(scheme))
    row = positions([c.name for c in classes])
    terms = [c.segment.term_months for c in classes]
    columns = np.cumsum(
        [
            0,
            *(
                c.segment.term_months if c.segment.outstanding_share else cohorts[facility[c.facility.name]]
                for c in classes
            ),
        ]
    )
    share = first_share_of(scheme)
    mean = {s.name: math.fsum(b.principal * b.probability for b in s.bands) for s in scheme.segments}
    plain = [row[(*c.name[:3], "")] for c in classes]
    bands = [c.segment.bands[c.band] for c in classes]
    return table(
        t.CLASS,
        facility=[facility[c.facility.name] for c in classes],
        segment=[segment[c.segment.name, c.fund] for c in classes],
        borrowers=[segment[c.segment.name, ""] for c in classes],
        book=[book[c.facility.name, c.segment.name] for c in classes],
        plain=plain,
        term=terms,
        first_slot=np.cumsum([0, *terms])[:-1],
        first_column=columns[:-1],
        end_column=columns[1:],
        first_share=[share[c.segment.name] for c in classes],
        first_weight=first_weight[:-1][plain],
        end_weight=first_weight[1:][plain],
        principal=[band.principal for band in bands],
        interest_monthly=[
            band.principal * c.segment.rate_annual / 12 for c, band in zip(classes, bands, strict=True)
        ],
        demand_loans=[
            c.share * band.probability / mean[c.segment.name] for c, band in zip(classes, bands, strict=True)
        ],
        loan_months=[math.fsum(c.segment.outstanding_share) or c.segment.term_months for c in classes],
        entity=[c.entity for c in classes],
    )


def _facilities(scheme: Scheme, line: dict[Line, int], first_batch: NDArray[np.int64]) -> Any:
    facilities = scheme.facilities
    names = [f.name for f in facilities]
    n_classes = [sum(c.facility.name == name for c in classes_of(scheme)) for name in names]
    n_books = [len(f.borrowers) for f in facilities]
    n_contracts = [sum(c.facility == name for c in scheme.contracts) for name in names]
    breaker = {b.facility: position for position, b in enumerate(scheme.breakers)}

    def to_firms(kind: str) -> list[int]:
        return [line[Line(source=f.lender, target="firms", kind=kind)] for f in facilities]

    def from_firms(kind: str) -> list[int]:
        return [line[Line(source="firms", target=f.lender, kind=kind)] for f in facilities]

    costs = [Line(source=f.lender, target="outside", kind="recovery_cost") for f in facilities]
    return table(
        t.FACILITY,
        first_class=np.cumsum([0, *n_classes])[:-1],
        end_class=np.cumsum(n_classes),
        first_book=np.cumsum([0, *n_books])[:-1],
        end_book=np.cumsum(n_books),
        first_batch=first_batch[:-1],
        end_batch=first_batch[1:],
        first_contract=np.cumsum([0, *n_contracts])[:-1],
        end_contract=np.cumsum(n_contracts),
        breaker=[breaker.get(name, NO) for name in names],
        n_recovery_parts=[len(f.recovery) for f in facilities],
        claim_months=[f.claim_months for f in facilities],
        closing_months=[f.closing_months for f in facilities],
        cliff=[f.cliff for f in facilities],
        loan_line=to_firms("loan"),
        repayment_line=from_firms("repayment"),
        recovery_line=from_firms("recovery"),
        recovery_cost_line=[line.get(entry, NO) for entry in costs],
        recovery_cost=[f.recovery_cost for f in facilities],
    )


def _demand(scheme: Scheme) -> Any:
    months = scheme.window.months

    def by_month(rows: Sequence[tuple[float, ...]], missing: float) -> NDArray[np.float64]:
        full = [[*row, *[missing] * (months - len(row))] for row in rows]
        return np.array(full, dtype=np.float64).reshape(len(rows), months).T

    return table(
        t.DEMAND,
        demand=by_month([f.demand.monthly for f in scheme.facilities], 0.0),
        hold=by_month([f.demand.hold for f in scheme.facilities], math.nan),
    )


def _recovery_parts(scheme: Scheme) -> Any:
    widest = max((len(f.recovery) for f in scheme.facilities), default=0)
    lag = np.zeros((len(scheme.facilities), widest), dtype=np.int64)
    share = np.zeros(lag.shape)
    for f, facility in enumerate(scheme.facilities):
        for j, part in enumerate(facility.recovery):
            lag[f, j], share[f, j] = part.lag_months, part.share
    return table(t.RECOVERY_PART, lag=lag, share=share)


def _contracts_of(scheme: Scheme) -> NDArray[np.int64]:
    names = [f.name for f in scheme.facilities]
    return integers(k for name in names for k, c in enumerate(scheme.contracts) if c.facility == name)


def _funding(scheme: Scheme, line: dict[Line, int], account: dict[str, int]) -> FundingTable:
    def at(source: str, target: str, kind: str) -> int:
        return line[Line(source=source, target=target, kind=kind)]

    by_month = sorted(range(len(scheme.injections)), key=lambda k: scheme.injections[k].month)
    injections = [scheme.injections[k] for k in by_month]
    row = positions(by_month)
    leader = leader_of(scheme)
    budget_line = line_of(scheme)
    drawn = positions([d.name for d in scheme.drawn])
    facility = positions([f.name for f in scheme.facilities])
    payments = in_order(scheme.payments)
    return FundingTable(
        drawn=pack_drawn(scheme),
        injections=table(
            t.INJECTION,
            month=[i.month for i in injections],
            line=[at(i.source, i.target, i.kind) for i in injections],
            amount=[i.amount for i in injections],
            drawn=[NO if i.drawn is None else drawn[i.drawn] for i in injections],
            leader=[row.get(leader[k], NO) for k in by_month],
            budget_line=[budget_line.get(i.source, NO) for i in injections],
        ),
        payments=table(
            t.PAYMENT,
            basis=[Base[p.base.upper()] for p in payments],
            facility=[facility[p.of] if p.base == "granted" else NO for p in payments],
            account=[account[p.of] if p.base == "balance" else NO for p in payments],
            line=[at(p.payer, p.payee, p.kind) for p in payments],
            on_renewal=[p.on_renewal for p in payments],
            rate=[p.rate for p in payments],
            rate_annual=[p.rate_annual for p in payments],
            monthly=[(p.amount_annual if p.base == "fixed" else p.rate_annual) / 12 for p in payments],
        ),
        refunds=table(
            t.REFUND,
            facility=[facility[r.facility] for r in scheme.margin_refunds],
            account=[account[r.party] for r in scheme.margin_refunds],
            line=[at(r.party, r.payee, r.kind) for r in scheme.margin_refunds],
            rate=[r.rate for r in scheme.margin_refunds],
        ),
    )


def _opening(
    scheme: Scheme, classes: Any, first_batch: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return loans by slot, the opening row of totals, and the opening cohorts' volumes."""
    names = record_names(scheme)
    column = positions(names.all)
    totals = np.zeros(len(names.all))
    for name, noun, record, subject in records_of(scheme):
        totals[column[name]] = noun.all_in(scheme)[subject].at_start().get(record.name, record.start)
    loans = np.zeros(int(classes.term.sum()), dtype=np.int64)
    volume = np.zeros(int(first_batch[-1]))
    row = positions([c.name for c in classes_of(scheme)])
    segments = {s.name: s for s in scheme.segments}
    for number, facility in enumerate(scheme.facilities):
        for stock in facility.opening:
            c = row[facility.name, stock.segment, stock.band, ""]
            amount = stock.n_loans * classes.principal[c] * share_left(segments[stock.segment], stock)
            loans[classes.first_slot[c] + stock.months_left - 1] += stock.n_loans
            totals[column[book_record(facility.name, stock.segment, "n_performing")]] += stock.n_loans
            totals[column[book_record(facility.name, stock.segment, "performing")]] += amount
            volume[first_batch[number]] += amount
    add_opening(scheme, column, totals, volume, first_batch)
    return loans, totals, volume


def pack(scheme: Scheme, series: Sequence[str], records: Sequence[str]) -> Tables:
    """Turn a scheme into tables of arrays.

    Args:
        scheme: the lowered scheme, its contracts in settlement order.
        series: records to copy at each month's end.
        records: records to copy at snapshots.

    Raises:
        KeyError: a name is used that is not defined.
        ValueError: a series record exists at snapshots only, or a guarantor's books can't be kept.
    """
    account = positions([p.name for p in scheme.parties])
    limited = {p.name: p.limited for p in scheme.parties}
    lines = ledger_lines(scheme)
    line = positions(lines)
    packed = pack_contracts(scheme, line, account)
    all_classes = classes_of(scheme)
    # Classes that follow a bridge have the weights of the plain ones.
    names = [(c.name[0], c.name[1], c.band) if not c.fund else ("", c.fund, c.band) for c in all_classes]
    guarantors = pack_guarantors(scheme, line, account, names)
    capacities, members = pack_capacities(scheme, account)
    classes = _classes(scheme, all_classes, np.diff(packed.first_batch), guarantors.first_weight)
    populations, population_ages = pack_populations(scheme)
    loans, totals, volume = _opening(scheme, classes, packed.first_batch)
    return Tables(
        window=_window(scheme, series, records, packed.contracts),
        economy=pack_economy(scheme),
        funding=_funding(scheme, line, account),
        segments=_segments(scheme),
        age_threshold=age_thresholds(scheme),
        lgd_nodes=_lgd_nodes(scheme),
        populations=populations,
        population_ages=population_ages,
        classes=classes,
        shares=pack_shares(scheme),
        facilities=_facilities(scheme, line, packed.first_batch),
        demand=_demand(scheme),
        recovery_parts=_recovery_parts(scheme),
        contracts_of=_contracts_of(scheme),
        capacities=capacities,
        members=members,
        guarantors=guarantors.guarantors,
        stakes=guarantors.stakes,
        weights=guarantors.weights,
        fee_lines=guarantors.fee_lines,
        recovery_left=pack_recovery_left(scheme),
        obligors=pack_obligors(scheme),
        breakers=pack_breakers(scheme, account),
        contracts=packed.contracts,
        groups=packed.groups,
        lines=table(
            t.LINE,
            source=[account[entry.source] for entry in lines],
            target=[account[entry.target] for entry in lines],
            limited=[limited[entry.source] for entry in lines],
        ),
        tape=pack_tapes(scheme),
        bridges=pack_bridges(scheme, line, account),
        equities=pack_equities(scheme, line, account, series, records),
        budget=pack_budget(scheme, line, account, positions(books_of(scheme))),
        opening_loans=loans,
        opening_totals=totals,
        opening_volume=volume,
        **{place: owned.pack(scheme, Rows(line, account)) for place, owned in OWNED.items()},
    )
