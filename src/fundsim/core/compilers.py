"""How numba compiles kernels: without wraparound of indices, and machine code for the entries only.

numba makes every function ready to be called from Python: it optimises the function with all that it
calls, and translates it to machine code.  Nobody calls a kernel but its callers, into which it is
copied and where all of that is done again; so kernels are tidied up and no more, which takes a third
off the time to compile.
"""

from __future__ import annotations

from typing import Any

from numba.core import compiler
from numba.core.codegen import JITCodeLibrary

from fundsim.core.indexing import no_wraparound

__all__ = ["EntryCompiler", "KernelCompiler"]


class _NoEnvironments:
    """Where numba would note a function's environment, which only a call from Python needs."""

    def set_env(self, name: str, environment: Any) -> None:
        """Note nothing."""


class _KernelLibrary(JITCodeLibrary):
    """The code of a kernel, to be linked into its callers."""

    @property
    def codegen(self) -> _NoEnvironments:
        return _NoEnvironments()

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager(
            opt=0, loop_vectorize=False, slp_vectorize=False, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is none."""
        self._ensure_finalized()
        return 0


class EntryCompiler(compiler.Compiler):
    """numba's compiler, but for the indices."""

    def _compile_core(self) -> Any:
        with no_wraparound():
            return super()._compile_core()


class KernelCompiler(EntryCompiler):
    """The same for functions that only compiled functions call."""

    def __init__(self, typing: Any, target: Any, _library: Any, *rest: Any) -> None:
        super().__init__(typing, target, _KernelLibrary(target.codegen(), "kernel"), *rest)
