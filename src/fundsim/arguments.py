"""Checks of arguments, in the same words for the command line and for the Python calls.

What is right comes back as a plain Python value: an ``int`` for NumPy's integers, a ``Path`` for the name of
a file.  What is wrong is a :class:`fundsim.errors.UsageError` that names the argument and its value.
"""

from __future__ import annotations

import difflib
import numbers
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fundsim.errors import Fault, UsageError

if TYPE_CHECKING:
    from fundsim.units import Quantity

__all__ = [
    "LANGUAGES",
    "LARGEST_PATH",
    "MOST_THREADS",
    "choice",
    "file_name",
    "flag",
    "function",
    "instance",
    "number_of_paths",
    "overrides",
    "path_number",
    "patterns",
    "precision",
    "refused",
    "seed",
    "text",
    "texts",
    "thread_count",
    "threads_or_all",
]

LANGUAGES = ("en", "zh")
LARGEST_PATH = 2**63 - 1
MOST_DRAWS = 100_000
MOST_THREADS = 1024
_LONGEST = 60
"""Characters of a value that a message shows."""
_HUGE_BITS = 997
"""An integer of more bits is beyond every number that a reader of quantities takes."""
_UNDERSCORES = re.compile(r"[-+]?\d+(_\d+)+")

Message = tuple[str, str, str, str]
Kind = TypeVar("Kind")


def refused(name: str, value: object, message: Message) -> UsageError:
    """Return the error of one argument: what is wrong and how to fix it, in English and Chinese."""
    shown = repr(value)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
    problem, fix, problem_zh, fix_zh = message
    return UsageError([Fault("", 0, 0, name, shown, problem, fix, problem_zh, fix_zh)])


def number_of_paths(value: object, *, written: bool = False, least: int = 1) -> int:
    """Return a number of paths, 1 or more unless said, read as ``run.paths`` of a scenario is."""
    from fundsim.units import COUNT  # noqa: PLC0415  (help must not pay for pydantic)

    paths = replace(
        COUNT, article="a number of paths", term_zh="路径数", low=least,
        example='a whole number such as 20000, or "2万"', example_zh='整数（如 20000）或 "2万"',
    )  # fmt: skip
    return _whole("paths", value, paths, written)


def number_of_draws(value: object, *, written: bool = False) -> int:
    """Return a number of draws of assumptions, 2 … 100,000."""
    from fundsim.units import COUNT  # noqa: PLC0415

    draws = replace(
        COUNT, article="a number of draws", term_zh="抽取次数", low=2, high=MOST_DRAWS,
        example="a whole number such as 200", example_zh="整数，如 200",
    )  # fmt: skip
    return _whole("draws", value, draws, written)


def seed(value: object, *, written: bool = False) -> int:
    """Return a seed, 0 … 2⁶⁴ − 1, read as ``run.seed`` of a scenario is."""
    from fundsim.units import SEED  # noqa: PLC0415

    return _whole("seed", value, SEED, written)


def thread_count(value: object, *, written: bool = False) -> int:
    """Return a number of threads, 1 … 1024."""
    from fundsim.units import COUNT  # noqa: PLC0415

    threads = replace(
        COUNT, article="a number of threads", term_zh="线程数", low=1, high=MOST_THREADS,
        example="a whole number such as 4", example_zh="整数，如 4",
    )  # fmt: skip
    return _whole("threads", value, threads, written)


def threads_or_all(value: object) -> int:
    """Return a number of threads, one a processor where none is given."""
    return min(os.cpu_count() or 1, MOST_THREADS) if value is None else thread_count(value)


def path_number(value: object, *, written: bool = False) -> int:
    """Return the number of a path, 0 … 2⁶³ − 1."""
    from fundsim.units import COUNT  # noqa: PLC0415

    path = replace(
        COUNT, article="the number of a path", term_zh="路径编号", high=LARGEST_PATH,
        example="a whole number from 0 on, such as 12", example_zh="从 0 起的整数，如 12",
    )  # fmt: skip
    return _whole("path", value, path, written)


