"""Step 9 of the month: what is written down, in the order of ``record_names``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from fundsim.reference.claims import due_lag
from fundsim.scheme import (
    Borrowers,
    Contract,
    Facility,
    Nature,
    Population,
    Scheme,
    record_names,
)
from fundsim.scheme.records import (
    book_record,
    breaker_record,
    contract_record,
    drawn_record,
    facility_record,
    guarantor_record,
    last_months,
    ledger_lines,
    party_record,
    segment_record,
)

if TYPE_CHECKING:
    from fundsim.reference.books import Portfolio
    from fundsim.reference.claims import Cover
    from fundsim.reference.clock import Clock
    from fundsim.reference.month import City

__all__ = ["RecordPlan", "Recorder", "gauges", "plan_records"]

Gauge = Callable[[], float]
K = TypeVar("K")


@dataclass(frozen=True)
class RecordPlan:
    """Which records are copied when."""

    names: tuple[str, ...]
    """Names of a row, in order."""
    series: tuple[str, ...]
    """Names of the records copied at every month's end."""
    snapshot_rows: dict[int, int]
    """Month → row of the snapshot taken at its end."""
    months: int


def plan_records(
    scheme: Scheme, series: tuple[str, ...], records: tuple[str, ...] | None = None
) -> RecordPlan:
    """Return the plan for a scheme.

    Args:
        scheme: the scheme.
        series: names of the records wanted at every month's end.
        records: names of the records wanted at snapshots; all of them unless given.

    Raises:
        ValueError: a name is no record, or one of ``series`` exists at snapshots only.
    """
    names = record_names(scheme)
    at_snapshots = names.all if records is None else records
    _check_known(at_snapshots, set(names.all), "snapshot")
    _check_known(series, set(names.all) - set(names.at_snapshots), "month's end")
    rows = {elapsed - 1: row for row, elapsed in enumerate(scheme.window.snapshots)}
    return RecordPlan(at_snapshots, series, rows, scheme.window.total)


def _check_known(names: tuple[str, ...], known: set[str], moment: str) -> None:
    if unknown := [name for name in names if name not in known]:
        message = f"no such record at a {moment}: {', '.join(unknown)}"
        raise ValueError(message)


class Recorder:
    """Copies the records of one path.

    Attributes:
        snapshots: shape (snapshots, records).
        series: shape (months, series records).
    """

    def __init__(self, plan: RecordPlan, city: City) -> None:
        self.plan = plan
        self.snapshots = np.full((len(plan.snapshot_rows), len(plan.names)), math.nan)
        self.series = np.full((plan.months, len(plan.series)), math.nan)
        self._gauges = gauges(city)
        self._ends = last_months(city.scheme)
        self._held: dict[str, float] = {}

    def write(self, month: int) -> None:
        """Copy the records at the end of a month; those of a noun whose life is over hold."""
        for name, end in self._ends.items():
            if end == month:
                self._held[name] = self._gauges[name]()
        self.series[month] = [self._read(name, month) for name in self.plan.series]
        if month in self.plan.snapshot_rows:
            row = self.plan.snapshot_rows[month]
            self.snapshots[row] = [self._read(name, month) for name in self.plan.names]

    def _read(self, name: str, month: int) -> float:
        return self._held[name] if self._ends.get(name, month) < month else self._gauges[name]()


def gauges(city: City) -> dict[str, Gauge]:
    """Return, for every record of a path, the function that reads it now."""
    return {
        **_ledger_gauges(city),
        **_contract_gauges(city),
        **_book_gauges(city),
        **_facility_gauges(city),
        **_breaker_gauges(city),
        **_guarantor_gauges(city),
        **_population_gauges(city),
        **{drawn_record(name): _item(city.drawn, name) for name in city.drawn},
        **{name: gauge for desk in city.desks for name, gauge in desk.gauges.items()},
    }


def _attribute(owner: object, name: str) -> Gauge:
    return lambda: float(getattr(owner, name))


def _item(table: Mapping[K, float], key: K, empty: float = 0.0) -> Gauge:
    return lambda: float(table.get(key, empty))


