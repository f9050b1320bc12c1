"""The folder of a tornado."""

from __future__ import annotations

from pathlib import Path

from fundsim.decide.tornado.plain import COLUMNS, as_plain, assumption_of, table_rows
from fundsim.decide.tornado.swings import TornadoData
from fundsim.decide.writing import Draw, Table, resolved, write_decision
from fundsim.results.folder import Target

__all__ = ["save"]


def save(data: TornadoData, target: Target, *, draw: Draw) -> Path:
    """Write the folder of a tornado and return its path; see ``write_decision``."""
    return write_decision(
        target,
        kind="tornado",
        called="敏感性分析结果",
        figures=as_plain(data),
        tables=[Table("tornado.csv", COLUMNS, table_rows(data))],
        asked={
            "scenario": resolved(data.scenario),
            "metrics": [measure.measured for measure in data.measures],
            # The resolved scenario has values alone.
            "assumptions": [assumption_of(swing) for swing in data.swings],
            "paths": data.paths,
            "seed": data.seed,
            "engine": data.engine,
        },
        draw=draw,
    )