def _whole(name: str, value: object, quantity: Quantity, written: bool) -> int:
    """Return a whole number in a quantity's range; ``written`` says that text is read, as in a command."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    message: Message
    plain = _plain(value)
    if isinstance(plain, str) and not written:
        message = (f"{quantity.article} is expected, not text", f"write {quantity.example}",
                   f"此处应为{quantity.term_zh}，而不是文字", f"请写{quantity.example_zh}")  # fmt: skip
        raise refused(name, value, message)
    if isinstance(plain, str) and _UNDERSCORES.fullmatch(plain):
        plain = plain.replace("_", "")
    if isinstance(plain, int) and plain.bit_length() > _HUGE_BITS:
        message = (
            "too large a number",
            f"write {quantity.example}",
            "数字过大",
            f"请写{quantity.example_zh}",
        )
        raise refused(name, value, message)
    try:
        return int(quantity.read(plain))
    except PydanticCustomError as error:
        why = error.context or {}
        message = (why["problem"], why["fix"], why["problem_zh"], why["fix_zh"])
        raise refused(name, value, message) from None


def _plain(value: object) -> object:
    """Return NumPy's scalars as Python's; a truth value stays one, for it is no number."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "b" and getattr(value, "shape", None) == ():
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return float(value)
    return value


def text(name: str, value: object, what: str = "a text", what_zh: str = "文字") -> str:
    """Return a text that is not empty."""
    if isinstance(value, str) and value:
        return str(value)
    said, said_zh = ("an empty one", "空值") if value == "" else _said(value)
    raise refused(name, value, (f"{what} is expected, not {said}", "write it in quotes",
                                f"此处应为{what_zh}，而不是{said_zh}", "请写入引号中的文字"))  # fmt: skip


def texts(name: str, value: object, example: str) -> tuple[str, ...]:
    """Return a text, or several, as a tuple of one or more."""
    found = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else None
    if found and all(isinstance(one, str) and one for one in found):
        return tuple(str(one) for one in found)
    raise refused(name, value, ("a text or a list of texts is expected", f'write "{example}"',
                                "此处应为文字或其列表", f'请写 "{example}"'))  # fmt: skip


def precision(value: object) -> float:
    """Return a precision, more than 0 and at most 1: ``0.01`` or ``"1%"``."""
    from pydantic_core import PydanticCustomError  # noqa: PLC0415

    from fundsim.units import SHARE  # noqa: PLC0415

    share = replace(SHARE, article="a precision", term_zh="精度", example='a fraction such as 0.01, or "1%"',
                    example_zh='小数（如 0.01）或 "1%"')  # fmt: skip
    try:
        found = float(share.read(_plain(value)))
    except PydanticCustomError as error:
        why = error.context or {}
        message = (why["problem"], why["fix"], why["problem_zh"], why["fix_zh"])
        raise refused("precision", value, message) from None
    if found <= 0.0:
        raise refused("precision", value, ("a precision is more than 0", "write such as 1%",
                                           "精度须大于 0", "请写如 1%"))  # fmt: skip
    return found


def choice(name: str, value: object, known: Sequence[str]) -> str:
    """Return one of the known words."""
    if isinstance(value, str) and value in known:
        return str(value)
    listed = ", ".join(known)
    near = difflib.get_close_matches(value, known, n=1) if isinstance(value, str) else []
    fix, fix_zh = (
        (f"did you mean {near[0]}?", f"是否想写 {near[0]}？")
        if near
        else ("write one of these", "请写其中之一")
    )
    raise refused(name, value, (f"is none of {listed}", fix, f"不在可选值之内（{listed}）", fix_zh))


def flag(name: str, value: object) -> bool:
    """Return a truth value."""
    plain = _plain(value)
    if isinstance(plain, bool):
        return plain
    raise refused(name, value, ("True or False is expected", "write True or False",
                                "此处应为 True 或 False", "请写 True 或 False"))  # fmt: skip


