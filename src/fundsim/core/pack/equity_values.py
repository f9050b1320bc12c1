"""Laws of deals as tables: hazards and multiples by month, expected multiples, beta laws of shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr

from fundsim.core.pack import equity_tables as t
from fundsim.core.pack.lgd_table import LIMIT, beta_nodes, shape_of
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import BetaShare, Clock, Multiple, Stage

__all__ = ["DealLaws", "pack_deal_laws", "pack_shares_raised"]

DENSITIES = (64, 512, 4096)
"""Nodes a unit of z, from which a law has the fewest that are exact enough."""
EXACT = 1e-12


class DealLaws(NamedTuple):
    """Tables of stages and exits by month since the deal."""

    hazards: Any
    multiples: NDArray[np.float64]
    expected: NDArray[np.float64]


def _hazards(clock: Clock, months: int) -> NDArray[np.float64]:
    """Return the hazard of each month after a deal, from 0 on."""
    total = [clock.hazard(n / 12.0) for n in range(months + 1)]
    return np.diff([0.0, *total])


def _means(multiple: Multiple, months: int) -> list[float]:
    return [multiple.mean(n / 12.0) for n in range(months + 1)]


def expected_multiples(stage: Stage, liquidation: float, months: int) -> NDArray[np.float64]:
    """Return the mean multiple that a deal still brings, β = 0, shape (months to the end, months since).

    From the last month backwards: what rings in the next month brings its mean multiple if it is an
    exit; the rest is worth what it is a month later, and in the end ``liquidation``.
    """
    leaves, fails = _hazards(stage.exit, months), _hazards(stage.failure, months)
    brings = np.zeros(months + 1)
    for way in stage.exits:
        brings += way.probability * np.array(_means(way.multiple, months))
    value = np.zeros((months + 1, months + 1))
    value[months, months] = liquidation
    for n in range(months - 1, -1, -1):
        both = leaves[n + 1] + fails[n + 1]
        rings = -math.expm1(-both)
        from_exit = rings * leaves[n + 1] / both * brings[n + 1] if both > 0.0 else 0.0
        value[n + 1 :, n] = from_exit + (1.0 - rings) * value[n + 1 :, n + 1]
        value[n, n] = liquidation
    return value


def pack_deal_laws(stages: Sequence[tuple[Stage, float]], months: int) -> DealLaws:
    """Return the tables of stages, each with its fund's multiple at liquidation."""
    exits = [way for stage, _ in stages for way in stage.exits]
    shape = (len(stages), months + 1)
    return DealLaws(
        hazards=table(
            t.HAZARD,
            exit=np.reshape([_hazards(stage.exit, months) for stage, _ in stages], shape),
            failure=np.reshape([_hazards(stage.failure, months) for stage, _ in stages], shape),
        ),
        multiples=np.reshape([_means(way.multiple, months) for way in exits], (len(exits), months + 1)),
        expected=np.reshape(
            [expected_multiples(stage, liquidation, months) for stage, liquidation in stages],
            (*shape, months + 1),
        ),
    )


def _nodes(law: BetaShare) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and slopes of BetaInv(Φ(z)), as dense as the law needs."""
    a, b = shape_of(law.mean, law.sd)
    values = slopes = np.zeros(0)
    for density in DENSITIES:
        z = np.linspace(-LIMIT, LIMIT, 2 * round(LIMIT * density) + 1)
        values, slopes = beta_nodes(a, b, z)
        middle = z[:-1] + 0.5 / density
        # Hermite's cubic halfway between two nodes.
        read = 0.5 * (values[:-1] + values[1:]) + 0.125 / density * (slopes[:-1] - slopes[1:])
        exact = np.where(middle < 0.0, betaincinv(a, b, ndtr(middle)), 1.0 - betaincinv(b, a, ndtr(-middle)))
        if np.abs(read - exact).max() < EXACT:
            break
    return values, slopes


def pack_shares_raised(laws: Sequence[BetaShare]) -> tuple[Any, Any]:
    """Return laws of shares and their nodes."""
    nodes = [_nodes(law) if law.sd > 0.0 else (np.zeros(0), np.zeros(0)) for law in laws]
    counts = [values.size for values, _ in nodes]
    rows = table(
        t.SHARE_LAW,
        first_node=np.cumsum([0, *counts])[:-1],
        n_nodes=counts,
        fixed=[law.mean for law in laws],
    )
    empty = np.zeros(0)
    points = table(
        t.SHARE_NODE,
        value=np.concatenate([empty, *(values for values, _ in nodes)]),
        slope=np.concatenate([empty, *(slopes for _, slopes in nodes)]),
    )
    return rows, points
