"""``extends``, removal, sources and ranges: which file says what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fundsim.errors import ScenarioError
from fundsim.scenario import load
from fundsim.scenario.reading import MAX_CHAIN

from .conftest import Load, Write
from .kinds import BASE, KINDS


def test_a_mapping_merges_deeply_and_a_value_replaces(load_text: Load) -> None:
    heir = load_text("extends: base.yaml\nsegments: {trade: {rho: 0.2, loan: {cap: 500万}}}\n")
    trade = heir.terms.segments["trade"]
    assert (trade.rho, trade.pd, trade.loan.mean, trade.loan.cap) == (0.2, 0.03, 3e6, 5e6)
    assert heir.name == "one"
    assert heir.terms.title == "Base"


def test_lists_of_named_items_merge_by_name_and_others_replace(load_text: Load) -> None:
    heir = load_text(
        "extends: base.yaml\ninstruments:\n  zhubaodai:\n    yearly: [1亿]\n    injections:\n"
        "      - {name: second, amount: 1亿}\n      - {name: first, remove: true}\n"
        "      - {name: third, date: 2017-06, amount: 2亿}\n"
    )
    pool = heir.terms.instruments["zhubaodai"]
    assert [(i.name, str(i.date), i.amount) for i in pool.injections] == [
        ("second", "2016-06", 1e8),
        ("third", "2017-06", 2e8),
    ]
    assert pool.yearly == (1e8,)


def test_a_removed_key_takes_its_default_again(load_text: Load) -> None:
    heir = load_text("extends: base.yaml\nsegments: {trade: {loan: {rate: 0.1}}}\n")
    assert heir.set("trade.loan.rate", {"remove": True}).terms.segments["trade"].loan.rate == 0.06


def test_every_value_of_three_generations_names_its_file_and_line(write: Write) -> None:
    write(BASE, "old/base.yaml")
    write("extends: base.yaml\nwindow:\n  months: 24\nsegments:\n  trade:\n    rho: 0.2\n", "old/middle.yaml")
    path = write("# mine\nextends: old/middle.yaml\n\nsegments:\n  trade:\n    pd: 5%\n", "mine.yaml")
    scenario = load(path, kinds=KINDS)
    where = {key: (o.file, o.line) for key, o in scenario.origins.items() if not o.is_default}
    assert where["segments.trade.pd"] == ("mine.yaml", 6)
    assert where["window.months"] == ("old/middle.yaml", 3)
    assert where["segments.trade.rho"] == ("old/middle.yaml", 6)
    assert where["segments.trade.loan.mean"] == ("old/base.yaml", 11)
    assert where["instruments.zhubaodai.injections.1.amount"] == ("old/base.yaml", 20)
    assert where["sources.A16"] == ("old/base.yaml", 2)
    texts = {
        name: (path.parent / name).read_text(encoding="utf-8").split("\n")
        for name in {f for f, _ in where.values()}
    }
    for key, (file, line) in where.items():
        last = next(part for part in reversed(key.split(".")) if not part.isdecimal())
        assert last in texts[file][line - 1], (key, file, line)


def test_a_source_holds_in_its_own_file_only(load_text: Load) -> None:
    heir = load_text("extends: base.yaml\nsegments: {trade: {rho: 0.2}}\n")
    assert heir.origins["segments.trade.rho"].source == ()
    assert heir.origins["segments.trade.loan.mean"].source == ("A16",)
    assert heir.origins["segments.trade.pd"].source == ("A5",)
    assert any("no source for rho" in warning.problem for warning in heir.warnings)


def test_a_value_replaces_its_range_and_a_range_amends_its_value(load_text: Load) -> None:
    replaced = load_text("extends: base.yaml\nsegments: {trade: {pd: {value: 4%, source: mine}}}\n")
    assert replaced.origins["segments.trade.pd"].low is None
    amended = load_text("extends: base.yaml\nsegments: {trade: {pd: {high: 9%}}}\n")
    origin = amended.origins["segments.trade.pd"]
    assert (origin.low, origin.high, origin.source, origin.note) == (0.01, 0.09, ("A5",), "seen")
    assert amended.terms.segments["trade"].pd == 0.03


def test_a_chain_of_too_many_files_is_reported(write: Write) -> None:
    write()
    for n in range(MAX_CHAIN + 2):
        write(f"extends: {f'f{n - 1}' if n else 'base'}.yaml\n", f"f{n}.yaml")
    assert load(f"f{MAX_CHAIN - 2}.yaml", kinds=KINDS).terms.title == "Base"
    with pytest.raises(ScenarioError, match="more than 16 files"):
        load(f"f{MAX_CHAIN + 1}.yaml", kinds=KINDS)


def test_a_circle_is_reported_with_its_chain(write: Write) -> None:
    write("extends: b.yaml\n", "a.yaml")
    write("extends: c.yaml\n", "b.yaml")
    write("extends: a.yaml\n", "c.yaml")
    with pytest.raises(ScenarioError) as caught:
        load("a.yaml", kinds=KINDS)
    assert "a.yaml → b.yaml → c.yaml → a.yaml" in str(caught.value)
    assert len(caught.value.faults) == 1


def test_a_missing_base_is_reported_with_the_chain_and_nothing_else(write: Write) -> None:
    write("extends: b.yaml\n", "a.yaml")
    write("extends: basee.yaml\n", "b.yaml")
    write()
    with pytest.raises(ScenarioError) as caught:
        load("a.yaml", kinds=KINDS)
    (fault,) = caught.value.faults
    assert fault.file == "b.yaml"
    assert "reached by a.yaml → b.yaml" in fault.problem
    assert fault.fix == "did you mean base.yaml?"


def test_faults_of_heir_and_base_are_reported_together(
    reported: Callable[..., list[str]], write: Write
) -> None:
    write(BASE.replace("rho: 0.1", "rho: 10"), "spoilt.yaml")
    lines = reported("extends: spoilt.yaml\nwindow: {months: 0}\n")
    assert [line.split(": ")[0] for line in lines] == ["one.yaml:2:18", "spoilt.yaml:9:10"]
