"""YAML 1.2 by events: values, places, and slips that are reported and passed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundsim.scenario.build import read_tree
from fundsim.scenario.encoding import decode
from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.nodes import Block, Items, Scalar
from fundsim.scenario.scalars import resolve


def tree(text: str) -> tuple[Block, list[str]]:
    faults = FaultList()
    block = read_tree(text, "x.yaml", faults)
    assert block is not None
    return block, [str(fault) for fault in faults.sorted()]


def value(text: str) -> object:
    block, faults = tree(f"key: {text}\n")
    assert faults == []
    node = block.entries["key"].node
    assert isinstance(node, Scalar)
    return node.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1e6", 1e6),
        ("1E-2", 0.01),
        ("2015-01", "2015-01"),
        ("017", 17),
        ("0o17", 15),
        ("0xff", 255),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("~", None),
        ("null", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("'8'", "8"),
        ('"no"', "no"),
        ("+.5", 0.5),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("3%", "3%"),
        ("0.4亿", "0.4亿"),
        ("=", "="),
        ("2015-01-01", "2015-01-01"),
    ],
)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(text: str, wanted: object) -> None:
    found = value(text)
    assert found == wanted
    assert type(found) is type(wanted)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
def test_any_text_is_resolved_to_a_value_of_the_core_schema(text: str) -> None:
    found = resolve(text)
    assert found is None or type(found) in {bool, int, float, str}
    if isinstance(found, str):
        assert found == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_written_by_python_is_read_back(number: float) -> None:
    assert resolve(repr(number)) == number


def test_every_key_and_value_has_its_place() -> None:
    block, _ = tree("a: 1\nb:\n  c: [x, {d: 太原, e: 5}]\n")
    inner = block.entries["b"].node
    assert isinstance(inner, Block)
    items = inner.entries["c"].node
    assert isinstance(items, Items)
    last = items.items[1]
    assert isinstance(last, Block)
    place = last.entries["e"].node.place
    assert (place.file, place.line, place.column) == ("x.yaml", 3, 21)
    assert (last.entries["e"].place.line, last.entries["e"].place.column) == (3, 18)


def test_a_byte_order_mark_and_cr_lf_are_accepted() -> None:
    faults = FaultList()
    assert decode("\ufefftitle: 太原\r\nb: 1\r\n".encode(), "x.yaml", faults) == "title: 太原\nb: 1\n"
    assert len(faults) == 0


def test_slips_are_reported_and_the_rest_is_read() -> None:
    text = "a：1\nb:\n\tc: 2\nd 3\ne: [1, 2\nf: 'x\ng: 50%: y\nh:9\ni: 1\n"
    block, faults = tree(text)
    lines = [int(fault.split(":")[1]) for fault in faults]
    assert lines == [1, 3, 4, 5, 6, 7, 8]
    assert set(block.entries) == set("abdefghi")
    node = block.entries["i"].node
    assert isinstance(node, Scalar)
    assert node.value == 1


def test_the_column_after_a_repaired_slip_is_that_of_the_file() -> None:
    block, faults = tree("a：  zz\nb: 1\n")
    assert faults == ["x.yaml:1:2: a = zz: a full-width colon ：; did you mean ':'?"]
    assert block.entries["a"].node.place.line == 1


def test_full_width_punctuation_in_texts_is_no_fault() -> None:
    block, faults = tree("title: 太原：助保贷，（三年）\nnote: |\n  说明：甲\n  乙\n")
    assert faults == []
    assert set(block.entries) == {"title", "note"}


def test_damaged_utf_8_is_not_taken_for_gb18030() -> None:
    text = "title: 太原市助保贷风险补偿资金池\nname: x\n"
    for damaged in (text.encode().replace("市".encode(), b"\xe5\xb8", 1), text.encode() + b"\xe5\xa4"):
        faults = FaultList()
        assert decode(damaged, "x.yaml", faults) is None
        assert [fault.problem for fault in faults.sorted()] == ["bytes that are not UTF-8"]
    faults = FaultList()
    assert decode(text.encode("gb18030"), "x.yaml", faults) == text
    assert "GB18030" in faults.sorted()[0].problem
