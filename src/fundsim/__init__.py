"""fundsim: what public money levered to finance small firms can lose.

>>> import fundsim as fs
>>> scenario = fs.load("minimal")
>>> scenario.set("pool.multiple", 8).name
'minimal'
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundsim.results.model import Results
    from fundsim.results.store import open  # noqa: A004
    from fundsim.scenario import Scenario
    from fundsim.simulation import simulate
    from fundsim.tracing import trace

__all__ = ["Results", "Scenario", "load", "open", "simulate", "trace"]

_LAZY = {
    "Results": ("fundsim.results.model", "Results"),
    "Scenario": ("fundsim.scenario", "Scenario"),
    "open": ("fundsim.results.store", "open"),
    "simulate": ("fundsim.simulation", "simulate"),
    "trace": ("fundsim.tracing", "trace"),
}


def load(
    source: str | Path, overrides: tuple[str | tuple[str, Any], ...] | list[str | tuple[str, Any]] = ()
) -> Scenario:
    """Load a scenario: a file, or the name of a bundled one.

    Args:
        source: path, or bundled name such as ``"taiyuan_2015_2017"``.
        overrides: changes such as ``"zhubaodai.multiple=8"``.

    Raises:
        ScenarioError: with every fault of the file, its line, and how to mend it.
    """
    from fundsim.instruments import KINDS  # noqa: PLC0415 - importing fundsim stays light
    from fundsim.scenario import load as load_scenario  # noqa: PLC0415

    return load_scenario(source, kinds=KINDS, overrides=overrides)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import fundsim`` costs nothing."""
    if name not in _LAZY:
        raise AttributeError(f"module 'fundsim' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
