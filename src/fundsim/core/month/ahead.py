"""Step 9 at a snapshot: what contracts can still be asked for after it, and what can still come back."""

from __future__ import annotations

import math

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.claims import basis_of, claim_on, left_of_cohort

__all__ = ["count_claimable", "count_layers_left", "count_to_recover"]


@outlined
def count_claimable(tables, state, month):
    """Sum the claims as they stand on batches whose insured has had its loss and whose claim is not due."""
    contracts = tables.contracts
    for k in range(contracts.size):
        total = 0.0
        end = month + 1
        if contracts[k].covers >= 0:
            end -= contracts[contracts[k].covers].delay
        for t in range(max(0, month + 1 - contracts[k].delay), end):
            for j in range(contracts[k].n_cohorts):
                if state.insured[t, contracts[k].insured_batch + j].loss > 0.0:
                    basis = basis_of(contracts, state, k, t, j)
                    total += claim_on(contracts, state, k, t, j, basis)
        state.contracts[k].claimable = total


@kernel
def part_of_recovery(contracts, state, k, t, cohort, month):
    """Return the part of a recovery at the lender that a contract's payer may have, along the chain."""
    part = 1.0
    while k >= 0:
        if contracts[k].net == 1:
            return 0.0
        if month < t + contracts[k].delay:
            part *= contracts[k].share
        else:
            claim = state.claims[t, contracts[k].claim_batch + cohort]
            if claim.basis <= 0.0:
                return 0.0
            part *= claim.omega + claim.arrears / claim.basis
        k = contracts[k].covers
    return part


@outlined
def count_to_recover(tables, state, month):
    """Sum what recoveries still to come on past defaults can bring each contract's payer in time."""
    contracts = tables.contracts
    for k in range(contracts.size):
        f = contracts[k].facility
        first = tables.facilities[f].first_batch
        total = 0.0
        for part in range(tables.facilities[f].n_recovery_parts):
            lag = tables.recovery_parts[f, part].lag
            came = 0.0
            for t in range(max(0, month + 1 - lag), min(month, month + contracts[k].payer_months - lag) + 1):
                for j in range(contracts[k].n_cohorts):
                    recoverable = state.lenders[t, first + j].recoverable
                    if recoverable > 0.0:
                        came += recoverable * part_of_recovery(contracts, state, k, t, j, month)
            total += came * tables.recovery_parts[f, part].share
        state.contracts[k].to_recover = total * (1.0 - tables.facilities[f].recovery_cost)


@kernel
def cohorts_left(tables, state, k):
    """Return Σ over cohorts of the cap still unused; infinity without a cohort cap."""
    contract = tables.contracts[k]
    if contract.cohort_cap_rate == math.inf:
        return math.inf
    total = 0.0
    for j in range(contract.n_cohorts):
        total += left_of_cohort(tables, state, k, j)
    return total


@kernel
def years_left(tables, state, k, month):
    """Return what yearly limits leave, over the years in which a claim can still fall due."""
    contract = tables.contracts[k]
    if contract.year_limit == math.inf:
        return math.inf
    first = (month + 1) // 12
    left = ((month + contract.contract_months) // 12 + 1 - first) * contract.year_limit
    if first == month // 12:
        left += max(0.0, contract.year_limit - state.layers[k].paid_year) - contract.year_limit
    return left


@kernel
def attachments_left(tables, state, k, month):
    """Return what claims must still pass: of the attachment of life, and of the smallest of the years'."""
    contract = tables.contracts[k]
    of_year = contract.year_attach
    if (month + 1) // 12 == month // 12:
        of_year = max(0.0, of_year - state.layers[k].raw_year)
    return max(0.0, contract.attach - state.layers[k].raw_total) + of_year


@outlined
def count_layers_left(tables, state, month):
    """Find what a contract's caps leave, infinity without a cap, and what its attachments still take."""
    for k in range(tables.contracts.size):
        contract = tables.contracts[k]
        if contract.layered == 1:
            of_life = max(0.0, contract.limit - state.layers[k].cap_used)
            left = min(of_life, years_left(tables, state, k, month), cohorts_left(tables, state, k))
            state.contracts[k].cap_left = left
            state.contracts[k].attach_left = attachments_left(tables, state, k, month)
