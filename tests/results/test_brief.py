"""Yearly costs and compensation rates in a run's table, and the same table as a data frame."""

import io
import math

import pytest
from rich.console import Console

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.report.table import headline
from fundsim.results.headlines import MOST_YEARS, shown_years, table_figures


@pytest.fixture(scope="module")
def minimal():
    return fs.simulate(fs.load("minimal"), paths=400, seed=1, threads=1)


def printed(run, lang):
    console = Console(file=io.StringIO(), width=220)
    console.print(headline(run, lang, plain=True))
    return console.file.getvalue()


def test_the_table_has_the_compensation_rate_beside_the_headlines_of_a_payer(minimal):
    line = next(line for line in printed(minimal, "en").splitlines() if "compensation_rate" in line)
    name, unit, mean, *_, p99 = line.split()
    law = minimal.distribution("pool.compensation_rate_released")
    assert (name, unit) == ("pool.compensation_rate_released", "%")
    assert float(mean) == pytest.approx(100 * law.mean.value, abs=0.6 * 100 * law.mean.se)
    assert float(p99) == pytest.approx(100 * law.quantiles["0.99"].value, abs=0.3)
    assert "代偿率（解除额） pool.compensation_rate_released" in printed(minimal, "zh")
    bridge = fs.simulate(fs.load("examples/city_bridge_fund"), paths=5, seed=1, threads=1)
    assert "compensation_rate" not in printed(bridge, "en")


def test_the_table_has_the_cost_of_each_year_with_its_p95_and_p99(minimal):
    rows = [line.split() for line in printed(minimal, "en").splitlines() if "fiscal_cost.20" in line]
    assert [row[0] for row in rows] == [f"scheme.fiscal_cost.{year}" for year in range(2024, 2030)]
    for row in rows:
        law = minimal.distribution(row[0])
        assert float(row[3]) == pytest.approx(law.mean.value / 1e6, abs=0.6 * law.mean.se / 1e6)
        for shown, level in ((row[-2], "0.95"), (row[-1], "0.99")):
            assert float(shown) == pytest.approx(law.quantiles[level].value / 1e6, abs=0.6)


def test_of_many_years_the_ones_that_cost_most_are_shown_and_the_others_counted():
    run = fs.simulate(fs.load("examples/guide_fund"), paths=200, seed=1, threads=1)
    shown, left = shown_years(run)
    assert (len(shown), left > 0) == (MOST_YEARS, True)
    p99 = {key: run.figures.metrics[key].quantiles["0.99"].value for _, key in shown}
    others = [
        law.quantiles["0.99"].value
        for key, law in run.figures.metrics.items()
        if key[0].startswith("scheme.fiscal_cost.") and key not in p99
    ]
    assert min(p99.values()) >= max(others)
    note = f"of the yearly fiscal costs the table has the highest p99; summary.json has {left} more years"
    assert note in printed(run, "en")
    assert f"分年度财政成本只列 p99 最高的几年，另有 {left} 年见 summary.json" in printed(run, "zh")


def test_a_run_that_kept_neither_has_neither():
    run = fs.simulate(fs.load("minimal"), paths=20, seed=1, threads=1, metrics=["*.claims_paid"])
    assert [name for _, name, _ in table_figures(run)] == ["pool.claims_paid"]


@pytest.mark.parametrize(
    ("lang", "columns", "claims"),
    [
        (
            "en",
            ["instrument", "metric", "unit", "mean or probability", "±", "p5", "p50", "p95", "p99",
             "95 % from", "95 % to"],
            ("pool", "pool.claims_paid", "million yuan", 1e6),
        ),
        (
            "zh",
            ["工具", "指标", "单位", "均值或概率", "±", "p5", "p50", "p95", "p99", "95% 下限", "95% 上限"],
            ("pool", "已付代偿额 pool.claims_paid", "万元", 1e4),
        ),
    ],
)  # fmt: skip
def test_a_brief_summary_is_the_table_in_numbers(minimal, lang, columns, claims):
    table = minimal.summary(brief=True, lang=lang)
    assert list(table.columns) == columns
    assert len(table) == len(list(table_figures(minimal)))
    instrument, label, unit, divisor = claims
    (row,) = [row for row in table.itertuples(index=False) if row[1] == label]
    law = minimal.distribution("pool.claims_paid")
    assert row[:3] == (instrument, label, unit)
    assert row[3:5] == (law.mean.value / divisor, law.mean.se / divisor)
    assert row[8] == law.quantiles["0.99"].value / divisor
    assert math.isnan(row[9])
    (row,) = [row for row in table.itertuples(index=False) if row[1].endswith("pool.depleted")]
    event = minimal.probability("pool.depleted")
    assert row[2:4] == ("%", event.p / 0.01)
    assert row[9:] == tuple(end / 0.01 for end in event.ci95)


def test_a_full_summary_is_as_it_was_and_wrong_arguments_are_refused(minimal):
    assert list(minimal.summary().columns[:4]) == ["name", "horizon", "unit", "mean"]
    with pytest.raises(UsageError, match=r"lang = 'fr': is none of en, zh; write one of these"):
        minimal.summary(brief=True, lang="fr")
    with pytest.raises(UsageError, match="brief"):
        minimal.summary(brief="yes")


def test_a_scenario_shows_its_name_title_instruments_and_window():
    assert repr(fs.load("minimal")) == (
        '<Scenario minimal "One compensation pool, one kind of borrower": compensation_pool pool; '
        "2024-01 to 2026-12>"
    )
    many = repr(fs.load("taiyuan_2015_2017"))
    assert many.startswith('<Scenario taiyuan_2015_2017 "Taiyuan')
    assert "1 compensation_pool, 1 bridge_fund" in many
    assert "5 startup_equity_fund" in many
    assert many.endswith("; 2015-01 to 2017-12>")
