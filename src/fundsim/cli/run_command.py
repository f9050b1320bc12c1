"""``fundsim run``: simulate a scenario, print the headline table, write the result folder."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from fundsim.cli.console import Session
from fundsim.cli.progress import RunProgress
from fundsim.cli.scenario_input import (
    FileName,
    Precision,
    checked_patterns,
    dask_option,
    load_scenario,
    paths_option,
    report_surprises,
    seed_option,
    set_option,
    threads_option,
)
from fundsim.cli.workers import workers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundsim.api.results import Results
    from fundsim.scenario import Scenario

__all__ = ["COMMANDS", "run"]


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
    keep: tuple[str, ...] | None
    """Patterns of the metrics to keep, None for all; commas separate as repetition does."""
    engine: Literal["core", "reference"] | None
    precision: float | None
    plots: Literal["png", "svg", "pdf", "none"]


@click.command(
    "run",
    help="Simulate SCENARIO, a file, the name of a bundled scenario or a run's manifest.json, print the "
    "headline figures and write everything into a result folder.",
)
@click.argument("scenario")
@click.option(
    "-o",
    "--output",
    type=FileName(),
    metavar="DIR",
    help="Result folder; results/<scenario> unless given.",
)
@paths_option
@seed_option
@threads_option
@dask_option
@set_option
@click.option("--replace", is_flag=True, help="Replace a folder that holds a finished run, in whole.")
@click.option(
    "--metrics",
    "keep",
    multiple=True,
    callback=checked_patterns,
    metavar="GLOB",
    help="Keep only metrics that match, such as '*.claims_paid', and write all of them by path; may be "
    "repeated. Unless given, paths.parquet has the headline figures, their years and what pictures are "
    "drawn from; '*' writes all.",
)
@click.option(
    "--engine",
    type=click.Choice(["core", "reference"]),
    help="The compiled core, or the slow second engine that checks it.",
)
@click.option(
    "--precision",
    type=Precision(),
    metavar="P",
    help="Let paths grow, up to --paths, until every headline mean's standard error and half of every "
    "headline probability's interval is at most this part of it, such as 1%.",
)
@click.option(
    "--plots",
    type=click.Choice(["png", "svg", "pdf", "none"]),
    default="png",
    show_default=True,
    help="Format of the pictures, or none.",
)
@click.pass_obj
def run(session: Session, /, scenario: str, **chosen: Any) -> None:
    """Simulate a scenario, print the headline figures and write everything into a folder."""
    from fundsim.results.folder import check_folder, folder_name  # noqa: PLC0415  (help must not pay for it)

    choice = Choice(**chosen)
    loaded = load_scenario(session, scenario, choice.overrides)
    folder = choice.output or Path("results") / folder_name(loaded.name)
    target = check_folder(folder, replace=choice.replace)
    report_surprises(session, loaded)
    from fundsim.api.run import simulate  # noqa: PLC0415  (faults are reported before numba is loaded)

    with workers_of(choice.dask, choice.threads) as workers, RunProgress(session) as progress:
        results = simulate(
            loaded,
            paths=choice.paths,
            seed=choice.seed,
            **workers,
            engine=choice.engine,
            metrics=choice.keep,
            precision=choice.precision,
            progress=progress,
        )
    results = _with_doubt(session, loaded, results)
    _show(session, results)  # first, so that the figures are there even if they can't be saved
    results.save_at(target, lang=session.lang, plots=choice.plots)
    _report_precision(session, results)
    _report_pds(session, results)
    if choice.plots != "none":
        _report_pictures(session, results)
    _report_columns(session, results)
    session.say(session.word(f"results written to {folder}", f"结果已写入 {folder}"))


def _with_doubt(session: Session, scenario: Scenario, results: Results) -> Results:
    """Return the results with what a doubt of the same scenario says, if there is one in its usual place."""
    from fundsim.errors import ResultsError  # noqa: PLC0415
    from fundsim.results.folder import KEPT, folder_name  # noqa: PLC0415
    from fundsim.results.in_doubt import read_in_doubt  # noqa: PLC0415
    from fundsim.scenario.assumptions import digest_in_doubt  # noqa: PLC0415

    folder = Path("results") / folder_name(scenario.name) / KEPT
    try:
        known = read_in_doubt(folder)
    except ResultsError as error:
        session.say(error.text(session.lang))
        return results
    if known is None:
        return results
    if known.digest == digest_in_doubt(scenario):
        return results.with_doubt(known)
    session.say(
        session.word(
            f"{folder} is about other values or assumptions, and is not shown; run fundsim doubt again",
            f"{folder} 针对的是其他数值或假设，未予显示；请重新运行 fundsim doubt",
        )
    )
    return results


def _report_precision(session: Session, results: Results) -> None:
    """Report whether the figures are as exact as asked for, and which fall short most."""
    reached = results.reached
    if reached is None:
        return
    asked = _percent(reached.precision)
    if not reached.short:
        session.say(
            session.word(
                f"{reached.paths:,} paths: every headline figure is known to {asked} of itself",
                f"{reached.paths:,} 条路径：各主要指标的误差不超过其值的 {asked}",
            )
        )
        return
    key, error = reached.short[0]
    short = "1 falls" if len(reached.short) == 1 else f"{len(reached.short)} fall"
    name = key.removesuffix("@run_off")  # as the table calls it
    of_itself = _percent(error)
    if math.isinf(error):
        of_itself = session.word("it did not happen", "未发生")
    elif math.isnan(error):
        of_itself = session.word("its error is not known", "误差未知")
    session.say(
        session.word(
            f"the paths ended at {reached.paths:,} before every headline figure was known to {asked} of "
            f"itself: {short} short, most of all {name} ({of_itself})",
            f"路径数到 {reached.paths:,} 为止，仍有 {len(reached.short)} 个主要指标的误差大于其值的 {asked}，"
            f"最大的是 {name}（{of_itself}）",
        )
    )


def _report_pictures(session: Session, results: Results) -> None:
    """Report the pictures that were not drawn."""
    if results.n_paths == 1:
        session.say(
            session.word("one path has no distribution: no pictures drawn", "单条路径没有分布，未绘图")
        )
    elif empty := results.plot.says_nothing():
        session.say(
            session.word(
                f"not drawn, the same on every path: {', '.join(empty)}",
                f"以下各图在所有路径上取值相同，未绘制：{'、'.join(empty)}",
            )
        )


def _report_columns(session: Session, results: Results) -> None:
    """Report how many metrics by path are not in the file."""
    from fundsim.results.stored import stored_keys  # noqa: PLC0415

    kept, there_are = len(stored_keys(results.manifest, results.column_keys)), len(results.column_keys)
    if kept < there_are:
        session.say(
            session.word(
                "paths.parquet has the headline figures, their years and what pictures are drawn from: "
                f"{kept:,} of {there_are:,} columns; --metrics '*' keeps all",
                f"paths.parquet 含主要指标（及其分年度数值）和绘图所需的列，共 {kept:,} 列"
                f"（全部 {there_are:,} 列）；--metrics '*' 保留全部",
            )
        )


def _report_pds(session: Session, results: Results) -> None:
    """Report where a screening, a stress, a start or the factors' step changes the stated yearly PD."""
    pds = results.manifest["pd_annual"].items()
    implied = ", ".join(
        f"{_called(session, results, name)} {_percent(pd['implied'])} ({_stated(session, pd)})"
        for name, pd in pds
        if "accepted" in pd or abs(pd["implied"] / pd["stated"] - 1.0) > 0.0005
    )
    if implied:
        session.say(
            session.word(
                f"yearly default probability that the factors give (stated): {implied}",
                f"经济因子下的年违约概率（设定值）：{implied}",
            )
        )
    straddling = ", ".join(
        f"{_called(session, results, name)} {_percent(pd['straddling'])}"
        for name, pd in pds
        if "straddling" in pd and abs(pd["straddling"] / pd.get("accepted", pd["stated"]) - 1.0) > 0.0005
    )
    if straddling:
        session.say(
            session.word(
                "the same for loans granted within a step of the factors, which see parts of two: "
                f"{straddling}",
                f"在因子步长中途发放、跨两个步长的贷款：{straddling}",
            )
        )


def _called(session: Session, results: Results, segment: str) -> str:
    from fundsim.report.titles import segment_title  # noqa: PLC0415

    return segment_title(results.manifest["scenario"]["resolved"], segment, session.lang)


def _stated(session: Session, pd: Mapping[str, float]) -> str:
    stated = _percent(pd["stated"])
    if "accepted" not in pd:
        return stated
    accepted = _percent(pd["accepted"])
    return session.word(f"{stated}, {accepted} after screening", f"{stated}，筛选后 {accepted}")


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _show(session: Session, results: Results) -> None:
    if session.json:
        session.emit(results.to_json())
    elif not session.quiet:
        from fundsim.report.table import headline  # noqa: PLC0415

        session.show(headline(results, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [run]
