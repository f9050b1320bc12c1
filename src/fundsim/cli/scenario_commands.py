"""Commands about scenario files: ``validate``, ``show``, ``diff`` and ``schema``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session, current
from fundsim.cli.scenario_input import load_scenario, report_set_on_all, report_tapes, set_option
from fundsim.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundsim.lowering import Solved
    from fundsim.report.grid import Grid
    from fundsim.scenario import Scenario

__all__ = ["COMMANDS"]

BAD_INPUT = 2
_WIDEST = 48
"""Characters of a value that a table shows; `show` without --source and --json give all of it."""

CHINESE.update(
    {
        "Check scenario files and print every fault.": "检查情景文件，列出全部错误。",
        "Print a scenario as resolved: inheritance, defaults, amounts in yuan.": (
            "显示解析后的情景：继承、默认值、以元为单位的金额。"
        ),
        "Print where two scenarios differ, with the source of each value; of one scenario, what --set "
        "changes.": "并列显示两个情景的不同之处及每个数值的来源；只写一个情景时，显示 --set 所作的改动。",
        "Print the JSON Schema of scenario files, for completion in editors.": (
            "输出情景文件的 JSON Schema，供编辑器补全。"
        ),
        "Also print where every value came from.": "同时显示每个数值的来源。",
    }
)


@click.command(help="Check scenario files and print every fault.", no_args_is_help=True)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@set_option
@click.pass_context
def validate(ctx: click.Context, scenarios: tuple[str, ...], overrides: tuple[str, ...]) -> int:
    """Check each scenario; exit with 2 if any has a fault."""
    from fundsim.instruments import KINDS  # noqa: PLC0415  (help must not pay for it)
    from fundsim.scenario import check_scenario  # noqa: PLC0415

    session = current(ctx.obj)
    sound = True
    checked: list[dict[str, Any]] = []
    for name in scenarios:
        scenario, faults = check_scenario(name, kinds=KINDS, overrides=overrides)
        if scenario is not None:
            from fundsim.lowering import review  # noqa: PLC0415  (only sound files pay for it)

            faults = [*faults, *review(scenario, KINDS)]
        is_sound = all(fault.warning for fault in faults)
        sound &= is_sound
        checked.append({"scenario": name, "sound": is_sound, "faults": [asdict(f) for f in faults]})
        if not session.json:
            _show(session, name, faults)
            if scenario is not None:
                report_tapes(session, scenario)
    if session.json:
        session.emit(checked)
    return 0 if sound else BAD_INPUT


def _show(session: Session, name: str, faults: Iterable[Fault]) -> None:
    errors = [fault for fault in faults if not fault.warning]
    warnings = [fault for fault in faults if fault.warning]
    for fault in errors:
        session.complain(fault.text(session.lang))
    for fault in warnings:
        session.say(session.word("warning: ", "警告：") + fault.text(session.lang))
    if not errors:
        session.say(session.word(f"{name}: sound", f"{name}：无误"))
    elif not session.quiet:
        count = len(errors)
        plural = "s" if count > 1 else ""
        session.say(session.word(f"{name}: {count} fault{plural}", f"{name}：{count} 处错误"))


@click.command(
    help="Print a scenario as resolved: inheritance, defaults, amounts in yuan.", no_args_is_help=True
)
@click.argument("scenario", metavar="SCENARIO")
@click.option("--source", is_flag=True, help="Also print where every value came from.")
@set_option
@click.pass_context
def show(ctx: click.Context, scenario: str, source: bool, overrides: tuple[str, ...]) -> None:
    """Print every value, with its origin if asked."""
    from fundsim.scenario.explain import lines, origin_text, value_text  # noqa: PLC0415
    from fundsim.scenario.nodes import shown  # noqa: PLC0415

    session = current(ctx.obj)
    loaded = load_scenario(session, scenario, overrides)
    if session.json:
        values: dict[str, Any] = {"sha256": loaded.sha256, "resolved": loaded.resolved()}
        if source:
            values["origins"] = [line.plain() for line in lines(loaded)]
            values["solved"] = [value.plain() for value in _solved(loaded)]
        session.emit(values)
        return
    rows = [[line.key, value_text(line.value, session.lang)] for line in lines(loaded)]
    if source:
        rows = [
            [line.key, shown(value, _WIDEST), origin_text(line.origin, session.lang)]
            for (_, value), line in zip(rows, lines(loaded), strict=True)
        ]
    session.show(_table(("", "", "") if source else ("", ""), rows))
    if source:
        _show_solved(session, loaded)


def _solved(scenario: Scenario) -> tuple[Solved, ...]:
    from fundsim.lowering import solved_values  # noqa: PLC0415  (only --source pays for it)

    return solved_values(scenario)


def _show_solved(session: Session, scenario: Scenario) -> None:
    """Print what is solved or rounded for the simulation, with the stated value beside it."""
    rows = [
        [
            value.key,
            f"{value.stated:,.6g}",
            f"{value.solved:,.6g}",
            session.word(value.meaning, value.meaning_zh),
        ]
        for value in _solved(scenario)
    ]
    if rows:
        heads = session.word(
            "solved for the simulation|stated|used|", "为模拟求解的数值|设定值|采用值|"
        ).split("|")
        session.write("")
        session.show(_table(tuple(heads), rows))


@click.command(
    help="Print where two scenarios differ, with the source of each value; of one scenario, what --set "
    "changes.",
    no_args_is_help=True,
)
@click.argument("left", metavar="A")
@click.argument("right", metavar="[B]", required=False)
@set_option
@click.pass_context
def diff(ctx: click.Context, left: str, right: str | None, overrides: tuple[str, ...]) -> None:
    """Print the differing keys side by side; ``--set`` changes both, or a copy of the only one."""
    from fundsim.errors import UsageError  # noqa: PLC0415  (help must not pay for it)
    from fundsim.scenario.explain import differences  # noqa: PLC0415

    session = current(ctx.obj)
    if right is None and not overrides:
        raise UsageError(
            f"{left} alone has nothing to differ from; name a second scenario, or what to change with --set",
            f"只有 {left} 一个情景，无从比较；请写第二个情景，或用 --set 写出要改的数值",
        )
    one = load_scenario(session, left, () if right is None else overrides)
    other = load_scenario(session, left if right is None else right, overrides)
    if right is not None:
        report_set_on_all(session, overrides, 2)
    found = differences(one, other)
    if session.json:
        session.emit(
            [{"key": d.key, "a": d.left and d.left.plain(), "b": d.right and d.right.plain()} for d in found]
        )
        return
    if not found:
        session.say(session.word("no difference", "没有不同"))
        return
    from fundsim.report.changes import changes_grid  # noqa: PLC0415

    as_set = session.word(f"{left} as set", f"{left}（改后）")
    session.show(changes_grid(found, left, as_set if right is None else right, session.lang))


@click.command(help="Print the JSON Schema of scenario files, for completion in editors.")
@click.pass_context
def schema(ctx: click.Context) -> None:
    """Print the schema; it is JSON with or without ``--json``."""
    from fundsim.instruments import KINDS  # noqa: PLC0415
    from fundsim.scenario.schema import json_schema  # noqa: PLC0415

    session = current(ctx.obj)
    session.emit(json_schema(KINDS))


def _table(headings: tuple[str, ...], rows: Iterable[Sequence[str]]) -> Grid:
    from fundsim.report.grid import Grid, Line  # noqa: PLC0415  (help must not pay for rich)

    return Grid(headings, [Line(tuple(row)) for row in rows])


COMMANDS = [validate, show, diff, schema]
