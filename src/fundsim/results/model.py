"""The results of a run: figures with their errors, paths, fan charts, pictures, a folder."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from fundsim import arguments
from fundsim.results.columns import Columns
from fundsim.results.folder import PYTHON, Target, check_folder
from fundsim.results.lookup import Figures, placed, unknown
from fundsim.results.selection import Horizon, split_name
from fundsim.results.series import SERIES_LEVELS, Fan
from fundsim.results.statistics import Distribution, Estimate, Floats, Probability
from fundsim.results.summary import Summary, to_json

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results"]

Figure = TypeVar("Figure")
_A_METRIC = ("the name of a metric", "指标名")
PLOTS = ("png", "svg", "pdf", "none")


class Results:
    """What a run answers.

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

    @property
    def n_paths(self) -> int:
        """Number of simulated paths."""
        return self.columns.n_paths

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
            UsageError: The run has no such metric.
            ResultsError: The folder that holds the paths is damaged.
        """
        name = arguments.text("name", name, *_A_METRIC)
        metric, horizon = placed(name, self._named["values"])
        key = f"{metric}@{horizon}"
        if key not in self.column_keys:
            raise unknown(name, "values", self._named)
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

    def summary(self) -> pd.DataFrame:
        """Return every figure, one row a metric and horizon.

        Columns: ``name``, ``horizon``, ``unit``, ``mean``, ``mean_se``, ``sd``, ``sd_se``, the
        quantiles ``q0.001`` … with their intervals ``q0.001_low``, ``q0.001_high``, the expected
        shortfalls ``es0.95`` … with ``es0.95_se``, ``n`` paths that have a value and the share
        ``missing`` that has none.  A ratio of sums over all paths, and a named figure of a law, has
        its value in ``mean`` and its error in ``mean_se`` only.
        """
        import pandas as pd  # noqa: PLC0415  (half a second that a plain run doesn't pay)

        rows = [
            {"name": name, "horizon": horizon, "unit": self.figures.units[name], **_row(law)}
            for (name, horizon), law in self.figures.metrics.items()
        ]
        rows += [
            {
                "name": name,
                "horizon": horizon,
                "unit": self.figures.units[name],
                "mean": ratio.value,
                "mean_se": ratio.se,
            }
            for (name, horizon), ratio in self.figures.aggregates.items()
        ]
        return pd.DataFrame(rows)

    def probabilities(self) -> pd.DataFrame:
        """Return every probability with its 95 % interval: ``name, horizon, p, low, high, n, missing``."""
        import pandas as pd  # noqa: PLC0415

        rows = [
            (name, horizon, event.p, *event.ci95, event.n, event.missing)
            for (name, horizon), event in self.figures.probabilities.items()
        ]
        return pd.DataFrame(rows, columns=["name", "horizon", "p", "low", "high", "n", "missing"])

    @cached_property
    def paths(self) -> pd.DataFrame:
        """One row a path: ``path`` and a column ``metric@horizon`` for each metric."""
        import numpy as np  # noqa: PLC0415
        import pandas as pd  # noqa: PLC0415

        table = {key: self.columns.read(key) for key in self.column_keys}
        return pd.DataFrame({"path": np.arange(self.n_paths, dtype=np.int64), **table})

    @cached_property
    def series(self) -> pd.DataFrame:
        """Fan charts: ``metric, month, mean, q01, q05, q25, q50, q75, q95, q99``; month 0 is the first."""
        import pandas as pd  # noqa: PLC0415

        tables = [
            pd.DataFrame({"metric": name, "month": range(len(fan.mean)), "mean": fan.mean, **fan.quantiles})
            for name, fan in self.fans.items()
        ]
        columns = ["metric", "month", "mean", *SERIES_LEVELS]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)

    def to_json(self) -> dict[str, Any]:
        """Return every figure as plain data: the content of ``summary.json``."""
        return to_json(self.figures)

    @property
    def plot(self) -> Any:
        """Pictures: ``plot.fan(metric)``, ``distribution``, ``depletion``, ``cost``, ``layers``.

        Each takes ``lang="zh"`` for Chinese.
        """
        # The one look upwards: matplotlib lives in report/, and only those who ask for a picture pay for it.
        return importlib.import_module("fundsim.report.plots").Plots(self)

    def save(
        self,
        folder: str | Path,
        *,
        replace: bool = False,
        lang: Literal["en", "zh"] = "en",
        plots: Literal["png", "svg", "pdf", "none"] = "png",
    ) -> Path:
        """Write the result folder with its pictures, whole or not at all, and return its path.

        One path has no distribution: a run of one path has no pictures.

        Args:
            folder: Where to write.
            replace: Whether a folder that holds a finished run is replaced, in whole.
            lang: Language of the pictures.
            plots: Format of the pictures, or ``none``.

        Raises:
            UsageError: The folder holds a finished run and ``replace`` is False, or holds anything
                else, or can't be written; nothing is written then.  Or another command has put a run
                there meanwhile: this one is then kept beside it.
            OutputError: The disk is full.
        """
        target = check_folder(
            arguments.file_name("folder", folder),
            replace=arguments.flag("replace", replace),
            asked=PYTHON,
        )
        return self.save_at(target, lang=lang, plots=plots)

    def save_at(
        self,
        target: Target,
        *,
        lang: Literal["en", "zh"] = "en",
        plots: Literal["png", "svg", "pdf", "none"] = "png",
    ) -> Path:
        """Write to a place that was checked earlier, before the run; see ``save``.

        Only what stood there when it was checked may be replaced.
        """
        arguments.choice("lang", lang, arguments.LANGUAGES)
        arguments.choice("plots", plots, PLOTS)
        # Imported here because a program that only simulates needs no pyarrow.
        store = importlib.import_module("fundsim.results.store")

        def draw(pictures: Path) -> None:
            if self.n_paths > 1 and plots != "none":
                self.plot.write_all(pictures, lang=lang, form=plots)

        saved: Path = store.save(self, target, draw=draw)
        return saved

    def __repr__(self) -> str:
        scenario = self.manifest["scenario"]["name"]
        return f"<Results of {scenario}: {self.n_paths:,} paths, seed {self.manifest['seed']}>"

    def _repr_html_(self) -> str:
        html: str = importlib.import_module("fundsim.report.table").html(self)
        return html


def _row(law: Distribution) -> dict[str, float]:
    row = {"mean": law.mean.value, "mean_se": law.mean.se, "sd": law.sd.value, "sd_se": law.sd.se}
    for level, quantile in law.quantiles.items():
        low, high = quantile.ci95
        row |= {f"q{level}": quantile.value, f"q{level}_low": low, f"q{level}_high": high}
    for level, es in law.es.items():
        row |= {f"es{level}": es.value, f"es{level}_se": es.se}
    return row | {"n": law.n, "missing": law.missing}
