"""What the commands that run variants of one scenario have in common: options, and words of messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.scenario_input import (
    FileName,
    dask_option,
    seed_option,
    set_option,
    threads_option,
)

if TYPE_CHECKING:
    from fundsim.cli.console import Session
    from fundsim.errors import Fault
    from fundsim.scenario import Scenario

__all__ = ["DecisionChoice", "as_options", "decision_options", "metric_option", "report_settled"]

Command = TypeVar("Command", bound=Callable[..., Any])

CHINESE.update(
    {
        "Figure, such as 'P(pool.depleted)', 'mean(pool.claims_paid)', 'q99(pool.claims_due)' or "
        "'es99(pool.claims_due)', with @window for the end of the window; may be repeated. The headline "
        "events and the fiscal cost unless given.": (
            "统计量，如 'P(pool.depleted)'、'mean(pool.claims_paid)'、'q99(pool.claims_due)' 或 "
            "'es99(pool.claims_due)'，加 @window 表示政策期末；可重复。不写则取主要事件与财政成本。"
        ),
    }
)

metric_option = click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="FIGURE",
    help="Figure, such as 'P(pool.depleted)', 'mean(pool.claims_paid)', 'q99(pool.claims_due)' or "
    "'es99(pool.claims_due)', with @window for the end of the window; may be repeated. The headline events "
    "and the fiscal cost unless given.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChoice:
    """The options that ``decision_options`` gives a command, as they were chosen."""

    output: Path | None
    paths: int | None
    seed: int | None
    threads: int | None
    dask: str | None
    overrides: tuple[str, ...]
    replace: bool
    plots: Literal["png", "svg", "pdf", "none"]


def decision_options(output: str, paths: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return a decorator for the options of such a command: where to write, how to simulate.

    Args:
        output: help of ``--output``.
        paths: the option ``--paths``.
    """
    options = (
        click.option("-o", "--output", type=FileName(), metavar="DIR", help=output),
        paths,
        seed_option,
        threads_option,
        dask_option,
        set_option,
        click.option(
            "--replace", is_flag=True, help="Replace a folder that holds finished results, in whole."
        ),
        click.option(
            "--plots",
            type=click.Choice(["png", "svg", "pdf", "none"]),
            default="png",
            show_default=True,
            help="Format of the pictures, or none.",
        ),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def report_settled(session: Session, source: str, scenario: Scenario, overrides: tuple[str, ...]) -> None:
    """Report which assumptions ``--set`` gave a value without a range: they are no longer in doubt."""
    if not overrides:
        return
    from fundsim import load  # noqa: PLC0415  (help must not pay for it)
    from fundsim.errors import InputError  # noqa: PLC0415
    from fundsim.scenario.assumptions import assumptions  # noqa: PLC0415

    try:
        before = assumptions(load(source))
    except InputError:  # it is sound with what was set only
        return
    after = {key for one in assumptions(scenario) for key, _, _ in one.members}
    gone = [one.short for one in before if after.isdisjoint(key for key, _, _ in one.members)]
    if gone:
        session.say(
            session.word(
                f"set, and no longer in doubt: {', '.join(gone)}; to keep a range, write "
                "{value: …, low: …, high: …}",
                f"已设定，不再视为假设：{'、'.join(gone)}；如需保留范围，请写 {{value: …, low: …, high: …}}",
            )
        )


@contextmanager
def as_options(arguments: Collection[str], scenario: str = "") -> Iterator[None]:
    """Let messages about arguments of a call in Python name the options of the command line.

    Args:
        arguments: names of arguments that are options here.
        scenario: what was typed for the scenario, for messages about that argument.
    """
    from fundsim.errors import InputError  # noqa: PLC0415  (help must not pay for it)

    try:
        yield
    except InputError as error:
        raise type(error)([_as_option(fault, arguments, scenario) for fault in error.faults]) from error


def _as_option(fault: Fault, arguments: Collection[str], scenario: str) -> Fault:
    if fault.file in arguments and not fault.line:
        return replace(fault, file=f"--{fault.file}")
    if fault.file:
        return fault
    if scenario and fault.key == "scenario":
        return replace(fault, file=scenario, key="", value=None)
    return replace(fault, key=f"--{fault.key}") if fault.key in arguments else fault
