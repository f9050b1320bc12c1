"""One mistake, one fault: nothing is reported that only follows from a value that could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.scenario import Term, bundled_names, check_scenario, load

from .test_bad_files import CASES, faults_of

TWO_MISTAKES = {
    "static with renew: 70%": "a static economy forbids both renew and maturity_share, and the file has both",
    "static with maturity_share: 0.2": "a static economy forbids both renew and maturity_share",
}
ROOT = Path(__file__).resolve().parents[2] / "scenarios"
EXAMPLES = [
    name
    for name in bundled_names()
    if name.startswith(("examples/", "minimal"))
    and "\nextends:" not in (ROOT / f"{name}.yaml").read_text(encoding="utf-8")
]
"""Those that stand alone: an heir of which a key is misspelt may lack what its base gives."""


def errors(faults: list[Fault]) -> list[Fault]:
    return [fault for fault in faults if not fault.warning]


def test_every_bad_file_has_one_fault(tmp_path: Path) -> None:
    more = {}
    for group, case in CASES:
        faults = faults_of(case, tmp_path)
        if len(faults) != 1 and case.label not in TWO_MISTAKES:
            more[group, case.label] = [str(fault) for fault in faults]
    assert more == {}


def unreadable_values(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield scenario and override: every value that a file gives, made unreadable."""
    for name in names:
        for key, origin in load(name, kinds=KINDS).origins.items():
            if not origin.is_default and not key.startswith("sources"):
                yield name, f"{key}=&anchor 1"


def test_an_unreadable_value_is_one_fault_wherever_it_stands() -> None:
    wrong = []
    for name, override in unreadable_values(EXAMPLES):
        _, faults = check_scenario(name, kinds=KINDS, overrides=[override])
        if len(errors(faults)) != 1:
            wrong.append((name, override, [str(fault) for fault in errors(faults)]))
    assert wrong == []


def keys_of(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?m)(?:^\s*(?:- )?|[{,] ?)(\w+):(?= |$)", text))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_misspelt_key_is_one_fault_with_the_right_hint(name: str, tmp_path: Path) -> None:
    text = (ROOT / f"{name}.yaml").read_text(encoding="utf-8")
    path = tmp_path / "bad.yaml"
    wrong = []
    for key in keys_of(text):
        path.write_text(f"{text[: key.end(1)]}x{text[key.end(1) :]}", encoding="utf-8")
        faults = errors(check_scenario(path, kinds=KINDS)[1])
        if any("there is no such key" not in fault.problem for fault in faults) and key[1] in NAMES[name]:
            continue  # a name of the user's own: what refers to it is at fault, and says so
        if len(faults) > 1 or (faults and faults[0].fix != f"did you mean {key[1]}?"):
            wrong.append((key[1], [str(fault) for fault in faults]))
    assert wrong == []


def _names(name: str) -> set[str]:
    terms = load(name, kinds=KINDS).terms
    return {*terms.sources, *_chosen(terms), "value", "source", "note", "low", "high"}


def _chosen(value: object) -> Iterator[str]:
    """Yield the names that a scenario chooses: keys of mappings to blocks, at whatever depth."""
    if isinstance(value, Term):
        for inner in value.__dict__.values():
            yield from _chosen(inner)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Term):
                yield str(key)
            yield from _chosen(inner)


NAMES = {name: _names(name) for name in EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_of_a_file_without_its_base_only_the_base_is_missing(name: str, tmp_path: Path) -> None:
    text = (ROOT / f"{name}.yaml").read_text(encoding="utf-8")
    path = tmp_path / "heir.yaml"
    for key in keys_of(text):
        if text[: key.start(1)].endswith("\n"):  # the file begins at some key of the top level
            path.write_text(f"extends: nothing_like_it\n{text[key.start(1) :]}", encoding="utf-8")
            assert [f.key for f in errors(check_scenario(path, kinds=KINDS)[1])] == ["extends"]


def test_an_empty_value_on_the_command_line_is_one_fault() -> None:
    _, faults = check_scenario("minimal", kinds=KINDS, overrides=["small_firms.renew="])
    assert [fault.problem for fault in errors(faults)] == ["no value"]
    _, faults = check_scenario("minimal", kinds=KINDS, overrides=["small_firms.renew=# a remark"])
    assert [fault.problem for fault in errors(faults)] == ["a share is expected, not text"]
