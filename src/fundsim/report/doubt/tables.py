"""The tables of a doubt: figures over draws and paths, and what drives each of them."""

from __future__ import annotations

import html as markup
import math
from collections.abc import Iterator, Sequence

from fundsim.decide.doubt.doubting import DoubtData, Doubted
from fundsim.decide.doubt.first_order import FEWEST_DRAWS, Share
from fundsim.decide.doubt.plain import ranked
from fundsim.report.doubt.inputs import range_text
from fundsim.report.keys import close
from fundsim.report.measures import measure_scale, measured_text
from fundsim.report.sheets import Row, Sheet, html_of
from fundsim.report.table import Headline
from fundsim.report.texts import Language, word
from fundsim.report.units import Scale, with_unit

__all__ = ["answers", "doubted", "html", "predictive_text", "scale_of_figure"]

PER_CENT = Scale(0.01, "%")
ALL = (
    "{figure}: {plugged} with all assumptions at their values, {predictive} over all plausible values; nine "
    "draws in ten lie between {low} and {high}"
)
SOME = (
    "{figure}: {plugged} with all assumptions at their values, {predictive} over the plausible values that can "
    "be run ({left} of {draws:,} draws); nine tenths of these lie between {low} and {high}"
)
NEVER = "{figure}: {plugged} with all assumptions at their values; it happened on no path of any draw"
MOST_DRIVERS = 10
MOST_NAMED = 3
NOISY = 0.25
"""From this share on, the chance of paths in the spread between draws is reported."""


def doubted(data: DoubtData, lang: Language, *, plain: bool = False) -> Headline:
    """Return the tables of a doubt with the notes below them.

    Args:
        data: the doubt.
        lang: language of names, headings and units.
        plain: without lines and colours, for pipes.
    """
    sheets = tuple(sheet for sheet in _sheets(data, lang) if sheet.rows)
    return Headline(sheets, "\n".join(_notes(data, lang)), plain)


def html(data: DoubtData, lang: Language = "en") -> str:
    """Return answers, tables and notes as HTML; every text in them is escaped."""
    parts = [f"<p>{markup.escape(line)}</p>" for line in answers(data, lang)]
    parts += [html_of(sheet) for sheet in _sheets(data, lang) if sheet.rows]
    return "\n".join([*parts, *(f"<p>{markup.escape(note)}</p>" for note in _notes(data, lang))])


def answers(data: DoubtData, lang: Language) -> list[str]:
    """Return a sentence for each figure: plugged in, with doubt, and what drives it."""
    return [_answer(data, one, lang) for one in data.figures]


def _answer(data: DoubtData, one: Doubted, lang: Language) -> str:
    scale = scale_of_figure(one, lang)
    low, high = (_end(value, one, scale) for value in (one.low.value, one.high.value))
    never = one.measure.figure == "probability" and one.predictive == 0.0
    form = NEVER if never else SOME if data.refused else ALL
    text = word(form, lang).format(
        figure=one.measure.measured,
        left=len(data.kept),
        draws=data.inquiry.draws,
        plugged=with_unit(measured_text(one.measure, one.plugged_in, scale, lang), scale.unit, lang),
        predictive=with_unit(predictive_text(one, scale), scale.unit, lang),
        low=with_unit(low, scale.unit, lang),
        high=with_unit(high, scale.unit, lang),
    )
    return close(text + _driven_by(data, one, lang) + ("." if lang == "en" else "。"), lang)


def _driven_by(data: DoubtData, one: Doubted, lang: Language) -> str:
    if one.rank_shares is None:
        return ""
    known = [data.inquiry.assumptions[at] for at in _above_noise(data, one)[:MOST_NAMED]]
    names = [each.short for each in known]
    if not names:
        return word("; no assumption stands out from the noise of so few draws", lang)
    listed = names[0]
    if len(names) > 1:
        head = (", " if lang == "en" else "、").join(names[:-1])
        listed = word("{head} and {last}", lang).format(head=head, last=names[-1])
    form = "; {names} drive it most" if len(names) > 1 else "; {names} drives it most"
    return word(form, lang).format(names=listed)


def _above_noise(data: DoubtData, one: Doubted) -> list[int]:
    """Return the positions of the assumptions above the noise, the strongest first."""
    shares = () if one.rank_shares is None else one.rank_shares.shares
    return [at for at in ranked(one, len(data.inquiry.assumptions)) if shares and not shares[at].noise]


def scale_of_figure(one: Doubted, lang: Language) -> Scale:
    """Return the scale of all values of a figure."""
    return measure_scale(one.measure, (one.plugged_in.value, one.predictive, one.high.value), lang)


def predictive_text(one: Doubted, scale: Scale) -> str:
    """Return the figure over draws and paths with its error, without its unit."""
    if math.isnan(one.predictive):
        return "–"
    value, error = one.predictive, one.predictive_se
    return f"{scale.number(value, error)} ± {scale.error(value, error)}"


def _end(value: float, one: Doubted, scale: Scale) -> str:
    """Write an end of the range with the digits of the figure itself."""
    return scale.number(value, one.predictive_se)


