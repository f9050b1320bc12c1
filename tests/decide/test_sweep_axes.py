"""How the keys of a sweep and their values are written, spaced and refused."""

import numpy as np
import pandas as pd
import pytest

import fundsim as fs
from fundsim.decide.sweep.axes import read_axes, split_vary
from fundsim.errors import InputError, UsageError


@pytest.fixture(scope="module")
def scenario():
    return fs.load("minimal")


def values_of(scenario, given):
    (axis,) = read_axes(scenario, [given])
    return axis.values  # noqa: PD011 - no table of pandas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pool.multiple=5:15:6", (5.0, 7.0, 9.0, 11.0, 13.0, 15.0)),
        ("pool.opening=1亿:4亿:4", (1e8, 2e8, 3e8, 4e8)),  # in equal steps, however wide
        ("pool.opening=1:1000:2", (1.0, 1000.0)),
        ("pool.share=30%:80%:3", (0.3, 0.55, 0.8)),
        ("pool.share=0:1:4", (0.0, 0.33333, 0.66667, 1.0)),  # six digits of 1.00000
        ("pool.multiple=5,8,10", (5.0, 8.0, 10.0)),
        ("pool.multiple=10, 5 ,8", (10.0, 5.0, 8.0)),  # in the order that was given
        ("pool.multiple=5,8,5.0,5倍", (5.0, 8.0)),  # none twice
        ("pool.claim_lag=1:4:10", (1.0, 2.0, 3.0, 4.0)),  # whole numbers, none twice
        ("pool.opening＝０．４亿，300万、5千万", (4e7, 3e6, 5e7)),  # a Chinese keyboard
        ("pool.multiple=5：15：３", (5.0, 10.0, 15.0)),
        ("pool.share=３０％，0.5", (0.3, 0.5)),
        ("pool.claim_lag=1个月,1年", (1.0, 12.0)),
    ],
)
def test_values_are_read_in_the_key_s_own_units(scenario, text, expected):
    assert values_of(scenario, split_vary(text)) == expected


@pytest.mark.parametrize(
    "given", [[5, 8], (5.0, "8倍"), np.array([5, 8]), pd.Series([5, 8]), range(5, 9, 3), "5,8", "5:8:2"]
)
def test_python_takes_any_list_of_numbers_and_texts(scenario, given):
    found = values_of(scenario, ("pool.multiple", given))
    assert found == (5.0, 8.0)
    assert all(isinstance(value, float) for value in found)


def test_a_value_is_set_whole_where_the_key_is(scenario):
    lag, share = read_axes(scenario, [("pool.claim_lag", [1, 2]), ("pool.share", [0, 1])])
    assert lag.setting(1.0) == ("instruments.pool.claim_lag", 1)
    assert isinstance(lag.setting(1.0)[1], int)
    assert isinstance(share.setting(1.0)[1], float)


def test_the_present_value_is_known(scenario):
    one, other = read_axes(scenario, [("pool.multiple", [5, 10]), ("pool.share", [0.1, 0.2])])
    assert (one.present, other.present) == (1, None)


