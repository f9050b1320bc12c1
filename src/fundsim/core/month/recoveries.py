"""Step 3, recoveries: costs leave first, then each insured hands its payers their share."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.ledger import transfer

__all__ = ["age_defaults", "collect_recoveries"]

NON_PERFORMING_MONTHS = 3


@outlined
def relieve_arrears(tables, state, k, t, q, amount):
    """A recovery that comes while a claim is in arrears takes its part of the claim away."""
    if state.claims[t, q].arrears > 0.0:
        relief = min(
            state.claims[t, q].arrears, amount * state.claims[t, q].arrears / state.claims[t, q].basis
        )
        state.claims[t, q].arrears -= relief
        state.payers[tables.contracts[k].payer].arrears -= relief
        state.contracts[k].unpaid -= relief
        state.contracts[k].relieved += relief


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
    lender = tables.facilities[f].first_batch + cohort
    state.insured[t, lender].reached += amount
    state.recovery[lender].arriving = amount
    state.recovery[lender].left = amount
    for j in range(tables.facilities[f].first_contract, tables.facilities[f].end_contract):
        k = tables.contracts_of[j]
        q = contracts[k].claim_batch + cohort
        i = contracts[k].insured_batch + cohort
        own = contracts[k].own_batch + cohort
        if contracts[k].carry == 1 and contracts[k].net == 0:
            relieve_arrears(tables, state, k, t, q, state.recovery[i].arriving)
        handed = min(state.claims[t, q].omega * state.recovery[i].arriving, state.recovery[i].left)
        state.recovery[own].arriving = handed
        state.recovery[own].left = handed
        if handed > 0.0:
            transfer(tables.lines, state, contracts[k].recovery_line, handed)
            state.recovery[i].left -= handed
            state.insured[t, i].handed += handed
            state.insured[t, own].reached += handed
            state.contracts[k].recovered += handed
            if contracts[k].cap_on_net == 1:
                state.layers[k].cap_used -= handed
                state.layers[k].paid_year -= handed
                state.batches[q].cohort_used -= handed


@kernel
def collect_recoveries(tables, state, month):
    """Book the recoveries that arrive this month on the defaults of earlier months."""
    facilities = tables.facilities
    for f in range(facilities.size):
        first = facilities[f].first_batch
        for part in range(facilities[f].n_recovery_parts):
            t = month - tables.recovery_parts[f, part].lag
            if t < 0:
                continue
            for batch in range(first, facilities[f].end_batch):
                gross = state.lenders[t, batch].recoverable * tables.recovery_parts[f, part].share
                if gross > 0.0:
                    transfer(tables.lines, state, facilities[f].recovery_line, gross)
                    state.facilities[f].collected += gross
                    cost = gross * facilities[f].recovery_cost
                    if cost > 0.0:
                        transfer(tables.lines, state, facilities[f].recovery_cost_line, cost)
                    share_recovery(tables, state, f, t, batch - first, gross - cost)


@kernel
def age_defaults(tables, state, month):
    """Move a facility's defaults into and out of the non-performing and the overdue stock."""
    facilities = tables.facilities
    for f in range(facilities.size):
        closing = facilities[f].closing_months
        if month >= NON_PERFORMING_MONTHS and closing > NON_PERFORMING_MONTHS:
            state.facilities[f].npl += state.defaulted[month - NON_PERFORMING_MONTHS, f]
        if month >= closing:
            closed = state.defaulted[month - closing, f]
            if closed > 0.0:
                state.facilities[f].overdue = max(0.0, state.facilities[f].overdue - closed)
                if closing > NON_PERFORMING_MONTHS:
                    state.facilities[f].npl = max(0.0, state.facilities[f].npl - closed)
