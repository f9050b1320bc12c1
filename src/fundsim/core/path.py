"""A path: the calendar month of a scheme, read from top to bottom."""

from __future__ import annotations

import numpy as np

from fundsim.core.budget.calendar import appropriate_to_lines, move_events, open_budget, pay_lines
from fundsim.core.budget.dues import accrue
from fundsim.core.machine.by_reference import by_reference
from fundsim.core.machine.decorators import entry, kernel, outlined, spliced
from fundsim.core.month.ahead import count_claimable, count_layers_left, count_to_recover
from fundsim.core.month.amortising import collect_instalments
from fundsim.core.month.bridge_funds import charge_funds, open_funds, run_funds
from fundsim.core.month.bridged import settle_bridges
from fundsim.core.month.claims import settle_claims, start_year
from fundsim.core.month.credit import default_in_life
from fundsim.core.month.economy import simulate_economy
from fundsim.core.month.equity_funds import open_equity_funds, run_equity_funds
from fundsim.core.month.funding import appropriate, charge_month, draw_multiples, refund_margins, top_up
from fundsim.core.month.guarantors import assess, close_books, collectables
from fundsim.core.month.ledger import transfer
from fundsim.core.month.lending import count_outstanding, lend, note_volume, trip_breakers
from fundsim.core.month.lives import begin_lives, open_lives
from fundsim.core.month.maturity import mature
from fundsim.core.month.population import move_firms
from fundsim.core.month.recoveries import age_defaults, collect_recoveries
from fundsim.core.month.reset import reset
from fundsim.core.month.snapshot import copy_records, copy_series, count_pending, lay_out
from fundsim.core.pack.state import PLACES
from fundsim.core.tape.lives import begin_tape_lives, open_tapes
from fundsim.core.tape.loans import default_tape_loans, mature_tapes
from fundsim.core.tape.loose import default_loose_loans, mature_loose_loans, settle_tape_bridges

__all__ = ["simulate_range"]


@kernel
def mature_loans(tables, state, month):
    """Step 5: maturities of all classes, repayments to the lenders, refunds of margin."""
    n_facilities = tables.facilities.size
    for f in range(n_facilities):
        lending = state.lending[f]
        lending.repaid = 0.0
        lending.released = 0.0
        lending.amortised = 0.0
        lending.relent = 0.0
        lending.renewed = 0.0
        lending.renewed_years = 0.0
    for c in range(tables.classes.size):
        mature(tables, state, c, month)
    if tables.tape.books.size > 0:
        mature_tapes(tables, state, month)
        if state.tape_granted.size > 0:
            mature_loose_loans(tables, state, month)
    if tables.window.amortises == 1:
        for c in range(tables.classes.size):
            if tables.classes[c].first_share >= 0:
                collect_instalments(tables, state, c, month)
    if tables.bridges.active == 1:
        run_funds(tables, state, month)
        settle_bridges(tables, state, month)
        if state.tape_granted.size > 0:
            settle_tape_bridges(tables, state, month)
    for f in range(n_facilities):
        # Before this month's claims, which a cap on the cohort may cut.
        note_volume(tables, state, f, month, state.lending[f].renewed)
        if state.lending[f].repaid > 0.0:
            transfer(tables.lines, state, tables.facilities[f].repayment_line, state.lending[f].repaid)
        if state.lending[f].relent > 0.0:
            transfer(tables.lines, state, tables.facilities[f].loan_line, state.lending[f].relent)
    refund_margins(tables.funding, tables.lines, state)


@kernel
def default_loans(tables, state, month):
    """Step 4: defaults during life of all classes and tapes, of the loans that perform until now."""
    for b in range(state.books.size):
        state.books[b].loan_months += state.books[b].n_performing
    for c in range(tables.classes.size):
        default_in_life(tables, state, c, month)
    if tables.tape.books.size > 0:
        default_tape_loans(tables, state, month)
        if state.tape_granted.size > 0:
            default_loose_loans(tables, state, month)


@kernel
def begin_new_lives(tables, state, month):
    """Draw the lives of all loans that were granted or renewed in this month."""
    begin_lives(tables, state, month)
    if tables.tape.books.size > 0:
        begin_tape_lives(tables, state, month)


