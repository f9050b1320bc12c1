"""What the commands that run variants of one scenario have in common: options, and words of messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

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
    from fundsim.errors import Fault

__all__ = ["as_options", "decision_options", "metric_option"]

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
