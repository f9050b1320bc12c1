"""Reads the manifest of a folder, and checks its files against it: what ``writing`` wrote, or an error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fundsim.arguments import file_name
from fundsim.errors import ResultsError, UsageError
from fundsim.results.folder import MANIFEST
from fundsim.results.manifest import FORMAT
from fundsim.results.writing import fingerprint
from fundsim.sealed import unsealed

__all__ = ["check_file", "damaged", "folder_there", "read_manifest"]


def folder_there(folder: str | Path) -> Path:
    """Return a folder as a path.

    Raises:
        UsageError: There is no such folder, or it is a file.
    """
    folder = file_name("folder", folder)
    if os.path.isfile(folder):
        raise UsageError(
            f"{folder} is a file, not a folder; name the folder that holds the run",
            f"{folder} 是文件，不是文件夹；请写存放运行结果的文件夹",
        )
    if not os.path.isdir(folder):  # False for a name that the system can't hold
        raise UsageError(f"{folder}: there is no such result folder", f"{folder}：没有这个结果文件夹")
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, whatever the folder holds.

    Raises:
        ResultsError: The folder holds nothing that was finished, or the manifest is altered, or of another
            version.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ResultsError(
            f"{path.parent} holds no finished run: {path.name} is missing",
            f"{path.parent} 中没有完成的运行结果：缺少 {path.name}",
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    manifest, intact = unsealed(content)
    if manifest is None:
        raise damaged(path)
    if manifest.get("format", FORMAT) != FORMAT:
        raise ResultsError(
            f"{path}: format {manifest['format']}, written by another version of fundsim",
            f"{path}：格式 {manifest['format']}，由其他版本的 fundsim 写出",
        )
    if not intact:
        raise damaged(path)
    return manifest


def check_file(path: Path, recorded: Mapping[str, Any]) -> None:
    """Check a file's size and SHA-256 against what the manifest has.

    Raises:
        ResultsError: The file is missing, truncated or altered, or can't be read.
    """
    if not path.is_file():
        raise damaged(path, "is missing", "不存在")
    try:
        intact = fingerprint(path) == recorded
    except OSError as error:
        raise _unreadable(path, error) from error
    if not intact:
        raise damaged(path)


def damaged(
    path: Path, what: str = "is damaged or was altered", what_zh: str = "已损坏或被改动"
) -> ResultsError:
    """Return the error of a file that is not as it was written."""
    return ResultsError(f"{path} {what}; run the scenario again", f"{path} {what_zh}；请重新运行情景")


def _unreadable(path: Path, error: OSError) -> ResultsError:
    reason = error.strerror or type(error).__name__
    return ResultsError(f"{path} can't be read ({reason})", f"{path} 无法读取（{reason}）")
