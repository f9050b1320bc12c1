"""The reference pages and the glossary's key table, made from the terms.

``python tools/make_reference.py`` writes them; a test holds the committed pages current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from fundsim.scenario.anatomy import Anatomy, Bounds, FieldOf, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.explain import value_text
from fundsim.scenario.scenario import HasTerms
from fundsim.scenario.schema import json_schema
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms
from fundsim.units import (
    ANNUAL_RATE,
    CORRELATION,
    COUNT,
    DAILY_RATE,
    DAYS,
    DEGREES,
    DEVIATIONS,
    MONEY,
    MONTHS,
    MULTIPLE,
    NUMBER,
    SEED,
    SHARE,
    YEARS,
    Quantity,
    YearMonth,
)

__all__ = ["MARK", "glossary_rows", "pages"]

MARK = "<!-- below: made by tools/make_reference.py -->"
"""Line of ``glossary.md`` under which the key table is written."""
_MADE = "<!-- made by tools/make_reference.py; edit the terms, not this page -->"
_QUANTITIES = (
    MONEY, SHARE, ANNUAL_RATE, DAILY_RATE, MULTIPLE, MONTHS, YEARS, DAYS, COUNT, SEED, DEVIATIONS, DEGREES,
    CORRELATION, NUMBER,
)  # fmt: skip


def pages(kinds: Mapping[str, HasTerms]) -> dict[str, str]:
    """Return the text of every page by its path below ``docs/``."""
    found = {
        "reference/index.md": _index(kinds),
        "reference/scenario.md": _page("Scenario", ScenarioTerms, ""),
        "reference/scenario.schema.json": json.dumps(json_schema(kinds), ensure_ascii=False, indent=1) + "\n",
    }
    for kind, entry in kinds.items():
        intro = _paragraphs(entry.terms)
        found[f"reference/{kind}.md"] = _page(f"`kind: {kind}`", entry.terms, intro)
    return found


def _index(kinds: Mapping[str, HasTerms]) -> str:
    lines = [
        _MADE,
        "# Reference",
        "",
        "Every key of a scenario file, with unit, range, default, meaning and Chinese term.",
        "",
        "- [The language](language.md): how values, sources and inheritance are written",
        "- [Scenario](scenario.md): window, economy, segments and the rest that all scenarios share",
        *(f"- [`{kind}`]({kind}.md): {_first_line(entry.terms)}" for kind, entry in kinds.items()),
        "- [JSON Schema](scenario.schema.json), for completion in editors",
        "",
        "## Quantities",
        "",
        "| quantity | unit | range | may be written |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {quantity.name} | {quantity.unit} · {quantity.unit_zh} | "
        f"{_range_text(Bounds(quantity.low, quantity.high))} | {_escape(quantity.example)} |"
        for quantity in _QUANTITIES
    ]
    lines.append("| YearMonth | calendar month · 年月 | 1900-01 … 2200-12 | 2015-03, or 2015年3月 |")
    return "\n".join(lines) + "\n"


def _first_line(cls: type[Term]) -> str:
    return (cls.__doc__ or "").strip().partition("\n")[0]


def _paragraphs(cls: type[Term]) -> str:
    """Return a term's docstring up to its first section of parameters or errors."""
    text = [line.strip() for line in (cls.__doc__ or "").strip().splitlines()]
    return "\n".join(text).strip()


def _page(title: str, root: type[Term], intro: str) -> str:
    lines = [_MADE, f"# {title}", ""]
    if intro:
        lines += [intro, ""]
    for path, cls in _blocks(root, ()):
        heading = ".".join(path)
        if heading:
            lines += [f"## `{heading}`", "", _first_line(cls), ""]
        lines += ["| key | meaning | 中文 | unit | range | default |", "|---|---|---|---|---|---|"]
        lines += [_row(field) for field in fields_of(cls)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _blocks(cls: type[Term], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], type[Term]]]:
    """Yield a term and the terms inside it, each with its path; ``*`` stands for a name."""
    yield path, cls
    for field in fields_of(cls):
        for inner, step in _inner_terms(field.anatomy):
            if inner is not Term:
                yield from _blocks(inner, (*path, field.key + step))


