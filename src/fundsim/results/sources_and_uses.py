"""Sources and uses of a run's budget by budget year: what was planned, and what was paid."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Distribution, Estimate
from fundsim.scheme.surroundings import BUDGET

__all__ = [
    "PAID_IN",
    "PAID_OUT",
    "Entry",
    "Planned",
    "budget_years",
    "has_budget",
    "paid_by_year",
    "planned_by_year",
    "sources_and_uses",
    "window_years",
]

PAID_IN, PAID_OUT, GIVEN_BACK = f"{BUDGET}.appropriated", f"{BUDGET}.spent", f"{BUDGET}.lapsed"
UNKNOWN = Estimate(math.nan, math.nan)
NOTHING = Estimate(0.0, 0.0)

Side = Literal["source", "use"]
Kind = Literal["level", "line", "unallocated", "total", "given_back"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned by year [yuan]."""

    levels: Mapping[str, Sequence[float]]
    lines: Mapping[str, Sequence[float]]
    unallocated: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An amount of sources or of uses."""

    year: int | None
    """Calendar year in which the budget year begins; None for all years together."""
    side: Side
    kind: Kind
    """``unallocated`` is what no line is given, ``given_back`` what lines did not spend and gave back."""
    name: str
    """Of the level or line; empty for others."""
    planned: float
    """[yuan]; NaN of what nobody plans."""
    paid: Estimate
    """Mean of what was paid in the year [yuan]; NaN where nothing can be, or the run did not keep it."""


def has_budget(run: RunData) -> bool:
    """Return whether a run has a budget, and has kept by year what was paid."""
    laws = run.figures.metrics
    budget = run.manifest["scenario"]["resolved"].get("budget")
    return bool(budget) and all(years_of(name, laws) for name in (PAID_IN, PAID_OUT))


def window_years(run: RunData) -> int:
    """Return how many budget years begin in the policy window."""
    return -(-int(run.manifest["window"]["months"]) // 12)


def budget_years(run: RunData) -> list[int]:
    """Return the calendar years of the window, and the later ones in which something is paid."""
    first = int(run.manifest["window"]["year"])
    years = [first + year for year in range(window_years(run))]
    paid = [law for name in (PAID_IN, PAID_OUT) for law in paid_by_year(run, name).items()]
    later = sorted({year for year, law in paid if law.mean.value > 0.0})
    return years + [year for year in later if year not in years]


def paid_by_year(run: RunData, metric: str) -> dict[int, Distribution]:
    """Return the laws of a metric's years."""
    laws = run.figures.metrics
    found = {year: f"{metric}.{year}" for year in years_of(metric, laws)}
    return {year: laws.get((key, "window")) or laws[key, "run_off"] for year, key in found.items()}


def planned_by_year(budget: Mapping[str, Any], years: Sequence[int]) -> Planned:
    """Return what levels give, lines are to have, and no line is given.

    Where no level states amounts, each gives its shares of the lines.
    """
    levels, lines = budget["levels"], budget["lines"]
    stated = any(level["amounts"] for level in levels.values())
    return Planned(
        {
            name: _by_year(level["amounts"], years) if stated else _shares(name, lines, years)
            for name, level in levels.items()
        },
        {name: _by_year(line["amounts"], years) for name, line in lines.items()},
        _by_year(budget["unallocated"], years),
    )


def _by_year(items: Iterable[Mapping[str, Any]], years: Iterable[int]) -> list[float]:
    given = {one["year"]: float(one["amount"]) for one in items}
    return [given.get(year, 0.0) for year in years]


def _shares(level: str, lines: Mapping[str, Mapping[str, Any]], years: Sequence[int]) -> list[float]:
    """Return what lines are to have of a level."""
    found = [0.0] * len(years)
    for line in lines.values():
        share = float(line["shares"].get(level, 0.0))
        found = [
            sum_ + share * amount
            for sum_, amount in zip(found, _by_year(line["amounts"], years), strict=True)
        ]
    return found


def sources_and_uses(run: RunData) -> tuple[Entry, ...]:
    """Return sources and uses of each budget year, then of all years; nothing without a budget by year.

    On each side the total comes behind its parts, and what lines gave back behind the total of uses.
    """
    if not has_budget(run):
        return ()
    years = budget_years(run)
    planned = planned_by_year(run.manifest["scenario"]["resolved"]["budget"], years)
    found: list[Entry] = []
    for place, year in [*enumerate(years), (None, None)]:
        paid = _Paid(run, year)
        found += _side(paid, "source", _at(planned.levels, place))
        found += _side(paid, "use", _at(planned.lines, place), _of(planned.unallocated, place))
        found.append(_entry(paid, "use", "given_back", "", math.nan, GIVEN_BACK))
    return tuple(found)


def _of(amounts: Sequence[float], place: int | None) -> float:
    return math.fsum(amounts) if place is None else amounts[place]


def _at(parts: Mapping[str, Sequence[float]], place: int | None) -> dict[str, float]:
    return {name: _of(amounts, place) for name, amounts in parts.items()}


class _Paid:
    """What was paid in a year, or in all, by metric."""

    def __init__(self, run: RunData, year: int | None) -> None:
        self.year = year
        self._laws = run.figures.metrics
        self._described = {one["name"] for one in run.manifest["metrics"]}

    def mean(self, metric: str) -> Estimate:
        """Return the mean of a metric; 0 of a line on which nothing draws, unknown if it was not kept."""
        if metric not in self._described:
            return NOTHING
        key = metric if self.year is None else f"{metric}.{self.year}"
        horizons: tuple[Horizon, ...] = ("run_off",) if self.year is None else ("window", "run_off")
        found = [self._laws[key, horizon] for horizon in horizons if (key, horizon) in self._laws]
        return found[0].mean if found else UNKNOWN


def _side(paid: _Paid, side: Side, parts: Mapping[str, float], rest: float | None = None) -> Iterator[Entry]:
    """Yield the parts of a side in a year, and their total; ``rest`` is what no line is given."""
    kind: Kind = "level" if side == "source" else "line"
    whole = PAID_IN if side == "source" else PAID_OUT
    for name, amount in parts.items():
        yield _entry(paid, side, kind, name, amount, whole.replace(".", f".{name}.", 1))
    if rest is not None:
        yield _entry(paid, side, "unallocated", "", rest, None)
    yield _entry(paid, side, "total", "", math.fsum((*parts.values(), rest or 0.0)), whole)


def _entry(paid: _Paid, side: Side, kind: Kind, name: str, planned: float, metric: str | None) -> Entry:
    mean = UNKNOWN if metric is None else paid.mean(metric)
    return Entry(year=paid.year, side=side, kind=kind, name=name, planned=planned, paid=mean)
