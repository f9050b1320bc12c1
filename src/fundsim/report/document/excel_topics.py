"""Which figures of a run a workbook has, and the sheet of each: by what metrics declare of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fundsim.results.headlines import headlines
from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.selection import Horizon
from fundsim.scheme.surroundings import BUDGET

__all__ = ["OTHER", "TOPICS", "Figure", "figures_of", "topic_of"]

SCHEME = "scheme"
OTHER = "Other figures"
TOPICS = (
    "Defaults",
    "Coverage",
    "Leverage and lending",
    "Fiscal cost",
    "Bridge funds",
    "Equity funds",
    "Payments",
    OTHER,
)
"""Sheets of figures, in their order; each name is the English of a text."""

FAMILIES = {
    "Equity funds": {"called_share", "dpi", "fund_nav"},
    "Bridge funds": {"requests", "refused_share", "capital_days"},
    "Payments": {"accrued", "paid", "paid_share"},
}
"""An instrument that declares all of these is of the family: a fund that invests, one that lends for days,
money that is paid out."""
BEGINNINGS = {
    "Defaults": ("default", "loans_defaulted", "amount_defaulted", "bank_loss"),
    "Coverage": (
        "claims", "compensation_rate", "recoveries", "depleted", "depletion_month", "balance", "coverage",
        "stock_coverage", "insolvent", "net_assets", "breaker", "counties_depleted", "loss_ratio",
    ),
    "Leverage and lending": (
        "lent", "outstanding", "leverage", "magnification", "mobilised", "paid_in", "public_capital",
        "private_capital", "bank_line", "capital", "demand", "cut_", "capacity_used", "firms_reached",
    ),
    "Fiscal cost": ("fiscal", "contingent", "net_cost", "cost"),
}  # fmt: skip
"""How own names begin of what lends and covers."""
RATE = "compensation_rate"
"""Own names of the rates by which plans judge, which stand beside headlines."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the workbook."""

    metric: Mapping[str, Any]
    """What the manifest says of its metric."""
    name: str
    """With the year of a figure of one year."""
    horizon: Horizon
    year: int | None

    @property
    def key(self) -> str:
        """Name and horizon, as values by path are called."""
        return f"{self.name}@{self.horizon}"


def topic_of(metric: Mapping[str, Any], own_names: set[str]) -> str:
    """Return the sheet of a metric.

    Args:
        metric: what a manifest says of it.
        own_names: own names of all metrics of its instrument.

    >>> topic_of({"instrument": "pool", "part": "", "own_name": "claims_paid"}, {"claims_paid", "lent"})
    'Coverage'
    >>> topic_of({"instrument": "x", "part": "", "own_name": "lent"}, {"requests", "refused_share",
    ...     "capital_days", "lent"})
    'Bridge funds'
    """
    if metric["instrument"] == BUDGET:
        return "Payments"
    for family, declared in FAMILIES.items():
        if declared <= own_names:
            return family
    # Of how capital is stacked only the whole is called by what it is.
    if metric["part"] == "stack":
        return "Leverage and lending"
    own_name = metric["own_name"]
    return next((topic for topic, starts in BEGINNINGS.items() if own_name.startswith(starts)), OTHER)


def figures_of(run: RunData) -> dict[str, list[Figure]]:
    """Return the figures of each sheet, none twice: each metric at its horizons, then year by year.

    They are the headlines, what pictures show, what concerns the whole scheme, and compensation rates; all
    that was kept where metrics were chosen.
    """
    own_names: dict[str, set[str]] = {}
    for metric in run.manifest["metrics"]:
        own_names.setdefault(metric["instrument"], set()).add(metric["own_name"])
    found: dict[str, list[Figure]] = {topic: [] for topic in TOPICS}
    for metric in _shown(run):
        found[topic_of(metric, own_names[metric["instrument"]])] += _dated(metric, run)
    return {topic: figures for topic, figures in found.items() if figures}


def _shown(run: RunData) -> Iterator[Mapping[str, Any]]:
    main = {metric["name"] for metric in headlines(run)}
    everything = run.manifest["kept"] is not None
    for metric in run.manifest["metrics"]:
        whole = metric["instrument"] == SCHEME and not metric["part"]
        rate = metric["own_name"].startswith(RATE) and not metric["part"]
        if everything or metric["name"] in main or metric.get("picture") or whole or rate:
            yield metric


def _dated(metric: Mapping[str, Any], run: RunData) -> Iterator[Figure]:
    """Yield a metric at the end of the run-off, of the window, and in each year, as far as the run has it."""
    parts = (run.figures.metrics, run.figures.aggregates, run.figures.probabilities)
    name, horizons = metric["name"], ("run_off", "window")
    whens: tuple[Horizon, ...] = horizons  # type: ignore[assignment]
    for horizon in whens:
        if any((name, horizon) in part for part in parts):
            yield Figure(metric, name, horizon, None)
    for year in years_of(name, [key for part in parts for key in part if key[0].startswith(name)]):
        for horizon in whens:
            if any((f"{name}.{year}", horizon) in part for part in parts):
                yield Figure(metric, f"{name}.{year}", horizon, year)
