"""What is bad on the same paths: correlation, and P(both in their worst tenth), by hand and by known laws."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from rich.console import Console

import fundsim as fs
from fundsim.lowering import lower
from fundsim.metrics.formulas import number
from fundsim.report.table import headline, html
from fundsim.results.columns import JoinedColumns, MemoryColumns
from fundsim.results.dependence import INDEPENDENT, dependence_of, pairs_of
from fundsim.results.part import merge
from fundsim.results.plan import Plan
from fundsim.results.selection import Column
from fundsim.results.statistics import clopper_pearson
from fundsim.results.summary import Summary, from_json, summarise, to_json
from fundsim.scheme import Metric
from fundsim.simulation import simulate_part


def figure(name, bad, horizon="run_off", year=None):
    instrument, *part, own_name = name.split(".")
    metric = Metric(
        instrument=instrument,
        part=".".join(part),
        own_name=own_name,
        unit="yuan",
        meaning="Some amount",
        meaning_zh="金额",
        formula=number(0.0),
        bad=bad,
    )
    return Column(metric, horizon, year=year)


CLAIMS, BACK = figure("pool.claims_paid", "high"), figure("fund.government.distributed", "low")


def columns_of(x, y):
    columns = MemoryColumns([CLAIMS.key, BACK.key], len(x))
    columns.write(CLAIMS.key, 0, np.asarray(x, dtype=np.float64))
    columns.write(BACK.key, 0, np.asarray(y, dtype=np.float64))
    return columns


def dependence(x, y):
    (one,) = dependence_of(columns_of(x, y), [(CLAIMS, BACK)])
    return one


def normal(n, rho, seed=5):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    return x, rho * x + math.sqrt(1.0 - rho * rho) * rng.standard_normal(n)


def test_twenty_paths_by_hand():
    """Worst two of each: claims of 19 and 20, distributions of 1 and 2; path 19 has both."""
    claims = np.arange(1.0, 21.0)
    back = np.array([2.0, *range(3, 20), 20.0, 1.0])
    one = dependence(claims, back)
    assert one.n == 20
    assert one.joint.p == 1 / 20
    assert one.joint.ci95 == clopper_pearson(1, 20)
    assert one.joint_se == pytest.approx(math.sqrt(0.05 * 0.95 / 20))
    assert one.correlation.value == pytest.approx(np.corrcoef(claims, back)[0, 1])
    assert (one.first, one.first_bad) == ("pool.claims_paid", "high")
    assert (one.second, one.second_bad) == ("fund.government.distributed", "low")


def test_paths_with_the_same_value_share_the_worst_tenth():
    """Four of ten funds bring nothing, so each of them has a quarter of the one worst path."""
    claims = np.array([9.0, 1, 2, 3, 4, 5, 6, 7, 8, 0])
    assert dependence(claims, np.array([0.0, 0, 0, 0, 1, 2, 3, 4, 5, 6])).joint.p == pytest.approx(0.025)
    assert dependence(claims, np.array([6.0, 0, 0, 0, 0, 2, 3, 4, 5, 1])).joint.p == 0.0
    # Three worst paths, two of them beyond any doubt: the third is shared by four.
    long = np.array([0.0, 1, *([2.0] * 4), *range(3, 27)])
    first = np.where(np.arange(30) == 2, 40.0, np.arange(30.0))
    assert dependence(first, long).joint.p == pytest.approx(0.25 / 30)


def test_what_is_always_bad_together_has_a_tenth_and_what_never_is_none():
    x = np.arange(1000.0)
    assert dependence(x, -x).joint.p == pytest.approx(0.1)
    assert dependence(x, -x).correlation.value == pytest.approx(-1.0)
    assert dependence(x, -x).correlation.se == pytest.approx(0.0, abs=1e-9)
    assert dependence(x, x).joint.p == 0.0
    assert dependence(x, x).joint.ci95[0] == 0.0 < dependence(x, x).joint.ci95[1]


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.3])
def test_a_normal_law_has_its_correlation_and_the_error_of_the_textbook(rho):
    n = 100_000
    found = dependence(*normal(n, rho)).correlation
    assert found.se == pytest.approx((1.0 - rho * rho) / math.sqrt(n), rel=0.02)
    assert abs(found.value - rho) < 4.0 * found.se


def test_the_error_of_a_skewed_law_is_the_spread_between_samples():
    """Exponentials of correlated normals: the textbook's error for normal laws would be less than half."""
    found = [dependence(*(np.exp(z) for z in normal(2000, 0.7, seed))).correlation for seed in range(300)]
    spread = float(np.std([one.value for one in found]))
    typical = float(np.sqrt(np.mean([one.se**2 for one in found])))
    assert typical == pytest.approx(spread, rel=0.2)
    assert spread > 2.0 * (1.0 - 0.7**2) / math.sqrt(2000)


def test_independent_figures_are_both_bad_on_one_path_of_a_hundred():
    one = dependence(*normal(200_000, 0.0))
    assert pytest.approx(0.01) == INDEPENDENT
    assert abs(one.joint.p - INDEPENDENT) < 4.0 * one.joint_se
    assert one.joint.ci95[0] < INDEPENDENT < one.joint.ci95[1]


def test_a_normal_law_is_bad_as_often_as_its_copula_says():
    """P(both in the worst tenth) of normals that correlate by −0.5: Φ₂(−1.2816, −1.2816; 0.5) = 0.03238."""
    one = dependence(*normal(400_000, -0.5))
    assert abs(one.joint.p - 0.03238) < 4.0 * one.joint_se


def test_a_figure_that_never_varies_has_neither():
    one = dependence(np.full(50, 3.0), np.arange(50.0))
    assert math.isnan(one.correlation.value)
    assert math.isnan(one.joint.p)
    assert one.n == 50


