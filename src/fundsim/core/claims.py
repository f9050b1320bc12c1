"""Step 6, claims: what falls due this month goes from payer to insured, depth by depth.

The unit of bookkeeping is the batch: one facility's defaults of one month and one cohort.  Every
insured (a lender, or the payer of a contract that is covered in turn) has for each batch its loss,
what its contracts have paid it, what recoveries have reached it and what it handed on.
"""

from __future__ import annotations

from fundsim.core.compile import kernel
from fundsim.core.ledger import transfer

__all__ = ["settle_claims", "start_year"]

HALF_A_FEN = 0.005


@kernel
def gross_basis(contracts, state, k, t, cohort):
    """Return the insured's gross loss on a batch, with interest if the basis has it."""
    i = contracts.insured_batch[k] + cohort
    if contracts.interest_months[k] > 0.0:
        return state.insured.loss[t, i] + contracts.interest_months[k] * state.lenders.interest_loss[t, i]
    return state.insured.loss[t, i]


@kernel
def batch_lgd(contracts, state, k, t, cohort):
    """Return 1 − recoverable ÷ defaulted of a batch, found on its lender's row."""
    i = contracts.insured_batch[k] + cohort
    if contracts.covers[k] >= 0:
        first = k
        while contracts.covers[first] >= 0:
            first = contracts.covers[first]
        i = contracts.insured_batch[first] + cohort
    return 1.0 - state.lenders.recoverable[t, i] / state.insured.loss[t, i]


@kernel
def raw_claim(contracts, state, k, t, cohort):
    """Return share × uncovered, or min(share × basis, uncovered), of one batch.

    A net contract claims share × LGD × (gross basis − gross payments), recovery already netted.
    """
    i = contracts.insured_batch[k] + cohort
    gross = gross_basis(contracts, state, k, t, cohort)
    if contracts.net[k] == 1:
        basis = gross
        uncovered = gross - state.insured.covered[t, i]
    else:
        basis = gross - state.insured.reached[t, i]
        uncovered = basis - (state.insured.covered[t, i] - state.insured.handed[t, i])
    state.claims.basis[t, contracts.claim_batch[k] + cohort] = basis
    raw = contracts.share[k] * uncovered
    if contracts.of_original[k] == 1:
        raw = min(contracts.share[k] * basis, uncovered)
    if contracts.net[k] == 1:
        raw *= batch_lgd(contracts, state, k, t, cohort)
    return max(0.0, raw)


@kernel
def within_loan_layers(tables, state, k, t, cohort, raw):
    """Cut the claim of each loan to its layer: ``min(max(claim − attach, 0), limit)`` by class."""
    contracts = tables.contracts
    gross = gross_basis(contracts, state, k, t, cohort)
    if contracts.covers[k] >= 0:
        first = k
        while contracts.covers[first] >= 0:
            first = contracts.covers[first]
        gross = state.insured.loss[t, contracts.insured_batch[first] + cohort]
    fraction = raw / gross
    f = contracts.facility[k]
    total = 0.0
    for c in range(tables.facilities.first_class[f], tables.facilities.end_class[f]):
        n = state.n_lost[t, tables.classes.first_column[c] + cohort]
        if n > 0:
            loan = tables.classes.principal[c]
            if contracts.covers[k] < 0:
                loan += contracts.interest_months[k] * tables.classes.interest_monthly[c]
            claim = max(fraction * loan - contracts.loan_attach[k], 0.0)
            total += n * min(claim, contracts.loan_limit[k])
    return total


@kernel
def above_attachment(total_before, amount, attach):
    """Return the part of an amount that lies above an attachment of the running sum."""
    return max(0.0, total_before + amount - attach) - max(0.0, total_before - attach)


