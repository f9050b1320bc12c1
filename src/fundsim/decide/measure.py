"""Figures such as ``P(pool.depleted)``: how they are written, and the columns that they are taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from fundsim.arguments import refused
from fundsim.errors import UsageError
from fundsim.results.plan import Plan, sum_keys
from fundsim.results.selection import Horizon, not_named, split_name
from fundsim.scheme import Metric

__all__ = [
    "FISCAL_COST",
    "FULL_WIDTH",
    "MEASURED",
    "FigureKind",
    "Measure",
    "default_measures",
    "measure_of",
    "read_measure",
    "read_measures",
    "unreadable",
]

FigureKind = Literal["probability", "mean", "quantile", "shortfall", "ratio", "unexpected"]

MEASURED = (
    r"\s*(?:(?P<figure>[A-Za-z]+)(?P<level>[0-9]+(?:\.[0-9]+)?)?\s*\(\s*(?P<of>[^\s()<>=≤≥]+)\s*\)"
    r"|(?P<bare>[^\s()<>=≤≥]+))\s*"
)
"""How a figure is written, as a regular expression."""
_WRITTEN = re.compile(MEASURED)
FULL_WIDTH = str.maketrans(
    {"（": "(", "）": ")", "＜": "<", "＞": ">", "＝": "=", "≦": "≤", "≧": "≥", "＠": "@"}
)
"""Signs that a Chinese keyboard writes."""
_FIGURES: dict[str, FigureKind] = {"p": "probability", "mean": "mean", "q": "quantile", "es": "shortfall"}
FISCAL_COST = "scheme.fiscal_cost"
PROPORTIONS = frozenset({
    "called_share", "claims_coverage", "claims_coverage_aggregate", "coverage", "default_rate",
    "default_rate_amount", "depleted_by_month", "paid_share", "raised_share", "refused_amount_share",
    "refused_share", "refused_share_aggregate", "social_share",
})  # fmt: skip
"""Metrics in shares that are parts of a whole, by their own names.  Others may exceed 1 or be negative: an
internal rate of return, a loss ratio, capacity used."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a metric over all paths."""

    figure: FigureKind
    level: str
    """Level of a quantile or shortfall as a decimal fraction; empty else."""
    name: str
    """Name of the metric, with the policy year if it is one year's."""
    horizon: Horizon
    unit: str
    """Unit of the figure."""
    columns: tuple[str, ...]
    """Columns of one value a path that it is taken from: two of a ratio of sums."""
    proportion: bool = False
    """Whether the figure is a part of a whole, 0 … 1."""

    @property
    def measured(self) -> str:
        """The figure as it is written, with its horizon where that is not the end of the run-off."""
        name = self.name if self.horizon == "run_off" else f"{self.name}@{self.horizon}"
        percent = f"{Decimal(self.level) * 100:f}".rstrip("0").rstrip(".") if self.level else ""
        words = {"probability": "P", "mean": "mean", "quantile": f"q{percent}", "shortfall": f"es{percent}"}
        return f"{words[self.figure]}({name})" if self.figure in words else name


def read_measure(text: str, plan: Plan, *, called: str = "metric") -> Measure:
    """Read a figure.

    Args:
        text: ``P(event)``, ``mean(m)``, ``q99(m)``, ``es99(m)`` or a metric's name, each with ``@window`` if
            the window's end is meant.  A name alone means the figure that the metric is: an event's
            probability, a metric's mean, a ratio of sums, a named figure of a law.
        plan: all that the scenario reports.
        called: what messages call the argument.

    Raises:
        UsageError: it can't be read, or names no metric, or a figure that the metric does not have.
    """
    found = _WRITTEN.fullmatch(text.translate(FULL_WIDTH))
    if found is None:
        raise unreadable(text, "that is no figure", "这不是指标", called)
    return measure_of(found, plan, text, called)


def read_measures(texts: Iterable[str], plan: Plan) -> tuple[Measure, ...]:
    """Read several figures, each kept once; see ``read_measure``."""
    return tuple(dict.fromkeys(read_measure(text, plan) for text in texts))


def default_measures(plan: Plan) -> tuple[Measure, ...]:
    """Return the figures that are looked at where none is named: what may go wrong, and what all costs.

    These are the probabilities of the headline events, and the mean fiscal cost of the scheme.

    Args:
        plan: all that the scenario reports.
    """
    own = [m for m in plan.scheme.metrics if isinstance(m, Metric)]
    wanted = [m for m in own if m.headline and m.event] + [m for m in own if m.name == FISCAL_COST]
    return read_measures((m.name for m in wanted), plan)


