"""Opens a folder, and knows how to make the report of what it holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from fundsim.decide.reading import is_decision, read_decision
from fundsim.report.document.model import Document
from fundsim.report.document.writing import Reported
from fundsim.report.texts import Language
from fundsim.results.store import read

__all__ = ["opened"]


def opened(folder: str | Path) -> tuple[Reported, Callable[[Language], Document]]:
    """Return what a folder holds, checked, and what makes the document of its report in a language.

    Raises:
        UsageError: there is no such folder.
        ResultsError: it holds nothing that was finished, or a file is missing, truncated or altered.
    """
    if is_decision(folder):
        from fundsim.report.document.decision import document_of_decision  # noqa: PLC0415

        decision = read_decision(folder)
        return decision, partial(document_of_decision, decision)
    from fundsim.report.document.run import document_of_run  # noqa: PLC0415  (matplotlib)

    run = read(folder)
    return run, partial(document_of_run, run)
