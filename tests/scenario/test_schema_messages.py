"""What an editor says of a wrong file: one error, at the key that is wrong, about what was meant there."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml
from jsonschema.exceptions import best_match

from fundsim.instruments import KINDS
from fundsim.scenario.files import bundled_file
from fundsim.scenario.schema import json_schema

SCHEMA = json_schema(KINDS)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
MINIMAL = bundled_file("minimal").read_text(encoding="utf-8")
POOL = "instruments.pool"


def unknown(key: str) -> str:
    """Return what is said of a key that there is not."""
    return f"Additional properties are not allowed ('{key}' was unexpected)"


# What is replaced in the minimal scenario, and where and how the only error begins.
CASES = [
    ("    multiple: 10 ", "    multipel: 10 ", POOL, unknown("multipel")),
    ("kind: compensation_pool", "kind: compensation_pol", f"{POOL}.kind", "'compensation_pol' is not one of"),
    ("kind: compensation_pool", "kind: 3", f"{POOL}.kind", "3 is not one of ["),
    ("    kind: compensation_pool\n", "", POOL, "'kind' is a required property"),
    ("share: 50%", "share: 150", f"{POOL}.share", "150 is greater than the maximum of 1"),
    ("share: 50%", "share: half", f"{POOL}.share", "'half' does not match"),
    ("share: 50%", "share: [50%]", f"{POOL}.share", "['50%'] is not of type 'number', 'string', 'object'"),
    ("share: 50%", "share: {value: 50%, lo: 40%}", f"{POOL}.share", unknown("lo")),
    ("share: 50%", "share: {value: 50%, low: -1}", f"{POOL}.share.low", "-1 is less than the minimum of 0"),
    ("share: 50%", "share: {remove: false}", f"{POOL}.share.remove", "True was expected"),
    ("capacity_base: paid_in", "capacity_base: paid", f"{POOL}.capacity_base", "'paid' is not one of"),
    ("      overdue_days: 90", "      overdue: 90", f"{POOL}.trigger", unknown("overdue")),
    ("yearly: [1亿, 1亿, 1亿]", "yearly: [1亿, lots]", f"{POOL}.demand.yearly.1", "'lots' does not match"),
    ("yearly: [1亿, 1亿, 1亿]", "yearly: 1亿", f"{POOL}.demand.yearly", "'1亿' is not of type 'array'"),
    ("    lgd: 55%", "    lgd: {mean: 0.5, dev: 0.2}", "segments.small_firms.lgd", unknown("dev")),
    ("    lgd: 55%", "    lgd: 55", "segments.small_firms.lgd", "55 is greater than the maximum of 1"),
    ("  months: 36", "  months: 0", "window.months", "0 is less than the minimum of 1"),
    ("  start: 2024-01", "  start: 2024", "window.start", "2024 is not of type 'string', 'object'"),
    ("title: One", "titel: One", "", unknown("titel")),
]  # fmt: skip
IN_AN_HEIR = [
    ("    multiple: 10 ", "    multipel: 10 ", POOL, unknown("multipel")),
    ("    claim_lag: 2 ", "    claim_lag: -2 ", f"{POOL}.claim_lag", "-2 is less than the minimum of 0"),
]  # fmt: skip


def errors(text: str) -> list[tuple[str, str]]:
    """Return where each error is and what it says; none may be a choice between schemas."""
    content: Any = yaml.safe_load(text)
    found = list(VALIDATOR.iter_errors(content))
    assert not any(error.context for error in found), [error.message for error in found]
    best = best_match(VALIDATOR.iter_errors(content))
    assert [best.message] == [error.message for error in found]
    return [(".".join(map(str, error.absolute_path)), error.message) for error in found]


@pytest.mark.parametrize(("old", "new", "where", "said"), CASES)
def test_a_wrong_file_has_one_error_at_the_wrong_key(old: str, new: str, where: str, said: str) -> None:
    assert old in MINIMAL
    ((found, message),) = errors(MINIMAL.replace(old, new, 1))
    assert found == where
    assert message.startswith(said), message


@pytest.mark.parametrize(("old", "new", "where", "said"), IN_AN_HEIR)
def test_an_heir_that_names_no_kind_has_one_error_too(old: str, new: str, where: str, said: str) -> None:
    heir = "extends: minimal\n" + MINIMAL.replace("    kind: compensation_pool\n", "")
    assert VALIDATOR.is_valid(yaml.safe_load(heir))
    ((found, message),) = errors(heir.replace(old, new, 1))
    assert found == where
    assert message.startswith(said), message


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_key_of_any_kind_is_an_error_about_that_key(kind: str) -> None:
    text = f"instruments:\n  one:\n    kind: {kind}\n    no_such_key: 1\n"
    assert errors(text) == [("instruments.one", unknown("no_such_key"))]


def test_no_value_is_a_choice_between_schemas() -> None:
    """Only the source of a value, a text or a list of texts; and a test that no value is checked against."""
    choices = [name for name, schema in SCHEMA["$defs"].items() if "anyOf" in schema or "oneOf" in schema]
    assert choices == ["source", "annotated"]


def test_editors_say_how_a_value_is_written_in_place_of_a_pattern() -> None:
    patterns = [schema for schema in SCHEMA["$defs"].values() if "pattern" in schema]
    assert len(patterns) > 5
    assert all(schema["patternErrorMessage"].startswith("write ") for schema in patterns)
    share = SCHEMA["$defs"]["kind.compensation_pool"]["properties"]["share"]["$ref"].rpartition("/")[2]
    text = SCHEMA["$defs"][share]["$ref"].rpartition("/")[2]
    assert SCHEMA["$defs"][text]["patternErrorMessage"] == 'write a fraction such as 0.4, or "40%"'
