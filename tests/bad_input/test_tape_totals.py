"""A totals line of a loan tape is one fault, whatever it lacks, and deleting it leaves the loans."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fundsim.scenario.loan_faults import RowFault
from fundsim.scenario.loan_table import Loans, read_loans

NAMES = ["segment", "principal", "months_left", "id"]
LOANS = [["a", "1,250.00", "11", "1"], ["b", "420", "11", "2"], ["a", "85.5", "5", "3"]]


def read_csv(rows: list[list[str]]) -> tuple[Loans | None, tuple[RowFault, ...]]:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([NAMES, *rows])
    return read_loans(text.getvalue().encode(), ".csv")


def read_parquet(rows: list[list[str]], *, numbers: bool) -> tuple[Loans | None, tuple[RowFault, ...]]:
    columns: dict[str, list[object]] = {
        name: [row[n] or None for row in rows] for n, name in enumerate(NAMES)
    }
    if numbers:
        for name, kind in (("principal", float), ("months_left", int)):
            columns[name] = [kind(str(v).replace(",", "")) if v else None for v in columns[name]]
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return read_loans(sink.getvalue(), ".parquet")


TOTALS = {
    "the sum alone": ["", "1,755.50", "", ""],
    "the sum without its groups": ["", "1755.5", "", ""],
    "the sum, rounded": ["", "1755.5004", "", ""],
    "the sum with a mean term": ["", "1755.5", "9", ""],
    "the sum in a segment": ["a", "1755.5", "", ""],
    "合计": ["合计", "1,755.50", "", ""],
    "合计 with blanks": ["合　计", "1,755.50", "", ""],
    "总计 of something else": ["总计", "99", "", ""],
    "小计 without an amount": ["小计", "", "", ""],
    "Total with a mean term": ["Total", "1755.5", "9", ""],
    "total: in the ids": ["", "1755.5", "", "total:"],
    "合计 and the number of loans": ["合计（3笔）", "1755.5", "", ""],
    "SUM": ["SUM", "1755.5", "", ""],
    "a subtotal": ["sub-total", "1", "", ""],
    "Grand Total": ["Grand Total", "1755.5", "", ""],
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_totals_line_is_one_fault(name: str) -> None:
    rows = [*LOANS, TOTALS[name]]
    found = [
        (read_csv(rows), 5),
        (read_parquet(rows, numbers=False), 4),
        (read_parquet(rows, numbers=True), 4),
    ]
    for (loans, faults), line in found:
        assert loans is None
        assert [(fault.line, fault.column, fault.message) for fault in faults] == [
            (line, "", ("this looks like a totals line", "delete it: each row is one loan",
                        "该行像是合计行", "请删去该行：每行为一笔贷款"))
        ]  # fmt: skip


def test_totals_below_other_faults_and_subtotals_are_found() -> None:
    rows = [LOANS[0], ["a小计", "1250", "", ""], LOANS[1], ["小　计", "420", "", ""], ["", "1,670", "", ""]]
    assert [(fault.line, fault.message[0]) for fault in read_csv(rows)[1]] == [
        (line, "this looks like a totals line") for line in (3, 5, 6)
    ]
    rows = [*LOANS, ["a", "x", "3", ""], ["合计", "1755.5", "", ""]]
    assert [fault.line for fault in read_csv(rows)[1]] == [5, 6]


def test_a_total_below_amounts_with_a_unit_is_found() -> None:
    rows = [["a", "120万", "3", ""], ["b", "1,300万", "4", ""], ["", "1,420", "", ""]]
    assert [fault.message[0] for fault in read_csv(rows)[1]] == ["this looks like a totals line"]


@pytest.mark.parametrize(
    ("amount", "total"), [("４２０", "1,755.50"), ("420元整", "1,755.50"), ("420", "１，７５５.5")]
)
def test_a_total_is_found_beside_amounts_that_are_reported(amount: str, total: str) -> None:
    rows = [LOANS[0], ["b", amount, "11", "2"], LOANS[2], ["", total, "", ""]]
    reported = {fault.line: fault.message[0] for fault in read_csv(rows)[1]}
    assert reported.pop(5) == "this looks like a totals line"
    assert set(reported) == ({3} if amount != "420" else set())


def test_a_totals_line_of_fewer_cells_is_one_fault() -> None:
    for line in ("合计,1755.5", "合计：,,1755.5", "total", '"Total",'):
        text = f"segment,principal,months_left,id\na,1250,11,1\nb,420,11,2\n{line}\n"
        _, faults = read_loans(text.encode(), ".csv")
        assert [(fault.line, fault.message[0]) for fault in faults] == [(4, "this looks like a totals line")]


SOUND = {
    "a loan as large as the others": [*LOANS, ["b", "1755.5", "3", "4"]],
    "two equal loans": [["a", "1", "1", ""], ["b", "1", "1", ""]],
    "a segment called total": [["total", "1", "1", ""], ["total", "2", "1", ""]],
    "one loan of a segment called total": [["total", "1", "1", ""]],
    "a segment that begins like a total": [*LOANS, ["总计划", "9", "3", ""]],
    "a segment that ends like a total": [*LOANS, ["会计合计", "9", "3", ""]],
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_a_loan_is_no_total(name: str) -> None:
    for loans, faults in (read_csv(SOUND[name]), read_parquet(SOUND[name], numbers=True)):
        assert faults == ()
        assert loans is not None
        assert loans.principal.size == len(SOUND[name])


@pytest.mark.parametrize(
    "row", [["", "17", "9", ""], ["a", "17", "", ""], ["Summit", "17", "", ""], ["a", "17", "", "SUM12"]]
)
def test_a_loan_that_lacks_something_is_no_total(row: list[str]) -> None:
    _, faults = read_csv([*LOANS, row])
    assert [(fault.line, fault.message[0]) for fault in faults] == [(5, "is empty")]
