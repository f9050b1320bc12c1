"""Step 9: copying totals, and the claims that are still to come at a snapshot."""

from __future__ import annotations

from fundsim.core.claims import batch_lgd, gross_basis
from fundsim.core.compile import kernel, outlined

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
def still_out(contracts, state, k, t, cohort, gross):
    """Return a gross basis less the recoveries on it; a net contract's LGD has netted them already."""
    if contracts[k].net == 1:
        return gross * batch_lgd(contracts, state, k, t, cohort)
    return max(0.0, gross - state.insured[t, contracts[k].insured_batch + cohort].reached)


@kernel
def pending_of_batch(contracts, state, k, t, cohort, month):
    """Return share × basis of one batch, following the chain down to what is already paid."""
    factor = contracts[k].share
    while contracts[k].covers >= 0:
        covered = contracts[k].covers
        if month >= t + contracts[covered].delay:
            gross = state.insured[t, contracts[k].insured_batch + cohort].loss
            return factor * still_out(contracts, state, k, t, cohort, gross)
        if contracts[k].net == 1:
            factor *= batch_lgd(contracts, state, k, t, cohort)
        k = covered
        factor *= contracts[k].share
    gross = gross_basis(contracts, state, k, t, cohort)
    return factor * still_out(contracts, state, k, t, cohort, gross)


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
