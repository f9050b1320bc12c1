"""Where a run or a ledger may be written; asked before anything is simulated, so it imports little."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fundsim.errors import UsageError

__all__ = [
    "COMMAND",
    "KEPT",
    "MANIFEST",
    "PYTHON",
    "Asked",
    "Target",
    "check_file",
    "check_folder",
    "file_name",
    "folder_name",
    "standing",
    "why",
]

MANIFEST = "manifest.json"
"""The file that makes a folder a finished run; it is written last."""
KEPT = "doubt"
"""Folder in a run's folder that is not the run's: it outlives the run, and may be there before it."""
LONGEST_NAME = 240
"""Bytes of a file's name that we make up; the disks in use allow 255."""
_LONGEST_FOLDER = 120
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")


@dataclass(frozen=True, slots=True)
class Target:
    """A place that was checked: only what stood there then may be replaced."""

    given: Path
    """As the user named it; messages say this."""
    path: Path
    """The same, absolute and with links followed."""
    replace: bool
    seen: str | None
    """Digest of what stood there; None for nothing."""


class Asked(NamedTuple):
    """How the one who asks would name another place, or have what stands there replaced."""

    other: str
    other_zh: str
    replace: str
    replace_zh: str
    such: str


COMMAND = Asked(" with -o", "用 -o ", "--replace it", "用 --replace ", "-o out")
PYTHON = Asked("", "", "give replace=True", "用 replace=True ", '"out"')


def check_folder(folder: Path, *, replace: bool, asked: Asked = COMMAND) -> Target:
    """Refuse a folder that a run must not be written to, before anything is simulated.

    Raises:
        UsageError: It holds a finished run and ``replace`` is False, or something that is no run; or no
            folder can be made there.
    """
    path = _place(folder, asked)
    _refuse_own(folder, path, asked)
    if path.exists() and not path.is_dir():
        raise _no_folder(folder)
    try:
        filled = path.is_dir() and any(one.name != KEPT for one in path.iterdir())
    except OSError as error:
        raise _unwritable(error, folder, asked) from None
    if filled:
        _check_run(folder, path, asked, replace=replace)
    _try_to_write(folder, asked)
    return Target(folder, path, replace or not filled, standing(path))


def _check_run(folder: Path, path: Path, asked: Asked, *, replace: bool) -> None:
    if not _holds_a_run(path):
        raise UsageError(
            f"{folder} holds files that are no fundsim run; choose another folder",
            f"{folder} 中有不属于 fundsim 运行结果的文件；请换一个文件夹",
        )
    if not replace:
        raise UsageError(
            f"{folder} already holds a finished run; choose another folder{asked.other}, or {asked.replace}",
            f"{folder} 中已有完成的运行结果；请{asked.other_zh}换一个文件夹，或{asked.replace_zh}整体替换",
        )


def check_file(file: Path, *, replace: bool) -> Target:
    """Refuse a file that must not be written, before anything is computed.

    Raises:
        UsageError: It exists and ``replace`` is False, is a folder, or no file can be made there.
    """
    path = _place(file, COMMAND)
    if path.is_dir():
        raise UsageError(f"{file} is a folder, not a file", f"{file} 是文件夹，不是文件")
    if path.exists() and not replace:
        raise UsageError(
            f"{file} already exists; choose another file with -o, or --replace it",
            f"{file} 已存在；请用 -o 换一个文件，或用 --replace 替换",
        )
    if path.exists() and not path.is_file():
        raise UsageError(f"{file} is no regular file; choose another", f"{file} 不是普通文件；请换一个")
    _try_to_write(file, COMMAND)
    return Target(file, path, replace, standing(path))


def _place(given: Path, asked: Asked) -> Path:
    """Return a place with its links followed; a link that leads nowhere is refused."""
    try:
        os.stat(given)
    except (FileNotFoundError, NotADirectoryError):
        if given.is_symlink():
            raise UsageError(
                f"{given} is a link to {os.readlink(given)}, which does not exist; remove the link, "
                "or choose another name",
                f"{given} 是指向 {os.readlink(given)} 的链接，而后者不存在；请删除该链接，或换一个名称",
            ) from None
    except (OSError, ValueError) as error:
        raise _unwritable(error, given, asked) from None
    try:
        return given.resolve()
    except (OSError, RuntimeError) as error:
        raise _unwritable(error, given, asked) from None


def _refuse_own(folder: Path, path: Path, asked: Asked) -> None:
    """Refuse a folder that can't be exchanged as a whole: the one we stand in, or a disk of its own."""
    here = Path(os.path.realpath(os.curdir))
    if path == here or path in here.parents:
        raise UsageError(
            f"{folder} is the folder in which you are, or one above it; name a folder for the run, such as "
            f"{asked.such}",
            f"{folder} 是当前文件夹或其上级；请为运行结果写一个文件夹名，如 {asked.such}",
        )
    if path.is_mount():
        raise UsageError(
            f"{folder} is a disk of its own; name a folder in it, such as {folder / 'run'}",
            f"{folder} 本身是一个磁盘；请写其中的文件夹，如 {folder / 'run'}",
        )


