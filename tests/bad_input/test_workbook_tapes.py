"""Loan tapes as workbooks: read whole whatever program wrote them, and every fault at its cell."""

from __future__ import annotations

import io
import os
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.scenario.taped import TAPED_POOL, TAPED_SEGMENTS
from tests.scenario.workbooks import HEADINGS, ROWS, SHEET, by_wps, patched, workbook

from fundsim.cli import main
from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.lowering import tape_notes
from fundsim.scenario import Scenario, check_scenario
from fundsim.scenario.loan_table import Asked, Loans, read_loans
from fundsim.units import YearMonth

START = Asked(YearMonth(2015, 1))


def read(data: bytes, sheet: str | None = None, unit: str | None = None) -> Loans:
    loans, faults = read_loans(data, ".xlsx", Asked(START.start, unit, sheet))
    assert loans is not None, faults
    return loans


def refused(data: bytes, asked: Asked = START) -> list[tuple[str, int, int, str, str]]:
    """Return sheet, row and column, heading and problem of each fault."""
    loans, faults = read_loans(data, ".xlsx", asked)
    assert loans is None
    return [(f.sheet, f.line, f.character, f.column, f.message[0]) for f in faults]


def checked(
    folder: Path, data: bytes, stock: str = "{tape: loans.xlsx}"
) -> tuple[Scenario | None, list[Fault]]:
    (folder / "loans.xlsx").write_bytes(data)
    text = TAPED_SEGMENTS + TAPED_POOL.replace("{tape: TAPE}", stock)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    scenario, faults = check_scenario(folder / "scenario.yaml", kinds=KINDS)
    return scenario, [fault for fault in faults if not fault.warning]


def test_a_sheet_of_wps_that_declares_a1_is_read_whole() -> None:
    data = by_wps(workbook([HEADINGS, *([["trade", 1, "2015-06-30", 0.02]] * 200)]))
    stream = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    assert stream.active.max_row == 1  # what would be lost
    loans = read(data)
    assert loans.principal.tolist() == [1e4] * 200
    assert loans.lines.tolist() == list(range(2, 202))


def test_a_workbook_is_read_and_what_was_taken_for_what_is_said(tmp_path: Path) -> None:
    scenario, faults = checked(tmp_path, workbook())
    assert faults == []
    assert scenario is not None
    loans = scenario.terms.instruments["pool"].opening_stock.tape.loans
    assert loans.principal.tolist() == [3e6, 12005000.0]
    assert loans.months_left.tolist() == [12, 6]
    assert list(tape_notes(scenario)) == [(
        "loans.xlsx: 2 loans, 1500.5万 yuan; segment from 行业; principal from 贷款余额（万元） in 万元; "
        "months left counted from 到期日, the window's start being 2015-01; pd from 违约率",
        "loans.xlsx：2 笔贷款，合计 1500.5万元；分组取自“行业”；本金取自“贷款余额（万元）”，以万元计；"
        "剩余期限按“到期日”与政策期起始月 2015-01 计算；违约概率取自“违约率”",
    )]  # fmt: skip


@pytest.mark.parametrize("counted_from_1904", [False, True])
def test_dates_and_their_serial_numbers_are_read_in_both_systems(counted_from_1904: bool) -> None:
    rows: list[list[object]] = [
        HEADINGS[:3],
        ["t", 1, ROWS[0][2]],
        ["t", 1, 42185 - 1462 * counted_from_1904],
    ]
    data = workbook(rows, date_1904=counted_from_1904)
    assert read(data).months_left.tolist() == [12, 6]


def test_numbers_as_text_units_in_cells_and_percentages_are_read() -> None:
    def formats(book, sheet) -> None:
        sheet.write_number(1, 3, 0.07, book.add_format({"num_format": "0.00%"}))
        sheet.write_number(2, 3, 0.07, book.add_format({"num_format": '0.0%" a year"'}))
        sheet.write_number(3, 3, 7, book.add_format({"num_format": '0"%"'}))
        sheet.write_string(4, 3, "7%")

    rows = [
        ["行业", "贷款余额（万元）", "剩余期限", "违约率（%）"],
        ["t", "120", "6", 0],
        ["t", "120万", "6个月", 0],
        ["t", "0.012亿", 6, 0],
        ["t", 120.0, "0.5年", 0],
    ]
    loans = read(workbook(rows, formats))
    assert loans.principal.tolist() == [1.2e6] * 4
    assert loans.months_left.tolist() == [6] * 4
    assert loans.pd.tolist() == [0.07] * 4


