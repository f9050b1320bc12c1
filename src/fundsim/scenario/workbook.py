"""Reads .xlsx workbooks: values with their formats, by python-calamine, behind a bound on the unpacked size.

A workbook is a ZIP archive, so that a small file may unpack to a very large one.  Its parts are unpacked here
up to a bound, and calamine is given an archive of exactly these.  It reads what a sheet holds; openpyxl
believes the dimension that a sheet declares, which WPS writes as A1 whatever the sheet holds.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from fundsim.scenario.faultlist import Message
from fundsim.scenario.workbook_parts import Marks, has_1904_dates, marks_of, percent_styles, sheet_paths

__all__ = ["SUFFIX", "NoWorkbook", "Sheet", "Workbook", "cell_text"]

SUFFIX = ".xlsx"
MOST_CELLS = 20_000_000
"""Largest area of a sheet [cells], blank ones included."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_SAVE = ("open it in Excel or WPS and save it again as .xlsx", "请用 Excel 或 WPS 打开后重新存为 .xlsx")
_EMPTY: Message = ("the file is empty", _SAVE[0], "文件是空的", _SAVE[1])
_PASSWORD: Message = (
    "the workbook is protected by a password", "save it without one",
    "工作簿设有密码", "请取消密码后另存",
)  # fmt: skip
_OLD: Message = (
    "this is a workbook in an older format (.xls or .et)", "open it in Excel or WPS and save it as .xlsx",
    "这是旧格式（.xls 或 .et）的工作簿", "请用 Excel 或 WPS 打开后另存为 .xlsx",
)  # fmt: skip
_NONE: Message = ("this is no .xlsx workbook", _SAVE[0], "这不是 .xlsx 工作簿", _SAVE[1])
_DAMAGED: Message = ("the workbook is damaged", _SAVE[0], "工作簿已损坏", _SAVE[1])
_TOO_WIDE: Message = (
    f"the sheet spans more than {MOST_CELLS:,} cells",
    "delete stray cells far from the table, or save it as CSV",
    f"工作表的范围超过 {MOST_CELLS:,} 个单元格", "请删去远离表格的零散单元格，或存为 CSV",
)  # fmt: skip


class NoWorkbook(Exception):  # noqa: N818 - reported to the user as a fault
    """A file that can't be read as a workbook; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message[0])
        self.message = message


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds, from its first cell on."""

    name: str
    rows: list[list[object]]
    """Texts, floats, truth values, dates and times; an empty text where a cell holds nothing."""
    marks: Marks
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    """First and last cell of each merged range, counted from 0."""


class Workbook:
    """An .xlsx workbook."""

    def __init__(self, data: bytes, most: int) -> None:
        """Take the content of a file, and the most bytes that it may unpack to.

        Raises:
            NoWorkbook: if it can't be read.
        """
        self._parts = _unpacked(data, most)
        self._paths = sheet_paths(self._parts)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sheets, in their order."""
        return tuple(self._paths)

    @property
    def has_1904_dates(self) -> bool:
        """Whether days are counted from 1904."""
        return has_1904_dates(self._parts)

    def sheet(self, name: str) -> Sheet:
        """Return a sheet.

        Raises:
            NoWorkbook: if it can't be read.
        """
        part = self._parts.get(self._paths[name])
        if part is None:
            raise NoWorkbook(_DAMAGED)
        marks = marks_of(part, self._percent)
        if marks.rows * marks.columns > MOST_CELLS:
            raise NoWorkbook(_TOO_WIDE)
        rows, merged = self._read(name)
        return Sheet(name, rows, marks, merged)

    @cached_property
    def _percent(self) -> set[str]:
        return percent_styles(self._parts)

    @cached_property
    def _archive(self) -> bytes:
        """The parts that were unpacked, as calamine takes them."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self._parts.items():
                archive.writestr(name, part)
        return stream.getvalue()

    def _read(
        self, name: str
    ) -> tuple[list[list[object]], tuple[tuple[tuple[int, int], tuple[int, int]], ...]]:
        from python_calamine import CalamineWorkbook  # noqa: PLC0415  (only workbooks pay for it)

        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(self._archive))
            sheet = book.get_sheet_by_name(name)
            rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
            return rows, tuple(sheet.merged_cell_ranges or ())
        except Exception:
            raise NoWorkbook(_DAMAGED) from None
        except BaseException as error:
            # What calamine did not expect in a file is no Exception.
            if type(error).__name__ != "PanicException":
                raise
            raise NoWorkbook(_DAMAGED) from None


def _unpacked(data: bytes, most: int) -> dict[str, bytes]:
    """Return the parts of a workbook that hold values and formats."""
    if not data.startswith(_ZIP):
        if data.startswith(_OLE):
            raise NoWorkbook(_PASSWORD if _PROTECTED in data else _OLD)
        raise NoWorkbook(_NONE if data else _EMPTY)
    parts: dict[str, bytes] = {}
    left = most
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise NoWorkbook(_NONE)
            for name in dict.fromkeys(archive.namelist()):
                if not name.endswith((".xml", ".rels")):
                    continue
                if archive.getinfo(name).flag_bits & 1:
                    raise NoWorkbook(_PASSWORD)
                with archive.open(name) as part:
                    parts[name] = part.read(left + 1)
                left -= len(parts[name])
                if left < 0:
                    raise NoWorkbook(_too_large(most))
    except _FAULTS:
        raise NoWorkbook(_DAMAGED) from None
    return parts


def _too_large(most: int) -> Message:
    return (
        f"the workbook is larger than {most >> 20} MiB once unpacked", "save the sheet that is needed as CSV",
        f"工作簿解压后超过 {most >> 20} MiB", "请将所需工作表存为 CSV",
    )  # fmt: skip


def cell_text(value: object, *, percent: bool = False) -> str:
    """Return what a cell holds as a scenario writes it: every digit of a number, a percentage with its sign.

    >>> from datetime import date
    >>> cell_text(1200000.0), cell_text(0.07, percent=True), cell_text(date(2016, 6, 30)), cell_text(" a ")
    ('1200000', '7%', '2016-06-30', 'a')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = repr(float(value))
        if percent:
            return f"{_plain(Decimal(text) * 100)}%"
        return text.removesuffix(".0") if "e" not in text else _plain(Decimal(text))
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if at_midnight else str(value)
    return str(value).strip()


def _plain(number: Decimal) -> str:
    """Return a number without an exponent and without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
