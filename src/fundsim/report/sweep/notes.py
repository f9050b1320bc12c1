"""What is said of a sweep below its tables: what can't be run, what errors and differences are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from fundsim.decide.sweep.sweeping import Cell, SweepData
from fundsim.report.keys import close
from fundsim.report.sweep.values import cell_equation, cell_name
from fundsim.report.texts import Language, word

__all__ = ["doubt_call", "fault_notes", "notes"]

MOST_FAULTS = 8
MOST_NAMES = 4


def notes(data: SweepData, lang: Language, *, python: bool = False) -> list[str]:
    """Return the notes, a sentence each.

    Args:
        data: the sweep.
        lang: their language.
        python: whether what to do next is called as in Python, not as on the command line.
    """
    stop = "." if lang == "en" else "。"
    return [f"{close(text, lang)}{stop}" for text in _texts(data, lang, python)]


def _texts(data: SweepData, lang: Language, python: bool) -> Iterator[str]:
    if any(axis.present is not None for axis in data.question.axes):
        yield word("* the present value", lang)
    yield from (_upper(text) for text in fault_notes(data, lang))
    if any(math.isnan(figure.value) for cell in data.cells for figure in cell.figures):
        yield word("–: no path has a value of the figure", lang)
    if _is_idle(data):
        yield _upper(word("the figures are the same on every path in all cells", lang))
    if data.frontier is not None:
        yield _upper(word(
            "on the frontier: every other cell is surely worse in one of the two; dominated: another cell "
            "is at least as good in both and surely better in one; surely: by the 95 % interval of the "
            "paired difference", lang))  # fmt: skip
    if any(cell.differences for cell in data.cells):
        yield _upper(word(
            "differences are to {cell}, path by path on the same random numbers, those of shares and "
            "probabilities in percentage points", lang,
        ).format(cell=cell_equation(data, data.first, lang)))  # fmt: skip
    yield word("± is one Monte Carlo standard error; in brackets stand 95 % intervals", lang)
    form = (
        "{paths:,} path in each cell, seed {seed}; figures at the end of the run-off unless @window is said"
        if data.question.paths == 1
        else "{paths:,} paths in each cell, seed {seed}; figures at the end of the run-off unless @window is "
        "said"
    )
    yield word(form, lang).format(paths=data.question.paths, seed=data.question.seed)
    yield _upper(word(
        "errors and intervals cover simulation error only, not doubt about the inputs (see {doubt})", lang
    ).format(doubt=doubt_call(python)))  # fmt: skip


def doubt_call(python: bool) -> str:
    """Return how doubt about the inputs is asked for."""
    return "fundsim.doubt(scenario)" if python else "fundsim doubt SCENARIO"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def fault_notes(data: SweepData, lang: Language) -> Iterator[str]:
    """Yield how many cells are not sound, and each of their faults once with the cells that have it."""
    refused = data.refused
    if not refused:
        return
    yield word("the scenario is not sound in {count} of {cells} cells", lang).format(
        count=len(refused), cells=len(data.cells)
    )
    by_fault: dict[str, list[Cell]] = {}
    for cell in refused:
        for fault in cell.error.faults if cell.error else ():
            by_fault.setdefault(_without_place(fault.text(lang)), []).append(cell)
    for text, cells in list(by_fault.items())[:MOST_FAULTS]:
        yield word("at {cells}: {fault}", lang).format(cells=_listed(data, cells, lang), fault=text)
    if len(by_fault) > MOST_FAULTS:
        yield word("{count} more faults in JSON", lang).format(count=len(by_fault) - MOST_FAULTS)


def _without_place(text: str) -> str:
    """Return a fault without the place of a value that nobody wrote into a file, and without its stop."""
    return re.sub(r"^set:\d+:\d+: ", "", text).rstrip(".。")


def _listed(data: SweepData, cells: list[Cell], lang: Language) -> str:
    separator = "; " if lang == "en" else "；"
    names = separator.join(cell_name(data, cell, lang) for cell in cells[:MOST_NAMES])
    more = word(" and {count} more", lang).format(count=len(cells) - MOST_NAMES)
    return names + (more if len(cells) > MOST_NAMES else "")


def _is_idle(data: SweepData) -> bool:
    """Return whether no path distinguishes any two cells."""
    changes = [change for cell in data.cells for change in cell.differences]
    return bool(changes) and all(change.value == 0.0 and change.se == 0.0 for change in changes)
