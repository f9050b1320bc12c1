"""The bundled scenarios as schemes."""

from __future__ import annotations

from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.scenario import bundled_names, load
from fundsim.scheme import Scheme

__all__ = ["bundled_schemes"]


def bundled_schemes() -> dict[str, Scheme]:
    """Return name → lowered scheme of every bundled scenario, in order, metrics included."""
    return {name: lower(load(name, kinds=KINDS)) for name in bundled_names()}
