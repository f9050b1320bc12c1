"""A hint is right: what it proposes, written where the fault is, leaves the file with one fault less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fundsim.errors import Fault
from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario, load

from .good import Case
from .test_bad_files import CASES, faults_of

CONFLICTS = {
    "factories = 5": "5% is what 5 means, but the other share leaves 40%",
    "sector: 12 for a text": "the pair of sectors still means the sector that was there before",
    "step = statics": "static is what is meant, but the file renews as if it were not",
    "over a base: 'segments:\\n  trad: {remove: true}\\n'": "the base still lends to the segment",
    **{
        f"to = {month}": "the planted month lies before the stress begins"
        for month in ("201503", "2015/03", "2015-03-01", "March 2015", "2015.3")
    },
}
"""Files whose planted value, put right, conflicts with the rest of the file, and why."""
PROPOSALS = (
    r"did you mean [\"']?(?P<x>.+?)[\"']?\?$",
    r"write (?P<x>[\d.]+) or \"",
    r"leave the currency sign out: (?P<x>.+)$",
    r"put it in quotes: (?P<x>\".*\")$",
    r"write (?P<x>[\d.]+)(?: or (?:more|less)|, or )",
)


def proposal(fault: Fault) -> str | None:
    """Return the text that a fault's hint proposes, or None if it proposes none."""
    found = next((match for form in PROPOSALS if (match := re.match(form, fault.fix))), None)
    return found["x"] if found else None


def obeyed(text: str, fault: Fault, meant: str) -> str | None:
    """Return a text in which the hint of a fault is obeyed; None if that means to move a line."""
    lines = text.split("\n")
    line, at = lines[fault.line - 1], fault.column - 1
    wrong = key_at_fault(fault, line, at)
    if wrong is None:
        wrong, at = written_value(fault, line, at)
    elif "." in meant:
        return None  # the key belongs into a block below
    else:
        at = line.rindex(wrong, 0, at + len(wrong))
    if wrong is None or not line[at:].startswith(wrong):
        return None
    lines[fault.line - 1] = f"{line[:at]}{meant}{line[at + len(wrong) :]}"
    return "\n".join(lines)


def key_at_fault(fault: Fault, line: str, at: int) -> str | None:
    """Return the key that is at fault, if it is one and not a value."""
    key = fault.key.rpartition(".")[2]
    is_key = "no such key" in fault.problem or "no key of a value" in fault.problem
    is_name = re.match(r"there is no (segment|borrower) ", fault.problem) and f"{key}:" in line
    removes = "nothing inherited to remove" in fault.problem
    return key if (is_key or is_name or removes) and key in line else None


def written_value(fault: Fault, line: str, at: int) -> tuple[str | None, int]:
    """Return the value at fault as the line has it, and where it begins."""
    rest = line[at:]
    for value in (fault.value or "", (fault.value or "").strip("\"'")):
        if value and rest.startswith(value):
            return value, at
    return (rest.rstrip(), at) if fault.value in ("{…}", "[…]") and rest else (None, at)


def what(faults: list[Fault]) -> set[tuple[str, str]]:
    return {(fault.key, fault.problem) for fault in faults}


def test_every_hint_that_is_obeyed_removes_its_fault_and_brings_no_other(tmp_path: Path) -> None:
    hints, done, wrong = 0, 0, []
    for group, case in CASES:
        if isinstance(case.text, bytes):
            continue
        faults = faults_of(case, tmp_path)
        for fault in faults:
            meant = proposal(fault)
            if meant is None or not fault.file.endswith("bad.yaml"):
                continue
            hints += 1
            text = obeyed(case.text, fault, meant)
            if text is None:
                continue
            done += 1
            left = faults_of(Case(case.label, text, 0, "", beside=case.beside), tmp_path)
            kept = (fault.key, fault.problem) in what(left)
            if kept or not (what(left) <= what(faults) or case.label in CONFLICTS):
                wrong.append((group, case.label, str(fault), [str(f) for f in left]))
    print(f"\n{hints} hints, {done} obeyed, {len(wrong)} wrong")  # noqa: T201
    assert wrong == []
    assert done > 0.9 * hints


