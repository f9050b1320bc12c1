"""What a doubt says of a run's figures: a table beside the headline, and a note on what errors cover."""

from __future__ import annotations

from fundsim.report.in_doubt import range_of
from fundsim.report.sheets import Row, Sheet, group_of, label_of
from fundsim.report.texts import Language, word
from fundsim.report.units import scale_of
from fundsim.results.headlines import headlines
from fundsim.results.in_doubt import InDoubt
from fundsim.results.run_data import RunData

__all__ = ["doubt_note", "doubt_sheet"]


def doubt_sheet(run: RunData, lang: Language) -> Sheet:
    """Return a line for each headline figure that the doubt is about; none where there was no doubt."""
    heads = ("assumptions in doubt too", "unit", "mean or probability", "±", "5 – 95 %")
    rows = tuple(_rows(run, run.in_doubt, lang)) if run.in_doubt is not None else ()
    return Sheet(tuple(text if text == "±" else word(text, lang) for text in heads), rows, with_unit=True)


def _rows(run: RunData, known: InDoubt, lang: Language) -> list[Row]:
    resolved = run.manifest["scenario"]["resolved"]
    rows = []
    for metric in headlines(run):
        for (name, horizon), one in known.figures.items():
            if name != metric["name"]:
                continue
            scale = scale_of(metric["unit"], max(abs(one.predictive), abs(one.high)), lang)
            cells = (
                label_of(metric, name, horizon, resolved, lang),
                scale.unit,
                scale.number(one.predictive, one.predictive_se),
                scale.error(one.predictive, one.predictive_se),
                range_of(one, scale),
            )
            rows.append(Row(group_of(metric, resolved, lang), cells))
    return rows


def doubt_note(run: RunData, lang: Language) -> str:
    """Return what a run's errors cover, and where doubt about the inputs is shown."""
    if run.in_doubt is None:
        text = word(
            "intervals and ± cover simulation error only; fundsim doubt adds doubt about the inputs", lang
        )
    else:
        text = word(
            "assumptions in doubt: {draws:,} draws × {paths:,} paths (fundsim doubt); 5 – 95 % is over the "
            "draws; all other intervals and ± cover simulation error only",
            lang,
        ).format(draws=run.in_doubt.draws, paths=run.in_doubt.paths)
    return f"{text[0].upper()}{text[1:]}{'.' if lang == 'en' else '。'}"
