"""Collects the faults of one reading, each once, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fundsim.errors import Fault
from fundsim.scenario.nodes import Key, Node, Place, key_text, shown, written

__all__ = ["FaultList", "Message", "TooManyFaults"]

LIMIT = 300
"""Faults, warnings apart, after which a reading stops: a hostile file must not hold us for minutes."""

_MORE = (
    f"more than {LIMIT - 2} faults; the rest is not looked at",
    "fix these first",
    f"错误超过 {LIMIT - 2} 处，其余未检查",
    "请先改正以上各处",
)

Message = tuple[str, str, str, str]
"""What is wrong and how to fix it, in English, then both in Chinese."""


class TooManyFaults(Exception):  # noqa: N818 - ends a reading; it never reaches a user
    """The limit of faults is reached."""


class FaultList:
    """The faults found so far."""

    def __init__(self, files: Sequence[str] = ()) -> None:
        self._files = list(files)
        self._found: dict[Fault, None] = {}
        self._errors = 0
        self._naming: Callable[[Key], Key] | None = None

    def call_keys(self, naming: Callable[[Key], Key]) -> None:
        """Give each path from now on as a function calls it, such as a list's item by its name."""
        self._naming = naming

    def add(
        self,
        place: Place,
        path: Key | str,
        value: str | Node | None,
        message: Message,
        *,
        warning: bool = False,
    ) -> None:
        """Record a fault; the same fault at the same place counts once.

        Raises:
            TooManyFaults: when the limit is reached.
        """
        if self._naming is not None and not isinstance(path, str):
            path = self._naming(path)
        key = path if isinstance(path, str) else key_text(path)
        value = written(value) if isinstance(value, Node) else value
        if place.file not in self._files:
            self._files.append(place.file)
        # Texts may quote names from the file: nothing in them may steer a terminal.
        problem, fix, problem_zh, fix_zh = (shown(text, 600) for text in message)
        fault = Fault(
            place.file, place.line, place.column, key, value, problem, fix, problem_zh, fix_zh, warning
        )
        if fault in self._found:
            return
        self._found[fault] = None
        self._errors += not warning
        if self._errors == LIMIT - 1:
            self._found[Fault(place.file, place.line, place.column, "", None, *_MORE)] = None
            self._errors += 1
            raise TooManyFaults

    def __len__(self) -> int:
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything except warnings was found."""
        return self._errors > 0

    def mark(self) -> int:
        """Return the number of faults so far, to see later whether more were found."""
        return len(self._found)

    def sorted(self) -> list[Fault]:
        """Return all faults: by file in the order of reading, then by line and column."""
        order = {file: index for index, file in enumerate(self._files)}
        return sorted(self._found, key=lambda f: (order[f.file], f.line, f.column, f.key, f.problem))
