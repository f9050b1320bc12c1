"""A term: a frozen block of a scenario whose every field has a unit, bounds and a meaning.

One definition of a field makes the check, the messages, the JSON Schema and the reference page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pydantic
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from fundsim.scenario.spelling import nearest

__all__ = [
    "RESERVED",
    "Item",
    "Term",
    "TermFault",
    "exact",
    "exactly_one",
    "idle",
    "listed",
    "rounded_down",
    "term",
    "unknown_name",
]

RESERVED = frozenset({"value", "low", "high", "apart", "source", "note", "remove", "extends"})
"""Words of the scenario language itself: no term and no name may use them as a key."""


@dataclass(frozen=True, slots=True)
class TermFault:
    """A cross-field rule that is broken, reported in both languages.

    ``path`` leads from the term that reports it to the key at fault: ``("loan", "cap")``.
    """

    path: tuple[str | int, ...]
    problem: str
    fix: str
    problem_zh: str
    fix_zh: str
    warning: bool = False


def exact(value: float) -> str:
    """Return a number as a file may give it, with all its digits: written so, it is the same number.

    >>> exact(1234567.0), exact(0.1), exact(3e6)
    ('1234567', '0.1', '3000000')
    """
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e16 else repr(float(value))


def rounded_down(value: float) -> float:
    """Return a number of 0 or more with four digits, not above it: what is proposed stays within a bound.

    >>> rounded_down(0.57735)
    0.5773
    """
    if value <= 0.0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 3)
    return float(f"{math.floor(value / step) * step:.4g}")


def listed(names: Sequence[str]) -> str:
    """Return names as an English sentence lists them.

    >>> listed(["city"]), listed(["city", "counties"]), listed(["a", "b", "c"])
    ('city', 'city and counties', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def exactly_one(what: str, what_zh: str, given: Mapping[str, bool]) -> Iterator[TermFault]:
    """Yield the fault of a block that must have one of some keys and has none, or several.

    Args:
        what: what the block is, in English, such as "a demand".
        what_zh: the same in Chinese.
        given: the keys, and whether each is given.
    """
    if sum(given.values()) == 1:
        return
    keys = listed(list(given))
    keys_zh = "、".join(given) if len(given) > 2 else " 与 ".join(given)
    count, one = {2: "two", 3: "three"}[len(given)], f"write one of {keys}"
    fix = (
        (f"keep one of the {count}", "请只保留其中一个")
        if any(given.values())
        else (one, f"请写 {keys_zh} 之一")
    )
    problem_zh = f"{what_zh}须且只能写 {keys_zh} 之一"
    yield TermFault((), f"{what} has exactly one of {keys}", fix[0], problem_zh, fix[1])


def idle(key: str, why: str, why_zh: str, fix: str = "leave it out", fix_zh: str = "请删去本项") -> TermFault:
    """Return the warning of a value that does nothing.

    Args:
        key: its key.
        why: what else is so that it does nothing, in English.
        why_zh: the same in Chinese.
        fix: what to write instead, in English.
        fix_zh: the same in Chinese.
    """
    return TermFault((key,), f"has no effect: {why}", fix, f"不起作用：{why_zh}", fix_zh, warning=True)


def unknown_name(
    path: tuple[str | int, ...], name: str, known: Iterable[str], what: str, what_zh: str
) -> TermFault:
    """Return the fault of a name that nothing bears, with the name that was probably meant.

    Args:
        path: from the term that reports it to the key or value with the name.
        name: the unknown name.
        known: the names that there are.
        what: what bears such names, in English, as in "there is no segment trad".
        what_zh: the same in Chinese.
    """
    names = sorted(known)
    hint = nearest(name, names)
    fix = f"did you mean {hint}?" if hint else f"known: {', '.join(names) or 'none'}"
    fix_zh = f"是否想写 {hint}？" if hint else f"已有：{'、'.join(names) or '无'}"
    return TermFault(path, f"there is no {what} {name}", fix, f"没有名为 {name} 的{what_zh}", fix_zh)


class Term(pydantic.BaseModel):
    """Base of all blocks of a scenario.

    A subclass declares its fields with :func:`term`.  It may define ``faults(self, context)``, and
    further methods whose names begin with ``faults_``, each a generator of :class:`TermFault`;
    ``context`` is the typed whole of the scenario.  They are called on every term once its fields
    are checked.  When a field that a rule reads is itself at fault, reading it raises
    ``AttributeError`` and the loader passes over the rest of that one generator; rules that stand
    in methods of their own are therefore reported independently.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        taken = {info.alias or name for name, info in cls.model_fields.items()} & RESERVED
        if taken:
            raise TypeError(f"{cls.__name__}: {', '.join(sorted(taken))} are words of the scenario language")

    names_parts: ClassVar[bool] = True
    """Whether the keys of a mapping to such terms name parts of an instrument: parties and figures."""
    own_parts: ClassVar[frozenset[str]] = frozenset({"bank"})
    """Parts that an instrument of these terms names itself; no part or segment of it may be called so."""

    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {}
    """Keys of the parent that these terms don't offer, each with why and what to write, in both languages.

    The field is taken away by ``key: ClassVar[None] = None``, so that schema and reference have no such key.
    """

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Yield the cross-field rules that this term breaks; none by default."""
        yield from ()


class Item(Term):
    """Base of the blocks that stand in lists.

    With names, the items of a list merge with inherited ones and are set one by one; which place an
    item has in its list then does not matter.
    """

    name: str | None = Field(
        None,
        min_length=1,
        json_schema_extra={
            "meaning": "Name by which an heir and --set refer to this item",
            "zh": "条目名称",
            "unit": None,
        },
    )


def term(default: Any = ..., *, meaning: str, zh: str, unit: str | None = None, **bounds: Any) -> Any:
    """Declare a field of a term.

    Args:
        default: value when the key is left out; ``...`` makes the key compulsory.
        meaning: one line of English that says what the value is.
        zh: the Chinese term.
        unit: unit in words where the type does not say it.
        bounds: ``gt``, ``ge``, ``lt``, ``le``, ``min_length``, ``max_length``, ``alias``,
            ``default_factory`` and whatever else pydantic's ``Field`` takes.

    Returns:
        A pydantic field that carries meaning, Chinese term and unit for schema and reference.
    """
    extra: JsonDict = {"meaning": meaning, "zh": zh, "unit": unit}
    if "default_factory" in bounds:
        return Field(description=meaning, json_schema_extra=extra, **bounds)
    return Field(default, description=meaning, json_schema_extra=extra, **bounds)
