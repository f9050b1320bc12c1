"""What can go wrong, as one tree.

::

    FundsimError                    exit status 1
    ├── InputError                  exit status 2: the user can fix it; carries every fault found
    │   ├── ScenarioError           a scenario file, or a value set on the command line
    │   ├── UsageError              a command or a Python call that asks for what does not exist
    │   └── DataError               a data file, such as a loan tape or a workbook
    ├── EngineError                 an engine broke one of its own promises (a bug)
    ├── OutputError                 what was computed can't be written: a full disk above all
    └── ResultsError                a result folder that is missing, unfinished or damaged

A fault is printed as
``file:line:column: key.path = value: what is wrong; how to fix it (did you mean …?)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "DataError",
    "EngineError",
    "Fault",
    "FundsimError",
    "InputError",
    "Lang",
    "OutputError",
    "ResultsError",
    "ScenarioError",
    "UsageError",
    "cell_name",
    "counted",
    "place_text",
]

Lang = Literal["en", "zh"]
"""Language of messages."""
_SHEET = re.compile(r"(?i)\.xlsx!.")
"""A sheet in the name of a file, such as ``loans.xlsx!Sheet1``: places in it are cells."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and how to fix it, in English and Chinese.

    >>> fault = Fault("x.yaml", 14, 11, "zhubaodai.share", "40", "a share lies in 0 … 1",
    ...               "write 0.40", "份额须在 0 到 1 之间", "请写 0.40")
    >>> print(fault)
    x.yaml:14:11: zhubaodai.share = 40: a share lies in 0 … 1; write 0.40
    >>> print(fault.text("zh"))
    x.yaml:14:11: zhubaodai.share = 40: 份额须在 0 到 1 之间；请写 0.40
    """

    file: str
    """File as the user named it; empty when the fault is in no file."""
    line: int
    """Line, counted from 1; 0 when the whole file is meant."""
    column: int
    """Column, counted from 1 in characters; 0 when the whole line is meant, as in a table."""
    key: str
    """Dotted path of the key; empty when no key is meant."""
    value: str | None
    """The value as it is written; None when there is none."""
    problem: str
    fix: str
    problem_zh: str
    fix_zh: str
    warning: bool = False
    """Whether the scenario can be used even so."""

    def text(self, lang: Lang = "en") -> str:
        """Return the line that is printed, in the given language."""
        where = place_text(self.file, self.line, self.column)
        what = self.key if self.value is None else f"{self.key} = {self.value}" if self.key else self.value
        problem, fix = (self.problem, self.fix) if lang == "en" else (self.problem_zh, self.fix_zh)
        words = problem if not fix else f"{problem}; {fix}" if lang == "en" else f"{problem}；{fix}"
        return ": ".join(part for part in (where, what, words) if part)

    def __str__(self) -> str:
        return self.text()


def place_text(file: str, line: int, column: int) -> str:
    """Return a place as messages write it: a file, its line and column, or the cell of a workbook's sheet.

    >>> place_text("x.yaml", 14, 11), place_text("x.yaml", 0, 0), place_text("x.xlsx!values", 14, 28)
    ('x.yaml:14:11', 'x.yaml', 'x.xlsx!values!AB14')
    """
    if not file or not line:
        return file
    if _SHEET.search(file):
        return f"{file}!{cell_name(line, column)}"
    return f"{file}:{line}" + (f":{column}" if column else "")


def cell_name(row: int, column: int) -> str:
    """Return how spreadsheets call a cell, or a row where the column is 0."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def counted(number: int, thing: str) -> str:
    """Return so many things in words, the thing in the singular where there is one.

    >>> counted(1, "loan"), counted(1223, "loan"), counted(2, "more entry")
    ('1 loan', '1,223 loans', '2 more entries')
    """
    if number == 1:
        return f"1 {thing}"
    return f"{number:,} {f'{thing[:-1]}ies' if thing.endswith('y') else f'{thing}s'}"


class FundsimError(Exception):
    """Root of all errors that fundsim raises on purpose."""

    exit_status = 1

    def __init__(self, message: str, message_zh: str | None = None) -> None:
        super().__init__(message, message_zh)
        self.message = message
        self.message_zh = message if message_zh is None else message_zh

    def text(self, lang: Lang = "en") -> str:
        """Return what is printed, in the given language."""
        return self.message if lang == "en" else self.message_zh

    def __str__(self) -> str:
        return self.text()


class InputError(FundsimError):
    """The user's input is at fault; ``faults`` holds everything that was found, in order."""

    exit_status = 2

    def __init__(self, faults: Iterable[Fault] | str, message_zh: str | None = None) -> None:
        """Take the faults, or a message for a mistake that has no place in a file."""
        if isinstance(faults, str):
            faults = (Fault("", 0, 0, "", None, faults, "", message_zh or faults, ""),)
        self.faults = tuple(faults)
        super().__init__(self._lines("en"), self._lines("zh"))
        self.args = (self.faults,)

    def _lines(self, lang: Lang) -> str:
        return "\n".join(fault.text(lang) for fault in self.faults)


class ScenarioError(InputError):
    """A scenario that can't be used."""


class UsageError(InputError):
    """A command or call that asks for something that does not exist."""


class DataError(InputError):
    """A data file that can't be used."""


class EngineError(FundsimError):
    """An engine broke one of its own promises."""


class OutputError(FundsimError):
    """What was computed can't be written."""


class ResultsError(FundsimError):
    """A result folder that is missing, unfinished or damaged."""
