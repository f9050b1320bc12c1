"""Workbooks for tests: written by xlsxwriter, with what Excel, WPS and others do to them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

Change = Callable[[Any, Any], None]
"""Takes the workbook and its first sheet."""
HEADINGS = ["行业", "贷款余额（万元）", "到期日", "违约率"]
ROWS = [["trade", 300, date(2015, 12, 20), 0.02], ["crafts", "1,200.5", "2015/6/1", ""]]


def workbook(
    rows: Sequence[Sequence[object]] = (HEADINGS, *ROWS),
    change: Change | None = None,
    sheets: Sequence[str] = ("明细",),
    **options: object,
) -> bytes:
    """Return a workbook whose first sheet has the rows; the others are empty."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    first, *_ = [book.add_worksheet(name) for name in sheets]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                first.write_datetime(number, column, value, day)
            else:
                first.write(number, column, value)
    if change is not None:
        change(book, first)
    book.close()
    return stream.getvalue()


def patched(data: bytes, part: str, pattern: bytes, replacement: bytes | Callable[..., bytes]) -> bytes:
    """Return a workbook with something replaced in one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                content, count = re.subn(pattern, replacement, content)
                assert count, f"{pattern!r} is not in {part}"
            new.writestr(name, content)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
"""The part of the first sheet."""


def by_wps(data: bytes) -> bytes:
    """Return a workbook whose sheet declares the dimension A1, as WPS writes it."""
    return patched(data, SHEET, rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>')
