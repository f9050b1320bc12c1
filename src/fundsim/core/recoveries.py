"""Step 3, recoveries: costs leave first, then each insured hands its payers their share."""

from __future__ import annotations

from fundsim.core.compile import kernel
from fundsim.core.ledger import transfer

__all__ = ["age_defaults", "collect_recoveries"]

NON_PERFORMING_MONTHS = 3


@kernel
def relieve_arrears(tables, state, k, t, q, amount):
    """A recovery that comes while a claim is in arrears takes its part of the claim away."""
    if state.claims.arrears[t, q] > 0.0:
        relief = min(state.claims.arrears[t, q], amount * state.claims.arrears[t, q] / state.claims.basis[t, q])
        state.claims.arrears[t, q] -= relief
        state.payers.arrears[tables.contracts.payer[k]] -= relief
        state.contracts.unpaid[k] -= relief
        state.contracts.relieved[k] += relief


@kernel
def share_recovery(tables, state, f, t, cohort, amount):
    """Hand a recovery along the contracts of a facility, edge by edge: ω = paid ÷ basis.

    Args:
        tables: the tables.
        state: the state of the thread.
        f: row of the facility.
        t: month of the default.
        cohort: number of the cohort.
        amount: recovery net of its cost, which has reached the lender [yuan].
    """
    contracts = tables.contracts
    lender = tables.facilities.first_batch[f] + cohort
    state.insured.reached[t, lender] += amount
    state.recovery.arriving[lender] = amount
    state.recovery.left[lender] = amount
    for j in range(tables.facilities.first_contract[f], tables.facilities.end_contract[f]):
        k = tables.contracts_of[j]
        q = contracts.claim_batch[k] + cohort
        i = contracts.insured_batch[k] + cohort
        own = contracts.own_batch[k] + cohort
        if contracts.carry[k] == 1:
            relieve_arrears(tables, state, k, t, q, state.recovery.arriving[i])
        handed = min(state.claims.omega[t, q] * state.recovery.arriving[i], state.recovery.left[i])
        state.recovery.arriving[own] = handed
        state.recovery.left[own] = handed
        if handed > 0.0:
            transfer(tables.lines, state, contracts.recovery_line[k], handed)
            state.recovery.left[i] -= handed
            state.insured.handed[t, i] += handed
            state.insured.reached[t, own] += handed
            state.contracts.recovered[k] += handed
            if contracts.cap_on_net[k] == 1:
                state.layers.cap_used[k] -= handed
                state.layers.paid_year[k] -= handed
                state.batches.cohort_used[q] -= handed


@kernel
def collect_recoveries(tables, state, month):
    """Book the recoveries that arrive this month on the defaults of earlier months."""
    facilities = tables.facilities
    for f in range(facilities.size):
        first = facilities.first_batch[f]
        for part in range(facilities.n_recovery_parts[f]):
            t = month - tables.recovery_parts.lag[f, part]
            if t < 0:
                continue
            for batch in range(first, facilities.end_batch[f]):
                gross = state.lenders.recoverable[t, batch] * tables.recovery_parts.share[f, part]
                if gross > 0.0:
                    transfer(tables.lines, state, facilities.recovery_line[f], gross)
                    cost = gross * facilities.recovery_cost[f]
                    if cost > 0.0:
                        transfer(tables.lines, state, facilities.recovery_cost_line[f], cost)
                    share_recovery(tables, state, f, t, batch - first, gross - cost)


@kernel
def age_defaults(tables, state, month):
    """Move a facility's defaults into and out of the non-performing and the overdue stock."""
    facilities = tables.facilities
    for f in range(facilities.size):
        closing = facilities.closing_months[f]
        if month >= NON_PERFORMING_MONTHS and closing > NON_PERFORMING_MONTHS:
            state.facilities.npl[f] += state.defaulted[month - NON_PERFORMING_MONTHS, f]
        if month >= closing:
            closed = state.defaulted[month - closing, f]
            if closed > 0.0:
                state.facilities.overdue[f] = max(0.0, state.facilities.overdue[f] - closed)
                if closing > NON_PERFORMING_MONTHS:
                    state.facilities.npl[f] = max(0.0, state.facilities.npl[f] - closed)
