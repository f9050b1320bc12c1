"""Whether a run may be written to a folder; asked before anything is simulated, so it imports little."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fundsim.errors import UsageError

__all__ = ["MANIFEST", "check_folder"]

MANIFEST = "manifest.json"
"""The file that makes a folder a finished run; it is written last."""


def check_folder(folder: Path, *, replace: bool) -> None:
    """Refuse a folder that a run must not be written to, before anything is simulated.

    Raises:
        UsageError: It holds a finished run and ``replace`` is False, or something that is no run.
        OSError: Its parent can't be written to.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder", f"{folder} 是文件，不是文件夹")
    if folder.is_dir() and any(folder.iterdir()):
        if not _holds_a_run(folder):
            raise UsageError(
                f"{folder} holds files that are no fundsim run; choose another folder",
                f"{folder} 中有不属于 fundsim 运行结果的文件；请换一个文件夹",
            )
        if not replace:
            raise UsageError(
                f"{folder} already holds a finished run; choose another folder with -o, or --replace it",
                f"{folder} 中已有完成的运行结果；请用 -o 换一个文件夹，或用 --replace 整体替换",
            )
    ancestor = next(parent for parent in folder.parents if parent.exists())
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=ancestor):
        pass  # whoever cannot make a folder here should hear it now and not after the simulation


def _holds_a_run(folder: Path) -> bool:
    """Tell whether a folder has a manifest of ours, damaged or not."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        return False
    return b'"format"' in content and b'"fundsim"' in content
