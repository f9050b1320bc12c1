"""How kernels are made: by numba's private interfaces, by its public ones alone, or as plain Python.

What numba does not promise makes the core quicker to compile and to run, and may be gone in any new minor
version of numba.  So it is used only with those on which the tests of it have run; with any other, kernels
are compiled by the public interface, slower and with the same results bit by bit.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal

import numba

__all__ = ["MODE", "PRIVATE_VERSIONS", "Mode", "is_known", "mode_of"]

Mode = Literal["private", "public", "plain"]

PRIVATE_VERSIONS = ("0.68",)
"""Minor versions of numba whose private interfaces the package knows."""


def is_known(version: str) -> bool:
    """Return whether a version of numba is one whose private interfaces are known.

    >>> is_known("0.68.1"), is_known("0.68.0rc1"), is_known("0.69.0"), is_known("1.68.0")
    (True, True, False, False)
    """
    return ".".join(version.split(".")[:2]) in PRIVATE_VERSIONS


def mode_of(version: str, environment: Mapping[str, str], *, compiled: bool = True) -> Mode:
    """Return how kernels are made with a version of numba.

    >>> mode_of("0.68.1", {}), mode_of("0.68.1", {"FUNDSIM_PUBLIC_NUMBA": "1"}), mode_of("0.69.0", {})
    ('private', 'public', 'public')
    >>> mode_of("0.69.0", {}, compiled=False)
    'plain'
    """
    if not compiled:
        return "plain"
    forced = environment.get("FUNDSIM_PUBLIC_NUMBA", "0") not in {"", "0"}
    return "private" if is_known(version) and not forced else "public"


_config: Any = numba.config  # its types know nothing of its variables

MODE: Mode = mode_of(numba.__version__, os.environ, compiled=not _config.DISABLE_JIT)
"""How this process makes its kernels."""
