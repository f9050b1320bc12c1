"""How commands take a scenario: the options that change it, and reading it with its warnings reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session, current
from fundsim.errors import UsageError

if TYPE_CHECKING:
    from fundsim.scenario import Scenario

__all__ = [
    "FileName",
    "Number",
    "Precision",
    "checked_patterns",
    "dask_option",
    "load_scenario",
    "paths_option",
    "report_set_on_all",
    "report_surprises",
    "report_tapes",
    "seed_option",
    "set_option",
    "threads_option",
]

CHINESE.update(
    {
        "Seed of the random numbers; the scenario's unless given.": "随机数种子，默认取情景中的设定。",
        "Set a value of the scenario before anything is checked; may be repeated.": (
            "在检查之前设定情景中的一个数值；可重复使用。"
        ),
        "Simulate on a Dask cluster: the address of its scheduler, or local:N for N workers on this machine. "
        "Results don't depend on it.": (
            "在 Dask 集群上模拟：调度器地址，或用 local:N 在本机启动 N 个工作进程；结果不变。"
        ),
    }
)


class Number(click.ParamType):  # type: ignore[type-arg]
    """A whole number, read as a scenario reads it and checked as the Python calls check it."""

    name = "integer"

    def __init__(self, check: str) -> None:
        """Take the name of a function of ``fundsim.arguments``."""
        self._check = check

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or refuse the text in the session's language."""
        from fundsim import arguments  # noqa: PLC0415  (help must not pay for it)

        if isinstance(value, int):
            return value
        check: Callable[..., int] = getattr(arguments, self._check)
        try:
            return check(value.strip(), written=True)
        except UsageError as error:
            return self.fail(_problem(value, error, ctx), param, ctx)


class Precision(click.ParamType):  # type: ignore[type-arg]
    """An error as a part of a figure, such as 1 %."""

    name = "precision"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the precision as a fraction, or refuse the text in the session's language."""
        from fundsim import arguments  # noqa: PLC0415

        try:
            return arguments.precision(value)
        except UsageError as error:
            return self.fail(_problem(str(value), error, ctx), param, ctx)


class FileName(click.ParamType):  # type: ignore[type-arg]
    """The name of a file or a folder to be written."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the name as a path; an empty one is refused."""
        from fundsim import arguments  # noqa: PLC0415

        try:
            return arguments.file_name("", value)
        except UsageError as error:
            return self.fail(_problem(value, error, ctx), param, ctx)


def checked_patterns(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return the patterns of an option that may be repeated, None where it is not given."""
    from fundsim import arguments  # noqa: PLC0415

    try:
        return arguments.patterns("metrics", value or None)
    except UsageError as error:
        raise click.BadParameter(_problem(",".join(value), error, ctx), ctx, param) from None


def _problem(value: str, error: UsageError, ctx: click.Context | None) -> str:
    """Return what is wrong with a value as one sentence, as the other messages of a command line are."""
    fault = error.faults[0]
    if current(ctx.find_object(Session) if ctx else None).lang == "zh":
        return f"{value!r}：{fault.problem_zh}；{fault.fix_zh}。"
    return f"{value!r}: {fault.problem}; {fault.fix}."


paths_option = click.option(
    "--paths",
    type=Number("number_of_paths"),
    metavar="N",
    help="Number of simulated paths; the scenario's unless given.",
)
seed_option = click.option(
    "--seed",
    type=Number("seed"),
    metavar="S",
    help="Seed of the random numbers; the scenario's unless given.",
)
dask_option = click.option(
    "--dask",
    metavar="ADDRESS",
    help="Simulate on a Dask cluster: the address of its scheduler, or local:N for N workers on this "
    "machine. Results don't depend on it.",
)
threads_option = click.option(
    "--threads",
    type=Number("thread_count"),
    metavar="K",
    help="Number of threads; every core unless given. Results don't depend on it.",
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a value of the scenario before anything is checked; may be repeated.",
)


def load_scenario(session: Session, source: str, overrides: tuple[str, ...] = ()) -> Scenario:
    """Load a scenario and report its warnings.

    Args:
        session: where the warnings are printed.
        source: a file, or the name of a bundled scenario.
        overrides: texts such as ``pool.multiple=8``.

    Raises:
        ScenarioError: it has faults.
    """
    from fundsim.instruments import KINDS  # noqa: PLC0415  (help must not pay for it)
    from fundsim.scenario import load  # noqa: PLC0415

    scenario = load(source, kinds=KINDS, overrides=overrides)
    for warning in scenario.warnings:
        session.say(session.word("warning: ", "警告：") + warning.text(session.lang))
    return scenario


def report_set_on_all(session: Session, overrides: tuple[str, ...], count: int) -> None:
    """Report that ``--set`` changes each of several scenarios: between them it is no difference."""
    if overrides:
        said = ", ".join(overrides)
        which = session.word(
            "both" if count == 2 else f"all {count}", "两个" if count == 2 else f"全部 {count} 个"
        )
        session.say(
            session.word(
                f"--set changes {which} scenarios alike: {said}", f"--set 对{which}情景作同样的改动：{said}"
            )
        )


def report_surprises(session: Session, scenario: Scenario) -> None:
    """Report what is legal and surprising in a scenario, and count and total of its tapes, before it is run.

    Raises:
        ScenarioError: it can't be lowered.
    """
    from fundsim.errors import ScenarioError  # noqa: PLC0415
    from fundsim.lowering import review  # noqa: PLC0415

    found = review(scenario)
    if any(not fault.warning for fault in found):
        raise ScenarioError(found)
    for warning in found:
        session.say(session.word("warning: ", "警告：") + warning.text(session.lang))
    report_tapes(session, scenario)


def report_tapes(session: Session, scenario: Scenario) -> None:
    """Report count and total of each loan tape, to be compared with what the bank says."""
    from fundsim.lowering import tape_notes  # noqa: PLC0415

    for english, chinese in tape_notes(scenario):
        session.say(session.word(english, chinese))