def _ledger_gauges(city: City) -> dict[str, Gauge]:
    ledger, unpaid_month = city.ledger, city.claims.unpaid_month
    found = {line.record: _item(ledger.moved, line) for line in ledger_lines(city.scheme)}
    for party in city.scheme.parties:
        name = party.name
        found[party_record(name, "balance")] = _item(ledger.balance, name)
        found[party_record(name, "paid_in")] = _item(ledger.paid_in, name)
        found[party_record(name, "unpaid_month")] = _item(unpaid_month, name, math.inf)
    return found


def _contract_gauges(city: City) -> dict[str, Gauge]:
    found: dict[str, Gauge] = {}
    for name, cover in city.claims.covers.items():
        for what in Contract.names(Nature.FLOW):
            found[contract_record(name, what)] = _attribute(cover, what)
        found[contract_record(name, "pending")] = cover.pending
        found |= _ahead_gauges(city, name, cover)
    return found


def _ahead_gauges(city: City, name: str, cover: Cover) -> dict[str, Gauge]:
    """Return what a contract can still be asked for, and what can still come back to its payer."""
    clock = city.clock
    months, payer_months = _months_of_claims(city, cover.contract)
    volumes = city.portfolios[cover.contract.facility].volume
    return {
        contract_record(name, "claimable"): cover.claimable,
        contract_record(name, "to_recover"): lambda: cover.to_recover(
            clock.month, clock.month + payer_months
        ),
        contract_record(name, "cap_left"): lambda: cover.cap_left(clock.month, clock.month + months, volumes),
        contract_record(name, "attach_left"): lambda: cover.attach_left(clock.month),
    }


def _months_of_claims(city: City, contract: Contract) -> tuple[int, int]:
    """Return how many months after a date the last claim on a contract, and on its payer, falls due.

    Arrears wait for money, and may be paid until the run-off ends.
    """
    own = [cover.contract for cover in city.claims.covers.values() if cover.contract.payer == contract.payer]
    last = {
        c.name: due_lag(c, city.claims.contracts)
        + max(book.segment.term_months for book in city.portfolios[c.facility].books.values())
        for c in own
    }
    carried = city.scheme.window.waiting if any(c.carry for c in own) else 0
    return last[contract.name], max(*last.values(), carried)


def _book_gauges(city: City) -> dict[str, Gauge]:
    return {
        book_record(facility, segment, what): _attribute(book, what)
        for facility, portfolio in city.portfolios.items()
        for segment, book in portfolio.books.items()
        for what in Borrowers.names(Nature.FLOW, Nature.STOCK)
    }


def _facility_gauges(city: City) -> dict[str, Gauge]:
    found: dict[str, Gauge] = {}
    for name, portfolio in city.portfolios.items():
        for what in Facility.names(Nature.FLOW):
            teller = portfolio if what == "collected" else city.lending.tallies[name]
            found[facility_record(name, what)] = _attribute(teller, what)
        for what, stock in _stocks(portfolio).items():
            found[facility_record(name, what)] = _this_month(stock, city.clock)
    return found


def _stocks(portfolio: Portfolio) -> dict[str, Callable[[int], float]]:
    return {"outstanding": portfolio.outstanding, "overdue": portfolio.overdue, "npl": portfolio.npl}


def _this_month(stock: Callable[[int], float], clock: Clock) -> Gauge:
    return lambda: float(stock(clock.month))


def _breaker_gauges(city: City) -> dict[str, Gauge]:
    found: dict[str, Gauge] = {}
    for name, switch in city.lending.switches.items():
        found[breaker_record(name, "months")] = _attribute(switch, "months")
        found[breaker_record(name, "fired_month")] = _attribute(switch, "fired_month")
    return found


def _guarantor_gauges(city: City) -> dict[str, Gauge]:
    found: dict[str, Gauge] = {}
    for party, books in city.guarantors.items():
        monthly = {
            "liability": books.liability,
            "receivable": books.receivable,
            "unearned": books.unearned,
            "net_assets": books.net_assets,
        }
        for what, stock in monthly.items():
            found[guarantor_record(party, what)] = _this_month(stock, city.clock)
        for what in ("reserve", "insolvent_month"):
            found[guarantor_record(party, what)] = _attribute(books, what)
    return found


def _population_gauges(city: City) -> dict[str, Gauge]:
    return {
        segment_record(segment, what): _attribute(firms, what)
        for segment, firms in city.firms.items()
        for what in Population.names(Nature.FLOW, Nature.STOCK)
    }
