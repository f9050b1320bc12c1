"""A temporary file for what would take too much memory while a run is collected."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fundsim.errors import OutputError
from fundsim.results.folder import why

__all__ = ["ScratchFile", "scratch_folder"]

Scalar = TypeVar("Scalar", bound=np.generic)


class ScratchFile:
    """Bytes of arrays by offset.  The file deletes itself when the object goes.

    Explicit reads and writes rather than a memory map: pages of a map count as the program's memory, and
    some systems keep them all.
    """

    def __init__(self) -> None:
        self._folder = scratch_folder()
        with self._reported():
            # It lives as long as the object.
            self._file = tempfile.TemporaryFile(prefix="fundsim-", dir=self._folder)  # noqa: SIM115
        self._size = 0

    def reserve(self, n_bytes: int) -> int:
        """Add so many bytes at the end, zero until written, and return their offset."""
        offset = self._size
        self._size += n_bytes
        with self._reported():
            self._file.truncate(self._size)
        return offset

    def write(self, offset: int, values: NDArray[np.generic]) -> None:
        """Store the values of an array, in C order."""
        with self._reported():
            self._file.seek(offset)
            self._file.write(np.ascontiguousarray(values).data.cast("B"))

    def read(self, offset: int, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Fill a C-contiguous array with the bytes from ``offset`` on, and return it."""
        with self._reported():
            self._file.seek(offset)  # writes out what is still in the buffer, so the disk may be full here
            # Not np.fromfile: it reads behind the back of the buffer that write() may still hold.
            self._file.readinto(values.data.cast("B"))
        return values

    def __del__(self) -> None:
        # Collected without a close the file would raise a ResourceWarning; it deletes itself.
        file = getattr(self, "_file", None)
        if file is not None:
            with contextlib.suppress(OSError):  # what is in the buffer is wanted by nobody
                file.close()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Report a full disk, or a folder that can't be written, as one of temporary files."""
        try:
            yield
        except OSError as error:
            reason, reason_zh = why(error, self._folder)
            raise OutputError(
                f"{reason}, where temporary files are written; name another folder in TMPDIR, or keep fewer "
                "metrics (--metrics)",
                f"{reason_zh}（用于临时文件）；请用环境变量 TMPDIR 指定其他文件夹，"
                "或只保留部分指标（--metrics）",
            ) from error


def scratch_folder() -> Path:
    """Return the folder of temporary files.

    Raises:
        OutputError: There is none that can be written.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise OutputError(
            "there is no folder for temporary files; name one in the environment variable TMPDIR",
            "没有可写临时文件的文件夹；请用环境变量 TMPDIR 指定一个",
        ) from error
