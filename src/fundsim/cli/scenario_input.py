"""How commands take a scenario: the options that change it, and reading it with its warnings told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fundsim.cli.words import CHINESE

if TYPE_CHECKING:
    from fundsim.cli.console import Session
    from fundsim.scenario import Scenario

__all__ = ["LARGEST_SEED", "load_scenario", "seed_option", "set_option"]

LARGEST_SEED = 2**64 - 1

CHINESE.update(
    {
        "Seed of the random numbers; the scenario's unless given.": "随机数种子，默认取情景中的设定。",
        "Set a value of the scenario before anything is checked; may be repeated.": (
            "在检查之前设定情景中的一个数值；可重复使用。"
        ),
    }
)

seed_option = click.option(
    "--seed",
    type=click.IntRange(min=0, max=LARGEST_SEED),
    metavar="S",
    help="Seed of the random numbers; the scenario's unless given.",
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a value of the scenario before anything is checked; may be repeated.",
)


def load_scenario(session: Session, source: str, overrides: tuple[str, ...] = ()) -> Scenario:
    """Load a scenario and tell its warnings.

    Args:
        session: told the warnings.
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
