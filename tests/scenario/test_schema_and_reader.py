"""Schema and reader agree on every key: what one takes, the other takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest

from fundsim.instruments import KINDS
from fundsim.scenario.anatomy import Anatomy, FieldOf, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.check import Checker
from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.loan_file import LoanFile, LoanFiles
from fundsim.scenario.nodes import Place
from fundsim.scenario.python_values import from_python
from fundsim.scenario.schema import json_schema
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms
from fundsim.units import Quantity

SCHEMA = json_schema(KINDS)
PLACE = Place("x.yaml", 1, 1)
PLAIN: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.5, -0.5, 1.5, 2, 7, 12, 12.0, 13, 60, 61, 100, 120, 121, 240, 241, 360,
    361, 600, 1200, 1201, 1989, 1990, 2100, 2101, 3600, 3601, 1e5, 999_999, 1e6, 1_000_001, 1e9, 1e12,
    1e12 + 1, 1e15, 1.1e15, 1e19, 1e300, -1e300, 1e-300, 0.99, 0.9999, [], [0.5], [12], [1e16], [-1], ["a"],
    [None],     ["a", "b"], ["a", "b", "c"], [[]], ["2015-01"], {}, {"nothing_like_it": 1}, [{}],
)  # fmt: skip
TEXTS = (
    "", "a", "abc", "12", "0", "-1", "+7", "40%", "3‰", "0.5", "1 200万", "1,200", "300万", "0.4亿",
    "1.5万亿元", "12个月", "1年", "10倍", "6.5万", "300家", " 7 ", "1e6", "1E6", "2015-03", "2015-3",
    "2015年3月", "2015-13", "2015", "201503", "15-03", "lots", "40 %", "1.2.3", "¥1", "1_000", "1 2",
    "bullet",    "annuity", "year", "month", "balance", "paid_in", "carry", "true", "yes", "null", "trade",
)  # fmt: skip


def terms_below(cls: type[Term], seen: dict[type[Term], None]) -> None:
    if cls in seen:
        return
    seen[cls] = None
    for item in fields_of(cls):
        below = (item.anatomy.item, item.anatomy.table and item.anatomy.table[1])
        for form in (item.anatomy, *(anatomy(inner) for inner in below if inner)):
            for inner in form.terms:
                terms_below(inner, seen)


@cache
def all_terms() -> tuple[type[Term], ...]:
    seen: dict[type[Term], None] = {}
    for cls in (ScenarioTerms, *(kind.terms for kind in KINDS.values())):
        terms_below(cls, seen)
    return tuple(seen)


def single_values() -> Iterator[tuple[str, type[Term], FieldOf]]:
    for cls in all_terms():
        for item in fields_of(cls):
            if LoanFile not in item.anatomy.scalars and item.key not in ("instruments", "seed"):
                yield f"{cls.__name__}.{item.key}", cls, item


def is_read(item: FieldOf, value: Any) -> bool:
    """Return whether the reader takes a value of a key, rules across keys apart."""
    faults = FaultList(["x.yaml"])
    checker = Checker(faults, {}, LoanFiles({}, "x.yaml"))
    checker.value(item.info.annotation, item.metadata, from_python(value, PLACE), (item.key,))
    return not faults.has_errors


@cache
def validator(cls: type[Term]) -> Any:
    home = next((kind for kind, entry in KINDS.items() if entry.terms is cls), None)
    name = f"kind.{home}" if home else f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}"
    if cls is ScenarioTerms:
        return jsonschema.Draft202012Validator(SCHEMA)
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def is_allowed(cls: type[Term], item: FieldOf, value: Any) -> bool:
    return bool(validator(cls).is_valid({item.key: value}))


def has_bound_beyond(form: Anatomy, metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the ends of the ranges of a key, and numbers on both sides of them."""
    found: list[Any] = []
    for kind in form.scalars:
        quantity = quantity_of(kind, metadata)
        bounds = bounds_of(kind, metadata)
        step = 1 if isinstance(quantity, Quantity) and quantity.integer else 1e-6
        for end in (bounds.low, bounds.high):
            if end is not None:
                found += [end, end - max(step, abs(end) * 1e-9), end + max(step, abs(end) * 1e-9)]
    return tuple(int(x) if x == int(x) else x for x in found)


def is_whole_float(value: Any) -> bool:
    """Whether a number is whole but has a point: an integer to a schema, and not to a plain int."""
    return isinstance(value, float) and value == int(value)


@pytest.mark.parametrize(
    ("label", "cls", "item"), [pytest.param(*case, id=case[0]) for case in single_values()]
)
def test_schema_and_reader_take_the_same(label: str, cls: type[Term], item: FieldOf) -> None:
    plain_int = any(kind is int for kind in item.anatomy.scalars)
    for value in (*PLAIN, *has_bound_beyond(item.anatomy, item.metadata)):
        if isinstance(value, dict | list) and (item.anatomy.terms or item.anatomy.table or item.anatomy.item):
            # Of what is left out only the whole chain of files can say whether it is missing.
            assert is_allowed(cls, item, value) or not is_read(item, value), value
        elif not (plain_int and is_whole_float(value)):
            assert is_allowed(cls, item, value) == is_read(item, value), value
    for text in TEXTS:
        # A pattern can't weigh a number, so a schema may take more texts than the reader, never fewer.
        assert is_allowed(cls, item, text) or not is_read(item, text), text
