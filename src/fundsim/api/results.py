"""What a run answers: ``fundsim.Results``, with its tables, pictures and folder."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from fundsim import arguments
from fundsim.api.saving import Draw, Saved
from fundsim.results.folder import Target
from fundsim.results.in_doubt import InDoubt
from fundsim.results.run_data import RunData
from fundsim.results.series import SERIES_LEVELS
from fundsim.results.statistics import Distribution

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.decide.precision import Reached
    from fundsim.report.plots import Plots

__all__ = ["Results", "open"]

DEPENDENCE = (
    "first", "first_bad", "second", "second_bad", "n", "correlation", "correlation_se",
    "joint", "joint_se", "joint_low", "joint_high", "independent",
)  # fmt: skip
TARGETS = (
    "name", "heading", "metric", "horizon", "unit", "at_least", "at_most", "expected", "expected_se",
    "p", "low", "high", "missing",
)  # fmt: skip

SOURCES_AND_USES = ("year", "side", "kind", "name", "planned", "paid", "paid_se")


class Results(Saved, RunData):
    """What a run answers: figures, tables, pictures, a folder.

    Metrics are named ``metric`` (the end of the run-off), ``metric@window`` or ``metric@run_off``;
    a policy year's figure is ``metric.2016``, at its only horizon.  Money is in yuan,
    rates are fractions.

    ``save`` writes the result folder with its pictures; a run of one path has none.  ``paths.parquet`` keeps
    the metrics that ``simulate`` was asked for by name, else the headline figures and what pictures are drawn
    from; of a run read from a folder, all that the folder had.
    """

    reached: Reached | None
    """How exact the headline figures are, of a run that was asked for a precision; None of any other."""

    def __init__(self, data: RunData, reached: Reached | None = None) -> None:
        self.reached = reached
        super().__init__(
            manifest=data.manifest,
            summary=data.figures,
            columns=data.columns,
            column_keys=data.column_keys,
            fans=data.fans,
            tape_folders=data.tape_folders,
            in_doubt=data.in_doubt,
        )

    def with_doubt(self, known: InDoubt) -> Results:
        """Return the results with what a doubt of the same scenario says of them, for tables and pictures.

        Args:
            known: ``fundsim.doubt(scenario).summary``; that it is of this scenario is the caller's care.
        """
        known = arguments.instance("known", known, InDoubt, "give doubt.summary", "请给出 doubt.summary")
        found = Results(self, self.reached)
        found.in_doubt = known
        return found

    def summary(self, *, brief: bool = False, lang: Literal["en", "zh"] = "en") -> pd.DataFrame:
        """Return every figure, one row a metric and horizon; or the headline, as the table of a run shows it.

        Columns: ``name``, ``horizon``, ``unit``, ``mean``, ``mean_se``, ``sd``, ``sd_se``, the
        quantiles ``q0.001`` … with their intervals ``q0.001_low``, ``q0.001_high``, the expected
        shortfalls ``es0.95`` … with ``es0.95_se``, ``n`` paths that have a value and the share
        ``missing`` that has none.  A ratio of sums over all paths, and a named figure of a law, has
        its value in ``mean`` and its error in ``mean_se`` only.

        Args:
            brief: only the headline figures, in the units of the table, the probabilities among them: columns
                for instrument, metric, unit, mean or probability, ±, p5, p50, p95, p99 and the ends of the
                95 % interval, all named in the language.
            lang: language of a brief summary, ``en`` or ``zh``.

        Raises:
            UsageError: an argument is of a wrong kind.
        """
        lang = cast(Literal["en", "zh"], arguments.choice("lang", lang, arguments.LANGUAGES))
        if arguments.flag("brief", brief):
            from fundsim.report.brief import brief_table  # noqa: PLC0415

            return brief_table(self, lang)
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

    def dependence(self) -> pd.DataFrame:
        """Return which figures are bad on the same paths, one row for every two of different instruments.

        Columns: ``first``, ``first_bad``, ``second``, ``second_bad`` (the names of two metrics, at the end of
        the run-off, and which end of each is bad), ``n`` paths, ``correlation`` with ``correlation_se``, and
        ``joint``, the probability that both are in their worst tenth, with ``joint_se``, ``joint_low``,
        ``joint_high``, beside ``independent``, what it would be if they were.  No row where the run has no
        two such figures.
        """
        import pandas as pd  # noqa: PLC0415

        from fundsim.results.dependence import INDEPENDENT  # noqa: PLC0415

        rows = [
            {
                "first": one.first,
                "first_bad": one.first_bad,
                "second": one.second,
                "second_bad": one.second_bad,
                "n": one.n,
                "correlation": one.correlation.value,
                "correlation_se": one.correlation.se,
                "joint": one.joint.p,
                "joint_se": one.joint_se,
                "joint_low": one.joint.ci95[0],
                "joint_high": one.joint.ci95[1],
                "independent": INDEPENDENT,
            }
            for one in self.figures.dependence
        ]
        return pd.DataFrame(rows, columns=DEPENDENCE)

    def targets(self) -> pd.DataFrame:
        """Return how probable it is that the scenario's targets are met, one row a target.

        Columns: ``name``, ``heading``, ``metric``, ``horizon``, ``unit``, ``at_least`` or ``at_most`` (the
        bound, not a number in the other), ``expected`` with ``expected_se``, and ``p`` with ``low``, ``high``
        and ``missing``, the share of paths without a value, which count as missed.  Where there are
        several, the last row, without a name, is that of all of them together.
        """
        import pandas as pd  # noqa: PLC0415

        rows = [
            {
                "name": one.name,
                "heading": one.heading,
                "metric": one.metric,
                "horizon": one.horizon,
                "unit": one.unit,
                "at_least": one.bound if one.at_least and one.name else float("nan"),
                "at_most": float("nan") if one.at_least else one.bound,
                "expected": one.expected.value,
                "expected_se": one.expected.se,
                "p": one.p.p,
                "low": one.p.ci95[0],
                "high": one.p.ci95[1],
                "missing": one.p.missing,
            }
            for one in self.figures.targets
        ]
        return pd.DataFrame(rows, columns=TARGETS)

    def sources_and_uses(self) -> pd.DataFrame:
        """Return where the budget's money comes from and goes to, one row an amount and budget year.

        Columns: ``year`` (the calendar year in which the budget year begins; missing in the last rows, of
        all years together), ``side`` (source, use), ``kind`` (level, line, unallocated, total, given_back),
        ``name`` of the level or line, ``planned`` and the mean of what was ``paid`` in the year with
        ``paid_se`` [yuan].  No row without a budget, or where the run did not keep ``budget.appropriated``
        and ``budget.spent`` by year.
        """
        import pandas as pd  # noqa: PLC0415

        from fundsim.results.sources_and_uses import sources_and_uses  # noqa: PLC0415

        rows = [
            (one.year, one.side, one.kind, one.name, one.planned, one.paid.value, one.paid.se)
            for one in sources_and_uses(self)
        ]
        return pd.DataFrame(rows, columns=SOURCES_AND_USES).astype({"year": "Int64"})

    @cached_property
    def paths(self) -> pd.DataFrame:
        """One row a path: ``path`` and a column ``metric@horizon`` for each metric.

        Right after ``simulate`` all metrics are there.  A folder keeps those that the run's ``metrics``
        chose, else the headline figures and what pictures are drawn from; asked for another one, the table
        of an opened folder raises a ``UsageError`` that says how to get it.
        """
        import pandas as pd  # noqa: PLC0415

        table: dict[str, Any] = {"path": np.arange(self.n_paths, dtype=np.int64)}
        table |= {key: self.columns.read(key) for key in self.column_keys}
        if not self.left_out:
            return pd.DataFrame(table)
        from fundsim.api.path_table import path_table  # noqa: PLC0415  (it is a DataFrame)

        return path_table(table, self.left_out)

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

    @property
    def plot(self) -> Plots:
        """Pictures: ``plot.fan(metric)``, ``distribution``, ``depletion``, ``cost`` and others.

        ``layers``, ``sizes``, ``mobilised`` and ``back`` draw several figures of an instrument.
        Each takes ``lang="zh"`` for Chinese.
        """
        from fundsim.report.plots import Plots  # noqa: PLC0415  (only those who draw pay for matplotlib)

        return Plots(self)

    def _pictures(self) -> Plots | None:
        # One path has no distribution.
        return self.plot if self.n_paths > 1 else None

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.report.labels import column_labels  # noqa: PLC0415  (only those who save pay)
        from fundsim.results import store  # noqa: PLC0415  (a program that only simulates needs no pyarrow)

        return store.save(self, target, draw=draw, labels=column_labels(self.manifest))

    def _repr_html_(self) -> str:
        from fundsim.report.table import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def open(folder: str | Path) -> Results:  # noqa: A001  (the public name is fundsim.open)
    """Open a result folder.

    Raises:
        UsageError: There is no such folder.
        ResultsError: The folder holds no finished run, or a file is missing, truncated or altered.
            The paths are checked when they are first asked for.
    """
    from fundsim.results import store  # noqa: PLC0415  (a program that only simulates needs no pyarrow)

    return Results(store.read(folder))


def _row(law: Distribution) -> dict[str, float]:
    row = {"mean": law.mean.value, "mean_se": law.mean.se, "sd": law.sd.value, "sd_se": law.sd.se}
    for level, quantile in law.quantiles.items():
        low, high = quantile.ci95
        row |= {f"q{level}": quantile.value, f"q{level}_low": low, f"q{level}_high": high}
    for level, es in law.es.items():
        row |= {f"es{level}": es.value, f"es{level}_se": es.se}
    return row | {"n": law.n, "missing": law.missing}
