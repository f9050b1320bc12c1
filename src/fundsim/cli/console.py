"""Where words go: results to stdout, messages to stderr, on any encoding, terminal or none."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Language", "Session", "current", "is_utf8", "reader_has_gone", "silence", "tame_streams"]

Language = Literal["en", "zh"]

WIDEST = 10_000
"""Columns of a line where nothing limits it."""


_reader_has_gone = False


def tame_streams() -> None:
    """Let no character that a console cannot show end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_utf8(stream: TextIO) -> bool:
    """Return whether a stream can show every character."""
    return (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "").startswith("utf")


def _spelt(text: str, stream: TextIO) -> str:
    """Replace the few typographic signs we use where the stream's encoding lacks them."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    for sign, plain in (("±", "+/-"), ("…", "..."), ("–", "-"), ("×", "x"), ("≤", "<="), ("≥", ">=")):
        if sign in text:
            try:
                sign.encode(encoding)
            except (UnicodeEncodeError, LookupError):
                text = text.replace(sign, plain)
    return text


def _print(text: str) -> None:
    try:
        print(_spelt(text, sys.stdout), flush=True)  # noqa: T201
    except BrokenPipeError:
        silence()


def silence() -> None:
    """Point stdout to nowhere: its reader has gone (`fundsim list | head`), but the work is not done.

    Python would complain once more when it flushes stdout at exit.
    """
    global _reader_has_gone  # noqa: PLW0603  (there is one stdout)
    _reader_has_gone = True
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def reader_has_gone() -> bool:
    """Return whether what was printed has not been read to its end."""
    return _reader_has_gone


@dataclass
class Session:
    """What holds for one call of the program: language, form and loudness of its output."""

    lang: Language = "en"
    json: bool = False
    quiet: bool = False

    def word(self, english: str, chinese: str) -> str:
        """Return the text in the session's language."""
        return chinese if self.lang == "zh" else english

    def say(self, text: str) -> None:
        """Write a message for people to stderr, unless quiet."""
        if not self.quiet:
            self.complain(text)

    def complain(self, text: str) -> None:
        """Write what went wrong to stderr, quiet or not: silence must never hide a failure."""
        print(_spelt(text, sys.stderr), file=sys.stderr, flush=True)  # noqa: T201

    def emit(self, result: object) -> None:
        """Write a result to stdout as JSON; quiet or not if it is asked for with ``--json``."""
        if self.json or not self.quiet:
            text = json.dumps(result, ensure_ascii=not is_utf8(sys.stdout), indent=2, allow_nan=False)
            _print(text)

    def write(self, text: str) -> None:
        """Write a result to stdout as plain text, unless quiet."""
        if not self.quiet:
            _print(text)

    def show(self, renderable: RenderableType) -> None:
        """Draw a table or another rich object on stdout, unless quiet."""
        if not self.quiet:
            buffer = self.console
            with buffer.capture() as capture:
                buffer.print(renderable)
            lines = [line.rstrip() for line in capture.get().splitlines()]
            self.write("\n".join(lines).strip("\n"))

    @cached_property
    def console(self) -> Console:
        """Rich console on stdout; plain and as wide as the content when stdout is no terminal."""
        return _console(sys.stdout)

    @cached_property
    def messages(self) -> Console:
        """Rich console on stderr."""
        return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    from rich.console import Console  # noqa: PLC0415  (help must not pay for it)

    # A pipe has no width: folding a table there would only break the lines for its reader, unless
    # COLUMNS says how long they may be.
    said = os.environ.get("COLUMNS", "")
    width = int(said) if said.isdecimal() and int(said) > 0 else None if stream.isatty() else WIDEST
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False, soft_wrap=False)


def current(obj: object) -> Session:
    """Return the session that a click context carries, or a fresh one outside the program."""
    return obj if isinstance(obj, Session) else Session()
