"""How figures of variants are written: a value with its error, and a difference with its own."""

from __future__ import annotations

import math
from collections.abc import Iterable

from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, money_scale, scale_of

__all__ = ["difference_text", "error_of", "measure_scale", "measured_text", "points_of"]


def measure_scale(measure: Measure, values: Iterable[float], lang: Language) -> Scale:
    """Return the one scale for values of a figure."""
    if measure.unit == "yuan":
        return money_scale(values, lang)
    return scale_of(measure.unit, 0.0, lang)


def points_of(scale: Scale, lang: Language) -> Scale:
    """Return the scale of differences: those of shares are in percentage points."""
    return Scale(scale.divisor, word("points", lang), scale.finest) if scale.unit == "%" else scale


def error_of(measured: Measured) -> float:
    """Return about one standard error of a figure: a quarter of its interval where it has two ends."""
    low, high = measured.ci95
    return (high - low) / 4.0 if math.isfinite(high - low) else math.nan


def measured_text(measure: Measure, measured: Measured, scale: Scale, lang: Language) -> str:
    """Return a figure with its error, without its unit: ``41.24 ± 0.11``, ``0.056 (0.042 – 0.073)``.

    Probabilities and quantiles have a 95 % interval, other figures one standard error.

    Args:
        measure: what the figure is.
        measured: the figure.
        scale: how figures of its kind are written.
        lang: language of words.
    """
    if math.isnan(measured.value):
        return "–"
    value, unknown = scale.number(measured.value, error_of(measured)), word("error unknown", lang)
    if measure.figure in ("probability", "quantile"):
        return f"{value} ({_interval(measured, scale, lang) or unknown})"
    if math.isnan(measured.se):
        return f"{value} ({unknown})"
    return f"{scale.number(measured.value, measured.se)} ± {scale.error(measured.value, measured.se)}"


def _interval(measured: Measured, scale: Scale, lang: Language) -> str:
    """Return the 95 % interval of a figure; empty where it has no end."""
    low, high = measured.ci95
    if math.isinf(low) and math.isinf(high):
        return ""
    if math.isinf(high):
        return word("{low} or more", lang).format(low=scale.number(low))
    if math.isinf(low):
        return word("{high} or less", lang).format(high=scale.number(high))
    error = error_of(measured)
    return f"{scale.number(low, error)} – {scale.number(high, error)}"


def difference_text(difference: Difference, scale: Scale, lang: Language) -> str:
    """Return a difference with its sign and its standard error, without its unit: ``+0.020 ± 0.004``.

    Where no path shows a difference, but another seed might, the 95 % interval stands for the error.
    """
    value, (low, high) = difference.value, difference.ci95
    if math.isnan(value):
        return "–"
    error = difference.se or (high - low) / 4.0
    text = scale.number(value, error)
    if value > 0.0 and any(sign in text for sign in "123456789"):
        text = f"+{text}"
    if math.isnan(difference.se):
        return f"{text} ({word('error unknown', lang)})"
    if difference.se == 0.0 and high > low:
        return f"{text} ({scale.number(low, error)} – {scale.number(high, error)})"
    return f"{text} ± {scale.error(value, error)}"