@spliced
def simulate_month(tables, state, month, next_injection):
    """Simulate steps 1 (without the factors) to 8 of a month; return the position of the next injection."""
    in_window = month < tables.window.months
    lending = month < tables.window.lending
    if lending and tables.window.populated == 1:
        move_firms(tables, state, month)
    if tables.budget.active == 1:
        if in_window:
            move_events(tables, state, month)
        appropriate_to_lines(tables, state, month)
    if month % 12 == 0:
        start_year(tables, state)
    next_injection = appropriate(tables.funding, tables.lines, state, month, next_injection)
    if in_window:
        top_up(tables, state)
    if lending:
        run_loans(tables, state, month, in_window)
    else:
        if tables.bridges.active == 1:
            run_funds(tables, state, month)
        if tables.equities.active == 1:
            run_equity_funds(tables, state, month)
        if tables.bridges.active == 1:
            charge_funds(tables, state, month)
    if tables.budget.active == 1:
        pay_lines(tables, state, month)
    return next_injection


@spliced
def run_loans(tables, state, month, in_window):
    """Simulate steps 3 to 8 of a month in the life of lending."""
    if tables.window.recovers == 1:
        collect_recoveries(tables, state, month)
    age_defaults(tables, state, month)
    default_loans(tables, state, month)
    if tables.budget.active == 1 and in_window:
        accrue(tables, state)
    mature_loans(tables, state, month)
    settle_claims(tables, state, month)
    if tables.equities.active == 1:
        run_equity_funds(tables, state, month)
    if tables.window.charges == 1:
        charge_month(tables.funding, tables.lines, state)
    if tables.bridges.active == 1:
        charge_funds(tables, state, month)
    count_outstanding(tables, state, month)
    if tables.guarantors.size > 0:
        collectables(tables, state, month)
    if in_window:
        if tables.guarantors.size > 0:
            assess(tables, state, month)
        trip_breakers(tables, state, month)
        lend(tables, state, month)
        begin_new_lives(tables, state, month)
        for f in range(tables.facilities.size):
            state.facilities[f].outstanding_months += state.facilities[f].outstanding
    if tables.guarantors.size > 0:
        close_books(tables, state, month)


@outlined
def look_ahead(tables, state, month):
    """Count what contracts can still be asked for and what can come back, as far as there may be any."""
    if tables.window.waits == 1:
        count_claimable(tables, state, month)
    if tables.window.recovers == 1:
        count_to_recover(tables, state, month)
    if tables.window.capped == 1:
        count_layers_left(tables, state, month)


@spliced
def simulate_path(tables, state, place, series, path):
    """Simulate one path and copy its totals to a place of ``state.ready`` and to its rows of ``series``."""
    reset(tables, state)
    draw_multiples(tables.funding, state)
    simulate_economy(tables, state)
    open_lives(tables, state)
    if tables.tape.books.size > 0:
        open_tapes(tables, state)
    if tables.bridges.active == 1:
        open_funds(tables, state)
    if tables.equities.active == 1:
        open_equity_funds(tables, state)
    if tables.budget.active == 1:
        open_budget(tables, state)
    next_injection = 0
    snapshot = 0
    for month in range(tables.window.total):
        next_injection = simulate_month(tables, state, month, next_injection)
        copy_series(tables.window, state, series, path, month)
        if tables.window.snapshots[snapshot] == month + 1:
            if month < tables.window.lending:
                if tables.window.waits == 1:
                    count_pending(tables, state, month)
                if tables.window.looks_ahead == 1:
                    look_ahead(tables, state, month)
            copy_records(tables.window, state, place, snapshot)
            snapshot += 1


@entry
def simulate_range(tables, state, snapshots, series, seed, first, count):
    """Simulate consecutive paths from number ``first`` on.

    Each record's values lie side by side, for the formulas read a record after the other.

    Args:
        tables: the packed scheme.
        state: the state of this thread.
        snapshots: float64 (snapshot, record, path), filled; paths up to a multiple of ``PLACES``, of which
            those behind the last one are of no meaning.
        series: float64 (record, path, month), filled.
        seed: uint64.
        first: number of the first path (uint64).
        count: number of paths.
    """
    tables = by_reference(tables)
    state = by_reference(state)
    for path in range(count):
        place = path % PLACES
        state.key[0] = seed
        state.key[1] = first + np.uint64(path)
        state.held.row[0] = path
        simulate_path(tables, state, place, series, path)
        if place == PLACES - 1 or path == count - 1:
            lay_out(state.ready, snapshots, path - place)
