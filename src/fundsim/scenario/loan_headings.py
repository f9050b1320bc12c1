"""What the heading of a column of a loan tape means: the column and the unit of its cells.

A heading in use, in Chinese or English and with a unit that the column can have, is understood.  What is
close to one is reported with what it probably means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_columns import DUE, KNOWN, NAMES
from fundsim.slips import foreign_currency

__all__ = [
    "NO_TERM",
    "SCALES",
    "TERM",
    "Heading",
    "Meant",
    "is_set_aside",
    "leave_out",
    "meant_by",
    "understood",
]

TERM = "a term"
"""What a heading such as 期限 means: the whole term of a loan, which is no column of a tape."""
_YEARS, _DAYS = "years", "days"
_HEADINGS = MappingProxyType(
    {
        "segment": "分组 行业 行业门类 行业分类 行业类别 行业名称 所属行业 分类 类别 板块 segment_name "
        "industry sector",
        "principal": "贷款余额 余额 期末余额 当前余额 本金余额 剩余本金 未偿本金 未还本金 在贷余额 "
        "在保余额 贷款本金 本金 贷款金额 金额 outstanding outstanding_principal principal_outstanding "
        "remaining_principal outstanding_balance loan_balance balance loan_amount amount exposure ead",
        "months_left": "剩余期限 剩余月数 剩余月份 剩余月 剩余期数 剩余到期月数 距到期月数 到期月数 "
        "remaining_months months_remaining months_to_maturity remaining_term remaining_maturity "
        "time_to_maturity months",
        "pd": "年违约概率 违约概率 年违约率 违约率 pd_annual annual_pd probability_of_default "
        "default_probability default_rate",
        "lgd": "违约损失率 平均违约损失率 损失率 违约损失 lgd_mean mean_lgd loss_given_default loss_rate",
        "id": "借据号 借据编号 贷款编号 贷款号 合同号 合同编号 贷款合同编号 业务编号 编号 序号 loan_id "
        "loan_no loan_number contract_id contract_no contract_number number no",
        _YEARS: "剩余年限 剩余年数 距到期年数 remaining_years years_remaining years_left years_to_maturity",
        _DAYS: "剩余天数 剩余日数 剩余期限天数 距到期天数 到期天数 remaining_days days_remaining days_left "
        "days_to_maturity",
        TERM: "期限 贷款期限 合同期限 借款期限 期限月数 term loan_term term_months tenor",
        DUE: "到期日 到期日期 到期时间 到期年月 贷款到期日 贷款到期日期 合同到期日 到期 终止日期 "
        "终止日 贷款终止日 maturity_date maturity due_date end_date expiry expiry_date",
    }
)
"""Headings that are in use, the likelier ones first, by the column that they mean."""


_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"


def _simple(text: str) -> str:
    """Return a heading without the differences that mean nothing."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    plain = unicodedata.normalize("NFKC", visible).casefold()
    # Chinese has no blanks: a narrow cell was wrapped, or two characters were spread out.
    plain = re.sub(rf"(?<={_HAN})\s+(?={_HAN})", "", plain)
    return re.sub(r"[\s_.\-]+", "_", plain).strip("_")


