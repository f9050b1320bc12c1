"""Identities that hold at every month's end of every path of every scheme, to a fen."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import Borrowers, Breaker, Facility, Nature, Scheme, Segment
from fundsim.scheme.records import (
    book_record,
    contract_record,
    drawn_record,
    facility_record,
    ledger_lines,
    party_record,
)

from .amounts import HALF_A_FEN, near, never_below, rising
from .bridge_books import check_bridges
from .equity_books import check_equity
from .guarantor_books import check_guarantors
from .histories import History
from .population_books import check_populations
from .tapes import Row, rows_of

RECEIVED = {
    "fee", "bridge_return", "bridge_fee", "bridge_recovery", "warm_up", "equity_exit", "equity_joint_exit",
}  # fmt: skip
"""Kinds of entries, beside lending, that bring money from firms and from outside."""
SPENT = {
    "running_cost", "margin_refund", "bridge_loan", "bridge_cost",
    "equity_deal", "equity_joining", "equity_grant",
}  # fmt: skip


def check_books(scheme: Scheme, h: History) -> None:
    """Hold a history to every identity.

    Raises:
        AssertionError: one does not hold.
    """
    check_parties(scheme, h)
    check_bridges(scheme, h)
    check_equity(scheme, h)
    # What lending has written down holds when its life is over, and so do stocks that would go on to age.
    h = h.until(scheme.window.lending)
    check_contracts(scheme, h)
    for facility in scheme.facilities:
        check_loans(scheme, h, facility)
        check_stocks(h, facility)
    check_lender_lines(scheme, h)
    check_loss_split(scheme, h)
    check_limits(scheme, h)
    check_populations(scheme, h)
    check_guarantors(scheme, h)
    check_that_flows_never_fall(scheme, h)


def check_parties(scheme: Scheme, h: History) -> None:
    lines = ledger_lines(scheme)
    for party in scheme.parties:
        into = h.total(*(line.record for line in lines if line.target == party.name))
        out = h.total(*(line.record for line in lines if line.source == party.name))
        balance = h[party_record(party.name, "balance")]
        assert near(party.opening + into - out, balance), party.name
        if party.limited:
            assert never_below(balance), party.name
        funding = [u.kind for u in (*scheme.injections, *scheme.top_ups) if u.target == party.name]
        paid_in = h.total(*(ln.record for ln in lines if ln.target == party.name and ln.kind in funding))
        assert near(party.opening + paid_in, h[party_record(party.name, "paid_in")]), party.name


def check_contracts(scheme: Scheme, h: History) -> None:
    for contract in scheme.contracts:
        due, paid, above, unpaid, relieved, back = (
            h[contract_record(contract.name, what)]
            for what in ("due", "paid", "above_cap", "unpaid", "relieved", "recovered")
        )
        assert near(due, paid + above + unpaid + relieved), contract.name
        assert all(never_below(part) for part in (above, unpaid, relieved, paid - back)), contract.name
        assert never_below(h.snapshots[contract_record(contract.name, "pending")]), contract.name
    check_contract_lines(scheme, h)


def check_contract_lines(scheme: Scheme, h: History) -> None:
    """What contracts paid and had back is what the ledger's claim and recovery lines moved."""
    for kind, what in (("claim", "paid"), ("recovery_share", "recovered")):
        moved = h.total(*(line.record for line in ledger_lines(scheme) if line.kind == kind))
        booked = h.total(*(contract_record(c.name, what) for c in scheme.contracts))
        assert near(moved, booked), kind


def book(h: History, facility: Facility, segment: str) -> dict[str, np.ndarray]:
    """Return the records of one book."""
    whats = Borrowers.names(Nature.FLOW, Nature.STOCK)
    return {what: h[book_record(facility.name, segment, what)] for what in whats}


def taped(facility: Facility, segment: Segment) -> list[Row]:
    """Return the loans of a segment on a facility's tape."""
    rows = [] if facility.tape is None else rows_of(facility.tape)
    return [row for row in rows if row[0] == segment.name]


def owed_at_start(facility: Facility, segment: Segment) -> float:
    """Return what a segment's opening loans owe before month 0, those of a tape included [yuan]."""
    shares = segment.outstanding_share or (1.0,) * segment.term_months
    in_classes = sum(
        stock.n_loans * segment.bands[stock.band].principal * shares[segment.term_months - stock.months_left]
        for stock in facility.opening
        if stock.segment == segment.name
    )
    return in_classes + sum(principal for _, principal, *_ in taped(facility, segment))


def principals(facility: Facility, segment: Segment) -> list[float]:
    """Return the principals that a facility's loans to a segment may have."""
    return [*(band.principal for band in segment.bands), *(row[1] for row in taped(facility, segment))]


