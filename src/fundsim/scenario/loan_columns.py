"""The columns of a loan tape: what each holds, and what is said of a value that it can't hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from fundsim.scenario.faultlist import Message
from fundsim.slips import other_time
from fundsim.units import ANNUAL_RATE, MONEY, MONTHS, SHARE, Quantity

__all__ = ["COLUMNS", "DUE", "KNOWN", "MAX_LOANS", "MOST_MONTHS", "NAMES", "REQUIRED", "Column"]

MAX_LOANS = 2_000_000
"""Most rows of a tape."""
MOST_MONTHS = 120
"""Longest loan that fundsim models [months]."""
_NO_LOAN_IS_SO_LONG = 1200
"""Months that no loan has left: days, a year or a date."""
_SERIAL = (40_000, 60_000)
"""Days of 2009 … 2064 as spreadsheets number them."""
_DATE = re.compile("(?:1[89]|2[0-9])[0-9]{2}[-/.年]|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:1[89]|2[0-9])[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of numbers holds."""

    quantity: Quantity
    low: float
    high: float
    low_open: bool
    high_open: bool
    required: bool
    holds: tuple[str, str]
    """What stands in it, in English and Chinese."""
    rule: tuple[str, str]
    """Its range, in words."""
    fix: str
    """What to write."""
    fix_zh: str
    of_number: Callable[[float], Message | None] = lambda _: None
    """What is said of a number outside the range, if not the rule."""
    of_text: Callable[[str], Message | None] = lambda _: None
    """What is said of a text that is no number, if not the words of the quantity."""

    def holds_number(self, number: float) -> bool:
        """Return whether a number lies in the range."""
        above = number > self.low if self.low_open else number >= self.low
        return above and (number < self.high if self.high_open else number <= self.high)

    def message_of_number(self, number: float) -> Message:
        """Return what is wrong with a number outside the range."""
        return self.of_number(number) or (self.rule[0], self.fix, self.rule[1], self.fix_zh)

    def message_of_text(self, text: str) -> Message | None:
        """Return what is wrong with a text that is no number, if more is known than the quantity says."""
        return self.of_text(text)


_MONTHS_FIX = ("write the months to maturity, such as 12", "请写到期前的月数，如 12")


_NO_DATE = ("a date is no number of months", _MONTHS_FIX[0], "日期不是月数", _MONTHS_FIX[1])


def _is_date(number: float) -> bool:
    """Return whether a number is a day such as 20250301, a month such as 202503, or a spreadsheet's day."""
    if number != int(number):
        return False
    if _SERIAL[0] <= number <= _SERIAL[1]:
        return True
    digits = str(int(number))
    if len(digits) not in (6, 8) or not 1900 <= int(digits[:4]) <= 2200:
        return False
    return 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:] or 1) <= 31


def _months_message(months: float) -> Message:
    if _is_date(months):
        return _NO_DATE
    if months > _NO_LOAN_IS_SO_LONG:
        return (
            f"no loan has so many months left, and fundsim models at most {MOST_MONTHS}", _MONTHS_FIX[0],
            f"没有贷款还剩这么多个月，fundsim 的贷款最长为 {MOST_MONTHS} 个月", _MONTHS_FIX[1],
        )  # fmt: skip
    if months > MOST_MONTHS:
        return (
            f"fundsim models loans of at most {MOST_MONTHS} months",
            f"write {MOST_MONTHS} and say so in a note of the scenario, or leave the loan out",
            f"fundsim 的贷款最长为 {MOST_MONTHS} 个月",
            f"请写 {MOST_MONTHS} 并在情景的 note 中说明，或删去该笔贷款",
        )
    if months < 0:
        return (
            "this loan matured before the start",
            "leave it out",
            "该笔贷款在期初之前已到期",
            "请删去该笔",
        )
    return ("this loan has matured", "leave it out", "该笔贷款已到期", "请删去该笔")


def _time_message(text: str) -> Message | None:
    if _DATE.match(text):
        return _NO_DATE
    time = other_time(text)
    if time:
        return (f"months_left counts months, not {time[0]}", "write the months to maturity, such as 3",
                f"months_left 以月为单位，而不是{time[1]}", "请写到期前的月数，如 3")  # fmt: skip
    return None


COLUMNS = MappingProxyType(
    {
        "principal": Column(
            MONEY, 0.0, MONEY.high, True, False, True, ("amounts", "金额"),
            ("a principal is more than 0", "本金须大于 0"),
            "write an amount such as 3e6 or 300万", "请写金额，如 3e6 或 300万",
        ),
        "months_left": Column(
            # Every number is judged here, so that the limit in a message is that of a tape.
            replace(MONTHS, low=-MONEY.high, high=MONEY.high), 1, MOST_MONTHS, False, False, True,
            ("numbers of months", "月数"),
            (f"months_left lies in 1 … {MOST_MONTHS}", f"剩余期限须在 1 到 {MOST_MONTHS} 之间"),
            *_MONTHS_FIX, _months_message, _time_message,
        ),
        "pd": Column(
            ANNUAL_RATE, 0.0, 1.0, True, True, False, ("probabilities", "概率"),
            ("a yearly probability of default lies between 0 and 1, both excluded",
             "年违约概率须大于 0 且小于 1"),
            "write a fraction such as 0.03 or 3%", "请写小数或百分数，如 0.03 或 3%",
        ),
        "lgd": Column(
            SHARE, 0.0, 1.0, False, False, False, ("shares", "比例"),
            ("a mean loss given default lies in 0 … 1", "平均违约损失率须在 0 到 1 之间"),
            "write a fraction such as 0.55 or 55%", "请写小数或百分数，如 0.55 或 55%",
        ),
    }
)  # fmt: skip
KNOWN = ("segment", *COLUMNS, "id")
"""Names of the columns that a loan is made of."""
DUE = "due"
"""Name of the column of due dates, which may stand for ``months_left``."""
NAMES = (*KNOWN, DUE)
"""Names of all columns."""
REQUIRED = ("segment", *(name for name, column in COLUMNS.items() if column.required))
"""Names of the columns that every tape has."""
