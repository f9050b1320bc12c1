"""The folder of a sweep."""

from __future__ import annotations

from pathlib import Path

from fundsim.decide.sweep.plain import as_plain, columns_of, table_rows
from fundsim.decide.sweep.sweeping import SweepData
from fundsim.decide.writing import Draw, Table, resolved, write_decision
from fundsim.results.folder import Target

__all__ = ["save"]


def save(data: SweepData, target: Target, *, draw: Draw) -> Path:
    """Write the folder of a sweep and return its path; see ``write_decision``."""
    question = data.question
    return write_decision(
        target,
        kind="sweep",
        called="参数扫描结果",
        figures=as_plain(data),
        tables=[Table("sweep.csv", columns_of(data), table_rows(data))],
        asked={
            "scenario": resolved(data.scenario),
            "vary": [
                {"key": axis.number.key, "values": [axis.setting(value)[1] for value in axis.values]}
                for axis in question.axes
            ],
            "metrics": [measure.measured for measure in question.measures],
            "frontier": question.goals and [goal.text for goal in question.goals],
            "paths": question.paths,
            "seed": question.seed,
            "engine": data.engine,
        },
        draw=draw,
    )
