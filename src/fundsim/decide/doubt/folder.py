"""The folder of a doubt: figures, drivers and draws."""

from __future__ import annotations

from pathlib import Path

from fundsim.decide.doubt.doubting import DoubtData
from fundsim.decide.doubt.plain import (
    DRIVERS,
    FIGURES,
    as_plain,
    draw_columns,
    draw_rows,
    driver_rows,
    figure_rows,
)
from fundsim.decide.writing import Draw, Table, resolved, write_decision
from fundsim.results.folder import Target
from fundsim.results.in_doubt import KIND_OF_DOUBT

__all__ = ["save"]


def save(data: DoubtData, target: Target, *, draw: Draw) -> Path:
    """Write the folder of a doubt and return its path; see ``write_decision``."""
    inquiry = data.inquiry
    return write_decision(
        target,
        kind=KIND_OF_DOUBT,
        called="不确定性结果",
        figures=as_plain(data),
        tables=[
            Table("doubt.csv", FIGURES, figure_rows(data)),
            Table("drivers.csv", DRIVERS, driver_rows(data)),
            Table("draws.csv", draw_columns(data), draw_rows(data)),
        ],
        asked={
            "scenario": resolved(data.scenario),
            "metrics": [measure.measured for measure in inquiry.measures],
            "draws": inquiry.draws,
            "paths": inquiry.paths,
            "seed": inquiry.seed,
            "engine": data.engine,
        },
        draw=draw,
    )
