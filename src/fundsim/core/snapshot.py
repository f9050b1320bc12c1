"""Step 9: copying totals, and the claims that are still to come at a snapshot."""

from __future__ import annotations

from fundsim.core.claims import batch_lgd, gross_basis
from fundsim.core.compile import kernel

__all__ = ["copy_row", "copy_series", "count_pending"]


@kernel
def copy_series(window, state, series, month):
    """Copy the totals wanted at each month's end to ``series`` (month, column)."""
    for j in range(window.series.size):
        series[month, j] = state.totals[window.series[j]]


@kernel
def copy_row(state, snapshots, row):
    """Copy all totals to a row of ``snapshots`` (snapshot, record)."""
    for j in range(state.totals.size):
        snapshots[row, j] = state.totals[j]


@kernel
def pending_of_batch(contracts, state, k, t, cohort, month):
    """Return share × basis of one batch, following the chain down to what is already paid."""
    factor = contracts.share[k]
    if contracts.net[k] == 1:
        factor *= batch_lgd(contracts, state, k, t, cohort)
    while contracts.covers[k] >= 0:
        covered = contracts.covers[k]
        if month >= t + contracts.delay[covered]:
            i = contracts.insured_batch[k] + cohort
            return factor * max(0.0, state.insured.loss[t, i] - state.insured.reached[t, i])
        k = covered
        factor *= contracts.share[k]
        if contracts.net[k] == 1:
            factor *= batch_lgd(contracts, state, k, t, cohort)
    i = contracts.insured_batch[k] + cohort
    return factor * max(0.0, gross_basis(contracts, state, k, t, cohort) - state.insured.reached[t, i])


@kernel
def count_pending(tables, state, month):
    """Sum share × basis of the defaults whose claim on a contract is not yet due."""
    contracts = tables.contracts
    for k in range(contracts.size):
        total = 0.0
        first = tables.facilities.first_batch[contracts.facility[k]]
        for t in range(max(0, month + 1 - contracts.delay[k]), month + 1):
            for j in range(contracts.n_cohorts[k]):
                if state.insured.loss[t, first + j] > 0.0:
                    total += pending_of_batch(contracts, state, k, t, j, month)
        state.contracts.pending[k] = total