def test_a_percentage_is_a_share_under_a_heading_without_a_sign() -> None:
    def formats(book, sheet) -> None:
        sheet.write_number(1, 3, 0.07, book.add_format({"num_format": "0%"}))

    assert read(workbook([HEADINGS, ["t", 1, "2015-06-30", 0]], formats)).pd.tolist() == [0.07]


def test_titles_are_passed_and_their_unit_holds_where_no_heading_has_one() -> None:
    title = [["某行贷款明细表"], ["单位：万元", "", "2015年1月"], []]
    loans = read(workbook([*title, ["行业", "贷款余额", "到期日"], ["t", 3, "2015-06-30"]]))
    assert loans.principal.tolist() == [3e4]
    assert ("unit 万元 from A2", "单位万元取自 A2") in loans.notes
    rows = [*title, ["行业", "贷款余额（元）", "到期日"], ["t", 3, "2015-06-30"]]
    assert read(workbook(rows)).principal.tolist() == [3.0]
    two = [["单位：万元；担保额：亿元"], ["行业", "贷款余额", "到期日"], ["t", 3, "2015-06-30"]]
    assert refused(workbook(two)) == [
        ("明细", 2, 2, "贷款余额", "titles and tape_unit state several units: 万元, 亿元")
    ]


def test_merged_headings_and_merged_segments_count_for_all_their_cells() -> None:
    def merge(book, sheet) -> None:
        sheet.merge_range("A1:D1", "贷款明细表")
        sheet.merge_range("A2:A3", "行业")
        sheet.merge_range("B2:C2", "贷款")
        sheet.merge_range("D2:D3", "违约率")
        sheet.merge_range("A4:A5", "trade")

    rows = [[], [], ["", "余额（万元）", "到期日"], ["", 3, "2015-06-30", 0.1], ["", 4, "2015-06-30", 0.2],
            ["crafts", 5, "2015-06-30", 0.3]]  # fmt: skip
    loans = read(workbook(rows, merge))
    assert [loans.names[at] for at in loans.segment] == ["trade", "trade", "crafts"]
    assert loans.principal.tolist() == [3e4, 4e4, 5e4]
    assert loans.pd.tolist() == [0.1, 0.2, 0.3]


def test_an_amount_that_is_merged_over_rows_counts_once_and_the_other_row_is_reported() -> None:
    def merge(book, sheet) -> None:
        sheet.merge_range("B2:B3", 3)

    rows = [HEADINGS[:3], ["t", "", "2015-06-30"], ["t", "", "2015-06-30"]]
    assert refused(workbook(rows, merge)) == [("明细", 3, 2, "贷款余额（万元）", "is empty")]


def test_hidden_rows_are_read_and_said() -> None:
    loans = read(workbook(change=lambda book, sheet: sheet.set_row(2, None, None, {"hidden": True})))
    assert loans.principal.size == 2
    assert ("1 hidden row read too", "含 1 个隐藏行") in loans.notes


def test_blank_rows_and_columns_are_none() -> None:
    def blanks(book, sheet) -> None:
        grey = book.add_format({"bg_color": "gray"})
        for row in range(4, 60):
            sheet.write_blank(row, 0, None, grey)
        sheet.write_blank(0, 30, None, grey)
        sheet.write_string(40, 8, " ")

    rows = [
        ["行业", "", "贷款余额（万元）", "到期日"],
        ["t", "", 3, "2015-06-30"],
        [],
        ["t", "", 4, "2015-06-30"],
    ]
    loans = read(workbook(rows, blanks))
    assert loans.lines.tolist() == [2, 4]


def test_of_several_sheets_the_first_is_meant_if_only_it_has_a_table() -> None:
    assert read(workbook(sheets=["明细", "Sheet2", "Sheet3"])).principal.size == 2

    def remark(book, sheet) -> None:
        book.get_worksheet_by_name("说明").write(0, 0, "截至 2014 年末")

    loans = read(workbook(change=remark, sheets=["明细", "说明"]))
    assert ("sheet 明细", "工作表“明细”") in loans.notes


