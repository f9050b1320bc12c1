"""Every public call checks its arguments, in the words of the command line."""

import json
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fundsim as fs
from fundsim import arguments
from fundsim.cli import main
from fundsim.errors import FundsimError, ScenarioError, UsageError


class Odd:
    """Nothing that any argument can be."""


NOT_WHOLE = [True, False, np.True_, "5", "many", None, 2.5, float("nan"), float("inf"), [1], (1,), {}, b"5"]
NOT_WHOLE += [1j, Decimal(1), Odd(), np.array([1, 2]), np.nan, pd.NaT, 10**400, Fraction(1, 2)]
SEEDS = [*NOT_WHOLE, -1, 2**64, 1e30, np.int64(-1)]
TARGET = "P(pool.depleted) <= 0.05"
MULTIPLES = {"pool.multiple": [5, 8]}
PATHS = [*NOT_WHOLE, 0, -1, np.int32(0), -1e9]
THREADS = [*NOT_WHOLE, 0, -2, 1025]
NUMBERS = [*NOT_WHOLE, -1, 2**63]
LANGS = ["fr", "EN", "", None, 1, b"en", True, ["en"]]
NAMES = [None, 3, True, b"x", ["a"], "", Odd()]
FILES = [None, 3, True, b"out", ["out"], "", "a\0b", Odd()]
ENGINES = ["fast", "Core", "", 1, b"core", True, ["core"]]
PATTERNS = [1, b"*", [1], [], "", " , ", ["*", None], Odd()]
NO_SCENARIOS = ["minimal", None, Path("minimal.yaml"), {}, Odd()]
CHANGES = [3, None, True, b"a", [3], [("a",)], [("a", 1, 2)], [b"a=1"]]
PICTURES = [*FILES, "x.gif", "x", "no/x.png"]
FLAGS = ["yes", 1, 0, None, "False", [True]]


def given(call, values, *, none=False):
    """Pair a call with the values that it must refuse; None is a value only where nothing is meant by it."""
    return [(call, value) for value in values if none or value is not None]