def measure_of(found: re.Match[str], plan: Plan, text: str, called: str) -> Measure:
    """Return the figure that a match of ``MEASURED`` names.

    Args:
        found: the match.
        plan: all that the scenario reports.
        text: the whole text, for messages.
        called: what messages call the argument.

    Raises:
        UsageError: it names no metric, or a figure that the metric does not have.
    """
    word, level = (found["figure"] or "").lower(), found["level"] or ""
    if found["figure"] and (word not in _FIGURES or bool(level) != (word in ("q", "es"))):
        raise unreadable(text, f"there is no figure {found['figure']}{level}",
                         f"没有 {found['figure']}{level} 这一统计量", called)  # fmt: skip
    figure = _FIGURES[word] if word else None
    share = _level(text, level, called) if level else ""
    name, horizon = split_name(found["of"] or found["bare"])
    return replace(_measured(plan, name, horizon, figure, (text, called)), level=share)


def unreadable(text: str, problem: str, problem_zh: str, called: str) -> UsageError:
    """Return the error of a text that names no figure, with how figures are written."""
    examples = ["P(pool.depleted)", "mean(pool.claims_paid)", "q99(pool.claims_due)"]
    if called == "target":
        examples = [
            f"{one} <= {bound}" for one, bound in zip(examples, ("0.05", "0.4亿", "1亿"), strict=True)
        ]
    return refused(called, text, (
        problem, f"write such as {', '.join(examples)} or es99(…)",
        problem_zh, f"请写如 {'、'.join(examples)} 或 es99(…)",
    ))  # fmt: skip


def _level(text: str, percent: str, called: str) -> str:
    level = Decimal(percent) / 100
    if not 0 < level < 1:
        raise unreadable(text, "a level lies between 0 and 100 per cent", "水平须在 0 与 100% 之间", called)
    return f"{level:f}"


def _measured(
    plan: Plan, name: str, horizon: Horizon, figure: FigureKind | None, said: tuple[str, str]
) -> Measure:
    """Return what is measured on which columns; ``said`` is the text, and what messages call it."""
    columns = {(c.name, c.horizon): c for c in plan.columns_needed}
    years = [c for c in plan.columns_needed if c.name == name and c.year is not None]
    column = years[0] if years else columns.get((name, horizon))
    if column is not None:
        event = column.metric.event
        own: FigureKind = "probability" if event else "mean"
        if figure is not None and (figure == "probability") != event:
            raise _misfit(said, name, event)
        unit = "share" if event else column.metric.unit
        part = event or _is_proportion(unit, column.metric.own_name)
        return Measure(figure or own, "", name, column.horizon, unit, (column.key,), part)
    for aggregate, at in plan.aggregates:
        if (aggregate.name, at) == (name, horizon):
            _only_bare(figure, name, said)
            part = _is_proportion(aggregate.unit, aggregate.own_name)
            return Measure("ratio", "", name, horizon, aggregate.unit, sum_keys(name, horizon), part)
    for law, of in plan.law_figures:
        if (law.name, of.horizon) == (name, horizon):
            _only_bare(figure, name, said)
            own = "mean" if law.figure == "expected" else "unexpected"
            return Measure(own, "", name, horizon, law.unit, (of.key,))
    raise _no_such(plan, name, horizon)


def _is_proportion(unit: str, own_name: str) -> bool:
    return unit == "share" and own_name in PROPORTIONS


def _misfit(said: tuple[str, str], name: str, event: bool) -> UsageError:
    text, called = said
    if event:
        return refused(called, text, (
            f"{name} is an event, which has a probability only", f"write P({name})",
            f"{name} 是事件，只有概率", f"请写 P({name})",
        ))  # fmt: skip
    return refused(called, text, (
        f"{name} is no event, so it has no probability", f"write mean({name}), q99({name}) or es99({name})",
        f"{name} 不是事件，没有概率", f"请写 mean({name})、q99({name}) 或 es99({name})",
    ))  # fmt: skip


def _only_bare(figure: FigureKind | None, name: str, said: tuple[str, str]) -> None:
    if figure is not None:
        text, called = said
        raise refused(called, text, (
            f"{name} is one figure of all paths, not a value of each", f"write {name} alone",
            f"{name} 是全部路径的一个数，并非逐路径的数", f"请只写 {name}",
        ))  # fmt: skip


def _no_such(plan: Plan, name: str, horizon: Horizon) -> UsageError:
    names = [c.name for c in plan.columns_needed]
    names += [a.name for a, _ in plan.aggregates] + [law.name for law, _ in plan.law_figures]
    if name in names:
        other = "window" if horizon == "run_off" else "run_off"
        return UsageError(
            f"{name} has no figure at the end of the {horizon.replace('_', '-')}; write {name}@{other}",
            f"{name} 没有该时点的数值；请写 {name}@{other}",
        )
    return not_named([name], list(dict.fromkeys(names)))
