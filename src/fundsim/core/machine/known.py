"""The notice that this version of numba is not known."""

from __future__ import annotations

from functools import cache

import numba

from fundsim.core.machine import compiling
from fundsim.core.machine.mode import MODE, PRIVATE_VERSIONS, is_known

__all__ = ["notice_if_unknown"]


@cache
def notice_if_unknown() -> None:
    """Report, once a process, that kernels are compiled the slower way because of numba's version."""
    version, known = numba.__version__, ", ".join(PRIVATE_VERSIONS)
    if MODE == "public" and not is_known(version):
        compiling.notice(
            f"numba {version} is not a version that this fundsim knows ({known}): compiling and simulating "
            "take longer, the figures are the same",
            f"本版 fundsim 尚不认识 numba {version}（已知 {known}）：编译与模拟用时较长，数值不变",
            compiling.UnknownNumbaWarning,
        )
