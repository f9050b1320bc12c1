"""Names of what an engine records: the vocabulary between the engines and the metrics.

An engine fills, for each path, one row of records at every snapshot (and, for the records that a
series needs, at every month's end).  Three natures:

* **flow** — cumulative since month 0: its difference over a year is that year's amount;
* **stock** — the state at the date;
* **month** — number of the first month in which something happened, infinity if it has not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fundsim.scheme.model import Scheme
from fundsim.scheme.money import Line

__all__ = [
    "BOOK_FLOWS",
    "BOOK_STOCKS",
    "BREAKER_FLOWS",
    "CONTRACT_AHEAD",
    "CONTRACT_FLOWS",
    "CONTRACT_SNAPSHOTS",
    "FACILITY_FLOWS",
    "FACILITY_STOCKS",
    "GUARANTOR_STOCKS",
    "POPULATION_FLOWS",
    "POPULATION_STOCKS",
    "RecordNames",
    "book_record",
    "breaker_record",
    "contract_record",
    "drawn_record",
    "facility_record",
    "guarantor_record",
    "ledger_lines",
    "party_record",
    "record_names",
    "segment_record",
]

BOOK_FLOWS = (
    "n_new",  # loans granted to firms that had none
    "n_renewed",
    "lent_new",  # principal as granted [yuan]
    "lent_renewed",
    "n_defaulted",
    "defaulted",  # principal that was outstanding on loans that defaulted, at whatever moment
    "defaulted_at_cliff",  # of it: renewals forbidden in the run-off
    "defaulted_at_stop",  # of it: renewals forbidden by a breaker
    "matured",  # principal due and not defaulted: bullets at maturity (renewed or repaid), instalments
    "recoverable",  # (1 − LGD) × what was outstanding on the defaults
    "loan_months",  # exposure: Σ over the months of the loans that perform at their start, before defaults
)
BOOK_STOCKS = (
    "n_performing",
    "performing",  # principal outstanding, instalments that fell due deducted
)
FACILITY_FLOWS = (
    "demand",  # principal applied for, after rounding to whole loans
    "refused_breaker",
    "refused_firms",  # no eligible firm left
    "refused_capacity",
    "capacity_months",  # Σ over the window's months of the smallest multiple × base, see below
    "outstanding_months",  # Σ over the window's months of month-end outstanding
    "refused_obligor",  # a guarantor's single-obligor limit forbids loans of this size
    "collected",  # recoveries on its defaults, before costs; a lender may have several facilities
)
"""``capacity_months`` takes the smallest ceiling among the facility's limits on ``paid_in`` or ``balance``,
which bound principal, and is 0 without one; one on ``net_assets`` bounds a weighted liability: left out."""

FACILITY_STOCKS = ("outstanding", "overdue", "npl")
CONTRACT_FLOWS = ("due", "paid", "above_cap", "unpaid", "relieved", "recovered")
CONTRACT_AHEAD = ("claimable", "to_recover", "cap_left", "attach_left")
CONTRACT_SNAPSHOTS = ("pending", *CONTRACT_AHEAD)
GUARANTOR_STOCKS = ("net_assets", "liability", "receivable", "unearned", "reserve")
BREAKER_FLOWS = ("months",)  # number of months in which it was on at step 8
POPULATION_FLOWS = ("entered", "exited")  # firms that became eligible, and that ceased to be
POPULATION_STOCKS = ("population",)  # eligible firms, with or without a loan


def book_record(facility: str, segment: str, what: str) -> str:
    """Record of the loans of one segment on one facility."""
    return f"book/{facility}/{segment}/{what}"


def facility_record(facility: str, what: str) -> str:
    """Record of one facility."""
    return f"facility/{facility}/{what}"


def contract_record(contract: str, what: str) -> str:
    """Record of one contract.

    * ``pending``: share × basis of defaults not yet due.
    * ``claimable``: claims as they stand, before layers, caps and balance, on batches whose insured has had
      its loss (the lender's default; what the payer of the covered contract paid, once that fell due) and
      whose claim on this contract is not yet due.
    * ``to_recover``: what recoveries still to come on the defaults to date can bring the payer, up to the
      month of the last claim on any of its contracts; to the end of the run-off at least, where one of them
      carries arrears.  Of each, net of its cost, the product along the chain of contracts: (paid + open
      arrears) ÷ basis where the claim has fallen due, share where it has not; 0 under a net contract.
    * ``cap_left``: the smallest of what the yearly limits leave, summed over the policy years from that of
      the next month to that of the contract's last claim; what the limit of life leaves; and the sum of
      what the cohorts' caps leave; infinity without a cap.
    * ``attach_left``: what of the attachment of life, and of the smallest of those years', is not yet passed.

    The last claim of a contract after a date falls due as many months later as the longest term of the
    facility's segments and the months from a default to the contract's due date together.
    """
    return f"contract/{contract}/{what}"


def party_record(party: str, what: str) -> str:
    """``balance``, ``paid_in`` or ``unpaid_month`` of a party."""
    return f"party/{party}/{what}"


def guarantor_record(party: str, what: str) -> str:
    """One of ``GUARANTOR_STOCKS``, or ``insolvent_month``, of the Guarantor of a party."""
    return f"guarantor/{party}/{what}"


def drawn_record(name: str) -> str:
    """Value that a Drawn has on the path: a stock that never changes."""
    return f"drawn/{name}/value"


def breaker_record(breaker: str, what: str) -> str:
    """``months`` or ``fired_month`` of a breaker."""
    return f"breaker/{breaker}/{what}"


def segment_record(segment: str, what: str) -> str:
    """``entered``, ``exited`` or ``population`` of a segment; only segments with a population have them."""
    return f"segment/{segment}/{what}"


def ledger_lines(scheme: Scheme) -> tuple[Line, ...]:
    """Return every line of the ledger that a scheme can book, each once, in a fixed order."""
    lenders = {facility.name: facility.lender for facility in scheme.facilities}
    payers = {contract.name: contract.payer for contract in scheme.contracts}

    def walk() -> Iterator[Line]:
        for facility in scheme.facilities:
            yield Line(source=facility.lender, target="firms", kind="loan")
            yield Line(source="firms", target=facility.lender, kind="repayment")
            yield Line(source="firms", target=facility.lender, kind="recovery")
            if facility.recovery_cost:
                yield Line(source=facility.lender, target="outside", kind="recovery_cost")
        for contract in scheme.contracts:
            insured = lenders[contract.facility] if contract.covers is None else payers[contract.covers]
            yield Line(source=contract.payer, target=insured, kind="claim")
            yield Line(source=insured, target=contract.payer, kind="recovery_share")
        for injection in scheme.injections:
            yield Line(source=injection.source, target=injection.target, kind=injection.kind)
        for top_up in scheme.top_ups:
            yield Line(source=top_up.source, target=top_up.target, kind=top_up.kind)
        for interest in scheme.interest:
            yield Line(source=interest.payer, target=interest.party, kind=interest.kind)
        for cost in scheme.running_costs:
            yield Line(source=cost.party, target=cost.payee, kind=cost.kind)
        for fee in scheme.fees:
            yield Line(source=fee.payer, target=fee.payee, kind=fee.kind)
        for refund in scheme.margin_refunds:
            yield Line(source=refund.party, target=refund.payee, kind=refund.kind)

    return tuple(dict.fromkeys(walk()))


@dataclass(frozen=True, slots=True)
class RecordNames:
    """The records of a scheme by nature, and in the order of an engine's row."""

    flows: tuple[str, ...]
    stocks: tuple[str, ...]
    months: tuple[str, ...]
    at_snapshots: tuple[str, ...]
    """Stocks that exist at snapshots only and can't feed a series: ``CONTRACT_SNAPSHOTS``."""
    all: tuple[str, ...]
    """Every name, in the order of the row: what belongs to one thing stands together."""


def record_names(scheme: Scheme) -> RecordNames:
    """Return the names of all records of a scheme, in the order that both engines use."""
    books = [(facility.name, b.segment) for facility in scheme.facilities for b in facility.borrowers]
    flows = [line.record for line in ledger_lines(scheme)]
    stocks: list[str] = []
    months: list[str] = []
    pending: list[str] = []
    row = list(flows)

    def add(nature: list[str], names: list[str]) -> None:
        nature.extend(names)
        row.extend(names)

    for contract in scheme.contracts:
        add(flows, [contract_record(contract.name, what) for what in CONTRACT_FLOWS])
        add(pending, [contract_record(contract.name, what) for what in CONTRACT_SNAPSHOTS])
    for facility, segment in books:
        add(flows, [book_record(facility, segment, what) for what in BOOK_FLOWS])
        add(stocks, [book_record(facility, segment, what) for what in BOOK_STOCKS])
    for f in scheme.facilities:
        add(flows, [facility_record(f.name, what) for what in FACILITY_FLOWS])
        add(stocks, [facility_record(f.name, what) for what in FACILITY_STOCKS])
    for party in scheme.parties:
        add(stocks, [party_record(party.name, what) for what in ("balance", "paid_in")])
        add(months, [party_record(party.name, "unpaid_month")])
    for breaker in scheme.breakers:
        add(flows, [breaker_record(breaker.name, what) for what in BREAKER_FLOWS])
        add(months, [breaker_record(breaker.name, "fired_month")])
    for guarantor in scheme.guarantors:
        add(stocks, [guarantor_record(guarantor.party, what) for what in GUARANTOR_STOCKS])
        add(months, [guarantor_record(guarantor.party, "insolvent_month")])
    add(stocks, [drawn_record(drawn.name) for drawn in scheme.drawn])
    for s in scheme.segments:
        if s.population is not None:
            add(flows, [segment_record(s.name, what) for what in POPULATION_FLOWS])
            add(stocks, [segment_record(s.name, what) for what in POPULATION_STOCKS])
    return RecordNames(tuple(flows), tuple(stocks), tuple(months), tuple(pending), tuple(row))
