"""A list, a block or nothing where another form must stand: reported, or read whole, and never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fundsim.cli import main
from fundsim.instruments import KINDS
from fundsim.scenario import Term, check_scenario
from fundsim.scenario.anatomy import fields_of
from fundsim.scenario.files import find
from fundsim.scenario.holes import Incomplete, Unusable

SHAPES = (
    *("[]", "{}", "[a]", "[[a]]", "[[]]", "[{}]", "[null]", "{a: b}", "{a: {}}", "{a: null}", "null", "''"),
    *("{value: []}", "{value: {}}", "{value: null}", "{value: {a: b}}", "{low: 1}", "{high: 1}"),
    *("{source: a}", "{source: {}}", "{source: []}", "{note: []}", "{remove: true}", "{remove: []}"),
)
SCENARIOS = ("minimal", "examples/guarantors", "examples/credit_insurance", "taiyuan_lending")


def holes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything in a typed scenario that could not be read."""
    if isinstance(value, Unusable | Incomplete):
        yield path
    elif isinstance(value, Term):
        for item in fields_of(type(value)):
            if item.name in value.__dict__:
                yield from holes(value.__dict__[item.name], (*path, item.key))
            else:
                yield (*path, item.key)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from holes(inner, (*path, key))
    elif isinstance(value, tuple | list):
        for index, inner in enumerate(value):
            yield from holes(inner, (*path, index))


def keys(value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield every key of a resolved scenario, those of blocks and lists too."""
    if path:
        yield ".".join(path)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from keys(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            name = inner.get("name") if isinstance(inner, dict) else None
            yield from keys(inner, (*path, str(name or index)))


def lost(name: str) -> tuple[list[tuple[str, str]], int]:
    """Return what is read without a fault and yet not whole, as key and value, and how much is refused."""
    scenario, _ = check_scenario(name, kinds=KINDS)
    found, refused = [], 0
    for key in dict.fromkeys(keys(scenario.resolved())):
        for shape in SHAPES:
            other, faults = check_scenario(name, kinds=KINDS, overrides=[f"{key}={shape}"])
            assert (other is None) == any(not fault.warning for fault in faults)
            refused += other is None
            if other is not None and any(holes(other.terms)):
                found.append((key, shape))
    return found, refused


def test_no_key_loses_a_value_of_another_shape() -> None:
    found, refused = lost("minimal")
    assert found == []
    assert refused > 1_000


@pytest.mark.long
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("name", SCENARIOS)
def test_no_key_of_a_larger_scenario_loses_a_value_of_another_shape(name: str) -> None:
    assert lost(name)[0] == []


WRONG_KINDS = {
    "[]": "a single value is expected, not a list",
    "{}": "a single value is expected, not a block",
    "[compensation_pool]": "a single value is expected, not a list",
    "{compensation_pool: {}}": "a single value is expected, not a block",
    "{value: []}": "a single value is expected, not a list",
    "null": "there is no such kind of instrument",
    "7": "there is no such kind of instrument",
    "{value: compensation_pool, high: 3}": "low and high go with a number",
}
WRONG_IN_AN_HEIR = {
    **WRONG_KINDS,
    "{low: 1}": "low and high go with a number",
    "{remove: true}": "is missing",
}


@pytest.mark.parametrize("kind", WRONG_KINDS)
def test_a_kind_that_is_no_word_is_reported_where_it_stands(kind: str, tmp_path: Path) -> None:
    text = find("minimal").path.read_text(encoding="utf-8")
    line = next(n for n, one in enumerate(text.split("\n"), start=1) if "kind: compensation_pool" in one)
    file = tmp_path / "kind.yaml"
    file.write_text(text.replace("kind: compensation_pool", f"kind: {kind}"), encoding="utf-8")
    scenario, faults = check_scenario(file, kinds=KINDS)
    assert scenario is None
    found = [fault for fault in faults if fault.key.startswith("pool.kind")]
    assert [fault.line for fault in found] == [line]
    assert found[0].problem == WRONG_KINDS[kind]
    assert not found[0].problem_zh.isascii()
    if "a single" in found[0].problem:
        assert "compensation_pool" in found[0].fix


@pytest.mark.parametrize("kind", WRONG_IN_AN_HEIR)
@pytest.mark.parametrize("command", ["run", "show", "validate", "diff"])
def test_no_command_passes_a_kind_that_is_no_word(command: str, kind: str, tmp_path: Path, capsys) -> None:
    file = tmp_path / "heir.yaml"
    file.write_text(f"extends: minimal\ninstruments:\n  pool:\n    kind: {kind}\n", encoding="utf-8")
    rest = {"run": ["--paths", "1", "-o", str(tmp_path / "out")], "diff": ["minimal"]}.get(command, [])
    assert main([command, str(file), *rest]) == 2
    said = " ".join("".join(capsys.readouterr()).split())
    assert "pool.kind" in said
    assert WRONG_IN_AN_HEIR[kind] in said
