"""What an engine recorded on one path, by name."""

from __future__ import annotations

from fundsim.scheme import Engine, Scheme, record_names

__all__ = ["final", "series"]


def series(engine: Engine, scheme: Scheme, name: str) -> list[float]:
    """Return the month-end values of one record on path 0."""
    values: list[float] = engine(scheme, (name,)).run(1, 0, 1).series[0, :, 0].tolist()
    return values


def final(engine: Engine, scheme: Scheme) -> dict[str, float]:
    """Return the records of path 0 at the end of the run-off."""
    block = engine(scheme, ()).run(1, 0, 1)
    return dict(zip(record_names(scheme).all, block.snapshots[0, -1], strict=True))
