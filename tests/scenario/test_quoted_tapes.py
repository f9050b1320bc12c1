"""A CSV tape is read as CSV is meant: quotes, line breaks in cells, blank and odd rows, at their lines."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fundsim.scenario.loan_cells import MOST_CHARACTERS
from fundsim.scenario.loan_table import read_loans

HEADER = "segment,principal,months_left"
HEAD = "segment,principal,months_left,id\n"


def faults_of(text: str | bytes, suffix: str = ".csv") -> list[tuple[int, int, str]]:
    """Return line, character and problem of each fault."""
    loans, faults = read_loans(text if isinstance(text, bytes) else text.encode(), suffix)
    assert (loans is None) == bool(faults)
    return [(fault.line, fault.character, fault.message[0]) for fault in faults]


# ------------------------------------------------------------------ tapes whose content is known


@dataclass(frozen=True)
class Row:
    """A row as it is written, and what it is: a loan, blank, or of too many or too few cells."""

    text: str
    loan: tuple[str, float, int] | None
    odd: bool = False


WORDS = st.text(alphabet=[*"ab贸'; ", '"', ",", "\n"], max_size=6).filter(
    lambda text: all(line.count(",") <= 1 for line in text.split("\n")) and text.strip() != ""
)
AMOUNTS = st.sampled_from([("300万", 3e6), ("1200", 1200.0), ("1,234,567.5", 1234567.5), ("1 200", 1200.0),
                           ("2e3", 2000.0), ("+7", 7.0)])  # fmt: skip
MONTHS = st.sampled_from([("12", 12), ("1年", 12), ("6个月", 6), ("120", 120)])
PADS = st.sampled_from(["", "", " ", "  "])


@st.composite
def cells(draw: Any, value: str) -> str:
    """Write a cell bare or in quotes, where it may be, with spaces around what is bare."""
    bare = not set(value) & set('",\n') or (value[0] != '"' and not set(value) & set(",\n"))
    if bare and value.strip(" ")[:1] != '"' and draw(st.booleans()):
        return str(draw(PADS)) + value + str(draw(PADS))
    return str(draw(PADS)) + '"' + value.replace('"', '""') + '"'


@st.composite
def rows(draw: Any) -> Row:
    kind = draw(st.sampled_from(["loan", "loan", "loan", "blank", "short", "long"]))
    if kind == "blank":
        return Row(draw(st.sampled_from(["", " ", ",,", " , ,", '"",,', '""', ",,,,,", '" "'])), None)
    segment, (amount, yuan), (left, months) = draw(WORDS), draw(AMOUNTS), draw(MONTHS)
    written = [draw(cells(value)) for value in (segment, amount, left)]
    if kind == "loan":
        return Row(",".join(written), (segment.strip(), yuan, months))
    if kind == "short":
        return Row(",".join(written[:2]), None, odd=True)
    return Row(",".join([*written, draw(cells("x"))]), None, odd=True)


@given(
    st.lists(rows(), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([HEADER, '"segment","principal", "months_left"', '"segment\n",principal,months_left']),
    st.sampled_from(["", "\n", "\n\n  \n"]),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_a_tape_is_read_as_it_was_written(
    tape: list[Row], end: str, head: str, tail: str, mark: bool
) -> None:
    text = "\n".join([head, *(row.text for row in tape)]) + tail
    line = head.count("\n") + 2
    loans: list[tuple[int, str, float, int]] = []
    odd: list[int] = []
    for row in tape:
        if row.loan:
            loans.append((line, *row.loan))
        elif row.odd:
            odd.append(line)
        line += row.text.count("\n") + 1
    data = text.replace("\n", end).encode("utf-8-sig" if mark else "utf-8")
    found, faults = read_loans(data, ".csv")
    if odd or not loans:
        assert found is None
        assert [fault.line for fault in faults] == (odd or [0])
        return
    assert faults == ()
    assert found is not None
    read = zip(found.lines.tolist(), (found.names[i] for i in found.segment), found.principal.tolist(),
               found.months_left.tolist(), strict=True)  # fmt: skip
    assert list(read) == loans


# ------------------------------------------------------------------ Python's own reader


@given(st.text(alphabet=list('a1",\n '), max_size=40))
@example(',",""\n,",')
@settings(max_examples=1500, deadline=None)
def test_rows_are_those_of_pythons_strict_reader(body: str) -> None:
    """Segments that a file names, at their lines, whatever quotes and breaks are in it."""
    text = "segment,principal,months_left\n" + body
    expected: list[tuple[int, int]] = []
    reader = csv.reader(io.StringIO(body), strict=True, skipinitialspace=True)
    at, broken = 0, False
    try:
        for record in reader:
            start, at = at + 2, reader.line_num
            swallowing = any(
                "\n" in cell and max(p.count(",") for p in cell.split("\n")) > 1 for cell in record
            )
            # Or two open quotes make one row of two: without them each would have three cells.
            swallowing |= [p.count(",") for p in ",".join(record).split("\n")].count(2) > 1
            if swallowing or (len(record) != 3 and any(cell.strip() for cell in record)):
                expected.append((start, len(record)))
    except csv.Error:
        broken = True
    _, faults = read_loans(text.encode(), ".csv")
    shape = [fault for fault in faults if fault.column == "" and fault.line]
    quotes = [fault for fault in shape if "quote opens here and" in fault.message[0] and fault.character]
    assert len(quotes) == broken
    for fault in quotes:
        line = text.split("\n")[fault.line - 1]
        assert line[fault.character - 1] == '"'
        assert fault.line >= at + 2
    others = [fault for fault in shape if fault not in quotes]
    assert len(others) == len(expected)
    assert all(start <= fault.line for fault, (start, _) in zip(others, expected, strict=True))


def read_alike(one: str, other: str) -> None:
    """Check that two texts of a tape hold the same loans at the same lines, or have the same faults."""
    (loans, faults), (loans_too, faults_too) = (read_loans(text.encode(), ".csv") for text in (one, other))
    assert faults == faults_too
    if loans is not None:
        assert loans_too is not None
        assert loans.lines.tolist() == loans_too.lines.tolist()
        assert loans.principal.tolist() == loans_too.principal.tolist()
        assert loans.segment.tolist() == loans_too.segment.tolist()
        assert loans.names == loans_too.names


@given(st.text(alphabet=list("ab1, \n"), max_size=60))
@settings(max_examples=500, deadline=None)
def test_a_file_is_read_alike_with_and_without_a_quote_in_it(body: str) -> None:
    head = "segment,principal,months_left\n"
    read_alike(f"{head}{body}\na,1,1\n", f'{head}{body}\n"a","1","1"\n')


REGULAR = ("a", '"a"', "1", '"1"', "", '""', '"a,b"', '"1,000"', '"合计"', " a", '" "')


@given(st.lists(st.lists(st.sampled_from(REGULAR), min_size=1, max_size=5).map(",".join), max_size=8))
@settings(max_examples=500, deadline=None)
def test_regular_quotes_are_read_as_the_strict_reader_reads_them(tape: list[str]) -> None:
    """One space before a quote, here in a blank row at the end, sends the whole file to that reader."""
    text = "segment,principal,months_left\n" + "".join(f"{row}\n" for row in tape)
    read_alike(f'{text}"",,\n', f'{text} "",,\n')


# ------------------------------------------------------------------ quotes that are wrong

OPEN = "a quote opens here and is never closed"
IN_A_CELL = "a quote opens here and closes in the middle of a cell"
BELOW = "a quote opens here and closes in the next line in the middle of a cell"
WHOLE_ROWS = "a quote opens here and takes in whole rows"
WRONG_QUOTES = {
    "one that is never closed": ('t,1,1,x\nt,1,1,"y\nt,1,1,z\nt,1,1,w\n', (3, 7, OPEN)),
    "one in the first cell": ('"t,1,1,x\nt,1,1,y\n', (2, 1, OPEN)),
    "one in the last cell of the file": ('t,1,1,"', (2, 7, OPEN)),
    "one behind a cell with a line break": ('"t\nu",1,1,"x\n', (3, 8, OPEN)),
    "two in two rows": ('t,1,1,"x\nt,1,1,"y\n', (2, 7, BELOW)),
    "two that make one cell of three rows": ('t,1,1,"x\nt,1,1,y\nt,1,1,z"\n', (2, 0, WHOLE_ROWS)),
    "text behind a closing quote": ('t,1,1,"x"y\n', (2, 7, IN_A_CELL)),
    "a space behind a closing quote": ('"t" ,1,1,y\n', (2, 1, IN_A_CELL)),
    "a quote inside that is not doubled": ('t,1,1,"the "old" one"\n', (2, 7, IN_A_CELL)),
}


@pytest.mark.parametrize("name", WRONG_QUOTES)
def test_a_wrong_quote_is_reported_where_it_opens(name: str) -> None:
    body, expected = WRONG_QUOTES[name]
    assert faults_of(HEAD + body) == [expected]


@pytest.mark.parametrize("rows", [1, 499, 500, 501, 30_000])
def test_an_open_quote_is_found_in_a_file_of_any_size(rows: int) -> None:
    before = "".join(f"t,1,1,{n}\n" for n in range(rows))
    after = "".join(f"t,1,1,a{n}\n" for n in range(rows))
    assert faults_of(f'{HEAD}{before}t,1,1,"x\n{after}') == [(rows + 2, 7, OPEN)]


@pytest.mark.parametrize("rows", [498, 499, 500, 1250])
def test_lines_are_right_behind_cells_with_line_breaks_in_a_file_of_any_size(rows: int) -> None:
    body = "".join(f't,1,1,"{n}\n(renewed)"\n' for n in range(rows))
    assert [f[0] for f in faults_of(f"{HEAD}{body}t,x,1,y\n")] == [2 * rows + 2]


def test_rows_above_a_wrong_quote_are_judged_all_the_same() -> None:
    assert [f[0] for f in faults_of(f'{HEAD}t,x,1,"a\nb"\nt,1,x,b\nt,1,1,"c\n')] == [2, 4, 5]


def test_a_quote_in_the_middle_of_a_bare_cell_is_a_character() -> None:
    loans, _ = read_loans(f'{HEAD}5" pipes,1,1,a\n"b",1,1,b"\n'.encode(), ".csv")
    assert loans is not None
    assert loans.names == ('5" pipes', "b")


@pytest.mark.parametrize("size", [MOST_CHARACTERS, MOST_CHARACTERS + 1, 200_000, 20_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_has_the_same_longest_size_however_it_is_written(size: int, quote: str) -> None:
    found = faults_of(f'{HEAD}"t\nu",1,1,x\nt,1,1,{quote}{"y" * size}{quote}\n')
    plain = faults_of(f"{HEAD}t,1,1,x\nt,1,1,{'y' * size}\n")
    wrong = "more than 1,000 characters in a cell"
    assert [(line, reported) for line, _, reported in found] == [(4, wrong)] * (size > MOST_CHARACTERS)
    assert [(line, reported) for line, _, reported in plain] == [(3, wrong)] * (size > MOST_CHARACTERS)


def test_many_odd_rows_are_counted() -> None:
    _, faults = read_loans((HEAD + "t,1\n" * 5000).encode(), ".csv")
    assert sum(fault.count for fault in faults) == 5000
    assert [fault.line for fault in faults[:3]] == [2, 3, 4]


def test_a_sound_file_of_many_different_amounts_in_groups_is_sound() -> None:
    body = "".join(f't,"1,{n:03},{m:03}.5",3年,\n' for n in range(40) for m in range(300))
    loans, faults = read_loans((HEAD + body).encode(), ".csv")
    assert faults == ()
    assert loans is not None
    assert loans.principal[-1] == 1039299.5
    assert set(loans.months_left.tolist()) == {36}


def test_many_different_amounts_that_are_read_one_by_one_are_sound_too() -> None:
    body = "".join(f"t,+{n + 1}万元,1,\n" for n in range(12_000))
    loans, faults = read_loans((HEAD + body).encode(), ".csv")
    assert faults == ()
    assert loans is not None
    assert loans.principal.tolist() == [(n + 1) * 1e4 for n in range(12_000)]


def test_two_open_quotes_that_make_one_cell_of_two_rows_lose_no_loan() -> None:
    """What stands between the quotes is a whole cell, and the row has its number of columns: not meant."""
    text = (
        "segment,id,principal,months_left\n"
        "trade,A1,300万,10\n"
        'trade,"A2,300万,11\n'
        'trade,A3",500万,12\n'
        "trade,A4,700万,6\n"
    )
    loans, faults = read_loans(text.encode(), ".csv")
    assert loans is None
    assert [(fault.line, fault.message[0]) for fault in faults] == [
        (3, "a quote opens here and takes in whole rows")
    ]


def test_a_line_break_that_only_wraps_a_text_is_no_fault() -> None:
    text = 'segment,id,principal,months_left\ntrade,"HT,\n003",300万,10\ntrade,"A\nB",500万,12\n'
    loans, faults = read_loans(text.encode(), ".csv")
    assert faults == ()
    assert loans is not None
    assert loans.principal.tolist() == [3e6, 5e6]
    assert loans.lines.tolist() == [2, 4]
