"""What is said of a value that the terms refuse, in plain words and both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fundsim.scenario.anatomy import Anatomy, Bounds, FieldOf, anatomy, fields_of
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Block, Items, Node, Scalar, shown
from fundsim.scenario.spelling import nearest, plain, same
from fundsim.scenario.synonyms import choice_for, key_for

__all__ = [
    "meant_key",
    "missing_key",
    "no_choice",
    "range_without_number",
    "refused",
    "unknown_key",
    "wrong_form",
]


BEYOND = 1e5
"""A bound above this only says what can be computed with."""
_ABOUT = ("source", "note")
"""Keys that every block may have."""


def refused(
    error: Mapping[str, Any],
    bounds: Bounds,
    node: Node,
    choices: Sequence[Any],
    accepts: Callable[[str], bool] = lambda _: True,
) -> Message:
    """Return what to say of one pydantic error on a single value.

    ``accepts`` says whether the key would take a text: nothing is proposed that it would refuse in turn.
    """
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "fundsim":
        message: Message = (context["problem"], context["fix"], context["problem_zh"], context["fix_zh"])
        if "meant" in context and not accepts(context["meant"]):
            message = (message[0], _out_of_bounds(bounds)[0], message[2], _out_of_bounds(bounds)[2])
        return _with_full_width_hint(message, node, accepts)
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return _out_of_bounds(bounds)
    if kind == "literal_error":
        return no_choice(node, choices)
    message = _KINDS.get(kind) or (
        f"is not acceptable ({error['msg']})", "write another value",
        f"不可接受（{error['msg']}）", "请改写",
    )  # fmt: skip
    if kind == "string_type" and isinstance(node, Scalar):
        message = (
            message[0],
            f'put it in quotes: "{shown(node.written)}"',
            message[2],
            f'请加引号："{shown(node.written)}"',
        )
    if isinstance(node, Scalar):
        meant = next((word for word in _other_ways(kind, node) if accepts(word)), None)
        if meant:
            return message[0], f"did you mean {meant}?", message[2], f"是否想写 {meant}？"
    return _with_full_width_hint(message, node, accepts)


def _other_ways(kind: str, node: Scalar) -> Iterator[str]:
    """Yield what may be meant by a text that is no truth value or no whole number."""
    word = plain(node.written.strip("'\"")).strip().lower()
    if kind == "bool_type":
        yield from (truth for truth, words in _TRUTH.items() if word in words)
    elif kind in ("int_type", "int_from_float", "int_parsing"):
        digits = re.findall(r"\d+", word)
        if len(digits) == 1 and "." not in word and "-" not in word:
            yield digits[0]


_TRUTH = {
    "true": frozenset({"yes", "y", "on", "1", "是", "有", "真", "t"}),
    "false": frozenset({"no", "n", "off", "0", "否", "无", "假", "f"}),
}
_WHOLE: Message = (
    "a whole number is expected",
    "write a number such as 12",
    "此处应为整数",
    "请写整数，如 12",
)
_KINDS: dict[str, Message] = {
    "string_type": ("a text is expected", "put it in quotes", "此处应为文字", "请加引号"),
    "string_too_short": ("an empty text", "write at least one character", "文字为空", "请至少写一个字"),
    "string_too_long": ("too long a text", "shorten it", "文字过长", "请缩短"),
    "string_pattern_mismatch": ("a text of another form is expected", "look the form up in the reference",
                                "文字格式不符", "请查阅参考手册中的格式"),
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "float_type": ("a number is expected", "write a number such as 0.5", "此处应为数字", "请写数字，如 0.5"),
    "finite_number": ("not a finite number", "write a finite number", "不是有限的数", "请写有限的数"),
    "bool_type": ("true or false is expected", "write true or false", "此处应为 true 或 false",
                  "请写 true 或 false"),
    "too_short": ("too few items", "add items", "项目过少", "请增加"),
    "too_long": ("too many items", "delete items", "项目过多", "请删减"),
}  # fmt: skip


def _out_of_bounds(bounds: Bounds) -> Message:
    low, high = bounds.low, bounds.high
    if high is not None and low is not None and high > BEYOND:
        high = None  # nobody who went below the low end asks for the largest number that can be computed with
    if low is not None and high is not None:
        a, b = (
            ("more than" if bounds.low_open else "at least"),
            ("less than" if bounds.high_open else "at most"),
        )
        a_zh, b_zh = ("大于" if bounds.low_open else "不小于"), ("小于" if bounds.high_open else "不大于")
        return (f"must be {a} {low:g} and {b} {high:g}", "write a number in that range",
                f"须{a_zh} {low:g} 且{b_zh} {high:g}", "请写该范围内的数")  # fmt: skip
    if low is not None:
        a, a_zh = ("more than", "大于") if bounds.low_open else ("at least", "不小于")
        return (f"must be {a} {low:g}", "write a larger number", f"须{a_zh} {low:g}", "请写更大的数")
    b, b_zh = ("less than", "小于") if bounds.high_open else ("at most", "不大于")
    bound = f"{high:g}" if high is not None else "the bound"
    return (f"must be {b} {bound}", "write a smaller number", f"须{b_zh} {bound}", "请写更小的数")


def no_choice(node: Node, choices: Sequence[Any]) -> Message:
    """Return what to say of a value that is none of the allowed words."""
    known = [_word(choice) for choice in choices]
    listed = ", ".join(known)
    word = str(node.value) if isinstance(node, Scalar) else ""
    hint = (same(word, known) or choice_for(word, known) or nearest(word, known)) if word else None
    problem, problem_zh = f"is none of {listed}", f"不在可选值之内（{listed}）"
    if hint:
        return problem, f"did you mean {hint}?", problem_zh, f"是否想写 {hint}？"
    return problem, "write one of these", problem_zh, "请写其中之一"


def range_without_number() -> Message:
    """Return what to say of ``low`` or ``high`` beside a value that is no number."""
    return "low and high go with a number", "delete it", "low 与 high 只能用于数字", "请删除"


def _word(choice: object) -> str:
    return (
        {True: "true", False: "false"}.get(choice, str(choice)) if isinstance(choice, bool) else str(choice)
    )


def wrong_form(form: Anatomy, node: Node) -> Message:
    """Return what to say when a block, a list or a single value stands where another form must."""
    wanted, wanted_zh, fix, fix_zh = _wanted(form)
    got, got_zh = _got(node)
    message = (f"{wanted} is expected, not {got}", fix, f"此处应为{wanted_zh}，而不是{got_zh}", fix_zh)
    return _with_full_width_hint(message, node, lambda text: text.startswith(("[", "{")) or ": " in text)


def _wanted(form: Anatomy) -> tuple[str, str, str, str]:
    if form.terms or form.table:
        fields = [field for cls in form.terms for field in fields_of(cls)]
        # What the block can't do without, or else its first key.
        keys = [field.key for field in fields if field.required] or [field.key for field in fields]
        example = keys[0] if keys else "name"
        return ("a block of keys", "一组键值", f"write indented lines such as `{example}: …`",
                f"请另起缩进行，如 {example}: …")  # fmt: skip
    if form.takes_list:
        return (
            "a list",
            "列表",
            "write [a, b], or lines that begin with '- '",
            "请写 [a, b] 或以 '- ' 开头的行",
        )
    return "a single value", "单个值", "write one number or text", "请写一个数字或文字"


def _got(node: Node) -> tuple[str, str]:
    if isinstance(node, Block):
        return "a block", "一组键值"
    if isinstance(node, Items):
        return "a list", "列表"
    if isinstance(node, Scalar) and node.value is None:
        return "nothing", "空值"
    return "a single value", "单个值"


def _with_full_width_hint(message: Message, node: Node, accepts: Callable[[str], bool]) -> Message:
    """Replace the fix by what was probably meant, if the value has full-width characters."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return message
    text, meant = node.value, plain(node.value)
    for colon in ("：", ":"):
        head, mark, rest = text.partition(colon)
        if mark and rest and head.isidentifier() and not rest.startswith(" "):
            meant = f"{head}: {plain(rest)}"
    if meant == text or message[1].startswith(("did you mean", "leave")) or not accepts(meant):
        return message
    return message[0], f"did you mean {shown(meant)}?", message[2], f"是否想写 {shown(meant)}？"


