"""A second instrument beside a scheme, with names of its own for all that it has."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace

from fundsim.scheme import BridgeFund, EquityFund, Facility, Payment, Scheme, Segment
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH

from .bridging import in_window

SURROUNDINGS = frozenset({"firms", "outside"})
"""Parties that are one for all instruments."""

NAMES = frozenset(
    {
        "name", "segment", "segments", "lender", "party", "payer", "payee", "source", "target", "facility",
        "covers", "capacities", "contracts", "drawn", "facilities",
        "account", "custody", "manager", "parent", "partners", "stages", "treasury",
    }
)  # fmt: skip
"""Fields that hold names; the same words also name tuples of things, which are renamed inside."""


def prefixed(thing, prefix: str):
    """Return a part of a scheme with a prefix before every name in it, the surroundings' apart."""

    def renamed(value):
        return value if value in SURROUNDINGS else f"{prefix}{value}"

    changes = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value):
            changes[field.name] = prefixed(value, prefix)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[field.name] = tuple(prefixed(item, prefix) for item in value)
        elif isinstance(value, str) and (field.name in NAMES or _is_base(thing, field.name, value)):
            changes[field.name] = renamed(value)
        elif field.name in NAMES and isinstance(value, tuple | frozenset):
            changes[field.name] = type(value)(renamed(name) for name in value)
    return replace(thing, **changes)


def _is_base(thing, field: str, value: str) -> bool:
    """Return whether a field names what a payment is taken from; ``of`` says other things elsewhere."""
    return isinstance(thing, Payment) and field == "of" and bool(value)


def beside(scheme: Scheme, neighbour: Scheme, prefix: str = "its.") -> Scheme:
    """Return both in one scheme; the neighbour takes over the first one's window and economy.

    Where it has a bridge fund that lives longer, the window ends later.
    """
    static = not scheme.economy.step_months
    window = scheme.window
    its = prefixed(replace(neighbour, economy=scheme.economy), prefix)
    parts = {
        "segments": tuple(_in_economy(s, static=static) for s in its.segments),
        "parties": tuple(p for p in its.parties if p.name not in SURROUNDINGS),
        "facilities": tuple(_in_window(f, window.months, static=static) for f in its.facilities),
        "injections": tuple(i for i in its.injections if i.month < window.months),
        "bridges": () if static else tuple(_in_days(f, window.waiting) for f in its.bridges),
        "equity_funds": _that_begin(its.equity_funds, window.months),
    }
    for name in (f.name for f in fields(Scheme) if f.name not in {"window", "economy", "metrics"}):
        parts[name] = (*parts.get(name, getattr(its, name)), *getattr(scheme, name))
    both = replace(scheme, **parts)
    return in_window(both, with_longest_life(both))


def _in_economy(segment: Segment, *, static: bool) -> Segment:
    segment = replace(segment, sector=None, city_weight=1.0)
    still = {"maturity_share": 0.0, "renew": 0.0, "shortage": None}
    return replace(segment, **still) if static else segment


def _in_days(fund: BridgeFund, waiting: int) -> BridgeFund:
    """Return a fund whose requests wait no longer than lending lives after the window."""
    return replace(
        fund,
        deadline_days=min(fund.deadline_days, waiting * DAYS_PER_MONTH),
        bridged=tuple(_in_economy(s, static=False) for s in fund.bridged),
    )


def _that_begin(funds: tuple[EquityFund, ...], months: int) -> tuple[EquityFund, ...]:
    """Return the equity funds that begin so early, if their parents do, on the city factor alone."""
    early = {f.name for f in funds if f.start < months}
    return tuple(
        replace(f, sector=None, city_weight=1.0)
        for f in funds
        if f.name in early and (f.parent is None or f.parent in early)
    )


def _in_window(facility: Facility, months: int, *, static: bool) -> Facility:
    """Return a facility with demand for so many months; where factors stand still, in the first alone."""
    lent = 1 if static else months
    monthly = [facility.demand.monthly[t % len(facility.demand.monthly)] for t in range(lent)]
    hold = () if static else facility.demand.hold[:months]
    hold = hold and (*hold, *[math.nan] * (months - len(hold)))
    demand = replace(facility.demand, monthly=(*monthly, *[0.0] * (months - lent)), hold=hold)
    return replace(facility, demand=demand, tape=None if static else facility.tape)
