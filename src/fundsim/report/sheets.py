"""Tables as text, to be drawn on a console or in a notebook, and what their cells say."""

from __future__ import annotations

import html as markup
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fundsim.report.grid import Grid, Line
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved, instrument_title, labelled, probability_of
from fundsim.report.units import Scale, with_unit
from fundsim.results.selection import Horizon
from fundsim.results.statistics import Estimate, Probability
from fundsim.scheme import About

__all__ = ["Row", "Sheet", "estimate_cells", "event_cells", "grid_of", "group_of", "html_of", "label_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; its first cell is the name."""

    group: str
    """Instrument that it belongs to, as a reader sees it; empty where there is only one."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    with_unit: bool
    """Whether the second column is the unit."""
    unit_of_first: str = ""
    """Unit of the first column's numbers, where that stands in the heading."""
    starts: frozenset[int] = frozenset()
    """Columns that begin a line of their own where there is no room for columns."""
    folded_headings: bool = False
    """Whether headings of numbers are folded where they are wider than the numbers."""

    def groups(self) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
        """Yield the groups in order with the cells of their lines."""
        for group, rows in groupby(self.rows, key=lambda row: row.group):
            yield group, [row.cells for row in rows]


def grid_of(sheet: Sheet, plain: bool) -> Grid:
    """Return a table of a sheet: names and units are words, all other columns numbers."""
    words = 2 if sheet.with_unit else 1
    return Grid(
        sheet.headings,
        [Line(row.cells, row.group) for row in sheet.rows],
        numeric=frozenset(range(words, len(sheet.headings))),
        plain=plain,
        unit=1 if sheet.with_unit else None,
        unit_of_first=sheet.unit_of_first,
        starts=sheet.starts,
        folded_headings=sheet.folded_headings,
    )


def html_of(sheet: Sheet) -> str:
    """Return a table as HTML; every text in it is escaped."""
    head = "".join(f"<th>{markup.escape(cell)}</th>" for cell in sheet.headings)
    body = "".join(_html_group(group, rows, len(sheet.headings)) for group, rows in sheet.groups())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _html_group(group: str, rows: list[tuple[str, ...]], width: int) -> str:
    heading = f'<tr><th colspan="{width}">{markup.escape(group)}</th></tr>' if group else ""
    cells = ("".join(f"<td>{markup.escape(cell)}</td>" for cell in row) for row in rows)
    return heading + "".join(f"<tr>{row}</tr>" for row in cells)


def group_of(metric: Mapping[str, Any], resolved: Resolved, lang: Language) -> str:
    """Return what a reader sees of the instrument of a metric, if the scenario has several."""
    instruments = resolved.get("instruments", {})
    name = metric["instrument"]
    if len(instruments) < 2:
        return ""
    if name not in instruments:
        return word("all instruments", lang)
    title = instrument_title(resolved, name, lang)
    return f"{title} ({name})" if title else name


def label_of(
    metric: Mapping[str, Any], name: str, horizon: Horizon, resolved: Resolved, lang: Language
) -> str:
    """Return what the first column says of a figure: its name, the title of its part, in Chinese its meaning.

    Args:
        metric: what a manifest says of the metric.
        name: its name, with the policy year if the figure is one year's.
        horizon: the end of the run-off is not named.
        resolved: the resolved scenario.
        lang: language of the label.
    """
    name = name if horizon == "run_off" else f"{name}@{horizon}"
    # What comes after it is advice, which `list metrics` prints.
    meaning = metric["meaning_zh"].rstrip("。").partition("；")[0]
    if metric.get("event"):
        meaning = probability_of(meaning, "zh", whole=True)
    label = name if lang == "en" else f"{meaning} {name}"
    about = About(metric["instrument"], metric["part"])
    return labelled(resolved, about, label, lang)


def estimate_cells(estimate: Estimate, scale: Scale) -> tuple[str, str]:
    """Return a figure and its error, both to the same decimal."""
    return scale.number(estimate.value, estimate.se), scale.error(estimate.value, estimate.se)


def event_cells(event: Probability, lang: Language) -> tuple[str, str]:
    """Return a probability and its interval, each with its unit."""
    scale = Scale(0.01, "%")
    low, high = event.ci95
    error = (high - low) / 4.0
    if math.isnan(event.p):
        return "–", "–"
    interval = with_unit(f"{scale.number(low, error)} – {scale.number(high, error)}", "%", lang)
    return with_unit(scale.number(event.p, error), "%", lang), interval
