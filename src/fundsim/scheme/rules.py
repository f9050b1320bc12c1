"""Rules that a scheme keeps whatever engine runs it; what breaks one has no meaning, or more than one."""

from __future__ import annotations

import math

from fundsim.scheme.model import Scheme

__all__ = ["check_scheme"]


def check_scheme(scheme: Scheme) -> None:
    """Refuse a scheme that breaks a rule; both engines ask before they prepare one.

    Raises:
        ValueError: a recovery that arrives in the month of its default; arrears carried by a contract that
            has a cap or is covered; net beside gross contracts of one lender; guarantor's books that could
            not be kept.
    """
    _check_recoveries(scheme)
    _check_arrears(scheme)
    _check_bases(scheme)
    _check_guarantors(scheme)


def _check_recoveries(scheme: Scheme) -> None:
    for facility in scheme.facilities:
        if any(part.lag_months < 1 for part in facility.recovery):
            raise ValueError(
                f"facility {facility.name}: a recovery arrives one month after the default at the earliest"
            )


def _check_arrears(scheme: Scheme) -> None:
    """Under a cap: would it bound payments or claims?  Under a cover: is what is late covered already?"""
    covered = {c.covers for c in scheme.contracts}
    for contract in scheme.contracts:
        if not contract.carry:
            continue
        if min(contract.limit, contract.year_limit, contract.cohort_cap_rate) < math.inf:
            raise ValueError(f"contract {contract.name} carries arrears, so it can't have a cap")
        if contract.name in covered:
            raise ValueError(f"contract {contract.name} carries arrears, so it can't be covered")


def _check_bases(scheme: Scheme) -> None:
    """Net beside gross contracts of one lender: a recovery would count in both."""
    for facility in scheme.facilities:
        own = [c for c in scheme.contracts if c.facility == facility.name and c.covers is None]
        if len({c.net for c in own}) > 1:
            raise ValueError(
                f"contracts of the lender of {facility.name} are net and gross: all must be, or none"
            )


def _check_guarantors(scheme: Scheme) -> None:
    parties = [g.party for g in scheme.guarantors]
    if len(set(parties)) < len(parties):
        raise ValueError("a party has two sets of guarantor's books")
    contracts = {c.name: c for c in scheme.contracts}
    taped = {f.name for f in scheme.facilities if f.tape is not None}
    for guarantor in scheme.guarantors:
        for name in guarantor.contracts:
            if contracts[name].payer != guarantor.party or contracts[name].covers is not None:
                raise ValueError(f"contract {name} is no cover of a lender by {guarantor.party}")
        if on_tape := taped & {w.facility for w in guarantor.weights}:
            raise ValueError(f"loans on the tape of {min(on_tape)} have no size band, so no weight")
    for capacity in scheme.capacities:
        if capacity.basis == "net_assets" and capacity.party not in parties:
            raise ValueError(f"limit {capacity.name}: {capacity.party} keeps no guarantor's books")
    for limit in scheme.obligor_limits:
        if limit.party not in parties:
            raise ValueError(f"obligor limit of {limit.facility}: {limit.party} keeps no guarantor's books")
