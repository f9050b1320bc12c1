"""Step 6, claims: what falls due this month goes from payer to insured, depth by depth.

The unit of bookkeeping is the batch: one facility's defaults of one month and one cohort.  Every
insured (a lender, or the payer of a contract that is covered in turn) has for each batch its loss,
what its contracts have paid it, what recoveries have reached it and what it handed on.
"""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.amortising import age_of, cohort_of_vintage
from fundsim.core.month.guarantors import note_outlay
from fundsim.core.month.ledger import transfer
from fundsim.core.month.loan_layers import claim_of_loan, tape_claims_within_layers
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["settle_claims", "start_year"]


@kernel
def gross_basis(contracts, state, k, t, cohort):
    """Return the insured's gross loss on a batch, with interest if the basis has it."""
    i = contracts[k].insured_batch + cohort
    if contracts[k].interest_months > 0.0:
        return state.insured[t, i].loss + contracts[k].interest_months * state.lenders[t, i].interest_loss
    return state.insured[t, i].loss


@kernel
def lender_batch(contracts, k, cohort):
    """Return the row of a cohort's lender, at the end of the chain of contracts."""
    while contracts[k].covers >= 0:
        k = contracts[k].covers
    return contracts[k].insured_batch + cohort


@kernel
def batch_lgd(contracts, state, k, t, cohort):
    """Return 1 − recoverable ÷ defaulted of a batch, found on its lender's row."""
    i = lender_batch(contracts, k, cohort)
    return 1.0 - state.lenders[t, i].recoverable / state.insured[t, i].loss


@kernel
def less_recovered(contracts, state, k, t, cohort, gross):
    """Return a gross loss on one batch less the recoveries on it; a net contract's LGD has netted them."""
    if contracts[k].net == 1:
        return gross * batch_lgd(contracts, state, k, t, cohort)
    return gross - state.insured[t, contracts[k].insured_batch + cohort].reached


@kernel
def basis_of(contracts, state, k, t, cohort):
    """Return the basis of a claim on one batch."""
    return less_recovered(contracts, state, k, t, cohort, gross_basis(contracts, state, k, t, cohort))


@kernel
def asked(contract, share, basis, uncovered):
    """Return what a contract asks for: share × uncovered, or min(share × basis, uncovered)."""
    if contract.of_original == 1:
        return min(share * basis, uncovered)
    return share * uncovered


@kernel
def claim_on(contracts, state, k, t, cohort, basis):
    """Return what is asked for of one batch, as the contracts before this one have covered it."""
    i = contracts[k].insured_batch + cohort
    if contracts[k].net == 1:
        uncovered = basis - state.insured[t, i].covered
    else:
        uncovered = basis - (state.insured[t, i].covered - state.insured[t, i].handed)
    return max(0.0, asked(contracts[k], contracts[k].share, basis, uncovered))


@kernel
def raw_claim(contracts, state, k, t, cohort):
    """Return the claim on one batch before layers, and keep the basis that recoveries are shared by."""
    basis = basis_of(contracts, state, k, t, cohort)
    state.claims[t, contracts[k].claim_batch + cohort].basis = basis
    return claim_on(contracts, state, k, t, cohort, basis)


@outlined
def within_loan_layers(tables, state, k, t, cohort, raw):
    """Cut the claim of each loan to its layer: ``min(max(claim − attach, 0), limit)`` by class."""
    contracts = tables.contracts
    gross = gross_basis(contracts, state, k, t, cohort)
    if contracts[k].covers >= 0:
        gross = state.insured[t, lender_batch(contracts, k, cohort)].loss
    fraction = raw / gross
    f = contracts[k].facility
    total = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        loans = tables.classes[c]
        if loans.first_share < 0:
            n = state.n_lost[t, loans.first_column + cohort]
            if n > 0:
                total += n * claim_of_loan(contracts[k], loans.principal, loans.interest_monthly, fraction)
            continue
        for column in range(loans.first_column, loans.end_column):
            n = state.n_lost[t, column]
            age = age_of(loans, t, column)
            if n > 0 and cohort_of_vintage(tables, loans, t - age) == cohort:
                share = tables.shares[loans.first_share + age - 1]
                owed, interest = share * loans.principal, share * loans.interest_monthly
                total += n * claim_of_loan(contracts[k], owed, interest, fraction)
    if state.tape_lost.size > 0:
        batch = tables.facilities[f].first_batch + cohort
        total += tape_claims_within_layers(tables, state, k, t, batch, fraction)
    return total


