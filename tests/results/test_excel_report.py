"""The workbook of a run: every number is the folder's, every figure stands once, and no text is a formula."""

import copy
import io
import json
import re
import zipfile
from datetime import datetime
from itertools import pairwise, takewhile

import numpy as np
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

import fundsim as fs
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.report.document.excel import excel_bytes
from fundsim.report.document.excel_book import Book, Column, Number, clean
from fundsim.report.document.excel_charts import bars_of
from fundsim.report.document.excel_topics import OTHER, TOPICS, figures_of, topic_of
from fundsim.report.document.model import Document
from fundsim.report.document.run import document_of_run
from fundsim.report.texts import word
from fundsim.results.headlines import headlines, table_figures
from fundsim.results.in_doubt import FigureInDoubt, InDoubt
from fundsim.results.run_data import RunData
from fundsim.results.sources_and_uses import sources_and_uses
from fundsim.scenario import bundled_names, load

DIVISOR = {"zh": 1e4, "en": 1e6}
LEVELS = ("0.05", "0.5", "0.95", "0.99")
NAME = 21
"""Column of a figure's name."""


def document(run, lang="zh", title="标题", answers=("答案。",), sureness=("可靠程度。",)):
    scenario = run.manifest["scenario"]["name"]
    return Document(lang, title, f"{scenario}", answers, sureness, (), "来源")


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def figure_rows(data, lang):
    """Return the lines of the sheets of figures by name."""
    found = []
    for name, rows in sheets(data).items():
        if name in {word(topic, lang) for topic in TOPICS}:
            found += [(row[NAME], row) for row in rows[3:] if len(row) > NAME and "@" in str(row[NAME])]
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Saved runs by scenario, opened from their folders."""
    folder = tmp_path_factory.mktemp("runs")
    opened = {}
    for name in ("minimal", "taiyuan_2015_2017", "textbook/bridge_erlang_b"):
        place = folder / name.replace("/", "_")
        fs.simulate(fs.load(name), paths=150, seed=3).save(place, plots="none")
        opened[name] = fs.open(place), json.loads((place / "summary.json").read_bytes())
    return opened


NAMES = ("minimal", "taiyuan_2015_2017", "textbook/bridge_erlang_b")


def expected_cells(entry, lang):
    """Return the numbers of a line, from the entry of summary.json."""
    divisor = DIVISOR[lang] if entry.get("unit") == "yuan" else 1.0

    def cell(value):
        return "" if value is None else value / divisor

    none = [""] * 12
    if "p" in entry:
        missing = entry["missing"] or ""
        return [entry["p"], "", *("" if e is None else e for e in entry["ci95"]), *none, missing]
    if "mean" not in entry:
        return [cell(entry["value"]), cell(entry["se"]), "", "", *none, ""]
    quantiles = [entry["quantiles"][level] for level in LEVELS]
    cells = [cell(value) for q in quantiles for value in (q["value"], *q["ci95"])]
    mean = entry["mean"]
    return [cell(mean["value"]), cell(mean["se"]), "", "", *cells, entry["missing"] or ""]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_that_of_summary_json(runs, name, lang):
    run, summary = runs[name]
    entries = {
        f"{one['name']}@{one['horizon']}": one
        for part in ("metrics", "aggregates", "probabilities")
        for one in summary[part]
    }
    rows = figure_rows(excel_bytes(run, document(run, lang)), lang)
    assert rows
    for key, row in rows:
        entry = entries[key]
        wanted = expected_cells({"unit": "share", **entry} if "p" in entry else entry, lang)
        got = ["" if value == "" else float(value) for value in row[4:NAME]]
        assert got == wanted, key


@pytest.mark.parametrize("name", NAMES)
def test_every_headline_figure_stands_once(runs, name):
    run, summary = runs[name]
    main = {metric["name"] for metric in headlines(run)}
    wanted = {
        f"{one['name']}@{one['horizon']}"
        for part in ("metrics", "aggregates", "probabilities")
        for one in summary[part]
        if re.sub(r"\.\d{4}$", "", one["name"]) in main
    }
    found = [key for key, _ in figure_rows(excel_bytes(run, document(run)), "zh")]
    assert len(found) == len(set(found))
    assert wanted <= set(found)


def test_the_first_sheet_has_the_answers_and_the_figures_of_the_table(runs):
    run, _ = runs["taiyuan_2015_2017"]
    book = sheets(excel_bytes(run, document(run, answers=("资金池很少耗尽。",))))
    rows = book["结论"]
    assert rows[0][0] == "标题"
    assert any(row[0] == "资金池很少耗尽。" for row in rows)
    head = next(place for place, row in enumerate(rows) if row[1] == "指标")
    figures = [row for row in rows[head + 1 :] if row[-1] != ""]
    assert len(figures) == len(list(table_figures(run)))
    # Each leads to its own line.
    for row in figures:
        same = [one for one in book[row[-1]] if one[:8] == row[:8]]
        assert same
        assert any([one[8], one[11], one[14], one[17]] == row[8:12] for one in same)


def test_sheets_are_those_of_what_the_run_has(runs):
    has = {name: set(sheets(excel_bytes(run, document(run, "en")))) for name, (run, _) in runs.items()}
    common = {"Answer", "Fiscal cost", "Distributions", "Month by month", "Inputs", "Manifest"}
    lending = {"Defaults", "Coverage", "Leverage and lending", "Layers"}
    assert has["minimal"] == common | lending
    assert has["textbook/bridge_erlang_b"] == common | {"Bridge funds"}
    rest = {"Bridge funds", "Equity funds", "Payments", "Sources and uses", "Targets", "Together"}
    assert has["taiyuan_2015_2017"] == common | lending | rest


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_sheets_are_legal_and_differ(runs, lang):
    run, _ = runs["taiyuan_2015_2017"]
    names = list(sheets(excel_bytes(run, document(run, lang))))
    assert len({name.lower() for name in names}) == len(names)
    every = [word(topic, lang) for topic in TOPICS]
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in (*names, *every))


def test_every_headline_of_the_bundled_scenarios_has_a_sheet_of_its_own():
    others = set()
    for name in bundled_names():
        metrics = lower(load(name, kinds=KINDS)).metrics
        own_names = {}
        for one in metrics:
            own_names.setdefault(one.instrument, set()).add(one.own_name)
        for one in metrics:
            if getattr(one, "headline", False):
                plain = {"instrument": one.instrument, "part": one.part, "own_name": one.own_name}
                if topic_of(plain, own_names[one.instrument]) == OTHER:
                    others.add(one.own_name)
    assert others == {"firms"}  # of a ladder of firms


def test_sources_and_uses_and_targets_are_those_of_the_run(runs):
    run, summary = runs["taiyuan_2015_2017"]
    book = sheets(excel_bytes(run, document(run)))
    entries = [e for e in sources_and_uses(run) if abs(e.planned) > 0.005 or abs(e.paid.value) > 0.005]
    rows = book["资金来源与用途"][3:]
    assert len(rows) == len(entries)
    for row, one in zip(rows, entries, strict=True):
        numbers = (one.planned, one.paid.value, one.paid.se)
        assert row[3:6] == ["" if np.isnan(value) else value / 1e4 for value in numbers]
    by_name = {row[11]: row for row in book["绩效目标表"] if row[11]}
    for one in summary["targets"][:-1]:
        row = next(r for key, r in by_name.items() if key.partition("@")[0] == one["metric"])
        divisor = 1e4 if one["unit"] == "yuan" else 1.0
        bound = one.get("at_least", one.get("at_most"))
        assert row[4:7] == [v / divisor for v in (bound, one["expected"]["value"], one["expected"]["se"])]
        assert row[7:10] == [one["p"], *one["ci95"]]
    headings = [row[0] for row in book["绩效目标表"][3:] if row[0]]
    assert set(headings) >= {"成本", "产出", "效益", "满意度"}
    together = [row for row in book["同时变坏"][3:] if row[-1]]
    assert len(together) == len(summary["dependence"])
    for row, one in zip(together, summary["dependence"], strict=True):
        joint = one["both_in_worst_tenth"]
        wanted = (one["correlation"]["value"], one["correlation"]["se"], joint["p"], joint["se"])
        assert row[4:8] == ["" if value is None else value for value in wanted]


def test_a_doubt_has_a_sheet(runs):
    run, _ = runs["minimal"]
    known = InDoubt(
        "d", 20, 500, {("pool.claims_paid", "run_off"): FigureInDoubt(9e6, 1e5, 7e6, 1.2e7, ("=x", "pd"))}
    )
    doubted = altered(run, {})
    doubted.in_doubt = known
    rows = sheets(excel_bytes(doubted, document(run)))["参数不确定性"]
    assert rows[3][4:8] == [900.0, 10.0, 700.0, 1200.0]
    assert rows[3][8] == "=x、pd"


def test_bars_hold_every_path_and_stand_beside_their_charts(runs):
    run, _ = runs["taiyuan_2015_2017"]
    data = excel_bytes(run, document(run))
    rows = sheets(data)["分布"]
    charts = openpyxl.load_workbook(io.BytesIO(data))["分布"]._charts
    heads = [place for place, row in enumerate(rows) if row[3] == "路径数"]
    assert len(heads) == len(charts) == 12
    for head in heads:
        bars = list(takewhile(lambda row: row[3] != "", rows[head + 1 :]))
        count = sum(row[3] for row in bars)
        assert 0 < count <= run.n_paths
        assert [row[4] for row in bars] == [row[3] / count for row in bars]
    values = np.random.default_rng(1).lognormal(size=5000)
    bars = bars_of(values)
    assert sum(bar.count for bar in bars) == 5000
    assert all(one.end == other.start for one, other in pairwise(bars))
    for bar in bars[1:-1]:
        assert bar.count == np.count_nonzero((values >= bar.start) & (values < bar.end))


def test_months_are_those_of_the_series(runs):
    run, _ = runs["minimal"]
    rows = sheets(excel_bytes(run, document(run)))["逐月"]
    head = next(place for place, row in enumerate(rows) if row[0] == "月份")
    fan = run.fan("pool.balance")
    shown = [row[1:] for row in rows[head + 1 : head + 1 + len(fan.mean)]]
    wanted = np.column_stack([fan.mean, *fan.quantiles.values()]) / 1e4
    assert np.array_equal(np.array(shown), wanted)


PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|'/c calc'!A0", "=HYPERLINK(\"http://x.example\",\"y\")",
    "=WEBSERVICE(\"http://x.example\")", "http://x.example/", "mailto:a@x.example", "internal:Sheet1!A1",
    "external:c:\\x.xlsx", "{=1+1}", "=Sheet1!$A$1", "Answer!A1", "Answer!$A$1", "[x.xlsx]Sheet1!A1",
    "='[x.xlsx]Sheet1'!A1", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "'=1+1", "＝1+1",
    "=DDE(\"a\";\"b\";\"c\")",
    "<f>1+1</f>", "</v></c><c><f>1</f></c>", "&amp;=1+1", "]]>", "_x003D_1+1", "_x0000_", "\x00=1", "\x0b=1",
    "&P&N&F", "&\"Arial\"", "%", "1e5", "TRUE", "2016-01-01", "#REF!", "=" * 40_000,
]  # fmt: skip


def altered(run, resolved, inputs=None):
    """Return a run whose scenario says something else."""
    manifest = copy.deepcopy(dict(run.manifest))
    manifest["scenario"]["resolved"] |= resolved
    if inputs is not None:
        manifest["inputs"] = inputs
    return RunData(
        manifest=manifest,
        summary=run.figures,
        columns=run.columns,
        column_keys=run.column_keys,
        fans=run.fans,
    )


def poisoned(run, text):
    resolved = copy.deepcopy(dict(run.manifest["scenario"]["resolved"]))
    for part in ("instruments", "segments"):
        for terms in resolved[part].values():
            terms |= {"title": text, "title_zh": text}
    note = {"key": text, "value": text, "unit": "", "meaning": text, "meaning_zh": text}
    return altered(
        run,
        resolved | {"title": text, "title_zh": text, "sources": {text: text}},
        [note | {"low": None, "high": None, "source": [text], "note": text}],
    )


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_text_becomes_a_formula_or_a_link(runs, payload):
    run = poisoned(runs["minimal"][0], payload)
    data = excel_bytes(run, document(run, title=payload, answers=(payload,), sureness=(payload,)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    # Text comes back as it was, but for what a cell can't hold.
    shown = clean(payload)
    read = sheets(data)
    assert read["结论"][0][0] == shown
    assert any(row[0] == shown for row in read["参数及来源"])
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        names = files.namelist()
        assert not any("external" in name.lower() or "vba" in name.lower() for name in names)
        own = [word(name, "zh") for name in (*TOPICS, "Distributions", "Month by month", "Layers")]
        for name in names:
            text = files.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                assert "<f>" not in text
                assert "<hyperlink" not in text
            for reference in re.findall(r"<c:f>(.*?)</c:f>", text):
                assert reference.replace("'", "").partition("!")[0] in own
            if name.endswith(".rels"):
                assert "TargetMode" not in text


def test_text_that_begins_like_a_formula_stays_text_when_it_is_edited():
    book = Book("en", "t", "f", datetime(2026, 1, 1))
    page = book.page("One")
    page.table("", [Column("a", 9)], [["=1+1"], ["plain"], [Number(2.5, 1)]])
    sheet = openpyxl.load_workbook(io.BytesIO(book.bytes()))["One"]
    assert [sheet.cell(row, 1).quotePrefix for row in (2, 3)] == [True, False]


def test_a_run_and_its_folder_give_the_same_workbook(tmp_path):
    run = fs.simulate(fs.load("minimal"), paths=100, seed=5)
    run.save(tmp_path / "out", plots="none")
    opened = fs.open(tmp_path / "out")
    first = excel_bytes(run, document(run))
    assert first == excel_bytes(opened, document(opened)) == excel_bytes(run, document(run))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_of_a_run_has_a_workbook(runs, lang):
    run, _ = runs["minimal"]
    rows = sheets(excel_bytes(run, document_of_run(run, lang)))[word("Answer", lang)]
    texts = {row[0] for row in rows}
    assert texts >= {*document_of_run(run, lang).answers, document_of_run(run, lang).source}


def test_like_runs_of_one_day_give_like_bytes():
    one, other = (fs.simulate(fs.load("minimal"), paths=60, seed=5, threads=n) for n in (1, 2))
    other.manifest["clock"]["date"] = one.manifest["clock"]["date"]
    assert excel_bytes(one, document(one)) == excel_bytes(other, document(other))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_one_path_has_a_workbook(name, lang):
    run = fs.simulate(fs.load(name), paths=1, seed=1)
    book = sheets(excel_bytes(run, document(run, lang)))
    assert word("Distributions", lang) not in book
    assert word("Fiscal cost", lang) in book


def test_metrics_that_were_chosen_are_all_there(runs):
    run = fs.simulate(fs.load("minimal"), paths=50, seed=1, metrics=["pool.lent*", "pool.recoveries"])
    found = {key for key, _ in figure_rows(excel_bytes(run, document(run)), "zh")}
    parts = (run.figures.metrics, run.figures.aggregates, run.figures.probabilities)
    assert found == {f"{name}@{horizon}" for part in parts for name, horizon in part}
    assert {figure.name for figures in figures_of(run).values() for figure in figures} >= {"pool.recoveries"}


def test_sheets_print_on_a4_with_their_headings(runs):
    run, _ = runs["taiyuan_2015_2017"]
    book = openpyxl.load_workbook(io.BytesIO(excel_bytes(run, document(run))))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    costs = book["财政成本"]
    assert costs.freeze_panes == "C4"
    assert costs.print_title_rows == "$3:$3"
    cell = next(row for row in costs.iter_rows(min_row=4) if row[NAME].value == "scheme.fiscal_cost@run_off")
    assert cell[4].number_format.startswith("#,##0")
    assert cell[4].font.name == "宋体"
    rates = book["违约"]["E4"]
    assert rates.number_format.endswith("%")
    assert len(costs._charts) == len(book["绩效目标表"]._charts) == 1
