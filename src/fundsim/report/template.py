"""A scenario as a workbook to fill in: a row for each value, with its meaning, unit, range and source."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fundsim.errors import Lang
from fundsim.scenario import Scenario
from fundsim.scenario.scenario import Origin
from fundsim.scenario.typed_values import TypedValue, values_of
from fundsim.scenario.unit_words import unit_of
from fundsim.scenario.workbook_rows import BASE, HEADINGS
from fundsim.scenario.workbook_scenario import DEFAULT_SOURCE

__all__ = ["template_workbook"]

_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTHS = (38, 44, 16, 16, 12, 12, 18, 40)
_LONGEST_CHOICES = 255
"""Characters of a list of choices that a cell can offer."""
_MOST_DIGITS = 10
"""Digits behind the point that a cell shows."""
_GENERAL = ("General", "总体")
_SHEETS = ("values", "参数")
_GUIDE_SHEET = ("read me", "说明")
_GUIDE = (
    ("Change the column 'value' on the sheet 'values', save, and run: fundsim run {file}",
     "请在工作表“参数”中修改“值”一列，保存后运行：fundsim run {file}"),
    ("Rows that are left as they are say what the scenario {base} says; rows may be deleted.",
     "未改动的行与情景 {base} 一致；不需要的行可以删去。"),
    ("The unit of a row holds for its value, low and high. A cell may have its own: 0.4亿, 3%, 12个月.",
     "“单位”适用于该行的值、下限和上限；单元格也可自带单位，如 0.4亿、3%、12个月。"),
    ("Give the copy a name of its own in the row 'name': results are kept under it.",
     "请在“name”一行为副本另取名称：结果按名称保存。"),
    ("An empty value means that there is none; null takes away what the scenario has.",
     "“值”为空表示没有；写 null 表示取消原有的值。"),
    ("low and high say how far an assumption may be off; source says where a value comes from: a document, "
     "a fact id, or assumption.",
     "“下限”“上限”为假设的可能范围；“来源”为数值的出处：文件、资料编号，或“假设”。"),
    ("Where a value was changed, write its new source. {default} is what holds if nobody says otherwise.",
     "改动数值时请同时改写来源。“{default}”是未作规定时的取值。"),
    ("A list is written in one cell, such as [{{date: 2016-01, amount: 0.5亿}}].",
     "列表写在一个单元格内，如 [{{date: 2016-01, amount: 0.5亿}}]。"),
    ("Mistakes are reported at their cells: fundsim validate {file}",
     "错误按单元格报告：fundsim validate {file}"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A row to be written: a group's title, or a value."""

    title: str
    value: TypedValue | None = None
    key: str = ""
    origin: Origin | None = None


def template_workbook(scenario: Scenario, base: str, file: str, lang: Lang) -> bytes:
    """Return a workbook with the values of a scenario.

    Args:
        scenario: the scenario.
        base: how the workbook names it.
        file: name that the workbook will have.
        lang: language of headings and explanations.
    """
    import xlsxwriter  # noqa: PLC0415  (only this command pays for it)

    stream = io.BytesIO()
    # No text becomes a formula or a link, whatever it begins with.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    # Nothing of the clock, so that the same scenario gives the same file.
    book.set_properties({"title": _title(scenario, lang), "created": _DAY})
    writer = _Writer(book, lang)
    writer.guide(_title(scenario, lang), base, file)
    writer.values(scenario, base)
    book.close()
    return stream.getvalue()


def _title(scenario: Scenario, lang: Lang) -> str:
    title = scenario.terms.title_zh if lang == "zh" else scenario.terms.title
    return title or scenario.name


