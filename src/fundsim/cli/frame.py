"""The frame of the command line: lazy commands, shared options, two languages, exit statuses."""

from __future__ import annotations

import copy
import importlib
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import click

from fundsim.cli.chinese import translate
from fundsim.cli.console import Language, Session, current
from fundsim.cli.usage import GivenTwice, NoSuchCommand
from fundsim.report.folding import cells, fold, padded

__all__ = ["Entry", "FundsimGroup", "common_options"]

LANGUAGES = ("en", "zh")
_NARROWEST, _WIDEST = 20, 80
"""Columns of help texts, at least and at most."""
_LEAST_MEANING = 24
"""Columns that the meaning of an option needs beside it."""


@dataclass(frozen=True)
class Entry:
    """A command before it is loaded: where it lives and what the overview says of it."""

    module: str
    """Module with a list ``COMMANDS`` that holds a command of this name."""
    summary: str
    summary_zh: str


_NOTES = (
    (r"\[env var: (\w+)\]", r"[or set \1]", r"[也可设环境变量 \1]"),
    (r"\[default: ([\w%]+)\]", r"[default: \1]", r"[默认：\1]"),
    (r"x>=(\d+)", r"\1 or more", r"不小于 \1"),
    (r"(\d+)<=x<=(\d+)", r"\1 to \2", r"\1 至 \2"),
    (r"; required\]", r"; required]", r"；必填]"),
    (r"\[required\]", r"[required]", r"[必填]"),
)
"""What click notes behind an option, and what is said instead in English and Chinese."""


class _Formatter(click.HelpFormatter):
    """Help text that follows the language and fits the console, Chinese signs counted twice."""

    lang: Language = "en"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        for part in ("COMMAND [ARGS]...", "[OPTIONS]"):
            args = args.replace(part, translate(part, self.lang) or part)
        first, *rest = fold(f"{prefix or translate('Usage: ', self.lang)}{prog} {args}", self.width)
        self.write("\n".join([first, *(f"  {line}" for part in rest for line in fold(part, self.width - 2))]))
        self.write("\n")

    def write_heading(self, heading: str) -> None:
        """Write a section's heading."""
        colon = "：" if self.lang == "zh" else ":"
        self.write(f"{' ' * self.current_indent}{translate(heading, self.lang) or heading}{colon}\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        indent = " " * self.current_indent
        for line in fold(" ".join(text.split()), self.width - self.current_indent):
            self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with what they mean beside them, or below them where there is little room."""
        pairs = [(first, self._noted(second)) for first, second in rows]
        indent = " " * self.current_indent
        column = min(max((cells(first) for first, _ in pairs), default=0), col_max) + col_spacing
        room = self.width - self.current_indent - column
        below = room < _LEAST_MEANING
        if below:
            column, room = col_spacing, self.width - self.current_indent - col_spacing
        for first, second in pairs:
            lines = fold(second, room)
            if below or cells(first) > column - col_spacing:
                self.write(f"{indent}{first}\n")
            else:
                self.write(f"{indent}{padded(first, column)}{lines.pop(0)}".rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}".rstrip() + "\n")

    def _noted(self, meaning: str) -> str:
        """Return an option's meaning with click's notes in the words of the language."""
        text = " ".join(meaning.split())
        for pattern, english, chinese in _NOTES:
            text = re.sub(pattern, chinese if self.lang == "zh" else english, text)
        return text


class _Context(click.Context):
    def make_formatter(self) -> click.HelpFormatter:
        """Make a formatter that speaks the session's language."""
        columns = shutil.get_terminal_size().columns
        formatter = _Formatter(width=max(_NARROWEST, min(columns, _WIDEST) - 2))
        formatter.lang = current(self.find_object(Session)).lang
        return formatter


class _FundsimCommand(click.Command):
    """A command that takes the shared options and speaks the session's language."""

    context_class = _Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; one that is not for several and is given twice is refused."""
        if args or not self.no_args_is_help:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            seen: set[str | None] = set()
            for parameter in order:
                single = isinstance(parameter, click.Option) and not (
                    parameter.multiple or parameter.is_flag or parameter.count
                )
                if single and parameter.name in seen:
                    raise GivenTwice(parameter, ctx)
                seen.add(parameter.name)
        return super().parse_args(ctx, args)


def _set(name: str) -> Any:
    def store(ctx: click.Context, _param: click.Parameter, value: object) -> None:
        if value:
            setattr(ctx.ensure_object(Session), name, value)

    return store


def common_options(lang: Language) -> list[click.Parameter]:
    """Return the options that the group and every command take, with help in a language."""
    language = click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        callback=_set("lang"),
        envvar="FUNDSIM_LANG",
        show_envvar=True,
        help=translate("Language of messages and tables.", lang),
    )
    as_json = click.Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        callback=_set("json"),
        help=translate("Print results as JSON.", lang),
    )
    quiet = click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        expose_value=False,
        callback=_set("quiet"),
        help=translate("Print no messages and no tables, only errors; --json still prints its result.", lang),
    )
    return [language, as_json, quiet, _help_option(lang)]


def _help_option(lang: Language) -> click.Option:
    def show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            Session().write(ctx.get_help())  # quiet or not: help is what was asked for
            ctx.exit()

    return click.Option(
        ["-h", "--help"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show,
        help=translate("Show this message and exit.", lang),
    )


def _adopt(command: click.Command, entry: Entry, lang: Language) -> click.Command:
    """Return a command with the shared options added and its texts in a language."""
    own = [_translated(parameter, lang) for parameter in command.params]
    return _FundsimCommand(
        name=command.name,
        callback=command.callback,
        params=own + common_options(lang),
        help=translate(command.help, lang),
        epilog=translate(command.epilog, lang),
        short_help=entry.summary_zh if lang == "zh" else entry.summary,
        add_help_option=False,
    )


def _translated(parameter: click.Parameter, lang: Language) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    parameter = copy.copy(parameter)
    parameter.help = translate(parameter.help, lang)
    return parameter


class FundsimGroup(click.Group):
    """The program: a table of commands, each imported only when it is asked for."""

    context_class = _Context

    def __init__(self, entries: dict[str, Entry], lang: Language, **settings: Any) -> None:
        super().__init__(
            add_help_option=False, no_args_is_help=False, subcommand_metavar="COMMAND [ARGS]...", **settings
        )
        self.entries = entries
        self.lang = lang

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in the order of the overview."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and give it the shared options; None if there is none of that name."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        found: Iterable[click.Command] = importlib.import_module(entry.module).COMMANDS
        return next(_adopt(command, entry, self.lang) for command in found if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a call; a misspelt one is a usage error with the nearest name."""
        name = args[0]
        if name not in self.entries:
            raise NoSuchCommand(name, self.entries, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview of commands."""
        # The overview reads the table instead of the commands: it must import none of them.
        with formatter.section("Commands"):
            formatter.write_dl(
                [(n, e.summary_zh if self.lang == "zh" else e.summary) for n, e in self.entries.items()]
            )


def language_of(args: Sequence[str], environ: dict[str, str]) -> Language:
    """Find the language before anything is parsed, since help and usage errors need it too."""
    said = environ.get("FUNDSIM_LANG", "en")
    lang = said if said in LANGUAGES else "en"
    for position, word in enumerate(args):
        if word == "--":
            break
        if word == "--lang":
            said = args[position + 1] if position + 1 < len(args) else lang
        elif word.startswith("--lang="):
            said = word.removeprefix("--lang=")
        # The complaint about an unknown language is written in the one that was said before.
        lang = said if said in LANGUAGES else lang
    return cast(Language, lang)
