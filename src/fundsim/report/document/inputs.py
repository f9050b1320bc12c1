"""The appendix of a report: what the scenario states, with range and source of each value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.document.model import Block, Paragraphs, TableOf
from fundsim.report.sheets import Row, Sheet
from fundsim.report.texts import Language, word
from fundsim.report.units import scale_of, with_unit
from fundsim.scenario.explain import value_text

__all__ = ["inputs_of"]

FRACTIONS = ("fraction", "1/year", "1/day")
BARE = ("", "number", "a number", "correlation", "degrees of freedom", "unit of the metric")
Input = Mapping[str, Any]


def inputs_of(manifest: Mapping[str, Any], lang: Language) -> list[Block]:
    """Return the tables of assumptions and of the plan's values, and the sources that they name.

    Args:
        manifest: a run's manifest; an older one has no list of inputs, and then there is no table.
        lang: language of the texts.
    """
    inputs: list[Input] = list(manifest.get("inputs", ()))
    assumed = [one for one in inputs if _is_assumed(one)]
    stated = [one for one in inputs if not _is_assumed(one)]
    blocks: list[Block] = []
    if assumed:
        blocks.append(TableOf(word("assumptions", lang), _sheet(assumed, lang)))
    if stated:
        blocks.append(TableOf(word("what the plan and other sources lay down", lang), _sheet(stated, lang)))
    cited = manifest["scenario"]["resolved"].get("sources", {})
    if cited:
        colon = ": " if lang == "en" else "："
        blocks.append(Paragraphs([f"{name}{colon}{' '.join(text.split())}" for name, text in cited.items()]))
    return blocks


def _is_assumed(one: Input) -> bool:
    """Return whether a value is assumed: it carries a range, or says so, and is no plan's."""
    source = one["source"]
    ranged = one["low"] is not None or one["high"] is not None
    return "plan" not in source and (ranged or "assumption" in source)


def _sheet(inputs: list[Input], lang: Language) -> Sheet:
    heads = ("value of the scenario", "value", "low – high", "source", "note")
    rows = tuple(Row("", tuple(_cells(one, lang))) for one in inputs)
    return Sheet(tuple(word(text, lang) for text in heads), rows, with_unit=False)


def _cells(one: Input, lang: Language) -> Iterator[str]:
    meaning = one["meaning"] if lang == "en" else one["meaning_zh"]
    yield f"{meaning}\n{one['key']}" if meaning else one["key"]
    yield _value(one, one["value"], lang)
    ends = [_value(one, one[end], lang) for end in ("low", "high") if one[end] is not None]
    yield " – ".join(ends)
    assumption = word("assumption", lang)
    comma = ", " if lang == "en" else "、"
    yield comma.join(assumption if name == "assumption" else name for name in one["source"])
    yield one["note"] or ""


def _value(one: Input, value: Any, lang: Language) -> str:
    """Write a value with its unit, with all its digits."""
    unit = one["unit"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value_text(value, lang)
    if unit == "yuan":
        scale = scale_of("yuan", abs(value), lang)
        return with_unit(f"{value / scale.divisor:,.10g}", scale.unit, lang)
    if unit in FRACTIONS:
        return with_unit(f"{value * 100.0:,.10g}", "%", lang)
    return with_unit(f"{value:,.10g}", "" if unit in BARE else word(unit, lang), lang)