def test_several_sheets_with_tables_are_refused_by_name_unless_one_is_named() -> None:
    def second(book, sheet) -> None:
        other = book.get_worksheet_by_name("二月")
        other.write_row(0, 0, ["行业", "贷款余额", "剩余期限"])
        other.write_row(1, 0, ["t", 7, 1])

    data = workbook(change=second, sheets=["一月", "二月"])
    _, faults = read_loans(data, ".xlsx", START)
    assert [f.message for f in faults] == [(
        "the workbook has several sheets: 一月, 二月", "say which one, such as tape_sheet: 一月",
        "工作簿有几个工作表：一月, 二月", "请写明用哪一个，如 tape_sheet: 一月",
    )]  # fmt: skip
    assert read(data, "二月").principal.tolist() == [7.0]
    assert read(data, "一月").principal.size == 2
    _, faults = read_loans(data, ".xlsx", Asked(START.start, None, "三月份"))
    assert [(f.column, f.value, f.message[:2]) for f in faults] == [
        ("tape_sheet", "三月份", ("the workbook has no such sheet", "sheets: 一月, 二月"))
    ]


def test_a_table_that_is_not_on_the_first_sheet_is_to_be_named() -> None:
    def second(book, sheet) -> None:
        book.get_worksheet_by_name("明细").write_row(0, 0, ["行业", "贷款余额", "剩余期限"])

    _, faults = read_loans(workbook([["说明文字"]], second, ["说明", "明细"]), ".xlsx", START)
    assert [f.message[1] for f in faults] == ["say which one, such as tape_sheet: 明细"]