_COLUMN = MappingProxyType(
    {_simple(heading): column for column, headings in _HEADINGS.items() for heading in headings.split()}
    | {name: name for name in NAMES}
)
_SET_ASIDE = frozenset(
    map(
        _simple,
        """
        利率 年利率 贷款利率 执行利率 合同利率 借款人 借款人名称 借款企业 客户 客户名称 客户编号 客户号
        企业名称 企业 单位名称 户名 统一社会信用代码 放款日 放款日期 发放日 发放日期 贷款发放日 贷款日期
        起始日 起始日期 起息日 借款日 借款日期 担保方式 贷款方式 还款方式 贷款用途 用途 贷款种类 贷款品种
        五级分类 支行 机构 经办机构 经办行 贷款银行 银行 地区 区县 备注 说明
        rate interest_rate borrower borrower_name customer customer_name customer_id company company_name
        client start_date origination_date drawdown_date issue_date purpose collateral branch bank remarks
        remark note notes
        """.split(),  # noqa: SIM905 (a list of a hundred words is not easier to read)
    )
)
"""Headings of columns that banks' tables have and a tape does not use; a unit may follow in brackets."""
_RANK = MappingProxyType({heading: rank for rank, heading in enumerate(_COLUMN)})
SCALES = MappingProxyType(
    {
        "千": "千 k thousand thousands 000 1000 '000",
        "万": "万 w wan 10k 10000 10,000 ten_thousand",
        "百万": "百万 m mm mn million millions",
        "千万": "千万 10m 10_million",
        "亿": "亿 100m 100_million yi",
    }
)
_ENDING = MappingProxyType({unit: ending for ending, units in SCALES.items() for unit in units.split()})
_YUAN = re.compile("人民币|yuan|cny|rmb|元|¥")
_OWN = MappingProxyType(
    {
        "months_left": "月 个月 m month months mth mths",
        "pd": "年 每年 一年 annual yearly per_year 1y",
        "lgd": "平均 mean",
    }
)
_OTHER = MappingProxyType({"年": "years 年 y yr yrs year", "天": "days 天 日 d day", "周": "weeks 周 week"})
_TIMES = (_OWN["months_left"], *_OTHER.values())
_PERCENT = MappingProxyType({"%": "% percent pct 百分比 百分数", "‰": "‰ 千分比 per_mille permille"})
LONGEST = 80
"""Longest heading that is looked at [characters]."""
_BRACKETED = re.compile(r"(.+?)[(\[【〔<{/:](.*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading that is understood says."""

    column: str
    """A column of a tape, or ``TERM``."""
    ending: str
    """Ending of the plain numbers in its cells, such as 万 or %."""
    has_unit: bool
    """Whether the heading names a unit, also where it is the column's own."""
    rank: int
    """Lower the surer."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The column that a heading means which is not understood, and what its reader is to do."""

    column: str
    message: Message
    rank: int
    """Lower the surer."""


def understood(heading: str) -> Heading | None:
    """Return what a heading says, or None if it is none that is in use."""
    if heading in KNOWN:
        return Heading(heading, "", has_unit=False, rank=-1)
    if len(heading) > LONGEST:
        return None
    simple = _simple(heading)
    for base, unit in _splits(simple):
        column, rank = _COLUMN[base], _RANK[base]
        ending = _ending(column, unit)
        if ending is not None:
            return Heading("months_left" if column == _YEARS else column, ending, bool(unit), rank)
    return None


def is_set_aside(heading: str) -> bool:
    """Return whether a heading is one of a column that tapes don't use."""
    simple = _simple(heading[: LONGEST + 1])
    return re.sub(r"_?[(\[【〔<{/:].*", "", simple) in _SET_ASIDE


def meant_by(heading: str, *, by_spelling: bool = True) -> Meant | None:
    """Return what a heading that is not understood means, or None; with ``by_spelling`` also if misspelt."""
    if len(heading) > LONGEST:
        return None
    simple = _simple(heading)
    for base, unit in _splits(simple):
        message = _message(_COLUMN[base], unit)
        if message:
            return _meant(base, message)
    found = _BRACKETED.fullmatch(simple)
    base = found[1].strip("_") if found else ""
    if base in _COLUMN:
        return _meant(base, _rename(_COLUMN[base], with_meaning=True))
    # Short words and Chinese ones are near to too many others.
    if by_spelling and len(simple) >= 5 and simple.isascii():
        for hint in get_close_matches(simple, KNOWN, n=1, cutoff=0.8):
            return Meant(hint, _rename(hint), len(_RANK))
    return None


def _meant(base: str, message: Message) -> Meant:
    column = _COLUMN[base]
    return Meant(column if column in KNOWN else "months_left", message, _RANK[base])


def _splits(simple: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to part a heading into one in use and a unit, the longest heading first."""
    for end in range(len(simple), 0, -1):
        base = simple[:end].strip("_")
        if base in _COLUMN:
            unit = re.sub(r"^[_(\[【〔<{/:]+|[_)\]】〕>}]+$", "", simple[end:])
            yield base, re.sub("^(?:单位[:_]*|in_|of_)", "", unit)


def _ending(column: str, unit: str) -> str | None:
    """Return the ending of numbers under a heading with a unit, or None if the column has no such unit."""
    if column == DUE:
        # What may stand in brackets behind 到期日 is how dates are written.
        return "" if re.fullmatch("[年月日ymd/._-]*", unit) else None
    if column == TERM:
        return "" if not unit or any(unit in units.split() for units in _TIMES) else None
    if column == _YEARS:
        return "年" if not unit or unit in _OTHER["年"].split() else None
    if column == _DAYS:
        return None
    if not unit or unit in _OWN.get(column, "").split():
        return ""
    return _other_unit(column, unit)


def _other_unit(column: str, unit: str) -> str | None:
    """Return the ending of numbers in a unit that is not the column's own, or None if it has no such unit."""
    if column == "principal" and foreign_currency(f"1{unit}") is None:
        scale = _YUAN.sub("", unit).strip("_")
        return _ENDING.get(scale) if scale else ""
    if column == "months_left" and unit in _OTHER["年"].split():
        return "年"
    if column in ("pd", "lgd"):
        return next((sign for sign, texts in _PERCENT.items() if unit in texts.split()), None)
    return None


def _message(column: str, unit: str) -> Message | None:
    """Return what is said of a column whose unit it can't have, or None if it is no unit."""
    if column == _DAYS:
        return _time("天", _DAYS)
    if column in ("months_left", _YEARS):
        return next(
            (_time(zh, known.split(maxsplit=1)[0]) for zh, known in _OTHER.items() if unit in known.split()),
            None,
        )
    foreign = foreign_currency(f"1{unit}") if column == "principal" else None
    if foreign is None:
        return None
    return (
        f"amounts are in yuan, not in another currency ({foreign})",
        "name the column principal and convert its cells to yuan",
        f"金额以人民币元为单位，而不是其他货币（{foreign}）",
        "请将该列命名为 principal，并把单元格折算为人民币元",
    )


def _time(zh: str, what: str) -> Message:
    example, example_zh = ("12, or 1年", "12 或 1年") if zh == "年" else ("12", "12")
    return (
        f"months_left counts months, not {what}",
        f"name the column months_left and write in its cells the months to maturity, such as {example}",
        f"months_left 以月为单位，而不是{zh}",
        f"请将该列命名为 months_left，并写到期前的月数，如 {example_zh}",
    )  # fmt: skip


_HOLDS = MappingProxyType(
    {
        "segment": ("names", "分组名称"),
        "principal": ("amounts in yuan", "以元为单位的金额"),
        "months_left": ("the months to maturity", "到期前的月数"),
        "pd": ("yearly probabilities such as 0.03 or 3%", "年违约概率，如 0.03 或 3%"),
        "lgd": ("shares such as 0.55 or 55%", "比例，如 0.55 或 55%"),
        "id": ("a name for each loan", "每笔贷款的编号"),
    }
)


def _rename(column: str, *, with_meaning: bool = False) -> Message:
    if column not in KNOWN:
        return NO_TERM
    what, what_zh = _HOLDS[column] if with_meaning else ("", "")
    return (
        "there is no such column", f"did you mean {column}?" + (f" It holds {what}" if what else ""),
        "没有这一列", f"是否想写 {column}？" + (f"该列为{what_zh}" if what else ""),
    )  # fmt: skip


NO_TERM: Message = (
    "a term is no number of months left",
    "name the column months_left and write in its cells the months to maturity, such as 12",
    "贷款期限不是剩余月数", "请将该列命名为 months_left，并写到期前的月数，如 12",
)  # fmt: skip


def leave_out(column: str | None) -> Message:
    """Return what is said of a column that is not wanted, or whose place another one has."""
    if column:
        return ("there is no such column", f"leave it out: another column is {column}",
                "没有这一列", f"请删去该列：{column} 已另有一列")  # fmt: skip
    return ("there is no such column", f"leave it out; known columns: {', '.join(NAMES)}",
            "没有这一列", f"请删去该列；可用的列：{'、'.join(NAMES)}")  # fmt: skip
