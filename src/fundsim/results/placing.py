"""Puts what is finished in its place at once, and loses nobody's finished run.

What was written under a temporary name beside the target takes its place in one step.  It takes the place of
nothing, or of what stood there when the target was checked; what another command finished there meanwhile
stays, and ours is kept beside it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import sys
from itertools import count
from pathlib import Path

from fundsim.errors import OutputError, UsageError
from fundsim.results.folder import Target, standing, why

__all__ = ["new_sibling", "put", "write_file"]

_AT_CWD = -100
_EXCHANGE = 2


def new_sibling(path: Path, suffix: str) -> Path:
    """Return a new, hidden name beside a path."""
    return path.parent / f".fundsim-{secrets.token_hex(6)}{suffix}"


def put(work: Path, target: Target) -> None:
    """Give a finished folder or file its place.

    Raises:
        UsageError: Something else has taken the place since it was checked; ours stands beside it, and the
            message says where.
        OSError: It can't be moved; ``work`` and what is in the place are as they were.
    """
    if target.seen is not None and target.replace:
        done = _replaced(work, target)
    else:
        done = _moved(work, target.path)
    if not done:
        raise _kept_beside(work, target)


def write_file(target: Target, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        UsageError: As ``put``.
        OutputError: The disk is full, or the file can't be written.
    """
    work = new_sibling(target.path, ".partial")
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            work.write_bytes(content)
            put(work, target)
        finally:
            work.unlink(missing_ok=True)
    except OSError as error:
        reason, reason_zh = why(error, target.given)
        raise OutputError(f"{reason}; the file is not written", f"{reason_zh}；文件未写出") from error


def _moved(work: Path, path: Path) -> bool:
    """Move to a place that is free or an empty folder; False if it is taken."""
    if work.is_dir():
        if os.name == "nt" and path.is_dir():
            with contextlib.suppress(OSError):
                path.rmdir()  # succeeds on an empty folder only
        try:
            work.rename(path)  # no system lets a folder take the place of a filled one
        except OSError:
            if os.path.lexists(path):
                return False
            raise
        return True
    return _moved_file(work, path)


def _moved_file(work: Path, path: Path) -> bool:
    try:
        if os.name == "nt":
            work.rename(path)  # fails where something is
        else:
            os.link(work, path)  # a rename would replace what is there
            work.unlink()
    except FileExistsError:
        return False
    except OSError:  # a disk without links
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        work.replace(path)
    return True


def _replaced(work: Path, target: Target) -> bool:
    """Take the place of what was seen when the target was checked; False if something else is there."""
    path = target.path
    if not os.path.lexists(path):
        return _moved(work, path)
    if standing(path) != target.seen:
        return False
    if not exchanged(work, path):
        return _replaced_in_two_steps(work, target)
    if standing(work) != target.seen:  # it changed in the last moment
        exchanged(work, path)
        return False
    _remove(work)
    return True


def _replaced_in_two_steps(work: Path, target: Target) -> bool:
    """The same where the system can't exchange two names: the old run waits under another name."""
    path = target.path
    old = new_sibling(path, ".old")
    path.rename(old)
    same = standing(old) == target.seen
    try:
        done = same and _moved(work, path)
    except BaseException:
        old.rename(path)
        raise
    if done:
        _remove(old)
    elif not os.path.lexists(path):
        old.rename(path)
    return done


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step, so that a crash leaves either whole; False where that can't be done."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError, ValueError):
            call = ctypes.CDLL(None, use_errno=True).renameat2
            names = (ctypes.c_char_p(os.fsencode(one)), ctypes.c_char_p(os.fsencode(other)))
            done: int = call(_AT_CWD, names[0], _AT_CWD, names[1], ctypes.c_uint(_EXCHANGE))
            return done == 0
    elif sys.platform == "darwin":
        with contextlib.suppress(OSError, AttributeError, ValueError):
            swap = ctypes.CDLL(None, use_errno=True).renamex_np
            names = (ctypes.c_char_p(os.fsencode(one)), ctypes.c_char_p(os.fsencode(other)))
            swapped: int = swap(names[0], names[1], ctypes.c_uint(_EXCHANGE))
            return swapped == 0
    return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _kept_beside(work: Path, target: Target) -> UsageError:
    """Move what is finished to the first free name beside the target, and return what is to be reported."""
    folder = work.is_dir()
    stem, suffix = (target.path.name, "") if folder else (target.path.stem, target.path.suffix)
    stem = os.fsdecode(os.fsencode(stem)[:200]) if len(os.fsencode(stem)) > 200 else stem
    beside = target.path
    for number in count(2):
        beside = target.path.with_name(f"{stem}-{number}{suffix}")
        if not os.path.lexists(beside) and _moved(work, beside):
            break
    shown = target.given.with_name(beside.name)
    if folder:
        return UsageError(
            f"{target.given} already holds a finished run: another command put it there meanwhile; "
            f"this run is kept in {shown}",
            f"{target.given} 中已有完成的运行结果（由另一命令同时写入）；本次运行已保存在 {shown}",
        )
    return UsageError(
        f"{target.given} already exists: another command wrote it meanwhile; this one is kept in {shown}",
        f"{target.given} 已存在（由另一命令同时写入）；本次结果已保存在 {shown}",
    )