def test_paths_without_a_value_are_left_out_of_both():
    x, y = normal(1000, 0.5)
    holes = x.copy()
    holes[::4] = np.nan
    kept = np.arange(1000) % 4 != 0
    one, other = dependence(holes, y), dependence(x[kept], y[kept])
    assert one.n == other.n == 750
    assert one.correlation == other.correlation
    assert one.joint.p == other.joint.p
    assert one.joint.missing == 0.25
    nothing = dependence(np.full(5, np.nan), np.arange(5.0))
    assert nothing.n == 0
    assert math.isnan(nothing.joint.p)


@pytest.mark.parametrize("borders", [(1,), (1024,), (70_000, 100_000)])
def test_parts_give_the_bits_of_the_whole(borders):
    x, y = normal(131_000, 0.4)
    y[y < -0.5] = -0.5
    parts = [columns_of(a, b) for a, b in zip(np.split(x, borders), np.split(y, borders), strict=True)]
    merged = dependence_of(JoinedColumns(parts), [(CLAIMS, BACK)])
    assert merged == (dependence(x, y),)


def test_pairs_are_figures_of_two_instruments_where_not_all_have_one_name():
    net = figure("fund.government.net_flow", "low")
    other = figure("guarantor.claims_paid", "high")
    refused = figure("bridge.refused", "high")

    def names(*columns):
        return [(a.name, b.name) for a, b in pairs_of(columns)]

    assert names(CLAIMS, other) == []
    assert names(BACK, net) == []
    assert names(CLAIMS, BACK, net) == [
        ("pool.claims_paid", "fund.government.distributed"),
        ("pool.claims_paid", "fund.government.net_flow"),
    ]
    assert len(names(CLAIMS, other, BACK)) == 3
    assert len(names(CLAIMS, other, BACK, refused)) == 6
    assert names(CLAIMS, figure("fund.dpi", None)) == []
    at_window, of_year = figure("fund.x", "low", "window"), figure("fund.x", "low", year=2016)
    assert names(CLAIMS, at_window, of_year) == []


def test_the_summary_keeps_it_and_reads_it_back():
    found = (dependence(*normal(500, -0.3)), dependence(np.zeros(4), np.arange(4.0)))
    data = json.loads(json.dumps(to_json(Summary({}, {}, {}, {}, found))))
    first, second = data["dependence"]
    assert first["first"] == {"name": "pool.claims_paid", "bad": "high"}
    assert first["both_in_worst_tenth"]["if_independent"] == pytest.approx(0.01)
    assert set(first["both_in_worst_tenth"]) == {"p", "se", "ci95", "if_independent"}
    assert second["correlation"] == {"value": None, "se": None}
    back = from_json(data).dependence
    assert back[0] == found[0]
    assert math.isnan(back[1].joint.p)
    assert from_json({"metrics": [], "aggregates": [], "probabilities": []}).dependence == ()


@pytest.fixture(scope="module")
def sector():
    """A fund beside a pool of its sector."""
    return fs.simulate(fs.load("examples/sector_fund"), paths=400, seed=3)


def printed(results, lang):
    console = Console(file=io.StringIO(), width=160)
    console.print(headline(results, lang, plain=True))
    return console.file.getvalue()


def test_a_scheme_of_a_fund_and_a_pool_reports_it(sector):
    table = sector.dependence()
    assert list(zip(table["first"], table["second"], strict=True)) == [
        ("fund.government.distributed", "pool.claims_paid"),
        ("fund.government.net_flow", "pool.claims_paid"),
    ]
    assert list(table["first_bad"]) == ["low", "low"]
    assert list(table["second_bad"]) == ["high", "high"]
    back, claims = sector.values("fund.government.distributed"), sector.values("pool.claims_paid")
    assert table["correlation"][0] == pytest.approx(np.corrcoef(back, claims)[0, 1])
    assert list(table["n"]) == [400, 400]
    entries = sector.to_json()["dependence"]
    assert [entry["correlation"]["value"] for entry in entries] == list(table["correlation"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("bad on the same paths", "if independent", "fund.government.distributed low", "1.00 %")),
        ("zh", ("同时变坏的指标", "若相互独立", "fund.government.distributed（偏低为坏）", "1.00%")),
    ],
)
def test_its_table_is_in_both_languages(sector, lang, words):
    for shown in (printed(sector, lang), html(sector, lang)):
        assert all(text in shown for text in words), shown


def test_the_result_folder_has_it(sector, tmp_path):
    back = fs.open(sector.save(tmp_path / "out", plots="none"))
    assert back.figures.dependence == sector.figures.dependence
    assert back.dependence().equals(sector.dependence())


def test_a_scheme_of_a_pool_alone_and_a_choice_of_metrics_have_none(sector):
    pool = fs.simulate(fs.load("minimal"), paths=20, seed=1)
    assert pool.dependence().empty
    assert pool.to_json()["dependence"] == []
    assert "bad on the same paths" not in printed(pool, "en")
    chosen = fs.simulate(fs.load("examples/sector_fund"), paths=20, seed=1, metrics="pool.*")
    assert chosen.dependence().empty


def test_a_run_in_parts_has_the_bits_of_the_whole():
    plan = Plan(lower(fs.load("examples/sector_fund")), keep=("pool.claims_paid", "fund.government.*"))

    def part(first, n):
        return simulate_part(plan, first=first, paths=n, seed=1)

    whole = summarise(plan, part(0, 2500).columns)
    merged = merge([part(2048, 452), part(0, 1024), part(1024, 1024)])
    assert len(whole.dependence) == 2
    assert summarise(plan, merged.columns).dependence == whole.dependence
