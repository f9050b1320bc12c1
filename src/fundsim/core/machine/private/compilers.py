"""How numba compiles kernels: without wraparound of indices, and machine code for the entries only.

numba makes every function ready to be called from Python: it optimises the function with all that it
calls, and translates it to machine code.  Only its callers call a kernel, into which it is
copied and where all of that is done again; so kernels are tidied up and no more, which takes a third
off the time to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba.core import compiler, types
from numba.core.codegen import JITCodeLibrary
from numba.core.dispatcher import Dispatcher

from fundsim.core.machine import compiling
from fundsim.core.machine.private.indexing import no_wraparound

__all__ = ["EntryCompiler", "KernelCompiler", "one_for_all_constants"]

F = TypeVar("F", bound=Callable[..., Any])


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


def one_for_all_constants(kernel: F) -> F:
    """Have a kernel compiled once for a type, not again for each constant that some caller passes.

    Where it is copied into its caller, LLVM still knows the constant.
    """
    if isinstance(kernel, Dispatcher):  # else it is plain Python: NUMBA_DISABLE_JIT
        dispatcher: Any = kernel
        find = dispatcher.get_call_template

        def find_by_type(args: Any, kws: Any) -> Any:
            named = {name: types.unliteral(argument) for name, argument in kws.items()}
            return find(tuple(map(types.unliteral, args)), named)

        dispatcher.get_call_template = find_by_type
    return kernel


class EntryCompiler(compiler.Compiler):
    """numba's compiler, except for the indices."""

    def _compile_core(self) -> Any:
        compiling.begins()
        with no_wraparound():
            return super()._compile_core()


class KernelCompiler(EntryCompiler):
    """The same for functions that only compiled functions call."""

    def __init__(self, typing: Any, target: Any, _library: Any, *rest: Any) -> None:
        super().__init__(typing, target, _KernelLibrary(target.codegen(), "kernel"), *rest)
