"""Where compiled kernels are kept.

Why a cache folder of our own: numba's cache notices an edit of a kernel's own file but not of a
callee in another file, and would replay a stale kernel without a word.  The folder's name therefore
carries a digest of all sources of ``core/``, of those of ``scheme/``, by which tables are laid out, of
numba's version, and of the way in which it is used (``mode.py``), so any edit starts again.

What lies in the folder is run as it is, so nobody else may write there: one in a folder of temporary files,
which all users of a machine share, is used only if it is this user's own.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numba

from fundsim.core.machine import compiling
from fundsim.core.machine.mode import MODE

__all__ = ["CACHE_FOLDER", "KernelFolder", "find_folder", "notice_if_elsewhere"]

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def _digest_of_sources() -> str:
    digest = hashlib.blake2b(f"{numba.__version__} {MODE}\n".encode(), digest_size=8)
    package = Path(__file__).parents[2]
    for folder in ("core", "scheme"):
        for source in sorted((package / folder).rglob("*.py")):
            text = source.read_bytes()
            # With its length, so that no text can pass for the end of another and the next one's name.
            digest.update(f"{source.relative_to(package).as_posix()} {len(text)}\n".encode())
            digest.update(text)
    return digest.hexdigest()


def _user_cache() -> Path:
    """Folder for caches of this user: site-packages may be read-only and shared."""
    if chosen := os.environ.get("FUNDSIM_CACHE_DIR"):
        return Path(os.path.expanduser(chosen))
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "fundsim"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fundsim"


class KernelFolder(NamedTuple):
    """The folder of compiled kernels, and how it was come by."""

    path: Path
    refused: str | None
    """The folder that ``FUNDSIM_CACHE_DIR`` names, where it can't be used."""
    lasts: bool
    """Whether later processes find what this one compiles."""


def find_folder() -> KernelFolder:
    """Return the user's folder; where that can't be written, one of their own among the temporary files."""
    name = f"kernels-{_digest_of_sources()}"
    folder = _user_cache() / name
    if _is_writable(folder):
        return KernelFolder(folder, None, lasts=True)
    refused = os.environ.get("FUNDSIM_CACHE_DIR") or None
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    shared = Path(tempfile.gettempdir()) / f"fundsim{user}-{name}"
    if _is_own(shared):
        return KernelFolder(shared, refused, lasts=True)
    # Somebody has put something else there.  Nobody can know the name of a new folder beforehand.
    new = Path(tempfile.mkdtemp(prefix=f"fundsim-{name}-"))
    atexit.register(shutil.rmtree, new, ignore_errors=True)
    return KernelFolder(new, refused, lasts=False)


def _is_writable(folder: Path) -> bool:
    """Return whether files can be written to a folder, which is made where there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _is_own(folder: Path) -> bool:
    """Return whether a folder is this user's, who alone may write to it; it is made where there is none."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()  # not of what a link leads to
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    # Without user ids, on Windows, each user has a folder of temporary files.
    own = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & OTHERS_WRITE)
    return own and _is_writable(folder)


_found = find_folder()

CACHE_FOLDER = _found.path
"""Where this build's compiled kernels are kept; ``FUNDSIM_CACHE_DIR`` moves it."""


@cache
def notice_if_elsewhere() -> None:
    """Report, once a process, that kernels are not kept where they were to be, or not kept at all."""
    if MODE == "plain" or (_found.refused is None and _found.lasts):
        return
    reason, reason_zh, fix, fix_zh = "", "", "", ""
    if _found.refused is not None:
        reason = f"FUNDSIM_CACHE_DIR: {_found.refused} can't be written; "
        reason_zh = f"FUNDSIM_CACHE_DIR：{_found.refused} 无法写入；"
    if _found.lasts:
        kept, kept_zh = f"compiled kernels are kept in {_found.path}", f"编译结果保存在 {_found.path}"
    else:
        kept, kept_zh = (
            "compiled kernels are not kept, each run compiles again",
            "编译结果不保存，每次运行都重新编译",
        )
        fix, fix_zh = (
            "; name a folder of your own in FUNDSIM_CACHE_DIR",
            "；请用 FUNDSIM_CACHE_DIR 指定自己的文件夹",
        )
    compiling.notice(f"{reason}{kept}{fix}", f"{reason_zh}{kept_zh}{fix_zh}", compiling.KernelFolderWarning)
