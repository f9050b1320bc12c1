"""A temporary file for what would take too much memory while a run is collected."""

from __future__ import annotations

import tempfile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScratchFile"]

Scalar = TypeVar("Scalar", bound=np.generic)


class ScratchFile:
    """Bytes of arrays by offset.  The file deletes itself when the object goes.

    Explicit reads and writes rather than a memory map: pages of a map count as the program's memory, and
    some systems keep them all.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="fundsim-")  # noqa: SIM115  (lives as long as the object)
        self._size = 0

    def reserve(self, n_bytes: int) -> int:
        """Add so many bytes at the end, zero until written, and return their offset."""
        offset = self._size
        self._size += n_bytes
        self._file.truncate(self._size)
        return offset

    def write(self, offset: int, values: NDArray[np.generic]) -> None:
        """Store the values of an array, in C order."""
        self._file.seek(offset)
        self._file.write(np.ascontiguousarray(values).data.cast("B"))

    def read(self, offset: int, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Fill a C-contiguous array with the bytes from ``offset`` on, and return it."""
        self._file.seek(offset)
        # Not np.fromfile: it reads behind the back of the buffer that write() may still hold.
        self._file.readinto(values.data.cast("B"))
        return values

    def __del__(self) -> None:
        # Collected without a close the file would raise a ResourceWarning; it deletes itself.
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()