def check_loans(scheme: Scheme, h: History, facility: Facility) -> None:
    segments = {s.name: s for s in scheme.segments}
    for borrowers in facility.borrowers:
        b = book(h, facility, borrowers.segment)
        segment = segments[borrowers.segment]
        bands = segment.bands
        opening = owed_at_start(facility, segment)
        repaid = b["matured"] - b["lent_renewed"]
        assert near(opening + b["lent_new"] - repaid - b["defaulted"], b["performing"])
        assert never_below(b["performing"])
        assert never_below(b["defaulted"] - b["recoverable"])
        assert never_below(b["recoverable"])
        assert never_below(b["defaulted"], b["defaulted_at_cliff"] + b["defaulted_at_stop"])
        for count in ("n_new", "n_renewed", "n_defaulted", "n_performing"):
            assert (b[count] == np.round(b[count])).all()
            assert b[count].min() >= 0.0
        stock = sum(o.n_loans for o in facility.opening if o.segment == segment.name)
        n_opening = stock + len(taped(facility, segment))
        starts = np.pad(b["n_performing"], ((0, 0), (1, 0)), constant_values=n_opening)[:, :-1]
        assert (since(b["loan_months"], 1) == starts).all()
        left = n_opening + b["n_new"] - b["n_defaulted"] - b["n_performing"]
        assert left.min() >= 0.0
        assert never_below(bands[-1].principal * b["n_new"], b["lent_new"])
        assert never_below(b["lent_new"], bands[0].principal * b["n_new"])
        sizes = principals(facility, segment)
        least = min(sizes) * min(segment.outstanding_share, default=1.0)
        assert never_below(max(sizes) * b["n_performing"], b["performing"])
        assert never_below(b["performing"], least * b["n_performing"])
        assert ((b["n_performing"] > 0.0) == (b["performing"] > 0.0)).all()
        if not segment.outstanding_share:
            assert never_below(repaid)
            assert ((left > 0.0) == (repaid > HALF_A_FEN)).all()
    lent_new = h.total(*(book_record(facility.name, b.segment, "lent_new") for b in facility.borrowers))
    why = ("refused_breaker", "refused_obligor", "refused_firms", "refused_capacity")
    refused = h.total(*(facility_record(facility.name, what) for what in why))
    assert near(h[facility_record(facility.name, "demand")], lent_new + refused)


def since(values: np.ndarray, months: int) -> np.ndarray:
    """Return what a cumulative record has gained over the last so many months."""
    if months == 0:
        return np.zeros_like(values)
    return values - np.pad(values, ((0, 0), (months, 0)))[:, : values.shape[1]]


def check_stocks(h: History, facility: Facility) -> None:
    books = [b.segment for b in facility.borrowers]
    defaulted = h.total(*(book_record(facility.name, s, "defaulted") for s in books))
    performing = h.total(*(book_record(facility.name, s, "performing") for s in books))
    outstanding, overdue, npl = (
        h[facility_record(facility.name, what)] for what in ("outstanding", "overdue", "npl")
    )
    assert near(outstanding, performing + since(defaulted, facility.claim_months))
    closing = facility.closing_months
    assert near(overdue, since(defaulted, closing))
    assert near(npl, since(defaulted, closing) - since(defaulted, min(3, closing)))


def check_lender_lines(scheme: Scheme, h: History) -> None:
    """The lenders' ledger lines are their books: lent, repaid, recovered, and its cost."""
    for lender in {f.lender for f in scheme.facilities}:
        own = [f for f in scheme.facilities if f.lender == lender]

        def of_books(what: str, segments=scheme.segments, own=own) -> np.ndarray:
            kept = {s.name for s in segments}
            books = [(f.name, b.segment) for f in own for b in f.borrowers if b.segment in kept]
            return h.total(*(book_record(*book, what) for book in books))

        # A bullet is rolled over without cash; an amortising loan is repaid in full and paid out again.
        cash = [s for s in scheme.segments if s.outstanding_share]
        rolled = of_books("lent_renewed") - of_books("lent_renewed", cash)
        assert near(h[f"flow/{lender}>firms/loan"], of_books("lent_new") + of_books("lent_renewed", cash))
        repaid = of_books("matured") - rolled
        assert near(h[f"flow/firms>{lender}/repayment"], repaid)
        recovered, cost = arrived(h, own)
        assert near(h[f"flow/firms>{lender}/recovery"], recovered)
        assert near(h.get(f"flow/{lender}>outside/recovery_cost"), cost)
    for facility in scheme.facilities:
        assert near(h[facility_record(facility.name, "collected")], arrived(h, [facility])[0])


def arrived(h: History, facilities: list[Facility]) -> tuple[np.ndarray, np.ndarray]:
    """Return recoveries and their costs to date, from the recoverable parts and their lags."""
    recovered = h.total()
    cost = h.total()
    for f in facilities:
        recoverable = h.total(*(book_record(f.name, b.segment, "recoverable") for b in f.borrowers))
        for part in f.recovery:
            late = recoverable - since(recoverable, min(part.lag_months, recoverable.shape[1]))
            recovered = recovered + part.share * late
            cost = cost + f.recovery_cost * part.share * late
    return recovered, cost


