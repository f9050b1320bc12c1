"""Writes a folder whole or not at all, with a manifest that has the digest of every file."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fundsim.errors import OutputError
from fundsim.results.folder import KEPT, MANIFEST, Target, why
from fundsim.results.placing import new_sibling, put
from fundsim.sealed import sealed

__all__ = ["KIND", "fingerprint", "write_folder"]

KIND = "kind"
"""Entry of the manifest of a folder that holds something else than a run: what it holds."""


def write_folder(
    target: Target,
    *,
    fill: Callable[[Path], object],
    manifest: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    called: tuple[str, str],
) -> None:
    """Write a folder under a temporary name beside its place, flush it to disk, then give it its place.

    A crash at any moment leaves the old folder or the new one whole.

    Args:
        target: The place, checked before.
        fill: Writes the files into the folder that it is given.
        manifest: Returns the manifest from the size and digest of each file by its name.
        called: What is written, in English and Chinese, for the message of a full disk.

    Raises:
        UsageError: Another command has put a folder there since the target was checked; this one is then
            kept beside it.
        OutputError: The disk is full or read-only; nothing is left behind.
    """
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        work = new_sibling(target.path, ".partial")
        work.mkdir()
        try:
            fill(work)
            _seal(work, manifest)
            _take_along(target.path, work)
            put(work, target)
            _flush(target.path.parent)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        reason, reason_zh = why(error, target.given)
        what, what_zh = called
        raise OutputError(f"{reason}; the {what} is not saved", f"{reason_zh}；{what_zh}未保存") from error


def _take_along(old: Path, work: Path) -> None:
    """Copy what is not the old run's from its folder to the new one."""
    if (old / KEPT).is_dir():
        shutil.copytree(old / KEPT, work / KEPT)


def _seal(work: Path, manifest: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Write the manifest, which makes the folder a finished one, and flush all."""
    found = sorted(work.rglob("*"))
    files = [path for path in found if path.is_file()]
    listed = {path.relative_to(work).as_posix(): fingerprint(path) for path in files}
    (work / MANIFEST).write_bytes(sealed(manifest(listed)))
    for path in (*files, work / MANIFEST, *(path for path in found if path.is_dir()), work):
        _flush(path)


def _flush(path: Path) -> None:
    """Ask the system to put a file or folder on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle on a folder to flush
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fingerprint(path: Path) -> dict[str, Any]:
    """Return size and SHA-256 of a file."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
