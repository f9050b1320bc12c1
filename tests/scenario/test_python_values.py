"""Python values that no scenario can hold are clear faults at the key, never another exception."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import fundsim as fs
from fundsim.errors import ScenarioError


@pytest.fixture(scope="module")
def scenario() -> fs.Scenario:
    return fs.load("minimal")


def containing_itself() -> tuple[list[Any], dict[str, Any]]:
    some: list[Any] = []
    some.append(some)
    table: dict[str, Any] = {}
    table["inner"] = [table]
    return some, table


def deep(levels: int) -> tuple[dict[str, Any], list[Any]]:
    table: dict[str, Any] = {}
    some: list[Any] = []
    for _ in range(levels):
        table, some = {"a": table}, [some]
    return table, some


def branching() -> list[Any]:
    some: list[Any] = [1]
    for _ in range(30):
        some = [some, some]
    return some


@pytest.mark.parametrize(
    ("key", "value", "at", "problem"),
    [
        *(("pool", value, "pool", "contains itself") for value in containing_itself()),
        *(("pool", value, "pool", "nested deeper than 32 levels") for value in deep(3000)),
        ("pool", branching(), "pool", "too many values"),
        ("pool.title", "\ud800", "pool.title", r"a control character (\ud800)"),
        ("pool.title", "a\x00", "pool.title", r"a control character (\x00)"),
        ("pool.title", "\x1b[31m", "pool.title", r"a control character (\x1b)"),
        ("pool.borrowers", {"a\x00": 1}, "pool.borrowers", r"a control character (\x00)"),
        ("pool", {"title": "\ud800"}, "pool.title", r"a control character (\ud800)"),
        ("pool.multiple", np.ma.masked, "pool.multiple", "a masked or missing value"),
        ("pool.demand.yearly", np.ma.array([1e8, 2e8], mask=[0, 1]), "pool.demand.yearly", "a masked"),
        ("pool.multiple", np.datetime64("NaT"), "pool.multiple", "a masked or missing value"),
        ("pool.multiple", pd.NA, "pool.multiple", "can't hold such a value"),
        ("pool.demand.yearly", pd.Series([1, None], dtype="Int64"), "pool.demand.yearly.1", "can't hold"),
        ("pool.opening_stock", {"tape": Decimal(1)}, "pool.opening_stock.tape", "can't hold such a value"),
    ],
)
def test_a_value_that_no_scenario_can_hold_is_one_fault(
    scenario: fs.Scenario, key: str, value: Any, at: str, problem: str
) -> None:
    with pytest.raises(ScenarioError) as by_set:
        scenario.set(key, value)
    with pytest.raises(ScenarioError) as by_override:
        fs.load("minimal", overrides={key: value})
    for caught in (by_set, by_override):
        (fault,) = caught.value.faults
        assert fault.key == at
        assert problem in fault.problem
        assert fault.fix
        fault.text("zh").encode()


def test_a_control_character_on_the_command_line_is_one_fault() -> None:
    for text in ("pool.title=a\x00", "pool.title=\ud800", "pool.title=a\x1bb"):
        with pytest.raises(ScenarioError) as caught:
            fs.load("minimal", overrides=[text])
        (fault,) = caught.value.faults
        assert "a control character" in fault.problem


@pytest.mark.parametrize("number", [np.longdouble(8), np.float16(8), np.array(8), np.array(np.longdouble(8))])
def test_numbers_of_numpy_are_numbers(scenario: fs.Scenario, number: Any) -> None:
    assert scenario.set("pool.multiple", number) == scenario.set("pool.multiple", 8.0)


def test_a_list_that_stands_twice_does_not_contain_itself(scenario: fs.Scenario) -> None:
    one = {"date": "2024-02", "amount": 1e6}
    assert scenario.set("pool.injections", [one, one]).terms.instruments["pool"].injections[1].amount == 1e6
