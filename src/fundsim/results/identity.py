"""Which run a part is of: path i is the same path in two parts of one run only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from importlib.metadata import version
from typing import Any

import numpy as np

from fundsim.scheme import Formula, Scheme
from fundsim.scheme.formula import steps_of

__all__ = ["RunIdentity", "scheme_digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunIdentity:
    """What decides path i of a run; how many paths it has, and on how many threads, does not."""

    scheme: str
    """Digest of the scheme, its metrics included [32 hex digits]."""
    seed: int
    engine: str
    version: str
    """Version of fundsim."""

    @classmethod
    def of(cls, digest: str, seed: int, engine: str) -> RunIdentity:
        """Return the identity of a run of this fundsim."""
        return cls(scheme=digest, seed=seed, engine=engine, version=version("fundsim"))

    def difference(self, other: RunIdentity) -> str | None:
        """Return what another run has that this one has not, in words; None if they are one.

        >>> one = RunIdentity(scheme="ab", seed=1, engine="core", version="1.0.0")
        >>> one.difference(RunIdentity(scheme="ab", seed=2, engine="core", version="1.0.0"))
        'seed 2, not 1'
        """
        for what in ("seed", "engine"):
            mine, its = getattr(self, what), getattr(other, what)
            if mine != its:
                return f"{what} {its}, not {mine}"
        if self.version != other.version:
            return f"fundsim {other.version}, not {self.version}"
        return None if self.scheme == other.scheme else "another scheme"


def scheme_digest(scheme: Scheme) -> str:
    """Return a digest of all that a scheme says [32 hex digits]; the same for the same scheme anywhere.

    Raises:
        TypeError: the scheme holds something that is neither a value nor made of values.
    """
    digest = hashlib.blake2b(digest_size=16)
    for word in _words(scheme):
        # With its length, so that no word can pass for the end of another and the next one's start.
        digest.update(f"{len(word)} ".encode())
        digest.update(word)
    return digest.hexdigest()


def _words(value: Any) -> Iterator[bytes]:
    """Yield what a value consists of, one word after the other."""
    if isinstance(value, Formula):
        yield repr(steps_of([value])).encode()
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__qualname__.encode()
        for one in fields(value):
            yield one.name.encode()
            yield from _words(getattr(value, one.name))
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, tuple | list):
        yield f"{len(value)} items".encode()
        for item in value:
            yield from _words(item)
    elif isinstance(value, Mapping):
        yield f"{len(value)} entries".encode()
        for key, item in value.items():
            yield from _words(key)
            yield from _words(item)
    elif isinstance(value, frozenset):
        yield from _words(sorted(value, key=repr))
    elif value is None or isinstance(value, str | int | float | Enum):
        # NumPy's numbers as Python's: their repr depends on NumPy's version.
        yield repr(value.item() if isinstance(value, np.generic) else value).encode()
    else:
        raise TypeError(f"a scheme holds a {type(value).__name__}, of which no digest is known")