@kernel
def above_attachment(total_before, amount, attach):
    """Return the part of an amount that lies above an attachment of the running sum."""
    return max(0.0, total_before + amount - attach) - max(0.0, total_before - attach)


@kernel
def left_of_cohort(tables, state, k, cohort):
    """Return what a contract's cap on a cohort leaves of it."""
    contract = tables.contracts[k]
    volume = state.volume[tables.facilities[contract.facility].first_batch + cohort]
    used = state.batches[contract.claim_batch + cohort].cohort_used
    return max(0.0, contract.cohort_cap_rate * volume - used)


@outlined
def cut_to_caps(tables, state, k, raw):
    """Cut this month's claims of a contract to its layers; return what is due.

    ``batches.claim`` holds the raw claims of its cohorts and is left holding what lies within caps.
    """
    contracts = tables.contracts
    due = above_attachment(state.layers[k].raw_total, raw, contracts[k].attach)
    state.layers[k].raw_total += raw
    before = state.layers[k].raw_year
    state.layers[k].raw_year += due
    due = above_attachment(before, due, contracts[k].year_attach)
    kept = due / raw
    within = 0.0
    for j in range(contracts[k].n_cohorts):
        q = contracts[k].claim_batch + j
        claim = state.batches[q].claim * kept
        if claim > 0.0 and contracts[k].n_cohorts > 1:
            claim = min(claim, left_of_cohort(tables, state, k, j))
        state.batches[q].claim = claim
        within += claim
    left = min(
        contracts[k].year_limit - state.layers[k].paid_year,
        contracts[k].limit - state.layers[k].cap_used,
    )
    if within > 0.0 and within > left:
        ratio = max(0.0, left) / within
        for j in range(contracts[k].n_cohorts):
            state.batches[contracts[k].claim_batch + j].claim *= ratio
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
    t = month - contracts[k].delay
    raw = 0.0
    for j in range(contracts[k].n_cohorts):
        q = contracts[k].claim_batch + j
        state.batches[q].claim = 0.0
        if state.insured[t, contracts[k].insured_batch + j].loss > 0.0:
            if promised == 1:
                promise(contracts, state, k, t, j, 1.0)
            claim = raw_claim(contracts, state, k, t, j)
            if promised == 1:
                promise(contracts, state, k, t, j, -1.0)
            if contracts[k].per_loan == 1 and claim > 0.0:
                claim = within_loan_layers(tables, state, k, t, j, claim)
            state.batches[q].claim = claim
            raw += claim
    if raw == 0.0:
        return 0.0
    due = raw
    if contracts[k].layered == 1:
        due = cut_to_caps(tables, state, k, raw)
        within = 0.0
        for j in range(contracts[k].n_cohorts):
            within += state.batches[contracts[k].claim_batch + j].claim
        state.contracts[k].above_cap += due - within
        state.contracts[k].due += due
        return within
    state.contracts[k].due += due
    return due


@kernel
def promise(contracts, state, k, t, cohort, sign):
    """Count what earlier contracts of this group owe on a batch as if it were paid; undo it with sign −1."""
    i = contracts[k].insured_batch + cohort
    for e in range(k - 1, -1, -1):
        if contracts[e].payer != contracts[k].payer:
            break
        if (
            contracts[e].insured_batch == contracts[k].insured_batch
            and contracts[e].delay == contracts[k].delay
        ):
            state.insured[t, i].covered += sign * state.batches[contracts[e].claim_batch + cohort].claim