def file_name(name: str, value: object) -> Path:
    """Return the name of a file or folder as a path; ``~`` is the user's home, as in a shell."""
    if isinstance(value, str | os.PathLike):
        given = os.fspath(value)
        if isinstance(given, str) and given.strip() and "\0" not in given:
            return Path(os.path.expanduser(given))
        if isinstance(given, str) and not given.strip():
            raise refused(
                name, value, ("an empty name", "name a file or a folder", "名称为空", "请写文件或文件夹名")
            )
        if isinstance(given, str):
            raise refused(name, value, ("a name can't have a NUL character", "delete it",
                                        "名称不能含 NUL 字符", "请删除"))  # fmt: skip
    said, said_zh = _said(value)
    message = (f"the name of a file or a folder is expected, not {said}", "write a text or a Path",
               f"此处应为文件或文件夹名，而不是{said_zh}", "请写文字或 Path")  # fmt: skip
    raise refused(name, value, message)


def patterns(name: str, value: object) -> tuple[str, ...] | None:
    """Return glob patterns; None where none are given.  Commas in a text separate as a list does."""
    if value is None:
        return None
    given = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else None
    if given is None or not all(isinstance(one, str) for one in given):
        raise refused(name, value, ("a pattern or a list of patterns is expected", 'write "*.claims_paid"',
                                    "此处应为通配模式或其列表", '请写 "*.claims_paid"'))  # fmt: skip
    found = tuple(part.strip() for one in given for part in one.split(",") if part.strip())
    if not found:
        raise refused(name, value, ("names no metric", "name at least one, or leave it out",
                                    "没有写任何指标", "请至少写一个，或删去本项"))  # fmt: skip
    return found


def overrides(name: str, value: object) -> list[str | tuple[str, Any]]:
    """Return changes of a scenario: texts ``key=value``, or pairs of a key and a value."""
    found: list[Any] | None = [value] if isinstance(value, str) else None
    if isinstance(value, Mapping):
        found = list(value.items())
    elif found is None and isinstance(value, Iterable) and not isinstance(value, bytes):
        found = list(value)
    if found is None or not all(_is_override(one) for one in found):
        message = ("changes are expected", 'write ["pool.multiple=8"] or {"pool.multiple": 8}',
                   "此处应为要改的数值", '请写 ["pool.multiple=8"] 或 {"pool.multiple": 8}')  # fmt: skip
        raise refused(name, value, message)
    return [str(one) if isinstance(one, str) else (str(one[0]), one[1]) for one in found]


def _is_override(one: object) -> bool:
    pair = isinstance(one, tuple | list) and len(one) == 2 and isinstance(one[0], str) and bool(one[0])
    return pair or (isinstance(one, str) and bool(one))


def instance(name: str, value: object, kind: type[Kind], how: str, how_zh: str) -> Kind:
    """Return an object of a class; ``how`` says where to get one."""
    if isinstance(value, kind):
        return value
    said, said_zh = _said(value)
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    raise refused(name, value, (f"{article} {kind.__name__} is expected, not {said}", how,
                                f"此处应为 {kind.__name__}，而不是{said_zh}", how_zh))  # fmt: skip


def function(name: str, value: Any) -> Any:
    """Return a function, or None."""
    if value is None or callable(value):
        return value
    said, said_zh = _said(value)
    raise refused(name, value, (f"a function is expected, not {said}", "give a function, or leave it out",
                                f"此处应为函数，而不是{said_zh}", "请给出函数，或删去本项"))  # fmt: skip


def _said(value: object) -> tuple[str, str]:
    plain = _plain(value)
    if plain is None:
        return "nothing", "空值"
    if isinstance(plain, bool):
        return "a truth value", "真假值"
    for kinds, said in (
        ((str,), ("text", "文字")),
        ((int, float), ("a number", "数字")),
        ((bytes,), ("bytes", "字节")),
        ((list, tuple), ("a list", "列表")),
    ):
        if isinstance(plain, kinds):
            return said
    return f"a {type(value).__name__}", f" {type(value).__name__}"
