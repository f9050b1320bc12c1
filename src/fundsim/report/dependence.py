"""Which figures of a run are bad on the same paths, as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fundsim.report.sheets import Row, Sheet, event_cells
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved, first_clause, instrument_title
from fundsim.report.units import Scale, with_unit
from fundsim.results.dependence import INDEPENDENT, SCHEME, Dependence
from fundsim.results.run_data import RunData

__all__ = ["dependence_sheet", "pairs_left_out"]

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
    """Return a line for every two figures, those first that go together most surely.

    What the whole scheme costs contains what its instruments pay, so these pairs come after those of two
    instruments, and figures of one name last.  Where one never varies there is no line; summary.json has all.
    """
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    resolved = run.manifest["scenario"]["resolved"]

    def rank(one: Dependence) -> tuple[bool, bool, float]:
        two = described[one.first], described[one.second]
        alike = two[0]["own_name"] == two[1]["own_name"]
        return alike, SCHEME in (two[0]["instrument"], two[1]["instrument"]), -one.surely

    varying = (one for one in run.figures.dependence if not math.isnan(one.correlation.value))
    found = sorted(varying, key=rank)[:MOST_ROWS]
    rows = tuple(Row("", _cells(one, described, resolved, lang)) for one in found)
    return Sheet(tuple(_heading(text, lang) for text in HEADINGS), rows, with_unit=False)


def pairs_left_out(run: RunData, lang: Language) -> list[str]:
    """Return how many pairs the table shows of how many there are, where it leaves some out."""
    pairs = len(run.figures.dependence)
    shown = len(dependence_sheet(run, lang).rows)
    if shown == pairs:
        return []
    text = "bad on the same paths: {shown} of {pairs} pairs of figures, summary.json has all"
    return [word(text, lang).format(shown=shown, pairs=pairs)]


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
