"""What a message about a cell of a loan tape proposes is the same quantity, and it is accepted in turn."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic_core import PydanticCustomError

from fundsim import units
from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario
from fundsim.scenario.faultlist import Message
from fundsim.scenario.loan_headings import meant_by
from fundsim.scenario.loan_table import read_loans

SOUND = {"segment": "t", "principal": "100", "months_left": "6", "pd": "", "lgd": ""}


def message(column: str, text: object) -> Message:
    """Return the one thing that is said of a cell, the same in CSV and Parquet."""
    cells = SOUND | {column: text}
    quoted = [f'"{cell}"' for cell in cells.values()]
    _, faults = read_loans(f"{','.join(cells)}\n{','.join(quoted)}\n".encode(), ".csv")
    sink = io.BytesIO()
    pq.write_table(pa.table({name: [cell] for name, cell in cells.items()}), sink)
    _, stored = read_loans(sink.getvalue(), ".parquet")
    assert [fault.column for fault in faults] == [column], faults
    assert [fault.message for fault in stored] == [faults[0].message]
    return faults[0].message


DAYS = [
    "30天",
    "90日",
    "９０天",
    "360天",
    "90d",
    "90D",
    "60days",
    "1day",
    "30.5天",
    "1,080天",
    "-5天",
    "约90天",
]
WEEKS = ["12 weeks", "1 week", "4周", "4 星期", "12w", "6 wks"]


@pytest.mark.parametrize("text", [*DAYS, "60 days", *WEEKS])
def test_days_and_weeks_are_not_taken_for_months(text: str) -> None:
    unit, unit_zh = ("weeks", "周") if text in WEEKS else ("days", "天")
    assert message("months_left", text) == (
        f"months_left counts months, not {unit}", "write the months to maturity, such as 3",
        f"months_left 以月为单位，而不是{unit_zh}", "请写到期前的月数，如 3",
    )  # fmt: skip
    with pytest.raises(PydanticCustomError, match=rf"not of {unit}; write the months, such as 3"):
        units.MONTHS.read(text)


def test_an_ending_is_left_out_only_of_what_it_counts() -> None:
    for text in ("90天", "90 days", "300个", "300条", "12 loans", "12 firms"):
        with pytest.raises(PydanticCustomError, match=r"did you mean (90|300|12)\?"):
            units.COUNT.read(text)
        for quantity in (units.MONEY, units.SHARE, units.ANNUAL_RATE, units.MULTIPLE, units.DEVIATIONS):
            with pytest.raises(PydanticCustomError) as caught:
                quantity.read(text)
            assert "did you mean" not in str(caught.value), (quantity.name, text)


PROPOSED = {
    "principal": {
        "300W": "300万", "1.5w": "1.5万", "300元整": "300元", "300万元整": "300万元", "12M": "12百万",
        "1.200.000": "1200000", "1.200,50": "1200.50", "1'200'000": "1200000", "1’200’000万": "1200000万",
        "300\u200b": "300", "\u202a300\u202c": "300", "300万左右": "300万", "1.5 亿上下": "1.5 亿",
        "2.5bn": "25亿", "1.2.3 bn": None,
    },
    "months_left": {
        "24期": "24个月", "12M": "12个月", "12 months": "12个月", "12月": "12个月", "12 个 月": "12个月",
        "3季度": "9个月", "2 quarters": "6个月", "12个": "12", "1,2": None, "1,2个月": None,
        "0.5 months": None,
    },
    "pd": {"30bp": "0.3%", "250 bps": "2.5%", "3pct": "3%", "0,03": "0.03", "300bp%": None},
    "lgd": {"55 percent": "55%", "101 percent": None, "１０１％": None, "55W": None},
}  # fmt: skip
"""What is proposed for a text; None if nothing is."""


@pytest.mark.parametrize("column", PROPOSED)
def test_a_proposal_is_the_same_quantity_and_accepted(column: str) -> None:
    for text, meant in PROPOSED[column].items():
        fix = message(column, text)[1]
        assert fix == f"did you mean {meant}?" if meant else "did you mean" not in fix, (text, fix)
        if meant:
            loans, faults = read_loans(
                f"segment,principal,months_left,pd,lgd\n{','.join((SOUND | {column: meant}).values())}\n"
                .encode(), ".csv",
            )  # fmt: skip
            assert loans is not None, (text, faults)


def refusal_of(quantity: units.Quantity, text: str) -> str:
    """Return why a quantity refuses a text, nothing if it reads it."""
    try:
        quantity.read(text)
    except PydanticCustomError as error:
        return str(error)
    return ""


NO_GROUPS = [
    "300-",
    "300%",
    "12+",
    "300..5",
    "12.00.00",
    "٣٠٠",
    "3OO",
    "300?",
    "1e",
    "55成",
    "300W",
    "24期",
    "12M",
    "90d",
    "30bp",
    "300元整",
]
GROUPS = ["1,20,000", "3,00,00,000", "01,234", "1 2", "1 234,567", "1,2’3", "12,34 567万"]


@pytest.mark.parametrize("quantity", [units.MONEY, units.SHARE, units.MULTIPLE, units.COUNT, units.MONTHS])
def test_groups_of_digits_are_spoken_of_only_where_there_are_some(quantity: units.Quantity) -> None:
    for text in [*NO_GROUPS, *GROUPS]:
        if refused := refusal_of(quantity, text):
            assert ("groups of three" in refused) == (text in GROUPS), (text, refused)


@pytest.mark.parametrize("column", ["pd", "lgd"])
@pytest.mark.parametrize("text", ["101%", "120 %", "1500‰", "１０１％", "1e3%", "10000%"])
def test_a_percentage_above_100_is_not_divided_by_100(column: str, text: str) -> None:
    problem, fix, *_ = message(column, text)
    assert "lies in 0 … 1" in problem
    assert fix in ('write a fraction such as 0.4, or "40%"', 'write a fraction such as 0.03, or "3%"')


@pytest.mark.parametrize("text", ["20250301", "202503", "45000", "40000", "60000", "20161231", "20250301.0"])
def test_a_date_written_as_a_number_is_no_number_of_months(text: str) -> None:
    date_message = ("a date is no number of months", "write the months to maturity, such as 12",
                    "日期不是月数", "请写到期前的月数，如 12")  # fmt: skip
    assert message("months_left", text) == date_message
    for number in (int(float(text)), float(text)):
        sink = io.BytesIO()
        pq.write_table(pa.table({"segment": ["t"], "principal": [1], "months_left": [number]}), sink)
        assert [fault.message for fault in read_loans(sink.getvalue(), ".parquet")[1]] == [date_message]


@pytest.mark.parametrize(
    "text", ["1201", "1,201", "39999", "202513", "20250230000", "20251301", "1e9", "101年"]
)
def test_the_limit_of_months_is_that_of_a_tape(text: str) -> None:
    assert (
        message("months_left", text)[0] == "no loan has so many months left, and fundsim models at most 120"
    )


@pytest.mark.parametrize("text", ["130 months", "１３０", "130期", "11 years"])
def test_what_the_column_refuses_in_turn_is_not_proposed(text: str) -> None:
    assert message("months_left", text)[0] == "fundsim models loans of at most 120 months"


FOREIGN = {
    "$": ["$300", "$300000", "-$300", "＄300", "$1.5 million", "300$", "$ 300万"],
    "US$": ["US$300"],
    "HK$": ["HK$ 300"],
    "USD": ["0.3 USD", "USD300", "300万USD", "300 USD万"],
    "usd": ["usd 300"],
    "美元": ["0.3美元", "3亿美元", "美元300万"],
    "美金": ["300美金"],
    "€": ["€300", "300 €"],
    "EUR": ["300 EUR"],
    "欧元": ["300万欧元"],
    "HKD": ["HKD300万"],
    "港元": ["300万港元"],
    "港币": ["300港币", "300萬港幣"],
    "£": ["£300"],
    "英镑": ["300英镑"],
    "日元": ["3000日元", "3000日圓"],
    "JPY": ["3000 JPY", "¥3000 JPY"],
    "JP¥": ["JP¥3000"],
    "円": ["3000円"],
    "dollars": ["300 dollars"],
    "AUD": ["300 AUD"],
}
OWN = {
    "¥300": "300", "￥300万": "300万", "CN¥300": "300", "CNY 300": "300", "300 RMB": "300",
    "300人民币": "300", "人民币300万元": "300万", "300块": "300", "300 yuan": "300",
}  # fmt: skip


def in_a_scenario(text: str) -> Message:
    """Return what is said of an amount in a scenario."""
    overrides = [("pool.opening", text)]
    (fault,) = [f for f in check_scenario("minimal", kinds=KINDS, overrides=overrides)[1] if not f.warning]
    return fault.problem, fault.fix, fault.problem_zh, fault.fix_zh


@pytest.mark.parametrize("currency", FOREIGN)
def test_an_amount_in_another_currency_is_to_be_converted_and_no_number_is_proposed(currency: str) -> None:
    """A sign left out would make 300 yuan of 300 dollars."""
    for text in FOREIGN[currency]:
        said = (
            f"amounts are in yuan, and this one is in another currency ({currency})", "convert it to yuan",
            f"金额以人民币元为单位，而此处为其他货币（{currency}）", "请折算为人民币元",
        )  # fmt: skip
        assert message("principal", text) == said, text
        assert in_a_scenario(text) == said, text


@pytest.mark.parametrize("text", OWN)
def test_the_yuans_own_sign_is_to_be_left_out(text: str) -> None:
    said = ("a currency sign in a number", f"leave the currency sign out: {OWN[text]}",
            "数字中有货币符号", f"请去掉货币符号：{OWN[text]}")  # fmt: skip
    assert message("principal", text) == said
    assert in_a_scenario(text) == said
    assert units.MONEY.read(OWN[text]) in (300.0, 3e6)


@pytest.mark.parametrize("text", ["USD", "美元", "$", "a dollar"])
def test_a_currency_without_a_number_is_no_amount_of_it(text: str) -> None:
    assert "currency" not in " ".join(in_a_scenario(text))


@pytest.mark.parametrize(
    ("heading", "currency"),
    [("余额（美元）", "美元"), ("贷款余额(万美元)", "美元"), ("余额港币", "港币"), ("本金(日元)", "日元"),
     ("principal (USD)", "usd"), ("balance_eur", "eur"), ("amount in $", "$")],
)  # fmt: skip
def test_a_column_in_another_currency_is_to_be_converted(heading: str, currency: str) -> None:
    meant = meant_by(heading)
    assert meant is not None
    assert meant.column == "principal"
    assert meant.message == (
        f"amounts are in yuan, not in another currency ({currency})",
        "name the column principal and convert its cells to yuan",
        f"金额以人民币元为单位，而不是其他货币（{currency}）",
        "请将该列命名为 principal，并把单元格折算为人民币元",
    )
