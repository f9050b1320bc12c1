"""What a variant keeps of each path: what some figures are taken from, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from glob import escape

from fundsim.decide.measure import Measure
from fundsim.errors import ScenarioError
from fundsim.results.plan import Plan, sum_keys
from fundsim.scheme import LawFigure, Scheme

__all__ = ["is_of", "metrics_of", "plan_keeping"]


def metrics_of(scheme: Scheme, measures: Sequence[Measure], also: Collection[str] = ()) -> Scheme:
    """Return a scheme with only the metrics that some figures are of: hundreds of others take their time.

    Args:
        scheme: the scheme.
        measures: the figures.
        also: names of other metrics.
    """
    own = [m for m in scheme.metrics if m.name in also or any(is_of(m.name, one) for one in measures)]
    # A named figure of a law is taken from the column of its metric.
    laws = [m.metric for m in own if isinstance(m, LawFigure)]
    named = {m.name for m in own}
    return replace(scheme, metrics=(*own, *(m for m in dict.fromkeys(laws) if m.name not in named)))


def plan_keeping(scheme: Scheme, measures: Sequence[Measure], also: Collection[str] = ()) -> Plan:
    """Return a plan that keeps what figures are taken from.

    Args:
        scheme: the scheme with their metrics.
        measures: the figures.
        also: names of other columns to keep, where the scheme has them.

    Raises:
        ScenarioError: the scheme has not all of the figures, because a variant has other metrics.
    """
    keys = tuple(escape(key) for key in _keys(Plan(scheme), measures, also))
    plan = Plan(scheme, keys) if keys else Plan(replace(scheme, metrics=()))
    missing = [m.measured for m in measures if not set(plan.column_names).issuperset(m.columns)]
    if missing:
        raise ScenarioError(f"it has no {', '.join(missing)}", f"没有 {'、'.join(missing)}")
    return plan


def _keys(plan: Plan, measures: Sequence[Measure], also: Collection[str]) -> Iterator[str]:
    wanted = {key for measure in measures for key in measure.columns} | set(also)
    yield from (column.key for column in plan.columns if column.key in wanted)
    for aggregate, horizon in plan.aggregates:
        if sum_keys(aggregate.name, horizon)[0] in wanted:
            yield f"{aggregate.name}@{horizon}"


def is_of(metric: str, measure: Measure) -> bool:
    """Return whether a figure is a metric's, or one year's of it."""
    return f"{measure.name}.".startswith(f"{metric}.")
