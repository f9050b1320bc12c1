"""What a doubt says of a run's figures, read back from its folder."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fundsim.errors import ResultsError
from fundsim.results.folder import MANIFEST
from fundsim.results.selection import Horizon
from fundsim.results.writing import KIND, fingerprint
from fundsim.sealed import unsealed

__all__ = [
    "ANSWERS",
    "IN_DOUBT",
    "KIND_OF_DOUBT",
    "FigureInDoubt",
    "InDoubt",
    "from_plain",
    "in_doubt",
    "read_in_doubt",
    "to_plain",
]

ANSWERS = "doubt.json"
KIND_OF_DOUBT = "doubt"
IN_DOUBT = "in_doubt"
"""Entry of a run's summary that holds what a doubt says of its figures."""


@dataclass(frozen=True, slots=True)
class FigureInDoubt:
    """A mean or a probability in doubt."""

    predictive: float
    """Over draws of the assumptions and paths together."""
    predictive_se: float
    low: float
    """5 % quantile over the draws."""
    high: float
    """95 % quantile over the draws."""
    drivers: tuple[str, ...]
    """Assumptions that explain most of its rank among the draws, above the noise."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """What a doubt says of a scenario's means and probabilities."""

    digest: str
    """Of all that it depends on, see ``digest_in_doubt``."""
    draws: int
    """Draws that could be run."""
    paths: int
    figures: Mapping[tuple[str, Horizon], FigureInDoubt]


def in_doubt(plain: Mapping[str, Any]) -> InDoubt:
    """Return what a doubt says, from its plain data."""
    return InDoubt(
        plain["scenario"]["in_doubt"],
        plain["draws"] - len(plain["refused"]),
        plain["paths"],
        {
            (one["metric"], one["horizon"]): _figure(one)
            for one in plain["figures"]
            if one["kind"] in ("mean", "probability", "ratio") and one["predictive"]["value"] is not None
        },
    )


def _figure(plain: Mapping[str, Any]) -> FigureInDoubt:
    over, predictive = plain["over_assumptions"], plain["predictive"]
    return FigureInDoubt(
        predictive["value"],
        math.nan if predictive["se"] is None else predictive["se"],
        over["p5"]["value"],
        over["p95"]["value"],
        tuple(one["assumption"] for one in plain["drivers"] if not one["rank_share"]["below_noise"]),
    )


def to_plain(known: InDoubt) -> dict[str, Any]:
    """Return what a doubt says as plain data, for a run's summary."""
    return {
        "digest": known.digest,
        "draws": known.draws,
        "paths": known.paths,
        "figures": [
            {"name": name, "horizon": horizon, **asdict(one), "predictive_se": _number(one.predictive_se)}
            for (name, horizon), one in known.figures.items()
        ],
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def from_plain(plain: Mapping[str, Any]) -> InDoubt:
    """Return what ``to_plain`` wrote."""
    figures = {
        (one["name"], one["horizon"]): FigureInDoubt(
            one["predictive"],
            math.nan if one["predictive_se"] is None else one["predictive_se"],
            one["low"],
            one["high"],
            tuple(one["drivers"]),
        )
        for one in plain["figures"]
    }
    return InDoubt(plain["digest"], plain["draws"], plain["paths"], figures)


def read_in_doubt(folder: Path) -> InDoubt | None:
    """Return what the folder of a doubt says; None if there is no such folder.

    Raises:
        ResultsError: the folder is not as it was written, or can't be read.
    """
    if not folder.is_dir():
        return None
    try:
        manifest, intact = unsealed((folder / MANIFEST).read_bytes())
        ours = manifest is not None and intact and manifest.get(KIND) == KIND_OF_DOUBT
        if ours and fingerprint(folder / ANSWERS) == (manifest or {})["files"][ANSWERS]:
            return in_doubt(json.loads((folder / ANSWERS).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # whatever it is, it can't be used
    raise ResultsError(
        f"{folder} is damaged, was altered or can't be read, and is not shown; run fundsim doubt again",
        f"{folder} 已损坏、被改动或无法读取，未予显示；请重新运行 fundsim doubt",
    )
