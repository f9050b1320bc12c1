"""``fundsim verify``: both engines against exact results, published figures, and each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fundsim.cli.console import Session
from fundsim.cli.progress import compiler_reports
from fundsim.cli.scenario_input import FileName

if TYPE_CHECKING:
    from fundsim.report.grid import Grid
    from fundsim.verify.judge import Check
    from fundsim.verify.report import Report

__all__ = ["COMMANDS", "verify"]

VERDICTS = {"ok": "通过", "weak": "通过（功效不足）", "FAILED": "不通过"}
ENGINES = {
    "formula": "公式",
    "core": "编译内核",
    "reference": "第二引擎",
    "core − reference": "两引擎之差",
}


@click.command(
    "verify",
    help="Hold both engines to closed forms and published figures, and to each other; "
    "exit with 1 if anything fails.",
)
@click.option("--quick", is_flag=True, help="Few paths: three minutes instead of an hour, less power.")
@click.option(
    "--all", "every", is_flag=True, help="Print every metric of every scenario, not the worst only."
)
@click.option(
    "--write",
    type=FileName(),
    metavar="FILE",
    help="Write the validation report, in Markdown, to FILE.",
)
@click.pass_obj
def verify(session: Session, quick: bool, every: bool, write: Path | None) -> int:
    """Run all checks, print them as a table, and return 1 if one failed."""
    from fundsim.verify.bundled import bundled_schemes  # noqa: PLC0415  (help must not pay for these)
    from fundsim.verify.report import verify as run_checks  # noqa: PLC0415

    target = None
    if write is not None:
        from fundsim.results.folder import check_file  # noqa: PLC0415

        # Whether it can be written should be known now and not after an hour.
        target = check_file(write, replace=True)
    with compiler_reports(session):
        report = run_checks(bundled_schemes(), quick=quick, progress=session.say)
    if target is not None:
        from fundsim.results.placing import write_file  # noqa: PLC0415
        from fundsim.verify.document import validation_report  # noqa: PLC0415

        write_file(target, validation_report(report).encode("utf-8"))
    if session.json:
        session.emit(report.as_json())
    else:
        session.show(_table(session, report.checks if every else report.digest))
        session.write(_closing(session, report))
    return 1 if report.failed else 0


def _table(session: Session, checks: Sequence[Check]) -> Grid:
    from fundsim.report.grid import Grid, Line  # noqa: PLC0415  (help must not pay for rich)

    headings = (
        ("case", "案例"),
        ("figure", "指标"),
        ("run by", "计算者"),
        ("source of the expected value", "预期值来源"),
        ("expected", "预期"),
        ("got", "所得"),
        ("error", "误差"),
        ("smallest difference caught", "可察觉的最小差异"),
        ("verdict", "结论"),
    )
    lines = [Line(_row(session, check)) for check in checks]
    plain = not sys.stdout.isatty()
    return Grid(tuple(session.word(*heading) for heading in headings), lines, frozenset(range(4, 8)), plain)


def _row(session: Session, check: Check) -> tuple[str, ...]:
    subject = check.subject
    return (
        subject.case,
        subject.figure,
        session.word(subject.engine, ENGINES[subject.engine]),
        subject.source,
        f"{check.expected:.6g}",
        f"{check.got:.6g}",
        f"z = {check.error:+.2f}" if check.sampled else f"{check.error:.1e}",
        "" if check.caught is None else f"{check.caught:.2g}",
        session.word(check.verdict, VERDICTS[check.verdict]),
    )


def _closing(session: Session, report: Report) -> str:
    n, failed, weak = len(report.checks), len(report.failed), len(report.weak)
    seconds = report.seconds
    return session.word(
        f"{n} checks in {seconds:.0f} s: {n - failed} passed, {weak} of them with less power than wanted, "
        f"{failed} failed.",
        f"共 {n} 项检查，用时 {seconds:.0f} 秒：{n - failed} 项通过（其中 {weak} 项功效不足），"
        f"{failed} 项不通过。",
    )


COMMANDS = [verify]
