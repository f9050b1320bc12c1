"""The compiled core: a month of a scheme, path by path, in a dozen short functions.

``engine(scheme, series, records)`` prepares a scheme once; ``.run(seed, first, count)`` simulates a block of
paths with the GIL released.  Importing this package does not import numba: that happens when the
first scheme is prepared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundsim.scheme import record_names

if TYPE_CHECKING:
    from fundsim.scheme import LoggedRequest, Prepared, Scheme

__all__ = ["engine", "requests_of", "target"]


def engine(scheme: Scheme, series: tuple[str, ...] = (), records: tuple[str, ...] | None = None) -> Prepared:
    """Prepare a scheme for the compiled core.

    Args:
        scheme: the lowered scheme.
        series: names of the records wanted at every month's end.
        records: names of the records wanted at snapshots; all of them unless given.

    Returns:
        An object whose ``run`` may be called from several threads at once.
    """
    from fundsim.core.prepared import PreparedCore  # noqa: PLC0415 - numba loads here, not with the package

    return PreparedCore(scheme, series, record_names(scheme).all if records is None else records)


def requests_of(scheme: Scheme, *, seed: int, path: int) -> tuple[LoggedRequest, ...]:
    """Return what happened to the requests to bridge funds on a path, fund by fund in order of time."""
    from fundsim.core.prepared import PreparedCore  # noqa: PLC0415 - as above

    return PreparedCore(scheme, (), ()).requests(seed, path)


def target() -> str:
    """Return what kernels of this process are compiled for: two that differ may differ in the last bits."""
    from fundsim.core.machine.processor import target as compiled_for  # noqa: PLC0415 - as above

    return compiled_for()
