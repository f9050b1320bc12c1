"""``fundsim doubt``: how sure figures are when the assumptions are in doubt too."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.decisions import DecisionChoice, decision_options, metric_option, report_settled
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import Number, load_scenario, report_surprises
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from fundsim.api.doubt import Doubt

__all__ = ["COMMANDS", "doubt"]

PATHS = 5_000
"""Paths for each draw, unless given."""

CHINESE.update(
    {
        "Draw all assumptions of SCENARIO at once, simulate every draw on the same paths, and show chance "
        "and assumptions apart: ranges, predictive probabilities, and what drives them.": (
            "同时抽取 SCENARIO 的全部假设，每次抽取都用相同的路径模拟，分别给出偶然性与假设的影响："
            "范围、计入假设后的概率及其取决于哪些假设。"
        ),
        "Draws of the assumptions.": "假设的抽取次数。",
        "Paths for each draw.": "每次抽取的路径数。",
        "Result folder; results/<scenario>/doubt unless given, where 'fundsim run' finds it.": (
            "结果文件夹，默认 results/<情景>/doubt，“fundsim run”会在该处读取。"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(DecisionChoice):
    """The options of one call."""

    draws: int
    metrics: tuple[str, ...]


@click.command(
    "doubt",
    help="Draw all assumptions of SCENARIO at once, simulate every draw on the same paths, and show chance "
    "and assumptions apart: ranges, predictive probabilities, and what drives them.",
    no_args_is_help=True,
)
@click.argument("scenario")
@click.option(
    "--draws",
    type=Number("number_of_draws"),
    default=200,
    show_default=True,
    metavar="N",
    help="Draws of the assumptions.",
)
@metric_option
@decision_options(
    "Result folder; results/<scenario>/doubt unless given, where 'fundsim run' finds it.",
    click.option(
        "--paths",
        type=Number("number_of_paths"),
        default=PATHS,
        show_default=True,
        metavar="N",
        help="Paths for each draw.",
    ),
)
@click.pass_obj
def doubt(session: Session, /, scenario: str, **chosen: Any) -> None:
    """Draw, simulate, print the figures with what drives them, and write a folder."""
    from fundsim.results.folder import KEPT, check_folder, folder_name  # noqa: PLC0415  (help is light)

    choice = Choice(**chosen)
    loaded = load_scenario(session, scenario, choice.overrides)
    folder = choice.output or Path("results") / folder_name(loaded.name) / KEPT
    target = check_folder(folder, replace=choice.replace)
    report_surprises(session, loaded)
    report_settled(session, scenario, loaded, choice.overrides)
    from fundsim.api.doubt import doubt as draw_all  # noqa: PLC0415  (faults are reported before numba loads)

    with workers_of(choice.dask, choice.threads) as workers, RunProgress(session) as progress:
        found = draw_all(
            loaded,
            draws=choice.draws,
            paths=PATHS if choice.paths is None else choice.paths,
            metrics=choice.metrics or None,
            seed=choice.seed,
            progress=progress,
            **workers,
        )
    _show(session, found)  # first, so that the figures are there even if they can't be saved
    found.save_at(target, lang=session.lang, plots=choice.plots)
    session.say(session.word(f"results written to {folder}", f"结果已写入 {folder}"))


def _show(session: Session, found: Doubt) -> None:
    if session.json:
        session.emit(found.to_json())
        return
    if session.quiet:
        return
    from fundsim.report.doubt.tables import answers, doubted  # noqa: PLC0415
    from fundsim.report.folding import fold  # noqa: PLC0415

    for line in answers(found, session.lang):
        session.write("\n".join(fold(line, session.console.width)))
    session.write("")
    session.show(doubted(found, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [doubt]
