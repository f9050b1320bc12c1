"""``fundsim template``: a scenario as a workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.scenario_input import FileName, load_scenario

if TYPE_CHECKING:
    from fundsim.scenario.files import ScenarioFile

__all__ = ["COMMANDS", "template"]

CHINESE.update(
    {
        "Write SCENARIO as an Excel workbook to fill in: a row for each value, with its meaning, unit, "
        "range and source. Every command takes the workbook for a scenario.": (
            "把情景 SCENARIO 写成待填写的 Excel 工作簿：每个数值一行，注明含义、单位、范围和来源。"
            "各命令均可用该工作簿作为情景。"
        ),
        "Write the workbook to FILE, a name that ends in .xlsx.": (
            "把工作簿写入 FILE（文件名以 .xlsx 结尾）。"
        ),
    }
)


@click.command(
    "template",
    help="Write SCENARIO as an Excel workbook to fill in: a row for each value, with its meaning, unit, "
    "range and source. Every command takes the workbook for a scenario.",
    no_args_is_help=True,
)
@click.argument("scenario")
@click.option(
    "-o",
    "output",
    type=FileName(),
    metavar="FILE",
    required=True,
    help="Write the workbook to FILE, a name that ends in .xlsx.",
)
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def template(session: Session, /, scenario: str, output: Path, replace: bool) -> None:
    """Write a workbook to fill in."""
    from fundsim.errors import UsageError  # noqa: PLC0415  (help must not pay for it)
    from fundsim.results.folder import check_file  # noqa: PLC0415
    from fundsim.scenario.files import find  # noqa: PLC0415

    loaded = load_scenario(session, scenario)
    if output.suffix.lower() != ".xlsx":
        raise UsageError(
            f"{output}: a workbook is written as .xlsx; give a name that ends in .xlsx",
            f"{output}：工作簿以 .xlsx 格式写出；请写以 .xlsx 结尾的文件名",
        )
    base = _named(find(scenario), output)
    target = check_file(output, replace=replace)
    from fundsim.report.template import template_workbook  # noqa: PLC0415
    from fundsim.results.placing import write_file  # noqa: PLC0415

    write_file(target, template_workbook(loaded, base, str(output), session.lang))
    session.say(session.word(f"workbook written to {output}", f"工作簿已写入 {output}"))


def _named(file: ScenarioFile, output: Path) -> str:
    """Return how a workbook names the scenario that it changes.

    Raises:
        UsageError: it can't name it.
    """
    from fundsim.errors import UsageError  # noqa: PLC0415

    if file.bundled:
        return file.shown.removesuffix(".yaml")
    if file.path.suffix.lower() == ".xlsx":
        raise UsageError(
            f"{file.shown} is a workbook already; copy it, or name the scenario that it extends",
            f"{file.shown} 已是工作簿；请复制它，或写它所改的情景",
        )
    folder, path = output.resolve().parent, file.path.resolve()
    if not path.is_relative_to(folder):
        raise UsageError(
            f"{output} lies outside of the folder of {file.shown}; a workbook names its scenario, so write "
            f"it beside it, such as -o {file.path.with_suffix('.xlsx')}",
            f"{output} 不在 {file.shown} 所在文件夹；工作簿要引用该情景，请写在其旁边，"
            f"如 -o {file.path.with_suffix('.xlsx')}",
        )
    return path.relative_to(folder).as_posix()


COMMANDS = [template]