def _try_to_write(given: Path, asked: Asked) -> None:
    """Find out whether something can be made at a place, in the nearest folder that exists."""
    for parent in given.parents:
        try:
            os.stat(parent)
        except (FileNotFoundError, NotADirectoryError):
            if parent.is_symlink():
                _place(parent, asked)
            continue
        except OSError as error:
            raise _unwritable(error, parent, asked) from None
        if not parent.is_dir():
            raise _no_folder(parent)
        try:
            trial = tempfile.mkdtemp(prefix=".fundsim-", dir=parent)
        except OSError as error:
            raise _unwritable(error, parent, asked) from None
        try:
            _try_names(Path(trial), given.relative_to(parent), asked)
        finally:
            os.rmdir(trial)
        return


def _try_names(folder: Path, names: Path, asked: Asked) -> None:
    """Find out whether folders or files of such names can be made, each in an empty folder."""
    for name in (part for part in names.parts if part not in (os.curdir, os.pardir)):
        try:
            (folder / name).mkdir()
            (folder / name).rmdir()
        except (OSError, ValueError) as error:
            raise _unwritable(error, Path(name), asked) from None


def _no_folder(path: Path) -> UsageError:
    return UsageError(f"{path} is a file, not a folder", f"{path} 是文件，不是文件夹")


def _unwritable(error: Exception, place: Path, asked: Asked) -> UsageError:
    reason, reason_zh = why(error, place)
    return UsageError(
        f"{reason}; choose another folder{asked.other}", f"{reason_zh}；请{asked.other_zh}换一个文件夹"
    )


def why(error: Exception, place: Path) -> tuple[str, str]:
    """Return why nothing can be written at a place, in English and Chinese, without names of our own."""
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return f"no space is left on the disk of {place}", f"{place} 所在磁盘空间不足"
    if number in (errno.EACCES, errno.EPERM):
        return f"you have no right to write in {place}", f"没有写入 {place} 的权限"
    if number == errno.EROFS:
        return f"{place} is on a disk that can only be read", f"{place} 在只读磁盘上"
    if number == errno.ENAMETOOLONG:
        return f"the name {_cut(str(place))} is too long", f"名称 {_cut(str(place))} 过长"
    if number == errno.ELOOP or isinstance(error, RuntimeError):
        return f"{place} is a link that leads in a circle", f"{place} 是循环的链接"
    reason = error.strerror if isinstance(error, OSError) and number != errno.ENOENT else None
    more = f" ({reason})" if reason else ""
    return f"nothing can be written in {place}{more}", f"{place} 中无法写入{more}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def standing(path: Path) -> str | None:
    """Return a digest of the run or file at a place, or of what is kept there; None if there is nothing."""
    for one in (path / MANIFEST, path / KEPT / MANIFEST) if path.is_dir() else (path,):
        try:
            with one.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            continue
    return None


def _holds_a_run(folder: Path) -> bool:
    """Return whether a folder has a manifest of ours, damaged or not."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        return False
    return b'"format"' in content and b'"fundsim"' in content


def folder_name(name: str) -> str:
    """Return a scenario's name as one folder's name, whatever is written in it and however long it is.

    >>> folder_name("../a:b."), folder_name("con"), folder_name("...")
    ('_a_b', 'con_', 'scenario')
    """
    plain = _NOT_IN_NAMES.sub("_", name).lstrip(".").strip(" ").rstrip(". ") or "scenario"
    if _DEVICES.fullmatch(plain):
        stem, dot, rest = plain.partition(".")
        plain = f"{stem}_{dot}{rest}"
    return _fitted(plain, "", _LONGEST_FOLDER, name)


def file_name(name: str, suffix: str) -> str:
    """Return the name of a file we make up: letters, digits, dots and dashes, short enough for any disk.

    Where it would be too long, a digest of the whole stands for what is cut off before the last two parts.

    >>> file_name("pool.balance.fan", ".png")
    'pool.balance.fan.png'
    """
    plain = re.sub(r"[^\w.-]", "_", name).lstrip(".")
    parts = plain.rsplit(".", 2)
    last = "".join(f".{part}" for part in parts[1:]) if len(parts) == 3 else ""
    last = last if len(last.encode("utf-8")) <= LONGEST_NAME // 2 else ""
    return _fitted(plain.removesuffix(last), last + suffix, LONGEST_NAME, plain)


def _fitted(name: str, suffix: str, longest: int, whole: str) -> str:
    content, room = name.encode("utf-8"), longest - len(suffix.encode("utf-8"))
    if len(content) <= room:
        return name + suffix
    mark = f"-{hashlib.sha256(whole.encode('utf-8')).hexdigest()[:12]}"
    return content[: room - len(mark)].decode("utf-8", errors="ignore") + mark + suffix
