"""The font of the pictures, shipped with the program: no picture depends on a system's fonts.

A subset of Noto Sans SC (SIL Open Font License 1.1, see ``fonts/OFL.txt``): Latin, Greek, mathematics,
Chinese punctuation and the characters of 通用规范汉字表.  ``tools/make_font.py`` makes it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

__all__ = ["FONT", "drawable", "set_in_type", "typeface", "width_of"]

FONT = Path(__file__).parent / "fonts" / "NotoSansSC-subset.ttf"
EM = 100.0
"""Size at which characters are measured [points]."""
ABSENT = "□"
"""Stands for a character that the font lacks; a name in a scenario may hold any."""


@lru_cache(maxsize=64)
def typeface(size: float) -> FontProperties:
    """Return the font at a size [points], by its path."""
    return FontProperties(fname=str(FONT), size=size)


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    return frozenset(FT2Font(str(FONT)).get_charmap()) | {ord("\n")}


def drawable(text: str) -> str:
    """Return a text with □ for every character that the font lacks.

    >>> drawable("太原 2015 " + chr(0x1F600))
    '太原 2015 □'
    """
    covered = _covered()
    return "".join(sign if ord(sign) in covered else ABSENT for sign in text)


@lru_cache(maxsize=1)
def _face() -> FT2Font:
    face = FT2Font(str(FONT))
    face.set_size(EM, 72.0)
    return face


@lru_cache(maxsize=4096)
def _advance(sign: str) -> float:
    """Return the width of a character as a part of the font's size."""
    return float(_face().load_char(ord(sign)).linearHoriAdvance) / 65536.0 / EM


def width_of(text: str, size: float) -> float:
    """Return the width of a line of text in the font at a size [points]."""
    return size * sum(_advance(sign) for sign in drawable(text))


def set_in_type(figure: Figure) -> None:
    """Give every text of a figure the font, and take it as it is written: ``$`` is no formula."""
    for axes in figure.axes:
        # The labels of the ticks come into being when they are asked for.
        axes.get_xticklabels()
        axes.get_yticklabels()
    for text in figure.findobj(Text):
        assert isinstance(text, Text)  # noqa: S101  (findobj's type is broader than its promise)
        text.set_fontproperties(typeface(float(text.get_fontsize())))
        text.set_parse_math(False)
        text.set_text(drawable(text.get_text()))
