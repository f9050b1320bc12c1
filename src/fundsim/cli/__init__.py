"""The command line: ``fundsim COMMAND``.  No heavy module is imported before a command needs it."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from fundsim.cli.chinese import translate
from fundsim.cli.console import Session, reader_has_gone, silence, tame_streams
from fundsim.cli.frame import Entry, FundsimGroup, common_options, language_of
from fundsim.cli.usage import usage_message
from fundsim.errors import FundsimError

__all__ = ["ENTRIES", "main"]

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

ENTRIES: dict[str, Entry] = {
    "run": Entry(
        "fundsim.cli.run_command",
        "Simulate a scenario and write its result folder.",
        "模拟一个情景，写出结果文件夹。",
    ),
    "new": Entry(
        "fundsim.cli.new_command",
        "Write a commented scenario to start from.",
        "生成一份带注释的情景文件，供修改使用。",
    ),
    "validate": Entry(
        "fundsim.cli.scenario_commands",
        "Check scenario files and print every fault.",
        "检查情景文件，列出全部错误。",
    ),
    "show": Entry(
        "fundsim.cli.scenario_commands",
        "Print a scenario as resolved, with the source of each value.",
        "显示解析后的情景及每个数值的来源。",
    ),
    "diff": Entry(
        "fundsim.cli.scenario_commands",
        "Print where two scenarios differ.",
        "列出两个情景的不同之处。",
    ),
    "compare": Entry(
        "fundsim.cli.compare_command",
        "Compare scenarios on the same random numbers, path by path.",
        "在相同随机数下逐路径比较几个情景。",
    ),
    "size": Entry(
        "fundsim.cli.size_command",
        "Find how large a value must be to meet targets, with its error.",
        "求满足目标所需的取值及其误差。",
    ),
    "tornado": Entry(
        "fundsim.cli.tornado_command",
        "Rank the assumptions by what each does at its low and its high.",
        "按各项假设取低值、高值的影响排序。",
    ),
    "doubt": Entry(
        "fundsim.cli.doubt_command",
        "Show how sure figures are: chance and assumptions apart, and what drives them.",
        "查看结果的可靠程度：区分偶然性与假设，及取决于哪些假设。",
    ),
    "sweep": Entry(
        "fundsim.cli.sweep_command",
        "Show figures at all values of one key, or of two.",
        "列出一个或两个键各取值下的指标。",
    ),
    "schema": Entry(
        "fundsim.cli.scenario_commands",
        "Print the JSON Schema of scenario files, for editors.",
        "输出情景文件的 JSON Schema，供编辑器补全。",
    ),
    "template": Entry(
        "fundsim.cli.template_command",
        "Write a scenario as an Excel workbook to fill in.",
        "把情景写成待填写的 Excel 工作簿。",
    ),
    "trace": Entry(
        "fundsim.cli.trace_command",
        "Show one path as a dated ledger that sums to the run's figures.",
        "把一条路径写成逐月台账，并与运行结果核对。",
    ),
    "report": Entry(
        "fundsim.cli.report_command",
        "Write a run as a report for readers: a web page and Word text.",
        "把运行结果写成报告：网页和 Word 文档。",
    ),
    "verify": Entry(
        "fundsim.cli.verify_command",
        "Hold both engines to exact results, published figures and each other.",
        "用精确解、公开数据及两引擎互校，核验程序。",
    ),
    "list": Entry(
        "fundsim.cli.list_command",
        "List instruments, metrics and bundled scenarios.",
        "列出政策工具、指标和自带情景。",
    ),
}


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    0 done; 2 bad input (usage, scenario, data), nothing written; 1 anything else; 130 interrupted.
    """
    tame_streams()
    args = list(sys.argv[1:] if args is None else args) or ["--help"]
    session = Session(lang=language_of(args, dict(os.environ)))
    try:
        status = _group(session).main(args, prog_name="fundsim", standalone_mode=False, obj=session)
    except click.UsageError as error:
        return _usage_error(session, error)
    except FundsimError as error:
        return _report(session, error)
    except (click.Abort, KeyboardInterrupt):
        session.complain(session.word("interrupted", "已中断"))
        return INTERRUPTED
    except BrokenPipeError:  # of help, which click prints
        silence()
        return FAILED
    except Exception as error:  # the last line of defence: one line, never a traceback
        return _failure(session, error)
    done = status if isinstance(status, int) else DONE
    return done or (FAILED if reader_has_gone() else DONE)


def _group(session: Session) -> FundsimGroup:
    def show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            from importlib.metadata import version  # noqa: PLC0415  (60 ms that only --version pays)

            session.write(f"fundsim {version('fundsim')}")
            ctx.exit()

    version_option = click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show_version,
        help=translate("Show the version and exit.", session.lang),
    )
    return FundsimGroup(
        ENTRIES,
        session.lang,
        params=[version_option, *common_options(session.lang)],
        help=translate("Simulate public money that is levered to finance small firms.", session.lang),
    )


def _usage_error(session: Session, error: click.UsageError) -> int:
    if error.ctx is not None:
        session.complain(error.ctx.get_usage())
    message = usage_message(error, session.lang)
    path = error.ctx.command_path if error.ctx else "fundsim"
    session.complain(session.word(f"Error: {message}", f"错误：{message}"))
    session.complain(session.word(f"Try '{path} --help'.", f"可用 '{path} --help' 查看帮助。"))
    return BAD_INPUT


def _report(session: Session, error: FundsimError) -> int:
    _trace(session, error)
    session.complain(error.text(session.lang))
    return error.exit_status


def _failure(session: Session, error: Exception) -> int:
    _trace(session, error)
    line = " ".join(str(error).split()) or type(error).__name__
    kind = "" if isinstance(error, OSError) else f"{type(error).__name__}: "
    session.complain(session.word(f"Error: {kind}{line}", f"错误：{kind}{line}"))
    return FAILED


def _trace(session: Session, error: Exception) -> None:
    if os.environ.get("FUNDSIM_DEBUG") == "1":
        session.complain("".join(traceback.format_exception(error)).rstrip())
