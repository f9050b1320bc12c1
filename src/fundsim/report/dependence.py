"""Which figures of a run are bad on the same paths, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from fundsim.report.sheets import Row, Sheet, event_cells
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved, party_title
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


def dependence_sheet(run: RunData, lang: Language) -> Sheet:
    """Return a line for every two figures, those of different names first; summary.json has all of them."""
    found = sorted(run.figures.dependence, key=lambda one: _own_name(one.first) == _own_name(one.second))
    resolved = run.manifest["scenario"]["resolved"]
    rows = tuple(Row("", _cells(one, resolved, lang)) for one in found[:MOST_ROWS])
    return Sheet(tuple(_heading(text, lang) for text in HEADINGS), rows, with_unit=False)


def _heading(text: str, lang: Language) -> str:
    return text if text == "±" else word(text, lang)


def _own_name(name: str) -> str:
    return name.rpartition(".")[2]


def _cells(one: Dependence, resolved: Resolved, lang: Language) -> tuple[str, ...]:
    r, joint = one.correlation, one.joint
    return (
        _pair(((one.first, one.first_bad), (one.second, one.second_bad)), resolved, lang),
        PLAIN.number(r.value, r.se),
        PLAIN.error(r.value, r.se),
        *event_cells(joint, lang),
        with_unit(PER_CENT.number(INDEPENDENT), "%", lang),
    )


def _pair(figures: Sequence[tuple[str, str]], resolved: Resolved, lang: Language) -> str:
    """Return two figures and which end of each is bad: names in English, in Chinese titles before them."""
    if lang == "en":
        return "\n".join(f"{name} {bad}" for name, bad in figures)
    titles = [party_title(resolved, name.rpartition(".")[0], lang) for name, _ in figures]
    ends = [word(bad, lang) for _, bad in figures]
    return "\n".join(
        f"{title} {name}（{end}）" for title, (name, _), end in zip(titles, figures, ends, strict=True)
    )
