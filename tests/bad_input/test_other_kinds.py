"""Workbooks, documents, tables and results given as scenarios: named as what they are."""

import io
import json
import time
import zipfile

import pytest
from tests.bad_input.good import GOOD

from fundsim.cli import main
from fundsim.scenario.filekind import other_kind

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return buffer.getvalue()


WORKBOOK = ("an Excel or WPS workbook", "Excel 或 WPS 工作簿")
DOCUMENT = ("a Word or WPS document", "Word 或 WPS 文档")
TABLE = ("a table of values (CSV)", "CSV 数据表")
JSON = ("a JSON file", "JSON 文件")

FILES = [
    ("plan.yaml", packed("xl/workbook.xml"), WORKBOOK),
    ("plan", packed("xl/workbook.xml"), WORKBOOK),
    ("plan.et", packed("Workbook"), WORKBOOK),
    ("plan.et", OLE, WORKBOOK),
    ("plan.xls", OLE, WORKBOOK),
    ("plan.xls", b"<html><table></table></html>", WORKBOOK),
    ("plan.docx", packed("word/document.xml"), DOCUMENT),
    ("plan.yml", packed("word/document.xml"), DOCUMENT),
    ("plan.doc", OLE, DOCUMENT),
    ("plan.wps", OLE, DOCUMENT),
    ("plan.csv", b"segment,principal,months_left\nfirms,1,2\n", TABLE),
    ("plan.csv", "\ufeff分组,本金\n企业,1\n".encode("utf-8"), TABLE),
    ("plan.csv", "分组,本金\n企业,1\n".encode("gb18030"), TABLE),
    ("plan.csv", "a,b\n1,2\n".encode("utf-16"), TABLE),
    ("plan.csv", b"", TABLE),
    ("plan.tsv", b"a\tb\n1\t2\n", TABLE),
    ("summary.json", b'{"metrics": []}', JSON),
    ("list.json", b"[1, 2]", JSON),
    ("plan.parquet", b"PAR1....PAR1", ("a Parquet table", "Parquet 数据表")),
    ("plan.pdf", b"%PDF-1.7\n", ("a PDF document", "PDF 文档")),
    ("plan.png", b"\x89PNG\r\n\x1a\n", ("a picture", "图片")),
    ("plan.zip", packed("plan.yaml"), ("a ZIP archive", "ZIP 压缩包")),
    ("plan.yaml.gz", b"\x1f\x8b\x08\x00", ("a compressed file", "压缩文件")),
    ("plan.bin", OLE, ("an Office document", "Office 文档")),
]


@pytest.mark.parametrize(("name", "data", "kind"), FILES, ids=[f"{n}-{len(d)}" for n, d, _ in FILES])
@pytest.mark.parametrize("command", ["validate", "show", "run"])
def test_a_file_of_another_kind_is_named_as_such(command, name, data, kind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(data)
    for lang, reported in (
        ("en", f"this is {kind[0]}, not a scenario"),
        ("zh", f"这是 {kind[1]}，不是情景文件"),
    ):
        assert main([command, name, "--lang", lang]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"{name}:1:1: {reported}")
        assert ".yaml" in err
        assert len(err.splitlines()) == (2 if command == "validate" else 1)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_base_of_another_kind_is_named_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.xlsx").write_bytes(packed("xl/workbook.xml"))
    (tmp_path / "plan.yaml").write_text("extends: base.xlsx\n")
    assert main(["validate", "plan.yaml", "-q"]) == 2
    assert capsys.readouterr().err == (
        "base.xlsx: a workbook can't be extended; extend the scenario that it extends\n"
    )
    assert main(["validate", "plan.yaml", "-q", "--lang", "zh"]) == 2
    assert capsys.readouterr().err == "base.xlsx: 不能继承工作簿；请继承该工作簿所改的情景\n"


@pytest.mark.parametrize("name", ["plan.yaml", "plan.json", "plan.csv", "plan.txt", "plan"])
def test_a_scenario_is_one_whatever_its_name(name, tmp_path):
    for text in (GOOD, json.dumps({"window": {}, "instruments": {}}), "# a comment\nextends: base\n"):
        assert other_kind(text.encode(), name) is None


def test_faults_of_a_scenario_in_json_are_its_own():
    assert other_kind(b'{"instruments": {', "plan.json") is None
    assert other_kind(b'{"instrument": {}, "window": {}}', "plan.json") is None


def test_empty_text_is_no_other_kind():
    assert other_kind(b"", "plan.yaml") is None


@pytest.mark.parametrize("sign", [b"\n", b" ", b"-", b"\t\n", b"window"])
@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx", "plan.yaml"])
def test_a_million_signs_are_read_in_no_time(sign, name):
    started = time.perf_counter()
    other_kind(sign * (1_000_000 // len(sign)), name)
    assert time.perf_counter() - started < 2.0
