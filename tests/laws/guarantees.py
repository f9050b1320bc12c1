"""Guarantors, limits that read their books, and drawn multiples for the random schemes."""

from __future__ import annotations

from dataclasses import replace

from fundsim.scheme import (
    Capacity,
    Drawn,
    Facility,
    Guarantor,
    Injection,
    Line,
    ObligorLimit,
    Scheme,
    Weight,
    Window,
)

from .choices import Choices, amount, chance, pick, share

__all__ = ["dated", "guaranteed"]

PRIVATE = "private"
"""Name of the drawn multiple, and kind of the injections that it multiplies."""


def dated(choose: Choices, window: Window, payers: tuple[str, ...], low: float, high: float) -> Injection:
    """Return a payment of the treasury to one of the payers, in a month of the window."""
    return Injection(
        source="treasury",
        target=pick(choose, payers),
        month=choose.whole(0, window.months - 1),
        amount=amount(choose, low, high),
    )


def guaranteed(choose: Choices, scheme: Scheme, payers: tuple[str, ...]) -> Scheme:
    """Return the scheme with guarantors' books, several limits, obligor limits and drawn multiples.

    Args:
        choose: where choices come from.
        scheme: a scheme without any of these.
        payers: parties that may be guarantors.
    """
    if chance(choose, 50):
        scheme = _drawing(choose, scheme, payers)
    scheme = _limited_twice(choose, scheme, payers)
    for party in payers[: pick(choose, (0, 1, 1, 2))]:
        scheme = _with_guarantor(choose, scheme, party)
    return scheme


def _drawing(choose: Choices, scheme: Scheme, payers: tuple[str, ...]) -> Scheme:
    low = share(choose, 0.5, 3.0)
    injections = tuple(
        replace(dated(choose, scheme.window, payers, 50, 500), source="bank", kind=PRIVATE, drawn=PRIVATE)
        for _ in range(choose.whole(1, 2))
    )
    limits = tuple(replace(c, drawn=PRIVATE) if chance(choose, 50) else c for c in scheme.capacities)
    return replace(
        scheme,
        drawn=(Drawn(name=PRIVATE, low=low, high=low + share(choose, 0.0, 3.0)),),
        injections=(*scheme.injections, *injections),
        capacities=limits,
    )


def _limited_twice(choose: Choices, scheme: Scheme, payers: tuple[str, ...]) -> Scheme:
    """Put some facilities under a second limit beside the one that they may have."""
    if not chance(choose, 40):
        return scheme
    limit = Capacity(
        name="second",
        party=pick(choose, payers),
        basis=pick(choose, ("paid_in", "balance")),
        multiple=amount(choose, 1, 12),
    )
    facilities = tuple(_named(f, limit) if chance(choose, 60) else f for f in scheme.facilities)
    # In the list the second limit stands before the first: that order rules, not the facility's.
    return replace(scheme, capacities=(limit, *scheme.capacities), facilities=facilities)


def _named(facility: Facility, limit: Capacity) -> Facility:
    return replace(facility, capacities=(*facility.capacities, limit.name))


def _with_guarantor(choose: Choices, scheme: Scheme, party: str) -> Scheme:
    """Let a party keep books over all its contracts, on all or some of the facilities."""
    bands = {s.name: len(s.bands) for s in scheme.segments}
    covered = [f for f in scheme.facilities if chance(choose, 80)]
    weights = tuple(
        Weight(facility=f.name, segment=b.segment, band=band, weight=share(choose, 0.1, 1.0))
        for f in covered
        for b in f.borrowers
        for band in range(bands[b.segment])
    )
    fees = {
        Line(source=fee.payer, target=fee.payee, kind=fee.kind)
        for fee in scheme.payments
        if fee.base == "granted"
    }
    guarantor = Guarantor(
        party=party,
        contracts=tuple(c.name for c in scheme.contracts if c.payer == party and c.covers is None),
        weights=weights,
        fees=tuple(line for line in fees if line.target == party),
        expected_recovery=share(choose),
        unearned_share=pick(choose, (0.0, 0.5)),
        reserve_rate=share(choose, 0.0, 0.03),
        reserve_cap=share(choose, 0.0, 0.10),
    )
    scheme = replace(scheme, guarantors=(*scheme.guarantors, guarantor))
    if chance(choose, 70):
        scheme = _levered(choose, scheme, party, covered)
    if covered and chance(choose, 50):
        limit = ObligorLimit(
            facility=covered[0].name, party=party, share=share(choose, 0.02, 0.3), retained=share(choose)
        )
        scheme = replace(scheme, obligor_limits=(*scheme.obligor_limits, limit))
    return scheme


def _levered(choose: Choices, scheme: Scheme, party: str, covered: list[Facility]) -> Scheme:
    limit = Capacity(
        name=f"{party}.leverage",
        party=party,
        basis="net_assets",
        multiple=amount(choose, 1, 15),
        drawn=PRIVATE if scheme.drawn and chance(choose, 30) else None,
    )
    names = {f.name for f in covered}
    facilities = tuple(_named(f, limit) if f.name in names else f for f in scheme.facilities)
    return replace(scheme, capacities=(*scheme.capacities, limit), facilities=facilities)
