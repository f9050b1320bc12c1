"""What the schemes without chance have besides pools: guarantors, several limits, tapes, instalments.

Each function takes a scheme and gives it one feature more, if the dice say so; nothing becomes random.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
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
    Tape,
    Weight,
)
from fundsim.verify.certain_bridges import with_bridges

__all__ = ["with_features"]

NEVER = 1e-15
"""PD of a loan on a tape that never defaults; a tape has no PD of 0."""


def with_features(random: Generator, scheme: Scheme, payers: Sequence[str]) -> Scheme:
    """Return the scheme with features of its own choice added.

    Args:
        random: the dice.
        scheme: a scheme without chance.
        payers: parties that pay claims.
    """
    scheme = _with_mixing(random, scheme)
    scheme = _with_borrowers(random, scheme)
    scheme = _with_tapes(random, scheme)
    scheme = _with_drawn(random, scheme)
    scheme = _with_guarantors(random, scheme, payers)
    scheme = _with_limits(random, scheme, payers)
    return with_bridges(random, scheme)


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


def _with_tapes(random: Generator, scheme: Scheme) -> Scheme:
    """Put loans of a tape beside the opening loans: bullets of every size, each certain of its fate."""
    bullets = [segment for segment in scheme.segments if not segment.outstanding_share]
    facilities = tuple(
        replace(facility, tape=_tape(random, bullets)) if bullets and _chance(random, 0.35) else facility
        for facility in scheme.facilities
    )
    return replace(scheme, facilities=facilities)


def _tape(random: Generator, segments: Sequence[Segment]) -> Tape:
    n = _whole(random, 1, 15)
    rows = [segments[_whole(random, 0, len(segments) - 1)] for _ in range(n)]
    names = tuple(segment.name for segment in segments)
    return Tape(
        segments=names,
        segment=np.array([names.index(segment.name) for segment in rows], dtype=np.int64),
        principal=np.array([_amount(random, 5.0, 500.0) for _ in rows]),
        months_left=np.array([_whole(random, 1, segment.term_months) for segment in rows], dtype=np.int64),
        pd_annual=np.array([segment.pd_annual or NEVER for segment in rows]),
        lgd_mean=np.array([round(float(random.uniform(0.1, 1.0)), 3) for _ in rows]),
    )


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
                        for fee in scheme.payments
                        if fee.base == "granted" and fee.payee == payer
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
        if facility.tape is None
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
