"""How far a run has come, and an honest estimate of the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from fundsim.cli.console import Session, is_utf8
from fundsim.errors import counted

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Clock", "RunProgress", "TimeLeft", "compiler_reports", "time_left_words"]

Clock = Callable[[], float]

LINE_EVERY = 5.0
"""Without a terminal a line is written at most this often [s]."""


class TimeLeft:
    """Estimates the time left from the speed since the first paths were done.

    What happens before (compilation above all) says nothing about the speed and is left out; while
    only one moment is known there is no estimate.
    """

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self._first: tuple[int, float] | None = None

    def update(self, done: int, total: int) -> float | None:
        """Return the seconds left when ``done`` of ``total`` paths are done, None if unknown."""
        now = self._clock()
        if done == 0:
            return None
        if self._first is None:
            self._first = (done, now)
            return None
        first_done, since = self._first
        if done <= first_done or now <= since:
            return None
        return (total - done) * (now - since) / (done - first_done)


def time_left_words(seconds: float | None, session: Session) -> str:
    """Write a time left in words.

    >>> time_left_words(75.2, Session()), time_left_words(75.2, Session(lang="zh"))
    ('1 min 15 s left', '剩余 1 分 15 秒')
    """
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return session.word(f"{rest} s left", f"剩余 {rest} 秒")
    return session.word(f"{minutes} min {rest} s left", f"剩余 {minutes} 分 {rest} 秒")


def compiling_words(session: Session) -> str:
    """Return what is said while kernels are being compiled."""
    return session.word("compiling…", "编译中…")


def compiler_reports(
    session: Session, begins: Callable[[], None] | None = None
) -> AbstractContextManager[None]:
    """Report on stderr, unless quiet, that kernels are compiled, and what is to be said of the compiler.

    Args:
        session: language and loudness.
        begins: called when kernels begin to be compiled, instead of a line.
    """
    from fundsim.core.machine.compiling import reported_to  # noqa: PLC0415  (help must not pay for it)

    def line() -> None:
        session.say(compiling_words(session))

    return reported_to(begins or line, lambda *words: session.say(session.word(*words)))


class RunProgress:
    """Shows a run's progress on stderr: a bar on a terminal, some lines elsewhere, nothing if quiet."""

    def __init__(self, session: Session, clock: Clock = time.perf_counter) -> None:
        self._session = session
        self._clock = clock
        self._left = TimeLeft(clock)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._last_line = clock()
        self._compiling = ExitStack()

    def __enter__(self) -> Self:
        self._compiling.enter_context(compiler_reports(self._session, self._show_compiling))
        if self._session.quiet:
            return self
        if sys.stderr.isatty():
            self._bar = _bar(self._session)
            self._task = self._bar.add_task(self._session.word("starting…", "启动中…"), total=None, left="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._compiling.close()
        if self._bar is not None:
            self._bar.stop()

    def _show_compiling(self) -> None:
        """Say that the kernels are being compiled: it takes half a minute, in the first run only."""
        words = compiling_words(self._session)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=words)
        else:
            self._session.say(words)

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` paths are done."""
        left = self._left.update(done, total)
        if done == 0 or self._session.quiet:
            return
        if self._bar is not None and self._task is not None:
            simulating = self._session.word("simulating", "模拟中")
            self._bar.update(
                self._task,
                description=simulating,
                total=total,
                completed=done,
                left=time_left_words(left, self._session),
            )
        elif self._clock() - self._last_line >= LINE_EVERY:
            self._last_line = self._clock()
            words = time_left_words(left, self._session)
            paths = self._session.word(
                f"{done:,} of {counted(total, 'path')}", f"{done:,} / {total:,} 条路径"
            )
            self._session.say(f"{paths}  {words}".rstrip())


def _bar(session: Session) -> Progress:
    from rich.progress import (  # noqa: PLC0415  (quiet runs and help don't pay for it)
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
    )

    # Rich's usual spinner and bar are made of characters that a gbk or cp1252 console cannot show.
    spinner = "dots" if is_utf8(sys.stderr) else "line"
    return Progress(
        SpinnerColumn(spinner),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[left]}"),
        console=session.messages,
        transient=True,
    )
