"""What a run's file keeps by path, what it says of each column, and what is said of one that is not there."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import UsageError
from fundsim.metrics.formulas import largest, minus, number, ratio, recorded
from fundsim.results.stored import stored_keys

LEFT_OUT = "zhubaodai.claims_due"
"""The one metric of the small scheme that is no headline and is drawn nowhere."""


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    return results.save(tmp_path_factory.mktemp("stored") / "run", plots="none")


def names(keys):
    return {key.partition("@")[0].split(".20")[0] for key in keys}


def test_a_file_keeps_headlines_with_their_years_and_what_pictures_need(results, folder):
    kept = fs.open(folder).column_keys
    assert names(results.column_keys) - names(kept) == {LEFT_OUT}
    assert "zhubaodai.depletion_month" in names(kept)  # the curve is drawn from it
    assert "zhubaodai.claims_paid.2016@window" in kept
    assert list(kept) == [key for key in results.column_keys if key in kept]
    assert pq.read_schema(folder / "paths.parquet").names == ["path", *kept]


def test_all_figures_are_in_the_summary_whatever_the_file_keeps(results, folder):
    opened = fs.open(folder)
    assert opened.to_json() == results.to_json()
    assert opened.distribution(LEFT_OUT) == results.distribution(LEFT_OUT)


@pytest.mark.parametrize("keep", [("*",), ("*.claims_due",)])
def test_a_choice_of_metrics_is_kept_whole(run, tmp_path, keep):
    made = run(50, keep=keep)
    assert fs.open(made.save(tmp_path / "run", plots="none")).column_keys == made.column_keys


def test_a_scheme_without_headlines_keeps_all(run, kit):
    metrics = tuple(replace(m, headline=False, picture=None) for m in kit.METRICS if m.name == LEFT_OUT)
    made = run(20, scheme=kit.make_scheme(metrics=metrics))
    assert stored_keys(made.manifest, made.column_keys) == made.column_keys


def test_all_columns_are_there_right_after_a_run(results):
    assert results.left_out == frozenset()
    assert type(results.paths) is pd.DataFrame
    assert len(results.values(LEFT_OUT)) == len(results.paths[f"{LEFT_OUT}@run_off"]) == 500


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (lambda opened: opened.values(LEFT_OUT), f"{LEFT_OUT}@run_off"),
        (lambda opened: opened.values(f"{LEFT_OUT}.2016"), f"{LEFT_OUT}.2016@window"),
        (lambda opened: opened.plot.distribution(LEFT_OUT), f"{LEFT_OUT}@run_off"),
        (lambda opened: opened.paths[f"{LEFT_OUT}@window"], f"{LEFT_OUT}@window"),
        (lambda opened: opened.paths[["path", f"{LEFT_OUT}@window"]], f"{LEFT_OUT}@window"),
    ],
)
def test_a_column_that_was_left_out_says_how_to_get_it(folder, ask, key):
    with pytest.raises(UsageError) as caught:
        ask(fs.open(folder))
    assert str(caught.value) == (
        f"paths.parquet of this run has no {key}: without a choice of metrics it keeps the headline figures, "
        "their years and what pictures are drawn from; to have every metric by path, simulate with "
        "metrics=\"*\" (fundsim run: --metrics '*')"
    )
    assert all(words in caught.value.text("zh") for words in (key, 'metrics="*"', "--metrics '*'"))


def test_the_table_of_an_opened_folder_is_else_a_plain_table(folder, results):
    table = fs.open(folder).paths
    with pytest.raises(KeyError):
        table["zhubaodai.clams_paid@window"]
    with pytest.raises(KeyError):
        table[["path", "zhubaodai.clams_paid@window"]]
    some = ["path", "zhubaodai.claims_paid@window"]
    pd.testing.assert_frame_equal(table[some], results.paths[some])
    assert type(table[some]) is type(table.head(3)) is type(table * 1) is pd.DataFrame
    assert table[table["path"] < 7].shape == (7, table.shape[1])


def test_a_folder_that_was_opened_is_saved_as_it_is(folder, tmp_path):
    again = fs.open(folder).save(tmp_path / "again", plots="none")
    assert (again / "paths.parquet").read_bytes() == (folder / "paths.parquet").read_bytes()


def test_the_file_says_what_was_run_and_what_each_column_is(folder, results):
    schema = pq.read_schema(folder / "paths.parquet")
    assert {key: value.decode() for key, value in schema.metadata.items() if key.startswith(b"fundsim.")} == {
        b"fundsim.version": results.manifest["versions"]["fundsim"],
        b"fundsim.scenario": "toy",
        b"fundsim.scenario_sha256": "0" * 64,
        b"fundsim.seed": "1",
        b"fundsim.paths": "500",
        b"fundsim.engine": "core",
    }

    def said(column):
        return {key.decode(): value.decode() for key, value in schema.field(column).metadata.items()}

    assert said("path")["label_zh"] == "路径编号"
    assert said("zhubaodai.claims_paid@run_off") == {
        "unit": "yuan",
        "label": "Claims that the pool paid · end of run-off",
        "label_zh": "资金池已代偿金额 · 清算期末",
    }
    assert said("zhubaodai.claims_paid.2016@window")["label"] == "Claims that the pool paid · 2016/17"
    assert said("zhubaodai.depleted@window")["unit"] == "yes/no"
    assert all(
        set(said(column)) == {"unit", "label", "label_zh"} for column in schema.names if column != "path"
    )


def run_it(*args):
    return main(["run", *args, "--paths", "40", "--seed", "9"])


@pytest.mark.parametrize("chosen", [[], ["--metrics", "*"]])
def test_a_run_from_a_manifest_writes_the_same_files(tmp_path, chosen):
    one, two = tmp_path / "one", tmp_path / "two"
    assert run_it("minimal", "-q", "--plots", "svg", "-o", str(one), *chosen) == 0
    assert main(["run", str(one / "manifest.json"), "-q", "--plots", "svg", "-o", str(two)]) == 0
    files = sorted(path.relative_to(one) for path in one.rglob("*.*"))
    assert len(files) > 4
    for file in files:
        if file.name != "manifest.json":
            assert (one / file).read_bytes() == (two / file).read_bytes(), file
    manifests = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in (one, two)]
    for manifest in manifests:
        del manifest["clock"], manifest["digest"]
    assert manifests[0] == manifests[1]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", " of 248 columns; --metrics '*' keeps all"), ("zh", "（全部 248 列）")]
)
def test_what_is_left_out_is_said_in_one_line(tmp_path, capsys, lang, words):
    assert run_it("minimal", "--plots", "none", "--lang", lang, "-o", str(tmp_path / "run")) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "paths.parquet" in line]
    assert len(lines) == 1
    assert words in lines[0]
    kept = len(fs.open(tmp_path / "run").column_keys)
    assert f" {kept} " in lines[0]
    assert kept < 248 / 3


def test_nothing_is_said_where_nothing_is_left_out(tmp_path, capsys):
    assert run_it("minimal", "--plots", "none", "--metrics", "*", "-o", str(tmp_path / "run")) == 0
    assert "paths.parquet" not in capsys.readouterr().err


CERTAIN = ["--set", "pool.share=0%"]
"""Nothing ever falls due on the pool."""
EMPTY = ["pool.claims_coverage.distribution", "pool.depleted.curve"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "the same on every path: "), ("zh", "取值相同，未绘制：")]
)
def test_pictures_that_would_show_one_value_are_not_drawn_and_named_in_one_line(
    tmp_path, capsys, lang, words
):
    folder = tmp_path / "run"
    assert run_it("minimal", *CERTAIN, "--lang", lang, "-o", str(folder)) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if words in line]
    assert len(lines) == 1
    assert all(name in lines[0] for name in EMPTY)
    drawn = {path.stem for path in (folder / "plots").iterdir()}
    assert drawn
    assert not drawn & set(EMPTY)
    assert not any(name in lines[0] for name in drawn)
    assert fs.open(folder).plot.distribution("pool.claims_coverage") is not None  # on demand it is drawn


def test_a_run_without_pictures_names_none(tmp_path, capsys):
    assert run_it("minimal", *CERTAIN, "--plots", "none", "-o", str(tmp_path / "run")) == 0
    assert "pool.depleted.curve" not in capsys.readouterr().err


def test_pictures_that_say_something_are_all_drawn(results, tmp_path):
    assert results.plot.says_nothing() == []
    assert len(results.plot.write_all(tmp_path)) == 4


def test_a_figure_on_one_path_only_has_no_distribution(run, kit):
    # Divided by what is above the second largest of all paths: missing on all but one.
    second = np.sort(kit.monthly_records(kit.make_scheme(), 60)[kit.DUE][:, -1])[-2]
    above = largest(minus(recorded(kit.DUE), number(second)), number(0.0))
    shown = next(m for m in kit.METRICS if m.picture == "distribution")
    once = ratio(recorded(kit.PAID), above)
    metric = replace(shown, instrument="z", part="", own_name="once", formula=once)
    made = run(60, block=60, scheme=kit.make_scheme(metrics=(metric,)))
    assert made.distribution("z.once").n == 1
    assert made.plot.says_nothing() == ["z.once.distribution"]


def test_a_scheme_that_costs_nothing_has_no_picture_of_its_cost():
    """A bridge fund that is always paid back, with money that was there before."""
    made = fs.simulate(fs.load("textbook/bridge_town_fund"), paths=20, seed=1, threads=1)
    assert made.plot.says_nothing() == ["scheme.cost_by_year"]
    assert made.plot.cost() is not None
