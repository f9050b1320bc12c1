"""``fundsim size``: how large a value must be to meet targets, with its error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.decisions import DecisionChoice, as_options, decision_options
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import Number, Precision, load_scenario, report_surprises
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from fundsim.api.size import Size
    from fundsim.scenario import Scenario

__all__ = ["COMMANDS", "size"]

ARGUMENTS = frozenset({"vary", "target", "within"})
"""Arguments of ``fundsim.size`` that messages name; the command line has them as options."""

CHINESE.update(
    {
        "Find the smallest value of a key (or the largest) at which SCENARIO meets all targets, with a 95 % "
        "interval of Monte Carlo error, confirmed on fresh paths.": (
            "求使 SCENARIO 满足全部目标的最小（或最大）取值，给出蒙特卡洛误差的 95% 区间，并以新路径核对。"
        ),
        "The number to vary, such as pool.opening.": "要变动的数值，如 pool.opening。",
        "Target, such as 'P(pool.depleted) <= 0.05', 'q99(pool.claims_due) <= 1亿' or "
        "'mean(pool.claims_paid@window) <= 300万'; may be repeated: all must be met.": (
            "目标，如 'P(pool.depleted) <= 0.05'、'q99(pool.claims_due) <= 1亿' 或 "
            "'mean(pool.claims_paid@window) <= 300万'；可重复，须全部满足。"
        ),
        "Find the largest value, not the smallest.": "求最大取值，而不是最小取值。",
        "Range to look in; the key's low and high, else a tenth to ten times its value, unless given.": (
            "搜索范围；不写则取该键的上下限，否则取现值的十分之一至十倍。"
        ),
        "Keep each path's new loans as they are now. Unless given, both readings are shown where they "
        "differ.": "各路径的新增贷款保持现状；不写时，若两种读法不同则都显示。",
        "Half of the interval, as a part of the answer.": "区间半宽占答案的比例。",
        "Most paths for each value; the scenario's number of paths unless given.": (
            "每个取值最多的路径数，默认取情景中的设定。"
        ),
        "Leave out the answers with all assumptions at their ends.": "不计算全部假设取两端时的答案。",
        "Folder to write the answers to; none is written unless given.": (
            "写出结果的文件夹；不写则不生成文件夹。"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(DecisionChoice):
    """The options of one call."""

    vary: str
    targets: tuple[str, ...]
    largest: bool
    within: str | None
    hold_lending: bool
    precision: float
    without_extremes: bool


@click.command(
    "size",
    help="Find the smallest value of a key (or the largest) at which SCENARIO meets all targets, with a 95 % "
    "interval of Monte Carlo error, confirmed on fresh paths.",
    no_args_is_help=True,
)
@click.argument("scenario")
@click.option("--vary", required=True, metavar="KEY", help="The number to vary, such as pool.opening.")
@click.option(
    "--target",
    "targets",
    required=True,
    multiple=True,
    metavar="'FIGURE <= VALUE'",
    help="Target, such as 'P(pool.depleted) <= 0.05', 'q99(pool.claims_due) <= 1亿' or "
    "'mean(pool.claims_paid@window) <= 300万'; may be repeated: all must be met.",
)
@click.option("--largest", is_flag=True, help="Find the largest value, not the smallest.")
@click.option(
    "--within",
    metavar="LO:HI",
    help="Range to look in; the key's low and high, else a tenth to ten times its value, unless given.",
)
@click.option(
    "--hold-lending",
    is_flag=True,
    help="Keep each path's new loans as they are now. Unless given, both readings are shown where they "
    "differ.",
)
@click.option(
    "--precision",
    type=Precision(),
    default="2%",
    show_default=True,
    metavar="P",
    help="Half of the interval, as a part of the answer.",
)
@click.option(
    "--without-extremes", is_flag=True, help="Leave out the answers with all assumptions at their ends."
)
@decision_options(
    "Folder to write the answers to; none is written unless given.",
    click.option(
        "--paths",
        type=Number("number_of_paths"),
        metavar="N",
        help="Most paths for each value; the scenario's number of paths unless given.",
    ),
)
@click.pass_obj
def size(session: Session, /, scenario: str, **chosen: Any) -> None:
    """Find the value, print it with what stands beside it, and write a folder if one is named."""
    from fundsim.results.folder import check_folder  # noqa: PLC0415  (help must not pay for it)

    choice = Choice(**chosen)
    loaded = load_scenario(session, scenario, choice.overrides)
    target = None if choice.output is None else check_folder(choice.output, replace=choice.replace)
    with as_options(ARGUMENTS):
        _report_range(session, loaded, choice)
    report_surprises(session, loaded)
    from fundsim.api.size import size as find_size  # noqa: PLC0415  (faults are reported before numba loads)

    with (
        workers_of(choice.dask, choice.threads) as workers,
        RunProgress(session) as progress,
        as_options(ARGUMENTS),
    ):
        found = find_size(
            loaded,
            choice.vary,
            choice.targets,
            largest=choice.largest,
            within=choice.within,
            hold_lending=choice.hold_lending,
            precision=choice.precision,
            extremes=not choice.without_extremes,
            paths=choice.paths,
            seed=choice.seed,
            progress=progress,
            **workers,
        )
    _show(session, found)  # first, so that the answer is there even if it can't be saved
    if target is not None:
        found.save_at(target, lang=session.lang, plots=choice.plots)
        session.say(session.word(f"answers written to {choice.output}", f"结果已写入 {choice.output}"))


def _report_range(session: Session, scenario: Scenario, choice: Choice) -> None:
    """Warn of a range that leaves out the key's present value, before anything is simulated."""
    from fundsim.decide.variation import variation  # noqa: PLC0415

    vary = variation(scenario, choice.vary, choice.within)
    if vary.leaves_out_now:
        from fundsim.report.keys import range_warning  # noqa: PLC0415

        session.say(session.word("warning: ", "警告：") + str(range_warning(vary, session.lang)))


def _show(session: Session, found: Size) -> None:
    if session.json:
        session.emit(found.to_json())
        return
    if session.quiet:
        return
    from fundsim.report.folding import fold  # noqa: PLC0415
    from fundsim.report.size.tables import question_lines, sized  # noqa: PLC0415

    for line in question_lines(found, session.lang):
        session.write("\n".join(fold(line, session.console.width)))
    session.show(sized(found, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [size]
