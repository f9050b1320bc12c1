"""A calendar month, as scenarios write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from fundsim.refusal import refusal
from fundsim.slips import meant_month

__all__ = ["YearMonth"]

_YEAR_MONTH = re.compile("([0-9]{4})-([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月")


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """A calendar month, written ``2015-03`` or ``2015年3月``.

    >>> YearMonth(2016, 3).months_since(YearMonth(2015, 1))
    14
    """

    year: int
    """1900 … 2200"""
    month: int
    """1 … 12"""

    def months_since(self, other: YearMonth) -> int:
        """Return the number of months from ``other`` to this month; negative if it is earlier."""
        return (self.year - other.year) * 12 + self.month - other.month

    def plus(self, months: int) -> YearMonth:
        """Return the month that lies ``months`` later.

        >>> print(YearMonth(2015, 11).plus(3))
        2016-02
        """
        years, month = divmod(self.month - 1 + months, 12)
        return YearMonth(self.year + years, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def read(cls, value: object) -> YearMonth:
        """Return a text as a month.

        Raises:
            PydanticCustomError: if it is none.
        """
        if isinstance(value, YearMonth):
            return value
        text = str(value).strip() if isinstance(value, str | int | float) else ""
        found = _YEAR_MONTH.fullmatch(text)
        if found and isinstance(value, str):
            year, month = (int(part) for part in found.groups() if part is not None)
            if 1900 <= year <= 2200 and 1 <= month <= 12:
                return cls(year, month)
        hint = meant_month(text)
        example = f"did you mean {hint}?" if hint else "write year and month such as 2015-03"
        example_zh = f"是否想写 {hint}？" if hint else "请写年和月，如 2015-03"
        if hint and isinstance(value, float) and text.endswith(".1"):  # the number may have been 2015.10
            october = f"{hint[:4]}-10"
            example = f"write {hint} or {october}, whichever is meant"
            example_zh = f"请写 {hint} 或 {october}，视所指而定"
        raise refusal("not a calendar month", example, "不是年月", example_zh, hint)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Callable[..., Any]) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return cls.json_schema()

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Return the JSON Schema of a calendar month."""
        return {"type": "string", "pattern": r"^([0-9]{4}-[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月)$"}
