"""``fundsim compare``: what was changed between scenarios, and what it did."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import (
    FileName,
    checked_patterns,
    dask_option,
    load_scenario,
    paths_option,
    report_set_on_all,
    report_surprises,
    seed_option,
    set_option,
    threads_option,
)
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from fundsim.api.compare import Comparison
    from fundsim.decide.compare.sources import Source

__all__ = ["COMMANDS", "compare"]

CHINESE.update(
    {
        "Compare scenarios, or the result folders of runs, with the first of them on the same random "
        "numbers: what was changed, and what it did, each difference with its own error. Of one scenario, "
        "what --set changes.": (
            "在相同随机数下，把几个情景（或运行结果文件夹）与第一个比较："
            "改了什么、结果变了多少，每个差异都带有自己的误差。只写一个情景时，比较 --set 改动前后。"
        ),
        "Folder to write the comparison to; none is written unless given.": (
            "写出比较结果的文件夹；不写则不生成文件夹。"
        ),
        "Compare only metrics that match, such as '*.claims_paid', 'pool.lent@window' or 'pool.lent.2024'; "
        "may be repeated. The headline figures unless given.": (
            "只比较名称相符的指标，如 '*.claims_paid'、'pool.lent@window' 或 'pool.lent.2024'；"
            "可重复。不写则比较主要指标。"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of one call."""

    output: Path | None
    paths: int | None
    seed: int | None
    threads: int | None
    dask: str | None
    overrides: tuple[str, ...]
    replace: bool
    patterns: tuple[str, ...] | None
    plots: Literal["png", "svg", "pdf", "none"]


@click.command(
    "compare",
    help="Compare scenarios, or the result folders of runs, with the first of them on the same random "
    "numbers: what was changed, and what it did, each difference with its own error. Of one scenario, what "
    "--set changes.",
    no_args_is_help=True,
)
@click.argument("scenarios", nargs=-1, required=True, metavar="A [B]...")
@click.option(
    "-o",
    "--output",
    type=FileName(),
    metavar="DIR",
    help="Folder to write the comparison to; none is written unless given.",
)
@paths_option
@seed_option
@threads_option
@dask_option
@set_option
@click.option("--replace", is_flag=True, help="Replace a folder that holds finished results, in whole.")
@click.option(
    "--metric",
    "patterns",
    multiple=True,
    callback=checked_patterns,
    metavar="GLOB",
    help="Compare only metrics that match, such as '*.claims_paid', 'pool.lent@window' or 'pool.lent.2024'; "
    "may be repeated. The headline figures unless given.",
)
@click.option(
    "--plots",
    type=click.Choice(["png", "svg", "pdf", "none"]),
    default="png",
    show_default=True,
    help="Format of the pictures, or none.",
)
@click.pass_obj
def compare(session: Session, /, scenarios: tuple[str, ...], **chosen: Any) -> None:
    """Compare, print what was changed and what it did, and write a folder if one is named."""
    from fundsim.results.folder import check_folder  # noqa: PLC0415  (help must not pay for it)

    choice = Choice(**chosen)
    sources = _sources(session, scenarios, choice.overrides)
    target = None if choice.output is None else check_folder(choice.output, replace=choice.replace)
    for source in sources:
        if source.scenario is not None:
            report_surprises(session, source.scenario)
    from fundsim.api.compare import compare_all  # noqa: PLC0415  (faults are reported before numba is loaded)

    with workers_of(choice.dask, choice.threads) as workers, RunProgress(session) as progress:
        comparison = compare_all(
            sources,
            paths=choice.paths,
            seed=choice.seed,
            **workers,
            metrics=choice.patterns,
            progress=progress,
        )
    _show(session, comparison)  # first, so that the figures are there even if they can't be saved
    if target is not None:
        comparison.save_at(target, lang=session.lang, plots=choice.plots)
        session.say(session.word(f"comparison written to {choice.output}", f"比较结果已写入 {choice.output}"))


def _sources(session: Session, scenarios: tuple[str, ...], overrides: tuple[str, ...]) -> list[Source]:
    """Return what is compared; of one scenario, it and a copy that ``--set`` changes."""
    if len(scenarios) > 1:
        found = [_source(session, named, overrides) for named in scenarios]
        report_set_on_all(session, overrides, len(scenarios))
        return found
    from fundsim.errors import UsageError  # noqa: PLC0415

    (only,) = scenarios
    if not overrides:
        raise UsageError(
            f"{only} alone can't be compared; name a second scenario, or what to change with --set",
            f"只有 {only} 一个情景，无从比较；请写第二个情景，或用 --set 写出要改的数值",
        )
    changed = _source(session, only, overrides)
    as_set = session.word(f"{only} as set", f"{only}（改后）")
    return [_source(session, only, ()), replace(changed, shown=as_set)]


def _source(session: Session, named: str, overrides: tuple[str, ...]) -> Source:
    """Return a scenario, or the run of a result folder."""
    from fundsim.decide.compare.sources import Source  # noqa: PLC0415
    from fundsim.results.folder import MANIFEST  # noqa: PLC0415

    folder = Path(named)
    try:
        is_run = folder.is_dir() and (folder / MANIFEST).is_file()
    except (OSError, ValueError):  # a name that the system can't hold is a name that does not exist
        is_run = False
    if not is_run:
        return Source(named, load_scenario(session, named, overrides), None)
    from fundsim.errors import UsageError  # noqa: PLC0415
    from fundsim.results.store import read  # noqa: PLC0415

    if overrides:
        manifest = folder / MANIFEST
        raise UsageError(
            f"--set can't change {named}, which is finished; name {manifest} to run its scenario with "
            "changes",
            f"--set 不能改变已完成的 {named}；请写 {manifest}，以改动后的情景重新模拟",
        )
    return Source(named, None, read(folder))


def _show(session: Session, comparison: Comparison) -> None:
    if session.json:
        session.emit(comparison.to_json())
        return
    if session.quiet:
        return
    from fundsim.report.changes import changes_grid  # noqa: PLC0415
    from fundsim.report.compare.tables import compared, legend  # noqa: PLC0415
    from fundsim.report.folding import fold  # noqa: PLC0415

    width = session.console.width
    for line in legend(comparison):
        session.write("\n".join(fold(line, width)))
    first = comparison.sides[0].letter
    for side, found in zip(comparison.sides[1:], comparison.changes, strict=True):
        session.write("")
        if found:
            title = session.word(
                f"what changed from {first} to {side.letter}", f"{first} 到 {side.letter} 改了什么"
            )
            session.write("\n".join(fold(title, width)))
            session.show(changes_grid(found, first, side.letter, session.lang))
        else:
            same = session.word(
                f"{first} and {side.letter}: no difference", f"{first} 与 {side.letter}：没有不同"
            )
            session.write("\n".join(fold(same, width)))
    session.write("")
    session.write("\n".join(fold(session.word("what it did", "结果变了多少"), width)))
    session.show(compared(comparison, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [compare]
