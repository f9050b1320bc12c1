"""``fundsim trace``: one path as a dated ledger that sums to the run's own figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fundsim.cli.console import Session
from fundsim.cli.progress import compiler_reports
from fundsim.cli.scenario_input import FileName, Number, load_scenario, seed_option, set_option

if TYPE_CHECKING:
    from fundsim.results.folder import Target
    from fundsim.tracing import Trace

__all__ = ["COMMANDS", "trace"]


@click.command(
    "trace",
    help="Show one path of SCENARIO as a dated ledger: every payment with the balance after it, what "
    "happened to loans, claims and breakers, and the proof that it all sums to the run's figures.",
)
@click.argument("scenario")
@click.option(
    "--path",
    "path",
    type=Number("path_number"),
    required=True,
    metavar="I",
    help="Number of the path, from 0; it is the same path in every run with the same seed.",
)
@click.option(
    "-o",
    "output",
    type=FileName(),
    metavar="FILE",
    help="Write the ledger to FILE, a .csv that spreadsheets open; only its closing section is printed.",
)
@seed_option
@set_option
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def trace(
    session: Session,
    /,
    scenario: str,
    path: int,
    output: Path | None,
    seed: int | None,
    overrides: tuple[str, ...],
    replace: bool,
) -> None:
    """Trace a path, print it or write it to a file."""
    loaded = load_scenario(session, scenario, overrides)
    target = None if output is None else _checked(output, replace=replace)
    from fundsim.tracing import trace as trace_path  # noqa: PLC0415  (faults are reported before numba is loaded)

    with compiler_reports(session):
        traced = trace_path(loaded, path=path, seed=seed)
    if target is not None:
        _write(session, traced, target)
    _show(session, traced, whole=output is None)
    if output is not None:
        session.say(session.word(f"ledger written to {output}", f"台账已写入 {output}"))


def _checked(file: Path, *, replace: bool) -> Target:
    from fundsim.errors import UsageError  # noqa: PLC0415
    from fundsim.results.folder import check_file  # noqa: PLC0415

    if file.suffix.lower() != ".csv":
        raise UsageError(
            f"{file}: a ledger is written as CSV; give a name that ends in .csv",
            f"{file}：台账以 CSV 格式写出；请写以 .csv 结尾的文件名",
        )
    return check_file(file, replace=replace)


def _write(session: Session, traced: Trace, target: Target) -> None:
    from fundsim.report.ledger import ledger_csv  # noqa: PLC0415
    from fundsim.results.placing import write_file  # noqa: PLC0415

    # Excel reads the Chinese as UTF-8 because of the mark at the beginning.
    write_file(target, ledger_csv(traced, session.lang).encode("utf-8-sig"))


def _show(session: Session, traced: Trace, *, whole: bool) -> None:
    if session.json:
        session.emit(traced.to_json())
    elif not session.quiet:
        from fundsim.report.ledger import closing, ledger  # noqa: PLC0415

        show = ledger if whole else closing
        session.show(show(traced, session.lang, plain=not sys.stdout.isatty()))


COMMANDS = [trace]
