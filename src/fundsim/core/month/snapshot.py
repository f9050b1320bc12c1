"""Step 9: copying totals, and the claims that are still to come at a snapshot."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.claims import asked, batch_lgd, gross_basis, less_recovered
from fundsim.core.pack.state import PLACES

__all__ = ["copy_records", "copy_series", "count_pending", "lay_out"]


@kernel
def copy_series(window, state, series, path, month):
    """Copy the totals wanted at each month's end to ``series`` (record, path, month)."""
    wanted = window.series
    totals = state.totals
    for j in range(wanted.size):
        series[j, path, month] = totals[wanted[j]]


@kernel
def copy_records(window, state, place, snapshot):
    """Copy the totals wanted at a snapshot to a place of ``state.ready`` (place, snapshot, record)."""
    wanted = window.records
    totals = state.totals
    row = state.ready[place, snapshot]
    for j in range(wanted.size):
        row[j] = totals[wanted[j]]


@kernel
def lay_out(ready, snapshots, first):
    """Move the paths in hand to ``snapshots`` (snapshot, record, path), from path ``first`` on.

    Several paths at once fill a line of the processor's cache; one alone would fetch as many lines as
    it has records, each for one value.
    """
    for snapshot in range(snapshots.shape[0]):
        for j in range(snapshots.shape[1]):
            for place in range(PLACES):
                snapshots[snapshot, j, first + place] = ready[place, snapshot, j]


@kernel
def asked_of_all(contracts, state, k, t, cohort, share, gross):
    """Return what a contract will ask for of a gross loss, all of which less recoveries is uncovered."""
    out = max(0.0, less_recovered(contracts, state, k, t, cohort, gross))
    return asked(contracts[k], share, out, out)


@kernel
def pending_of_batch(contracts, state, k, t, cohort, month):
    """Return share × basis of one batch, following the chain down to what is already paid."""
    factor = contracts[k].share
    while contracts[k].covers >= 0:
        covered = contracts[k].covers
        if month >= t + contracts[covered].delay:
            gross = state.insured[t, contracts[k].insured_batch + cohort].loss
            return asked_of_all(contracts, state, k, t, cohort, factor, gross)
        if contracts[k].net == 1:
            factor *= batch_lgd(contracts, state, k, t, cohort)
        k = covered
        factor *= contracts[k].share
    gross = gross_basis(contracts, state, k, t, cohort)
    return asked_of_all(contracts, state, k, t, cohort, factor, gross)


@outlined
def count_pending(tables, state, month):
    """Sum share × basis of the defaults whose claim on a contract is not yet due."""
    contracts = tables.contracts
    for k in range(contracts.size):
        total = 0.0
        first = tables.facilities[contracts[k].facility].first_batch
        for t in range(max(0, month + 1 - contracts[k].delay), month + 1):
            for j in range(contracts[k].n_cohorts):
                if state.insured[t, first + j].loss > 0.0:
                    total += pending_of_batch(contracts, state, k, t, j, month)
        state.contracts[k].pending = total
