"""A metric that is a record as it stands, as a row of a table."""

from __future__ import annotations

from typing import NamedTuple

from fundsim.metrics.declared import metric
from fundsim.scheme import About, Formula, Metric, Unit

__all__ = ["RecordRow"]


class RecordRow(NamedTuple):
    """A metric that is a record."""

    own_name: str
    unit: Unit
    record: str
    """Record of the fund that the metric is about."""
    english: str
    chinese: str
    shown: str = "yearly"
    in_books: bool = False
    """Whether it is a record of the books instead, summed over those that may ask."""

    def metric(self, about: About, formula: Formula) -> Metric:
        """Return the metric, with the formula that reads its record."""
        return metric(about, self.own_name, self.unit, self.english, self.chinese, formula, self.shown)