@kernel
def cut_to_caps(tables, state, k, raw):
    """Cut this month's claims of a contract to its layers; return what is due.

    ``batches.claim`` holds the raw claims of its cohorts and is left holding what lies within caps.
    """
    contracts = tables.contracts
    due = above_attachment(state.layers.raw_total[k], raw, contracts.attach[k])
    state.layers.raw_total[k] += raw
    before = state.layers.raw_year[k]
    state.layers.raw_year[k] += due
    due = above_attachment(before, due, contracts.year_attach[k])
    kept = due / raw
    within = 0.0
    for j in range(contracts.n_cohorts[k]):
        q = contracts.claim_batch[k] + j
        claim = state.batches.claim[q] * kept
        if contracts.n_cohorts[k] > 1:
            volume = state.volume[tables.facilities.first_batch[contracts.facility[k]] + j]
            left = contracts.cohort_cap_rate[k] * volume - state.batches.cohort_used[q]
            claim = min(claim, max(0.0, left))
        state.batches.claim[q] = claim
        within += claim
    left = min(
        contracts.year_limit[k] - state.layers.paid_year[k],
        contracts.limit[k] - state.layers.cap_used[k],
    )
    if within > left:
        ratio = max(0.0, left) / within
        for j in range(contracts.n_cohorts[k]):
            state.batches.claim[contracts.claim_batch[k] + j] *= ratio
    return due


@kernel
def claim_contract(tables, state, k, month, promised):
    """Compute what falls due on a contract this month; return what is within caps.

    Args:
        tables: the tables.
        state: the state of the thread.
        k: row of the contract.
        month: this month.
        promised: what the same payer owes the same insured on earlier contracts of its group.
    """
    contracts = tables.contracts
    t = month - contracts.delay[k]
    raw = 0.0
    for j in range(contracts.n_cohorts[k]):
        q = contracts.claim_batch[k] + j
        state.batches.claim[q] = 0.0
        if state.insured.loss[t, contracts.insured_batch[k] + j] > 0.0:
            if promised == 1:
                promise(contracts, state, k, t, j)
            claim = raw_claim(contracts, state, k, t, j)
            if promised == 1:
                withdraw_promise(contracts, state, k, t, j)
            if contracts.per_loan[k] == 1 and claim > 0.0:
                claim = within_loan_layers(tables, state, k, t, j, claim)
            state.batches.claim[q] = claim
            raw += claim
    if raw == 0.0:
        return 0.0
    due = raw
    if contracts.layered[k] == 1:
        due = cut_to_caps(tables, state, k, raw)
        within = 0.0
        for j in range(contracts.n_cohorts[k]):
            within += state.batches.claim[contracts.claim_batch[k] + j]
        state.contracts.above_cap[k] += due - within
        state.contracts.due[k] += due
        return within
    state.contracts.due[k] += due
    return due


@kernel
def promise(contracts, state, k, t, cohort):
    """Count what earlier contracts of this group owe on the same batch as if it were paid."""
    i = contracts.insured_batch[k] + cohort
    for e in range(k - 1, -1, -1):
        if contracts.payer[e] != contracts.payer[k]:
            break
        if contracts.insured_batch[e] == contracts.insured_batch[k] and contracts.delay[e] == contracts.delay[k]:
            state.insured.covered[t, i] += state.batches.claim[contracts.claim_batch[e] + cohort]


@kernel
def withdraw_promise(contracts, state, k, t, cohort):
    """Undo ``promise``."""
    i = contracts.insured_batch[k] + cohort
    for e in range(k - 1, -1, -1):
        if contracts.payer[e] != contracts.payer[k]:
            break
        if contracts.insured_batch[e] == contracts.insured_batch[k] and contracts.delay[e] == contracts.delay[k]:
            state.insured.covered[t, i] -= state.batches.claim[contracts.claim_batch[e] + cohort]


@kernel
def pay(tables, state, k, t, cohort, amount):
    """Pay an amount on one batch of a contract and remember what it was a share of."""
    contracts = tables.contracts
    q = contracts.claim_batch[k] + cohort
    i = contracts.insured_batch[k] + cohort
    transfer(tables.lines, state, contracts.claim_line[k], amount)
    state.insured.covered[t, i] += amount
    state.insured.loss[t, contracts.own_batch[k] + cohort] += amount
    if contracts.net[k] == 0:
        state.claims.omega[t, q] += amount / state.claims.basis[t, q]
    state.contracts.paid[k] += amount
    state.layers.paid_year[k] += amount
    state.layers.cap_used[k] += amount
    state.batches.cohort_used[q] += amount
    state.payers.compensation_life[contracts.payer[k]] += amount
    state.payers.compensation_year[contracts.payer[k]] += amount


