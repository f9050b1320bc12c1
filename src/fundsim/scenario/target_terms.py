"""Targets of a programme (绩效目标): a metric, when, and the bound that it is to keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from fundsim.scenario.term import Term, TermFault, exactly_one, term
from fundsim.units import Bound

__all__ = ["HEADINGS", "TargetTerms"]

Heading = Literal["cost", "output", "benefit", "satisfaction"]
HEADINGS: tuple[Heading, ...] = ("cost", "output", "benefit", "satisfaction")
"""Headings of a performance target table, in its order."""


class TargetTerms(Term):
    """A target: the result is the probability of meeting it, on each path by itself."""

    names_parts: ClassVar[bool] = False

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    metric: str = term(
        min_length=1,
        meaning="Metric, with .2016 for a budget year or @window for the window's end; left out, the end of "
        "the run-off",
        zh="指标",
    )
    at_least: Bound | None = term(None, unit="of the metric", meaning="Least that meets it", zh="不低于")
    at_most: Bound | None = term(None, unit="of the metric", meaning="Most that meets it", zh="不高于")
    heading: Heading = term(
        "output",
        meaning="Heading of the performance target table under which it stands",
        zh="一级指标（cost 成本，output 产出，benefit 效益，satisfaction 满意度）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one bound."""
        given = {"at_least": self.at_least is not None, "at_most": self.at_most is not None}
        yield from exactly_one("a target", "绩效目标", given)

    @property
    def bound(self) -> float:
        """The bound, whichever side it is on."""
        return self.at_least if self.at_least is not None else self.at_most or 0.0
