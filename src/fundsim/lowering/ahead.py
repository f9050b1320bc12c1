"""How long after a date claims can still fall due, and so how long money that comes in can still pay them."""

from __future__ import annotations

from fundsim.scheme import Contract, Scheme

__all__ = ["contract_months", "due_months", "payer_months"]


def due_months(scheme: Scheme, contract: Contract) -> int:
    """Return the months from a default to the month in which a contract's claim on it falls due."""
    own = contract.trigger_months + contract.claim_lag
    if contract.covers is None:
        return own
    (covered,) = (c for c in scheme.contracts if c.name == contract.covers)
    return own + due_months(scheme, covered)


def contract_months(scheme: Scheme, contract: Contract) -> int:
    """Return the months from a date to the last claim of a contract, if nothing is lent after the date.

    The longest term of the facility's segments, and then the months to the due date.
    """
    terms = {s.name: s.term_months for s in scheme.segments}
    (facility,) = (f for f in scheme.facilities if f.name == contract.facility)
    longest = max((terms[b.segment] for b in facility.borrowers), default=0)
    return longest + due_months(scheme, contract)


def payer_months(scheme: Scheme, payer: str) -> int:
    """Return the months from the window's end in which a payer may still have claims to pay.

    Those of its contracts; at least the run-off where it carries arrears, which wait for money.
    """
    own = [c for c in scheme.contracts if c.payer == payer]
    months = max((contract_months(scheme, c) for c in own), default=0)
    return max(months, scheme.window.run_off) if any(c.carry for c in own) else months
