"""What so many paths need of disk and memory, asked before anything is compiled."""

from __future__ import annotations

import os
import shutil

from fundsim.errors import UsageError
from fundsim.results.columns import MEMORY_LIMIT
from fundsim.results.scratch import scratch_folder

__all__ = ["check_need", "size_text"]

_WHOLE_COLUMNS = 2
"""A column and its values in order are in memory together when its quantiles are taken."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def check_need(n_paths: int, n_columns: int, other_bytes: int = 0) -> None:
    """Refuse a number of paths for which there is not enough disk or memory.

    Args:
        n_paths: number of paths, however large.
        n_columns: columns of one value a path.
        other_bytes: what else goes to temporary files.

    Raises:
        UsageError: With what would be needed and what there is.
    """
    needed = 8 * n_paths * n_columns
    if needed > MEMORY_LIMIT:
        folder = scratch_folder()
        free = shutil.disk_usage(folder).free
        if needed + other_bytes > free:
            raise _too_many(
                f"{_count(n_paths)} paths × {n_columns} columns × 8 bytes = {size_text(needed)} of temporary "
                f"file, {size_text(free)} free in {folder}",
                f"{_count(n_paths)} 条路径 × {n_columns} 列 × 8 字节 = {size_text(needed)} 临时文件，"
                f"而 {folder} 只有 {size_text(free)} 可用",
            )
    memory, at_once = _memory(), 8 * n_paths * _WHOLE_COLUMNS
    if memory is not None and at_once > memory:
        raise _too_many(
            f"{_count(n_paths)} paths × {_WHOLE_COLUMNS} columns × 8 bytes = {size_text(at_once)} of memory "
            f"at a time, this computer has {size_text(memory)}",
            f"{_count(n_paths)} 条路径 × {_WHOLE_COLUMNS} 列 × 8 字节 = {size_text(at_once)} 内存，"
            f"而本机只有 {size_text(memory)}",
        )


def _too_many(what: str, what_zh: str) -> UsageError:
    return UsageError(
        f"{what}; simulate fewer paths (--paths), or keep fewer metrics (--metrics)",
        f"{what_zh}；请减少路径数（--paths），或只保留部分指标（--metrics）",
    )


def _memory() -> int | None:
    """Return the memory of the computer [bytes], None where it can't be known."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _count(number: int) -> str:
    return f"{number:,}" if number < 10**15 else f"{number:.3g}"


def size_text(n_bytes: int) -> str:
    """Return a number of bytes for readers.

    >>> size_text(912 * 10**9), size_text(76_400_000_000), size_text(10**25)
    ('0.91 TB', '76 GB', '1e+07 EB')
    """
    size, unit = float(n_bytes), 0
    while size >= 900.0 and unit + 1 < len(_UNITS):
        size, unit = size / 1000.0, unit + 1
    return f"{size:.2g} {_UNITS[unit]}" if size < 100.0 or size >= 1e6 else f"{size:.0f} {_UNITS[unit]}"
