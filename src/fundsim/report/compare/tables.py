"""The table of a comparison: figures side by side, and their paired differences to the first scenario."""

from __future__ import annotations

import html as markup
from collections.abc import Iterator

from fundsim.decide.compare.cells import Cell, Lack
from fundsim.decide.compare.comparison import ComparisonData, Figure
from fundsim.decide.compare.sources import Side
from fundsim.report.changes import changes_headings, changes_rows
from fundsim.report.compare.cells import estimate_pair, probability_pair, side_headings, starts
from fundsim.report.compare.targets import compared_target_notes, compared_targets
from fundsim.report.sheets import Row, Sheet, group_of, html_of, label_of
from fundsim.report.table import Headline
from fundsim.report.targets import target_key
from fundsim.report.texts import Language, word
from fundsim.report.units import money_scale, scale_of

__all__ = ["closing", "compared", "figure_label", "html", "legend", "notes", "sheets"]

MOST_NAMES = 8
"""Names of metrics that a note lists."""


def compared(data: ComparisonData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the tables of a comparison with the notes below them.

    Args:
        data: the comparison.
        lang: language of names, headings and units.
        plain: without lines and colours, for pipes.
    """
    shown = tuple(sheet for sheet in sheets(data, lang) if sheet.rows)
    return Headline(shown, "\n".join([*notes(data, lang), closing(data, lang)]), plain)


def legend(data: ComparisonData) -> list[str]:
    """Return a line for each scenario: its letter, what the user named, and its name where that differs."""
    lines = []
    for side in data.sides:
        named = side.source.shown if side.source.shown == side.name else f"{side.source.shown} ({side.name})"
        lines.append(f"{side.letter}  {named}")
    return lines


def html(data: ComparisonData, lang: Language = "en") -> str:
    """Return what was changed and what it did as HTML tables; every text in them is escaped."""
    parts = [_paragraph(line) for line in legend(data)]
    first = data.sides[0].letter
    for side, found in zip(data.sides[1:], data.changes, strict=True):
        heads = changes_headings(first, side.letter, lang)
        rows = tuple(Row("", cells) for cells in changes_rows(found, lang))
        nothing = _paragraph(word("{side}: same inputs", lang).format(side=f"{first}, {side.letter}"))
        parts.append(html_of(Sheet(heads, rows, with_unit=False)) if rows else nothing)
    parts += [html_of(sheet) for sheet in sheets(data, lang) if sheet.rows]
    return "\n".join([*parts, *map(_paragraph, [*notes(data, lang), closing(data, lang)])])


def _paragraph(text: str) -> str:
    return f"<p>{markup.escape(text)}</p>"


def figure_label(figure: Figure, data: ComparisonData, lang: Language) -> str:
    """Return what a figure is called in the first column."""
    resolved = data.sides[figure.side].resolved
    return label_of(figure.described, figure.name, figure.horizon, resolved, lang)


def sheets(data: ComparisonData, lang: Language) -> tuple[Sheet, ...]:
    """Return the tables: figures, events, targets, and how many are met; some may have no row."""
    return (
        Sheet(
            (word("metric", lang), word("unit", lang), *side_headings(data, "±", "")),
            tuple(_figure_rows(data, lang)),
            with_unit=True,
            starts=starts(data, 2),
        ),
        Sheet(
            (word("event", lang), *side_headings(data, word("95 % interval", lang), word("points", lang))),
            tuple(_event_rows(data, lang)),
            with_unit=False,
            starts=starts(data, 1),
        ),
        *compared_targets(data, lang),
    )


def _figure_rows(data: ComparisonData, lang: Language) -> Iterator[Row]:
    figures = [figure for figure in data.figures if not figure.event]
    money = money_scale((cell.estimate.value for f in figures if f.unit == "yuan" for cell in f.cells), lang)
    for figure in figures:
        scale = money if figure.unit == "yuan" else scale_of(figure.unit, 0.0, lang)
        cells = [text for at, cell in enumerate(figure.cells) for text in estimate_pair(at, cell, scale)]
        yield Row(_group(figure, data, lang), (figure_label(figure, data, lang), scale.unit, *cells))


def _event_rows(data: ComparisonData, lang: Language) -> Iterator[Row]:
    for figure in data.figures:
        if figure.event:
            cells = [
                text for at, cell in enumerate(figure.cells) for text in probability_pair(at, cell, lang)
            ]
            yield Row(_group(figure, data, lang), (figure_label(figure, data, lang), *cells))


def _group(figure: Figure, data: ComparisonData, lang: Language) -> str:
    return group_of(figure.described, data.sides[figure.side].resolved, lang)


_LACKS: dict[Lack, str] = {
    "no_metric": "{side} has no {names}",
    "not_kept": "the run {side} did not keep {names}; run it again without --metrics, or with these names",
    "not_by_path": "{side} has no values by path of {names}: no difference; fundsim run --metrics '*' keeps "
    "all by path",
    "other_unit": "{side} has {names} in another unit: no difference",
    "no_error": "no error is known for a difference of {names}",
    "no_target": "{side} has no target {names}",
}


def notes(data: ComparisonData, lang: Language) -> list[str]:
    """Return what is missing and why, a line for each reason and scenario, and what targets leave out."""
    found: dict[tuple[Lack, str], list[str]] = {}
    for name, side, cell in _all_cells(data):
        if cell.lack is not None:
            letter = "" if cell.lack == "no_error" else side.letter
            names = found.setdefault((cell.lack, letter), [])
            if name not in names:
                names.append(name)
    stop = "." if lang == "en" else "。"
    lacks = [
        word(_LACKS[lack], lang).format(side=letter, names=_listed(names, lang)) + stop
        for (lack, letter), names in found.items()
    ]
    return [*lacks, *compared_target_notes(data, lang)]


def _all_cells(data: ComparisonData) -> Iterator[tuple[str, Side, Cell]]:
    """Yield every cell with what a note calls its figure; of a missing target, the target's name."""
    for figure in data.figures:
        name = figure.name if figure.horizon == "run_off" else f"{figure.name}@{figure.horizon}"
        for side, cell in zip(data.sides, figure.cells, strict=True):
            yield name, side, cell
    for one in data.targets_met.each:
        for side, cell in zip(data.sides, one.cells, strict=True):
            yield (one.about.name if cell.lack == "no_target" else target_key(one.about)), side, cell


def _listed(names: list[str], lang: Language) -> str:
    """Return names as a list, cut where it is long; JSON has all of them."""
    comma = ", " if lang == "en" else "、"
    more = word(" and {count} more", lang).format(count=len(names) - MOST_NAMES)
    return comma.join(names[:MOST_NAMES]) + (more if len(names) > MOST_NAMES else "")


def closing(data: ComparisonData, lang: Language) -> str:
    """Return what figures, errors and differences are."""
    common = data.common
    form = "{paths:,} path, seed {seed}" if common.paths == 1 else "{paths:,} paths, seed {seed}"
    parts = [
        word(form, lang).format(paths=common.paths, seed=common.seed),
        word(
            "figures at the end of the run-off unless @window is said; ± is one Monte Carlo standard error",
            lang,
        ),
        word(
            "differences are taken path by path on the same random numbers, those of shares and "
            "probabilities in percentage points",
            lang,
        ),
        word("errors and intervals cover simulation error only, not doubt about the inputs", lang),
    ]
    return f"{'; '.join(parts)}." if lang == "en" else f"{'；'.join(parts)}。"
