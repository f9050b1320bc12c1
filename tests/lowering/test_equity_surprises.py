"""Warnings of equity funds that do nothing, or do it when nobody expects it, in both languages."""

import json
from pathlib import Path
from typing import Any

import fundsim as fs
from fundsim.lowering import review

DEALS = {
    "investment_period": 36, "deals": {"mean": 5e6}, "liquidation_multiple": 0.5,
    "stages": {"all": {"share": 1}}, "life": 96,
}  # fmt: skip


def warnings(folder: Path, **instruments: dict[str, Any]) -> list[tuple[str, ...]]:
    file = folder / "funds.yaml"
    content = {"window": {"start": "2016-01", "months": 60}, "instruments": instruments}
    file.write_text(json.dumps(content), encoding="utf-8")
    faults = review(fs.load(file))
    assert all(fault.warning for fault in faults)
    return [(f.key, f.problem, f.fix, f.problem_zh, f.fix_zh) for f in faults]


def paced(*calls: float, life: int = 120) -> dict[str, Any]:
    """Return a fund that calls by rates."""
    return {"kind": "guide_fund", "opening": 1e8, "ratio": 0, "life": life, "pacing": {"calls": calls}}


def parent(period: int) -> dict[str, Any]:
    """Return a parent that starts in the window's second month."""
    return {
        "kind": "parent_fund", "opening": 2e8, "start": "2016-02", "life": 140, "investment_period": period,
    }  # fmt: skip


def sub(start: str) -> dict[str, Any]:
    return {"kind": "guide_fund", "ratio": 0, "parent": "mother", "commitment": 5e7, "start": start, **DEALS}


def test_a_fund_that_calls_nothing_in_any_year_of_its_life_is_warned_of(tmp_path: Path) -> None:
    found = (
        "fund.pacing.calls",
        "call nothing in any year of the fund's life: nothing is invested, and its money only goes back",
        "write the part of the uncalled commitments that is called in each year, such as 25%",
        "在存续期内各年均为 0：不会缴款和投资，资金只会原样退回",
        "请写各年缴款占未缴认缴额的比例，如 25%",
    )
    assert warnings(tmp_path, fund=paced(0)) == [found]
    assert warnings(tmp_path, fund=paced(0, 0)) == [found]
    assert warnings(tmp_path, fund=paced(0, 0.5, life=12)) == [found]
    assert warnings(tmp_path, fund=paced(0, 0.5)) == []
    assert warnings(tmp_path, fund=paced(0.25, 0)) == []


def test_a_sub_fund_after_its_parent_s_investment_period_is_warned_of(tmp_path: Path) -> None:
    """The period of twelve months from 2016-02 ends with 2017-01."""
    assert warnings(tmp_path, mother=parent(12), angel=sub("2017-01")) == []
    assert warnings(tmp_path, mother=parent(12), angel=sub("2017-02")) == [
        (
            "angel.start",
            "is after the investment period of its parent mother, whose last month is 2017-01: the parent "
            "commits to it all the same",
            "write 2017-01 or earlier, or a longer investment_period of mother",
            "晚于母基金 mother 投资期的最后一个月（2017-01），母基金仍会向其认缴",
            "请写不晚于 2017-01 的年月，或延长 mother 的 investment_period",
        )
    ]
