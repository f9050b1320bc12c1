"""Writes the pages of a decision into its folder: texts of both languages, and their pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fundsim.report.pages import Pages, as_plain
from fundsim.report.texts import Language
from fundsim.sealed import json_bytes

if TYPE_CHECKING:
    from fundsim.report.canvas import Picture

__all__ = ["FOLDER", "PAGES", "Drawn", "keep_pages", "picture_file"]

PAGES, FOLDER = "pages.json", "pages"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
DOTS = 200
"""Resolution of the pictures [dots an inch]."""


class Drawn(Protocol):
    """The pictures of a decision."""

    def each(self, *, lang: Language) -> Iterator[tuple[str, Picture]]:
        """Yield each picture with its name."""
        ...


def picture_file(name: str, lang: Language) -> str:
    """Return where a folder keeps a picture."""
    return f"{FOLDER}/{name}.{lang}.png"


def keep_pages(folder: Path, pages: Callable[[Language], Pages], drawn: Drawn | None) -> None:
    """Write ``pages.json``, and the pictures as PNG, into the folder of a decision.

    Args:
        folder: the folder, which is being filled.
        pages: returns what a report says in a language.
        drawn: the pictures; None where there are none.
    """
    found = {lang: replace(pages(lang), pictures=_drawn(folder, drawn, lang)) for lang in LANGUAGES}
    (folder / PAGES).write_bytes(json_bytes({lang: as_plain(one) for lang, one in found.items()}))


def _drawn(folder: Path, drawn: Drawn | None, lang: Language) -> list[tuple[str, str]]:
    """Write the pictures of a language, and return their names with what they show."""
    if drawn is None:
        return []
    (folder / FOLDER).mkdir(exist_ok=True)
    found = []
    for name, picture in drawn.each(lang=lang):
        (folder / picture_file(name, lang)).write_bytes(picture.content("png", DOTS))
        found.append((name, picture.title or name))
    return found
