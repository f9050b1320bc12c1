"""One decision of each kind, of a few paths, and the folders in which they are saved."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import fundsim as fs
from fundsim.decide.reading import DecisionFolder, read_decision

KINDS = ("comparison", "size", "sweep", "grid", "tornado", "doubt")


def assumed(value: object, low: object, high: object) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "source": "assumption"}


@functools.cache
def scenario() -> fs.Scenario:
    """Return a pool with three assumptions."""
    return fs.load("minimal").set_all(
        [
            ("pool.share", assumed("50%", "25%", "75%")),
            ("small_firms.pd", assumed("3%", "3%", "6%")),
            ("pool.claim_lag", assumed(2, 1, 6)),
        ]
    )


@functools.cache
def made(kind: str) -> Any:
    base = scenario()
    if kind == "comparison":
        others = (base.set("pool.multiple", 5).set("title", "Five times"), base.set("pool.share", "80%"))
        return fs.compare(base, *others, paths=300, seed=1)
    if kind == "size":
        return fs.size(
            base, "pool.opening", "P(pool.depleted) <= 5%", within="0.04亿:0.6亿", precision="20%",
            paths=2048, extremes=False, seed=1,
        )  # fmt: skip
    if kind == "sweep":
        return fs.sweep(base, {"pool.opening": ["400万", "800万", "3000万"]}, paths=300, seed=1)
    if kind == "grid":
        return fs.sweep(
            base, {"pool.opening": ["400万", "3000万"], "pool.share": ["50%", "80%"]},
            frontier=("P(pool.depleted)", "mean(scheme.fiscal_cost)"), paths=300, seed=1,
        )  # fmt: skip
    if kind == "tornado":
        return fs.tornado(base, ["mean(pool.claims_due)", "P(pool.depleted)"], paths=300, seed=1)
    return fs.doubt(base, draws=40, paths=60, seed=1, metrics=["mean(pool.claims_due)", "P(pool.depleted)"])


def saved(kind: str, folder: Path, plots: Any = "none") -> DecisionFolder:
    return read_decision(made(kind).save(folder, plots=plots, replace=True))
