"""Layers per loan of contracts on a tape: the loans of a batch are looked at one by one."""

from __future__ import annotations

from fundsim.core.machine.decorators import outlined

__all__ = ["tape_claims_within_layers"]


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
        loan = tables.tape.loans[i].principal
        if contract.covers < 0:
            loan += contract.interest_months * tables.tape.terms[i].interest_monthly
        total += min(max(fraction * loan - contract.loan_attach, 0.0), contract.loan_limit)
    return total
