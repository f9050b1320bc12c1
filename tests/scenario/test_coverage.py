"""Every statement of the five plans stands in docs/coverage.md, and what it says of a scenario is true."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import NamedTuple

import pytest

import fundsim as fs

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
STATEMENTS = {"A": 17, "B": 12, "C": 5, "D": 4, "E": 6, "F": 4}
SCENARIOS = (
    "taiyuan_2015_2017",
    "jinan_2016_2018",
    "jinan_2022_2025",
    "jinan_2024_2027",
    "changzhi_2017_2020",
)
NOTHING = "–"
UNITS = {"": 1.0, "万": 1e4, "亿": 1e8, "%": 0.01}
ITEM = re.compile(r"(?:(\d+) × )?(?:([\d.]+)(亿|万|%|)|yes)(†?)")


class Row(NamedTuple):
    statement: str
    says: str
    scenario: str
    key: str
    amount: str
    why: str


class Value(NamedTuple):
    amount: float
    in_plan: bool


def rows():
    """Return the rows of the tables, with the scenario that their section, or the row itself, names."""
    section, found = "", []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = ""
        elif line.startswith("Scenario `"):
            section = line.split("`")[1]
        elif re.match(r"\| [A-F]\d+ \|", line):
            statement, says, key, amount, why = (cell.strip() for cell in line.strip("|").split("|"))
            named = re.search(r"\(`(\w+)`\)", says)
            found.append(Row(statement, says, named[1] if named else section, key.strip("`"), amount, why))
    return found


ROWS = rows()
WITH_KEY = [row for row in ROWS if row.key != NOTHING]


def paths_of(scenario, key):
    """Yield (full path, value) of all that a key means, amounts of dated items in their order."""
    resolved = scenario.resolved()
    for one in expanded(key):
        path = one.split(".")
        for place in ((), ("instruments",), ("segments",)):
            if path[0] in at(resolved, place):
                yield from leaves(at(resolved, place), path, ".".join(place))
                break
        else:
            raise AssertionError(f"{key}: {scenario.name} has no {path[0]}")


def expanded(key):
    """Return the keys that braces stand for, in their order."""
    parts = [
        part[1:-1].split(",") if part.startswith("{") else [part] for part in re.split(r"(\{.*?\})", key)
    ]
    return ["".join(chosen) for chosen in itertools.product(*parts)]


def at(value, path):
    for name in path:
        value = value[name]
    return value


def leaves(value, path, where):
    """Yield (full path, value) of what lies at a path below a value."""
    if path:
        names = list(value) if path[0] == "*" else [path[0]]
        for name in names:
            yield from leaves(value[name], path[1:], f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            below = ["amount"] if isinstance(item, dict) else []
            yield from leaves(item, below, f"{where}.{place}")
    else:
        yield where, value


def held(row):
    """Return what the scenario has at a row's key, in order."""
    scenario = fs.load(row.scenario)
    return [
        Value(float(value), "plan" in scenario.origins[path].source)
        for path, value in paths_of(scenario, row.key)
    ]


def printed(text):
    """Return the values that an amount names, None if it has a sum only, and the sum or None."""
    items, _, total = text.partition("= ")
    values = []
    for item in filter(None, (one.strip() for one in items.split(" / "))):
        found = ITEM.fullmatch(item)
        assert found, f"{item!r} is no amount"
        times, number, unit, mark = found.groups()
        amount = 1.0 if number is None else float(number) * UNITS[unit]
        values += [Value(amount, not mark)] * int(times or 1)
    whole = ITEM.fullmatch(total.strip()) if total else None
    assert bool(whole) == bool(total), f"{total!r} is no amount"
    return values or None, float(whole[2]) * UNITS[whole[3]] if whole else None


def test_every_statement_of_the_plans_has_a_row_and_no_other():
    expected = [f"{plan}{n}" for plan, count in STATEMENTS.items() for n in range(1, count + 1)]
    assert list(dict.fromkeys(row.statement for row in ROWS)) == expected


