"""Commands of our own inside the real frame."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from fundsim import cli
from fundsim.api.results import Results
from fundsim.cli.frame import Entry

Call = Callable[..., int]

TOY = Path(__file__).parents[1] / "results" / "conftest.py"


@pytest.fixture(scope="session")
def results() -> Results:
    """Five hundred paths of the small scheme that the tests of results use."""
    spec = importlib.util.spec_from_file_location("toy_results", TOY)
    assert spec is not None
    assert spec.loader is not None
    toy = importlib.util.module_from_spec(spec)
    sys.modules["toy_results"] = toy  # its dataclasses look their module up
    spec.loader.exec_module(toy)
    made: Results = toy.make_results(500)
    return made


@pytest.fixture
def call_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., object]], Call]:
    """Return a function that puts a callback into the frame as the command ``probe``."""

    def put(callback: Callable[..., object]) -> Call:
        module = ModuleType("probe_commands")
        module.COMMANDS = [click.command("probe")(click.pass_obj(callback))]  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "probe_commands", module)
        monkeypatch.setitem(cli.ENTRIES, "probe", Entry("probe_commands", "A probe.", "探针。"))
        return lambda *args: cli.main(list(args))

    return put
