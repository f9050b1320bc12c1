"""What simulates variants, how much of it was done, and how progress is shown."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from fundsim.simulation import EngineName

__all__ = ["Effort", "Machine", "Progress"]


class Progress(Protocol):
    """Is called with paths done and paths in all, of all scenarios together."""

    def __call__(self, done: int, total: int, /) -> object:
        """Show them."""
        ...


@dataclass(frozen=True, slots=True)
class Machine:
    """What simulates; results depend on the engine alone."""

    engine: EngineName = "core"
    executor: Executor | None = None
    workers: int = 1


class Effort:
    """Counts the paths that are simulated, and shows how far a search has come."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.paths = 0
        self._reserved: dict[str, int] = {}
        self._phase = ""
        self._spent = 0
        """Paths of the present phase."""
        self._progress = progress

    def reserve(self, phases: Mapping[str, int]) -> None:
        """Say which phases there will be, and about how many paths each takes."""
        self._reserved = dict(phases)
        if self._progress:
            self._progress(0, max(1, self._expected))

    def enter(self, phase: str) -> None:
        """Say that a phase begins; the one before it is over."""
        self._reserved.pop(self._phase, None)
        self._phase, self._spent = phase, 0

    def expect(self, paths: int) -> None:
        """Say that the present phase takes about so many paths more."""
        self._reserved[self._phase] = self._spent + paths

    def spend(self, paths: int) -> None:
        """Count simulated paths."""
        self.paths += paths
        self._spent += paths
        if self._progress:
            self._progress(self.paths, self._expected)

    @property
    def _expected(self) -> int:
        """Paths in all, as far as is known."""
        later = sum(paths for phase, paths in self._reserved.items() if phase != self._phase)
        return self.paths + later + max(0, self._reserved.get(self._phase, 0) - self._spent)