def unknown_key(key: str, fields: Sequence[FieldOf], elsewhere: Iterable[str] = ()) -> Message:
    """Return what to say of a key that a block does not have, with the key that was meant.

    ``elsewhere`` names keys with their block, ``loan.rate``, that may have been meant.
    """
    moved = next((path for path in elsewhere if path.rpartition(".")[2] == key), None)
    hint = moved or meant_key(key, fields)
    if hint:
        return "there is no such key", f"did you mean {hint}?", "没有这个键", f"是否想写 {hint}？"
    known = ", ".join(field.key for field in fields)
    return "there is no such key", f"known keys: {known}", "没有这个键", f"可用的键：{known}"


def meant_key(key: str, fields: Sequence[FieldOf]) -> str | None:
    """Return the key that was probably meant by one that a block does not have, such as ``loan.rate``."""
    by_zh = {field.zh: field.key for field in fields if field.zh}
    known = [field.key for field in fields]
    return (
        same(key, known, by_zh)
        or key_for(key, known)
        or _inner(key, fields)
        or nearest(key, [*known, *(about for about in _ABOUT if f"{about}s" not in known)], by_zh)
        or key_for(key, _ABOUT)
        or _close_inner(key, fields)
    )


def _inner(key: str, fields: Sequence[FieldOf]) -> str | None:
    """Return the key of a nested block that was probably meant: ``loan.rate`` for ``rate``."""
    nested = _nested(fields)
    word = key_for(key, {inner.key for inner in nested.values()})
    for path, inner in nested.items():
        if key in (inner.key, inner.zh) or inner.key == word:
            return path
    return None


def _close_inner(key: str, fields: Sequence[FieldOf]) -> str | None:
    nested = _nested(fields)
    close = nearest(key, [inner.key for inner in nested.values()])
    return next((path for path, inner in nested.items() if inner.key == close), None) if close else None


def _nested(fields: Sequence[FieldOf]) -> dict[str, FieldOf]:
    """Return the keys of the blocks below, with the block's: ``loan.rate``."""
    return {
        f"{field.key}.{inner.key}": inner
        for field in fields
        for cls in field.anatomy.terms
        for inner in fields_of(cls)
    }


def missing_key(field: FieldOf) -> Message:
    """Return what to say of a compulsory key that is not there."""
    form = anatomy(field.info.annotation)
    forms = (("a value", form.scalars), ("a list", form.takes_list), ("a block", form.terms or form.table))
    wanted = " or ".join(name for name, allowed in forms if allowed)
    meaning = field.meaning[:1].lower() + field.meaning[1:]
    return (
        "is missing", f"add `{field.key}: …`, {wanted}: {meaning}",
        "缺少该项", f"请添加 {field.key}: …（{field.zh}）",
    )  # fmt: skip
