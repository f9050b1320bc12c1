"""What the schemes without chance have besides pools: guarantors, several limits, instalments.

Each function takes a scheme and gives it one feature more, if the dice say so; nothing becomes random.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from fundsim.scheme import (
    Capacity,
    Drawn,
    Facility,
    Guarantor,
    Line,
    ObligorLimit,
    Population,
    Scheme,
    Segment,
    Weight,
)

__all__ = ["with_features"]


def with_features(random: Generator, scheme: Scheme, payers: Sequence[str]) -> Scheme:
    """Return the scheme with features of its own choice added.

    Args:
        random: the dice.
        scheme: a scheme without chance.
        payers: parties that pay claims.
    """
    scheme = _with_mixing(random, scheme)
    scheme = _with_borrowers(random, scheme)
    scheme = _with_drawn(random, scheme)
    scheme = _with_guarantors(random, scheme, payers)
    return _with_limits(random, scheme, payers)


def _chance(random: Generator, probability: float) -> bool:
    return bool(random.random() < probability)


def _whole(random: Generator, low: int, high: int) -> int:
    return int(random.integers(low, high + 1))


def _amount(random: Generator, low: float, high: float) -> float:
    return round(float(random.uniform(low, high)), 2)


def _with_mixing(random: Generator, scheme: Scheme) -> Scheme:
    """Join defaults by a Student-t copula, under which what is certain stays certain."""
    degrees = _amount(random, 2.5, 6.0) if _chance(random, 0.3) else None
    return replace(scheme, economy=replace(scheme.economy, t_degrees=degrees))


def _with_borrowers(random: Generator, scheme: Scheme) -> Scheme:
    """Let some loans amortise, and some firms grow older and leave at an age."""
    return replace(scheme, segments=tuple(_borrowers(random, segment) for segment in scheme.segments))


def _borrowers(random: Generator, segment: Segment) -> Segment:
    if segment.maturity_share == 0.0 and _chance(random, 0.35):
        shares = sorted(random.uniform(0.05, 1.0, segment.term_months - 1).tolist(), reverse=True)
        segment = replace(segment, outstanding_share=(1.0, *shares))
    if _chance(random, 0.3):
        n_ages = _whole(random, 1, 4)
        population = Population(
            opening=tuple(_whole(random, 0, 30) for _ in range(n_ages)),
            entry_annual=0.0,
            exit_annual=tuple(float(_chance(random, 0.3)) for _ in range(n_ages)),
        )
        segment = replace(segment, firms=None, population=population)
    return segment


def _with_drawn(random: Generator, scheme: Scheme) -> Scheme:
    """Multiply some injections by a number that both engines draw from one counter."""
    if not _chance(random, 0.4):
        return scheme
    drawn = Drawn(name="private.match", low=0.5, high=_amount(random, 0.6, 3.0))
    injections = tuple(
        replace(injection, drawn=drawn.name) if _chance(random, 0.5) else injection
        for injection in scheme.injections
    )
    return replace(scheme, drawn=(drawn,), injections=injections)


def _with_guarantors(random: Generator, scheme: Scheme, payers: Sequence[str]) -> Scheme:
    """Keep prudential books for some of the parties that pay lenders' claims."""
    guarantors = []
    for payer in payers:
        contracts = tuple(c.name for c in scheme.contracts if c.payer == payer and c.covers is None)
        if contracts and _chance(random, 0.5):
            guarantors.append(
                Guarantor(
                    party=payer,
                    contracts=contracts,
                    weights=tuple(_weights(random, scheme)),
                    fees=tuple(
                        Line(source=fee.payer, target=fee.payee, kind=fee.kind)
                        for fee in scheme.fees
                        if fee.payee == payer
                    ),
                    expected_recovery=round(float(random.uniform(0.1, 0.8)), 3),
                    unearned_share=round(float(random.uniform(0.2, 0.8)), 3),
                    reserve_rate=round(float(random.uniform(0.005, 0.05)), 4),
                    reserve_cap=round(float(random.uniform(0.02, 0.1)), 4),
                )
            )
    return replace(scheme, guarantors=tuple(guarantors))


def _weights(random: Generator, scheme: Scheme) -> list[Weight]:
    segments = {segment.name: segment for segment in scheme.segments}
    return [
        Weight(
            facility=facility.name,
            segment=borrowers.segment,
            band=band,
            weight=round(float(random.uniform(0.1, 0.9)), 3),
        )
        for facility in scheme.facilities
        for borrowers in facility.borrowers
        for band in range(len(segments[borrowers.segment].bands))
    ]


def _with_limits(random: Generator, scheme: Scheme, payers: Sequence[str]) -> Scheme:
    """Add limits on money paid in and on net assets, and limits a loan; let facilities name several."""
    drawn = scheme.drawn[0].name if scheme.drawn else None
    limits = list(scheme.capacities)
    if _chance(random, 0.4):
        party = payers[_whole(random, 0, len(payers) - 1)]
        multiple = round(float(random.uniform(1.0, 12.0)), 3)
        limits.append(
            Capacity(name="bank_line", party=party, basis="paid_in", multiple=multiple, drawn=drawn)
        )
    for guarantor in scheme.guarantors:
        if _chance(random, 0.6):
            multiple = round(float(random.uniform(0.5, 6.0)), 3)
            name = f"leverage.{guarantor.party}"
            limits.append(Capacity(name=name, party=guarantor.party, basis="net_assets", multiple=multiple))
    random.shuffle(limits)
    facilities = tuple(_naming_limits(random, facility, limits) for facility in scheme.facilities)
    obligor_limits = tuple(
        ObligorLimit(
            facility=facility.name,
            party=guarantor.party,
            share=round(float(random.uniform(0.02, 0.3)), 3),
            retained=round(float(random.uniform(0.1, 1.0)), 3),
        )
        for facility, guarantor in itertools.product(facilities, scheme.guarantors)
        if _chance(random, 0.4)
    )
    return replace(scheme, capacities=tuple(limits), facilities=facilities, obligor_limits=obligor_limits)


def _naming_limits(random: Generator, facility: Facility, limits: Sequence[Capacity]) -> Facility:
    """Let a facility name the limit that it had and some of the others, in any order."""
    others = [
        limit.name for limit in limits if limit.name not in facility.capacities and _chance(random, 0.5)
    ]
    names = [*facility.capacities, *others]
    return replace(facility, capacities=tuple(str(name) for name in random.permutation(names)))
