"""The proof of a trace: its sums against the run's own balances and metrics of the path."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from fundsim.errors import EngineError
from fundsim.results.evaluation import Evaluation, Wanted
from fundsim.results.selection import columns_of
from fundsim.results.views import RecordView, YearView
from fundsim.scheme import Metric, Nature, RecordBlock, Scheme, record_names
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import ledger_lines, party_record, traced_records_of
from fundsim.tracing.ledger_words import event_name
from fundsim.tracing.rows import Account, Entry, Event, Figure, finite

__all__ = ["accounts_of", "check", "figures_of"]

Floats = NDArray[np.float64]


def accounts_of(scheme: Scheme, entries: Iterable[Entry], block: RecordBlock) -> tuple[Account, ...]:
    """Return each party's opening, receipts, payments and closing by the ledger, and the run's balance."""
    received = {p.name: [0.0] for p in scheme.parties}
    paid = {p.name: [0.0] for p in scheme.parties}
    for entry in entries:
        paid[entry.payer].append(entry.amount)
        received[entry.payee].append(entry.amount)
    column = {name: position for position, name in enumerate(record_names(scheme).all)}
    accounts = []
    for party in scheme.parties:
        into, out = math.fsum(received[party.name]), math.fsum(paid[party.name])
        accounts.append(
            Account(
                party=party.name,
                limited=party.limited,
                opening=party.opening,
                received=into,
                paid=out,
                closing=party.opening + into - out,
                in_run=float(block.snapshots[0, -1, column[party_record(party.name, "balance")]]),
            )
        )
    return tuple(accounts)


def figures_of(
    scheme: Scheme, entries: Iterable[Entry], events: Iterable[Event], block: RecordBlock
) -> tuple[Figure, ...]:
    """Return every metric of the path, computed from the ledger and from the run's own records.

    From the ledger come all flows and the parties' balances.  Other stocks, which no entry moves, and
    sums of stocks are the run's.
    """
    own = block.snapshots[0]
    sums = _resummed(scheme, entries, events, own)
    by_ledger = dict(_metrics(scheme, sums))
    return tuple(
        Figure(
            name=name,
            instrument=metric.instrument,
            part=metric.part,
            unit=metric.unit,
            meaning=metric.meaning,
            meaning_zh=metric.meaning_zh,
            headline=metric.headline,
            by_ledger=finite(by_ledger[name][1]),
            in_run=finite(value),
        )
        for name, (metric, value) in _metrics(scheme, own)
    )


def _resummed(scheme: Scheme, entries: Iterable[Entry], events: Iterable[Event], own: Floats) -> Floats:
    """Return the rows of records with flows and balances added up from entries and events."""
    names = record_names(scheme)
    column = {name: position for position, name in enumerate(names.all)}
    gains = np.zeros((scheme.window.total, len(names.all)))
    lines = {(line.source, line.target, line.kind): line.record for line in ledger_lines(scheme)}
    for entry in entries:
        gains[entry.month, column[lines[entry.payer, entry.payee, entry.kind]]] += entry.amount
        gains[entry.month, column[party_record(entry.payer, "balance")]] -= entry.amount
        gains[entry.month, column[party_record(entry.payee, "balance")]] += entry.amount
    listed = {
        (subject, event_name(noun, record)): name
        for name, noun, record, subject in traced_records_of(scheme)
        if record.nature is Nature.FLOW and record.step is not None
    }
    for event in events:
        name = listed.get((event.subject, event.what))
        if name is not None and event.month >= 0:
            gains[event.month, column[name]] += event.value
    sums = np.cumsum(gains, axis=0)[np.array(scheme.window.snapshots) - 1]
    for party in scheme.parties:
        sums[:, column[party_record(party.name, "balance")]] += party.opening
    rows = own.copy()
    mine = [column[name] for name in (*lines.values(), *listed.values())]
    mine += [column[party_record(party.name, "balance")] for party in scheme.parties]
    rows[:, mine] = sums[:, mine]
    return rows


def _metrics(scheme: Scheme, rows: Floats) -> Iterable[tuple[str, tuple[Metric, float]]]:
    """Yield column name, metric and value from rows of records, shape (snapshots, records)."""
    names = record_names(scheme)
    positions = {name: position for position, name in enumerate(names.all)}
    row_of = {elapsed: row for row, elapsed in enumerate(scheme.window.snapshots)}
    flows = frozenset(names.flows)

    def view(start: int, end: int) -> RecordView:
        at_end = rows[row_of[end]][None]
        if start == 0:
            return RecordView(positions, at_end)
        return YearView(positions, at_end, rows[row_of[start]][None], flows)

    metrics = [metric for metric in scheme.metrics if isinstance(metric, Metric)]
    columns = {column.key: column for metric in metrics for column in columns_of(metric, scheme.window)}
    with np.errstate(all="ignore"):
        values = dict(Evaluation(map(Wanted.of, columns.values())).values(view))
    for key, column in columns.items():
        yield key, (column.metric, float(values[key][0]))


def check(accounts: Iterable[Account], figures: Iterable[Figure]) -> None:
    """Refuse a ledger that does not add up.

    Raises:
        EngineError: A party's entries miss the run's balance by half a fen, or a figure the run's.
    """
    for account in accounts:
        if abs(account.closing - account.in_run) >= HALF_A_FEN:
            ends = f"at {account.closing:.2f}, the run at {account.in_run:.2f}"
            raise EngineError(f"the ledger of {account.party} ends {ends}")
    for figure in figures:
        if not _agree(figure.by_ledger, figure.in_run, figure.unit):
            raise EngineError(
                f"{figure.name} is {figure.by_ledger} by the ledger, {figure.in_run} in the run"
            )


def _agree(one: float | None, other: float | None, unit: str) -> bool:
    """Return whether two figures are one, amounts to half a fen: an emptied account may hold dust."""
    if one is None or other is None:
        return one is other
    is_amount = unit == "yuan" or abs(other) > 1.0
    return abs(one - other) <= max(HALF_A_FEN * is_amount, 1e-6 * max(1.0, abs(other)))
