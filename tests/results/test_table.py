"""The headline table: scaled units, honest digits, both languages."""

import io
import math
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

import fundsim as fs
from fundsim.metrics.formulas import happened, minus, number, plus, recorded, scaled, where_positive
from fundsim.report.table import _sheets, headline, html
from fundsim.report.texts import _CHINESE, word
from fundsim.report.units import Scale, scale_of
from fundsim.scheme import Metric


def _printed(results, lang, plain=True, width=200):
    console = Console(file=io.StringIO(), width=width)
    console.print(headline(results, lang, plain=plain))
    return console.file.getvalue()


def _row(table, name):
    return next(line.split() for line in table.splitlines() if name in line.split())


def test_only_headline_metrics_are_shown(results):
    table = _printed(results, "en")
    assert "zhubaodai.claims_paid" in table
    assert "zhubaodai.claims_due" not in table


def test_without_any_headline_metric_all_that_were_kept_are_shown(run):
    assert "zhubaodai.claims_due" in _printed(run(30, keep=("*.claims_due",)), "en")


def test_figures_are_those_of_the_run_in_million_yuan(results):
    name, *unit, mean, error, p5, p50, p95, p99 = _row(_printed(results, "en"), "zhubaodai.balance")
    law = results.distribution("zhubaodai.balance")
    assert (name, unit) == ("zhubaodai.balance", ["million", "yuan"])
    assert float(mean) == pytest.approx(law.mean.value / 1e6, abs=0.05)
    assert float(error) == pytest.approx(law.mean.se / 1e6, rel=0.5)
    for shown, level in ((p5, "0.05"), (p50, "0.5"), (p95, "0.95"), (p99, "0.99")):
        assert float(shown) == pytest.approx(law.quantiles[level].value / 1e6, abs=0.5)


def test_probabilities_have_their_interval(results):
    row = _row(_printed(results, "en"), "zhubaodai.depleted")
    event = results.probability("zhubaodai.depleted")
    assert float(row[1]) == pytest.approx(event.p * 100, abs=0.05)
    assert (float(row[3]), float(row[5])) == pytest.approx([end * 100 for end in event.ci95], abs=0.06)


def test_chinese_tables_are_chinese(results):
    table = _printed(results, "zh")
    assert "资金池余额 zhubaodai.balance" in table
    assert "亿元" in table
    assert "500 条路径，种子 1" in table
    assert "million" not in table


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_forty_columns_cut_no_number(results, lang):
    wide, narrow = (_printed(results, lang, plain=False, width=width).replace(",", "") for width in (200, 40))
    assert max(cell_len(line) for line in narrow.splitlines()) <= 40
    numbers = re.findall(r"\d+\.?\d*", re.sub(r"\bp\d+", "", wide))
    assert len(numbers) > 20
    assert set(numbers) <= set(re.findall(r"\d+\.?\d*", narrow))


def several(count, headlines=13):
    """Return a scheme's metrics for a number of instruments, each with so many headlines."""
    return tuple(
        Metric(
            instrument=f"fund{n}",
            own_name="depleted" if k == 0 else f"figure{k}",
            unit="yes/no" if k == 0 else "yuan",
            meaning="a figure",
            meaning_zh="指标",
            formula=scaled(recorded("party/bank/balance"), 0.0),
            event=k == 0,
            headline=True,
            picture="distribution" if k == 1 else None,
        )
        for n in range(count)
        for k in range(headlines)
    )


def of_several(kit, run, count, **options):
    results = run(20, scheme=kit.make_scheme(metrics=several(count)), **options)
    titles = {f"fund{n}": {"title": f"Fund <{n}>", "title_zh": f"基金{n}"} for n in range(count)}
    manifest = dict(results.manifest)
    manifest["scenario"] = {"name": "toy", "resolved": {"instruments": titles}}
    results.manifest = manifest
    return results


def test_instruments_are_distinguished_by_their_titles(kit, run):
    results = of_several(kit, run, 2)
    lines = [line.strip() for line in _printed(results, "en").splitlines()]
    first, second = lines.index("Fund <0> (fund0)"), lines.index("Fund <1> (fund1)")
    assert all(line.startswith("fund0.") for line in lines[first + 1 : second])
    assert lines[second + 1].startswith("fund1.figure1")
    assert "基金1 (fund1)" in _printed(results, "zh")
    assert "Fund &lt;1&gt; (fund1)" in html(results)


def test_a_table_of_many_instruments_stays_readable_and_shows_what_it_leaves_out(kit, run):
    table = _printed(of_several(kit, run, 14), "en")
    shown = [line for line in table.splitlines() if line.strip().startswith("fund")]
    assert len(shown) == 28
    assert "154 more headline metrics: --metrics chooses" in table
    assert "fund13.depleted" in table


def test_who_chooses_metrics_sees_all_of_them(kit, run):
    table = _printed(of_several(kit, run, 14, keep=("*.figure*",)), "en")
    assert "fund13.figure12" in table
    assert "more headline" not in table


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
@pytest.mark.parametrize("width", [40, 120])
def test_a_table_can_be_written_on_old_terminals(results, encoding, width):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="")
    console = Console(file=file, width=width, legacy_windows=False)
    with console.capture() as capture:
        console.print(headline(results, "en", plain=False))
    reported = capture.get().replace("±", "+/-").replace("–", "-").replace("÷", "/")
    assert reported.encode(encoding, errors="replace").decode(encoding) == reported
    assert "zhubaodai" in reported


def test_one_path_is_shown_without_errors(run):
    row = _row(_printed(run(1), "en"), "zhubaodai.claims_paid")
    assert row[4] == "–"