RANGE = "write LO:HI:N, such as 5:15:6"
RANGE_ZH = "请写 下限:上限:个数，如 5:15:6"
REFUSED = [
    (
        ["pool.multiple"],
        "vary = 'pool.multiple': a key and its values are expected; write KEY=LO:HI:N, such as "
        "pool.multiple=5:15:6, or KEY=5,8,10",
        "vary = 'pool.multiple': 此处应为键及其取值；请写 键=下限:上限:个数（如 pool.multiple=5:15:6）或 "
        "键=5,8,10",
    ),
    (
        ["pool.multipl=5,8"],
        "vary: pool.multipl: there is no multipl; did you mean multiple?",
        "vary: pool.multipl: 没有 multipl；是否想写 multiple？",
    ),
    (
        ["pool.multiple=5,abc"],
        "vary = 'pool.multiple=abc': a multiple is expected, not text; write a number such as 10, or "
        '"10倍"',
        "vary = 'pool.multiple=abc': 此处应为倍数，而不是文字；请写数字（如 10）或 \"10倍\"",
    ),
    (
        ["pool.share=50,80"],
        "vary = 'pool.share=50': a share lies in 0 … 1; write 0.50 or \"50%\"",
        "vary = 'pool.share=50': 份额须在 0 到 1 之间；请写 0.50 或 \"50%\"",
    ),
    (
        ["pool.multiple=0,3"],
        "vary = 'pool.multiple=0': must be more than 0; write a larger number",
        "vary = 'pool.multiple=0': 须大于 0；请写更大的数",
    ),
    (
        ["pool.multiple=5:15"],
        "vary = 'pool.multiple=5:15': a range with its number of values is expected; "
        f"{RANGE}, or 5,8,10",
        "vary = 'pool.multiple=5:15': 此处应为范围及取值个数；请写 下限:上限:个数（如 5:15:6）或 5,8,10",
    ),
    (
        ["pool.multiple=15:5:3"],
        f"vary = 'pool.multiple=15:5:3': the lower end is not below the upper one; {RANGE}",
        f"vary = 'pool.multiple=15:5:3': 下限不小于上限；{RANGE_ZH}",
    ),
    *(
        (
            [f"pool.multiple=5:15:{count}"],
            f"vary = 'pool.multiple=5:15:{count}': the number of values is a whole number from 2 to 400; "
            f"{RANGE}",
            f"vary = 'pool.multiple=5:15:{count}': 取值个数须为 2 至 400 的整数；{RANGE_ZH}",
        )
        for count in ("1", "0", "401", "x", "-3", "2.5", "999999999999")
    ),
    (
        ["pool.multiple=8"],
        "vary = 'pool.multiple=8': two different values are needed at least; name more values, or set a "
        "single one with --set",
        "vary = 'pool.multiple=8': 至少需要两个不同的取值；请多写几个取值；只取一个值时请用 --set",
    ),
    (
        ["pool.opening=10,000,000,20,000,000"],
        "vary = 'pool.opening=10,000,000,20,000,000': commas stand between values, not between groups of "
        "digits; write 10000000 or 1000万",
        "vary = 'pool.opening=10,000,000,20,000,000': 逗号用于分隔取值，不能用作千位分隔；请写 10000000 或 "
        "1000万",
    ),
    (
        ["run.paths=5,8"],
        "vary = 'run.paths': paths and seed decide the error, not the answer; name a value of the plan",
        "vary = 'run.paths': 路径数和种子只影响误差，不影响答案；请写方案中的数值",
    ),
    (
        ["pool.multiple=5,8", "instruments.pool.multiple=1,2"],
        "vary = 'pool.multiple': the same key twice; name another one, or put all values into one list",
        "vary = 'pool.multiple': 同一个键写了两次；请换一个键，或把取值写在一起",
    ),
    (
        ["pool.multiple=5,8", "pool.share=0.2,0.3", "pool.claim_lag=1,2"],
        "vary = 'pool.multiple, pool.share, pool.claim_lag': a sweep has one key or two, not 3; leave the "
        "others at their values, or set them",
        "vary = 'pool.multiple, pool.share, pool.claim_lag': 只能变动一个或两个键，而不是 3 个；"
        "其余的键请保持现值或另行设定",
    ),
    (
        ["pool.multiple=5:15:21", "pool.share=0:1:20"],
        "vary = 'pool.multiple pool.share': 21 × 20 = 420 cells are more than 400; take fewer values",
        "vary = 'pool.multiple pool.share': 21 × 20 = 420 格，超过 400；请减少取值",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "english", "chinese"), REFUSED, ids=[str(one[0]) for one in REFUSED])
def test_what_can_not_be_swept_is_refused_with_what_to_write(scenario, texts, english, chinese):
    with pytest.raises(InputError) as caught:
        read_axes(scenario, [split_vary(text) for text in texts])
    assert caught.value.text() == english
    assert caught.value.text("zh") == chinese


def test_four_hundred_cells_are_not_too_many(scenario):
    axes = read_axes(scenario, [("pool.multiple", "5:15:20"), ("pool.share", "0:1:20")])
    assert [len(axis.values) for axis in axes] == [20, 20]
    (axis,) = read_axes(scenario, [("pool.multiple", list(range(1, 401)))])
    assert len(axis.values) == 400
    with pytest.raises(UsageError, match="401 values are more than 400"):
        read_axes(scenario, [("pool.multiple", list(range(1, 402)))])
