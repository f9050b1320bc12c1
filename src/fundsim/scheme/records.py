"""Names of what an engine records: the vocabulary between the engines and the metrics.

An engine fills, for each path, one row of records at every snapshot (and, for the records that a
series needs, at every month's end).  What a record is, each noun declares of itself; its ``Nature`` says how
it comes about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fundsim.scheme.borrowers import Borrowers, Population
from fundsim.scheme.bridge import BridgeFund, RequestSize
from fundsim.scheme.budget import BudgetLine
from fundsim.scheme.contracts import Contract
from fundsim.scheme.equity import EquityFund
from fundsim.scheme.happenings import Happening, Tier
from fundsim.scheme.lending import Breaker, Facility, Guarantor
from fundsim.scheme.line_payments import LinePayment
from fundsim.scheme.money import Drawn, Party
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record
from fundsim.scheme.nouns import NOUNS
from fundsim.scheme.scheme import Scheme

__all__ = [
    "RecordNames",
    "book_record",
    "breaker_record",
    "bridge_record",
    "bridge_size_record",
    "contract_record",
    "drawn_record",
    "entries_of",
    "equity_record",
    "facility_record",
    "guarantor_record",
    "happening_record",
    "last_months",
    "ledger_lines",
    "line_record",
    "party_record",
    "payment_record",
    "record_names",
    "records_of",
    "segment_record",
    "tier_record",
]

contract_record = Contract.record
facility_record = Facility.record
party_record = Party.record
guarantor_record = Guarantor.record
breaker_record = Breaker.record
bridge_record = BridgeFund.record
equity_record = EquityFund.record
happening_record = Happening.record
line_record = BudgetLine.record
payment_record = LinePayment.record
segment_record = Population.record
"""Only segments with a population have records."""


def book_record(facility: str, segment: str, what: str) -> str:
    """Record of the loans of one segment on one facility."""
    return Borrowers.record(f"{facility}/{segment}", what)


def tier_record(ladder: str, tier: str, what: str) -> str:
    """Record of a tier of a ladder of firms."""
    return Tier.record(f"{ladder}/{tier}", what)


def bridge_size_record(fund: str, position: int, what: str) -> str:
    """Record of the requests of one of a bridge fund's sizes, counted from 0."""
    return RequestSize.record(f"{fund}/{position}", what)


def drawn_record(name: str) -> str:
    """Value that a Drawn has on the path: a stock that never changes."""
    return Drawn.record(name, "value")


def entries_of(scheme: Scheme) -> tuple[Entry, ...]:
    """Return what a scheme can book in the ledger, one entry a line, in a fixed order.

    Entries of several objects on one line become one, with the steps of all of them.
    """
    merged: dict[Line, Entry] = {}
    for noun in NOUNS:
        for one in noun.all_in(scheme).values():
            for entry in one.entries(scheme):
                merged[entry.line] = _merged(merged.get(entry.line), entry)
    return tuple(merged.values())


def _merged(first: Entry | None, second: Entry) -> Entry:
    if first is None:
        return second
    return replace(
        second,
        steps=tuple(sorted({*first.steps, *second.steps})),
        early=(*first.early, *second.early),
        rank=max(first.rank, second.rank),
    )


def ledger_lines(scheme: Scheme) -> tuple[Line, ...]:
    """Return every line of the ledger that a scheme can book, each once, in a fixed order."""
    return tuple(entry.line for entry in entries_of(scheme))


def records_of(scheme: Scheme) -> Iterator[tuple[str, type[Noun], Record, str]]:
    """Yield (name, noun, record, subject) of all records but those of the ledger, in the order of the row."""
    for noun in NOUNS:
        if noun.records:
            for subject in noun.all_in(scheme):
                for record in noun.records:
                    yield noun.record(subject, record.name), noun, record, subject


def last_months(scheme: Scheme) -> dict[str, int]:
    """Return record → last month of the life of its object, of those that end before the scheme does."""
    last = scheme.window.total - 1
    ends = {
        noun.record(subject, record.name): one.end(scheme)
        for noun in NOUNS
        for subject, one in (noun.all_in(scheme).items() if noun.records else ())
        for record in noun.records
    }
    return {record: end for record, end in ends.items() if end < last}


@dataclass(frozen=True, slots=True)
class RecordNames:
    """The records of a scheme by nature, and in the order of an engine's row."""

    flows: tuple[str, ...]
    stocks: tuple[str, ...]
    months: tuple[str, ...]
    at_snapshots: tuple[str, ...]
    """Records that exist at snapshots only, or at the path's end, and can't feed a series."""
    all: tuple[str, ...]
    """Every name, in the order of the row: what belongs to one thing stands together."""


def record_names(scheme: Scheme) -> RecordNames:
    """Return the names of all records of a scheme, in the order that both engines use."""
    by_nature: dict[Nature, list[str]] = {nature: [] for nature in Nature}
    by_nature[Nature.FLOW] += [line.record for line in ledger_lines(scheme)]
    row = list(by_nature[Nature.FLOW])
    for name, _, record, _ in records_of(scheme):
        by_nature[record.nature].append(name)
        row.append(name)
    return RecordNames(
        flows=tuple(by_nature[Nature.FLOW]),
        stocks=tuple(by_nature[Nature.STOCK]),
        months=tuple(by_nature[Nature.MONTH]),
        at_snapshots=tuple(by_nature[Nature.SNAPSHOT] + by_nature[Nature.PATH_VALUE]),
        all=tuple(row),
    )