def _inner_terms(form: Anatomy) -> Iterator[tuple[type[Term], str]]:
    for cls in form.terms:
        yield cls, ""
    for annotation, step in ((form.table and form.table[1], ".*"), (form.item, "[]")):
        if annotation is not None:
            yield from ((cls, step + deeper) for cls, deeper in _inner_terms(anatomy(annotation)))


def _row(field: FieldOf) -> str:
    unit, limits = _unit_and_range(field)
    cells = (f"`{field.key}`", field.meaning, field.zh, unit, limits, _default_text(field))
    return "| " + " | ".join(_escape(cell) for cell in cells) + " |"


def _unit_and_range(field: FieldOf) -> tuple[str, str]:
    units, ranges = [], []
    for annotation, metadata in _scalar_annotations(field.anatomy, field.metadata):
        form = anatomy(annotation)
        quantity = quantity_of(annotation, metadata)
        bounds = bounds_of(annotation, metadata)
        if form.choices:
            ranges.append(", ".join(f"`{_choice(choice)}`" for choice in form.choices))
        elif quantity is YearMonth:
            units.append("calendar month")
        else:
            if isinstance(quantity, Quantity):
                units.append(quantity.unit)
            ranges.append(_range_text(bounds))
            if not isinstance(quantity, Quantity):
                units.append(_bare_name(annotation))
    if field.anatomy.terms:
        ranges.append("a block")
    if field.anatomy.takes_list:
        ranges.append("a list")
    if field.anatomy.table:
        ranges.append("by name")
    unit = field.unit or ", ".join(dict.fromkeys(units))
    return unit, "; ".join(dict.fromkeys(text for text in ranges if text))


def _scalar_annotations(form: Anatomy, metadata: tuple[Any, ...]) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the single values a field holds: itself, in its list, or in its table."""
    found = [(annotation, metadata) for annotation in form.scalars]
    for inner in (form.item, form.table and form.table[1], *form.fixed):
        if inner is not None:
            found += [(annotation, ()) for annotation in anatomy(inner).scalars]
    return found


def _bare_name(annotation: Any) -> str:
    bare = get_args(annotation)[0] if get_origin(annotation) is not None else annotation
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(bare, "")


def _choice(choice: object) -> str:
    return str(choice).lower() if isinstance(choice, bool) else str(choice)


def _range_text(bounds: Bounds) -> str:
    """Return a range as an interval, or as an inequality where one side is open-ended."""
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        last = str(high) if isinstance(high, int) else f"{high:g}"
        return f"{'(' if bounds.low_open else '['}{low:g}, {last}{')' if bounds.high_open else ']'}"
    if low is not None:
        return f"{'>' if bounds.low_open else '≥'} {low:g}"
    return "" if high is None else f"{'<' if bounds.high_open else '≤'} {high:g}"


def _default_text(field: FieldOf) -> str:
    if field.required:
        return "compulsory"
    default = field.default
    if isinstance(default, Term):
        return "its defaults"
    if isinstance(default, tuple | list | Mapping):
        return f"`{', '.join(value_text(item) for item in default)}`" if default else "none"
    if isinstance(default, bool):
        return f"`{_choice(default)}`"
    return "none" if default in (None, "") else f"`{value_text(default)}`"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def glossary_rows(kinds: Mapping[str, HasTerms]) -> list[str]:
    """Return the glossary's table of scenario keys, in the order of the Chinese terms."""
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    roots: list[tuple[str, type[Term]]] = [
        ("scenario", ScenarioTerms),
        *((kind, entry.terms) for kind, entry in kinds.items()),
    ]
    for page, root in roots:
        for path, cls in _blocks(root, ()):
            for field in fields_of(cls):
                if field.zh:
                    where = ".".join((page, *path)) if page != "scenario" else ".".join(path) or "scenario"
                    found.setdefault((field.zh, field.key), (field.meaning, []))[1].append(where)
    rows = ["| 中文 | key | meaning | in |", "|---|---|---|---|"]
    for (zh, key), (meaning, places) in sorted(found.items()):
        rows.append(
            f"| {zh} | `{key}` | {_escape(meaning)} | {', '.join(f'`{w}`' for w in dict.fromkeys(places))} |"
        )
    return rows


def with_glossary(text: str, kinds: Mapping[str, HasTerms]) -> str:
    """Return the glossary page with its key table made again."""
    head = text.partition(MARK)[0]
    return f"{head}{MARK}\n\n" + "\n".join(glossary_rows(kinds)) + "\n"
