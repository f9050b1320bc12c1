"""What a tornado answers in words: what moves a figure most, up and down, and all together."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fundsim.decide.together import End
from fundsim.decide.tornado.swings import Effect, Swing, Together, TornadoData
from fundsim.report.measures import points_of
from fundsim.report.pages import said
from fundsim.report.texts import Language
from fundsim.report.tornado.values import change_text, figure_scale, figure_text, input_text, named
from fundsim.report.units import with_unit
from fundsim.report.words import decisions as texts

__all__ = ["answers"]


def answers(data: TornadoData, lang: Language) -> list[str]:
    """Return the sentences, each chosen by the figures.

    They are about the first figure; where no assumption moves it, about the next that is moved too.
    """
    moved = [at for at in range(len(data.measures)) if data.ranking(at).seen][:1]
    found = [text for at in dict.fromkeys((0, *moved)) for text in _of_figure(data, at, lang)]
    return [*found, *(text for one in reversed(data.together) for text in _together(data, one, lang))]


def _of_figure(data: TornadoData, at: int, lang: Language) -> list[str]:
    figure, scale = data.measures[at], figure_scale(data, at, lang)
    if math.isnan(data.base[at].value):
        return [said(texts.NO_PATH_AT_ALL, lang, figure=figure.measured)]
    value = figure_text(figure, data.base[at], scale, lang)
    found = said(texts.BASE, lang, figure=figure.measured, value=value)
    if not data.ranking(at).seen:
        return [found, said(texts.NO_MOVE, lang, figure=figure.measured)]
    return [found, *(_most(data, at, lang, raises=raises) for raises in (True, False))]


def _most(data: TornadoData, at: int, lang: Language, *, raises: bool) -> str:
    """Return the assumption that moves the figure most in one way, of those whose effect is seen."""
    sign = 1.0 if raises else -1.0
    moves: list[tuple[Swing, End, Effect]] = [
        (bar.swing, end, effect)
        for bar in data.ranking(at).seen
        for end, effect in bar.effects
        if effect.seen and sign * effect.difference.value > 0.0
    ]
    if not moves:
        return said(texts.RAISES_NEVER if raises else texts.LOWERS_NEVER, lang)
    swing, end, effect = max(moves, key=lambda move: move[2].size)
    return said(
        texts.RAISES_MOST if raises else texts.LOWERS_MOST,
        lang,
        name=named(swing, lang),
        input=input_text(swing, end, lang),
        change=_change(data, at, effect, lang),
    )


def _change(data: TornadoData, at: int, effect: Effect, lang: Language) -> str:
    scale = figure_scale(data, at, lang)
    return with_unit(change_text(effect, scale, lang), points_of(scale, lang).unit, lang)


def _together(data: TornadoData, one: Together, lang: Language) -> Iterator[str]:
    effect = one.outcomes[0]
    if not isinstance(effect, Effect) or math.isnan(effect.measured.value):
        return
    left = texts.NOT_ALL.en if lang == "en" else texts.NOT_ALL.zh
    more = (left.format(count=len(one.left_out)),) if one.left_out else ()
    yield said(
        texts.TOGETHER_UP if one.raises else texts.TOGETHER_DOWN,
        lang,
        *more,
        value=figure_text(data.measures[0], effect.measured, figure_scale(data, 0, lang), lang),
        change=_change(data, 0, effect, lang),
    )
