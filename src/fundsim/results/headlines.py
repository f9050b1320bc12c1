"""Which figures of a run its table shows, and at which horizon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Distribution
from fundsim.scheme.money import HALF_A_FEN

__all__ = [
    "FISCAL_COST",
    "MOST_ROWS",
    "headlines",
    "horizons_of",
    "is_nothing",
    "shown_horizons",
    "shown_metrics",
    "shown_years",
    "table_figures",
    "too_many",
]

RUN_OFF: Horizon = "run_off"
WINDOW: Horizon = "window"
ROUNDING = 1e-9
MOST_ROWS = 60
"""From this number of headline metrics on, the table shows only the most informative ones."""
BESIDE = ("compensation_rate_released",)
"""Own names of figures that are no headlines, and that the table has beside those of their instrument."""
FISCAL_COST = "scheme.fiscal_cost"
"""The headline that the table has by year too."""
MOST_YEARS = 6
"""Of more years the table shows those that cost most in a bad year."""


def headlines(run: RunData) -> list[dict[str, Any]]:
    """Return the metrics marked as headlines, or all that were kept if none of those is among them."""
    known = {name for part in _figures(run) for name, _ in part}
    kept = [metric for metric in run.manifest["metrics"] if metric["name"] in known]
    return [metric for metric in kept if metric["headline"]] or kept


def shown_metrics(run: RunData) -> list[dict[str, Any]]:
    """Return the metrics of the table: where there are many, those that a run draws, then those of events.

    If metrics were chosen, all of them that are headlines are shown.
    """
    found = headlines(run)
    if not too_many(len(found), chosen=run.manifest["kept"] is not None):
        return found
    return [metric for metric in found if metric.get("picture") or metric.get("event")][:MOST_ROWS]


def table_figures(run: RunData) -> Iterator[tuple[dict[str, Any], str, Horizon]]:
    """Yield the figures of a run's table: metric, name (with the year of a figure of one year), horizon."""
    for metric in _with_those_beside(run):
        for horizon in shown_horizons(metric["name"], run):
            yield metric, metric["name"], horizon
        if metric["name"] == FISCAL_COST:
            yield from ((metric, *key) for _, key in shown_years(run)[0])


def _with_those_beside(run: RunData) -> list[dict[str, Any]]:
    """Return the metrics of the table with the few that stand beside an instrument's headlines."""
    shown = shown_metrics(run)
    names = {metric["name"] for metric in shown}
    instruments = {metric["instrument"] for metric in shown if metric["headline"]}
    return [
        metric
        for metric in run.manifest["metrics"]
        if metric["name"] in names
        or (
            metric["own_name"] in BESIDE
            and not metric["part"]
            and metric["instrument"] in instruments
            and horizons_of(metric["name"], run)
        )
    ]


def shown_years(run: RunData) -> tuple[list[tuple[int, tuple[str, Horizon]]], int]:
    """Return years and names of the fiscal costs of the table, and how many others are not nothing.

    Each year has one horizon.  A year in which nothing is paid or comes back on any path is nothing.
    """
    laws = run.figures.metrics
    years = {f"{FISCAL_COST}.{year}": year for year in years_of(FISCAL_COST, laws)}
    found = [(years[key[0]], key) for key in laws if key[0] in years and not is_nothing(laws[key], "yuan")]
    most = sorted(found, key=lambda one: -laws[one[1]].quantiles["0.99"].value)[:MOST_YEARS]
    return sorted(most), len(found) - len(most)


def too_many(count: int, *, chosen: bool) -> bool:
    """Return whether a table shows only the most informative of so many headline metrics."""
    return count > MOST_ROWS and not chosen


def horizons_of(name: str, run: RunData) -> list[Horizon]:
    """Return the horizons at which a run has a figure, the run-off first."""
    return [h for h in (RUN_OFF, WINDOW) if any((name, h) in part for part in _figures(run))]


def shown_horizons(name: str, run: RunData) -> tuple[Horizon, ...]:
    """Return the run-off, or the window where only that was kept or nothing is left to show later."""
    found = horizons_of(name, run)
    laws = [run.figures.metrics.get((name, horizon)) for horizon in found]
    nothing = [law is not None and is_nothing(law, run.figures.units[name]) for law in laws]
    return (WINDOW,) if nothing == [True, False] else tuple(found[:1])


def _figures(run: RunData) -> tuple[Any, Any, Any]:
    return run.figures.metrics, run.figures.aggregates, run.figures.probabilities


def is_nothing(law: Distribution, unit: str) -> bool:
    """Return whether a stock has run off on all paths except for rounding: no loan is out, none pending.

    What no path has a value of is nothing, too.
    """
    if not law.n:
        return True
    ends = (law.mean.value, law.quantiles["0.001"].value, law.quantiles["0.999"].value)
    return all(abs(end) < (HALF_A_FEN if unit == "yuan" else ROUNDING) for end in ends)
