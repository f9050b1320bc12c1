"""Due dates of a loan tape: months left, counted in ends of months from the first month of the window."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_cells import Cells, Lines
from fundsim.scenario.loan_columns import DUE, MOST_MONTHS
from fundsim.scenario.loan_faults import Faults, RowFault, note
from fundsim.year_month import YearMonth

__all__ = ["read_due"]

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?:(?P=mark)(?P<day>[0-9]{1,2}))?"
    r"|年(?P<month_zh>[0-9]{1,2})月(?:(?P<day_zh>[0-9]{1,2})[日号])?)(?:[ T][0-9]{1,2}(?::[0-9.]+)+)?"
)
"""A day or a month, 2016-06-30, 2016/6/30, 2016年6月30日 or 2016-06, perhaps with a time of day."""
_DIGITS = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?(?:\.0+)?")
_SERIAL = re.compile(r"(?P<days>[2-7][0-9]{4})(?:\.[0-9]+)?")
"""A day as spreadsheets number it, 1954 … 2119."""
_FIRST = date(1899, 12, 30)
_TURNED = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")

_FIX = ("write year, month and day, such as 2016-06-30", "请写年月日，如 2016-06-30")
_EMPTY: Message = ("is empty", _FIX[0], "为空", _FIX[1])
_NO_DATE: Message = ("not a date", _FIX[0], "不是日期", _FIX[1])
_NO_DAY: Message = ("there is no such day", _FIX[0], "没有这一天", _FIX[1])
_UNCLEAR: Message = (
    "it is unclear which is the year, the month and the day",
    _FIX[0],
    "分不清年、月、日",
    _FIX[1],
)


def read_due(cells: Cells, lines: Lines, start: YearMonth | None, faults: Faults) -> NDArray[np.float64]:
    """Return the months left of each loan: ends of months from ``start`` to the due month, both included.

    Without a start, which is reported elsewhere, dates are only checked.
    """
    coded = cells[DUE].combine_chunks().dictionary_encode()
    found = [_due(text) for text in coded.dictionary.to_pylist()]
    months = np.array([_months(due, start) for due in found], dtype=float)
    position = coded.indices.to_numpy(zero_copy_only=False)
    values = months[position]
    bad = np.flatnonzero(~((values >= 1) & (values <= MOST_MONTHS)))

    def describe(row: int) -> RowFault:
        due, text = found[position[row]], coded.dictionary[position[row]].as_py()
        message = due if isinstance(due, tuple) else _misfit(float(values[row]), start)
        return RowFault(int(lines[row]), DUE, text or None, message)

    note(faults, bad, describe)
    return np.asarray(values, dtype=np.float64)


def _months(due: YearMonth | Message, start: YearMonth | None) -> float:
    if isinstance(due, tuple):
        return float("nan")
    return 1.0 if start is None else due.months_since(start) + 1.0


def _misfit(months: float, start: YearMonth | None) -> Message:
    if months < 1:
        return (f"this loan fell due before the start of the window, {start}", "leave it out",
                f"该笔贷款在政策期起始月 {start} 之前已到期", "请删去该笔")  # fmt: skip
    last = start.plus(MOST_MONTHS - 1) if start else ""
    return (
        f"fundsim models loans of at most {MOST_MONTHS} months, here due by {last}",
        f"write {last} and say so in a note of the scenario, or leave the loan out",
        f"fundsim 的贷款最长为 {MOST_MONTHS} 个月，此处即 {last} 之前到期",
        f"请写 {last} 并在情景的 note 中说明，或删去该笔贷款",
    )


def _due(text: str) -> YearMonth | Message:
    """Return the month of a date, or what is wrong with the text."""
    plain = unicodedata.normalize("NFKC", text.strip())
    if not plain:
        return _EMPTY
    serial = _SERIAL.fullmatch(plain)
    if serial:
        day = _FIRST + timedelta(days=int(serial["days"]))
        return YearMonth(day.year, day.month)
    match = _DAY.fullmatch(plain)
    parts = match or _DIGITS.fullmatch(plain)
    if parts is None:
        return _UNCLEAR if _TURNED.fullmatch(plain) else _NO_DATE
    month, day_of = parts["month"], parts["day"]
    if match is not None and match["month_zh"]:
        month, day_of = match["month_zh"], match["day_zh"]
    try:
        day = date(int(parts["year"]), int(month), int(day_of or 1))
    except ValueError:
        return _NO_DAY
    return YearMonth(day.year, day.month) if 1900 <= day.year <= 2200 else _NO_DAY
