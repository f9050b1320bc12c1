"""Warnings of what is legal and surprising: nothing lent, claims after the last month, amounts in 万."""

from pathlib import Path

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.lowering import review, tape_notes
from fundsim.scenario import Scenario

BASE = {
    "pool.demand": {"yearly": [3e8, 3e8, 3e8]},
    "pool.multiple": 5,
}


def scenario(**changes: object) -> Scenario:
    found = fs.load("minimal")
    for key, value in {**BASE, **changes}.items():
        found = found.set(key, value)
    return found


def warnings(found: Scenario) -> list[tuple[str, str]]:
    faults = review(found)
    assert all(fault.warning for fault in faults)
    return [(fault.key, f"{fault.problem}; {fault.fix}") for fault in faults]


def test_an_ordinary_scenario_deserves_none() -> None:
    assert warnings(scenario()) == []


SURPRISES = {
    "demand below a loan": (
        {"pool.demand": {"yearly": [5e5, 5e5, 5e5]}, "pool.multiple": 0.001},
        "pool.demand", "a year's demand of small_firms, 50万 yuan at the most, is less than one loan of",
    ),
    "an amount in 万": (
        {"pool.opening": 3000},
        "pool.opening", "3000 yuan is very little for a loan business; did you mean 3000万?",
    ),
    "a demand in 万": (
        {"pool.demand": {"yearly": [3000, 3e8, 3e8]}}, "pool.demand.yearly.0", "did you mean 3000万?",
    ),
    "loans in 万": (
        {"small_firms.loan.mean": 300, "small_firms.loan.cap": 1000},
        "small_firms.loan.mean", "did you mean 300万?",
    ),
    "a multiple without effect": (
        {"pool.multiple": 500}, "pool.multiple", "has no effect: it allows 150亿 yuan of loans",
    ),
    "a run-off shorter than the lags": (
        {"window.run_off": 3}, "window.run_off", "those that come later are in no figure; write",
    ),
    "no recovery": (
        {"pool.recovery": None}, "pool", "has no recovery: claims are paid in full and nothing comes back",
    ),
    "demand that makes no whole loans": (
        {
            "pool.demand": {"yearly": [1e7, 1e7, 1e7]}, "pool.multiple": 0.1,
            "small_firms.loan": {"mean": 1e6, "cv": 1.5, "cap": 1e7, "bands": 4},
        },
        "pool.demand", "never make a whole loan of their size by the end of the window, and are not lent",
    ),
    "whole loans": (
        {"pool.opening_stock": {"amount": 1e6}},
        "pool.opening_stock.amount", "only whole loans are possible:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SURPRISES)
def test_what_is_legal_and_surprising_is_one_warning_at_its_key(name: str) -> None:
    changes, key, said = SURPRISES[name]
    found = warnings(scenario(**changes))
    assert [where for where, _ in found] == [key]
    assert said in found[0][1]


@pytest.mark.parametrize(
    ("unit", "total", "warned"), [(1.0, "500", True), (1e4, "500万", False), (1e9, "5000亿", True)]
)
def test_a_tape_in_another_unit_is_reported_and_its_count_and_total_echoed(
    unit: float, total: str, warned: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"small_firms,{amount * unit:.0f},6\n" for amount in (120, 300, 80))
    (tmp_path / "loans.csv").write_text("segment,principal,months_left\n" + rows)
    text = Path("scenarios/minimal.yaml").resolve().as_posix()
    (tmp_path / "base.yaml").write_text(Path(text).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        "extends: base.yaml\ninstruments: {pool: {opening_stock: {tape: loans.csv}}}\n", encoding="utf-8"
    )
    found = fs.load(tmp_path / "s.yaml")
    assert list(tape_notes(found)) == [
        (f"loans.csv: 3 loans, {total} yuan", f"loans.csv：3 笔贷款，合计 {total}元")
    ]
    about = [said for key, said in warnings(found) if key == "pool.opening_stock.tape"]
    assert len(about) == warned
    if unit == 1.0:
        assert "did you mean 166.667万?" in about[0]
    assert main(["validate", str(tmp_path / "s.yaml")]) == 0
    err = capsys.readouterr().err
    assert f"loans.csv: 3 loans, {total} yuan" in err
    assert err.count("warning: ") == len(review(found)) + len(found.warnings)


def test_run_reports_them_too_and_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["run", "minimal", "--paths", "1", "--set", "window.run_off=3", "-o", str(tmp_path / "out")]
    assert main(call) == 0
    assert capsys.readouterr().err.count("those that come later are in no figure") == 1


@pytest.mark.parametrize(
    "name", ["taiyuan_2015_2017", "taiyuan_adverse", "taiyuan_unstated_at_worst", "minimal"]
)
def test_the_plans_scenarios_deserve_none(name: str) -> None:
    assert review(fs.load(name)) == ()
