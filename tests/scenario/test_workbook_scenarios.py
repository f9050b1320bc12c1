"""Scenarios as workbooks: written by ``template``, filled in, and laid over the scenario that they name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import Lang, ScenarioError
from fundsim.instruments import KINDS
from fundsim.report.template import template_workbook
from fundsim.scenario import Scenario, check_scenario
from fundsim.scenario.files import bundled_names
from fundsim.scenario.unit_words import ENDINGS, unit_of
from fundsim.units import MONEY

from .workbooks import SHEET, by_wps, patched, workbook

COLUMNS = ("key", "meaning", "value", "unit", "low", "high", "source", "note")
FEW = ["minimal", "taiyuan_2015_2017", "examples/fund_of_funds", "textbook/unequal_layers", "examples/budget"]


def template(name: str, lang: Lang = "en") -> bytes:
    return template_workbook(fs.load(name), name, "x.xlsx", lang)


def is_unchanged(name: str, lang: Lang, folder: Path) -> None:
    scenario = fs.load(name)
    (folder / "x.xlsx").write_bytes(by_wps(template(name, lang)))
    filled = fs.load(folder / "x.xlsx")
    assert filled.sha256 == scenario.sha256
    assert filled.warnings == scenario.warnings
    # Each cell reads as the value of the scenario, with its range, source and note: none had to be laid over.
    mine = [key for key, origin in filled.origins.items() if origin.file and ".xlsx!" in origin.file]
    assert mine == ["name"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", FEW)
def test_a_workbook_that_is_not_changed_is_the_scenario_itself(name: str, lang: Lang, tmp_path: Path) -> None:
    is_unchanged(name, lang, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(set(bundled_names()) - set(FEW)))
def test_so_is_that_of_every_bundled_scenario(name: str, tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        is_unchanged(name, "zh" if lang == "zh" else "en", tmp_path)


def filled(
    folder: Path,
    change: Callable[[Worksheet, dict[str, int]], None],
    name: str = "minimal",
    lang: Lang = "en",
) -> Path:
    """Return a workbook after a clerk's changes: the sheet of values, and the row of each key."""
    book = openpyxl.load_workbook(io.BytesIO(template(name, lang)))
    sheet = book.worksheets[1]
    rows = {str(sheet.cell(row, 1).value): row for row in range(2, sheet.max_row + 1)}
    change(sheet, rows)
    book.save(folder / "x.xlsx")
    return folder / "x.xlsx"


def put(**cells: object) -> Callable[[Worksheet, dict[str, int]], None]:
    """Return a change: ``pool__opening=3`` for a value, ``pool__opening__unit="亿元"`` for another column."""

    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        for name, value in cells.items():
            *key, last = name.split("__")
            column = last if last in COLUMNS else "value"
            whole = ".".join(key if last in COLUMNS else [*key, last])
            sheet.cell(rows[whole], COLUMNS.index(column) + 1).value = value  # type: ignore[assignment]

    return change


def texts(path: Path, lang: Lang = "en", *, warnings: bool = False) -> list[str]:
    """Return what is reported of a workbook, without its folder."""
    _, faults = check_scenario(path, kinds=KINDS)
    folder = f"{path.parent}/" if path.is_absolute() else ""
    return [f.text(lang).removeprefix(folder) for f in faults if f.warning == warnings]


def test_values_are_laid_over_the_base_and_know_their_cells(tmp_path: Path) -> None:
    path = filled(tmp_path, put(pool__multiple=8, pool__opening=0.4, pool__opening__unit="亿元", name="mine"))
    scenario = fs.load(path)
    assert scenario.name == "mine"
    pool = scenario.terms.instruments["pool"]
    assert (pool.multiple, pool.opening) == (8.0, 4e7)
    origin = scenario.origins["instruments.pool.multiple"]
    assert origin.file == f"{path}!values"
    assert scenario.sha256 == fs.load("minimal").set("name", "mine").set("pool.multiple", 8).set(
        "pool.opening", "0.4亿"
    ).sha256  # fmt: skip


