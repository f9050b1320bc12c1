"""Loan tapes as banks have them: Chinese headings with units, GB18030, due dates, a unit in the scenario."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fundsim.cli import main
from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.lowering import tape_notes
from fundsim.scenario import Scenario, check_scenario
from fundsim.scenario.loan_table import Asked, Loans, read_loans
from fundsim.units import YearMonth

from .taped import TAPED_POOL, TAPED_SEGMENTS

BANK = """\
借据号,借款人,行业,贷款余额（万元）,利率（%）,期限（月）,到期日,违约率(％)
0017,甲公司,trade,300,4.35,12,2015-12-20,2
0018,乙公司,crafts,"1,200.5",4.35,12,2015/6/1,
0019,丙公司,trade,0.02亿,4.35,24,20150131,3%
"""
START = Asked(YearMonth(2015, 1))


def checked(folder: Path, tape: bytes, stock: str = "{tape: TAPE}", name: str = "loans.csv",
            start: str = "2015-01") -> tuple[Scenario | None, list[Fault]]:  # fmt: skip
    (folder / name).write_bytes(tape)
    text = TAPED_SEGMENTS.replace("2015-01", start) + TAPED_POOL.replace("{tape: TAPE}", stock)
    (folder / "scenario.yaml").write_text(text.replace("TAPE", name), encoding="utf-8")
    loaded, faults = check_scenario(folder / "scenario.yaml", kinds=KINDS)
    return loaded, [fault for fault in faults if not fault.warning]


def loans_of(scenario: Scenario | None) -> Loans:
    assert scenario is not None
    loans = scenario.terms.instruments["pool"].opening_stock.tape.loans
    assert isinstance(loans, Loans)
    return loans


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_bank_table_is_read_whole_and_its_reading_is_said(encoding: str, tmp_path: Path) -> None:
    scenario, faults = checked(tmp_path, BANK.encode(encoding))
    assert faults == []
    loans = loans_of(scenario)
    assert loans.names == ("trade", "crafts")
    assert loans.principal.tolist() == [3e6, 12005000.0, 2e6]
    assert loans.months_left.tolist() == [12, 6, 1]
    assert loans.pd[[0, 2]].tolist() == [0.02, 0.03]
    assert scenario is not None
    how = ("; read as GB18030", "；按 GB18030 编码读取") if encoding == "gb18030" else ("", "")
    assert list(tape_notes(scenario)) == [
        (
            f"loans.csv: 3 loans, 1700.5万 yuan{how[0]}; id from 借据号; segment from 行业; principal from "
            "贷款余额（万元） in 万元; months left counted from 到期日, the window's start being 2015-01; "
            "pd from 违约率(％) in %; not used: 借款人, 利率（%）, 期限（月）",
            f"loans.csv：3 笔贷款，合计 1700.5万元{how[1]}；编号取自“借据号”；分组取自“行业”；本金取自“"
            "贷款余额（万元）”，以万元计；剩余期限按“到期日”与政策期起始月 2015-01 计算；"
            "违约概率取自“违约率(％)”，以%计；未使用的列：借款人、利率（%）、期限（月）",
        )
    ]  # fmt: skip


def test_faults_of_a_bank_table_have_the_bank_s_headings_and_the_line(tmp_path: Path) -> None:
    rows = "0017,甲,trade,-3,1,1,2014-12-31,2\n0018,乙,trade,三百,1,1,31/12/2015,300\n"
    scenario, faults = checked(tmp_path, (BANK.split("\n", maxsplit=1)[0] + "\n" + rows).encode("gb18030"))
    assert scenario is None
    path = f"{tmp_path}/loans.csv"
    unit = "; numbers in this column are in 万元"
    english = [
        f"{path}:2: 到期日 = 2014-12-31: this loan fell due before the start of the window, 2015-01; "
        "leave it out",
        f"{path}:2: 贷款余额（万元） = -3: an amount is 0 or more; "
        f"write an amount with its unit, such as 300万{unit}",
        f"{path}:3: 到期日 = 31/12/2015: it is unclear which is the year, the month and the day; "
        "write year, month and day, such as 2016-06-30",
        f"{path}:3: 贷款余额（万元） = 三百: an amount is expected, not text; "
        f"write an amount with its unit, such as 300万{unit}",
        f"{path}:3: 违约率(％) = 300: a yearly rate lies in 0 … 1; "
        "write a percentage with its sign, such as 3%; numbers in this column are in %",
    ]
    assert [fault.text() for fault in faults] == english
    assert [fault.text("zh") for fault in faults][:2] == [
        f"{path}:2: 到期日 = 2014-12-31: 该笔贷款在政策期起始月 2015-01 之前已到期；请删去该笔",
        f"{path}:2: 贷款余额（万元） = -3: 金额不得小于 0；请写带单位的金额，如 300万；该列数字以万元为单位",
    ]


DUE = {
    "2015-06-30": 6, "2015-06-01": 6, "2015/6/30": 6, "2015.6.30": 6, "20150630": 6, "2015年6月30日": 6,
    "2015年06月1号": 6, "2015-06": 6, "2015年6月": 6, "201506": 6, "42185": 6, "42185.5": 6, "42186": 7,
    "2015-06-30 00:00:00": 6, "2015-06-30T12:30": 6, "2015-01-01": 1, "2015-01-31": 1, "2015-02-01": 2,
    "2016-01-01": 13, "２０１５年６月３０日": 6, "2024-12-31": 120,
}  # fmt: skip
"""Due dates and the ends of months from January 2015 until then."""
NO_DUE = {
    "": "is empty",
    "2014-12-31": "this loan fell due before the start of the window, 2015-01",
    "41900": "this loan fell due before the start of the window, 2015-01",
    "2025-01-01": "fundsim models loans of at most 120 months, here due by 2024-12",
    "2015-02-30": "there is no such day",
    "20151331": "there is no such day",
    "2015-13": "there is no such day",
    "30/06/2015": "it is unclear which is the year, the month and the day",
    "15-6-30": "it is unclear which is the year, the month and the day",
    "6/30/15": "it is unclear which is the year, the month and the day",
    "6": "not a date",
    "12345": "not a date",
    "soon": "not a date",
    "2015-06/30": "not a date",
}


@pytest.mark.parametrize("text", DUE)
def test_a_due_date_is_the_number_of_month_ends_until_then(text: str) -> None:
    loans, faults = read_loans(f"行业,余额,到期日\nt,1,{text}\n".encode(), ".csv", START)
    assert loans is not None, faults
    assert loans.months_left.tolist() == [DUE[text]]


@pytest.mark.parametrize("text", NO_DUE)
def test_what_is_no_due_date_of_a_loan_is_reported(text: str) -> None:
    loans, faults = read_loans(f"行业,余额,到期日\nt,1,{text}\n".encode(), ".csv", START)
    assert loans is None
    assert [(f.line, f.column, f.message[0]) for f in faults] == [(2, "到期日", NO_DUE[text])]


def test_due_dates_move_with_the_window_and_wait_for_a_window_that_can_be_read(tmp_path: Path) -> None:
    tape = BANK.replace("2015-12-20", "2015-06-30")
    scenario, faults = checked(tmp_path, tape.encode(), start="2014-07")
    assert faults == []
    assert loans_of(scenario).months_left.tolist() == [12, 12, 7]
    scenario, faults = checked(tmp_path, BANK.encode(), start="soon")
    assert scenario is None
    assert [fault.key for fault in faults] == ["window.start"]


def test_due_dates_of_a_parquet_file_may_be_dates(tmp_path: Path) -> None:
    for kind in (date(2015, 6, 30), datetime(2015, 6, 30, 12), "2015-06-30", 42185, 20150630, 42185.0):
        sink = io.BytesIO()
        pq.write_table(pa.table({"行业": ["t"], "贷款余额（万元）": [0.1], "到期日": [kind]}), sink)
        loans, faults = read_loans(sink.getvalue(), ".parquet", START)
        assert loans is not None, faults
        assert loans.months_left.tolist() == [6]
        assert loans.principal.tolist() == [1000.0]


def test_the_unit_of_amounts_may_stand_in_the_scenario(tmp_path: Path) -> None:
    tape = "segment,principal,months_left\ntrade,300,1\ncrafts,120万,1\n".encode()
    scenario, faults = checked(tmp_path, tape, "{tape: TAPE, tape_unit: 万元}")
    assert faults == []
    assert loans_of(scenario).principal.tolist() == [3e6, 1.2e6]
    assert scenario is not None
    assert [note for note, _ in tape_notes(scenario)] == [
        "loans.csv: 2 loans, 420万 yuan; principal from principal in 万元"
    ]


def test_a_heading_and_the_scenario_must_not_say_two_units(tmp_path: Path) -> None:
    scenario, faults = checked(tmp_path, BANK.encode(), "{tape: TAPE, tape_unit: 亿元}")
    assert scenario is None
    path = f"{tmp_path}/loans.csv"
    assert [(f.text(), f.text("zh")) for f in faults] == [(
        f"{path}: 贷款余额（万元）: the heading says 万元, and tape_unit 亿元; correct one of the two",
        f"{path}: 贷款余额（万元）: 表头写的是万元，而 tape_unit 为亿元；请改正其中一处",
    )]  # fmt: skip


def test_keys_of_a_tape_need_a_tape(tmp_path: Path) -> None:
    _, faults = checked(tmp_path, b"", "{amount: 1亿, tape_unit: 万元}")
    assert [fault.problem for fault in faults] == ["goes with a tape, and there is none"]
    _, faults = checked(tmp_path, BANK.encode(), "{tape: TAPE, tape_unit: 十万元}")
    assert [fault.key for fault in faults] == ["pool.opening_stock.tape_unit"]


def test_a_total_under_the_borrowers_is_a_totals_line() -> None:
    text = "借款人,行业,贷款余额,到期日\n甲,t,5,2015-06-30\n乙,t,6,2015-06-30\n合计,,11,\n"
    _, faults = read_loans(text.encode(), ".csv", START)
    assert [(f.line, f.message[0]) for f in faults] == [(4, "this looks like a totals line")]


def test_a_row_with_a_borrower_alone_is_no_blank_row() -> None:
    text = "借款人,行业,贷款余额,到期日\n甲,t,5,2015-06-30\n乙,,,\n"
    _, faults = read_loans(text.encode(), ".csv", START)
    assert {(f.line, f.column, f.message[0]) for f in faults} == {
        (3, name, "is empty") for name in ("行业", "贷款余额", "到期日")
    }


def test_validate_prints_count_total_and_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked(tmp_path, BANK.encode("gb18030"))
    assert main(["validate", str(tmp_path / "scenario.yaml"), "--lang", "zh"]) == 0
    assert "loans.csv：3 笔贷款，合计 1700.5万元；按 GB18030 编码读取；" in capsys.readouterr().err
