"""Commands of our own inside the real frame."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import click
import pytest

from fundsim import cli
from fundsim.cli.frame import Entry

Call = Callable[..., int]


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
