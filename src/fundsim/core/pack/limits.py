"""Breakers, lending limits, guarantors' books and drawn multiples as tables."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fundsim.core.pack import tables as t
from fundsim.core.pack.record_arrays import integers, table
from fundsim.scheme import Contract, Guarantor, Line, Scheme, Weight, entity

__all__ = [
    "PackedGuarantors",
    "guaranteed_by",
    "pack_breakers",
    "pack_capacities",
    "pack_drawn",
    "pack_guarantors",
    "pack_obligors",
    "pack_recovery_left",
    "stakes_of",
]

NO = -1
"""Position of what is not there."""


class PackedGuarantors(NamedTuple):
    """Tables of guarantors, and for each class where its weights begin (one more entry than classes)."""

    guarantors: Any
    stakes: Any
    weights: Any
    fee_lines: NDArray[np.int64]
    first_weight: NDArray[np.int64]


def stakes_of(scheme: Scheme) -> list[tuple[str, str]]:
    """Return (party of a guarantor, facility) where it has weights or contracts, guarantor by guarantor."""
    of_contract = {c.name: c.facility for c in scheme.contracts}
    found: list[tuple[str, str]] = []
    for guarantor in scheme.guarantors:
        facilities = [w.facility for w in guarantor.weights] + [of_contract[c] for c in guarantor.contracts]
        found += [(guarantor.party, name) for name in dict.fromkeys(facilities)]
    return found


def guaranteed_by(scheme: Scheme, contract: Contract) -> tuple[tuple[str, str] | None, float]:
    """Return the stake whose outlay a contract's payments change, and the sign of the change."""
    for guarantor in scheme.guarantors:
        if contract.name in guarantor.contracts:
            return (guarantor.party, contract.facility), 1.0
        if contract.covers in guarantor.contracts:
            return (guarantor.party, contract.facility), -1.0
    return None, 0.0


def pack_guarantors(
    scheme: Scheme, line: dict[Line, int], account: dict[str, int], classes: list[tuple[str, str, int]]
) -> PackedGuarantors:
    """Pack the guarantors of a scheme.

    Args:
        scheme: the lowered scheme.
        line: line of the ledger → row.
        account: party → row.
        classes: (facility, segment, band) of every class.

    Raises:
        KeyError: a weight is given for a class that does not exist.
    """
    guarantors = scheme.guarantors
    stakes = stakes_of(scheme)
    n_stakes = [sum(party == g.party for party, _ in stakes) for g in guarantors]
    n_lines = [len(g.fees) for g in guarantors]
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    owner = {g.party: position for position, g in enumerate(guarantors)}
    row = {name: position for position, name in enumerate(classes)}
    weighted: list[list[tuple[Guarantor, Weight]]] = [[] for _ in classes]
    for guarantor in guarantors:
        for w in guarantor.weights:
            if w.weight != 0.0:
                weighted[row[w.facility, w.segment, w.band]].append((guarantor, w))
    flat = [pair for pairs in weighted for pair in pairs]
    return PackedGuarantors(
        guarantors=table(
            t.GUARANTOR,
            account=[account[g.party] for g in guarantors],
            first_stake=np.cumsum([0, *n_stakes])[:-1],
            end_stake=np.cumsum(n_stakes),
            first_line=np.cumsum([0, *n_lines])[:-1],
            end_line=np.cumsum(n_lines),
            expected_recovery=[g.expected_recovery for g in guarantors],
            unearned_share=[g.unearned_share for g in guarantors],
            reserve_rate=[g.reserve_rate for g in guarantors],
            reserve_cap=[g.reserve_cap for g in guarantors],
        ),
        stakes=table(
            t.STAKE,
            guarantor=[owner[party] for party, _ in stakes],
            facility=[facility[name] for _, name in stakes],
        ),
        weights=table(
            t.WEIGHT,
            stake=[stakes.index((g.party, w.facility)) for g, w in flat],
            weight=[w.weight for _, w in flat],
        ),
        fee_lines=integers(line[entry] for g in guarantors for entry in g.fees),
        first_weight=np.cumsum([0, *map(len, weighted)]).astype(np.int64),
    )


def pack_capacities(scheme: Scheme, account: dict[str, int]) -> tuple[Any, NDArray[np.int64]]:
    """Return the limits, and the rows of the facilities that share each of them, limit by limit."""
    owner = {g.party: position for position, g in enumerate(scheme.guarantors)}
    drawn = {d.name: position for position, d in enumerate(scheme.drawn)}
    known = {c.name for c in scheme.capacities}
    for facility in scheme.facilities:
        if unknown := set(facility.capacities) - known:
            raise KeyError(min(unknown))
    members = [
        [f for f, facility in enumerate(scheme.facilities) if c.name in facility.capacities]
        for c in scheme.capacities
    ]
    sizes = [len(rows) for rows in members]
    limits = table(
        t.CAPACITY,
        account=[account[c.party] for c in scheme.capacities],
        basis=[t.CapacityBasis[c.basis.upper()] for c in scheme.capacities],
        guarantor=[owner[c.party] if c.basis == "net_assets" else NO for c in scheme.capacities],
        drawn=[NO if c.drawn is None else drawn[c.drawn] for c in scheme.capacities],
        first_member=np.cumsum([0, *sizes])[:-1],
        end_member=np.cumsum(sizes),
        multiple=[c.multiple for c in scheme.capacities],
    )
    return limits, integers(f for rows in members for f in rows)


def pack_obligors(scheme: Scheme) -> Any:
    """Return the single-obligor limits."""
    owner = {g.party: position for position, g in enumerate(scheme.guarantors)}
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    return table(
        t.OBLIGOR,
        facility=[facility[limit.facility] for limit in scheme.obligor_limits],
        guarantor=[owner[limit.party] for limit in scheme.obligor_limits],
        share=[limit.share for limit in scheme.obligor_limits],
        retained=[limit.retained for limit in scheme.obligor_limits],
    )


def pack_breakers(scheme: Scheme, account: dict[str, int]) -> Any:
    """Return the breakers."""
    breakers = scheme.breakers
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    return table(
        t.BREAKER,
        facility=[facility[b.facility] for b in breakers],
        metric=[t.BreakerMetric[b.metric.upper()] for b in breakers],
        account=[NO if b.party is None else account[b.party] for b in breakers],
        stops_renewals=[b.action != "stop_new" for b in breakers],
        for_good=[b.action == "terminate" for b in breakers],
        lifetime=[b.lifetime for b in breakers],
        threshold=[b.threshold for b in breakers],
        reset=[b.reset for b in breakers],
    )


def pack_recovery_left(scheme: Scheme) -> NDArray[np.float64]:
    """Return the share of a facility's recovery that is still to come when a default is so many months old.

    Shape (facility, age); without columns when nobody keeps a guarantor's books.
    """
    parts = [part for f in scheme.facilities for part in f.recovery] if scheme.guarantors else []
    left = np.zeros((len(scheme.facilities), max((part.lag_months for part in parts), default=0)))
    for f, facility in enumerate(scheme.facilities):
        for age in range(left.shape[1]):
            left[f, age] = math.fsum(part.share for part in facility.recovery if part.lag_months > age)
    return left


def pack_drawn(scheme: Scheme) -> Any:
    """Return the multiples that are drawn once a path."""
    return table(
        t.DRAWN,
        low=[d.low for d in scheme.drawn],
        width=[d.high - d.low for d in scheme.drawn],
        entity=[entity(d.name) for d in scheme.drawn],
    )
