"""Lists a scenario: every value with its origin, and where two scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from fundsim.errors import Lang, place_text
from fundsim.scenario.nodes import key_text
from fundsim.scenario.scenario import Origin

__all__ = [
    "Difference",
    "Line",
    "Values",
    "differences",
    "flat_values",
    "key_steps",
    "lines",
    "origin_text",
    "value_text",
]


NAME = "name"


class Values(Protocol):
    """The values of a scenario with their origins: a scenario, or a run of one."""

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in plain values."""
        ...

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Dotted key → where its value came from."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a resolved scenario."""

    key: str
    value: Any
    origin: Origin

    def plain(self) -> dict[str, Any]:
        """Return the line in plain values, for JSON."""
        return {
            "key": self.key,
            "value": self.value,
            "default": self.origin.is_default,
            **asdict(self.origin),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A key at which two scenarios differ; a line is None where a scenario lacks the key."""

    key: str
    left: Line | None
    right: Line | None


def lines(scenario: Values) -> list[Line]:
    """Return every value of a scenario with its origin, in the order of the terms."""
    values = dict(flat_values(scenario.resolved()))
    return [Line(key, values[key], origin) for key, origin in scenario.origins.items()]


def key_steps(key: str) -> tuple[str, ...]:
    """Return the steps of a dotted key."""
    return tuple(key.split("."))


def flat_values(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield dotted key and value of everything in plain values; empty mappings and lists are values."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from flat_values(inner, (*path, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from flat_values(inner, (*path, str(index)))
    else:
        yield ".".join(path), value


def differences(left: Values, right: Values) -> list[Difference]:
    """Return the keys whose values differ, in the order of the left scenario, then of the right.

    The name of a scenario is none of them: a copy of a file under another name is the same scenario.
    """
    ours, theirs = _compared(left, right), _compared(right, left)
    found = []
    for key in dict.fromkeys([*ours, *theirs]):
        if key == NAME:
            continue
        mine, other = ours.get(key), theirs.get(key)
        if mine is None or other is None or mine.value != other.value:
            found.append(Difference(key, mine, other))
    return found


def _compared(scenario: Values, other: Values) -> dict[str, Line]:
    """Return the lines of a scenario by key, items of lists by their names where both sides have names."""
    calls = dict(_called(scenario.resolved(), other.resolved(), (), ()))
    return {calls[line.key]: replace(line, key=calls[line.key]) for line in lines(scenario)}


def _called(
    value: Any, other: Any, path: tuple[str, ...], called: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the key of every value with the key by which it is compared."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            beside = other.get(key) if isinstance(other, dict) else None
            yield from _called(inner, beside, (*path, key), (*called, key))
    elif isinstance(value, list) and value:
        names, others = _names(value), _names(other)
        pairs = dict(zip(others, other, strict=True)) if names and others else {}
        other = other if isinstance(other, list) else []
        for index, inner in enumerate(value):
            step = names[index] if names and (others or not other) else str(index)
            beside = pairs.get(step) if pairs else other[index] if other and index < len(other) else None
            yield from _called(inner, beside, (*path, str(index)), (*called, step))
    else:
        yield ".".join(path), ".".join(called)


def _names(value: Any) -> list[str]:
    """Return the names of a list's items, if all have one."""
    names = [item.get("name") for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return [str(name) for name in names] if None not in names and len(names) == len(value or ()) else []


def value_text(value: Any, lang: Lang = "en") -> str:
    """Return a value as ``show`` prints it.

    >>> value_text(40000000.0), value_text(None), value_text(0.03)
    ('40,000,000', '–', '0.03')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[lang][value]
    if isinstance(value, float) and value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    if isinstance(value, float):
        return f"{value:,.15g}"
    return (
        " ".join(str(value).split()) if not isinstance(value, list | dict) else "[]" if value == [] else "{}"
    )


def origin_text(origin: Origin, lang: Lang = "en") -> str:
    """Return an origin as ``show --source`` prints it: ``file:line  source``.

    >>> origin_text(Origin("base.yaml", 12, 7, ("A5",), 0.01, 0.05))
    'base.yaml:12  A5  (0.01 … 0.05)'
    """
    if origin.file is None:
        return "default" if lang == "en" else "默认值"
    in_sheet = ".xlsx!" in origin.file
    parts = [place_text(origin.file, origin.line, origin.column if in_sheet else 0)]
    if origin.source:
        parts.append(", ".join(_source_word(source, lang) for source in origin.source))
    if origin.low is not None or origin.high is not None:
        apart = ("", {"en": ", apart", "zh": "，独立"}[lang])[origin.apart]
        parts.append(f"({value_text(origin.low)} … {value_text(origin.high)}{apart})")
    if origin.note:
        parts.append(f"— {' '.join(origin.note.split())}")
    return "  ".join(parts)


def _source_word(source: str, lang: Lang) -> str:
    return "假设" if source == "assumption" and lang == "zh" else key_text((source,))
