"""Amounts in messages are written as people write them, with every digit, and can be written so in a file."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fundsim.amounts import amount_text
from fundsim.units import MONEY

ROOM = Path(__file__).resolve().parents[2] / "src/fundsim"
OF_MONEY = re.compile(r"(:,\.0f|:,\.15g|:g|:\.0f|exact\([^{}]*\))\} ?(yuan|元|万|亿)")


def test_amounts_are_written_in_wan_and_yi() -> None:
    assert amount_text(2_871_000_000) == "28.71亿"
    assert amount_text(1e8) == "1亿"
    assert amount_text(99_999_999) == "9999.9999万"
    assert amount_text(9_999) == "9999"
    assert amount_text(0.01) == "0.01"
    assert amount_text(1e15) == "1000万亿"


@given(st.floats(0.0, 1e15))
def test_an_amount_that_is_quoted_is_read_as_the_same_amount(yuan: float) -> None:
    assert MONEY.read(amount_text(yuan)) == yuan


def test_no_message_writes_an_amount_in_another_way() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for room in ("scenario", "instruments", "lowering")
        for path in sorted((ROOM / room).glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_MONEY.search(line)
    ]
    # What is asked back is the number in the file with another unit behind it.
    assert [line for line in found if "did you mean" not in line and "是否想写" not in line] == []
