"""Prudential books of guarantors: liability, receivable, premium and reserve, net assets.

A stake is what a guarantor has in one facility.  The loans of a class count in it by weights, and whatever
changes the performing principal of a class reports it, so that no month runs through the classes.
"""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["assess", "close_books", "collectables", "note_default", "note_outlay", "note_principal"]


@kernel
def note_principal(tables, state, c, n, amount):
    """Follow a change of the performing loans of a class, wherever it comes from.

    Args:
        tables: the tables.
        state: the state of the thread.
        c: row of the class.
        n: loans that came (negative: that left); 0 when the same loans owe more or less.
        amount: change of the performing principal [yuan].
    """
    for w in range(tables.classes[c].first_weight, tables.classes[c].end_weight):
        stake = state.stakes[tables.weights[w].stake]
        stake.n_performing += n
        stake.performing += tables.weights[w].weight * amount
        if stake.n_performing == 0:
            # What floating-point sums leave behind.
            stake.performing = 0.0


@kernel
def note_default(tables, state, c, month, amount):
    """Count defaulted principal of a class [yuan] until its claim is due, by its own weight."""
    for w in range(tables.classes[c].first_weight, tables.classes[c].end_weight):
        state.stake_months[tables.weights[w].stake, month].defaulted += tables.weights[w].weight * amount


@kernel
def note_outlay(tables, state, k, t, amount):
    """Follow a payment on the defaults of month t: by a guarantor, or to it by those who cover it."""
    contract = tables.contracts[k]
    if contract.stake >= 0:
        state.stake_months[contract.stake, t].outlay += contract.outlay_sign * amount


@kernel
def liability_of(tables, state, g, month):
    """Return Σ weight × (performing principal + defaulted principal whose claim is not yet due)."""
    total = 0.0
    for s in range(tables.guarantors[g].first_stake, tables.guarantors[g].end_stake):
        total += state.stakes[s].performing
        claim_months = tables.facilities[tables.stakes[s].facility].claim_months
        for t in range(max(0, month + 1 - claim_months), month + 1):
            total += state.stake_months[s, t].defaulted
    return total


@kernel
def receivable_of(tables, state, g, month):
    """Return the expected recovery on what was paid, less the recovery parts that have arrived."""
    total = 0.0
    for s in range(tables.guarantors[g].first_stake, tables.guarantors[g].end_stake):
        f = tables.stakes[s].facility
        for age in range(min(month + 1, tables.recovery_left.shape[1])):
            total += tables.recovery_left[f, age] * state.stake_months[s, month - age].outlay
    return tables.guarantors[g].expected_recovery * total


@outlined
def collectables(tables, state, month):
    """Value what each guarantor may expect to recover, after this month's recoveries and claims."""
    for g in range(tables.guarantors.size):
        state.guarantors[g].receivable = receivable_of(tables, state, g, month)


@kernel
def unearned_of(tables, state, g, month):
    """Return the unearned share of the fees received in twelve months, this one included."""
    received = 0.0
    for j in range(tables.guarantors[g].first_line, tables.guarantors[g].end_line):
        received += state.flow[tables.fee_lines[j]]
    state.fees_received[g, month] = received
    if month >= 12:
        received -= state.fees_received[g, month - 12]
    return tables.guarantors[g].unearned_share * received


@kernel
def value(tables, state, g):
    """Return balance + receivable − unearned premium − reserve − arrears of claims."""
    account = tables.guarantors[g].account
    books = state.guarantors[g]
    held = state.parties[account].balance + books.receivable
    return held - books.unearned - books.reserve - state.payers[account].arrears


@outlined
def assess(tables, state, month):
    """Bring liability, unearned premium and net assets of all guarantors up to this moment."""
    for g in range(tables.guarantors.size):
        state.guarantors[g].liability = liability_of(tables, state, g, month)
        state.guarantors[g].unearned = unearned_of(tables, state, g, month)
        state.guarantors[g].net_assets = value(tables, state, g)


@outlined
def close_books(tables, state, month):
    """Month-end, after new lending: the reserve grows at a policy year's end; who is insolvent?"""
    assess(tables, state, month)
    for g in range(tables.guarantors.size):
        books = state.guarantors[g]
        if (month + 1) % 12 == 0:
            grown = books.reserve + tables.guarantors[g].reserve_rate * books.liability
            books.reserve = min(grown, tables.guarantors[g].reserve_cap * books.liability)
            books.net_assets = value(tables, state, g)
        if books.net_assets < -HALF_A_FEN and books.insolvent_month > month:
            books.insolvent_month = month
