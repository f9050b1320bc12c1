"""The pictures of a run by name: ``results.plot``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fundsim.errors import UsageError
from fundsim.report.canvas import Picture
from fundsim.report.figures import Caption, depletion_picture, distribution_picture, fan_picture
from fundsim.report.units import scale_of
from fundsim.report.words import Language, word
from fundsim.results.model import Results
from fundsim.results.selection import split_name

__all__ = ["Plots"]

DISTRIBUTIONS = (".default_rate", ".claims_coverage")
"""Endings of the metrics whose distribution every run draws, instrument by instrument."""
FANS = (".balance",)
"""Endings of the series that every run draws; the others are drawn when they are asked for."""
SCHEME = "scheme."
HORIZON_WORDS = {"window": "end of window", "run_off": "end of run-off"}
DEPLETED, DEPLETION_MONTH = ".depleted", ".depletion_month"


def _title(meaning: str) -> str:
    """Return the first clause of a meaning, as a title.

    >>> _title("claims paid ÷ claims due on the path; 1 if none fell due")
    'Claims paid ÷ claims due on the path'
    """
    clause = re.split(r"[;；]| \(|（", meaning)[0]
    return clause[:1].upper() + clause[1:]


def _file_name(name: str) -> str:
    """Keep letters, digits, dots and dashes, so that no name can leave the folder."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".")


class Plots:
    """Draws the pictures of one run.

    Every method returns a ``Picture``: it shows itself in a notebook, ``save`` writes a PNG, and
    ``figure`` is the matplotlib figure for whoever wants to go on.
    """

    def __init__(self, results: Results, lang: Language = "en") -> None:
        self._results = results
        self._lang = lang
        self._described = {m["name"]: m for m in results.manifest["metrics"]}

    def distribution(self, metric: str) -> Picture:
        """Draw the distribution of a metric over the paths; ``metric@window`` names the horizon.

        Raises:
            UsageError: The run has no such metric.
        """
        law = self._results.distribution(metric)
        return distribution_picture(self._results.values(metric), law, self._caption(*split_name(metric)))

    def depletion(self, metric: str) -> Picture:
        """Draw the probability of depletion by month, from ``zhubaodai.depleted`` or its month.

        Raises:
            UsageError: The run has no such metric.
        """
        name, horizon = split_name(metric)
        party = name.removesuffix(DEPLETION_MONTH).removesuffix(DEPLETED)
        months = self._results.values(f"{party}{DEPLETION_MONTH}@{horizon}")
        title = word("Probability of depletion", self._lang)
        caption = self._caption(f"{party}{DEPLETED}", None, title)
        return depletion_picture(months, self._results.manifest["window"], caption)

    def fan(self, metric: str) -> Picture:
        """Draw a metric month by month: mean, median and bands over the paths.

        Raises:
            UsageError: The run has no such series.
        """
        fan = self._results.fan(metric)
        n_sample = self._results.manifest["series"]["quantile_paths"]
        caption = self._caption(metric, None)
        error = self._error_of_mean(metric)
        return fan_picture(fan, self._results.manifest["window"], caption, error, n_sample)

    def write_all(self, folder: Path) -> list[Path]:
        """Write the pictures that every run has into a folder and return their paths."""
        return [draw(self).save(folder / f"{_file_name(name)}.png") for name, draw in self._standard()]

    def _standard(self) -> Iterator[tuple[str, Callable[[Plots], Picture]]]:
        names = {key.partition("@")[0] for key in self._results.column_keys if key.endswith("@run_off")}
        for name in self._described:
            if name in names and name.endswith(DISTRIBUTIONS) and not name.startswith(SCHEME):
                yield f"{name}.distribution", lambda plots, metric=name: plots.distribution(metric)  # type: ignore[misc]
            month = name.removesuffix(DEPLETED) + DEPLETION_MONTH
            if name.endswith(DEPLETED) and month in names:
                yield f"{name}.curve", lambda plots, metric=name: plots.depletion(metric)  # type: ignore[misc]
        for name in self._results.fans:
            if not name.endswith(FANS):
                continue
            yield f"{name}.fan", lambda plots, metric=name: plots.fan(metric)  # type: ignore[misc]

    def _caption(self, name: str, horizon: str | None, title: str | None = None) -> Caption:
        described = self._describe(name)
        meaning = described["meaning" if self._lang == "en" else "meaning_zh"].rstrip(".。")
        when = f" · {word(HORIZON_WORDS[horizon], self._lang)}" if horizon else ""
        return Caption(
            title=title or _title(meaning),
            metric=f"{name}{when}",
            quantity=meaning
            if self._lang == "zh"
            else described["name"].rpartition(".")[2].replace("_", " "),
            unit=described["unit"],
            run=self._source(),
            lang=self._lang,
        )

    def _describe(self, name: str) -> dict[str, Any]:
        # A policy year's figure is described by the metric itself.
        found = self._described.get(name) or self._described.get(name.rpartition(".")[0])
        if found is None:
            raise UsageError(f"this run has no {name}", f"本次运行没有 {name}")
        described: dict[str, Any] = found
        return described

    def _source(self) -> str:
        manifest = self._results.manifest
        return word(
            "fundsim {version} · {scenario} · {paths:,} paths, seed {seed} · {engine} engine", self._lang
        ).format(
            version=manifest["versions"]["fundsim"],
            scenario=manifest["scenario"]["name"],
            paths=manifest["paths"],
            seed=manifest["seed"],
            engine=manifest["engine"],
        )

    def _error_of_mean(self, metric: str) -> str:
        law = self._results.figures.metrics.get((metric, "window"))
        if law is None or not law.n:
            return ""
        scale = scale_of(self._describe(metric)["unit"], law.mean.value, self._lang)
        return word("mean at the window's end {mean} ± {se} {unit}", self._lang).format(
            mean=scale.number(law.mean.value, law.mean.se),
            se=scale.error(law.mean.value, law.mean.se),
            unit=scale.unit,
        )
