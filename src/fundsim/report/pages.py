"""What a folder of a decision keeps for its report in a language: answers in words, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fundsim.report.document.model import TableOf
from fundsim.report.keys import close
from fundsim.report.sheets import Row, Sheet
from fundsim.report.texts import Language
from fundsim.report.words.answer import Say

__all__ = ["Pages", "as_plain", "from_plain", "said", "table_of", "title_of"]


@dataclass(frozen=True, slots=True)
class Pages:
    """What a report says of a decision, in one language."""

    title: str
    subtitle: str
    """What was asked, of which scenario."""
    answers: Sequence[str]
    sureness: Sequence[str]
    tables: Sequence[TableOf]
    notes: Sequence[str]
    """What is to be said below all tables."""
    pictures: Sequence[tuple[str, str]] = ()
    """Names of the pictures that are kept, with what each shows."""


def title_of(resolved: Mapping[str, Any], name: str, lang: Language) -> str:
    """Return the title of a scenario in a language, else in the other, else its name."""
    return str(resolved.get("title_zh" if lang == "zh" else "title") or resolved.get("title") or name)


def said(text: Say, lang: Language, *more: str, **values: object) -> str:
    """Return a sentence: a text with its values, and what follows it before the stop.

    A figure or a key at the beginning stays as it is written.
    """
    form = text.en if lang == "en" else text.zh
    whole = close(form.format(**values) + "".join(more), lang)
    begun = whole if form.startswith("{") else f"{whole[:1].upper()}{whole[1:]}"
    return f"{begun}{'.' if lang == 'en' else '。'}"


def table_of(title: str, sheet: Sheet, notes: Iterable[str] = ()) -> TableOf:
    """Return a table of a report; a group of rows that is called as the table is loses its heading."""
    rows = tuple(replace(row, group="") if row.group == title else row for row in sheet.rows)
    return TableOf(title, replace(sheet, rows=rows), tuple(text for text in notes if text))


def as_plain(pages: Pages) -> dict[str, Any]:
    """Return pages as plain data."""
    return {
        "title": pages.title,
        "subtitle": pages.subtitle,
        "answers": list(pages.answers),
        "sureness": list(pages.sureness),
        "tables": [_plain_table(table) for table in pages.tables],
        "notes": list(pages.notes),
        "pictures": [{"name": name, "title": title} for name, title in pages.pictures],
    }


def _plain_table(table: TableOf) -> dict[str, Any]:
    sheet = table.sheet
    return {
        "title": table.title,
        "headings": list(sheet.headings),
        "rows": [{"group": row.group, "cells": list(row.cells)} for row in sheet.rows],
        "with_unit": sheet.with_unit,
        "unit_of_first": sheet.unit_of_first,
        "notes": list(table.notes),
    }


def from_plain(plain: Mapping[str, Any]) -> Pages:
    """Return what ``as_plain`` wrote."""
    return Pages(
        title=plain["title"],
        subtitle=plain["subtitle"],
        answers=tuple(plain["answers"]),
        sureness=tuple(plain["sureness"]),
        tables=tuple(map(_table, plain["tables"])),
        notes=tuple(plain["notes"]),
        pictures=tuple((one["name"], one["title"]) for one in plain["pictures"]),
    )


def _table(plain: Mapping[str, Any]) -> TableOf:
    rows = tuple(Row(row["group"], tuple(row["cells"])) for row in plain["rows"])
    sheet = Sheet(tuple(plain["headings"]), rows, plain["with_unit"], plain["unit_of_first"])
    return TableOf(plain["title"], sheet, tuple(plain["notes"]))
