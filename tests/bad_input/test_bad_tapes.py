"""Every bad loan tape is reported at its line, in the right words; none is read from elsewhere (R18)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.scenario.taped import TAPED_POOL

from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario

from .hostile import escapes

SEGMENTS = """\
window: {start: 2015-01, months: 12}
segments:
  trade: {pd: 3%, rho: 0.1, city_weight: 1, lgd: {mean: 0.5, sd: 0.2}, loan: {mean: 300万}}
  crafts: {pd: 4%, rho: 0.1, city_weight: 1, lgd: 0.6, loan: {mean: 100万, term_months: 6}}
  mining: {pd: 4%, rho: 0.1, city_weight: 1, lgd: 0.6, loan: {mean: 100万}}
"""
SCENARIO = SEGMENTS + TAPED_POOL
HEAD = "segment,principal,months_left,pd,lgd,id\n"
GOOD = HEAD + "trade,300万,12,3%,0.5,a\ncrafts,1000000,6,,,b\n"
MARK = "SECRET-MARK-7319"


def faults_of(folder: Path, tape: str | bytes | None, name: str = "loans.csv", scenario: str = SCENARIO):
    """Return the scenario, and what is reported of it apart from warnings."""
    if tape is not None:
        (folder / name).write_bytes(tape if isinstance(tape, bytes) else tape.encode("utf-8"))
    path = folder / "scenario.yaml"
    path.write_text(scenario.replace("TAPE", name), encoding="utf-8")
    loaded, faults = check_scenario(path, kinds=KINDS)
    return loaded, [fault for fault in faults if not fault.warning]


BAD_ROWS = {
    "a negative principal": ("trade,-3,12,,,", "principal = -3", "an amount is 0 or more"),
    "no principal at all": ("trade,,12,,,", "principal", "is empty"),
    "a principal of nothing": ("trade,0,12,,,", "principal = 0", "more than 0"),
    "a word for a principal": ("trade,much,12,,,", "principal = much", "not text"),
    "full-width digits": ("trade,３００万,12,,,", "principal = ３００万", 'did you mean "300万"?'),
    "an infinite principal": ("trade,inf,12,,,", "principal = inf", "an amount is expected"),
    "not a number": ("trade,nan,12,,,", "principal = nan", "an amount is expected"),
    "hexadecimal": ("trade,0x10,12,,,", "principal = 0x10", "an amount is expected"),
    "too large": ("trade,1e305,12,,,", "principal = 1e305", "too large"),
    "half a month": ("trade,5,1.5,,,", "months_left = 1.5", "whole number"),
    "no months": ("trade,5,0,,,", "months_left = 0", "has matured; leave it out"),
    "too many months": ("trade,5,121,,,", "months_left = 121", "at most 120 months"),
    "a percentage without its sign": ("trade,5,1,3,,", "pd = 3", '0.03 or "3%"'),
    "certain default": ("trade,5,1,100%,,", "pd = 100%", "between 0 and 1"),
    "no default ever": ("trade,5,1,0,,", "pd = 0", "between 0 and 1"),
    "a loss above all": ("trade,5,1,,1.2,", "lgd = 1.2", "lies in 0 … 1"),
    "no segment": (",5,1,,,", "segment", "is empty"),
    "a loan twice": ("trade,5,1,,,a", "id = a", "stands on line 2 already"),
    "too few cells": ("trade,5", "", "2 values in a row of 6 columns"),
    "too many cells": ("trade,5,1,,,c,d", "", "7 values in a row of 6 columns"),
    "a control character": ("tra\x07de,5,1,,,", "", "control character"),
}
"""Line 3 of a tape, what is reported to be wrong in it, and what is said of that."""


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_reported_at_its_line_with_its_value(name: str, tmp_path: Path) -> None:
    row, what, says = BAD_ROWS[name]
    scenario, faults = faults_of(tmp_path, f"{HEAD}trade,300万,12,3%,0.5,a\n{row}\n")
    assert scenario is None
    text = faults[0].text()
    assert re.match(rf"\S*loans\.csv:3(:\d+)?: {re.escape(what)}", text), text
    assert says in text
    assert "; " in text
    assert re.search("[\u4e00-\u9fff]", faults[0].text("zh")), faults[0].text("zh")


def test_all_faults_of_all_columns_are_reported_at_once_and_in_order(tmp_path: Path) -> None:
    scenario, faults = faults_of(tmp_path, HEAD + "trade,-1,0,2,3,a\n,x,1,1%,1%,b\n")
    assert scenario is None
    assert [(f.line, f.key) for f in faults] == [
        (2, "lgd"), (2, "months_left"), (2, "pd"), (2, "principal"), (3, "principal"), (3, "segment"),
    ]  # fmt: skip


def test_of_many_bad_rows_the_first_are_reported_and_the_others_counted(tmp_path: Path) -> None:
    scenario, faults = faults_of(tmp_path, HEAD + "trade,-1,12,,,\n" * 5000)
    assert scenario is None
    assert [f.line for f in faults[:20]] == list(range(2, 22))
    assert len(faults) == 21
    assert "4,980 more faults" in faults[-1].problem


def test_blank_rows_at_the_end_are_no_loans_and_lines_are_still_right(tmp_path: Path) -> None:
    scenario, faults = faults_of(tmp_path, GOOD + "\n,,,,,\n  ,,,,,\n\n")
    assert faults == []
    assert scenario is not None
    assert scenario.terms.instruments["pool"].opening_stock.tape.loans.lines.tolist() == [2, 3]
    _, faults = faults_of(tmp_path, HEAD + "\n\nx\ntrade,-1,1,,,\n")
    assert [(f.line, f.key) for f in faults] == [(4, ""), (5, "principal")]


BAD_FILES = {
    "an unknown column": ("segment,principle,months_left\ntrade,1,1\n", 1, "did you mean principal?"),
    "a missing column": ("segment,principal\ntrade,1\n", 1, "this column is missing"),
    "a heading near to one": ("segment,principle,monthsleft\ntrade,1,1\n", 1, "did you mean months_left?"),
    "a column twice": ("segment,principal,months_left,principal\ntrade,1,1,1\n", 1, "stands twice"),
    "semicolons": ("segment;principal;months_left\ntrade;1;1\n", 1, "not separated by commas"),
    "tabs": ("segment\tprincipal\tmonths_left\ntrade\t1\t1\n", 1, "not separated by commas"),
    "nothing": ("", 0, "the file is empty"),
    "a header only": (HEAD, 0, "holds no loan"),
    "Big5": ((HEAD + "貿易公司,1,1,,,\n").encode("big5"), 2, "neither UTF-8 nor GB18030"),
    "GB18030 that is cut off": (
        (HEAD + "贸易,1,1,,,贸").encode("gb18030")[:-1],
        2,
        "neither UTF-8 nor GB18030",
    ),
    "Latin-1": ((HEAD + "société,1,1,,,\n").encode("latin-1"), 2, "neither UTF-8 nor GB18030"),
    "damaged UTF-8": (
        (HEAD + "贸易,1,1,,,\n").encode().replace("易".encode(), b"\xe6\x98"),
        2,
        "neither UTF-8",
    ),
    "UTF-16": (GOOD.encode("utf-16"), 1, "saved as UTF-16"),
    "a workbook": (b"PK\x03\x04\x14\x00" + bytes(200), 0, "this is a workbook"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_reported(name: str, tmp_path: Path) -> None:
    tape, line, says = BAD_FILES[name]
    scenario, faults = faults_of(tmp_path, tape)
    assert scenario is None
    assert any(f.line == line and says in f.text() for f in faults), [f.text() for f in faults]
    assert all(re.search("[\u4e00-\u9fff]", f.text("zh")) for f in faults)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_units_percentages_marks_and_line_ends_are_read(encoding: str, end: str, tmp_path: Path) -> None:
    text = HEAD + 'trade,300万,12,3%,55%,甲\ntrade,"1,200,000",1年,0.03,,\ncrafts,0.02亿,6,3‰,1,"b, c"\n'
    scenario, faults = faults_of(tmp_path, text.replace("\n", end).encode(encoding))
    assert faults == []
    assert scenario is not None
    loans = scenario.terms.instruments["pool"].opening_stock.tape.loans
    assert loans.names == ("trade", "crafts")
    assert loans.principal.tolist() == [3e6, 1.2e6, 2e6]
    assert loans.months_left.tolist() == [12, 12, 6]
    assert loans.pd.tolist() == [0.03, 0.03, 0.003]
    assert loans.lgd[[0, 2]].tolist() == [0.55, 1.0]


def test_amounts_with_a_unit_are_rounded_once(tmp_path: Path) -> None:
    """0.35万 in binary times 10,000 would not always be the float next to 3,500."""
    amounts = [f"{n / 1000:.3f}" for n in range(1, 4000, 7)]
    scenario, _ = faults_of(tmp_path, HEAD + "".join(f"trade,{a}万,1,,,\n" for a in amounts))
    assert scenario is not None
    loans = scenario.terms.instruments["pool"].opening_stock.tape.loans
    assert loans.principal.tolist() == [float(f"{a}e4") for a in amounts]


def parquet(path: Path, **columns: object) -> None:
    pq.write_table(pa.table(columns), path, write_page_checksum=True)


def test_a_parquet_tape_is_read_and_its_rows_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "loans.parquet"
    parquet(path, segment=["trade", "crafts"], principal=[3e6, 1e6], months_left=[12, 6], pd=[None, 0.02])
    scenario, faults = faults_of(tmp_path, None, "loans.parquet")
    assert faults == []
    assert scenario is not None
    assert scenario.terms.instruments["pool"].opening_stock.tape.loans.principal.tolist() == [3e6, 1e6]
    parquet(path, segment=["trade", "crafts"], principal=[3e6, -1.0], months_left=["12", "六"])
    _, faults = faults_of(tmp_path, None, "loans.parquet")
    assert [(f.line, f.key, f.value) for f in faults] == [(2, "months_left", "六"), (2, "principal", "-1.0")]
    parquet(path, segment=[1.5], principal=[[1]], months_left=[1])
    _, faults = faults_of(tmp_path, None, "loans.parquet")
    assert [f.problem for f in faults] == ["this column holds lists, not amounts"]


def test_no_heading_steers_a_terminal_or_breaks_a_line(tmp_path: Path) -> None:
    columns = {"segment": ["trade"], "principal\n\x1b[31m": [1], "months_left": [1]}
    parquet(tmp_path / "loans.parquet", **columns)
    _, faults = faults_of(tmp_path, None, "loans.parquet")
    assert {f.key for f in faults} == {"principal\\n\\x1b[31m", "principal"}
    _, faults = faults_of(tmp_path, 'segment,principal,"principal\n（元）",months_left\ntrade,1,1,1\n')
    assert [f.text() for f in faults] == [
        f"{faults[0].file}:1: principal\\n（元）: another column is principal already; "
        "delete the one that is not the principal outstanding"
    ]


def test_a_parquet_tape_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loans.parquet"
    parquet(
        path, segment=["trade"] * 1000, principal=[float(n) for n in range(1, 1001)], months_left=[1] * 1000
    )
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    scenario, faults = faults_of(tmp_path, bytes(content), "loans.parquet")
    assert scenario is None
    assert "damaged" in faults[0].problem or faults[0].line > 0


RULES = {
    "a stranger": ("mning,1,1,,,\n", "loans.csv:2 has a loan of mning, which is not among the borrowers"),
    "a segment that borrows elsewhere": ("mining,1,1,,,\n", "borrowers: trade, crafts"),
    "a likely name": ("tarde,1,1,,,\n", "did you mean trade?"),
    "too long a term": ("crafts,1,7,,,\n", "more months left than the loans of crafts have months (6)"),
    "a mean without a law": ("trade,1,1,,99%,\n", "no law on 0 … 1 has the standard deviation of trade"),
}


@pytest.mark.parametrize("name", RULES)
def test_a_tape_must_fit_the_scenario(name: str, tmp_path: Path) -> None:
    rows, says = RULES[name]
    scenario, faults = faults_of(tmp_path, HEAD + rows)
    assert scenario is None
    assert len(faults) == 1
    assert says in faults[0].text()
    assert faults[0].key == "pool.opening_stock.tape"
    assert re.search("[\u4e00-\u9fff]", faults[0].text("zh"))


def test_too_many_random_lgd_laws_are_refused_and_fixed_ones_are_not(tmp_path: Path) -> None:
    rows = "".join(f"SEGMENT,1,1,,{0.2 + n / 2000},\n" for n in range(502))
    scenario, faults = faults_of(tmp_path, HEAD + rows.replace("SEGMENT", "trade"))
    assert scenario is None
    assert "more than 500 different mean losses" in faults[0].problem
    scenario, faults = faults_of(tmp_path, HEAD + rows.replace("SEGMENT", "crafts"))
    assert scenario is not None, faults


def test_loans_of_a_tape_do_not_amortise(tmp_path: Path) -> None:
    scenario = SCENARIO.replace("term_months: 6", "term_months: 6, repayment: linear")
    _, faults = faults_of(tmp_path, GOOD, scenario=scenario)
    assert ["crafts, which repays in monthly parts" in f.problem for f in faults] == [True]


def test_a_static_economy_has_no_tape(tmp_path: Path) -> None:
    _, faults = faults_of(tmp_path, GOOD, scenario="economy: {step: static}\n" + SCENARIO)
    assert any("static economy has not" in f.problem for f in faults)


@pytest.mark.parametrize("stock", ["{tape: loans.csv, amount: 1亿}", "{tape: loans.csv, loans: 3}", "{}"])
def test_a_stock_has_one_of_amount_loans_and_tape(stock: str, tmp_path: Path) -> None:
    _, faults = faults_of(tmp_path, GOOD, scenario=SCENARIO.replace("{tape: TAPE}", stock))
    assert ["exactly one of amount, loans and tape" in f.problem for f in faults] == [True]


def test_no_reference_to_a_tape_leaves_the_scenarios_folder(tmp_path: Path) -> None:
    secret, home = tmp_path / "secret", tmp_path / "secret" / "home"
    (home / "sub").mkdir(parents=True)
    for folder in (secret, tmp_path):
        (folder / "secret.csv").write_text(GOOD.replace("trade", MARK), encoding="utf-8")
    if os.name == "posix":
        (home / "link.csv").symlink_to(secret / "secret.csv")
        (home / "sub" / "link.csv").symlink_to("../../secret.csv")
        (home / "linked").symlink_to(secret, target_is_directory=True)
        os.mkfifo(home / "pipe.csv")
    references = [r.replace(".yaml", ".csv") for r in escapes(str(tmp_path / "secret.csv"), "secret.csv")]
    assert len(set(references)) >= 60
    path = home / "scenario.yaml"
    for reference in references:
        quoted = "'" + reference.replace("'", "''") + "'"
        if "\0" in reference:
            quoted = '"' + reference.replace("\0", "\\0").replace("\\", "\\\\").replace("\\\\0", "\\0") + '"'
        path.write_text(SCENARIO.replace("TAPE", quoted), encoding="utf-8")
        scenario, faults = check_scenario(path, kinds=KINDS)
        errors = [fault for fault in faults if not fault.warning]
        assert scenario is None, reference
        assert len(errors) == 1, f"{reference}: {[f.text() for f in errors]}"
        assert errors[0].key == "pool.opening_stock.tape", errors[0].text()
        reported = errors[0].text() + errors[0].text("zh")
        assert MARK not in reported
        assert "root:" not in reported


def test_a_name_like_the_one_meant_is_offered(tmp_path: Path) -> None:
    (tmp_path / "loans_2015.csv").write_text(GOOD, encoding="utf-8")
    _, faults = faults_of(tmp_path, None, "loan_2015.csv")
    assert faults[0].fix == "did you mean loans_2015.csv?"
    _, faults = faults_of(tmp_path, GOOD, "loans.txt")
    assert "a loan tape is a CSV, an .xlsx or a Parquet file" in faults[0].problem


def test_a_tape_above_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundsim.scenario.loan_file.MAX_TAPE_BYTES", len(GOOD.encode()) - 1)
    _, faults = faults_of(tmp_path, GOOD)
    assert "larger than 256 MiB" in faults[0].problem
    monkeypatch.undo()
    monkeypatch.setattr("fundsim.scenario.loan_table.MAX_LOANS", 2)
    _, faults = faults_of(tmp_path, GOOD + "trade,2,2,,,\n")
    assert "2 loans" in faults[0].problem