class _Writer:
    def __init__(self, book: Any, lang: Lang) -> None:
        self._book = book
        self._lang = lang
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def _word(self, both: tuple[str, str]) -> str:
        return both[self._lang == "zh"]

    def guide(self, title: str, base: str, file: str) -> None:
        """Write the sheet that explains the others."""
        sheet = self._book.add_worksheet(self._word(_GUIDE_SHEET))
        sheet.set_column(0, 0, 100)
        sheet.write_string(0, 0, title, self._format(bold=True, font_size=14))
        default = DEFAULT_SOURCE[self._lang]
        for number, both in enumerate(_GUIDE, start=2):
            text = self._word(both).format(file=file, base=base, default=default)
            sheet.write_string(number, 0, text, self._format(text_wrap=True))

    def values(self, scenario: Scenario, base: str) -> None:
        """Write the sheet of values."""
        sheet = self._book.add_worksheet(self._word(_SHEETS))
        for position, (width, both) in enumerate(zip(_WIDTHS, HEADINGS.values(), strict=True)):
            sheet.set_column(position, position, width)
            head = self._format(bold=True, bg_color="#D9E2EC", bottom=1)
            sheet.write_string(0, position, self._word(both), head)
        sheet.freeze_panes(1, 1)
        sheet.write_string(1, 0, BASE, self._format())
        meaning = ("The scenario over which the rows are laid", "所改的情景")
        sheet.write_string(1, 1, self._word(meaning), self._format(text_wrap=True))
        sheet.write_string(1, 2, base, self._format())
        for number, line in enumerate(_lines(scenario, self._lang), start=2):
            if line.value is None:
                sheet.write_string(number, 1, line.title, self._format(bold=True, bg_color="#EEF2F6"))
            else:
                self._row(sheet, number, line, line.value)
        sheet.activate()

    def _row(self, sheet: Any, number: int, line: _Line, value: TypedValue) -> None:
        wrapped = self._format(text_wrap=True)
        sheet.write_string(number, 0, line.key, self._format())
        field = value.field
        if field is not None:
            sheet.write_string(number, 1, field.zh if self._lang == "zh" else field.meaning, wrapped)
        unit, scale = "", Decimal(1)
        amount = value.value if _is_number(value.value) else None
        if value.quantity is not None and (amount is not None or value.value is None):
            unit, scale = unit_of(value.quantity, amount, self._lang)
        self._cell(sheet, number, 2, value.value, unit, scale)
        self._offer(sheet, number, value)
        if unit:
            sheet.write_string(number, 3, unit, self._format())
        origin = line.origin
        if origin is None:
            return
        for column, bound in ((4, origin.low), (5, origin.high)):
            self._cell(sheet, number, column, bound, unit, scale)
        source = "; ".join(origin.source) or (DEFAULT_SOURCE[self._lang] if origin.is_default else "")
        if source and value.value is not None:
            sheet.write_string(number, 6, source, wrapped)
        if origin.note:
            sheet.write_string(number, 7, origin.note.strip(), wrapped)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, unit: str, scale: Decimal) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self._format(align="left"))
        elif not _is_number(value):
            sheet.write_string(row, column, _text(value), self._format(num_format="@", text_wrap=True))
        elif unit == "%":
            shown = _digits(Decimal(repr(value)) * 100)
            self._number(sheet, row, column, float(value), f"0{shown}%")
        else:
            scaled = float(Decimal(repr(value)) / scale)
            if scaled and float(Decimal(repr(scaled)) * scale) != value:
                # No number of digits that a cell keeps gives this value back in the unit.
                sheet.write_string(row, column, f"{value!r}元", self._format())
                return
            self._number(sheet, row, column, scaled, f"#,##0{_digits(Decimal(repr(scaled)))}")

    def _number(self, sheet: Any, row: int, column: int, number: float, shown: str) -> None:
        if float(f"{number:.16G}") == number:
            sheet.write_number(row, column, number, self._format(num_format=shown))
        else:  # a cell keeps sixteen digits, and this number needs seventeen
            percent = shown.endswith("%")
            text = f"{Decimal(repr(number)) * 100:f}%" if percent else repr(number)
            sheet.write_string(row, column, text, self._format())

    def _offer(self, sheet: Any, row: int, value: TypedValue) -> None:
        """Offer the choices of a cell that has some."""
        choices = [str(one) for one in value.form.choices]
        if bool in value.form.scalars:
            choices = ["TRUE", "FALSE"]
        if choices and len(value.form.scalars) == 1 and len(",".join(choices)) <= _LONGEST_CHOICES:
            sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": choices})


def _lines(scenario: Scenario, lang: Lang) -> Iterator[_Line]:
    """Yield the rows: what is general first, then segments and instruments, each under its name."""
    group: tuple[str, ...] | None = None
    for value in values_of(scenario.terms):
        steps = value.steps
        if steps[0] == "sources":
            continue
        mine = steps[:2] if steps[0] in ("segments", "instruments") and len(steps) > 2 else ()
        if mine != group:
            group = mine
            yield _Line(_group_title(scenario, mine, lang))
        origin = scenario.origins.get(".".join(steps))
        yield _Line("", value, _key(scenario, value), origin)


def _key(scenario: Scenario, value: TypedValue) -> str:
    """Return a key as ``--set`` writes it, without its group where only one has the name."""
    group, *rest = value.called
    groups = [scenario.terms.segments, scenario.terms.instruments]
    bare = (
        group in ("segments", "instruments") and sum(rest[0] in names for names in groups) == 1
        if rest
        else False
    )
    return ".".join(rest if bare else value.called)


def _group_title(scenario: Scenario, group: tuple[str, ...], lang: Lang) -> str:
    if not group:
        return _GENERAL[lang == "zh"]
    terms = getattr(scenario.terms, group[0])[group[1]]
    title = getattr(terms, "title_zh" if lang == "zh" else "title", None)
    kind = scenario.kinds.get(group[1]) if group[0] == "instruments" else None
    named = f"{group[1]} – {title}" if title else group[1]
    return f"{named} ({kind})" if kind else named


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _digits(number: Decimal) -> str:
    """Return the part of a number format that shows the digits behind a number's point."""
    exponent = number.normalize().as_tuple().exponent
    behind = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "." + "0" * min(behind, _MOST_DIGITS) if behind else ""


def _text(value: Any) -> str:
    if value in ((), []):
        return "[]"
    return "{}" if isinstance(value, Mapping) else str(value)
