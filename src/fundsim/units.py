"""Quantities: a unit, a range and the ways to write them, in one annotated type each.

``Money`` in yuan, ``Share``, ``AnnualRate`` and ``DailyRate`` as fractions, ``Multiple`` in times,
``Months`` and ``Count`` as whole numbers, ``Days`` with fractions, ``Deviations`` in standard deviations of
a factor, ``YearMonth`` as a calendar month.  Each is an ``Annotated`` number that pydantic checks; text
such as ``"0.4亿"`` or ``"40%"`` is read exactly (in decimal) and rounded once.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from fundsim.amounts import amount_text
from fundsim.refusal import refusal
from fundsim.slips import foreign_currency, meant_numbers, meant_proportion, other_time, without_currency
from fundsim.year_month import YearMonth

__all__ = [
    "GROUPED_NUMBER",
    "PLAIN_NUMBER",
    "AnnualRate",
    "Bound",
    "Correlation",
    "Count",
    "DailyRate",
    "Days",
    "Degrees",
    "Deviations",
    "Money",
    "Months",
    "Multiple",
    "Number",
    "Quantity",
    "Seed",
    "Share",
    "YearMonth",
    "Years",
    "refusal",
]

PLAIN_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
"""Regular expression of an unsigned number without groups."""
GROUPED_NUMBER = r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]*)?"
"""Regular expression of an unsigned number in groups: of three digits, with one kind of mark, none in the
fraction, and no leading zero, since ``0,123`` is how some countries write 0.123."""
_NUMBER = re.compile(rf"[-+]?(?:{PLAIN_NUMBER}|{GROUPED_NUMBER})")
_EXACT = Context(prec=10_000)
_MISGROUPED = re.compile(r"[-+]?[0-9][0-9.]*(?:[,'’ \u00a0]+[0-9.]*[0-9])+[^0-9]*")
"""Digits with marks of groups between them; asked only of texts that are no number."""
_SCALES = {
    "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number means: its unit, its range, and how text is read as one.

    It stands in ``Annotated[float, Quantity(...)]``; a field may narrow the range with pydantic's
    ``gt``, ``ge``, ``lt`` and ``le``.
    """

    name: str
    unit: str
    unit_zh: str
    article: str
    """How a message names one: ``a share``."""
    term_zh: str
    low: float
    high: float
    """Where the unit itself has no end, as money has none, the largest that can be computed with."""
    integer: bool
    suffixes: tuple[tuple[str, Decimal], ...]
    """Endings that text may have, and what they multiply by."""
    example: str
    """A way to write one, for messages and the reference."""
    example_zh: str
    dropped: str = ""
    """Regular expression of endings that say what is counted: a hint may leave them out."""

    def read(self, value: object) -> float | int:
        """Return a number or a text as a number in this unit.

        Raises:
            PydanticCustomError: if it is none, not finite, not whole where it must be, or outside
                the range.
        """
        if isinstance(value, str):
            number = self._parse(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = self._exact(value)
        else:
            raise self._not_one(value)
        with_sign = isinstance(value, str) and value.rstrip(" ”’").endswith(("%", "％", "‰"))
        return self._bounded(number, with_sign=with_sign)

    def _exact(self, value: float) -> Decimal:
        # A whole number may be too large for math.isfinite.
        if isinstance(value, float) and not math.isfinite(value):
            raise refusal(
                "not a finite number", f"write {self.example}", "不是有限的数", f"请写{self.example_zh}"
            )
        return Decimal(value)

    def _parse(self, text: str) -> Decimal:
        compact = text.strip()
        plain = unicodedata.normalize("NFKC", compact.strip("“”‘’"))
        number = self._decimal(plain)
        if plain != compact and number is not None:
            if not self._accepts(plain):
                return number  # what is wrong with the number itself comes first
            raise refusal(
                "full-width characters in a number", f'did you mean "{plain}"?',
                "数字中有全角字符", f'是否想写 "{plain}"？', plain,
            )  # fmt: skip
        number = self._decimal(compact)
        if number is None:
            raise self._slip(compact) or self._not_one(text)
        return number

    def _slip(self, text: str) -> PydanticCustomError | None:
        """Return the error of a text that would be a number except for a common slip."""
        sign = self._currency(text) or self._proportion(text)
        if sign is not None:
            return sign
        time = other_time(text) if self.unit == "months" else None
        if time:
            return refusal(
                f"{self.article} is expected, not of {time[0]}", "write the months, such as 3",
                f"此处应为{self.term_zh}，而不是{time[1]}数", "请写月数，如 3",
            )  # fmt: skip
        for meant in meant_numbers(text, self.dropped):
            if self._accepts(meant):
                return refusal(
                    f"{self.article} is expected, not text", f"did you mean {meant}?",
                    f"此处应为{self.term_zh}，而不是文字", f"是否想写 {meant}？", meant,
                )  # fmt: skip
        if self.integer and any(self._is_broken(meant) for meant in meant_numbers(text, self.dropped)):
            return self._not_whole()
        if _MISGROUPED.fullmatch(text):
            return refusal(
                f"{self.article} is expected, and these digits are not in groups of three",
                "write the digits without separators, or in groups of three such as 1,200,000",
                f"此处应为{self.term_zh}，而数字未按三位分组",
                "请去掉分隔符，或按三位分组，如 1,200,000",
            )
        return None

    def _proportion(self, text: str) -> PydanticCustomError | None:
        """Return the error of a proportion where a multiple stands: 1 : 5 is 5."""
        meant = meant_proportion(text) if self.unit == "times" else None
        if meant is None:
            return None
        return refusal(
            f"{self.article} is expected, not a proportion", f"write {meant}",
            f"此处应为{self.term_zh}，而不是比例", f"请写 {meant}", meant,
        )  # fmt: skip

    def _currency(self, text: str) -> PydanticCustomError | None:
        """Return the error of a text with a currency: only the yuan's sign may be left out of an amount."""
        foreign = foreign_currency(text) if self.unit == "yuan" else None
        if foreign is not None:
            return refusal(
                f"amounts are in yuan, and this one is in another currency ({foreign})", "convert it to yuan",
                f"金额以人民币元为单位，而此处为其他货币（{foreign}）", "请折算为人民币元",
            )  # fmt: skip
        bare = without_currency(text)
        for meant in () if bare is None else (bare, *meant_numbers(bare, self.dropped)):
            if self._accepts(meant):
                return refusal(
                    "a currency sign in a number", f"leave the currency sign out: {meant}",
                    "数字中有货币符号", f"请去掉货币符号：{meant}", meant,
                )  # fmt: skip
        return None

    def _accepts(self, text: str) -> bool:
        number = self._decimal(text)
        if number is None or (self.integer and self._is_broken(text)):
            return False
        return self.low <= number <= self.high

    def _is_broken(self, text: str) -> bool:
        number = self._decimal(text)
        return number is not None and number != number.to_integral_value()

    def _decimal(self, text: str) -> Decimal | None:
        for suffix, factor in self.suffixes:
            body = text.removesuffix(suffix).rstrip() if suffix else text
            if suffix and body == text.rstrip():
                continue
            if _NUMBER.fullmatch(body):
                return _EXACT.multiply(Decimal(body.replace(",", "").replace(" ", "")), factor)
        return None

    def _bounded(self, number: Decimal, *, with_sign: bool) -> float | int:
        if self.integer and number != number.to_integral_value():
            raise self._not_whole()
        if number < self.low or number > self.high:
            raise self._outside(number, with_sign=with_sign)
        return int(number) if self.integer else float(number)

    def _not_whole(self) -> PydanticCustomError:
        return refusal(
            f"{self.article} is a whole number", f"write {self.example}",
            f"{self.term_zh}须为整数", f"请写{self.example_zh}",
        )  # fmt: skip

    def _outside(self, number: Decimal, *, with_sign: bool) -> PydanticCustomError:
        fix, fix_zh, meant = f"write {self.example}", f"请写{self.example_zh}", None
        has_percent = any(ending == "%" for ending, _ in self.suffixes)
        # 55 was probably meant as 55 %; 101 % with its sign was not meant as 1.01 %.
        if self.high == 1.0 and 1 < number <= 100 and has_percent and not with_sign:
            percent = number.normalize()
            fraction = percent / 100
            written = f"{fraction:.2f}" if fraction == round(fraction, 2) else f"{fraction:f}"
            fix, fix_zh = f'write {written} or "{percent:f}%"', f'请写 {written} 或 "{percent:f}%"'
            meant = f"{percent:f}%"
        if number > self.high and self.high > 1000:
            largest = amount_text(self.high) if self.unit == "yuan" else f"{int(self.high):,}"
            problem = f"too large a number; {self.article} is at most {largest}"
            problem_zh = f"数字过大；{self.term_zh}不得大于 {largest}"
        elif self.high > 1000:
            problem, problem_zh = (
                f"{self.article} is {self.low:g} or more",
                f"{self.term_zh}不得小于 {self.low:g}",
            )
        else:
            # A whole bound in digits: 1.84467e+19 would not say which is the largest seed.
            low, high = (str(end) if isinstance(end, int) else f"{end:g}" for end in (self.low, self.high))
            problem = f"{self.article} lies in {low} … {high}"
            problem_zh = f"{self.term_zh}须在 {low} 到 {high} 之间"
        return refusal(problem, fix, problem_zh, fix_zh, meant)

    def _not_one(self, value: object) -> PydanticCustomError:
        said, said_zh = _said(value)
        return refusal(
            f"{self.article} is expected, not {said}", f"write {self.example}",
            f"此处应为{self.term_zh}，而不是{said_zh}", f"请写{self.example_zh}",
        )  # fmt: skip

    @property
    def pattern(self) -> str:
        """Regular expression of the text form, for the JSON Schema."""
        endings = "|".join(re.escape(suffix) for suffix, _ in self.suffixes if suffix)
        ending = f"\\s*({endings})?" if endings else ""
        return rf"^\s*[-+]?(?:{PLAIN_NUMBER}|{GROUPED_NUMBER}){ending}\s*$"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema()

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a number or a text in this unit."""
        number: dict[str, Any] = {
            "type": "integer" if self.integer else "number",
            "minimum": self.low,
            "maximum": self.high,
        }
        return {"anyOf": [number, {"type": "string", "pattern": self.pattern}]}


def _said(value: object) -> tuple[str, str]:
    if value is None:
        return "nothing", "空值"
    if isinstance(value, bool):
        return "true or false", "真假值"
    if isinstance(value, str):
        return "text", "文字"
    if isinstance(value, dict):
        return "a block", "一组键值"
    if isinstance(value, list | tuple):
        return "a list", "列表"
    return "this", "该内容"


def _scaled(*endings: str) -> tuple[tuple[str, Decimal], ...]:
    return tuple((scale + ending, Decimal(factor)) for ending in endings for scale, factor in _SCALES.items())


def _fractions() -> tuple[tuple[str, Decimal], ...]:
    return (("%", Decimal("0.01")), ("‰", Decimal("0.001")), ("", Decimal(1)))


def _times(*endings: str) -> tuple[tuple[str, Decimal], ...]:
    return (*((ending, Decimal(1)) for ending in endings), ("", Decimal(1)))


MONEY = Quantity(
    "Money", "yuan", "元", "an amount", "金额", 0.0, 1e15, False, _scaled("", "元"),
    'an amount in yuan such as 4e7, "0.4亿" or "300万"', '以元为单位的金额，如 4e7、"0.4亿" 或 "300万"',
)  # fmt: skip
SHARE = Quantity(
    "Share", "fraction", "比例", "a share", "份额", 0.0, 1.0, False, _fractions(),
    'a fraction such as 0.4, or "40%"', '小数（如 0.4）或 "40%"',
)  # fmt: skip
ANNUAL_RATE = Quantity(
    "AnnualRate", "1/year", "每年", "a yearly rate", "年率", 0.0, 1.0, False, _fractions(),
    'a fraction such as 0.03, or "3%"', '小数（如 0.03）或 "3%"',
)  # fmt: skip
MULTIPLE = Quantity(
    "Multiple", "times", "倍", "a multiple", "倍数", 0.0, 1e9, False, _times("倍", "x", "×"),
    'a number such as 10, or "10倍"', '数字（如 10）或 "10倍"',
)  # fmt: skip
MONTHS = Quantity(
    "Months", "months", "个月", "a number of months", "月数", 0.0, 1200, True,
    (("个月", Decimal(1)), ("年", Decimal(12)), ("", Decimal(1))),
    'a whole number such as 12, or "12个月"', '整数（如 12）或 "12个月"', "个",
)  # fmt: skip
YEARS = Quantity(
    "Years", "years", "年", "a number of years", "年数", 0.0, 1000.0, False,
    _times("年"),
    'a number such as 7.1, or "7年"', '数字（如 7.1）或 "7年"', "years?",
)  # fmt: skip
NUMBER = Quantity(
    "Number", "a number", "数", "a number", "数字", 0.0, 1e9, False,
    (("", Decimal(1)),), "a number such as 1.5", "数字，如 1.5",
)  # fmt: skip
BOUND = Quantity(
    "Bound", "unit of the metric", "指标单位", "a value", "数值", -1e18, 1e18, False,
    (*_fractions()[:2], *_scaled("元", "")),
    'a number such as 12, "36.7亿" or "90%"', '数字，如 12、"36.7亿" 或 "90%"',
)  # fmt: skip
DAYS = Quantity(
    "Days", "days", "天", "a number of days", "天数", 0.0, 3650.0, False, _times("天", "日"),
    'a number such as 10, or "10天"', '数字（如 10）或 "10天"', "days?|个",
)  # fmt: skip
DAILY_RATE = Quantity(
    "DailyRate", "1/day", "每天", "a daily rate", "日费率", 0.0, 1.0, False, _fractions(),
    'a fraction such as 0.0005, or "0.5‰"', '小数（如 0.0005）或 "0.5‰"',
)  # fmt: skip
COUNT = Quantity(
    "Count", "number", "个", "a count", "数量", 0.0, 1e12, True, (*_scaled(""), *_times("家", "笔", "户")),
    'a whole number such as 300, or "6.5万"', '整数（如 300）或 "6.5万"',
    "firms?|companies|loans?|个|条|days?|天|日",
)  # fmt: skip
SEED = Quantity(
    "Seed", "number", "个", "a seed", "种子", 0, 2**64 - 1, True, (("", Decimal(1)),),
    "a whole number such as 1", "整数，如 1",
)  # fmt: skip
DEVIATIONS = Quantity(
    "Deviations", "sd", "个标准差", "a number of standard deviations", "标准差个数", -100.0, 100.0, False,
    (("", Decimal(1)),), "a number such as -1.5", "数字，如 -1.5",
)  # fmt: skip
DEGREES = Quantity(
    "Degrees", "degrees of freedom", "自由度", "a number of degrees of freedom", "自由度", 0.0, 1e6, False,
    (("", Decimal(1)),), "a number such as 6", "数字，如 6",
)  # fmt: skip
CORRELATION = Quantity(
    "Correlation", "correlation", "相关系数", "a correlation", "相关系数", -1.0, 1.0, False,
    (("", Decimal(1)),), "a number such as 0.3", "数字，如 0.3",
)  # fmt: skip

Money = Annotated[float, MONEY]
"""Amount of money [yuan], 0 … 10¹⁵: ``4e7``, ``"0.4亿"``, ``"300万"``, ``"1 200万"``."""
Share = Annotated[float, SHARE]
"""A part of a whole, 0 … 1: ``0.4`` or ``"40%"``."""
AnnualRate = Annotated[float, ANNUAL_RATE]
"""A rate or probability [1/year], 0 … 1: ``0.03`` or ``"3%"``."""
Multiple = Annotated[float, MULTIPLE]
"""How many times, 0 … 10⁹: ``10`` or ``"10倍"``."""
Months = Annotated[int, MONTHS]
"""Whole number of months, 0 … 1200: ``12``, ``"12个月"``, ``"1年"``."""
Years = Annotated[float, YEARS]
"""Number of years, 0 … 1000, not necessarily whole: ``7.1``, ``"7年"``."""
Number = Annotated[float, NUMBER]
"""A plain number, 0 … 10⁹."""
Bound = Annotated[float, BOUND]
"""A value in whatever unit a metric has: ``12``, ``"36.7亿"``, ``"90%"``."""
Days = Annotated[float, DAYS]
"""Number of days, 0 … 3650, not necessarily whole: ``10``, ``"2.5天"``."""
DailyRate = Annotated[float, DAILY_RATE]
"""A rate per day [1/day], 0 … 1: ``0.0005``, ``"0.5‰"``."""
Count = Annotated[int, COUNT]
"""Whole number of things, 0 … 10¹²: ``300``, ``"6.5万"``."""
Seed = Annotated[int, SEED]
"""Key of random numbers, 0 … 2⁶⁴ − 1: every number of 64 bits."""
Correlation = Annotated[float, CORRELATION]
"""A correlation, −1 … 1."""
Degrees = Annotated[float, DEGREES]
"""Degrees of freedom of a law, above 0 and not necessarily whole."""
Deviations = Annotated[float, DEVIATIONS]
"""Standard deviations of a factor, −100 … 100."""
