"""Which files a report can be, and what each takes to be written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from fundsim.decide.reading import DecisionFolder
from fundsim.errors import UsageError
from fundsim.report.document.model import Document
from fundsim.results.folder import Target, check_file
from fundsim.results.placing import write_file
from fundsim.results.run_data import RunData

__all__ = ["FORMS", "Reported", "check_files", "possible", "write_report"]

NAME = "report"
"""Name of the files, without their endings."""


Reported = RunData | DecisionFolder
"""What a report is about."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file."""

    content: Callable[[Reported, Document], bytes]
    needs: tuple[str, str] | None = None
    """Module that must be installed, and what pip calls it; None where fundsim brings all."""


def _html(_found: Reported, document: Document) -> bytes:
    from fundsim.report.document.web import html_bytes  # noqa: PLC0415

    return html_bytes(document)


def _docx(found: Reported, document: Document) -> bytes:
    from fundsim.report.document.word import word_bytes  # noqa: PLC0415  (python-docx may be absent)

    return word_bytes(found, document)


def _xlsx(found: Reported, document: Document) -> bytes:
    from fundsim.report.document.excel import excel_bytes  # noqa: PLC0415
    from fundsim.report.document.excel_decision import excel_of_decision  # noqa: PLC0415

    if isinstance(found, DecisionFolder):
        return excel_of_decision(found, document)
    return excel_bytes(found, document)


FORMS = {
    "html": Form(_html),
    "xlsx": Form(_xlsx),
    "docx": Form(_docx, needs=("docx", "python-docx")),
}
"""Ending → how such a file is made."""


def possible(form: str) -> bool:
    """Return whether what a form needs is installed."""
    needs = FORMS[form].needs
    return needs is None or find_spec(needs[0]) is not None


def check_files(folder: Path, forms: Collection[str], *, replace: bool) -> dict[str, Target]:
    """Return where the files of a report come to stand, by form.

    Raises:
        UsageError: One of them is there and ``replace`` is False, or can't be written.
    """
    files = {form: folder / f"{NAME}.{form}" for form in forms}
    found = {form: check_file(file, replace=True) for form, file in files.items()}
    there = [target for target in found.values() if target.seen is not None]
    if there and not replace:
        names, names_zh = (mark.join(str(target.given) for target in there) for mark in (", ", "、"))
        verb = "exists" if len(there) == 1 else "exist"
        raise UsageError(
            f"{names} already {verb}, and may have been edited; choose another folder with -o, or --replace",
            f"{names_zh} 已存在，且可能已修改；请用 -o 换一个文件夹，或用 --replace 替换",
        )
    return found


def write_report(found: Reported, document: Document, targets: Mapping[str, Target]) -> None:
    """Write the files of a report, each whole or not at all; all are made before the first is written.

    Raises:
        UsageError: Another command has put a file there since the targets were checked; ours is beside it.
        OutputError: The disk is full, or a file can't be written.
    """
    made = {form: FORMS[form].content(found, document) for form in targets}
    for form, content in made.items():
        write_file(targets[form], content)
