"""What a user of ``Results`` sees: tables, look-ups, refusals."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from fundsim.errors import UsageError
from fundsim.results.selection import split_name
from fundsim.results.summary import from_json, to_json


def test_summary_has_a_row_for_each_metric_and_horizon(results):
    table = results.summary()
    row = table[(table["name"] == "zhubaodai.claims_paid") & (table["horizon"] == "run_off")].iloc[0]
    law = results.distribution("zhubaodai.claims_paid")
    assert (row["mean"], row["mean_se"], row["unit"]) == (law.mean.value, law.mean.se, "yuan")
    assert (row["q0.99"], row["q0.99_low"]) == (law.quantiles["0.99"].value, law.quantiles["0.99"].ci95[0])
    assert row["es0.95"] == law.es["0.95"].value
    assert np.isnan(row["es0.95_se"])  # 25 paths in the tail are too few for one
    assert not table.duplicated(["name", "horizon"]).any()


def test_an_aggregate_has_a_mean_and_no_law_in_the_summary(results):
    table = results.summary().set_index(["name", "horizon"])
    row = table.loc[("zhubaodai.claims_coverage_aggregate", "run_off")]
    assert row["mean"] == results.aggregate("zhubaodai.claims_coverage_aggregate").value
    assert np.isnan(row["sd"])


def test_probabilities_have_their_intervals(results):
    table = results.probabilities()
    assert list(table.columns) == ["name", "horizon", "p", "low", "high", "n", "missing"]
    assert ((table["low"] <= table["p"]) & (table["p"] <= table["high"])).all()


def test_paths_have_a_column_for_each_metric_and_horizon(results):
    table = results.paths
    assert list(table.columns) == ["path", *results.column_keys]
    assert len(table) == 500
    assert table["zhubaodai.claims_paid@window"].mean() == pytest.approx(
        results.distribution("zhubaodai.claims_paid@window").mean.value, rel=1e-14
    )


def test_series_are_the_fan_charts(results):
    table = results.series
    assert list(table.columns) == ["metric", "month", "mean", "q01", "q05", "q25", "q50", "q75", "q95", "q99"]
    assert (table["q05"] <= table["q95"]).all()


def test_a_run_without_series_has_an_empty_table_of_them(run):
    assert list(run(20, keep=("*.claims_due",)).series.columns)[:2] == ["metric", "month"]


def test_a_name_without_a_horizon_means_the_end_of_the_run_off(results):
    assert results.distribution("zhubaodai.claims_due") == results.distribution(
        "zhubaodai.claims_due@run_off"
    )
    assert results.distribution("zhubaodai.claims_due") != results.distribution("zhubaodai.claims_due@window")


@pytest.mark.parametrize("ask", ["distribution", "probability", "aggregate", "values", "fan"])
def test_a_misspelt_metric_is_reported_with_the_nearest_name(results, ask):
    with pytest.raises(UsageError, match=r"this run has no metric called zhubaodai\.balnce"):
        getattr(results, ask)("zhubaodai.balnce")
    with pytest.raises(UsageError, match=r"did you mean zhubaodai\.balance"):
        results.values("zhubaodai.balnce")


@pytest.mark.parametrize(
    ("ask", "english", "chinese"),
    [
        (lambda r: r.plot.fan("nothing"), "metric called nothing", "名为 nothing 的指标"),
        (lambda r: r.plot.cost("nothing"), "metric called nothing", "名为 nothing 的指标"),
        (lambda r: r.values("nothing@window"), "metric called nothing@window", "名为 nothing@window 的指标"),
        (
            lambda r: r.plot.cost("zhubaodai.depleted"),
            "amounts by year of zhubaodai.depleted",
            " zhubaodai.depleted 的分年度金额",
        ),
    ],
)
def test_what_a_run_does_not_have_is_said_in_plain_words(results, ask, english, chinese):
    with pytest.raises(UsageError) as caught:
        ask(results)
    assert caught.value.text("en").startswith(f"this run has no {english}")
    assert caught.value.text("zh").startswith(f"本次运行没有{chinese}")


def test_a_horizon_that_there_is_not_is_reported():
    with pytest.raises(UsageError, match="window or run_off"):
        split_name("zhubaodai.balance@end")


def test_figures_survive_the_way_through_json(results):
    figures = results.figures
    there_and_back = from_json(json.loads(json.dumps(to_json(figures), allow_nan=False)))
    assert there_and_back.metrics == figures.metrics
    assert there_and_back.probabilities == figures.probabilities
    assert there_and_back.aggregates == figures.aggregates
    assert there_and_back.units == figures.units


def test_figures_that_do_not_exist_are_null_in_json(run):
    results = run(1)
    metric = next(m for m in results.to_json()["metrics"] if m["name"] == "zhubaodai.claims_due")
    assert metric["mean"]["se"] is None
    assert metric["quantiles"]["0.5"]["ci95"] == [None, None]
    back = from_json(json.loads(json.dumps(results.to_json())))
    assert back.metrics["zhubaodai.claims_due", "window"].quantiles["0.5"].ci95 == (-np.inf, np.inf)


def test_a_notebook_shows_a_table_in_which_every_text_is_escaped(results, monkeypatch):
    described = [
        {**m, "name": "<script>"} if m["name"] == "zhubaodai.balance" else m
        for m in results.manifest["metrics"]
    ]
    monkeypatch.setitem(results.manifest, "metrics", described)
    monkeypatch.setitem(
        results.figures.metrics, ("<script>", "run_off"), results.distribution("zhubaodai.balance")
    )
    monkeypatch.setitem(results.figures.units, "<script>", "yuan")
    html = results._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "zhubaodai.claims_paid" in html


def test_repr_says_what_was_run(results):
    assert repr(results) == "<Results of toy: 500 paths, seed 1>"


def test_pandas_is_the_type_of_all_tables(results):
    assert all(isinstance(t, pd.DataFrame) for t in (results.summary(), results.paths, results.series))


def test_importing_results_loads_neither_pandas_nor_pyarrow_nor_matplotlib():
    script = "import sys, fundsim.results.collect; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"pandas", "pyarrow", "matplotlib", "rich", "scipy.stats"}


@pytest.mark.parametrize("year", [2015, 2016])
def test_the_figure_of_a_year_needs_no_horizon(results, year):
    name = f"zhubaodai.claims_due.{year}"
    (key,) = [key for key in results.column_keys if key.startswith(f"{name}@")]
    assert np.array_equal(results.values(name), results.values(key))
    assert results.distribution(name) == results.distribution(key)
    assert results.plot.distribution(name) is not None


def test_the_year_of_another_horizon_is_proposed_without_one(results):
    (key,) = [key for key in results.column_keys if key.startswith("zhubaodai.claims_due.2015@")]
    other = "run_off" if key.endswith("@window") else "window"
    with pytest.raises(
        UsageError,
        match=r"path of zhubaodai\.claims_due\.2015@\w+; did you mean zhubaodai\.claims_due\.2015\?",
    ):
        results.values(f"zhubaodai.claims_due.2015@{other}")


@pytest.mark.parametrize(
    ("ask", "name", "meant"),
    [
        ("values", "claims_coverage_aggregate", 'aggregate("zhubaodai.claims_coverage_aggregate")'),
        ("distribution", "claims_coverage_aggregate", 'aggregate("zhubaodai.claims_coverage_aggregate")'),
        ("distribution", "depleted", 'probability("zhubaodai.depleted")'),
        ("probability", "claims_due@window", 'distribution("zhubaodai.claims_due@window")'),
        ("aggregate", "claims_due", 'distribution("zhubaodai.claims_due")'),
        ("fan", "claims_due", 'distribution("zhubaodai.claims_due")'),
        ("fan", "balance@window", "zhubaodai.balance"),
        ("values", "CLAIMS_DUE", "zhubaodai.claims_due"),
    ],
)
def test_a_figure_of_another_method_is_proposed_with_that_method(results, ask, name, meant):
    with pytest.raises(UsageError) as caught:
        getattr(results, ask)(f"zhubaodai.{name}")
    what = {
        "distribution": "distribution of",
        "probability": "probability of",
        "aggregate": "ratio of sums",
        "values": "values by path of",
        "fan": "monthly values of",
    }[ask]
    if name == "CLAIMS_DUE":
        what = "metric called"
    assert str(caught.value) == f"this run has no {what} zhubaodai.{name}; did you mean {meant}?"


def test_nothing_is_proposed_that_was_asked_for(run):
    only = run(20, keep=("zhubaodai.claims_due@window",))
    with pytest.raises(
        UsageError, match=r"of zhubaodai\.claims_due; did you mean zhubaodai\.claims_due@window\?"
    ):
        only.values("zhubaodai.claims_due")


def test_amounts_by_year_have_no_horizon(results):
    with pytest.raises(
        UsageError, match=r"by year of zhubaodai\.claims_due@window; did you mean zhubaodai\.claims_due\?"
    ):
        results.plot.cost("zhubaodai.claims_due@window")
    with pytest.raises(UsageError, match="one or two metrics"):
        results.plot.cost(*["zhubaodai.claims_due"] * 3)


def test_a_python_caller_is_not_sent_to_options_of_the_command_line(results, tmp_path, monkeypatch):
    results.save(tmp_path / "out", plots="none")
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for place, wanted in (("out", "give replace=True"), (".", 'such as "out"'), ("file/out", "is a file")):
        with pytest.raises(UsageError) as caught:
            results.save(place)
        assert wanted in str(caught.value)
        for text in (str(caught.value), caught.value.text("zh")):
            assert "-o" not in text
            assert "--replace" not in text
