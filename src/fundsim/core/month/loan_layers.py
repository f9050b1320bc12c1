"""Layers per loan: what a contract pays on one loan, and on the loans of a tape, looked at one by one."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel, outlined

__all__ = ["claim_of_loan", "tape_claims_within_layers"]


@kernel
def claim_of_loan(contract, owed, interest_monthly, fraction):
    """Return the claim on one loan within the layer per loan; the lender's loss may have interest in it."""
    loan = owed
    if contract.covers < 0:
        loan += contract.interest_months * interest_monthly
    return min(max(fraction * loan - contract.loan_attach, 0.0), contract.loan_limit)


@outlined
def tape_claims_within_layers(tables, state, k, t, batch, fraction):
    """Return the claims on the tape loans of one batch, each cut to a contract's layer per loan.

    Args:
        tables: the tables.
        state: the state of the thread.
        k: row of the contract.
        t: month of the defaults.
        batch: lender's batch.
        fraction: claim ÷ basis of the batch.
    """
    contract = tables.contracts[k]
    total = 0.0
    head = state.tape_lost[t, batch]
    while head > 0:
        i = head - 1
        head = state.tape_next[i]
        interest = tables.tape.terms[i].interest_monthly
        total += claim_of_loan(contract, tables.tape.loans[i].principal, interest, fraction)
    return total
