"""What is wrong with a command line, in both languages: click's errors in words of our own."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

import click

from fundsim.cli.console import Language

__all__ = ["GivenTwice", "NoSuchCommand", "usage_message"]

_SAID: tuple[tuple[str, str, str], ...] = (
    (r"Missing command\.?", "Missing command.", "缺少命令。"),
    (
        r"Got unexpected extra argument(s?) \((.*)\)",
        r"Got unexpected extra argument\1: \2.",
        r"多余的参数：\2。",
    ),
    (r"Option '?(.*?)'? requires an argument\.?", r"Option '\1' requires a value.", r"选项 \1 需要一个值。"),
    (
        r"Option '?(.*?)'? requires (\d+) arguments\.?",
        r"Option '\1' requires \2 values.",
        r"选项 \1 需要 \2 个值。",
    ),
    (
        r"Option '?(.*?)'? does not take a value\.?",
        r"Option '\1' does not take a value.",
        r"选项 \1 不带值。",
    ),
    (r"'(.*)' is not a valid integer( range)?\.?", r"'\1' is not a whole number.", r"'\1' 不是整数。"),
    (r"(-?\d+) is not in the range x>=(-?\d+)\.?", r"\1 is less than \2.", r"\1 应不小于 \2。"),
    (
        r"(-?\d+) is not in the range (-?\d+)<=x<=(\d+)\.?",
        r"\1 is not in the range \2 to \3.",
        r"\1 应在 \2 与 \3 之间。",
    ),
    (r"File '(.*)' is a directory\.?", r"'\1' is a folder, not a file.", r"'\1' 是文件夹，不是文件。"),
    (r"Directory '(.*)' is a file\.?", r"'\1' is a file, not a folder.", r"'\1' 是文件，不是文件夹。"),
    (r"\w+ '(.*)' does not exist\.?", r"'\1' does not exist.", r"'\1' 不存在。"),
    (r"\w+ '(.*)' is not readable\.?", r"'\1' can't be read.", r"'\1' 无法读取。"),
    (r"\w+ '(.*)' is not writable\.?", r"'\1' can't be written.", r"'\1' 无法写入。"),
)
"""What click says, in a form that its versions share, and what is said instead in English and Chinese."""


class NoSuchCommand(click.UsageError):
    """A command that does not exist."""

    def __init__(self, name: str, known: Iterable[str], ctx: click.Context) -> None:
        super().__init__(f"No such command '{name}'.", ctx)
        self.name = name
        self.near = difflib.get_close_matches(name, list(known), n=1)


class GivenTwice(click.UsageError):
    """An option of a single value that is given more than once."""

    def __init__(self, parameter: click.Parameter, ctx: click.Context) -> None:
        super().__init__("Option given twice.", ctx)
        self.parameter = parameter


def usage_message(error: click.UsageError, lang: Language) -> str:
    """Return what is wrong with the command line, in a language.

    >>> usage_message(click.UsageError("Got unexpected extra arguments (a b)"), "zh")
    '多余的参数：a b。'
    """
    if isinstance(error, NoSuchCommand | GivenTwice):
        return _own(error, lang)
    if isinstance(error, click.NoSuchOption):
        problem = (
            f"没有选项 {error.option_name}。" if lang == "zh" else f"No such option '{error.option_name}'."
        )
        return problem + _hint(_nearest(error.option_name, error.possibilities or ()), lang)
    if isinstance(error, click.MissingParameter):
        return _missing(error.param, lang)
    if isinstance(error, click.BadParameter):
        return _bad_value(error, lang)
    return _said(error.message, lang)


def _own(error: NoSuchCommand | GivenTwice, lang: Language) -> str:
    if isinstance(error, NoSuchCommand):
        problem = f"没有命令 '{error.name}'。" if lang == "zh" else f"No such command '{error.name}'."
        return problem + _hint(error.near, lang)
    name, count = _name_of(error.parameter), error.parameter.nargs
    if lang == "zh":
        return f"选项 {name} 只能给{'一' if count == 1 else f' {count} '}个值，却给了多次，请只保留一个。"
    values = "one value" if count == 1 else f"{count} values"
    return f"Option '{name}' takes {values} and is given more than once; keep one of them."


def _missing(parameter: click.Parameter | None, lang: Language) -> str:
    name, option = _name_of(parameter), _is_option(parameter)
    if lang == "zh":
        return f"缺少{'选项' if option else '参数'} {name}。"
    return f"Missing {'option' if option else 'argument'} '{name}'."


def _bad_value(error: click.BadParameter, lang: Language) -> str:
    name = _name_of(error.param) or str(error.param_hint or "")
    said = _choices(error, lang) or _said(error.message, lang)
    where = _environment(error.param)
    if lang == "zh":
        return f"{name}{f'（或环境变量 {where}）' if where else ' '}的值无效：{said}"
    return f"Invalid value for '{name}'{f' (or {where})' if where else ''}: {said}"


def _choices(error: click.BadParameter, lang: Language) -> str:
    """Say which values there are, where only some are allowed, and which of them is near."""
    given = re.match(r"'(.*)' is not ", error.message)
    kind = error.param.type if error.param is not None else None
    if given is None or not isinstance(kind, click.Choice):
        return ""
    known = [str(choice) for choice in kind.choices]
    near = difflib.get_close_matches(given[1], known, n=1)
    if lang == "zh":
        return f"'{given[1]}' 不在可选值之中（{'、'.join(known)}）。{_hint(near, lang)}"
    return f"'{given[1]}' is not one of {', '.join(known)}.{_hint(near, lang)}"


def _said(message: str, lang: Language) -> str:
    for pattern, english, chinese in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(chinese if lang == "zh" else english)
    return message


def _is_option(parameter: click.Parameter | None) -> bool:
    return isinstance(parameter, click.Option)


def _name_of(parameter: click.Parameter | None) -> str:
    """Return what a parameter is called in the usage line: its longest option, or its metavar."""
    if parameter is None:
        return ""
    if _is_option(parameter):
        return max(parameter.opts, key=len)
    return (parameter.metavar or parameter.name or "").upper().removesuffix("...")


def _environment(parameter: click.Parameter | None) -> str:
    variable = getattr(parameter, "envvar", None)
    return variable if isinstance(variable, str) else ""


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    """Return at most three names that may be meant: those that it begins, or else the most alike."""
    begun = [one for one in known if one.startswith(name) and len(name) > len("--")]
    if begun:
        return begun[:3]
    return difflib.get_close_matches(name, known, n=3)


def _hint(near: Sequence[str], lang: Language) -> str:
    """Return a question whether one of some names is meant, empty if there is none.

    >>> _hint(["--paths", "--plots"], "en"), _hint(["--paths", "--plots"], "zh")
    (" Did you mean '--paths' or '--plots'?", '是否想写 --paths 或 --plots？')
    """
    if not near:
        return ""
    *others, last = near
    if lang == "zh":
        return f"是否想写 {'、'.join(others)}{' 或 ' if others else ''}{last}？"
    quoted = [f"'{one}'" for one in near]
    return f" Did you mean {', '.join(quoted[:-1])}{' or ' if others else ''}{quoted[-1]}?"
