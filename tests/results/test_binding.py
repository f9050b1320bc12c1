"""What a run says of new lending: what cut it, how often, and which keys changed nothing."""

import json

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.report.binding import binding_sheet, idle_keys


def row(scenario, lang="en", **options):
    sheet = binding_sheet(fs.simulate(scenario, paths=50, threads=1, **options), lang)
    return [dict(zip(sheet.headings, one.cells, strict=True)) for one in sheet.rows]


def test_a_limit_that_cuts_is_seen_with_its_months_and_its_part():
    """A limit of ten times 4 million carries 13 loans of 3 million; firms ask for 100 million a year."""
    (pool,) = row(fs.load("minimal").set("pool.opening", 4e6))
    assert pool["new lending"] == "pool"
    assert float(pool["lending limit"].rstrip(" %")) > 50.0
    assert float(pool["refused"].rstrip(" %")) > 50.0
    alone, cut = (float(pool[k].rstrip(" %")) for k in ("months: demand alone", "lending limit"))
    assert alone + cut == pytest.approx(100.0, abs=0.11)


def test_where_nothing_is_cut_demand_alone_decides_and_idle_keys_are_named():
    run = fs.simulate(fs.load("minimal"), paths=50, threads=1)
    (pool,) = row(fs.load("minimal"))
    assert pool["months: demand alone"] == "100.0 %"
    assert "a larger pool.multiple would change no loan" in idle_keys(run, "en")[0]
    more = fs.simulate(fs.load("minimal").set("pool.multiple", 20), paths=50, threads=1)
    assert (more.values("pool.lent") == run.values("pool.lent")).all()
    assert not idle_keys(fs.simulate(fs.load("minimal").set("pool.opening", 4e6), paths=50, threads=1), "en")


def test_every_lending_instrument_has_a_line_and_every_reason_its_months():
    run = fs.simulate(fs.load("taiyuan_lending"), paths=40, threads=1)
    sheet = binding_sheet(run, "en")
    names = [one.cells[0] for one in sheet.rows]
    assert names == ["zhubaodai", "county_margins", "guarantee"]
    single = sheet.headings.index("single obligor")
    # A guarantor without capital may take on nobody: the first nine months.
    assert sheet.rows[2].cells[single] == "25.0 %"
    assert any("zhubaodai.breaker.threshold" in text for text in idle_keys(run, "en"))
    assert any("trade.firms" in text for text in idle_keys(run, "en"))
    assert all(not text.isascii() for text in idle_keys(run, "zh"))
    months = {
        m: run.distribution(f"guarantee.{m}").mean.value
        for m in ("cut_months", "cut_by_obligor", "cut_by_capacity")
    }
    assert months["cut_by_obligor"] == 9.0
    assert max(months.values()) == months["cut_months"] <= sum(list(months.values())[1:]) + 1e-9


def test_too_few_firms_are_seen():
    scenario = fs.load("minimal").set("small_firms.firms", 20)
    (pool,) = row(scenario)
    assert float(pool["eligible firms"].rstrip(" %")) > 30.0
    run = fs.simulate(scenario, paths=50, threads=1)
    assert not any("small_firms.firms" in text for text in idle_keys(run, "en"))


def test_a_run_without_these_metrics_has_no_such_table(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert row(fs.load("minimal"), metrics="pool.lent") == []
    assert main(["run", "minimal", "--paths", "20", "--plots", "none"]) == 0
    out = capsys.readouterr().out
    assert "new lending" in out
    assert main(["run", "minimal", "--paths", "20", "--plots", "none", "--json", "-o", "b"]) == 0
    named = {metric["name"] for metric in json.loads(capsys.readouterr().out)["metrics"]}
    assert {"pool.demand", "pool.cut_months", "pool.cut_by_capacity", "pool.cut_by_firms"} <= named
