"""Bridge funds of the schemes without chance: all of their firms are short, and served at once or never.

The day on which a loan falls due is drawn, so uses and patience last whole months: the month of what follows
is then certain.  Only what is summed over days is not.
"""

from __future__ import annotations

import math
from dataclasses import replace

from numpy.random import Generator

from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    FeeTier,
    Party,
    RequestSize,
    Scheme,
    Segment,
    Shortage,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH

__all__ = ["OF_DAYS", "with_bridges"]

OF_DAYS = ("/capital_days", "/out_days", "/peak_out")
"""Ends of the names of records that depend on the days within a month."""
SURE_PD = 1.0 - 1e-15
SHORTEST_DOOMED_TERM = 9
"""Months in which a loan of that PD survives with next to nothing, all of its hazard at maturity."""
AMPLE = 1e7


def with_bridges(random: Generator, scheme: Scheme) -> Scheme:
    """Return the scheme with short firms and bridge funds of its own choice.

    Args:
        random: the dice.
        scheme: a scheme without chance.
    """
    if not _chance(random, 0.5):
        return scheme
    scheme = replace(scheme, segments=tuple(_shortage(random, s) for s in scheme.segments))
    amortise = {s.name for s in scheme.segments if s.outstanding_share}
    served = [
        facility.name
        for facility in scheme.facilities
        if not any(b.segment in amortise for b in facility.borrowers) and _chance(random, 0.8)
    ]
    together = _chance(random, 0.5)
    groups = [tuple(served)] if served and together else [(name,) for name in served]
    funds = tuple(_fund(random, scheme, group, f"bridge_{k}") for k, group in enumerate(groups))
    parties = tuple(
        Party(name=fund.party, opening=AMPLE * _chance(random, 0.7), limited=False, public=True)
        for fund in funds
    )
    scheme = replace(scheme, bridges=funds, parties=(*scheme.parties, *parties))
    return replace(scheme, window=with_longest_life(scheme))


def _chance(random: Generator, probability: float) -> bool:
    return bool(random.random() < probability)


def _whole(random: Generator, low: int, high: int) -> int:
    return int(random.integers(low, high + 1))


def _amount(random: Generator, low: float, high: float) -> float:
    return round(float(random.uniform(low, high)), 2)


def _months(random: Generator, least: int, most: int) -> DaysLaw:
    """Return days that are so many whole months."""
    return DaysLaw(law="fixed", mean=_whole(random, least, most) * DAYS_PER_MONTH)


def _shortage(random: Generator, segment: Segment) -> Segment:
    """Let all firms of a segment be short whose loans are bullets, or none."""
    if segment.outstanding_share or not _chance(random, 0.7):
        return segment
    shortage = Shortage(
        probability=float(_chance(random, 0.85)),
        rho=round(float(random.uniform(0.0, 0.5)), 3),
        default_if_unserved=float(_chance(random, 0.5)),
        private_fee_per_day=round(float(random.uniform(0.0, 0.003)), 4),
        private_days=_months(random, 1, 2),
    )
    # A PD of 0 has no hazard to hold back; that of the next life may have.
    return replace(segment, shortage=shortage, maturity_share=1.0)


def _fund(random: Generator, scheme: Scheme, facilities: tuple[str, ...], name: str) -> BridgeFund:
    """Return a fund that has ample money or none: the party's opening decides that."""
    taped = any(f.tape is not None for f in scheme.facilities if f.name in facilities)
    return BridgeFund(
        name=name,
        party=name,
        facilities=facilities,
        sizes=(RequestSize(up_to=_amount(random, 50.0, 200.0)), RequestSize(up_to=math.inf)),
        share_financed=round(float(random.uniform(0.5, 1.0)), 2),
        cap_per_firm=_amount(random, 20.0, 300.0) if _chance(random, 0.3) else math.inf,
        own_money_max=0.5 if _chance(random, 0.5) else None,
        deadline_days=_whole(random, 0, min(2, scheme.window.waiting)) * DAYS_PER_MONTH,
        days=_months(random, 1, 3),
        not_renewed=float(_chance(random, 0.3)),
        lgd=round(float(random.uniform(0.0, 1.0)), 3),
        recovery_lag=_whole(random, 1, 6),
        fee=(FeeTier(to_days=20.0, per_day=0.0004), FeeTier(to_days=math.inf, per_day=0.0011)),
        fee_free_days=float(_whole(random, 0, 5)),
        recapitalise=_chance(random, 0.5),
        running_cost_annual=_amount(random, 0.0, 90.0) if _chance(random, 0.5) else 0.0,
        running_cost_share=0.2 if _chance(random, 0.5) else 0.0,
        bridged=_doomed(scheme) if _chance(random, 0.5) and not taped else (),
    )


def _doomed(scheme: Scheme) -> tuple[Segment, ...]:
    """Return the segments as which bridged loans live: they surely default at the end of a long term."""
    return tuple(
        replace(s, pd_annual=SURE_PD)
        for s in scheme.segments
        if s.maturity_share == 1.0 and s.pd_annual == 0.0 and s.term_months >= SHORTEST_DOOMED_TERM
    )
