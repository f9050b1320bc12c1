"""Lines of text that fit a console's width, Chinese signs counted twice; names break at . and @ only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, east_asian_width

__all__ = ["cells", "fold", "least_width", "padded"]

_OPENING, _CLOSING = "（《“‘【([", "，。；：）、》”’％】！？)],."
_NAME = re.compile(r"(?<=[^\W\d]\.)(?=[^\W\d])|(?<=\w)(?=@)|(?<=[\w>]\.)(?=[<a-z])")
"""Where a name may be broken: after a point between its parts, and before the horizon."""


@lru_cache(maxsize=4096)
def _width(sign: str) -> int:
    if category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(sign) in "WF" else 1


def cells(text: str) -> int:
    """Return how many columns of a console a text takes.

    >>> cells("pool"), cells("资金池")
    (4, 6)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return a text filled up to a width with blanks."""
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks


def fold(text: str, width: int) -> list[str]:
    """Break a text into lines of at most a width.

    Lines end at blanks and between Chinese signs, but before no closing sign of punctuation.  A name that is
    longer than a line is broken after a point or before an @; what has none of these, anywhere.

    >>> fold("zhubaodai.claims_paid@window of the pool", 16)
    ['zhubaodai.', 'claims_paid', '@window of the', 'pool']
    >>> fold("资金池耗尽的概率（出现未付代偿）", 12)
    ['资金池耗尽的', '概率（出现未', '付代偿）']
    """
    width = max(2, width)
    return [line for part in text.split("\n") for line in _folded(part, width)]


def least_width(text: str) -> int:
    """Return the width from which on a text is folded at blanks and between the parts of names only.

    >>> least_width("P(zhubaodai.depleted) [%]")
    12
    """
    return max((cells(part.rstrip()) for word in _words(text) for part in _NAME.split(word)), default=0)


def _folded(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in _words(text):
        if cells(line + word.rstrip()) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = ""
        for piece in [word] if cells(word.rstrip()) <= width else _pieces(word, width):
            if line and cells(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
    return [*lines, line.rstrip()]


def _words(text: str) -> Iterator[str]:
    """Yield what should stay on one line, with the blanks behind it."""
    word = ""
    for sign in text:
        if word and _may_break(word[-1], sign):
            yield word
            word = ""
        word += sign
    if word:
        yield word


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING or after == " ":
        return False
    return before == " " or _width(before) == 2 or _width(after) == 2


def _pieces(word: str, width: int) -> Iterator[str]:
    for part in _NAME.split(word):
        while cells(part.rstrip()) > width:
            end, taken = 0, 0
            while taken + _width(part[end]) <= width:
                taken += _width(part[end])
                end += 1
            yield part[:end]
            part = part[end:]  # noqa: PLW2901  (what is left of it)
        yield part