@pytest.mark.parametrize(
    ("override", "fix"),
    [
        ("pool.opening=￥1亿", "leave the currency sign out: 1亿"),
        ("pool.opening=¥1亿", "leave the currency sign out: 1亿"),
        ("pool.opening=1亿人民币", "leave the currency sign out: 1亿"),
        ("pool.opening=CNY 300万", "leave the currency sign out: 300万"),
        ("pool.opening=RMB1,200万", "leave the currency sign out: 1,200万"),
        ("pool.opening=CN¥1.5 million", "leave the currency sign out: 1.5百万"),
        ("small_firms.pd=$3%", "leave the currency sign out: 3%"),
        ("pool.opening=3.67 billion", "did you mean 36.7亿?"),
        ("pool.opening=3亿5千万", "did you mean 3.5亿?"),
        ("pool.opening=300萬", "did you mean 300万?"),
        ("small_firms.pd=3 percent", "did you mean 3%?"),
        ("small_firms.renew=0,9", "did you mean 0.9?"),
        ("small_firms.loan.term_months=2 years", "did you mean 2年?"),
        ("window.start=2015.10", "did you mean 2015-10?"),
        ("window.start=2015/10/31", "did you mean 2015-10?"),
        ("window.start=201510", "did you mean 2015-10?"),
        ("window.start=October 2015", "did you mean 2015-10?"),
        ("window.start=10/2015", "did you mean 2015-10?"),
        ("regime_year=2015年", "did you mean 2015?"),
        ("pool.trigger.npl=yes", "did you mean true?"),
        ("small_firms.loan.repayment=等额本息", "did you mean annuity?"),
        ("economy.step=monthly", "did you mean month?"),
    ],
)
def test_a_slip_has_the_right_hint_and_the_hint_is_accepted(override: str, fix: str) -> None:
    (fault,) = [f for f in check_scenario("minimal", kinds=KINDS, overrides=[override])[1] if not f.warning]
    assert fault.fix == fix
    meant = proposal(fault)
    assert meant is not None
    key = override.partition("=")[0]
    faults = check_scenario("minimal", kinds=KINDS, overrides=[f"{key}={meant}"])[1]
    assert all(f.warning or f.key.startswith("pool.trigger") for f in faults)


@pytest.mark.parametrize("value", ["2015Q2", "2015年第3季度", "15-10", "2015-13", "2015H1", "last month"])
def test_no_month_is_proposed_where_none_is_meant(value: str) -> None:
    (fault,) = check_scenario("minimal", kinds=KINDS, overrides=[f"window.start={value}"])[1]
    assert fault.fix == "write year and month such as 2015-03"


def test_a_month_from_python_that_may_have_lost_a_zero_names_both() -> None:
    faults = check_scenario("minimal", kinds=KINDS, overrides=[("window.start", 2015.1)])[1]
    assert faults[0].fix == "did you mean 2015-01?"
    with pytest.raises(Exception, match="write 2015-01 or 2015-10, whichever is meant"):
        load("minimal", kinds=KINDS).set("window.start", 2015.1)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("pool.资金池规模", "opening"), ("pool.资金规模", "opening"), ("pool.初始规模", "opening"),
        ("pool.size", "opening"), ("pool.capital", "opening"), ("pool.放大倍数", "multiple"),
        ("pool.杠杆倍数", "multiple"), ("pool.leverage", "multiple"), ("pool.分担比例", "share"),
        ("pool.代偿比例", "share"), ("pool.风险分担", "share"), ("pool.需求", "demand"),
        ("pool.年度投放", "demand"), ("pool.bank", "lender"), ("pool.存量贷款", "opening_stock"),
        ("small_firms.违约率", "pd"), ("small_firms.不良率", "pd"), ("small_firms.default_rate", "pd"),
        ("small_firms.损失率", "lgd"), ("small_firms.期限", "loan.term_months"),
        ("small_firms.利率", "loan.rate"), ("small_firms.户数", "firms"), ("small_firms.industry", "sector"),
        ("small_firms.loan.利率", "rate"), ("small_firms.loan.tenor", "term_months"),
        ("small_firms.loan.interest_rate", "rate"), ("small_firms.loan.size", "mean"),
        ("small_firms.sorce", None), ("window.期限", "months"), ("window.begin", "start"),
        ("economy.degrees_of_freedom", "t_degrees"), ("run.simulations", "paths"),
        ("run.随机种子", "seed"),
    ],
)  # fmt: skip
def test_another_word_for_a_key_is_known(key: str, meant: str | None) -> None:
    found = check_scenario("minimal", kinds=KINDS, overrides=[(key, 1)])[1]
    (fault,) = [f for f in found if f.key == key]
    assert fault.fix == f"did you mean {meant or 'source'}?"
