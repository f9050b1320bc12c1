"""The headline of a run as a data frame, with columns named in a language."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fundsim.report.sheets import group_of
from fundsim.report.table import LEVELS, label_of_figure, table_money
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, scale_of
from fundsim.results.headlines import table_figures
from fundsim.results.run_data import RunData

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["brief_table"]

_NONE = (math.nan,) * len(LEVELS)


def brief_table(run: RunData, lang: Language) -> pd.DataFrame:
    """Return the figures and probabilities of a run's table, in its units and in its order."""
    import pandas as pd  # noqa: PLC0415  (half a second that a plain run doesn't pay)

    heads = [word(text, lang) for text in ("instrument", "metric", "unit", "mean or probability")]
    ends = [word(text, lang) for text in ("95 % from", "95 % to")]
    quantiles = [f"p{float(level) * 100:g}" for level in LEVELS]
    return pd.DataFrame(list(_rows(run, lang)), columns=[*heads, "±", *quantiles, *ends])


def _rows(run: RunData, lang: Language) -> Iterator[tuple[Any, ...]]:
    money, resolved = table_money(run, lang), run.manifest["scenario"]["resolved"]
    for metric, name, horizon in table_figures(run):
        scale = money if metric["unit"] == "yuan" else scale_of(metric["unit"], 0.0, lang)
        label = label_of_figure(metric, name, horizon, resolved, lang)
        start = (group_of(metric, resolved, lang) or metric["instrument"], label, scale.unit)
        for numbers in _numbers(run, (name, horizon), scale):
            yield (*start, *numbers)


def _numbers(run: RunData, key: Any, scale: Scale) -> Iterator[tuple[float, ...]]:
    """Yield the numbers of a figure's row in the unit of the table; NaN for what it has none of."""
    law, ratio = run.figures.metrics.get(key), run.figures.aggregates.get(key)
    event = run.figures.probabilities.get(key)
    one = law.mean if law is not None else ratio
    if event is not None:
        found = (event.p, math.nan, *_NONE, *event.ci95)
    elif one is not None:
        quantiles = _NONE if law is None else tuple(law.quantiles[level].value for level in LEVELS)
        found = (one.value, one.se, *quantiles, math.nan, math.nan)
    else:
        return
    yield tuple(number / scale.divisor for number in found)
