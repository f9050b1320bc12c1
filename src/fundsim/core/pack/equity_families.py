"""Funds of funds as tables: who is whose sub-fund, and the order in which they live through a month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundsim.core.pack import equity_tables as t
from fundsim.core.pack.equity_tables import Part
from fundsim.core.pack.record_arrays import integers, table
from fundsim.scheme import Scheme

__all__ = ["pack_family", "pack_turns", "sub_funds"]

NO = -1


def _subs_of_each(scheme: Scheme) -> list[list[int]]:
    """Return the positions of the sub-funds of each fund."""
    funds = scheme.equity_funds
    return [[k for k, sub in enumerate(funds) if sub.parent == fund.name] for fund in funds]


def sub_funds(scheme: Scheme) -> NDArray[np.int64]:
    """Return the positions of all sub-funds, those of the parents one after the other."""
    return integers(k for subs in _subs_of_each(scheme) for k in subs)


def pack_family(scheme: Scheme) -> dict[str, list[int]]:
    """Return each fund's parent, and where its sub-funds begin and end in ``sub_funds``."""
    place = {fund.name: j for j, fund in enumerate(scheme.equity_funds)}
    ends = np.cumsum([len(subs) for subs in _subs_of_each(scheme)], dtype=np.int64).tolist()
    return {
        "parent": [NO if f.parent is None else place[f.parent] for f in scheme.equity_funds],
        "first_sub": [0, *ends[:-1]] if ends else [],
        "end_sub": ends,
    }


def pack_turns(scheme: Scheme) -> Any:
    """Return the turns of a month: a parent's beginning and end lie around the months of its sub-funds."""
    turns: list[tuple[int, Part]] = []
    for j, (fund, subs) in enumerate(zip(scheme.equity_funds, _subs_of_each(scheme), strict=True)):
        if subs:
            turns += [(j, Part.BEGINNING), *((k, Part.WHOLE) for k in subs), (j, Part.END)]
        elif fund.parent is None:
            turns.append((j, Part.WHOLE))
    return table(t.TURN, fund=[fund for fund, _ in turns], part=[part for _, part in turns])