SIMULATE = [
    *given(lambda s, _r, v: fs.simulate(s, paths=v), PATHS),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, seed=v), SEEDS),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, threads=v), THREADS),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, engine=v), ENGINES),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, metrics=v), PATTERNS),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, metrics=v), ["*.nothing", ["*", "pool.claims_payed"]]),
    *given(lambda s, _r, v: fs.simulate(s, paths=2, progress=v), [True, "bar", 1]),
    *given(
        lambda _s, _r, v: fs.simulate(v, paths=2),
        NO_SCENARIOS,
        none=True,
    ),
    *given(lambda s, _r, v: fs.compare(s, s, paths=v), PATHS),
    *given(lambda s, _r, v: fs.compare(s, s, paths=2, seed=v), SEEDS),
    *given(lambda s, _r, v: fs.compare(s, s, paths=2, threads=v), THREADS),
    *given(lambda s, _r, v: fs.compare(s, s, paths=2, metrics=v), [*PATTERNS, "*.nothing"]),
    *given(lambda s, _r, v: fs.size(s, "pool.opening", TARGET, paths=v), PATHS),
    *given(lambda s, _r, v: fs.size(s, "pool.opening", TARGET, paths=2, seed=v), SEEDS),
    *given(lambda s, _r, v: fs.size(s, "pool.opening", TARGET, paths=2, threads=v), THREADS),
    *given(lambda s, _r, v: fs.size(s, "pool.opening", TARGET, paths=2, progress=v), [True, "bar", 1]),
    *given(lambda s, _r, v: fs.size(v, "pool.opening", TARGET, paths=2), NO_SCENARIOS, none=True),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=v), PATHS),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=2, seed=v), SEEDS),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=2, threads=v), THREADS),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=2, progress=v), [True, "bar", 1]),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=2, metrics=v), [1, b"*", [1], [], "", Odd()]),
    *given(lambda s, _r, v: fs.sweep(s, MULTIPLES, paths=2, frontier=v), [1, "P(pool.depleted)", [1, 2], ()]),
    *given(lambda s, _r, v: fs.sweep(s, v, paths=2), [{}, "pool.multiple=5,8", [("a", 1)], 3, {3: [1, 2]}]),
    *given(
        lambda s, _r, v: fs.sweep(s, {"pool.multiple": v}, paths=2),
        [3, None, True, b"5", [], {}, Odd()],
        none=True,
    ),
    *given(lambda _s, _r, v: fs.sweep(v, MULTIPLES, paths=2), NO_SCENARIOS, none=True),
    *given(lambda s, _r, v: fs.compare(s, s, paths=2, progress=v), [True, "bar", 1]),
    *given(lambda s, _r, v: fs.compare(s, v, paths=2), NO_SCENARIOS, none=True),
    *given(lambda s, _r, v: fs.compare(v, s, s, paths=2), NO_SCENARIOS, none=True),
    *given(lambda s, _r, v: fs.compare(s, s, v, paths=2), NO_SCENARIOS, none=True),
    *given(lambda s, _r, v: fs.trace(s, path=v), NUMBERS, none=True),
    *given(lambda s, _r, v: fs.trace(s, path=1, seed=v), SEEDS),
    *given(lambda _s, _r, v: fs.trace(v, path=1), ["minimal", None, 3], none=True),
]
FILED = [
    *given(lambda _s, _r, v: fs.load(v), FILES, none=True),
    *given(lambda _s, _r, v: fs.load("minimal", v), CHANGES,
           none=True),
    *given(lambda _s, _r, v: fs.open(v), [*FILES, "nowhere", "x" * 300], none=True),
    *given(lambda _s, r, v: r.save(v), [*FILES, ".", "x" * 300], none=True),
    *given(lambda _s, r, v: r.save("out", replace=v), FLAGS, none=True),
    *given(lambda _s, r, v: r.save("out", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: r.save("out", plots=v), ["jpg", "PNG", "", None, True, 1], none=True),
    *given(lambda _s, r, v: fs.compare(r, r).save(v), [*FILES, ".", "x" * 300], none=True),
    *given(lambda _s, r, v: fs.compare(r, r).save("out", replace=v), FLAGS, none=True),
    *given(lambda _s, r, v: fs.compare(r, r).save("out", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: fs.compare(r, r).save("out", plots=v), ["jpg", "", None, True, 1], none=True),
    *given(lambda s, _r, v: s.set(v, 1), [None, 3, b"pool.multiple", ["pool"], Odd()], none=True),
]  # fmt: skip
ASKED = [
    *given(lambda _s, r, v: r.distribution(v), [*NAMES, "pool.x", "zhubaodai.balance@year"], none=True),
    *given(lambda _s, r, v: r.probability(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.aggregate(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.values(v), [*NAMES, "pool.x", "zhubaodai.balance@x"], none=True),
    *given(lambda _s, r, v: r.fan(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.plot.distribution(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.plot.depletion(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.plot.fan(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.plot.cost(v), [*NAMES, "pool.x"], none=True),
    *given(lambda _s, r, v: r.plot.layers(v), [*NAMES, "pool"], none=True),
    *given(lambda _s, r, v: r.plot.distribution("zhubaodai.claims_paid", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: r.plot.depletion("zhubaodai.depleted", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: r.plot.fan("zhubaodai.balance", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: r.plot.cost("zhubaodai.claims_paid", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: r.plot.layers("zhubaodai", lang=v), LANGS, none=True),
    *given(lambda _s, r, v: fs.compare(r, r).plot.differences(v), ["yuans", "loans", 1, b"yuan", True]),
    *given(lambda _s, r, v: fs.compare(r, r).plot.differences(lang=v), LANGS, none=True),
    *given(lambda _s, r, v: fs.compare(r, r).plot.write_all(v), FILES, none=True),
    *given(lambda _s, r, v: fs.compare(r, r).plot.write_all("plots", form=v), ["jpg", None, 1], none=True),
    *given(lambda _s, r, v: r.plot.write_all("plots", form=v), ["jpg", None, 1], none=True),
    *given(lambda _s, r, v: r.plot.write_all(v), FILES, none=True),
    *given(
        lambda _s, r, v: r.plot.fan("zhubaodai.balance").save(v),
        PICTURES,
        none=True,
    ),
]


@pytest.fixture(scope="module")
def scenario():
    return fs.load("minimal")


def _refusal(call, scenario, results, value):
    """Return what a call raises, whatever it is; None if it takes the value."""
    try:
        call(scenario, results, value)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("table", [SIMULATE, FILED, ASKED], ids=["simulate", "files", "results"])
def test_no_call_takes_what_it_cannot_use(table, scenario, results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    accepted = []
    for number, (call, value) in enumerate(table):
        refused = _refusal(call, scenario, results, value)
        if not isinstance(refused, UsageError):
            accepted.append((number, value, repr(refused)))
        elif refused.text("zh") == refused.text("en") or not refused.text("en").isprintable():
            accepted.append((number, value, refused.text("en")))
    assert accepted == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [np.int64, np.uint64, np.int32, np.uint8, int, float, np.float64])
def test_numpys_whole_numbers_are_stored_as_plain_ones(kind, scenario, tmp_path):
    results = fs.simulate(scenario, paths=kind(5), seed=kind(3), threads=kind(1))
    folder = results.save(tmp_path / "out", plots=np.str_("none"), lang=np.str_("en"), replace=np.False_)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["paths"], manifest["seed"], manifest["clock"]["threads"]) == (5, 3, 1)
    assert type(results.manifest["seed"]) is int
    same = fs.simulate(scenario, paths=5, seed=3)
    assert same.to_json() == fs.open(os.fspath(folder)).to_json()


def test_the_largest_seed_is_one_everywhere(scenario, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    largest = 2**64 - 1
    by_call = fs.simulate(scenario, paths=3, seed=np.uint64(largest)).to_json()
    by_file = fs.simulate(scenario.set("run.seed", largest), paths=3).to_json()
    assert main(["run", "minimal", "--paths", "3", "--seed", str(largest), "-q", "-o", "out"]) == 0
    assert by_call == by_file == fs.open("out").to_json()
    with pytest.raises(
        ScenarioError, match="a seed is at most 18,446,744,073,709,551,615; write a whole number"
    ):
        scenario.set("run.seed", largest + 1)
    assert main(["schema"]) == 0
    assert str(largest) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "value", "call"),
    [
        ("--seed", "-1", lambda s: fs.simulate(s, seed=-1)),
        ("--seed", str(2**64), lambda s: fs.simulate(s, seed=2**64)),
        ("--paths", "0", lambda s: fs.simulate(s, paths=0)),
        ("--paths", "2.5", lambda s: fs.simulate(s, paths=2.5)),
        ("--threads", "0", lambda s: fs.simulate(s, threads=0)),
        ("--threads", "5000", lambda s: fs.simulate(s, threads=5000)),
        ("--metrics", "*.x", lambda s: fs.simulate(s, metrics="*.x")),
        ("--metrics", "", lambda s: fs.simulate(s, metrics=[""])),
        ("--metrics", " , ", lambda s: fs.simulate(s, metrics=" , ")),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_command_and_call_refuse_in_the_same_words(option, value, call, lang, scenario, capsys, tmp_path):
    with pytest.raises(UsageError) as caught:
        call(scenario)
    fault = caught.value.faults[0]
    said = f"{fault.problem}; {fault.fix}" if lang == "en" else f"{fault.problem_zh}；{fault.fix_zh}"
    assert main(["--lang", lang, "run", "minimal", "-o", str(tmp_path / "out"), option, value]) == 2
    assert said.strip("；; ") in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "metrics", ["*.claims_paid", "*.claims_paid,", ["*.claims_paid"], ("*.claims_paid",), {"*.claims_paid"}]
)
def test_metrics_may_be_one_text_or_many(metrics, scenario):
    results = fs.simulate(scenario, paths=2, metrics=metrics)
    assert {key.partition("@")[0].split(".")[1] for key in results.column_keys} == {"claims_paid"}


@pytest.mark.parametrize(
    "changes",
    ["pool.multiple=8", ["pool.multiple=8"], [("pool.multiple", 8)], {"pool.multiple": np.int64(8)},
     (("pool.multiple", "8倍"),)],
)  # fmt: skip
def test_changes_may_be_written_in_any_of_these_ways(changes):
    assert fs.load("minimal", changes).resolved()["instruments"]["pool"]["multiple"] == 8.0


def test_arrays_and_series_are_lists_and_bytes_are_none(scenario):
    years = len(scenario.resolved()["instruments"]["pool"]["demand"]["yearly"])
    for many in (np.full(years, 1e8), pd.Series([1e8] * years), [np.float64(1e8)] * years, (1e8,) * years):
        changed = scenario.set("pool.demand.yearly", many)
        assert changed.resolved()["instruments"]["pool"]["demand"]["yearly"] == [1e8] * years
    for none in (b"8", bytearray(b"8"), {8}, Odd(), np.array([1j])):
        with pytest.raises(ScenarioError):
            scenario.set("pool.multiple", none)


def test_every_public_name_is_in_the_tables():
    """A new public call needs its lines here."""
    assert set(fs.__all__) == {
        "Comparison", "Doubt", "Results", "Scenario", "Size", "Sweep", "Tornado", "compare", "doubt", "load",
        "open", "simulate", "size", "sweep", "tornado", "trace",
    }  # fmt: skip
    compared = {name for name in dir(fs.Comparison) if not name.startswith("_")}
    assert compared == {"save", "save_at", "plot", "table", "targets", "inputs", "to_json"}
    sized = {name for name in dir(fs.Size) if not name.startswith("_")}
    assert sized == {"save", "save_at", "plot", "table", "reading", "value", "interval", "outcome", "to_json"}
    torn = {name for name in dir(fs.Tornado) if not name.startswith("_")}
    assert torn == {"save", "save_at", "plot", "table", "ends", "bars", "ranking", "refused", "to_json"}
    swept = {name for name in dir(fs.Sweep) if not name.startswith("_")}
    assert swept == {"save", "save_at", "plot", "table", "first", "refused", "is_present", "to_json"}
    doubted = {name for name in dir(fs.Doubt) if not name.startswith("_")}
    assert doubted == {"save", "save_at", "plot", "table", "drivers", "draws", "summary", "kept", "to_json"}
    public = {name for name in dir(fs.Results) if not name.startswith("_")}
    checked = {
        "distribution",
        "probability",
        "aggregate",
        "values",
        "fan",
        "save",
        "save_at",
        "plot",
        "with_doubt",
    }
    without_arguments = {
        "n_paths", "left_out", "summary", "probabilities", "dependence", "targets", "sources_and_uses",
        "paths", "series", "to_json",
    }  # fmt: skip
    assert public == checked | without_arguments


@pytest.mark.parametrize("name", ["save", "save_at"])
def test_all_results_are_saved_by_the_same_code(name):
    run, *others = (
        getattr(kind, name) for kind in (fs.Results, fs.Comparison, fs.Size, fs.Sweep, fs.Tornado, fs.Doubt)
    )
    assert all(other is run for other in others)


def test_a_value_is_shown_short_and_on_one_line():
    with pytest.raises(FundsimError) as caught:
        arguments.choice("lang", "x\n\x1b[31m" * 50, ("en", "zh"))
    assert len(str(caught.value)) < 140
    assert str(caught.value).isprintable()