@pytest.mark.parametrize(
    ("unit", "largest", "lang", "expected"),
    [
        ("yuan", 2.32e8, "en", Scale(1e6, "million yuan")),
        ("yuan", 3.67e10, "en", Scale(1e9, "billion yuan")),
        ("yuan", 5000.0, "en", Scale(1.0, "yuan", finest=2)),
        ("yuan", -2.32e8, "zh", Scale(1e8, "亿元")),
        ("yuan", 3e6, "zh", Scale(1e4, "万元")),
        ("yuan", 0.0, "zh", Scale(1.0, "元", finest=2)),
        ("share", 0.5, "zh", Scale(0.01, "%")),
        ("times", 10.0, "zh", Scale(1.0, "倍")),
    ],
)
def test_money_is_scaled_to_what_people_say(unit, largest, lang, expected):
    assert scale_of(unit, largest, lang) == expected


@pytest.mark.parametrize(
    ("value", "error", "written"),
    [
        (123_456_789.0, 34_567.0, "123.46"),
        (123_456_789.0, 12_345.0, "123.457"),  # an error that begins with 1 has two digits
        (123_456_789.0, 0.0, "123"),
        (1_234_567.0, math.nan, "1.23"),
        (0.0, math.nan, "0"),
        (math.nan, math.nan, "–"),
        (5e12, 3e9, "5,000,000"),
    ],
)
def test_a_figure_ends_where_its_error_begins(value, error, written):
    assert Scale(1e6, "million yuan").number(value, error) == written


def test_less_than_a_fen_is_nothing():
    assert scale_of("yuan", -3e-6, "en").number(-3e-6, 1e-8) == "0.00"


def test_a_stock_that_has_run_off_is_shown_at_the_windows_end(run, kit):
    level = Metric(
        instrument="pool",
        own_name="outstanding",
        unit="yuan",
        meaning="m",
        meaning_zh="贷款余额",
        formula=where_positive(minus(number(36.5), recorded(kit.MONTH)), number(1e6)),
        headline=True,
    )
    table = _printed(run(40, scheme=kit.make_scheme(metrics=(level,))), "en")
    assert _row(table, "pool.outstanding@window")[3] == "1.00"
    assert "figures at the end of the run-off unless @window is said" in table


def test_every_unit_has_a_chinese_name():
    for unit in ("yuan", "loans", "firms", "share", "times", "months", "yes/no", "times a year"):
        assert word(unit, "zh") == _CHINESE[unit]


def test_an_error_of_dust_is_no_error():
    """60 million that are the same on every path, up to the last bits of a difference."""
    assert Scale(1e6, "million yuan").number(6e7, 2e-9) == "60.0"
    assert Scale(1e6, "million yuan").error(6e7, 2e-9) == "0.0"


@pytest.mark.parametrize(
    ("amounts", "lang", "unit"),
    [
        ((5.5e8, 2.6e8, 8e6, 4.5e6, 2.5e7), "zh", "万元"),
        ((6.4e9, 3.3e9, 4.4e7, 7e7, 3.2e8), "zh", "亿元"),
        ((6.4e9, 3.3e9, 3e4, 0.0, 3.2e8), "zh", "亿元"),
        ((5.5e8, 2.6e8, 8e6, 4.5e6, 900.0), "en", "million yuan"),
        ((5e12, 2e12, 8e9), "en", "billion yuan"),
        ((500.0, 900.0), "zh", "元"),
        ((0.0, 0.0), "en", "yuan"),
        ((-5e8, -2e8, -3e8), "zh", "亿元"),
    ],
)
def test_all_amounts_of_a_table_have_one_unit(amounts, lang, unit, run, kit):
    metrics = tuple(
        Metric(
            instrument="pool",
            own_name=f"amount{n}",
            unit="yuan",
            meaning="an amount",
            meaning_zh="金额",
            formula=scaled(plus(number(1.0), scaled(recorded(kit.MONTH), 1e-4)), amount),
            headline=True,
        )
        for n, amount in enumerate(amounts)
    )
    results = run(50, scheme=kit.make_scheme(metrics=metrics))
    reported = [row.cells[1] for row in _sheets(results, lang)[0].rows]
    assert reported == [unit] * len(amounts)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["minimal", "examples/guarantors", "examples/technology_pool"])
def test_sibling_amounts_of_bundled_scenarios_have_one_unit(name, lang):
    results = fs.simulate(fs.load(name), paths=60, seed=1)
    units = {row.cells[1] for row in _sheets(results, lang)[0].rows}
    assert len(units & {"yuan", "million yuan", "billion yuan", "元", "万元", "亿元"}) == 1


def test_quantiles_of_a_row_have_the_same_decimals(results):
    for row in _sheets(results, "en")[0].rows:
        decimals = {len(cell.partition(".")[2]) for cell in row.cells[4:] if cell}
        assert len(decimals) <= 1


def test_per_cent_stand_without_a_blank_in_chinese_and_with_one_in_english(results):
    assert not re.search(r"\d %", _printed(results, "zh"))
    assert re.search(r"\d %", _printed(results, "en"))


def test_no_probability_of_a_table_is_headed_by_a_question(run, kit):
    event = Metric(
        instrument="pool",
        own_name="fired",
        unit="yes/no",
        meaning="Whether it fired",
        meaning_zh="是否触发熔断（任一月份）",
        formula=happened(kit.UNPAID_MONTH),
        event=True,
        headline=True,
    )
    table = _printed(run(20, scheme=kit.make_scheme(metrics=(event,))), "zh")
    assert "触发熔断的概率（任一月份） pool.fired" in table
    assert "是否" not in table
