"""What a run was: enough to repeat it and to check that it was repeated."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fundsim.results.series import SERIES_SAMPLE
from fundsim.scenario.run_manifest import FORMAT, TAPE_FOLDERS
from fundsim.scheme import Aggregate, Formula, LawFigure, Metric, Scheme

__all__ = ["FORMAT", "TAPE_FOLDERS", "Run", "manifest"]

LIBRARIES = ("numba", "numpy", "pandas", "pyarrow", "scipy", "simpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The facts of a run that its scheme doesn't know."""

    scenario: str
    """Name of the scenario."""
    sha256: str
    """Digest of the resolved scenario."""
    resolved: Mapping[str, Any]
    """The resolved scenario as plain data, amounts in yuan."""
    seed: int
    engine: str
    seconds: float
    """Wall time of the simulation, compilation apart [s]."""
    threads: int
    implied_pd: Mapping[str, float] = field(default_factory=dict)
    """Segment → the one-year PD that the factors give, beside the stated one of the scheme."""
    straddling_pd: Mapping[str, float] = field(default_factory=dict)
    """Segment → the one-year PD of loans granted evenly over the months, where a step is longer than one."""
    applicant_pd: Mapping[str, float] = field(default_factory=dict)
    """Segment with a screening → the stated PD of all its applicants; the scheme's is of those accepted."""
    tape_folders: tuple[Path, ...] = ()
    """Folders of the scenario's loan tapes."""
    inputs: Sequence[Mapping[str, Any]] = ()
    """The values that the scenario states, with low, high, source and note of each."""


def manifest(run: Run, scheme: Scheme, n_paths: int, keep: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the manifest: all that decides the figures, and what depends on the clock apart."""
    window = scheme.window
    return {
        "format": FORMAT,
        "scenario": {"name": run.scenario, "sha256": run.sha256, "resolved": dict(run.resolved)},
        "inputs": list(run.inputs),
        "seed": run.seed,
        "paths": n_paths,
        "engine": run.engine,
        "kept": None if keep is None else list(keep),
        "window": {
            "year": window.year,
            "month": window.month,
            "months": window.months,
            "run_off": window.run_off,
        },
        "pd_annual": {s.name: _pds(run, s.name, s.pd_annual) for s in scheme.segments},
        "series": {"mean_paths": n_paths, "quantile_paths": min(n_paths, SERIES_SAMPLE)},
        "metrics": _all_described(scheme.metrics),
        "versions": {
            "fundsim": version("fundsim"),
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "clock": {
            "seconds": run.seconds,
            "paths_per_second": n_paths / run.seconds if run.seconds > 0.0 else None,
            "threads": run.threads,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "platform": platform.platform(),
        },
    }


def _pds(run: Run, segment: str, pd: float) -> dict[str, float]:
    """Return the PD of a segment as stated, after a screening if there is one, and as the factors imply."""
    accepted = {"accepted": pd} if segment in run.applicant_pd else {}
    straddling = {"straddling": run.straddling_pd[segment]} if segment in run.straddling_pd else {}
    return {
        "stated": run.applicant_pd.get(segment, pd),
        **accepted,
        "implied": run.implied_pd.get(segment, pd),
        **straddling,
    }


def _all_described(metrics: Sequence[Metric | Aggregate | LawFigure]) -> list[dict[str, Any]]:
    """Return what is said of each figure; of a ratio of sums also the metrics that are its sums."""
    names = {metric.formula: metric.name for metric in reversed(metrics) if isinstance(metric, Metric)}

    def sums(metric: Metric | Aggregate | LawFigure) -> dict[str, str]:
        if not isinstance(metric, Aggregate):
            return {}
        parts = {"numerator": metric.numerator, "denominator": metric.denominator}
        return {part: names[formula] for part, formula in parts.items() if formula in names}

    return [_described(metric) | sums(metric) for metric in metrics]


def _described(metric: Metric | Aggregate | LawFigure) -> dict[str, Any]:
    names = {"name": metric.name, "instrument": metric.instrument, "part": metric.part}
    names["own_name"] = metric.own_name
    if isinstance(metric, LawFigure):
        described = {what: getattr(metric, what) for what in ("unit", "meaning", "meaning_zh", "figure")}
        return {"kind": "law_figure", **names, **described, "metric": metric.metric.name, "headline": False}
    plain = {f.name: getattr(metric, f.name) for f in fields(metric)}
    kind = "aggregate" if isinstance(metric, Aggregate) else "metric"
    rest = {name: value for name, value in plain.items() if not isinstance(value, Formula)}
    return {"kind": kind, **names, **rest}
