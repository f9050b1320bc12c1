"""Populations of firms as tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from fundsim.core.pack import tables as t
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import Scheme, entity

__all__ = ["pack_populations"]


def pack_populations(scheme: Scheme) -> tuple[Any, Any]:
    """Return the populations in the order of their segments, and all their ages one after the other."""
    named = [(s.name, s.population) for s in scheme.segments if s.population is not None]
    ends = np.cumsum([0, *(len(p.opening) for _, p in named)])
    populations = table(
        t.POPULATION,
        first_age=ends[:-1],
        end_age=ends[1:],
        entry_monthly=[p.entry_annual / 12 for _, p in named],
        entity=[entity(f"population.{name}") for name, _ in named],
    )
    ages = table(
        t.POPULATION_AGE,
        opening=[n for _, p in named for n in p.opening],
        exit_monthly=[1.0 - (1.0 - x) ** (1 / 12) for _, p in named for x in p.exit_annual],
    )
    return populations, ages
