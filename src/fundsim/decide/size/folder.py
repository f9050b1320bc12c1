"""The folder of a size."""

from __future__ import annotations

from pathlib import Path

from fundsim.decide.size.plain import COLUMNS, as_plain, table_rows
from fundsim.decide.size.sizing import SizeData
from fundsim.decide.writing import Draw, Table, resolved, write_decision
from fundsim.results.folder import Target

__all__ = ["save"]


def save(data: SizeData, target: Target, *, draw: Draw) -> Path:
    """Write the folder of a size and return its path; see ``write_decision``."""
    question = data.question
    return write_decision(
        target,
        kind="size",
        called="测算结果",
        figures=as_plain(data),
        tables=[Table("size.csv", COLUMNS, table_rows(data))],
        asked={
            "scenario": resolved(data.scenario),
            "vary": question.vary.number.key,
            "within": [question.vary.low, question.vary.high],
            "targets": [target.text for target in question.targets],
            "largest": question.largest,
            "precision": question.precision,
            "paths": question.paths,
            "seed": question.seed,
            "engine": data.engine,
        },
        draw=draw,
    )
