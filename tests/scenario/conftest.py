"""Writes scenario files and loads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fundsim.errors import ScenarioError
from fundsim.scenario import Scenario, load

from .kinds import BASE, KINDS

Write = Callable[..., Path]
Load = Callable[..., Scenario]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes a file into the folder in which the test runs."""
    monkeypatch.chdir(tmp_path)

    def write_file(text: str = BASE, name: str = "base.yaml") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def load_text(write: Write) -> Load:
    """Return a function that loads a text beside the base scenario."""

    def load_one(text: str = BASE, name: str = "one.yaml", overrides: tuple[str, ...] = ()) -> Scenario:
        write()
        return load(write(text, name), kinds=KINDS, overrides=overrides)

    return load_one


@pytest.fixture
def reported(write: Write) -> Callable[[str], list[str]]:
    """Return a function that gives the faults of a text, one line each."""

    def faults(text: str, *overrides: str) -> list[str]:
        write()
        with pytest.raises(ScenarioError) as caught:
            load(write(text, "one.yaml"), kinds=KINDS, overrides=overrides)
        return [str(fault) for fault in caught.value.faults]

    return faults
