"""Which columns of a run go into ``paths.parquet``, and what is said of one that does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fundsim.errors import UsageError

__all__ = ["DEPLETED", "DEPLETION_MONTH", "described_by", "left_out", "stored_keys"]

DEPLETED, DEPLETION_MONTH = ".depleted", ".depletion_month"
"""The event of a fund's depletion, and the month that its curve is drawn from."""


def stored_keys(manifest: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that the file keeps, in order.

    They are those of the headline figures, by year too, and those that pictures are drawn from; all of them
    where the run's metrics were chosen, or where none is a headline.

    Args:
        manifest: The run's manifest.
        keys: Keys ``metric@horizon`` of all columns of the run.
    """
    if manifest["kept"] is not None:
        return tuple(keys)
    described = {metric["name"]: metric for metric in manifest["metrics"]}
    wanted = {name for name, metric in described.items() if metric["headline"] or metric.get("picture")}
    wanted |= {
        name.removesuffix(DEPLETED) + DEPLETION_MONTH
        for name, metric in described.items()
        if metric.get("picture") == "depletion"
    }
    return tuple(key for key in keys if described_by(key, described)["name"] in wanted) or tuple(keys)


def described_by(key: str, described: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return what a manifest says of the metric of a column; a year's is described by the metric itself.

    >>> metrics = {"pool.lent": {"unit": "yuan"}}
    >>> described_by("pool.lent@window", metrics) == described_by("pool.lent.2015@window", metrics)
    True
    """
    name = key.partition("@")[0]
    return described[name] if name in described else described[name.rpartition(".")[0]]


def left_out(key: str) -> UsageError:
    """Return the error of a column that the run had and its file was not given."""
    return UsageError(
        f"paths.parquet of this run has no {key}: without a choice of metrics it keeps the headline figures, "
        "their years and what pictures are drawn from; to have every metric by path, simulate with "
        "metrics=\"*\" (fundsim run: --metrics '*')",
        f"本次运行的 paths.parquet 中没有 {key}：未选择指标时，只保留主要指标（及其分年度数值）"
        "和绘图所需的列；"
        "如需全部指标的逐路径数值，请以 metrics=\"*\" 模拟（fundsim run 用 --metrics '*'）",
    )