def test_a_row_names_a_key_or_says_why_there_is_none():
    for row in ROWS:
        assert row.says, row
        assert (row.key == NOTHING) == (row.amount == NOTHING), row
        if row.key == NOTHING:
            assert row.why, row
        else:
            assert row.scenario in SCENARIOS, row


@pytest.mark.parametrize("row", WITH_KEY, ids=lambda row: f"{row.statement}-{row.key}")
def test_the_scenario_has_the_amount_of_a_row_and_its_mark(row):
    got = held(row)
    values, total = printed(row.amount)
    assert values is not None or total is not None
    if values is not None:
        assert [v.amount for v in got] == pytest.approx([v.amount for v in values], rel=1e-12, abs=1e-9)
        assert [v.in_plan for v in got] == [v.in_plan for v in values]
    if total is not None:
        assert sum(v.amount for v in got) == pytest.approx(total, abs=0.005)


def test_every_instrument_of_the_scenarios_has_a_row_or_is_there_for_one():
    """What no row names: loans that others are about, and spending of a line that a row names."""
    missing = set()
    for name in SCENARIOS:
        scenario = fs.load(name)
        named = {
            path.split(".")[1]
            for row in WITH_KEY
            if row.scenario == name
            for path, _ in paths_of(scenario, row.key)
            if path.startswith("instruments.")
        }
        missing |= {f"{name}.{one}" for one in scenario.terms.instruments if one not in named}
    assert missing == {
        "taiyuan_2015_2017.student_loans",
        "taiyuan_2015_2017.space",
        "taiyuan_2015_2017.space_counties",
        "taiyuan_2015_2017.services",
        "taiyuan_2015_2017.other_uses",
        "taiyuan_2015_2017.balancing_uses",
        "jinan_2016_2018.private_guarantors",
        "jinan_2016_2018.bank_loans",
        "jinan_2016_2018.space",
        "jinan_2016_2018.services",
        "jinan_2022_2025.coaching",
        "changzhi_2017_2020.personal_interest",
        "changzhi_2017_2020.firms_interest",
        "changzhi_2017_2020.technology_firms",
    }


def by_year(items):
    found = {}
    for item in items:
        found[item.year] = found.get(item.year, 0.0) + item.amount
    return found


def test_taiyuans_sources_and_uses_are_as_printed():
    budget = fs.load("taiyuan_2015_2017").terms.budget
    award = [item for name in ("central", "province", "city") for item in budget.levels[name].amounts]
    assert by_year(award) == pytest.approx({2015: 8.1e8, 2016: 6.9e8, 2017: 7.3e8})
    of_2015 = {name: by_year(level.amounts)[2015] for name, level in budget.levels.items()}
    assert of_2015 == pytest.approx({"central": 3.8e8, "province": 0.3e8, "city": 4.0e8, "counties": 3.81e8})
    lines = {name: by_year(line.amounts) for name, line in budget.lines.items()}
    uses = {name: years[2015] for name, years in lines.items()}
    printed_uses = {
        "space": 2.4e8,
        "services": 2.18e8,
        "financing": 2.87e8,
        "other": 0.1e8,
        "balancing": 0.55e8,
    }
    assert uses.pop("space_counties") == pytest.approx(3.81e8)
    assert uses == pytest.approx(printed_uses, abs=10.5e4)
    assert sum(printed_uses.values()) == pytest.approx(8.1e8)
    for year, total in ((2016, 6.9e8), (2017, 7.3e8)):
        rest = sum(item.amount for item in budget.unallocated if item.year == year)
        assert lines["financing"][year] + rest == pytest.approx(total)


def test_jinans_sources_and_uses_of_2016_are_as_printed():
    budget = fs.load("jinan_2016_2018").terms.budget
    lines = {name: sum(by_year(line.amounts).values()) for name, line in budget.lines.items()}
    assert lines.pop("space") == pytest.approx(5.01e8)
    assert lines.pop("services") == pytest.approx(4.39e8)
    assert sum(lines.values()) == pytest.approx(20.6e8)
    levels = by_year([item for level in budget.levels.values() for item in level.amounts])
    uses = by_year([item for line in budget.lines.values() for item in line.amounts])
    assert sum(levels.values()) == pytest.approx(30e8)
    assert levels == pytest.approx(uses)
