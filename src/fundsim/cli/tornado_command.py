"""``fundsim tornado``: what each assumption does to figures, at its low and at its high."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.decisions import DecisionChoice, as_options, decision_options, metric_option, report_settled
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import Number, load_scenario, report_surprises
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from fundsim.api.tornado import Tornado

__all__ = ["COMMANDS", "tornado"]

ARGUMENTS = frozenset({"metric"})
"""Arguments of ``fundsim.tornado`` that messages name; the command line has them as options."""

CHINESE.update(
    {
        "Put each assumption of SCENARIO at its low and at its high, all others at their values, on the same "
        "random numbers, and rank them by what they do to each figure; then all of them together.": (
            "在相同随机数下，把 SCENARIO 的每项假设逐一取低值和高值（其余取原值），"
            "按对各指标的影响排序；再把全部假设同取一端。"
        ),
        "Paths of each variant; the scenario's number of paths, 10,000 at most, unless given.": (
            "每次变动的路径数；不写则取情景中的设定，但不超过 10,000。"
        ),
        "Folder to write the tornado to; none is written unless given.": (
            "写出结果的文件夹；不写则不生成文件夹。"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(DecisionChoice):
    """The options of one call."""

    metrics: tuple[str, ...]


@click.command(
    "tornado",
    help="Put each assumption of SCENARIO at its low and at its high, all others at their values, on the "
    "same random numbers, and rank them by what they do to each figure; then all of them together.",
    no_args_is_help=True,
)
@click.argument("scenario")
@metric_option
@decision_options(
    "Folder to write the tornado to; none is written unless given.",
    click.option(
        "--paths",
        type=Number("number_of_paths"),
        metavar="N",
        help="Paths of each variant; the scenario's number of paths, 10,000 at most, unless given.",
    ),
)
@click.pass_obj
def tornado(session: Session, /, scenario: str, **chosen: Any) -> None:
    """Simulate the variants, print what they do, and write a folder if one is named."""
    from fundsim.results.folder import check_folder  # noqa: PLC0415  (help must not pay for it)

    choice = Choice(**chosen)
    loaded = load_scenario(session, scenario, choice.overrides)
    target = None if choice.output is None else check_folder(choice.output, replace=choice.replace)
    report_surprises(session, loaded)
    report_settled(session, scenario, loaded, choice.overrides)
    from fundsim.api.tornado import tornado as simulate  # noqa: PLC0415  (faults come before numba loads)

    with (
        workers_of(choice.dask, choice.threads) as workers,
        RunProgress(session) as progress,
        as_options(ARGUMENTS, scenario),
    ):
        found = simulate(
            loaded,
            choice.metrics or None,
            paths=choice.paths,
            seed=choice.seed,
            progress=progress,
            **workers,
        )
    _show(session, found)  # first, so that the figures are there even if they can't be saved
    if target is not None:
        found.save_at(target, lang=session.lang, plots=choice.plots)
        session.say(session.word(f"tornado written to {choice.output}", f"结果已写入 {choice.output}"))


def _show(session: Session, found: Tornado) -> None:
    if session.json:
        session.emit(found.to_json())
        return
    if session.quiet:
        return
    from fundsim.report.tornado.tables import torn  # noqa: PLC0415

    session.show(torn(found, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [tornado]
