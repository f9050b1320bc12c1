"""Looks a figure up by the name that a user writes; says what was probably meant where there is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping

from fundsim.errors import UsageError
from fundsim.results.selection import Horizon, split_name

__all__ = ["Figures", "placed", "unknown", "without_year", "years_of"]

Figures = Mapping[str, Collection[tuple[str, Horizon | None]]]
"""Method of the results → the figures that it returns: metric and horizon, None where it takes no horizon."""
_OF_A_METHOD = {
    "distribution": ("distribution of {}", " {} 的分布"),
    "probability": ("probability of {}", " {} 的概率"),
    "aggregate": ("ratio of sums {}", " {} 的汇总比率"),
    "values": ("values by path of {}", " {} 的逐路径数值"),
    "fan": ("monthly values of {}", " {} 的逐月数值"),
    "cost": ("amounts by year of {}", " {} 的分年度金额"),
}
"""What each method returns of a metric, in English and Chinese."""
_OF_A_YEAR = re.compile(r"(.+)\.\d+")


def placed(name: str, known: Collection[tuple[str, Horizon | None]]) -> tuple[str, Horizon]:
    """Return the metric and the horizon that a name means.

    Without a horizon the end of the run-off is meant; a policy year's figure has one horizon only, and
    that one is meant.

    >>> placed("pool.lent.2024", [("pool.lent.2024", "window")])
    ('pool.lent.2024', 'window')
    >>> placed("pool.lent", [("pool.lent", "window")])
    ('pool.lent', 'run_off')
    """
    metric, horizon = split_name(name)
    if not name.partition("@")[2] and _OF_A_YEAR.fullmatch(metric) and (metric, "window") in known:
        return metric, "window"
    return metric, horizon


def without_year(metric: str) -> str:
    """Return the name of a metric without the policy year at its end, if there is one.

    >>> without_year("pool.lent.2024"), without_year("pool.lent")
    ('pool.lent', 'pool.lent')
    """
    found = _OF_A_YEAR.fullmatch(metric)
    return found[1] if found else metric


def years_of(metric: str, known: Iterable[tuple[str, Horizon]]) -> list[int]:
    """Return the calendar years in which the policy years start that a metric was kept for.

    >>> years_of("pool.lent", [("pool.lent", "window"), ("pool.lent.2016", "window")])
    [2016]
    """
    pattern = re.compile(re.escape(metric) + r"\.(\d{4})$")
    found = (pattern.match(name) for name, _ in known)
    return sorted({int(match[1]) for match in found if match})


def unknown(name: str, method: str, figures: Figures, others: Collection[str] = ()) -> UsageError:
    """Return the error of a name that a method of the results does not know.

    What is proposed is another name of the same method, or the method that knows this one.

    Args:
        name: as it was asked for.
        method: a key of ``figures``.
        figures: what each method knows.
        others: further metrics that the run has.
    """
    metric = name.partition("@")[0]
    has = metric in others or any(metric == known for theirs in figures.values() for known, _ in theirs)
    what, what_zh = _OF_A_METHOD[method] if has else ("metric called {}", "名为 {} 的指标")
    said = f"this run has no {what.format(name)}", f"本次运行没有{what_zh.format(name)}"
    meant = _meant(name, method, figures)
    if meant is None:
        return UsageError(*said)
    return UsageError(f"{said[0]}; did you mean {meant}?", f"{said[1]}；是否想写 {meant}？")


def _meant(name: str, method: str, figures: Figures) -> str | None:
    metric = name.partition("@")[0]
    own = figures[method]
    for known, horizon in own:
        if known == metric:
            plain = horizon is None or _OF_A_YEAR.fullmatch(metric) is not None
            return metric if plain else f"{metric}@{horizon}"
    for other, theirs in figures.items():
        if any(known == metric for known, _ in theirs):
            return f'{other}("{name}")' if other != "fan" else f'fan("{metric}")'
    in_small = {known.lower(): known for known, _ in sorted(own, key=lambda key: key[0])}
    near = difflib.get_close_matches(metric.lower(), in_small, n=1)
    return in_small[near[0]] if near else None
