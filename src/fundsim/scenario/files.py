"""Where scenario files are found, and which of them a scenario may read.

A scenario that is named by a path may extend files in its own folder and below, and bundled
scenarios by name; nothing else.  What is bundled lies in the package, or in the repository's
``scenarios/`` when fundsim is installed from its sources for development.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fundsim.scenario.encoding import MAX_BYTES
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import shown as printable
from fundsim.scenario.spelling import nearest

__all__ = [
    "DeviceName",
    "NotFoundHere",
    "ScenarioFile",
    "bundled_file",
    "bundled_names",
    "contained",
    "find",
    "find_extended",
    "read_bytes",
    "read_limited",
    "shown_beside",
]

_SUFFIXES = (".yaml", ".yml")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")


class NotFoundHere(Exception):  # noqa: N818 - reported to the user as a fault
    """A file is not there, or may not be read; ``message`` says why."""

    def __init__(self, *message: str) -> None:
        super().__init__(message[0])
        self.message: Message = (message[0], message[1], message[2], message[3])


class DeviceName(NotFoundHere):
    """A name that Windows keeps for a device: refused everywhere, so that a scenario can move there."""


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario file that was found."""

    path: Path
    shown: str
    """The path as messages give it."""
    root: Path
    """Folder that the scenario's files may not leave."""
    bundled: bool
    tape_folders: tuple[Path, ...] | None = None
    """Of a run's manifest, the folders in which its tapes may lie beside its own; None for other files."""


def _bundled_root() -> Path | None:
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "bundled", package.parent.parent / "scenarios"):
        if folder.is_dir():
            return folder
    return None


def _bundled_files() -> Iterator[tuple[str, Path]]:
    root = _bundled_root()
    if root is not None:
        for path in sorted(root.rglob("*.yaml")):
            yield path.relative_to(root).with_suffix("").as_posix(), path


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled scenarios, ``textbook/…`` included, in order."""
    return tuple(name for name, _ in _bundled_files())


def bundled_file(name: str) -> Path:
    """Return the file of a bundled scenario.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    found = _bundled(name)
    if found is None:
        raise FileNotFoundError(f"there is no bundled scenario {name}")
    return found.path


def _bundled(name: str) -> ScenarioFile | None:
    root = _bundled_root()
    wanted = name.removesuffix(".yaml")
    path = dict(_bundled_files()).get(wanted)
    if root is None or path is None:
        return None
    return ScenarioFile(path, f"{wanted}.yaml", root.resolve(), bundled=True)


def find(source: str | os.PathLike[str]) -> ScenarioFile:
    """Return the file that a path or a bundled name means; a file that exists comes first.

    Raises:
        NotFoundHere: if there is none.
    """
    text = os.fspath(source)
    if "\0" in text or not text:
        raise NotFoundHere("no file name", "name a scenario file", "文件名无效", "请写情景文件名")
    path = Path(os.path.expanduser(text))
    try:
        if path.is_file() or (path.exists() and not path.is_dir()):
            return ScenarioFile(path, printable(text, 4096), path.resolve().parent, bundled=False)
    except OSError:
        pass  # a name that the system can't hold is a name that does not exist
    found = _bundled(text)
    if found is not None:
        return found
    if os.path.isfile(path / "manifest.json"):
        run = printable(str(path / "manifest.json"), 4096)
        raise NotFoundHere("this is the folder of a run", f"did you mean {run}?",
                           "这是运行结果文件夹", f"是否想写 {run}？")  # fmt: skip
    raise _missing(text, text, [*_siblings(path), *bundled_names()])


def _siblings(path: Path) -> list[str]:
    """Return the scenario files of the folder in which a path would lie, as the user would name them."""
    try:
        return [str(found) for kind in ("*.y*ml", "*.xlsx") for found in sorted(path.parent.glob(kind))]
    except OSError:
        return []


def find_extended(reference: str, child: ScenarioFile) -> ScenarioFile:
    """Return the file that ``extends: reference`` means in a scenario file.

    Raises:
        NotFoundHere: if there is none, or if it lies outside the scenario's folder.
    """
    found = None if reference.endswith(_SUFFIXES) else _bundled(reference)
    if found is not None:
        return found
    path = contained(reference, child.path.parent, child.root)
    if path.is_file():
        return ScenarioFile(path, shown_beside(child, reference), child.root, child.bundled)
    found = _bundled(reference)
    if found is not None:
        return found
    beside = [p.name for p in child.path.parent.glob("*.y*ml") if p != child.path]
    raise _missing(reference, reference, [*beside, *bundled_names()])


