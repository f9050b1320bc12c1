"""``fundsim sweep``: figures at all values of one key, or of two, on the same paths."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.decisions import DecisionChoice, as_options, decision_options, metric_option
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import load_scenario, paths_option, report_surprises
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from fundsim.api.sweep import Sweep
    from fundsim.decide.sweep.axes import Axis

__all__ = ["COMMANDS", "sweep"]

ARGUMENTS = frozenset({"vary", "metric", "frontier", "paths"})
"""Arguments of ``fundsim.sweep`` that messages name; the command line has them as options."""

CHINESE.update(
    {
        "Simulate SCENARIO at all values of one key, or of two, on the same random numbers: a table and "
        "pictures, each figure with its error, and its difference to the first cell.": (
            "在相同随机数下，按一个或两个键的全部取值模拟 SCENARIO："
            "列表并绘图，给出各指标的误差及与第一格的差异。"
        ),
        "The number to vary and its values, in its own units: LO:HI:N for N values in equal steps, such as "
        "1亿:4亿:4, or a list. May be given twice: then all pairs of values are simulated, 400 at most.": (
            "要变动的数值及其取值，可带单位：下限:上限:个数（等距），如 1亿:4亿:4，或逐个列出；"
            "可写两次，即模拟两个键取值的所有组合（至多 400 格）。"
        ),
        "Two metrics that are to be small, or large with 'max ' before them: show which cells no other "
        "improves on.": "两个指标，越小越好（前加 'max ' 则越大越好）：指出哪些格不劣于任何其他格。",
        "Folder to write tables and pictures to; none is written unless given.": (
            "写出表格和图片的文件夹；不写则不生成文件夹。"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(DecisionChoice):
    """The options of one call."""

    vary: tuple[str, ...]
    metrics: tuple[str, ...]
    frontier: tuple[str, str] | None


@click.command(
    "sweep",
    help="Simulate SCENARIO at all values of one key, or of two, on the same random numbers: a table and "
    "pictures, each figure with its error, and its difference to the first cell.",
    no_args_is_help=True,
)
@click.argument("scenario")
@click.option(
    "--vary",
    required=True,
    multiple=True,
    metavar="KEY=LO:HI:N|KEY=5,8,10",
    help="The number to vary and its values, in its own units: LO:HI:N for N values in equal steps, such as "
    "1亿:4亿:4, or a list. May be given twice: then all pairs of values are simulated, 400 at most.",
)
@metric_option
@click.option(
    "--frontier",
    nargs=2,
    metavar="METRIC METRIC",
    help="Two metrics that are to be small, or large with 'max ' before them: show which cells no other "
    "improves on.",
)
@decision_options(
    "Folder to write tables and pictures to; none is written unless given.",
    paths_option,
)
@click.pass_obj
def sweep(session: Session, /, scenario: str, **chosen: Any) -> None:
    """Simulate all cells, print them, and write a folder if one is named."""
    from fundsim.decide.sweep.axes import read_axes, split_vary  # noqa: PLC0415  (help must not pay for it)
    from fundsim.results.folder import check_folder  # noqa: PLC0415

    choice = Choice(**chosen)
    loaded = load_scenario(session, scenario, choice.overrides)
    target = None if choice.output is None else check_folder(choice.output, replace=choice.replace)
    with as_options(ARGUMENTS):
        pairs = [split_vary(text) for text in choice.vary]
        for axis in read_axes(loaded, pairs):
            _report_range(session, axis)
    report_surprises(session, loaded)
    from fundsim.api.sweep import sweep_pairs  # noqa: PLC0415  (faults are reported before numba loads)

    with (
        workers_of(choice.dask, choice.threads) as workers,
        RunProgress(session) as progress,
        as_options(ARGUMENTS),
    ):
        found = sweep_pairs(
            loaded,
            pairs,
            metrics=choice.metrics or None,
            frontier=choice.frontier,
            paths=choice.paths,
            seed=choice.seed,
            progress=progress,
            **workers,
        )
    _show(session, found)  # first, so that the figures are there even if they can't be saved
    if target is not None:
        found.save_at(target, lang=session.lang, plots=choice.plots)
        session.say(session.word(f"results written to {choice.output}", f"结果已写入 {choice.output}"))


def _report_range(session: Session, axis: Axis) -> None:
    """Warn of amounts that were probably meant in 亿 or 万, before anything is simulated."""
    if axis.vary.meant is not None:
        from fundsim.report.keys import range_warning  # noqa: PLC0415

        warning = range_warning(axis.vary, session.lang, "--vary")
        session.say(session.word("warning: ", "警告：") + str(warning))


def _show(session: Session, found: Sweep) -> None:
    if session.json:
        session.emit(found.to_json())
        return
    if session.quiet:
        return
    from fundsim.report.folding import fold  # noqa: PLC0415
    from fundsim.report.sweep.tables import asked_lines, swept  # noqa: PLC0415

    for line in asked_lines(found, session.lang):
        session.write("\n".join(fold(line, session.console.width)))
    session.show(swept(found, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [sweep]