@kernel
def pay(tables, state, k, t, cohort, amount):
    """Pay an amount on one batch of a contract and remember what it was a share of."""
    contract = tables.contracts[k]
    q = contract.claim_batch + cohort
    transfer(tables.lines, state, contract.claim_line, amount)
    state.insured[t, contract.insured_batch + cohort].covered += amount
    state.insured[t, contract.own_batch + cohort].loss += amount
    state.contracts[k].paid += amount
    if contract.net == 0:
        state.claims[t, q].omega += amount / state.claims[t, q].basis
    if contract.layered == 1:
        state.layers[k].paid_year += amount
        state.layers[k].cap_used += amount
        state.batches[q].cohort_used += amount
    if tables.breakers.size > 0:
        state.payers[contract.payer].compensation_life += amount
        state.payers[contract.payer].compensation_year += amount
    note_outlay(tables, state, k, t, amount)


@kernel
def payable(tables, state, group, owed):
    """Return the fraction of what a payer owes that it can pay: min(1, balance ÷ owed)."""
    if tables.groups[group].limited == 0:
        return 1.0
    held = state.parties[tables.groups[group].payer].balance
    return 1.0 if held >= owed else max(0.0, held) / owed


@outlined
def settle_arrears(tables, state, group, month):
    """Pay carried claims, those that fell due first before the others."""
    contracts = tables.contracts
    payer = tables.groups[group].payer
    for due_month in range(month):
        if state.payers[payer].arrears <= 0.0:
            return
        owed = 0.0
        for k in range(tables.groups[group].first, tables.groups[group].end):
            t = due_month - contracts[k].delay
            if t >= 0 and contracts[k].carry == 1:
                for j in range(contracts[k].n_cohorts):
                    owed += state.claims[t, contracts[k].claim_batch + j].arrears
        if owed <= 0.0:
            continue
        ratio = payable(tables, state, group, owed)
        for k in range(tables.groups[group].first, tables.groups[group].end):
            t = due_month - contracts[k].delay
            if t >= 0 and contracts[k].carry == 1:
                for j in range(contracts[k].n_cohorts):
                    q = contracts[k].claim_batch + j
                    amount = ratio * state.claims[t, q].arrears
                    if amount > 0.0:
                        pay(tables, state, k, t, j, amount)
                        state.claims[t, q].arrears = (
                            state.claims[t, q].arrears - amount if ratio < 1.0 else 0.0
                        )
                        state.payers[payer].arrears -= amount
                        state.contracts[k].unpaid -= amount


@kernel
def pay_contract(tables, state, k, month, ratio):
    """Pay a contract's claims of this month pro rata; return what stays unpaid."""
    contracts = tables.contracts
    t = month - contracts[k].delay
    short = 0.0
    for j in range(contracts[k].n_cohorts):
        q = contracts[k].claim_batch + j
        amount = ratio * state.batches[q].claim
        if amount > 0.0:
            pay(tables, state, k, t, j, amount)
        missing = state.batches[q].claim - amount
        if missing > 0.0:
            short += missing
            if contracts[k].carry == 1:
                state.claims[t, q].arrears += missing
                state.payers[contracts[k].payer].arrears += missing
    state.contracts[k].unpaid += short
    return short


@kernel
def settle_claims(tables, state, month):
    """Pay all that falls due this month, group by group in order of depth."""
    contracts = tables.contracts
    for group in range(tables.groups.size):
        first = tables.groups[group].first
        last = tables.groups[group].end
        if tables.groups[group].carries == 1:
            settle_arrears(tables, state, group, month)
        owed = 0.0
        for k in range(first, last):
            if month >= contracts[k].delay:
                owed += claim_contract(tables, state, k, month, min(k - first, 1))
        if owed <= 0.0:
            continue
        ratio = payable(tables, state, group, owed)
        short = 0.0
        for k in range(first, last):
            if month >= contracts[k].delay:
                short += pay_contract(tables, state, k, month, ratio)
        payer = tables.groups[group].payer
        if short > HALF_A_FEN and state.parties[payer].unpaid_month > month:
            state.parties[payer].unpaid_month = month


@kernel
def start_year(tables, state):
    """Begin a policy year's running sums."""
    for k in range(tables.contracts.size):
        state.layers[k].raw_year = 0.0
        state.layers[k].paid_year = 0.0
    for a in range(state.payers.size):
        state.payers[a].compensation_year = 0.0
    for j in range(state.top_ups_work.size):
        state.top_ups_work[j].paid_year = 0.0
