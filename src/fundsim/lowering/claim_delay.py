"""How long after a default a contract's claim falls due."""

from __future__ import annotations

from collections.abc import Mapping

from fundsim.scheme import Contract

__all__ = ["claim_delay"]


def claim_delay(contract: Contract, by_name: Mapping[str, Contract]) -> int:
    """Return the months from a default to the claim, those of the contracts that it covers included."""
    own = contract.trigger_months + contract.claim_lag
    return own if contract.covers is None else own + claim_delay(by_name[contract.covers], by_name)
