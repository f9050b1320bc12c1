"""What a picture of a run says of a figure in doubt."""

from __future__ import annotations

from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, scale_of, with_unit
from fundsim.results.in_doubt import FigureInDoubt, InDoubt
from fundsim.results.run_data import RunData

__all__ = ["doubt_line", "figure_of", "range_of"]


def figure_of(known: InDoubt, name: str, horizon: str | None) -> FigureInDoubt | None:
    """Return what a doubt says of a figure; at the end of the run-off where no horizon is named."""
    return known.figures.get((name, "window" if horizon == "window" else "run_off"))


def doubt_line(run: RunData, one: FigureInDoubt, unit: str, lang: Language) -> str:
    """Return what a picture says of a figure in doubt."""
    if run.in_doubt is None:
        return ""
    scale = scale_of(unit, max(abs(one.predictive), abs(one.high)), lang)
    value, error = one.predictive, one.predictive_se
    predictive = f"{scale.number(value, error)} ± {scale.error(value, error)}"
    return word("with assumptions in doubt: {predictive}, 5 – 95 % {range} ({draws:,} draws)", lang).format(
        predictive=with_unit(predictive, scale.unit, lang),
        range=with_unit(range_of(one, scale), scale.unit, lang),
        draws=run.in_doubt.draws,
    )


def range_of(one: FigureInDoubt, scale: Scale) -> str:
    """Return the 5 – 95 % range of a figure over the draws, without its unit."""
    return " – ".join(scale.number(end, one.predictive_se) for end in (one.low, one.high))
