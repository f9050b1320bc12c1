"""Which figures of a run are bad on the same paths, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fundsim.report.sheets import Row, Sheet, event_cells
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved, first_clause, instrument_title
from fundsim.report.units import Scale, with_unit
from fundsim.results.dependence import INDEPENDENT, Dependence
from fundsim.results.run_data import RunData

__all__ = ["dependence_sheet"]

MOST_ROWS = 12
HEADINGS = (
    "bad on the same paths",
    "correlation",
    "±",
    "both in worst tenth",
    "95 % interval",
    "if independent",
)
PER_CENT = Scale(0.01, "%")
PLAIN = Scale(1.0, "")


Described = Mapping[str, Mapping[str, Any]]
"""Name of a metric → what a run's manifest says of it."""


def dependence_sheet(run: RunData, lang: Language) -> Sheet:
    """Return a line for every two figures, those of different names first; summary.json has all of them."""
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    resolved = run.manifest["scenario"]["resolved"]

    def called_alike(one: Dependence) -> bool:
        first, second = described[one.first], described[one.second]
        return bool(first["own_name"] == second["own_name"])

    found = sorted(run.figures.dependence, key=called_alike)[:MOST_ROWS]
    rows = tuple(Row("", _cells(one, described, resolved, lang)) for one in found)
    return Sheet(tuple(_heading(text, lang) for text in HEADINGS), rows, with_unit=False)


def _heading(text: str, lang: Language) -> str:
    return text if text == "±" else word(text, lang)


def _cells(one: Dependence, described: Described, resolved: Resolved, lang: Language) -> tuple[str, ...]:
    r, joint = one.correlation, one.joint
    pair = ((one.first, one.first_bad), (one.second, one.second_bad))
    return (
        "\n".join(_figure(described[name], bad, resolved, lang) for name, bad in pair),
        PLAIN.number(r.value, r.se),
        PLAIN.error(r.value, r.se),
        *event_cells(joint, lang),
        with_unit(PER_CENT.number(INDEPENDENT), "%", lang),
    )


def _figure(metric: Mapping[str, Any], bad: str, resolved: Resolved, lang: Language) -> str:
    """Return a figure and which end of it is bad: its name, in Chinese behind what it means."""
    if lang == "en":
        return f"{metric['name']} {bad}"
    title = instrument_title(resolved, metric["instrument"], lang)
    return f"{title} {first_clause(metric['meaning_zh'])} {metric['name']}（{word(bad, lang)}）".lstrip()
