"""Where figures come from: inputs with their sources, and what was run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.document.excel_book import Cell, Column, Number
from fundsim.report.document.excel_figures import MONEY, decimals_of
from fundsim.report.document.inputs import BARE, FRACTIONS
from fundsim.report.texts import Language, word
from fundsim.scenario.explain import value_text

__all__ = ["cited_sources", "fact_columns", "input_columns", "input_rows", "manifest_rows"]

Manifest = Mapping[str, Any]
SHOWN = 10
"""Significant digits of an input that a cell shows; it holds all of them."""


def input_columns(lang: Language) -> list[Column]:
    """Return the columns of the inputs."""
    heads = (
        ("key", 40), ("meaning", 36), ("value", 16), ("unit", 10), ("low end", 14), ("high end", 14),
        ("source", 18), ("note", 50),
    )  # fmt: skip
    return [Column(word(text, lang), width) for text, width in heads]


def input_rows(manifest: Manifest, lang: Language) -> Iterator[list[Cell]]:
    """Yield the values that the scenario states, in its order."""
    comma = ", " if lang == "en" else "、"
    for one in manifest.get("inputs", ()):
        names = [word("assumption", lang) if name == "assumption" else name for name in one["source"]]
        yield [
            one["key"],
            one["meaning" if lang == "en" else "meaning_zh"],
            _value(one["value"], one["unit"], lang),
            _unit(one, lang),
            *(_value(one[end], one["unit"], lang) for end in ("low", "high")),
            comma.join(names),
            one["note"] or "",
        ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unit(one: Mapping[str, Any], lang: Language) -> str:
    unit = one["unit"]
    if not any(_is_number(one[part]) for part in ("value", "low", "high")) or unit in BARE:
        return ""
    if unit == "yuan":
        return MONEY[lang].unit
    return "%" if unit in FRACTIONS else word(unit, lang)


def _value(value: Any, unit: str, lang: Language) -> Cell:
    """Return an input: numbers as numbers in the workbook's units, anything else in words."""
    if value is None:
        return None
    if not _is_number(value):
        return value_text(value, lang)
    if unit == "yuan":
        value = float(value) / MONEY[lang].divisor
    percent = unit in FRACTIONS
    text = f"{float(value) * (100.0 if percent else 1.0):.{SHOWN}g}"
    decimals = 0 if "e" in text else decimals_of(text)
    return Number(value, decimals, percent, plain=not percent and unit != "yuan")


def cited_sources(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield the sources that the scenario lists: their short names and what they are."""
    for name, text in manifest["scenario"]["resolved"].get("sources", {}).items():
        yield str(name), " ".join(str(text).split())


def fact_columns(lang: Language) -> list[Column]:
    """Return the columns of what was run."""
    return [Column(word("name", lang), 34), Column(word("value", lang), 80)]


def manifest_rows(manifest: Manifest, lang: Language) -> Iterator[list[Cell]]:
    """Yield what was run, and with what: enough to repeat it.  The hour of the day is left out."""
    scenario, window, resolved = manifest["scenario"], manifest["window"], manifest["scenario"]["resolved"]
    title = resolved.get("title_zh" if lang == "zh" else "title") or resolved.get("title") or ""
    kept = manifest["kept"]
    facts: tuple[tuple[str, Cell], ...] = (
        ("scenario", scenario["name"]),
        ("title", str(title)),
        ("SHA-256 of the scenario", scenario["sha256"]),
        ("seed", Number(manifest["seed"], plain=True) if manifest["seed"] < 2**53 else str(manifest["seed"])),
        ("paths", Number(manifest["paths"])),
        ("paths of monthly quantiles", Number(manifest["series"]["quantile_paths"])),
        ("engine", word(f"{manifest['engine']} engine", lang)),
        *((("metrics chosen", " ".join(kept)),) if kept is not None else ()),
        ("window begins", f"{window['year']}-{window['month']:02d}"),
        ("months of the window", Number(window["months"])),
        ("months of the run-off", Number(window["run_off"])),
        ("date of the run", manifest["clock"]["date"].partition("T")[0]),
    )
    for text, cell in facts:
        yield [word(text, lang), cell]
    for library, version in manifest["versions"].items():
        yield [word("version of {library}", lang).format(library=library), version]
