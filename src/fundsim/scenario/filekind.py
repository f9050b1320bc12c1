"""Files that are no scenarios but were given as one: workbooks, documents, tables, results of a run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePath

from fundsim.scenario.faultlist import Message

__all__ = ["other_kind"]

_WORKBOOKS, _DOCUMENTS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"), (".docx", ".doc", ".wps", ".odt")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OF_A_SCENARIO = ("instruments", "extends", "window", "segments", "scenario")
_WRITTEN = re.compile(rb"(?m)^[^\w\n]{0,8}(instruments|extends|window|segments)[\"' ]{0,8}:")
"""A line that only a scenario has."""
_BINARY = (
    (b"%PDF", "a PDF document", "PDF 文档"),
    (b"PAR1", "a Parquet table", "Parquet 数据表"),
    (b"\x89PNG", "a picture", "图片"),
    (b"\xff\xd8\xff", "a picture", "图片"),
    (b"\x1f\x8b", "a compressed file", "压缩文件"),
    (_ZIP, "a ZIP archive", "ZIP 压缩包"),
    (_OLE, "an Office document", "Office 文档"),
)


def other_kind(data: bytes, name: str) -> Message | None:
    """Return what is wrong with a file that is plainly something else than a scenario, None for all others.

    Args:
        data: its content, or the beginning of it.
        name: its name.
    """
    suffix = PurePath(name).suffix.lower()
    found = next(_kinds(data, suffix), None)
    if found is None:
        return None
    english, chinese = found
    fix, fix_zh = (
        "a scenario is a .yaml file, such as minimal.yaml, or an .xlsx workbook made by fundsim template",
        "情景是 .yaml 文本文件，如 minimal.yaml，或由 fundsim template 生成的 .xlsx 工作簿",
    )
    if suffix in (".csv", ".tsv", ".parquet", *_WORKBOOKS):
        fix += "; loans are given in it by opening_stock: {tape: loans.csv}"
        fix_zh += "；逐笔贷款在其中以 opening_stock: {tape: loans.csv} 给出"
    if suffix == ".json":
        fix += "; of a run's files, manifest.json has its scenario"
        fix_zh += "；运行结果中只有 manifest.json 含有情景"
    return f"this is {english}, not a scenario", fix, f"这是 {chinese}，不是情景文件", fix_zh


def _kinds(data: bytes, suffix: str) -> Iterator[tuple[str, str]]:
    """Yield what a file may be in English and Chinese, the surest first."""
    packed = data.startswith((_ZIP, _OLE))
    suspect = suffix in (".csv", ".tsv", *_WORKBOOKS, *_DOCUMENTS)
    written = suspect and _WRITTEN.search(data) is not None
    if (packed and (b"xl/" in data or suffix in _WORKBOOKS)) or (suffix in _WORKBOOKS and not written):
        yield "an Excel or WPS workbook", "Excel 或 WPS 工作簿"
    if (packed and (b"word/" in data or suffix in _DOCUMENTS)) or (suffix in _DOCUMENTS and not written):
        yield "a Word or WPS document", "Word 或 WPS 文档"
    for start, english, chinese in _BINARY:
        if data.startswith(start):
            yield english, chinese
    if suffix in (".csv", ".tsv") and not written:
        yield "a table of values (CSV)", "CSV 数据表"
    if suffix == ".json" and not _is_scenario(data):
        yield "a JSON file", "JSON 文件"


def _is_scenario(data: bytes) -> bool:
    """Return whether JSON may be a scenario: its faults are reported then, one by one."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return True
    return isinstance(value, dict) and any(key in value for key in _OF_A_SCENARIO)
