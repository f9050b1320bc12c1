"""What kernels are compiled for: code for another processor may differ in the last bits."""

from __future__ import annotations

from functools import cache

import llvmlite.binding as llvm

from fundsim.core.machine.mode import MODE

__all__ = ["target"]


@cache
def target() -> str:
    """Return processor and mode of compiling of this process, such as ``znver4, private``."""
    return f"{llvm.get_host_cpu_name()}, {MODE}"
