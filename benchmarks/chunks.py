"""Paths in chunks that fit into the processor's cache, each with a generator of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

__all__ = ["run_chunks"]

Outcome = TypeVar("Outcome", bound=tuple[Any, ...])


def run_chunks(
    program: Callable[[np.random.Generator, int], Outcome], chunk: int, n_paths: int, seed: int, threads: int
) -> Outcome:
    """Run a program over ``n_paths`` paths in chunks and return what it says of each path.

    Args:
        program: (generator, paths) → a named tuple of one array (paths,) a figure.
        chunk: paths of a chunk.
        n_paths: number of paths.
        seed: of the chunks' generators.
        threads: chunks at work at a time.
    """
    firsts = range(0, n_paths, chunk)
    generators = [
        np.random.Generator(np.random.SFC64(s)) for s in np.random.SeedSequence(seed).spawn(len(firsts))
    ]
    sizes = [min(chunk, n_paths - first) for first in firsts]
    if threads == 1:
        outcomes = list(map(program, generators, sizes))
    else:
        with ThreadPoolExecutor(threads) as executor:
            outcomes = list(executor.map(program, generators, sizes))
    parts = zip(*outcomes, strict=True)
    return type(outcomes[0])(*(np.concatenate(part) for part in parts))
