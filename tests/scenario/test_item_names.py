"""Items of lists by name: every list of blocks merges by name, is set by name, and gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from fundsim.errors import Fault, ScenarioError
from fundsim.instruments import KINDS
from fundsim.scenario import Item, Term, check_scenario, load
from fundsim.scenario.anatomy import anatomy, fields_of
from fundsim.scenario.explain import differences
from fundsim.scenario.terms import ScenarioTerms

BASE = """\
window: {start: 2015-01, months: 12}
economy:
  sector_correlation:
    - {name: one, between: [a, b], correlation: 0.1}
    - {name: two, between: [b, c], correlation: 0.2}
  stress:
    - {name: one, from: 2015-02, to: 2015-03, shift: -1}
    - {name: two, from: 2015-05, to: 2015-06, fix: -2}
segments:
  a: &segment {source: assumption, sector: a, pd: 3%, rho: 0.1, lgd: 50%, loan: {mean: 100万}}
  b: {source: assumption, sector: b, pd: 3%, rho: 0.1, lgd: 50%, loan: {mean: 100万}}
  c: {source: assumption, sector: c, pd: 3%, rho: 0.1, lgd: 50%, loan: {mean: 100万}}
instruments:
  pool:
    kind: compensation_pool
    source: assumption
    opening: 1亿
    share: 50%
    trigger: {overdue_days: 0}
    borrowers: {a: 50%, b: 25%, c: 25%}
    demand:
      schedule:
        - {name: one, date: 2015-01, amount: 1亿}
        - {name: two, date: 2015-07, amount: 2亿}
    recovery:
      spread:
        - {name: one, lag_months: 6, share: 40%}
        - {name: two, lag_months: 18, share: 60%}
    injections:
      - {name: one, date: 2015-06, amount: 0.2亿}
      - {name: two, date: 2015-09, amount: 0.1亿}
