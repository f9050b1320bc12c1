"""The command line's Chinese, keyed by its English."""

from __future__ import annotations

from fundsim.cli.console import Language

__all__ = ["CHINESE", "translate"]

CHINESE: dict[str, str] = {
    # the frame
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Show this message and exit.": "显示本帮助。",
    "Show the version and exit.": "显示版本号。",
    "Language of messages and tables.": "提示和表格的语言。",
    "Print results as JSON.": "以 JSON 输出结果。",
    "Print no messages and no tables, only errors; --json still prints its result.": (
        "不输出提示和表格，只报告错误；与 --json 同用时仍输出结果。"
    ),
    "Simulate public money that is levered to finance small firms.": (
        "模拟财政资金撬动小微企业融资的风险与效果。"
    ),
    # list
    "List instruments, metrics or bundled scenarios; all three unless one is named. "
    "With a SCENARIO, 'list metrics' names the metrics of just that scenario.": (
        "列出政策工具（instruments）、指标（metrics）或自带情景（scenarios），"
        "不写则全部列出；“list metrics 情景”只列该情景的指标。"
    ),
    "With a SCENARIO: how the metrics that PATTERN names are computed, such as 'zhubaodai.claims_*'.": (
        "与“情景”一起使用：显示名称符合所给样式的指标如何计算，例如 'zhubaodai.claims_*'。"
    ),
    # verify
    "Hold both engines to closed forms and published figures, and to each other; "
    "exit with 1 if anything fails.": (
        "用解析解、公开数据以及两个引擎的互相比对核验程序；任何一项不通过时退出码为 1。"
    ),
    "Few paths: three minutes instead of an hour, less power.": "少量路径：约三分钟而非一小时，功效较低。",
    "Print every metric of every scenario, not the worst only.": (
        "列出每个情景的全部指标，而不只是最差的一项。"
    ),
    "Write the validation report, in Markdown, to FILE.": "把验证报告（Markdown）写入 FILE。",
    # trace
    "Show one path of SCENARIO as a dated ledger: every payment with the balance after it, what "
    "happened to loans, claims and breakers, and the proof that it all sums to the run's figures.": (
        "把 SCENARIO 的一条路径写成逐月台账：每笔收付及其后余额，"
        "贷款、代偿、熔断等事项，以及与运行结果一致的核对。"
    ),
    "Number of the path, from 0; it is the same path in every run with the same seed.": (
        "路径编号，从 0 起；种子相同的运行中，同一编号是同一条路径。"
    ),
    "Write the ledger to FILE, a .csv that spreadsheets open; only its closing section is printed.": (
        "把台账写入 FILE（.csv，可用电子表格打开）；屏幕上只显示期末核对。"
    ),
    "Replace FILE if it exists.": "若 FILE 已存在则替换。",
    # run
    "Simulate SCENARIO, a file, the name of a bundled scenario or a run's manifest.json, print the "
    "headline figures and write everything into a result folder.": (
        "模拟 SCENARIO（情景文件、自带情景的名称，或结果文件夹中的 manifest.json），"
        "显示主要结果，并把全部结果写入文件夹。"
    ),
    "Result folder; results/<scenario> unless given.": "结果文件夹，默认 results/<情景名>。",
    "Number of simulated paths; the scenario's unless given.": "模拟路径数，默认取情景中的设定。",
    "Number of threads; every core unless given. Results don't depend on it.": (
        "线程数，默认用全部核心；结果与线程数无关。"
    ),
    "Replace a folder that holds a finished run, in whole.": "整体替换已有的运行结果。",
    "Keep only metrics that match, such as '*.claims_paid', and write all of them by path; may be "
    "repeated. Unless given, paths.parquet has the headline figures, their years and what pictures are "
    "drawn from; '*' writes all.": (
        "只保留名称相符的指标，如 '*.claims_paid'，并写出其全部逐路径数值；可重复。"
        "不写时 paths.parquet 含主要指标（及其分年度数值）和绘图所需的列；'*' 写出全部。"
    ),
    "Replace a folder that holds finished results, in whole.": "整体替换已有的结果文件夹。",
    "Format of the pictures, or none.": "图片格式；none 表示不绘图。",
    "Let paths grow, up to --paths, until every headline mean's standard error and half of every "
    "headline probability's interval is at most this part of it, such as 1%.": (
        "路径数逐步增加（不超过 --paths），直到各主要指标均值的标准误及概率区间的半宽"
        "不超过其值的这一比例，如 1%。"
    ),
    "The compiled core, or the slow second engine that checks it.": "编译内核，或用于核对的慢速第二引擎。",
}


def translate(text: str | None, lang: Language) -> str | None:
    """Return a text of the command line in a language; English where there is no Chinese."""
    return CHINESE.get(text, text) if text is not None and lang == "zh" else text
