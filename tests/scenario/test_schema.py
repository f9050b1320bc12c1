"""The JSON Schema allows what the loader allows, and refuses what editors can see."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

import fundsim.instruments  # noqa: F401 - whose terms are looked through
from fundsim.scenario.schema import json_schema
from fundsim.scenario.term import Term

from .kinds import BASE, KINDS

SCHEMA = json_schema(KINDS)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def accepts(value: Any) -> bool:
    return bool(VALIDATOR.is_valid(value))


def plain(text: str) -> Any:
    """Return a text as an editor's YAML 1.2 reader would."""
    # PyYAML reads 2015-01 as text, as YAML 1.2 does; nothing else of 1.1 occurs in these texts.
    return yaml.safe_load(text)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_is_json_and_every_reference_leads_somewhere() -> None:
    text = json.dumps(SCHEMA, allow_nan=False)
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert len(references) > 10
    for reference in references:
        assert reference.removeprefix("#/$defs/") in SCHEMA["$defs"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("rho: 0.1", "rho: 10%"),
        ("rho: 0.1", "rho: {value: 0.1, low: 0, high: 0.2, source: [A5, A16]}"),
        ("opening: 2.32亿", "opening: 232000000"),
        ("rho: 0.1", "rho: {remove: true}"),
        ("rho: 0.1", "rho: {low: 0.05}"),
        ("title: Base", "extends: base.yaml"),
        ("trade:", "贸易:"),
        ("lgd: {mean: 0.5, sd: 0.2}", "lgd: 0.45"),
        ("yearly: [10亿, 12亿]", "yearly: {value: [1], source: A5}"),
        ("- {name: first, date: 2015-06, amount: 0.4亿}", "- {name: first, remove: true}"),
    ],
)
def test_a_right_file_is_accepted(old: str, new: str) -> None:
    assert accepts(plain(BASE.replace(old, new)))


def test_an_heir_need_not_repeat_the_kind_of_an_instrument() -> None:
    without = BASE.replace("    kind: pool\n", "")
    assert accepts(plain(f"extends: base.yaml\n{without}"))
    assert not accepts(plain(without))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Base", "titel: Base"),
        ("rho: 0.1", "rho: 1"),
        ("rho: 0.1", "rho: -0.1"),
        ("rho: 0.1", "rho: lots"),
        ("rho: 0.1", "rhoo: 0.1"),
        ("rho: 0.1", "rho: {value: 0.1, lo: 0}"),
        ("kind: pool", "kind: pol"),
        ("opening: 2.32亿", "openning: 2.32亿"),
        ("start: 2015-01", "start: 2015"),
        ("rho: 0.1", "rho: {remove: false}"),
        ("window: {", "window: {months: 0, "),
        ("trade:", "my trade:"),
        ("rho: 0.1", "rho: [0.1]"),
        ("window: {start: 2015-01}", "window: 3"),
        ("rho: 0.1", "rho: true"),
        ("source: [A5]", "source: [5]"),
        ("zhubaodai:", "2pool:"),
    ],
)
def test_a_wrong_file_is_refused(old: str, new: str) -> None:
    text = BASE.replace(old, new)
    assert text != BASE
    assert not accepts(plain(text))


def terms_below(cls: type[Term]) -> list[type[Term]]:
    """Return a term and all subclasses of it."""
    return [cls, *(found for child in cls.__subclasses__() for found in terms_below(child))]


def test_what_a_kind_can_not_offer_is_left_out_by_declaration() -> None:
    declared = [cls for cls in terms_below(Term) if "left_out" in cls.__dict__ and cls.left_out]
    assert {cls.__name__ for cls in declared} >= {"GuarantorTrigger", "SharedStock", "WeightedStock"}
    offered = {key for cls in terms_below(Term) for key in cls.model_fields}
    for cls in declared:
        for key, message in cls.left_out.items():
            assert key in offered, f"{cls.__name__}: no terms have {key}"
            assert key not in cls.model_fields
            assert getattr(cls, key, None) is None
            assert len(message) == 4
