"""``fundsim new``: write a commented scenario to start from, and say what to do with it."""

from __future__ import annotations

import re
from pathlib import Path

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.scenario_input import FileName

__all__ = ["COMMANDS", "new"]

NAME = Path("my_scenario.yaml")
_SUFFIXES = (".yaml", ".yml")

CHINESE.update(
    {
        "Write a scenario file to start from: one pool, one kind of borrower, three years, with a comment on "
        "every line in the language of --lang. Editors that know YAML find the schema that its first line "
        "names.": (
            "生成一份可直接修改的情景文件：一个资金池、一类借款企业、三年政策期，每行都有说明，"
            "语言由 --lang 决定。支持 YAML 的编辑器可按首行找到 JSON Schema，自动补全并检查。"
        ),
        "File to write; my_scenario.yaml in the current folder unless given.": (
            "要写出的文件，默认为当前文件夹中的 my_scenario.yaml。"
        ),
    }
)


@click.command(
    "new",
    help="Write a scenario file to start from: one pool, one kind of borrower, three years, with a comment "
    "on every line in the language of --lang. Editors that know YAML find the schema that its first line "
    "names.",
)
@click.option(
    "-o",
    "--output",
    type=FileName(),
    metavar="FILE",
    help="File to write; my_scenario.yaml in the current folder unless given.",
)
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def new(session: Session, /, output: Path | None, replace: bool) -> None:
    """Write the scenario, or nothing at all."""
    from fundsim.errors import UsageError  # noqa: PLC0415  (help must not pay for it)
    from fundsim.results.folder import check_file  # noqa: PLC0415
    from fundsim.results.placing import write_file  # noqa: PLC0415
    from fundsim.scenario.starter import starter  # noqa: PLC0415

    file = output or NAME
    if file.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            f"{file}: a scenario is a YAML file; give a name that ends in .yaml",
            f"{file}：情景是 YAML 文件；请写以 .yaml 结尾的文件名",
        )
    target = check_file(file, replace=replace)
    found = starter(session.lang)
    write_file(target, found.text.encode("utf-8"))
    session.say(_next_steps(session, file))
    if session.json:
        session.emit({"file": str(file), "schema": found.schema})


def _next_steps(session: Session, file: Path) -> str:
    """Return what was written, and the commands that come next."""
    name = _quoted(str(file))
    return session.word(
        f"scenario written to {file}; open it in a text editor, change its values, then\n"
        f"  fundsim validate {name}   names every fault and how to fix it\n"
        f"  fundsim run {name}        simulates it",
        f"情景已写入 {file}；请用文本编辑器打开，改好数值后运行\n"
        f"  fundsim validate {name} --lang zh   检查，列出错误和改法\n"
        f"  fundsim run {name} --lang zh        模拟",
    )


def _quoted(name: str) -> str:
    """Return a file's name as a shell takes it, whether bash, PowerShell or cmd.

    >>> _quoted("my pool.yaml"), _quoted("我的情景.yaml")
    ('"my pool.yaml"', '我的情景.yaml')
    """
    return name if re.fullmatch(r"[\w./\\:+-]+", name) else f'"{name}"'


COMMANDS = [new]
