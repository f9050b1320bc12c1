"""What only follows from a fault is not reported beside it; faults that don't are, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fundsim.errors import Fault

from . import test_bad_budgets as budgets
from . import test_bad_parent_funds as parents
from .reported import Change, faults_of, with_changes

Said = tuple[str, str, str]
"""Key, problem and fix in English, the same in Chinese."""

CITY, COUNTIES, CENTRAL, LEVELS = budgets.CITY, budgets.COUNTIES, budgets.CENTRAL, budgets.LEVELS
MOTHER, ANGEL, FACTORIES, BESIDE = parents.MOTHER, parents.ANGEL, parents.FACTORIES, parents.BESIDE
UNPAID: list[Change] = [((*CITY, "paid"), None), ((*CITY, "unpaid"), None)]
GOOD = {"budget": budgets.GOOD, "parents": parents.GOOD}

CASES: dict[str, tuple[str, list[Change], list[Said]]] = {
    "two levels that match each other": (
        "budget", [((*CITY, "matches"), "counties"), *UNPAID],
        [("budget.levels.city.matches",
          "city and counties match each other in a circle: none of them pays first; leave it out here",
          "city、counties 相互配套，没有首先拨付的层级；请删去本项")],
    ),
    "a circle whose first says what it pays": (
        "budget", [((*CITY, "matches"), "counties")],
        [("budget.levels.city.matches",
          "city and counties match each other in a circle: none of them pays first; leave it out here",
          "city、counties 相互配套，没有首先拨付的层级；请删去本项")],
    ),
    "three levels in a circle": (
        "budget", [((*CITY, "matches"), "counties"), ((*CENTRAL, "matches"), "city"),
                   ((*COUNTIES, "matches"), "central")],
        [("budget.levels.city.matches",
          "central, city and counties match each other in a circle: none of them pays first; leave it out "
          "here, and write matches: city in counties",
          "central、city、counties 相互配套，没有首先拨付的层级；请删去本项，"
          "并在 counties 中写 matches: city")],
    ),
    "two in a circle that both say what they pay": (
        "budget", [((*CITY, "matches"), "counties"), ((*COUNTIES, "paid"), {"mean": 0.5})],
        [("budget.levels.city.matches",
          "city and counties match each other in a circle: none of them pays first; leave it out here",
          "city、counties 相互配套，没有首先拨付的层级；请删去本项"),
         ("budget.levels.counties.paid",
          "stands beside matches, which already says what is paid; keep one of the two",
          "与 matches 同时出现，而 matches 已确定到位率；请只保留其中一个")],
    ),
    "one that matches into a circle": (
        "budget", [((*CITY, "matches"), "counties"), ((*CENTRAL, "matches"), "counties")],
        [("budget.levels.central.matches", "names a level that itself matches another; write city",
          "所写层级本身也在配套其他层级；请写 city"),
         ("budget.levels.city.matches",
          "city and counties match each other in a circle: none of them pays first; leave it out here",
          "city、counties 相互配套，没有首先拨付的层级；请删去本项")],
    ),
    "a level that matches itself": (
        "budget", [((*CITY, "matches"), "city")],
        [("budget.levels.city.matches", "is the level itself; name another level, or leave it out",
          "为本层级自身；请写其他层级，或删去本项")],
    ),
    "a misspelt level at the end of a chain": (
        "budget", [((*CITY, "matches"), "centrl"), *UNPAID],
        [("budget.levels.city.matches", "there is no level centrl; did you mean central?",
          "没有名为 centrl 的层级；是否想写 central？")],
    ),
    "a year in which nobody gives": (
        "budget", [((*CITY, "amounts", 2), None)],
        [("budget.lines",
          "in 2018 sources are 0 yuan and uses 1亿 yuan: 1亿 less; change an amount, write unallocated, or a "
          "tolerance of 1亿",
          "2018 年来源为 0元，用途为 1亿元，来源少 1亿元；请修改金额，写 unallocated，"
          "或把 tolerance 写为 1亿")],
    ),
    "a year of a level outside": (
        "budget", [((*CITY, "amounts", 2, "year"), 2019)],
        [("budget.levels.city.amounts.2.year",
          "is no budget year of the window (2016 … 2018); write one of them",
          "不是政策期内的预算年度（2016 至 2018）；请写其中之一")],
    ),
    "a line of three awards in proportion": (
        "budget", [((*budgets.SUPPORT, "order"), "pro_rata")],
        [("listing.line",
          "shares its money in proportion, and an award is paid whole or not at all (listing, giants and "
          "first_loans); write order: listed in the line support, or name another one in listing, giants and "
          "first_loans",
          "该预算项目按比例支付，而奖励须整笔支付（listing、giants、first_loans）；请在预算项目 support 中写 "
          "order: listed，或在 listing、giants、first_loans 中写其他预算项目")],
    ),
    "a delay of more than two years": (
        "budget", [((*CITY, "delay_months"), 36)],
        [("budget.levels.city.delay_months", "is more than 24 months; write 11 or less",
          "超过 24 个月；请写不大于 11 的数")],
    ),
    "a delay beside what can't be read": (
        "budget", [((*CITY, "delay_months"), 36), ((*budgets.SHARED, "shares"), "all")],
        [("budget.levels.city.delay_months", "is more than 24 months; write 24 or less",
          "超过 24 个月；请写不大于 24 的数"),
         ("budget.lines.shared.shares",
          "a block of keys is expected, not a single value; write indented lines such as `name: …`",
          "此处应为一组键值，而不是单个值；请另起缩进行，如 name: …")],
    ),
    "a parent outside the window": (
        "parents", [((*MOTHER, "start"), "2020-01")],
        [("mother.start",
          "lies outside the policy window (2016-01 … 2018-12); choose a month of the window",
          "不在政策期（2016-01 至 2018-12）内；请写政策期内的年月")],
    ),
    "a parent that ends within its investment period": (
        "parents", [((*MOTHER, "life"), 12)],
        [("mother.investment_period", "is longer than the life (12 months); write 12 or less",
          "长于存续期（12 个月）；请写不大于 12 的数")],
    ),
    "a sub-fund outside the window": (
        "parents", [((*ANGEL, "start"), "2030-01")],
        [("angel.start",
          "lies outside the policy window (2016-01 … 2018-12); choose a month of the window",
          "不在政策期（2016-01 至 2018-12）内；请写政策期内的年月")],
    ),
    "a sub-fund whose life is too long from the start that is proposed": (
        "parents", [((*MOTHER, "start"), "2017-01"), ((*ANGEL, "life"), 121), (FACTORIES, None)],
        [("angel.start", "is before the start of its parent mother (2017-01); write 2017-01 or later",
          "早于母基金 mother 的起始年月（2017-01）；请写 2017-01 或之后的年月"),
         ("angel.life",
          "outlives its parent mother, which ends 1 months earlier; write 120 or less, or a longer life of "
          "mother",
          "长于母基金 mother 的存续期，母基金早 1 个月到期；请写不大于 120 的数，或延长 mother 的 life")],
    ),
    "a parent of another kind": (
        "parents", [(MOTHER, parents.GOOD["instruments"]["paced"])],
        [("angel.parent",
          "mother is not of kind parent_fund; choose that kind there, or add a fund of it",
          "mother 不是母基金（parent_fund）；请将其改为 parent_fund，或添加该类工具")],
    ),
    "two that name a fund with deals beside a parent": (
        "parents", [((*ANGEL, "parent"), "beside"), ((*FACTORIES, "parent"), "beside")],
        [("angel.parent", "beside is not of kind parent_fund; write one of mother",
          "beside 不是母基金（parent_fund）；请写其中之一：mother"),
         ("factories.parent", "beside is not of kind parent_fund; write one of mother",
          "beside 不是母基金（parent_fund）；请写其中之一：mother")],
    ),
    "a fund without stages": (
        "parents", [((*BESIDE, "stages"), None)],
        [("beside.stages",
          "is missing; add `stages: …`, a block: deals by stage of the firm's life; compulsory "
          "without pacing",
          "缺少该项；请添加 stages: …（投资阶段）")],
    ),
    "the only sub-fund misspells its parent": (
        "parents", [((*ANGEL, "parent"), "mothr"), (FACTORIES, None)],
        [("angel.parent", "there is no parent fund mothr; did you mean mother?",
          "没有名为 mothr 的母基金；是否想写 mother？")],
    ),
    "the only sub-fund lacks its parent": (
        "parents", [((*ANGEL, "parent"), None), (FACTORIES, None)],
        [("angel.commitment",
          "is there, and no parent that commits it; write parent: …, or opening or injections instead",
          "有认缴额而没有母基金；请写 parent: …，或改用 opening 或 injections")],
    ),
    "money long after the window": (
        "parents", [((*MOTHER, "injections"), [{"date": "2030-01", "amount": 1e7}])],
        [("mother.injections.0.date",
          "lies outside the policy window (2016-01 … 2018-12); choose a month of the window",
          "不在政策期（2016-01 至 2018-12）内；请写政策期内的年月")],
    ),
}  # fmt: skip


def said(faults: list[Fault]) -> list[Said]:
    """Return what is reported, in both languages."""
    return [(f.key, f"{f.problem}; {f.fix}", f"{f.problem_zh}；{f.fix_zh}") for f in faults]


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_reported_without_what_follows_from_it(tmp_path: Path, case: str) -> None:
    good, changes, expected = CASES[case]
    assert said(faults_of(tmp_path, with_changes(GOOD[good], *changes))) == expected


@pytest.mark.parametrize("case", CASES)
def test_what_is_reported_is_all(tmp_path: Path, case: str) -> None:
    """Faults of another part of the file are reported beside it: nothing hides them."""
    good, changes, expected = CASES[case]
    other: dict[str, Any] = {"kind": "expense", "source": "assumption", "annual": -1}
    content = with_changes(GOOD[good], *changes, (("instruments", "other"), other))
    if good == "budget":
        other["line"] = "shared"
    assert {*said(faults_of(tmp_path, content))} >= {*expected}
    assert any(fault.key == "other.annual" for fault in faults_of(tmp_path, content))
