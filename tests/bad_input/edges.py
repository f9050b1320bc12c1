"""Scenarios at the edges of what is allowed: bundled ones with one to three values pushed to an end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fundsim.instruments import KINDS
from fundsim.scenario import load
from fundsim.scenario.anatomy import Anatomy, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.term import Term
from fundsim.units import Quantity, YearMonth

SCENARIOS = (
    "minimal", "examples/guarantors", "examples/credit_insurance", "examples/double_guarantee",
    "examples/ip_pledge", "examples/startup_guarantee_loan", "examples/talent_loan",
    "examples/technology_pool", "taiyuan_lending", "textbook/firm_population", "textbook/t_pool_nu4",
    "textbook/t_pool_static", "textbook/unequal_layers", "textbook/j1_1223_loans", "textbook/vasicek_100",
    "textbook/revolving_pool", "textbook/reguarantee_2242",
)  # fmt: skip
FRACTIONS = (
    0, 1, 1e-300, 1e-12, 1e-6, 0.01, 0.5, 0.9, 0.99, 0.999999, 0.9999999, 1 - 1e-12, 1 - 1e-16, -1, -0.99,
)  # fmt: skip
AMOUNTS = (0, 1e-300, 1e-9, 0.004, 0.01, 1, 1e4, 1e6, 3e6, 1e9, 1e12, 1e15)
WHOLES = (0, 1, 2, 3, 7, 8, 11, 12, 13, 36, 60, 119, 120, 240, 360, 1000, 1200, 1e6, 1e9, 1e12)
DEVIATIONS = (-100, -38, -8, -1, 0, 1, 8, 38, 100)
DEGREES = (2.0001, 2.1, 3, 5.5, 30, 1e4, 1e6)
MONTHS = ("1900-01", "2014-12", "2015-01", "2015-02", "2016-12", "2024-01", "2024-07", "2026-12", "2200-12")
BLOCKS: dict[str, tuple[Any, ...]] = {
    "economy.stress": ([{"from": "2015-01", "to": "2200-12", "shift": -100}],
                       [{"from": "2024-01", "to": "2024-01", "fix": 100}]),
    "economy.sector_correlation": (0.999999, [{"between": ["retail", "services"], "correlation": 1}]),
    "lgd": ({"mean": 0.5, "sd": 0.4999999999}, {"mean": 1e-9, "sd": 1e-6}, {"mean": 0.999999, "sd": 0.0005},
            {"mean": 0.5, "sd": 1e-9, "factor_correlation": 1}, {"mean": 0.5, "sd": 1e-300}),
    "loan": ({"mean": 3e6, "cv": 1, "cap": 6e6}, {"mean": 3e6, "cv": 0.9999999, "cap": 6e6, "bands": 8},
             {"mean": 3e6, "cv": 1e-9, "bands": 8}, {"mean": 1e6, "cv": 1e3, "bands": 8},
             {"mean": 0.01, "cv": 2, "bands": 8}, {"mean": 1e15, "cv": 1e9, "bands": 8},
             {"mean": 1e6, "cap": 1e6}, {"mean": 1e6, "cv": 0.5, "cap": 1e15, "bands": 8}),
    "opening_stock": ({"amount": 1e15}, {"loans": 1e12}, {"amount": 0.01}, {"loans": 1, "months_left": 120}),
    "population": ({"opening": 0, "entry_annual": 0, "exit_annual": [0.1]},
                   {"opening": 1e12, "entry_annual": 1e12, "exit_annual": [0, 1]},
                   {"opening": 100, "entry_annual": 10, "exit_annual": [0.5], "exits_first_year": 100},
                   {"opening": 0, "entry_annual": 5, "exit_annual": [0.5], "exits_first_year": 0}),
    "screening": ({"accuracy_ratio": 0.9999999, "rejected": 0.9999999},
                  {"accuracy_ratio": 1e-300, "rejected": 1e-300}),
    "demand": ({"hold_outstanding": 1e15}, {"hold_outstanding": 0.01}, {"yearly": [1e15, 1e15, 1e15]},
               {"schedule": [{"date": "2024-01", "amount": 1e15}, {"date": "2024-01", "amount": 1e15}]}),
    "recovery": ({"lag_months": 360}, {"spread": [{"lag_months": 1, "share": 1}], "cost": 0.999999}),
    "top_up": ({"below": 1e15, "to": 1e15}, {"below": 1e-300, "to": 1e-300, "year_limit": 0}),
    "breaker": ({"metric": "npl_ratio", "threshold": 1e-300, "reset": 0, "action": "terminate"},),
    "bank_line": ({"multiple": 1e9}, {"multiple": {"least": 0, "most": 1e9}}),
}  # fmt: skip


@cache
def keys_of(name: str) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Return every key of a scenario that can be set, with values at its edges."""
    scenario = load(name, kinds=KINDS)
    found = [(".".join(path), _values(path[-1], form, metadata))
             for path, form, metadata in _fields(scenario.terms, ())]  # fmt: skip
    return tuple((key, values) for key, values in found if values and not key.startswith("run."))


def _fields(value: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Anatomy, tuple[Any, ...]]]:
    found: list[tuple[tuple[str, ...], Anatomy, tuple[Any, ...]]] = []
    if isinstance(value, Term):
        for field in fields_of(type(value)):
            found.append(((*path, field.key), field.anatomy, field.metadata))
            found += _inside(getattr(value, field.name), field.anatomy, (*path, field.key))
    return found


def _inside(value: Any, form: Anatomy, path: tuple[str, ...]) -> list[Any]:
    if isinstance(value, Term):
        return _fields(value, path)
    found = []
    items: Sequence[tuple[Any, Any]] = ()
    inner: Any = None
    if isinstance(value, Mapping):
        items, inner = tuple(value.items()), form.table and form.table[1]
    elif isinstance(value, tuple):
        items, inner = tuple(enumerate(value)), form.item
    for key, item in items:
        if isinstance(item, Term):
            found += _fields(item, (*path, str(key)))
        elif inner is not None:
            found.append(((*path, str(key)), anatomy(inner), ()))
    return found


def _values(key: str, form: Anatomy, metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    values = list(BLOCKS.get(key, ()))
    for kind in form.scalars:
        quantity = quantity_of(kind, metadata)
        if quantity is YearMonth:
            values += MONTHS
        elif isinstance(quantity, Quantity):
            bounds = bounds_of(kind, metadata)
            ends = [bounds.low or 0, bounds.high]
            values += [*_edges(quantity), *(int(end) if quantity.integer else end for end in ends)]
    values += form.choices
    if form.optional:
        values.append(None)
    if bool in form.scalars:
        values += [True, False]
    return tuple(values)


def _edges(quantity: Quantity) -> tuple[Any, ...]:
    if quantity.integer:
        return tuple(int(whole) for whole in WHOLES)
    if quantity.name == "Deviations":
        return DEVIATIONS
    if quantity.name == "Degrees":
        return DEGREES
    return FRACTIONS if quantity.high == 1 else AMOUNTS


def edge_case(seed: int) -> tuple[str, list[tuple[str, Any]]]:
    """Return a scenario and the values to set in it."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
    name = rng.choice(SCENARIOS)
    keys = keys_of(name)
    chosen = [rng.choice(keys) for _ in range(rng.choice((1, 1, 2, 3)))]
    return name, [(key, rng.choice(values)) for key, values in chosen]
