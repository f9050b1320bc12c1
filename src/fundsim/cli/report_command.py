"""``fundsim report``: the folder of a run or of a decision as files for readers who run nothing."""

from __future__ import annotations

from pathlib import Path

import click

from fundsim.cli.chinese import CHINESE
from fundsim.cli.console import Session
from fundsim.cli.scenario_input import FileName

__all__ = ["COMMANDS", "report"]

CHINESE.update(
    {
        "Write what the folder DIR holds, a run, comparison, size, sweep, tornado or doubt, as a report: "
        "its answers in words first, then figures with errors, pictures, and all inputs with their sources; "
        "of a run targets and budget too. report.html is one web page that needs no network and prints on "
        "A4, report.docx an editable text for Word and WPS, report.xlsx a workbook of all figures. All are "
        "written unless some are chosen.": (
            "把文件夹 DIR 中的结果（运行、比较、测算、参数扫描、敏感性分析或不确定性）写成报告："
            "先以文字给出结论，再列数据及其误差、图，以及全部参数和来源，运行结果另有绩效目标和预算。"
            "report.html 是单个网页，无需联网，可按 A4 打印；report.docx "
            "可用 Word 或 WPS 编辑，report.xlsx 为含全部数据的工作簿。不指定格式时全部写出。"
        ),
        "Write report.html.": "写出 report.html。",
        "Write report.xlsx.": "写出 report.xlsx。",
        "Write report.docx; needs python-docx.": "写出 report.docx；需要 python-docx。",
        "Folder to write the report to; DIR unless given.": "写入报告的文件夹；不写则为 DIR。",
        "Replace reports that are there.": "替换已有的报告。",
    }
)


@click.command(
    "report",
    help="Write what the folder DIR holds, a run, comparison, size, sweep, tornado or doubt, as a report: "
    "its answers in words first, then figures with errors, pictures, and all inputs with their sources; "
    "of a run targets and budget too. report.html is one web page that needs no network and prints on A4, "
    "report.docx an editable text for Word and WPS, report.xlsx a workbook of all figures. All are "
    "written unless some are chosen.",
)
@click.argument("folder", type=FileName(), metavar="DIR")
@click.option("--docx", is_flag=True, help="Write report.docx; needs python-docx.")
@click.option("--xlsx", is_flag=True, help="Write report.xlsx.")
@click.option("--html", is_flag=True, help="Write report.html.")
@click.option(
    "-o",
    "--output",
    type=FileName(),
    metavar="DIR",
    help="Folder to write the report to; DIR unless given.",
)
@click.option("--replace", is_flag=True, help="Replace reports that are there.")
@click.pass_obj
def report(session: Session, /, folder: Path, output: Path | None, replace: bool, **chosen: bool) -> None:
    """Write the files of a report, and report where they are."""
    from fundsim.report.document.opened import opened  # noqa: PLC0415  (help must not pay for it)
    from fundsim.report.document.writing import check_files, write_report  # noqa: PLC0415

    forms = _forms(session, [form for form, wanted in chosen.items() if wanted])
    found, document_in = opened(folder)
    targets = check_files(output or folder, forms, replace=replace)
    write_report(found, document_in(session.lang), targets)
    written = {form: str(target.given) for form, target in targets.items()}
    if session.json:
        session.emit({"files": written})
    names, names_zh = ", ".join(written.values()), "、".join(written.values())
    session.say(session.word(f"report written to {names}", f"报告已写入 {names_zh}"))


def _forms(session: Session, chosen: list[str]) -> list[str]:
    """Return the forms to write: those chosen, else all that can be made here."""
    from fundsim.errors import UsageError  # noqa: PLC0415
    from fundsim.report.document.writing import FORMS, possible  # noqa: PLC0415

    without = [form for form in chosen or FORMS if not possible(form)]
    for form in without:
        needs = FORMS[form].needs
        assert needs is not None  # noqa: S101  (possible() is True otherwise)
        text = f"report.{form} needs {needs[1]}; install it with pip install 'fundsim[report]'"
        text_zh = f"report.{form} 需要 {needs[1]}；请用 pip install 'fundsim[report]' 安装"
        if chosen:
            raise UsageError(text, text_zh)
        session.say(session.word(f"not written: {text}", f"未写出：{text_zh}"))
    return [form for form in chosen or FORMS if form not in without]


COMMANDS = [report]
