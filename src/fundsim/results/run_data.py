"""The data of a run: figures with their errors, paths, fan charts, each found by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from fundsim import arguments
from fundsim.errors import counted
from fundsim.results.columns import Columns
from fundsim.results.in_doubt import IN_DOUBT, InDoubt, to_plain
from fundsim.results.lookup import Figures, placed, unknown
from fundsim.results.selection import Horizon, split_name
from fundsim.results.series import Fan
from fundsim.results.statistics import Distribution, Estimate, Floats, Probability
from fundsim.results.stored import left_out
from fundsim.results.summary import Summary, to_json

__all__ = ["RunData"]

Figure = TypeVar("Figure")
_A_METRIC = ("the name of a metric", "指标名")


class RunData:
    """What a run has computed.

    Metrics are named ``metric`` (the end of the run-off), ``metric@window`` or ``metric@run_off``;
    a policy year's figure is ``metric.2016``, at its only horizon.  Money is in yuan,
    rates are fractions.
    """

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any],
        summary: Summary,
        columns: Columns,
        column_keys: Sequence[str],
        fans: Mapping[str, Fan],
        tape_folders: Sequence[Path] = (),
        in_doubt: InDoubt | None = None,
    ) -> None:
        self.manifest = manifest
        """What was run: scenario, seed, paths, engine, versions; ``clock`` holds what varies."""
        self.figures = summary
        self.columns = columns
        self.column_keys = tuple(column_keys)
        """Keys ``metric@horizon`` of the values by path, in order."""
        self.fans = fans
        self.tape_folders = tuple(tape_folders)
        """Folders of the scenario's loan tapes; a saved run says where they are, seen from its own."""
        self.in_doubt = in_doubt
        """What a doubt of the same scenario says of the figures; None where there was none."""

    @property
    def n_paths(self) -> int:
        """Number of simulated paths."""
        return self.columns.n_paths

    @property
    def left_out(self) -> frozenset[str]:
        """Keys of the values by path that the run had and the folder that was opened doesn't keep."""
        had = (*self.figures.metrics, *self.figures.probabilities)
        return frozenset(f"{metric}@{horizon}" for metric, horizon in had) - frozenset(self.column_keys)

    def distribution(self, name: str) -> Distribution:
        """Return the law of a metric: mean, sd, quantiles, expected shortfalls, each with its error.

        Raises:
            UsageError: The run has no such metric.
        """
        return self._found("distribution", self.figures.metrics, name)

    def probability(self, name: str) -> Probability:
        """Return the probability of an event such as ``zhubaodai.depleted``, with its interval.

        Raises:
            UsageError: The run has no such event.
        """
        return self._found("probability", self.figures.probabilities, name)

    def aggregate(self, name: str) -> Estimate:
        """Return a ratio of sums over all paths, or a named figure of a law, with its standard error.

        ``scheme.contingent_unexpected`` is such a figure: a 99 % quantile less the mean.

        Raises:
            UsageError: The run has no such ratio.
        """
        return self._found("aggregate", self.figures.aggregates, name)

    def values(self, name: str) -> Floats:
        """Return one value a path, shape (paths,); NaN where a path has none.

        Raises:
            UsageError: The run has no such metric, or the folder that was opened doesn't keep it by path.
            ResultsError: The folder that holds the paths is damaged.
        """
        name = arguments.text("name", name, *_A_METRIC)
        metric, horizon = placed(name, (*self.figures.metrics, *self.figures.probabilities))
        key = f"{metric}@{horizon}"
        if key not in self.column_keys:
            raise left_out(key) if key in self.left_out else unknown(name, "values", self._named)
        return self.columns.read(key)

    def fan(self, metric: str) -> Fan:
        """Return a metric month by month: the mean and the quantiles of a fan chart.

        Raises:
            UsageError: The run has no such series.
        """
        metric = arguments.text("metric", metric, *_A_METRIC)
        if metric not in self.fans:
            raise unknown(metric, "fan", self._named)
        return self.fans[metric]

    def _found(self, method: str, figures: Mapping[tuple[str, Horizon], Figure], name: str) -> Figure:
        key = placed(arguments.text("name", name, *_A_METRIC), figures)
        if key not in figures:
            raise unknown(name, method, self._named)
        return figures[key]

    @property
    def _named(self) -> Figures:
        """What each method returns, by metric and horizon."""
        columns: Collection[tuple[str, Horizon]] = [split_name(key) for key in self.column_keys]
        return {
            "distribution": self.figures.metrics,
            "probability": self.figures.probabilities,
            "aggregate": self.figures.aggregates,
            "values": columns,
            "fan": [(metric, None) for metric in self.fans],
        }

    def to_json(self) -> dict[str, Any]:
        """Return every figure as plain data: the content of ``summary.json``."""
        known = {} if self.in_doubt is None else {IN_DOUBT: to_plain(self.in_doubt)}
        return to_json(self.figures) | known

    def __repr__(self) -> str:
        scenario = self.manifest["scenario"]["name"]
        paths, seed = counted(self.n_paths, "path"), self.manifest["seed"]
        return f"<{type(self).__name__} of {scenario}: {paths}, seed {seed}>"
