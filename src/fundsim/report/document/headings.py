"""How chapters, tables and texts of a report are numbered and spelt, in every format."""

from __future__ import annotations

import re

from fundsim.report.texts import Language

__all__ = ["capital", "chapter_heading", "legible", "section_heading"]

DIGITS = "〇一二三四五六七八九"
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """Return a text with � for every sign that no document may hold, such as a control character."""
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def chapter_heading(number: int, title: str, lang: Language) -> str:
    """Return the heading of a chapter, counted from 1.

    >>> chapter_heading(1, "主要结果", "zh"), chapter_heading(2, "figures", "en")
    ('一、主要结果', '2. Figures')
    """
    return f"{number}. {capital(title)}" if lang == "en" else f"{_chinese(number)}、{title}"


def section_heading(chapter: int, number: int, title: str, lang: Language) -> str:
    """Return the heading of a table of a chapter, both counted from 1.

    >>> section_heading(1, 12, "事件", "zh"), section_heading(1, 2, "event", "en")
    ('（十二）事件', '1.2 Event')
    """
    return f"{chapter}.{number} {capital(title)}" if lang == "en" else f"（{_chinese(number)}）{title}"


def _chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else f"{DIGITS[tens] if tens > 1 else ''}十"
    return before + (DIGITS[ones] if ones else "")
