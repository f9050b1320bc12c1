"""A sound file with other values, and what is reported of it by its terms and by its lowering."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.lowering import review
from fundsim.scenario import check_scenario

Change = tuple[tuple[Any, ...], Any]
"""Path of a key, and its new value; None takes the key away."""
Case = tuple[list[Change], str, str]
"""Changes of a sound file, the key at which they are reported, and words of the report."""


def with_changes(good: Mapping[str, Any], *changes: Change) -> dict[str, Any]:
    """Return a file with other values."""
    content = copy.deepcopy(dict(good))
    for path, value in changes:
        block = content
        for step in path[:-1]:
            block = block[step]
        if value is None:
            del block[path[-1]]
        else:
            block[path[-1]] = value
    return content


def faults_of(folder: Path, content: Mapping[str, Any]) -> list[Fault]:
    """Return all that is reported of a file, by its terms and by its lowering."""
    file = folder / "equity.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    scenario, faults = check_scenario(file, kinds=KINDS)
    return [*faults, *(review(scenario) if scenario is not None else ())]


def is_reported(faults: list[Fault], key: str, says: str, *, warning: bool) -> None:
    """Assert that exactly one fault has the key and the words, a line, and a text in Chinese."""
    reported = [f for f in faults if f.warning == warning and f.key == key and says in f.text()]
    assert len(reported) == 1, "\n".join(fault.text() for fault in faults)
    assert reported[0].line > 1
    for text in (reported[0].problem_zh, reported[0].fix_zh):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text)