def test_formulas_have_their_stored_values_and_one_without_is_named() -> None:
    def formulas(book, sheet) -> None:
        sheet.write_formula(1, 1, "=100*3", None, 300)

    data = workbook(change=formulas)
    assert read(data).principal.tolist()[0] == 3e6
    hollow = patched(data, SHEET, rb"<f>100\*3</f><v>300</v>", b"<f>100*3</f><v></v>")
    assert refused(hollow) == [("明细", 2, 2, "贷款余额（万元）", "a formula whose value was not stored")]
    book = openpyxl.Workbook()
    for row in (["行业", "贷款余额", "剩余期限"], ["t", "=1+1", 3]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert refused(stream.getvalue()) == [("Sheet", 2, 2, "贷款余额", "a formula whose value was not stored")]


def test_errors_are_named_and_those_of_columns_that_are_not_used_are_none() -> None:
    def errors(book, sheet) -> None:
        sheet.write_formula(1, 1, "=VLOOKUP(1,A:B,2,0)", None, "#N/A")
        sheet.write_formula(2, 4, "=1/0", None, "#DIV/0!")

    rows = [[*HEADINGS, "利率"], [*ROWS[0], 1], [*ROWS[1], 1]]
    _, faults = read_loans(workbook(rows, errors), ".xlsx", START)
    assert [(f.line, f.character, f.column, f.value) for f in faults] == [(2, 2, "贷款余额（万元）", "#N/A")]
    assert faults[0].message == (
        "the cell holds an error",
        "correct its formula, or write the value",
        "单元格为错误值",
        "请改正公式，或直接写数值",
    )


def test_faults_are_reported_at_their_cells(tmp_path: Path) -> None:
    title = [["明细"]]
    rows = [
        *title,
        ["借款人", *HEADINGS],
        ["甲", "trade", -3, "2014-12-31", 2],
        ["乙", "mining", 3, "soon", ""],
    ]
    scenario, faults = checked(tmp_path, workbook(rows))
    assert scenario is None
    path = f"{tmp_path}/loans.xlsx!明细"
    unit = "; numbers in this column are in 万元"
    assert [fault.text() for fault in faults] == [
        f"{path}!C3: 贷款余额（万元） = -3: an amount is 0 or more; "
        f"write an amount with its unit, such as 300万{unit}",
        f"{path}!D3: 到期日 = 2014-12-31: this loan fell due before the start of the window, 2015-01; "
        "leave it out",
        f'{path}!E3: 违约率 = 2: a yearly rate lies in 0 … 1; write 0.02 or "2%"',
        f"{path}!D4: 到期日 = soon: not a date; write year, month and day, such as 2016-06-30",
    ]  # fmt: skip
    assert faults[2].text("zh") == f'{path}!E3: 违约率 = 2: 年率须在 0 到 1 之间；请写 0.02 或 "2%"'


def test_what_only_the_scenario_shows_is_reported_at_the_loans_cell(tmp_path: Path) -> None:
    rows = [HEADINGS, ["trade", 3, "2015-06-30", ""], ["minning", 3, "2015-06-30", ""]]
    _, faults = checked(tmp_path, workbook(rows))
    assert [fault.problem for fault in faults] == [
        "loans.xlsx!明细!A3 has a loan of minning, which is not among the borrowers"
    ]
    _, faults = checked(tmp_path, workbook([HEADINGS, ["trade", 3, "2016-06-30", ""]]))
    assert [fault.problem for fault in faults] == [
        "loans.xlsx!明细!C2 has more months left than the loans of trade have months (12)"
    ]


def test_faults_of_headings_are_reported_at_their_cells() -> None:
    rows: list[list[object]] = [["行业", "贷款金额", "贷款余额", "期限", "评级"], ["t", 1, 1, 1, 1]]
    assert refused(workbook(rows)) == [
        ("明细", 1, 2, "贷款金额", "贷款余额 and this column both mean principal"),
        ("明细", 1, 4, "期限", "a term is no number of months left"),
        ("明细", 1, 5, "评级", "there is no such column"),
    ]
    assert refused(workbook([["a", "b"], ["t", 1]]))[0][-1] == "this line names no column of a loan tape"
    assert [f[-1] for f in refused(workbook([]))] == ["the file is empty"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SOUND = workbook()


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return stream.getvalue()


def altered(data: bytes) -> bytes:
    """Return a workbook with one byte of its first sheet altered."""
    at = data.index(SHEET.encode()) + len(SHEET) + 50
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


UNREADABLE = {
    "empty": (b"", "the file is empty", "文件是空的"),
    "text": (b"segment,principal\n", "this is no .xlsx workbook", "这不是 .xlsx 工作簿"),
    "another archive": (archive(a="b"), "this is no .xlsx workbook", "这不是 .xlsx 工作簿"),
    "an old workbook": (OLE, "this is a workbook in an older format (.xls or .et)",
                        "这是旧格式（.xls 或 .et）的工作簿"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "the workbook is protected by a password",
                   "工作簿设有密码"),
    "cut off": (SOUND[: len(SOUND) // 2], "the workbook is damaged", "工作簿已损坏"),
    "an altered byte": (altered(SOUND), "the workbook is damaged", "工作簿已损坏"),
    "nothing in it": (archive(xl__workbook_xml="<workbook/>"), "the workbook has no sheet",
                      "工作簿没有工作表"),
    "no XML": (patched(SOUND, SHEET, rb"(?s)<sheetData>.*", b"<sheetData><row><c r=\"A1\"><v>"),
               "the workbook is damaged", "工作簿已损坏"),
    "a sheet that is not there": (patched(SOUND, "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet9.xml"),
                                  "the workbook is damaged", "工作簿已损坏"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_workbook_is_plainly_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, says, says_zh = UNREADABLE[name]
    checked(tmp_path, data)
    for lang, words in (("en", says), ("zh", says_zh)):
        assert main(["validate", "-q", str(tmp_path / "scenario.yaml"), "--lang", lang]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1
        assert lines[0].startswith(f"{tmp_path}/loans.xlsx: {words}"), lines[0]


def test_every_flipped_byte_is_read_the_same_or_refused() -> None:
    loans = read(SOUND)
    for at in range(0, len(SOUND), 37):
        data = bytearray(SOUND)
        data[at] ^= 0x55
        found, faults = read_loans(bytes(data), ".xlsx", START)
        assert faults or (found is not None and found.principal.tolist() == loans.principal.tolist())


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundsim.scenario.loan_workbook.MAX_UNPACKED", 1 << 20)
    bomb = patched(SOUND, SHEET, b"<sheetData>", b"<sheetData>" + b" " * (1 << 20))
    assert len(bomb) < 50_000
    assert [f[-1] for f in refused(bomb)] == ["the workbook is larger than 1 MiB once unpacked"]
    # A part that says that it is small is read no further than it says.
    assert [f[-1] for f in refused(_understated(bomb))] == ["the workbook is damaged"]


def _understated(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = packed.getinfo(SHEET).file_size.to_bytes(4, "little")
    return data.replace(size, (100).to_bytes(4, "little"))


def test_a_stray_cell_far_away_does_not_take_all_memory() -> None:
    data = patched(SOUND, SHEET, b"</sheetData>",
                   b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')  # fmt: skip
    assert [f[-1] for f in refused(data)] == ["the sheet spans more than 20,000,000 cells"]


@pytest.mark.parametrize("name", ["loans.xls", "loans.et", "loans.xlsm", "loans.ods"])
def test_other_kinds_of_workbooks_are_to_be_saved_as_xlsx(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(OLE)
    _, faults = checked(tmp_path, SOUND, f"{{tape: {name}}}")
    assert [(f.problem, f.fix) for f in faults] == [
        ("of workbooks only .xlsx is read", "open it in Excel or WPS and save it as .xlsx")
    ]
    assert [(f.problem_zh, f.fix_zh) for f in faults] == [
        ("工作簿只读取 .xlsx", "请用 Excel 或 WPS 打开后另存为 .xlsx")
    ]


def test_a_workbook_that_is_locked_is_to_be_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(tmp_path, SOUND)
    opened = os.open

    def locked(path, *rest):
        if str(path).endswith(".xlsx"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", locked)
    _, faults = checked_again(tmp_path)
    assert [(f.problem, f.fix) for f in faults] == [(
        "the file can't be read (Permission denied)",
        "close it in Excel or WPS; check its name and your rights to it",
    )]  # fmt: skip
    assert [f.fix_zh for f in faults] == ["请在 Excel 或 WPS 中关闭它，并检查文件名和权限"]


def checked_again(folder: Path) -> tuple[Scenario | None, list[Fault]]:
    scenario, faults = check_scenario(folder / "scenario.yaml", kinds=KINDS)
    return scenario, [fault for fault in faults if not fault.warning]


def test_a_workbook_that_is_open_is_read_as_it_was_saved_and_that_is_said(tmp_path: Path) -> None:
    scenario, _ = checked(tmp_path, SOUND)
    assert scenario is not None
    (tmp_path / "~$loans.xlsx").write_bytes(b"someone")
    [(english, chinese)] = tape_notes(scenario)
    assert "; open in Excel or WPS: what was saved last is read; " in english
    assert "；该文件正在 Excel 或 WPS 中打开：读取的是最后保存的内容；" in chinese


def test_text_is_no_formula_and_a_formula_is_no_text() -> None:
    loans = read(workbook([HEADINGS, ["=cmd|'/c calc'!A1", 1, "2015-06-30", ""]], strings_to_formulas=False))
    assert loans.names == ("=cmd|'/c calc'!A1",)


def test_a_manifest_like_digest_pins_a_workbook_too(tmp_path: Path) -> None:
    scenario, _ = checked(tmp_path, SOUND)
    assert scenario is not None
    resolved = scenario.resolved()["instruments"]["pool"]["opening_stock"]
    assert re.fullmatch(r"loans\.xlsx sha256:[0-9a-f]{64}", resolved["tape"])
    assert resolved["tape_sheet"] is None


@pytest.mark.parametrize("piece", [b"<c>", b"<row", b"<c><v>", b'<c r="A1"><f>', b"<c><v></", b"<cellXfs"])
def test_a_part_of_a_million_open_tags_is_read_in_no_time(piece: bytes) -> None:
    data = patched(SOUND, SHEET, b"<sheetData>", lambda _: b"<sheetData>" + piece * (1_000_000 // len(piece)))
    data = patched(data, "xl/styles.xml", b"<cellXfs", lambda _: b"<cellXfs" * 100_000)
    started = time.process_time()
    read_loans(data, ".xlsx", START)
    assert time.process_time() - started < 5.0
