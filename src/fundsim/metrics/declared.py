"""The short way to declare a metric, and to show less of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast, get_args

from fundsim.scheme import About, Aggregate, Formula, LawFigure, Metric, Unit
from fundsim.scheme.metrics import BadEnd, Picture

__all__ = ["formula_text", "metric", "quiet"]


def metric(
    about: About, own_name: str, unit: Unit, meaning: str, meaning_zh: str, formula: Formula, shown: str = ""
) -> Metric:
    """Return a metric.

    Args:
        about: the instrument or the part that it is about.
        own_name: what it is called there.
        unit: its unit.
        meaning: one line of English.
        meaning_zh: the same in Chinese.
        formula: its value from records.
        shown: where it appears beside the two horizons: words of ``yearly series event headline``, and
            the name of its picture; ``differenced`` beside ``yearly`` says how its years come about.
            ``bad_when_high`` or ``bad_when_low`` puts it into the table of what is bad on the same paths.
    """
    words = set(shown.split())
    pictures = words & set(get_args(Picture))
    bad = [end for end in get_args(BadEnd) if f"bad_when_{end}" in words]
    return Metric(
        instrument=about.instrument,
        part=about.part,
        own_name=own_name,
        unit=unit,
        meaning=meaning,
        meaning_zh=meaning_zh,
        formula=formula,
        yearly="yearly" in words,
        differenced="differenced" in words,
        series="series" in words,
        event="event" in words,
        headline="headline" in words,
        picture=cast(Picture, pictures.pop()) if pictures else None,
        bad=cast(BadEnd, bad[0]) if bad else None,
    )


def quiet(metrics: Iterable[Metric | Aggregate]) -> tuple[Metric | Aggregate, ...]:
    """Return metrics that stand in no headline and have neither years, a series nor a picture."""
    return tuple(
        replace(m, headline=False)
        if isinstance(m, Aggregate)
        else replace(m, headline=False, yearly=False, series=False, picture=None, bad=None)
        for m in metrics
    )


def formula_text(one: Metric | Aggregate | LawFigure) -> str:
    """Return how a figure is worked out from the records of a path, or from those of all paths."""
    if isinstance(one, Metric):
        return str(one.formula)
    if isinstance(one, Aggregate):
        return f"Σ ({one.numerator}) ÷ Σ ({one.denominator})"
    mean = f"mean of {one.metric.name}"
    return mean if one.figure == "expected" else f"99 % quantile less {mean}"