def contained(reference: str, folder: Path, root: Path) -> Path:
    """Return the path of a file that a scenario names, if it stays inside the scenario's folder.

    Args:
        reference: relative path as the scenario writes it.
        folder: folder of the file that names it.
        root: folder that it may not leave, links followed.

    Raises:
        NotFoundHere: if the path is absolute, leaves ``root``, or is no plain file name.
        DeviceName: if Windows keeps a part of it for a device.
    """
    parts = PurePosixPath(reference.replace("\\", "/")).parts
    outside = NotFoundHere(
        "the file lies outside the scenario's folder",
        "put it in the scenario's folder or below, or name a bundled scenario",
        "该文件在情景所在文件夹之外",
        "请把它放入情景所在文件夹或其子文件夹，或使用内置情景名",
    )
    if (
        not parts
        or reference.startswith(("/", "\\", "~"))
        or re.match(r"[A-Za-z]:|[A-Za-z][\w+.-]+://", reference)
    ):
        raise outside
    device = next((part for part in parts if _DEVICES.fullmatch(part.strip(" ."))), None)
    if device is not None:
        name = printable(device)
        raise DeviceName(f"Windows keeps the name {name} for a device", "give the file another name",
                         f"{name} 是 Windows 的设备名", "请给文件换一个名称")  # fmt: skip
    if any(c in reference for c in '\0:*?"<>|'):
        raise NotFoundHere("this is no plain file name", "write a name such as base.yaml",
                           "文件名无效", "请写如 base.yaml 的文件名")  # fmt: skip
    try:
        path = (folder / Path(*parts)).resolve()
        if not path.is_relative_to(root.resolve()):
            raise outside
    except (OSError, RuntimeError, ValueError):
        raise outside from None
    return path


def read_bytes(file: ScenarioFile) -> bytes:
    """Return the content of a scenario file, at most one byte beyond the limit.

    Raises:
        NotFoundHere: if it can't be read or is no regular file.
    """
    return read_limited(file.path, MAX_BYTES + 1)


def read_limited(path: Path, most: int) -> bytes:
    """Return the first bytes of a regular file.

    Raises:
        NotFoundHere: if it can't be read or is no regular file.
    """
    try:
        # Without O_NONBLOCK a named pipe would hold us forever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise NotFoundHere("this is no regular file", "name a file that holds text or a table",
                                   "这不是普通文件", "请写普通文件名")  # fmt: skip
            return stream.read(most)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fix, fix_zh = "check its name and your rights to it", "请检查文件名和权限"
        if path.suffix.lower() in (".xlsx", ".csv"):
            fix, fix_zh = f"close it in Excel or WPS; {fix}", f"请在 Excel 或 WPS 中关闭它，并{fix_zh[1:]}"
        raise NotFoundHere(f"the file can't be read ({reason})", fix,
                           f"文件无法读取（{reason}）", fix_zh) from None  # fmt: skip


def shown_beside(child: ScenarioFile, reference: str) -> str:
    """Return the name by which messages give a file that a scenario file names."""
    parts = PurePosixPath(reference.replace("\\", "/"))
    return printable(os.path.normpath(Path(child.shown).parent / parts), 4096)


def _missing(text: str, word: str, known: list[str] | tuple[str, ...]) -> NotFoundHere:
    hint = nearest(word, known) or nearest(PurePosixPath(word).name, known)
    if hint is None and known:
        by_stem = {PurePosixPath(name).stem: name for name in known}
        hint = by_stem.get(nearest(PurePosixPath(word).stem, by_stem) or "")
    if hint:
        return NotFoundHere("there is no such scenario file", f"did you mean {hint}?",
                            "没有这个情景文件", f"是否想写 {hint}？")  # fmt: skip
    return NotFoundHere("there is no such scenario file", "check the name and the folder",
                        "没有这个情景文件", "请检查文件名和所在文件夹")  # fmt: skip