ACCEPTED = {
    "a number as text": "8",
    "full-width digits": "８",
    "a unit in the cell": "8倍",
    "full-width with a unit": "８．０倍",
    "a group of digits": "8.0",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_numbers_may_be_texts_and_full_width(name: str, tmp_path: Path) -> None:
    scenario = fs.load(filled(tmp_path, put(pool__multiple=ACCEPTED[name])))
    assert scenario.terms.instruments["pool"].multiple == 8.0


MONEY_CELLS = {
    "in the unit of the row": (50, "million yuan"),
    "in another unit": (0.5, "100 million yuan"),
    "in 万元": (5000, "万元"),
    "with groups": ("5,000", "万元"),
    "with a unit of its own": ("0.5亿", "million yuan"),
    "full-width with its own": ("０.５亿", ""),
    "in yuan": (50_000_000, None),
}


@pytest.mark.parametrize("name", MONEY_CELLS)
def test_amounts_have_the_unit_of_their_row_or_their_own(name: str, tmp_path: Path) -> None:
    value, unit = MONEY_CELLS[name]
    path = filled(tmp_path, put(pool__opening=value, pool__opening__unit=unit))
    assert fs.load(path).terms.instruments["pool"].opening == 5e7


SHARES: list[tuple[object, str | None]] = [
    (0.6, "%"), ("60%", "%"), ("６０％", "%"), ("60", "%"), (0.6, None), ("60%", None), ("0.6", "fraction"),
    ("0.6", "比例"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "unit"), SHARES)
def test_shares_may_be_percentages(value: object, unit: str | None, tmp_path: Path) -> None:
    # The cell of a share shows percentages, as openpyxl keeps it: a number in it is what it shows.
    path = filled(tmp_path, put(pool__share=value, pool__share__unit=unit))
    assert fs.load(path).terms.instruments["pool"].share == 0.6


def test_a_month_that_became_a_date_is_that_month(tmp_path: Path) -> None:
    path = filled(tmp_path, put(window__start=datetime(2016, 3, 1)))
    assert str(fs.load(path).terms.window.start) == "2016-03"
    path = filled(tmp_path, put(window__start=datetime(2016, 3, 15)))
    assert [text.split("; ")[0] for text in texts(path)] == [
        "x.xlsx!values!C11: window.start = 2016-03-15: not a calendar month"
    ]


def test_items_of_lists_go_by_name_or_position_and_lists_may_be_written_in_a_cell(tmp_path: Path) -> None:
    scenario = fs.load("taiyuan_2015_2017")
    amounts = [one.amount for one in scenario.terms.instruments["zhubaodai"].injections]

    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        row = rows["zhubaodai.injections.1.amount"]
        sheet.cell(row, 3).value = 7000
        assert sheet.cell(row, 4).value == "万元"

    filled_in = fs.load(filled(tmp_path, change, "taiyuan_2015_2017", "zh"))
    found = [one.amount for one in filled_in.terms.instruments["zhubaodai"].injections]
    assert found == [amounts[0], 7e7, *amounts[2:]]
    path = filled(tmp_path, put(pool__injections="[{date: 2025-01, amount: 0.5亿}]"))
    assert [one.amount for one in fs.load(path).terms.instruments["pool"].injections] == [5e7]


def test_an_emptied_note_or_range_is_none(tmp_path: Path) -> None:
    scenario = fs.load("taiyuan_2015_2017")
    assert scenario.origins["instruments.zhubaodai.multiple"].low == 5.0
    path = filled(
        tmp_path, put(zhubaodai__multiple__low=None, zhubaodai__multiple__high=12), "taiyuan_2015_2017"
    )
    origin = fs.load(path).origins["instruments.zhubaodai.multiple"]
    assert (origin.low, origin.high, origin.source) == (None, 12.0, ("plan",))


def test_a_changed_value_with_the_old_source_is_a_warning(tmp_path: Path) -> None:
    path = filled(tmp_path, put(zhubaodai__multiple=8), "taiyuan_2015_2017")
    row = texts(path, warnings=True)
    assert len(row) == 1
    assert row[0].startswith("x.xlsx!values!G")
    assert row[0].endswith(
        ": zhubaodai.multiple = plan: the value was changed, and its source is still that of the base; "
        "write where the new value comes from"
    )
    assert texts(path, "zh", warnings=True)[0].endswith(
        "：数值已改，而来源仍是原来的；请写明新数值的来源"
    ) or texts(path, "zh", warnings=True)[0].endswith(": 数值已改，而来源仍是原来的；请写明新数值的来源")
    path = filled(
        tmp_path, put(zhubaodai__multiple=8, zhubaodai__multiple__source="会议纪要"), "taiyuan_2015_2017"
    )
    assert texts(path, warnings=True) == []
    assert fs.load(path).origins["instruments.zhubaodai.multiple"].source == ("会议纪要",)


def test_a_changed_default_has_no_source(tmp_path: Path) -> None:
    key = "instruments.pool.write_off_months"
    assert fs.load("minimal").origins[key].is_default
    path = filled(tmp_path, put(pool__write_off_months=30))
    assert fs.load(path).origins[key].source == ()
    assert [text.partition(": ")[2] for text in texts(path, warnings=True)] == [
        'pool: no source for write_off_months; add `source: …`: a fact id, a document, or "assumption"'
    ]


def test_every_mistake_is_reported_at_its_cell(tmp_path: Path) -> None:
    def change(sheet: Worksheet, rows: dict[str, int]) -> None:
        put(
            window__months=None, pool__multiple="many", pool__share="x", pool__share__unit="百分点",
            economy__step="weekly", run__seed__key="run.sed", window__start="2015.13", pool__opening="=1+1",
        )(sheet, rows)  # fmt: skip
        last = sheet.max_row
        sheet.cell(last + 1, 1).value, sheet.cell(last + 1, 3).value = "run.paths", 5
        sheet.cell(last + 2, 1).value, sheet.cell(last + 2, 3).value = "pol.multiple", 5
        sheet.cell(last + 3, 2).value = "a remark without a key is none"

    path = filled(tmp_path, change)
    english, chinese = texts(path), texts(path, "zh")
    rows = {text.split(": ")[1].split(" = ")[0]: text.split(": ")[0].rpartition("!")[2] for text in english}
    assert [text.partition(": ")[2] for text in english] == [
        "run.sed = 1: there is no such key; did you mean seed?",
        "window.start = 2015.13: not a calendar month; write year and month such as 2015-03",
        "window.months: is empty, and the base has a value; write a value, or null for none, "
        "or delete the row",
        "economy.step = weekly: is none of month, quarter, year, static; write one of these",
        'pool.multiple = many: a multiple is expected, not text; write a number such as 10, or "10倍"',
        "pool.share = 百分点: there is no such unit; write one of yuan, million yuan, 万元, 亿元, %, "
        "months, years, days, times",
        "pool.opening: a formula whose value was not stored; open the workbook in Excel or WPS and save it, "
        "or write the value",
        "run.paths: this key stands in row 9 already; keep one of the two",
        "pol.multiple: there is no such key; did you mean pool?",
    ]  # fmt: skip
    assert rows["run.sed"].startswith("A")
    assert rows["pool.multiple"].startswith("C")
    assert rows["pool.share"].startswith("D")
    assert chinese[2].endswith("window.months: 为空，而所改情景有值；请写数值，无值请写 null，或删去该行")
    assert chinese[5].endswith("没有这个单位；请写其中之一：元、万元、亿元、%、个月、年、天、倍")
    assert main(["run", str(path), "-q"]) == 2


def test_error_cells_are_named(tmp_path: Path) -> None:
    rows = [["key", "value"], ["extends", "minimal"], ["pool.multiple", 8]]
    data = patched(workbook(rows), SHEET, rb'<c r="B3"><v>8</v></c>', b'<c r="B3" t="e"><v>#REF!</v></c>')
    (tmp_path / "x.xlsx").write_bytes(data)
    assert texts(tmp_path / "x.xlsx") == [
        "x.xlsx!明细!B3: pool.multiple = #REF!: the cell holds an error; "
        "correct its formula, or write the value"
    ]


AT = "x.xlsx!明细!"
BASES = {
    "none": (
        [["key", "value"], ["pool.multiple", 8]],
        "x.xlsx!明细: the workbook does not say which scenario it changes; "
        "add a row with the key extends and a scenario such as minimal for its value",
    ),
    "unknown": (
        [["key", "value"], ["extends", "minimall"]],
        f"{AT}B2: extends = minimall: there is no such scenario file; did you mean minimal?",
    ),
    "itself": (
        [["key", "value"], ["extends", "x.xlsx"]],
        f"{AT}B2: extends = x.xlsx: the files extend one another in a circle: x.xlsx → x.xlsx; "
        "let one of them extend nothing",
    ),
    "elsewhere": (
        [["key", "value"], ["extends", "../a.yaml"]],
        f"{AT}B2: extends = ../a.yaml: the file lies outside the scenario's folder; "
        "put it in the scenario's folder or below, or name a bundled scenario",
    ),
    "no table": (
        [["a", "b"]],
        "x.xlsx: no sheet has columns called key and value; make a workbook to fill in with "
        "fundsim template; "
        "loans are given in a scenario by opening_stock: {tape: loans.xlsx}",
    ),
    "two columns of values": (
        [["key", "value", "值"], ["extends", "minimal"]],
        f"{AT}C1: 值: this column stands twice; keep one of the two",
    ),
}


@pytest.mark.parametrize("name", BASES)
def test_a_workbook_names_its_base_and_its_columns(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows, says = BASES[name]
    Path("x.xlsx").write_bytes(workbook(rows))
    assert texts(Path("x.xlsx")) == [says]


def test_a_workbook_by_hand_needs_three_columns_only(tmp_path: Path) -> None:
    rows = [["改了两处"], [], ["键", "值", "单位"], ["extends", "minimal"], ["pool.opening", 3000, "万元"],
            [], ["pool.multiple", "８倍"]]  # fmt: skip
    (tmp_path / "x.xlsx").write_bytes(workbook(rows))
    scenario = fs.load(tmp_path / "x.xlsx")
    assert scenario.name == "x"
    pool = scenario.terms.instruments["pool"]
    assert (pool.opening, pool.multiple) == (3e7, 8.0)


def test_faults_of_the_base_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("window: {start: 2015-01, months: x}\n", encoding="utf-8")
    (tmp_path / "x.xlsx").write_bytes(workbook([["key", "value"], ["extends", "base.yaml"]]))
    assert [text.split(": ")[0] for text in texts(tmp_path / "x.xlsx")] == ["base.yaml:1:34"]


def test_other_values_may_be_laid_over_a_workbook(tmp_path: Path) -> None:
    path = filled(tmp_path, put(pool__multiple=8))
    assert fs.load(path, ["pool.multiple=7"]).terms.instruments["pool"].multiple == 7.0
    assert fs.load(path).set("pool.opening", "1亿").terms.instruments["pool"].multiple == 8.0


# ------------------------------------------------------------------ the command


def written(folder: Path, *args: str) -> Scenario:
    assert main(["template", *args, "-o", str(folder / "x.xlsx"), "-q"]) == 0
    return fs.load(folder / "x.xlsx")


def test_the_command_writes_a_workbook_that_every_command_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written(tmp_path, "minimal").sha256 == fs.load("minimal").sha256
    path = str(tmp_path / "x.xlsx")
    for command in (["validate"], ["show", "--source"], ["diff", "minimal"]):
        assert main([*command, path, "--lang", "zh"]) == 0
    assert "没有不同" in capsys.readouterr().err
    assert main(["template", "minimal", "-o", path]) == 2
    assert "already exists" in capsys.readouterr().err
    assert written(tmp_path, "minimal", "--replace").name == "minimal"


REFUSED = {
    "another ending": (
        ["minimal", "-o", "x.xls"],
        "x.xls: a workbook is written as .xlsx; give a name that ends in .xlsx",
        "x.xls：工作簿以 .xlsx 格式写出；请写以 .xlsx 结尾的文件名",
    ),
    "a workbook": (
        ["own.xlsx", "-o", "x.xlsx"],
        "own.xlsx is a workbook already; copy it, or name the scenario that it extends",
        "own.xlsx 已是工作簿；请复制它，或写它所改的情景",
    ),
    "elsewhere": (
        ["own.yaml", "-o", "sub/x.xlsx"],
        "sub/x.xlsx lies outside of the folder of own.yaml",
        "sub/x.xlsx 不在 own.yaml 所在文件夹",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_command_refuses(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("own.yaml").write_text("extends: minimal\n", encoding="utf-8")
    Path("own.xlsx").write_bytes(workbook([["key", "value"], ["extends", "minimal"]]))
    args, english, chinese = REFUSED[name]
    for lang, says in (("en", english), ("zh", chinese)):
        assert main(["template", *args, "--lang", lang]) == 2
        assert capsys.readouterr().err.startswith(says)
    assert not Path(args[2]).exists()


def test_a_scenario_of_ones_own_is_named_from_beside(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "own.yaml").write_text(
        "extends: minimal\npool: x\n".replace("pool: x\n", ""), "utf-8"
    )
    scenario = written(tmp_path, str(tmp_path / "sub" / "own.yaml"))
    assert scenario.sha256 == fs.load(tmp_path / "sub" / "own.yaml").sha256


def test_the_sheets_are_made_for_readers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("taiyuan_2015_2017", "zh")))
    assert book.sheetnames == ["说明", "参数"]
    sheet = book["参数"]
    assert [cell.value for cell in sheet[1]] == ["键", "含义", "值", "单位", "下限", "上限", "来源", "备注"]
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["B"].width > 30
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    row = [cell.value for cell in sheet[rows["zhubaodai.multiple"]]]
    assert row[:7] == ["zhubaodai.multiple", "放大倍数", 10, "倍", 5, 15, "plan"]
    titles = [
        sheet.cell(row, 2).value for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value is None
    ]
    assert "zhubaodai – 助保贷风险补偿资金池 (compensation_pool)" in titles
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered[f"C{rows['economy.step']}"] == '"month,quarter,year,static"'
    assert all(cell.data_type != "f" for line in sheet for cell in line)


def test_a_text_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("extends: minimal\ntitle: \"=cmd|'/c calc'!A1\"\n", encoding="utf-8")
    data = template_workbook(fs.load(tmp_path / "own.yaml"), "own.yaml", "x.xlsx", "en")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet2.xml")
    (tmp_path / "x.xlsx").write_bytes(data)
    assert fs.load(tmp_path / "x.xlsx").terms.title == "=cmd|'/c calc'!A1"


def test_the_same_scenario_gives_the_same_file() -> None:
    assert template("minimal") == template("minimal")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_unit_that_is_written_is_read_back(lang: Lang) -> None:
    for value in (None, 0.0, 1.0, 1e4, 1e6, 1e8, 12345678.9):
        word, scale = unit_of(MONEY, value, lang)
        assert MONEY.read(f"1{ENDINGS[word]}") == float(scale)


def test_a_scenario_in_a_workbook_is_a_scenario_error_like_any(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"x\.xlsx!values!C\d+: pool\.multiple = many"):
        fs.load(filled(tmp_path, put(pool__multiple="many")))


def test_one_value_of_a_default_list_keeps_the_others(tmp_path: Path) -> None:
    text = "extends: textbook/equity_pacing\ninstruments: {fund: {pacing: {growth: 13%, source: book}}}\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    scenario = fs.load(tmp_path / "own.yaml")
    assert scenario.origins["instruments.fund.pacing.calls.0"].is_default
    before = scenario.resolved()["instruments"]["fund"]["pacing"]["calls"]
    rows = [["key", "value"], ["extends", "own.yaml"], ["fund.pacing.calls.1", 0.4]]
    (tmp_path / "x.xlsx").write_bytes(workbook(rows))
    after = fs.load(tmp_path / "x.xlsx").resolved()["instruments"]["fund"]["pacing"]["calls"]
    assert after == [before[0], 0.4, *before[2:]]