def _sheets(data: DoubtData, lang: Language) -> list[Sheet]:
    heads = (
        "figure",
        "unit",
        "assumptions at their values",
        "assumptions in doubt",
        "5 – 95 % of the draws",
        "variance from assumptions",
    )
    rows = tuple(Row("", _figure_cells(one, lang)) for one in data.figures)
    figures = Sheet(tuple(word(text, lang) for text in heads), rows, with_unit=True)
    return [figures, *(_drivers(data, one, lang) for one in data.figures)]


def _figure_cells(one: Doubted, lang: Language) -> tuple[str, ...]:
    scale = scale_of_figure(one, lang)
    share = one.from_assumptions
    return (
        one.measure.measured,
        scale.unit,
        measured_text(one.measure, one.plugged_in, scale, lang),
        predictive_text(one, scale),
        f"{_end(one.low.value, one, scale)} – {_end(one.high.value, one, scale)}",
        "–" if math.isnan(share) else with_unit(PER_CENT.number(share, 5e-3), "%", lang),
    )


def _drivers(data: DoubtData, one: Doubted, lang: Language) -> Sheet:
    title = word("what drives {figure}", lang).format(figure=one.measure.measured)
    heads = (
        title,
        *(word(h, lang) for h in ("value (low – high)", "effect", "share of rank", "share of variance")),
    )
    rows = [Row("", cells) for cells in _driver_cells(data, one, lang)] if one.rank_shares else []
    return Sheet(heads, tuple(rows), with_unit=False)


def _driver_cells(data: DoubtData, one: Doubted, lang: Language) -> Iterator[tuple[str, ...]]:
    if one.rank_shares is None:
        return
    above = _above_noise(data, one)[:MOST_DRIVERS]
    for at in above:
        assumption, share = data.inquiry.assumptions[at], one.rank_shares.shares[at]
        yield (
            assumption.short,
            range_text(assumption, lang),
            word("raises it" if share.raises else "lowers it", lang),
            _share(share, lang),
            "–" if one.shares is None else _share(one.shares.shares[at], lang),
        )
    others = len(data.inquiry.assumptions) - len(above)
    if others:
        form = "{count} other assumptions: no more than chance ({level})"
        form = "1 other assumption: no more than chance ({level})" if others == 1 else form
        form = form if above else "{count} assumptions: none explains more than chance ({level})"
        level = with_unit(PER_CENT.number(one.rank_shares.noise_level, 5e-3), "%", lang)
        yield word(form, lang).format(count=others, level=level), "", "", "", ""


def _share(share: Share, lang: Language) -> str:
    low, high = (PER_CENT.number(end, 5e-3) for end in share.ci95)
    value = with_unit(PER_CENT.number(max(0.0, share.value), 5e-3), "%", lang)
    return f"{value} ({low} – {high}){'*' if share.noise else ''}"


def _notes(data: DoubtData, lang: Language) -> list[str]:
    inquiry = data.inquiry
    texts: list[str] = [
        word(
            "{draws:,} draws of {count} assumptions × {paths:,} paths, seed {seed}, every draw on the same "
            "paths",
            lang,
        ).format(draws=inquiry.draws, count=len(inquiry.assumptions), paths=inquiry.paths, seed=inquiry.seed),
        word(
            "assumptions at their values: simulation error only; assumptions in doubt: the figure over the "
            "paths of all draws, ± one standard error of draws and paths together",
            lang,
        ),
        word(
            "the value of an assumption is its median; one draw in twenty lies below low and one above high, "
            "which are judgements",
            lang,
        ),
        *_about_shares(data, lang),
        *_noisy(data.figures, inquiry.paths, lang),
        *_refused(data, lang),
    ]
    stop = "." if lang == "en" else "。"
    return [f"{text[0].upper()}{text[1:]}{stop}" for text in texts]


def _about_shares(data: DoubtData, lang: Language) -> Iterator[str]:
    if len(data.kept) < FEWEST_DRAWS:
        text = "with fewer than {fewest} draws that can be run ({left}) nothing is said of single assumptions"
        yield word(text, lang).format(fewest=FEWEST_DRAWS, left=len(data.kept))
        return
    yield word(
        "explains of the order, of the variance: what an assumption explains by itself of the figure's rank "
        "among the draws, and of its variance, with a 95 % bootstrap interval; * no more than chance gives",
        lang,
    )
    if data.inquiry.joined:
        yield word("shares overlap, because assumptions go together", lang)
    for one in data.figures:
        if one.rank_shares is None:
            yield word("{figure} is the same in all draws", lang).format(figure=one.measure.measured)


def _noisy(figures: Sequence[Doubted], paths: int, lang: Language) -> Iterator[str]:
    for one in figures:
        if one.noise > NOISY:
            yield word(
                "{share} of the spread of {figure} between draws is the chance of {paths:,} paths: more "
                "--paths narrow its range",
                lang,
            ).format(
                share=with_unit(PER_CENT.number(one.noise, 5e-3), "%", lang),
                figure=one.measure.measured,
                paths=paths,
            )


def _refused(data: DoubtData, lang: Language) -> Iterator[str]:
    if data.refused:
        first = min(data.refused)
        yield word(
            "{count} of {draws:,} draws can't be run and are left out, such as draw {draw}: {fault}", lang
        ).format(
            count=len(data.refused),
            draws=data.inquiry.draws,
            draw=first,
            fault=data.refused[first].faults[0].text(lang),
        )
