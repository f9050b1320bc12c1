"""What a picture says in words: title, axes, figures with their errors, source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, with_unit

__all__ = ["Caption", "minus", "plain_number", "source_line"]


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture says about itself apart from its numbers."""

    title: str
    metric: str
    """Name of the metric with its horizon."""
    quantity: str
    """What the axis of values measures, without its unit."""
    unit: str
    """Unit of the metric, as the metric declares it."""
    run: str
    """Where the numbers come from: program, scenario, paths, seed."""
    lang: Language = "en"
    doubt: str = ""
    """What a doubt says of the figure, in a sentence; empty where there was none."""
    doubt_range: tuple[float, float] | None = None
    """The range of its mean over the draws, in base units."""

    def text(self, english: str, **values: object) -> str:
        """Return a text in the picture's language with its values put in."""
        return word(english, self.lang).format(**values)

    def sentence(self, parts: Iterable[str]) -> str:
        """Join parts into one sentence."""
        return f"{'; '.join(parts)}." if self.lang == "en" else f"{'；'.join(parts)}。"

    def axis(self, scale: Scale) -> str:
        """Return the label of the axis of values."""
        if self.lang == "zh":
            return f"{self.quantity}（{scale.unit}）" if scale.unit else self.quantity
        return f"{self.quantity} [{scale.unit}]"

    def level(self, level: str) -> str:
        """Return the name of a quantile: p95, 95% 分位.

        >>> Caption("", "", "", "", "").level("0.999")
        'p99.9'
        """
        return self.text("p{level}", level=f"{float(level) * 100:g}")

    def amount(self, scale: Scale, value: float, error: float = float("nan")) -> str:
        """Return a figure with its unit; a dash where there is none."""
        if not np.isfinite(value):
            return "–"
        return with_unit(minus(scale.number(value, error)), scale.unit, self.lang)

    def number(self, scale: Scale, value: float) -> str:
        """Return a figure without its unit, as on an axis."""
        return minus(scale.number(value))

    def error(self, scale: Scale, value: float, error: float) -> str:
        """Return an error with its unit and as many decimals as the figure that it belongs to."""
        return with_unit(minus(scale.error(value, error)), scale.unit, self.lang)


def source_line(manifest: Mapping[str, Any], lang: Language) -> str:
    """Return where a run's numbers come from: program, scenario, paths, seed, engine."""
    return word(
        "Source: fundsim {version}, scenario {scenario}, {paths:,} paths, seed {seed}, {engine}", lang
    ).format(
        version=manifest["versions"]["fundsim"],
        scenario=manifest["scenario"]["name"],
        paths=manifest["paths"],
        seed=manifest["seed"],
        engine=word(f"{manifest['engine']} engine", lang),
    )


def minus(text: str) -> str:
    """Write a minus sign for the hyphen that computers write.

    >>> minus("-3.5")
    '−3.5'
    """
    return text.replace("-", "−")


def plain_number(value: float, _position: Any = None) -> str:
    """Write a tick's number with thousands separated and no superfluous digit."""
    return minus(f"{round(value, 10) + 0.0:,.10g}")