def check_loss_split(scheme: Scheme, h: History) -> None:
    """Σ net outlay of all parties = gross losses − recoveries net of costs.

    Read off the balances: money that left the parties which bear losses, less the loans that still
    perform, plus what fees brought and running costs and refunds took.
    """
    bearers = [p for p in scheme.parties if p.name not in {"firms", "outside"}]
    gone = sum(p.opening - h[party_record(p.name, "balance")] for p in bearers)
    books = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    performing = h.total(*(book_record(f, s, "performing") for f, s in books))
    segments = {s.name: s for s in scheme.segments}
    opening = sum(owed_at_start(f, segments[b.segment]) for f in scheme.facilities for b in f.borrowers)
    lines = ledger_lines(scheme)
    fees = h.total(*(line.record for line in lines if line.kind in RECEIVED))
    spent = h.total(*(line.record for line in lines if line.kind in SPENT))
    recovered, cost = arrived(h, list(scheme.facilities))
    defaulted = h.total(*(book_record(f, s, "defaulted") for f, s in books))
    assert near(gone + opening - performing + fees - spent, defaulted - recovered + cost)
    if all(c.basis == "principal" and not c.carry for c in scheme.contracts):
        check_that_nobody_gains(scheme, h)


def check_that_nobody_gains(scheme: Scheme, h: History) -> None:
    """No insured has more from its contracts than it lost, as long as interest is not covered."""
    by_name = {c.name: c for c in scheme.contracts}
    for insured in {c.covers for c in scheme.contracts if c.covers is not None}:
        own = h[contract_record(insured, "paid")] - h[contract_record(insured, "recovered")]
        covers = [c.name for c in by_name.values() if c.covers == insured]
        paid = h.total(*(contract_record(name, "paid") for name in covers))
        back = h.total(*(contract_record(name, "recovered") for name in covers))
        assert never_below(own, paid - back), insured
    for facility in scheme.facilities:
        books = [book_record(facility.name, b.segment, "defaulted") for b in facility.borrowers]
        recovered, cost = arrived(h, [facility])
        covers = [c.name for c in by_name.values() if c.facility == facility.name and c.covers is None]
        paid = h.total(*(contract_record(name, "paid") for name in covers))
        back = h.total(*(contract_record(name, "recovered") for name in covers))
        assert never_below(h.total(*books) - recovered + cost, paid - back), facility.name


def check_limits(scheme: Scheme, h: History) -> None:
    """Nothing passes a limit: contracts' caps, capacity on paid-in money."""
    for contract in scheme.contracts:
        if not contract.cap_on_net:
            paid = h[contract_record(contract.name, "paid")]
            assert never_below(-paid, -contract.limit), contract.name
            before = np.pad(paid, ((0, 0), (12, 0)))
            for month in range(paid.shape[1]):
                year = paid[:, month] - before[:, 12 + 12 * (month // 12) - 1]
                assert never_below(-year, -contract.year_limit), contract.name
    for limit in scheme.capacities:
        sharing = [f for f in scheme.facilities if limit.name in f.capacities]
        if limit.basis == "paid_in" and sharing:
            out = h.total(*(facility_record(f.name, "outstanding") for f in sharing))
            lent = h.total(
                *(book_record(f.name, b.segment, "lent_new") for f in sharing for b in f.borrowers)
            )
            multiple = limit.multiple * (1.0 if limit.drawn is None else h[drawn_record(limit.drawn)])
            ceiling = multiple * h[party_record(limit.party, "paid_in")]
            grew = since(lent, 1) > 0.0
            # Counts are cut to ⌊λ N + 1e-9⌋, so a ceiling holds to a billionth of the loans asked for.
            assert (out[grew] <= ceiling[grew] * (1.0 + 1e-6)).all()


def check_that_flows_never_fall(scheme: Scheme, h: History) -> None:
    records = [line.record for line in ledger_lines(scheme)]
    records += [contract_record(c.name, w) for c in scheme.contracts for w in ("due", "paid", "above_cap")]
    records += [contract_record(c.name, w) for c in scheme.contracts for w in ("relieved", "recovered")]
    records += [
        book_record(f.name, b.segment, what)
        for f in scheme.facilities
        for b in f.borrowers
        for what in Borrowers.names(Nature.FLOW)
    ]
    records += [
        facility_record(f.name, what) for f in scheme.facilities for what in Facility.names(Nature.FLOW)
    ]
    records += [f"breaker/{b.name}/{what}" for b in scheme.breakers for what in Breaker.names(Nature.FLOW)]
    for record in records:
        assert rising(h[record]), record
