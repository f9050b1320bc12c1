"""Nouns that own their table and their memory: what a kernel of theirs reads and writes under one name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from fundsim.core.pack import top_ups
from fundsim.scheme import Line, Scheme

__all__ = ["OWNED", "Owned", "Rows"]


class Rows(NamedTuple):
    """Names become positions."""

    line: Mapping[Line, int]
    account: Mapping[str, int]


class Owned(NamedTuple):
    """How a noun is packed."""

    pack: Callable[[Scheme, Rows], Any]
    """Makes its table, ``tables.<place>``: a row for each object."""
    work: np.dtype[Any]
    """Record type of ``state.<place>_work``, a row for each object; zero when a path begins."""


OWNED: Mapping[str, Owned] = {
    "top_ups": Owned(top_ups.pack, top_ups.WORK),
}
"""Place of a noun → how it is packed."""
