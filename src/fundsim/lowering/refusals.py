"""What can't be lowered, as faults at the segment or the instrument that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fundsim.errors import Fault, InputError, ScenarioError
from fundsim.scenario import Scenario

__all__ = ["Refusals", "Refused"]


class Refused(Exception):  # noqa: N818 - never reaches a user: it becomes a fault
    """A part of a scenario can't be lowered: what is wrong and how to fix it, in both languages.

    ``at`` leads from the part to the key at fault.
    """

    def __init__(
        self, problem: str, fix: str, problem_zh: str, fix_zh: str, at: tuple[str, ...] = ()
    ) -> None:
        super().__init__(problem)
        self.at = at
        self.message = (problem, fix, problem_zh, fix_zh)


class Refusals:
    """Collects what can't be lowered, so that all of it is reported at once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._found: list[Fault] = []

    @contextmanager
    def of(self, *path: str) -> Iterator[None]:
        """Turn what the lowering of one part raises into a fault at that part.

        Numbers at the edge of what floats can hold may defeat a solver in ways that no rule foresees:
        that is a fault of the part too, and not an error of Python.
        """
        try:
            yield
        except Refused as refused:
            self._found.append(self._scenario.fault((*path, *refused.at), refused.message))
        except InputError as error:
            self._found.extend(error.faults)
        except (ArithmeticError, MemoryError, ValueError) as error:
            message = (f"its numbers are too extreme to compute with ({type(error).__name__}: {error})",
                       "bring the largest and the smallest of them nearer to ordinary ones",
                       f"数值过于极端，无法计算（{type(error).__name__}: {error}）",
                       "请把最大和最小的数改得接近常值")  # fmt: skip
            self._found.append(self._scenario.fault(path, message))

    def raise_any(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            ScenarioError: with every fault.
        """
        if self._found:
            raise ScenarioError(self._found)