""".replace("&segment ", "")
LISTS = {
    "economy.sector_correlation": ("correlation", 0.3),
    "economy.stress": ("to", "2015-08"),
    "instruments.pool.demand.schedule": ("amount", 3e8),
    "instruments.pool.injections": ("amount", 3e7),
    "instruments.pool.recovery.spread": ("lag_months", 24),
}


def item_terms(cls: type[Term], seen: set[type[Term]]) -> Iterator[type[Term]]:
    """Yield the terms that stand in lists anywhere below a term."""
    for field in fields_of(cls):
        form = field.anatomy
        inner = [*form.terms, *(anatomy(form.table[1]).terms if form.table else ())]
        if isinstance(form.item, type) and issubclass(form.item, Term):
            yield form.item
            inner.append(form.item)
        for below in inner:
            if below not in seen:
                seen.add(below)
                yield from item_terms(below, seen)


def test_every_block_of_a_list_can_have_a_name() -> None:
    found = {cls for top in (ScenarioTerms, *(kind.terms for kind in KINDS.values()))
             for cls in item_terms(top, set())}  # fmt: skip
    assert len(found) >= 4
    assert all(issubclass(cls, Item) for cls in found)


def test_a_list_of_blocks_without_names_is_refused_when_it_is_declared() -> None:
    class Bare(Term):
        pass

    with pytest.raises(TypeError, match="its base must be Item"):
        anatomy(tuple[Bare, ...])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def errors(name: str, *overrides: str) -> list[Fault]:
    return [f for f in check_scenario(name, kinds=KINDS, overrides=list(overrides))[1] if not f.warning]


def items(resolved: dict[str, Any], key: str) -> Any:
    for step in key.split("."):
        resolved = resolved[step]
    return resolved


def heir(folder: Path, key: str, item: str) -> str:
    """Write an heir that changes one list; return its name."""
    text = "".join(f"{'  ' * depth}{step}:\n" for depth, step in enumerate(key.split(".")))
    (folder / "heir.yaml").write_text(f"extends: base.yaml\n{text}{'  ' * 6}- {item}\n", encoding="utf-8")
    return "heir.yaml"


@pytest.mark.parametrize("key", LISTS)
def test_an_heir_changes_one_item_by_its_name(key: str, folder: Path) -> None:
    field, value = LISTS[key]
    before = items(load("base.yaml", kinds=KINDS).resolved(), key)
    scenario = load(heir(folder, key, f"{{name: two, {field}: {value}}}"), kinds=KINDS)
    assert items(scenario.resolved(), key) == [before[0], {**before[1], field: value}]


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("item", ["two", "1"])
def test_an_item_is_set_by_name_and_by_position(key: str, item: str, folder: Path) -> None:
    field, value = LISTS[key]
    base = load("base.yaml", kinds=KINDS)
    wanted = [items(base.resolved(), key)[0], {**items(base.resolved(), key)[1], field: value}]
    reported = load("base.yaml", kinds=KINDS, overrides=[f"{key}.{item}.{field}={value}"])
    whole = load("base.yaml", kinds=KINDS, overrides=[f"{key}.{item}={{{field}: {value}}}"])
    for changed in (base.set(f"{key}.{item}.{field}", value), base.set(f"{key}.{item}", {field: value}),
                    base.set(key, [{"name": "two", field: value}]), reported, whole):  # fmt: skip
        assert items(changed.resolved(), key) == wanted


def test_an_item_is_removed_by_an_heir_and_on_the_command_line(folder: Path) -> None:
    key = "instruments.pool.injections"
    by_heir = load(heir(folder, key, "{name: one, remove: true}"), kinds=KINDS)
    by_command = load("base.yaml", kinds=KINDS, overrides=["pool.injections.one={remove: true}"])
    by_position = load("base.yaml", kinds=KINDS).set("pool.injections.0", {"remove": True})
    for scenario in (by_heir, by_command, by_position):
        assert [item["name"] for item in items(scenario.resolved(), key)] == ["two"]


def test_an_item_with_a_new_name_is_added(folder: Path) -> None:
    key = "instruments.pool.injections"
    scenario = load(heir(folder, key, "{name: three, date: 2015-11, amount: 1}"), kinds=KINDS)
    assert [item["name"] for item in items(scenario.resolved(), key)] == ["one", "two", "three"]


def test_a_list_without_names_replaces_the_inherited_one(folder: Path) -> None:
    key = "instruments.pool.injections"
    scenario = load(heir(folder, key, "{date: 2015-11, amount: 1}"), kinds=KINDS)
    assert items(scenario.resolved(), key) == [{"date": "2015-11", "amount": 1.0}]


def test_names_are_written_out_and_read_again(folder: Path) -> None:
    scenario = load("base.yaml", kinds=KINDS)
    text = yaml.safe_dump(scenario.resolved(), allow_unicode=True, sort_keys=False)
    (folder / "again.yaml").write_text(text, encoding="utf-8")
    assert load("again.yaml", kinds=KINDS).resolved() == scenario.resolved()
    assert scenario.origins["instruments.pool.injections.1.name"].line == BASE.count("\n")


@pytest.mark.parametrize(
    ("key", "item", "at", "problem", "fix"),
    [
        ("pool.injections", "{name: twoo, remove: true}", "twoo", "nothing inherited", "did you mean two?"),
        ("pool.injections", "{remove: true}", "0", "does not say what", "write {name: …, remove: true}"),
        (
            "pool.injections",
            "{name: 1, amount: 3}",
            "0.name",
            "a text is expected",
            "write a name that begins",
        ),
        ("pool.injections", "{name: a.b, amount: 3}", "0.name", "a name has letters", "choose another name"),
        ("pool.injections", "{name: note, amount: 3}", "0.name", "a word of", "choose another name"),
        ("pool.injections", "{name: three, amount: 3}", "three.date", "is missing", "add `date: …`"),
        (
            "pool.injections",
            "{name: x, date: 2015-11, amount: 1}\n            - {date: 2015-12, amount: 1}",
            "1.name",
            "has no name, and other items of this list have one",
            "give all items a name, or none",
        ),
        (
            "pool.injections",
            "{name: one, amount: 1}\n            - {name: one, amount: 2}",
            "1.name",
            "two items of this list are called one",
            "choose another name",
        ),
    ],
)
def test_what_goes_wrong_with_names_is_one_clear_fault(
    key: str, item: str, at: str, problem: str, fix: str, folder: Path
) -> None:
    (fault,) = errors(heir(folder, f"instruments.{key}", item))
    assert fault.key == f"{key}.{at}"
    assert problem in fault.problem
    assert fix in fault.fix


@pytest.mark.parametrize(
    ("override", "problem", "fix"),
    [
        ("pool.injections.twoo.amount=3", "there is no item twoo", "did you mean two?"),
        ("pool.injections.7.amount=3", "there is no item 7", "items: one, two"),
        ("pool.injections.two.name=one", "two items of this list are called one", "choose another name"),
        ("pool.injections.two.name=7", "a text is expected", "put it in quotes"),
        ("pool.injections.two.amont=3", "there is no such key", "did you mean amount?"),
    ],
)
def test_a_wrong_item_on_the_command_line_is_one_fault(
    override: str, problem: str, fix: str, folder: Path
) -> None:
    (fault,) = errors("base.yaml", override)
    assert problem in fault.problem
    assert fix in fault.fix


def test_items_without_names_can_not_be_removed_by_name(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("name: one, ", "").replace("name: two, ", ""), "utf-8")
    with pytest.raises(ScenarioError, match="the inherited items have no names"):
        load(heir(folder, "instruments.pool.injections", "{name: one, remove: true}"), kinds=KINDS)


@pytest.mark.parametrize(
    ("item", "meant"),
    [
        ("{name: Two, amount: 1}", "two"),
        ("{name: ONE, date: 2015-06, amount: 1}", "one"),
        ("{name: tow, amount: 1}", "two"),
        ("{name: twoo, date: 2015-06}", "two"),
    ],
)
def test_an_item_whose_name_is_misspelt_is_one_fault_that_names_the_item_meant(
    item: str, meant: str, folder: Path
) -> None:
    (fault,) = errors(heir(folder, "instruments.pool.injections", item))
    assert fault.key.startswith("pool.injections.")
    assert "there is no item" in fault.problem
    assert fault.fix == f"did you mean {meant}?"
    assert fault.line == 5


def test_a_new_item_with_all_its_keys_may_have_a_name_that_is_near_another(folder: Path) -> None:
    key = "instruments.pool.injections"
    scenario = load(heir(folder, key, "{name: twos, date: 2015-11, amount: 1}"), kinds=KINDS)
    assert [item["name"] for item in items(scenario.resolved(), key)] == ["one", "two", "twos"]


def test_a_new_item_that_differs_in_its_number_lacks_its_keys(folder: Path) -> None:
    text = BASE.replace("name: one", "name: round_1").replace("name: two", "name: round_2")
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    (fault,) = errors(heir(folder, "instruments.pool.injections", "{name: round_3, amount: 3}"))
    assert (fault.key, fault.problem) == ("pool.injections.round_3.date", "is missing")


def test_two_names_of_a_list_differ_in_more_than_case(folder: Path) -> None:
    old = "{name: two, date: 2015-09"
    (folder / "base.yaml").write_text(BASE.replace(old, old.replace("two", "One")), encoding="utf-8")
    (fault,) = errors("base.yaml")
    assert "differs from one in upper and lower case only" in fault.problem


def test_a_fault_in_an_item_calls_it_by_its_name(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("amount: 0.1亿", "amount: -1"), encoding="utf-8")
    (fault,) = errors("base.yaml")
    assert fault.key == "pool.injections.two.amount"


def test_items_are_compared_by_name_where_both_sides_have_names(folder: Path) -> None:
    key = "instruments.pool.injections"
    base = load("base.yaml", kinds=KINDS)
    without = base.set(f"{key}.one", {"remove": True}).set(f"{key}.two.amount", 5)
    assert [found.key for found in differences(base, without)] == [
        f"{key}.one.name", f"{key}.one.date", f"{key}.one.amount", f"{key}.two.amount",
    ]  # fmt: skip
    bare = load(heir(folder, key, "{date: 2015-06, amount: 1}"), kinds=KINDS)
    keys = [found.key for found in differences(base, bare) if found.key.startswith(key)]
    assert {found.split(".")[3] for found in keys} == {"0", "1"}
