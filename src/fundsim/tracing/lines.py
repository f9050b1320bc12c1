"""At which step of the month a line of the ledger moves money, and in which order within a step."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import Fee, Line, Scheme
from fundsim.scheme.records import book_record, ledger_lines
from fundsim.tracing.monthly import Monthly

__all__ = ["by_step", "rank_of"]

FIRMS = "firms"
RECOVERY, REPAYMENT, CLAIM, CHARGE, LENDING = 3, 5, 6, 7, 8
FIXED = {"recovery": RECOVERY, "recovery_cost": RECOVERY, "recovery_share": RECOVERY, "claim": CLAIM}


def by_step(scheme: Scheme, line: Line, monthly: Monthly) -> dict[int, NDArray[np.float64]]:
    """Split what a line moved in each month over the steps at which it moves [yuan], shape (months,).

    Only loans and fees move at two steps: renewals paid out in cash at 5 and fees on renewals at 7, new
    loans and fees on them at 8.
    """
    whole = monthly[line.record]
    fees = [f for f in scheme.fees if (f.payer, f.payee, f.kind) == (line.source, line.target, line.kind)]
    if line.kind == "loan" and line.target == FIRMS:
        return _split(whole, _renewed_in_cash(scheme, line.source, monthly), REPAYMENT)
    if fees:
        return _split(whole, sum((_fee_on_renewals(scheme, f, monthly) for f in fees), 0.0 * whole), CHARGE)
    return {_step_of(scheme, line): whole}


def _split(
    whole: NDArray[np.float64], early: NDArray[np.float64], step: int
) -> dict[int, NDArray[np.float64]]:
    late = np.round(whole - early, 6)
    # What is left of a month without new loans is the noise of two sums that should agree.
    late[np.abs(late) < 1e-5 + 1e-12 * np.abs(whole)] = 0.0
    return {step: np.round(whole - late, 6), LENDING: late}


def _step_of(scheme: Scheme, line: Line) -> int:
    key = (line.source, line.target, line.kind)
    if line.kind in FIXED:
        return FIXED[line.kind]
    funding = {(i.source, i.target, i.kind) for i in scheme.injections}
    if key in funding | {(u.source, u.target, u.kind) for u in scheme.top_ups}:
        return 2
    if line.kind == "repayment" or key in {(r.party, r.payee, r.kind) for r in scheme.margin_refunds}:
        return REPAYMENT
    return CHARGE


def _renewed_in_cash(scheme: Scheme, lender: str, monthly: Monthly) -> NDArray[np.float64]:
    """Return the principal of amortising loans that a lender paid out again in each month [yuan]."""
    cash = {s.name for s in scheme.segments if s.outstanding_share}
    books = [(f.name, b.segment) for f in scheme.facilities if f.lender == lender for b in f.borrowers]
    renewed = [monthly[book_record(f, s, "lent_renewed")] for f, s in books if s in cash]
    return sum(renewed, np.zeros(scheme.window.total))


def _fee_on_renewals(scheme: Scheme, fee: Fee, monthly: Monthly) -> NDArray[np.float64]:
    """Return what renewals were charged in each month [yuan]."""
    total = np.zeros(scheme.window.total)
    if not fee.on_renewal:
        return total
    segments = {s.name: s for s in scheme.segments}
    (facility,) = [f for f in scheme.facilities if f.name == fee.facility]
    for borrowers in facility.borrowers:
        segment = segments[borrowers.segment]
        months = math.fsum(segment.outstanding_share) or segment.term_months
        rate = fee.flat + fee.annual * months / 12
        total = total + rate * monthly[book_record(facility.name, segment.name, "lent_renewed")]
    return total


def rank_of(scheme: Scheme) -> dict[Line, int]:
    """Return line → its place among the lines of one step, so that nobody pays before it is paid.

    Claims and shares of recoveries go by the depth of their contracts, fees before interest and cost.
    """
    by_name = {c.name: c for c in scheme.contracts}
    lenders = {f.name: f.lender for f in scheme.facilities}
    depth: dict[tuple[str, str], int] = defaultdict(int)
    for contract in scheme.contracts:
        insured = lenders[contract.facility] if contract.covers is None else by_name[contract.covers].payer
        above, steps = contract, 1
        while above.covers is not None:
            above, steps = by_name[above.covers], steps + 1
        depth[contract.payer, insured] = max(depth[contract.payer, insured], steps)
    fees = {(f.payer, f.payee, f.kind) for f in scheme.fees}

    def place(line: Line) -> int:
        if line.kind == "claim":
            return depth[line.source, line.target]
        if line.kind == "recovery_share":
            return depth[line.target, line.source]
        return -1 if (line.source, line.target, line.kind) in fees else 0

    lines = sorted(ledger_lines(scheme), key=place)  # stable: the ledger's order within a place
    return {line: rank for rank, line in enumerate(lines)}