@kernel
def payable(tables, state, group, owed):
    """Return the fraction of what a payer owes that it can pay: min(1, balance ÷ owed)."""
    if tables.groups.limited[group] == 0:
        return 1.0
    held = state.accounts.balance[tables.groups.payer[group]]
    return 1.0 if held >= owed else max(0.0, held) / owed


@kernel
def settle_arrears(tables, state, group, month):
    """Pay carried claims, those that fell due first before the others."""
    contracts = tables.contracts
    payer = tables.groups.payer[group]
    for due_month in range(month):
        if state.payers.arrears[payer] <= 0.0:
            return
        owed = 0.0
        for k in range(tables.groups.first[group], tables.groups.end[group]):
            t = due_month - contracts.delay[k]
            if t >= 0 and contracts.carry[k] == 1:
                for j in range(contracts.n_cohorts[k]):
                    owed += state.claims.arrears[t, contracts.claim_batch[k] + j]
        if owed <= 0.0:
            continue
        ratio = payable(tables, state, group, owed)
        for k in range(tables.groups.first[group], tables.groups.end[group]):
            t = due_month - contracts.delay[k]
            if t >= 0 and contracts.carry[k] == 1:
                for j in range(contracts.n_cohorts[k]):
                    q = contracts.claim_batch[k] + j
                    amount = ratio * state.claims.arrears[t, q]
                    if amount > 0.0:
                        pay(tables, state, k, t, j, amount)
                        state.claims.arrears[t, q] = state.claims.arrears[t, q] - amount if ratio < 1.0 else 0.0
                        state.payers.arrears[payer] -= amount
                        state.contracts.unpaid[k] -= amount


@kernel
def pay_contract(tables, state, k, month, ratio):
    """Pay a contract's claims of this month pro rata; return what stays unpaid."""
    contracts = tables.contracts
    t = month - contracts.delay[k]
    short = 0.0
    for j in range(contracts.n_cohorts[k]):
        q = contracts.claim_batch[k] + j
        amount = ratio * state.batches.claim[q]
        if amount > 0.0:
            pay(tables, state, k, t, j, amount)
        missing = state.batches.claim[q] - amount
        if missing > 0.0:
            short += missing
            if contracts.carry[k] == 1:
                state.claims.arrears[t, q] += missing
                state.payers.arrears[contracts.payer[k]] += missing
    state.contracts.unpaid[k] += short
    return short


@kernel
def settle_claims(tables, state, month):
    """Pay all that falls due this month, group by group in order of depth."""
    contracts = tables.contracts
    for group in range(tables.groups.size):
        first = tables.groups.first[group]
        last = tables.groups.end[group]
        if tables.groups.carries[group] == 1:
            settle_arrears(tables, state, group, month)
        owed = 0.0
        for k in range(first, last):
            if month >= contracts.delay[k]:
                owed += claim_contract(tables, state, k, month, min(k - first, 1))
        if owed <= 0.0:
            continue
        ratio = payable(tables, state, group, owed)
        short = 0.0
        for k in range(first, last):
            if month >= contracts.delay[k]:
                short += pay_contract(tables, state, k, month, ratio)
        payer = tables.groups.payer[group]
        if short > HALF_A_FEN and state.accounts.unpaid_month[payer] > month:
            state.accounts.unpaid_month[payer] = month


@kernel
def start_year(tables, state, month):
    """Begin a policy year's running sums."""
    if month % 12 == 0:
        for k in range(tables.contracts.size):
            state.layers.raw_year[k] = 0.0
            state.layers.paid_year[k] = 0.0
        for a in range(state.accounts.balance.size):
            state.payers.compensation_year[a] = 0.0
