"""fundsim: what public money levered to finance small firms can lose.

>>> import fundsim as fs
>>> scenario = fs.load("minimal")
>>> scenario.set("pool.multiple", 8).name
'minimal'
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fundsim.api.compare import Comparison, compare
    from fundsim.api.doubt import Doubt, doubt
    from fundsim.api.results import Results, open  # noqa: A004
    from fundsim.api.run import simulate
    from fundsim.api.size import Size, size
    from fundsim.api.sweep import Sweep, sweep
    from fundsim.api.tornado import Tornado, tornado
    from fundsim.scenario import Scenario
    from fundsim.tracing import trace

__all__ = [
    "Comparison",
    "Doubt",
    "Results",
    "Scenario",
    "Size",
    "Sweep",
    "Tornado",
    "compare",
    "doubt",
    "load",
    "open",
    "simulate",
    "size",
    "sweep",
    "tornado",
    "trace",
]

_LAZY = {
    "Comparison": ("fundsim.api.compare", "Comparison"),
    "compare": ("fundsim.api.compare", "compare"),
    "Doubt": ("fundsim.api.doubt", "Doubt"),
    "doubt": ("fundsim.api.doubt", "doubt"),
    "Results": ("fundsim.api.results", "Results"),
    "Scenario": ("fundsim.scenario", "Scenario"),
    "Size": ("fundsim.api.size", "Size"),
    "size": ("fundsim.api.size", "size"),
    "Sweep": ("fundsim.api.sweep", "Sweep"),
    "sweep": ("fundsim.api.sweep", "sweep"),
    "Tornado": ("fundsim.api.tornado", "Tornado"),
    "tornado": ("fundsim.api.tornado", "tornado"),
    "open": ("fundsim.api.results", "open"),
    "simulate": ("fundsim.api.run", "simulate"),
    "trace": ("fundsim.tracing", "trace"),
}


def load(
    source: str | os.PathLike[str],
    overrides: str | Iterable[str | tuple[str, Any]] | Mapping[str, Any] = (),
) -> Scenario:
    """Load a scenario: a file or a filled-in workbook, the name of a bundled one, or the manifest of a run.

    Args:
        source: path of a ``.yaml`` or ``.xlsx`` file, bundled name such as ``"taiyuan_2015_2017"``, or a
            run's ``manifest.json``: then paths and seed are the run's, and ``simulate`` repeats it.
        overrides: changes such as ``"zhubaodai.multiple=8"``, or pairs of key and value.

    Raises:
        ScenarioError: with every fault of the file, its line, and how to fix it.
        UsageError: an argument is of a wrong kind.
    """
    from fundsim import arguments  # noqa: PLC0415 - importing fundsim stays light
    from fundsim.instruments import KINDS  # noqa: PLC0415
    from fundsim.scenario import load as load_scenario  # noqa: PLC0415

    path = arguments.file_name("source", source)
    changes = arguments.overrides("overrides", overrides)
    return load_scenario(str(source) if isinstance(source, str) else path, kinds=KINDS, overrides=changes)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import fundsim`` costs nothing."""
    if name not in _LAZY:
        raise AttributeError(f"module 'fundsim' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
