"""Scenarios without chance: loans that always default at maturity, and loans that never do.

Loans of 100 yuan.  ``doomed`` firms default when their loan matures and at no other time; ``sound``
firms default only when a renewal is forbidden.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fundsim.core import engine as core
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.metrics.program import evaluate
from fundsim.scenario import Scenario, load
from fundsim.scheme import Aggregate, Engine, Scheme, record_names

LOAN = {"mean": 100, "term_months": 12, "rate": 0.06}
SOUND = {"city_weight": 1, "pd": 1e-12, "rho": 0, "lgd": 0.6, "loan": LOAN}
DOOMED = {**SOUND, "pd": 1 - 1e-10, "maturity_share": 1}


def pool(**terms: Any) -> dict[str, Any]:
    """A pool of 1,000 that pays half of each loss, asked for three months and paying two months later.

    Ten doomed loans mature in month 2, so that 500 are due in month 7.
    """
    return {
        "kind": "compensation_pool",
        "opening": 1000,
        "share": 0.5,
        "trigger": {"overdue_days": 90},
        "claim_lag": 2,
        "borrowers": {"doomed": 1.0},
        "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
        "opening_stock": {"loans": 10, "months_left": 3},
        **terms,
    }


def whole(instrument: dict[str, Any], **blocks: Any) -> dict[str, Any]:
    """Return a scenario of two policy years and one year of run-off with one instrument."""
    return {
        "window": {"start": "2015-01", "months": 24, "run_off": 12},
        "economy": {"step": "year", "persistence": 0},
        "segments": {"sound": SOUND, "doomed": DOOMED},
        "instruments": {"pool": instrument},
        **blocks,
    }


def written(folder: Path, content: dict[str, Any], kinds: Any = KINDS) -> Scenario:
    """Write a scenario to a file and load it."""
    file = folder / "by_hand.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return load(file, kinds=kinds)


@dataclass(frozen=True)
class OnePath:
    """What one path of a scheme recorded."""

    scheme: Scheme
    snapshots: np.ndarray
    """Shape (snapshots, records)."""
    months: dict[str, np.ndarray]
    """Record → shape (months,)."""

    def at(self, elapsed: int) -> dict[str, np.ndarray]:
        """Return the records after so many months, each of shape (1,)."""
        row = self.snapshots[self.scheme.window.snapshots.index(elapsed)]
        return {name: row[[j]] for j, name in enumerate(record_names(self.scheme).all)}

    def metric(self, name: str, elapsed: int | None = None) -> float:
        """Return a metric after so many months, the end of the run-off unless given."""
        (metric,) = [m for m in self.scheme.metrics if m.name == name]
        records = self.at(self.scheme.window.total if elapsed is None else elapsed)
        if isinstance(metric, Aggregate):
            return float(evaluate(metric.numerator, records)[0] / evaluate(metric.denominator, records)[0])
        return float(evaluate(metric.formula, records)[0])

    def end(self, record: str) -> float:
        """Return a record at the end of the run-off."""
        return float(self.months[record][-1])


def one_path(scheme: Scheme, engine: Engine = core, seed: int = 1) -> OnePath:
    """Run one path of a scheme."""
    names = record_names(scheme)
    monthly = names.flows + names.stocks + names.months
    block = engine(scheme, monthly).run(seed, 0, 1)
    return OnePath(scheme, block.snapshots[0], {n: block.series[0, :, j] for j, n in enumerate(monthly)})


def run(folder: Path, instrument: dict[str, Any], **blocks: Any) -> OnePath:
    """Write, load, lower and run a scenario with one instrument."""
    return one_path(lower(written(folder, whole(instrument, **blocks))))
