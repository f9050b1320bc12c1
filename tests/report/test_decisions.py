"""Reports of comparisons, sizes, sweeps, tornados and doubts: what they show, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import docx
import pytest
from python_calamine import CalamineWorkbook

import fundsim as fs
from fundsim.cli import main
from fundsim.decide.reading import DecisionFolder, read_decision
from fundsim.report.compare.tables import sheets as compared
from fundsim.report.document.decision import document_of_decision
from fundsim.report.document.excel_decision import excel_of_decision
from fundsim.report.document.headings import legible
from fundsim.report.document.model import Document, Drawing
from fundsim.report.document.web import html_bytes
from fundsim.report.document.word import word_bytes
from fundsim.report.doubt.tables import doubted
from fundsim.report.size.tables import sized
from fundsim.report.sweep.tables import swept
from fundsim.report.texts import Language
from fundsim.report.tornado.tables import torn
from fundsim.sealed import sealed, unsealed

from .conftest import blocks_of, rows_of, tables_of
from .decisions import KINDS, made, saved, scenario
from .payloads import FORMULAS, SCRIPTS
from .test_page import OURS, Page

DRAWN = ("sweep", "tornado")
"""Kinds whose pictures are drawn here; the others are saved without."""
PRINTED = {
    "comparison": lambda data, lang: [one for one in compared(data, lang) if one.rows],
    "size": lambda data, lang: sized(data, lang).sheets,
    "sweep": lambda data, lang: swept(data, lang).sheets,
    "grid": lambda data, lang: swept(data, lang).sheets,
    "tornado": lambda data, lang: [one.sheet for one in torn(data, lang).sections],
    "doubt": lambda data, lang: doubted(data, lang).sheets,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, DecisionFolder]:
    place = tmp_path_factory.mktemp("decisions")
    return {kind: saved(kind, place / kind, "png" if kind in DRAWN else "none") for kind in KINDS}


@pytest.fixture(params=[(kind, lang) for kind in KINDS for lang in ("zh", "en")], ids="-".join)
def report(request, folders) -> tuple[str, DecisionFolder, Document]:
    kind, lang = request.param
    return kind, folders[kind], document_of_decision(folders[kind], lang)


def test_the_tables_are_those_that_are_printed(report):
    kind, _, said = report
    known = [([row.cells for row in one.rows], one.headings) for one in PRINTED[kind](made(kind), said.lang)]
    shown = [([row.cells for row in one.sheet.rows], one.sheet.headings) for one in tables_of(said)]
    for table in known:
        assert table in shown


def test_the_page_shows_all_of_it_and_nothing_from_outside(report):
    kind, _, said = report
    content = html_bytes(said)
    page = Page(content)
    assert page.tables == [rows_of(table) for table in tables_of(said)]
    assert page.texts["h1"] == [said.title]
    assert page.texts["p"][: len(said.answers) + 1] == [said.subtitle, *said.answers]
    assert said.answers
    assert said.sureness
    assert set(page.tags) <= OURS | {"img"}
    assert page.tags.count("img") == sum(isinstance(one, Drawing) for one in blocks_of(said))
    sources = [value for name, value in page.attributes if name == "src"]
    assert all(value.startswith("data:image/png;base64,") for value in sources)
    assert bool(sources) == (kind in DRAWN) == (b"img-src data:" in content)


def test_the_word_text_has_its_tables_and_pictures(report):
    kind, folder, said = report
    word = docx.Document(io.BytesIO(word_bytes(folder, said)))
    assert word.paragraphs[0].text == said.title
    assert len(word.tables) == len(list(tables_of(said)))
    assert bool(word.inline_shapes) == (kind in DRAWN)


def sheets_of(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_has_the_numbers_of_the_folder(report):
    _, folder, said = report
    sheets = sheets_of(excel_of_decision(folder, said))
    for name in folder.tables:
        heads, *lines = csv.reader(folder.content(name).decode("utf-8-sig").splitlines())
        rows = sheets[name]
        start = rows.index(heads) + 1 if heads in rows else 3
        assert len(rows) - start == len(lines)
        for line, row in zip(lines, rows[start:], strict=True):
            for text, cell in zip(line, row, strict=True):
                if isinstance(cell, float):
                    assert cell == float(text)
                else:
                    assert str(cell) == text.removeprefix("'")
    assert any(isinstance(cell, float) for name in folder.tables for row in sheets[name] for cell in row)
    first = [row[0] for row in next(iter(sheets.values()))]
    assert first[0] == said.title
    assert set(said.answers) <= set(first)


def test_no_cell_has_a_formula_and_like_folders_give_like_workbooks(report):
    _, folder, said = report
    content = excel_of_decision(folder, said)
    assert content == excel_of_decision(folder, said)
    assert b"<f>" not in content


def test_charts_have_their_numbers_beside_them(folders):
    def chart(kind: str) -> list[list[object]] | None:
        return sheets_of(excel_of_decision(folders[kind], document_of_decision(folders[kind], "en"))).get(
            "Chart"
        )

    lines = chart("sweep")
    figures = folders["sweep"].figures
    assert lines is not None
    assert [row[1] for row in lines[2:5]] == [cell["figures"][0]["value"] for cell in figures["cells"]]
    assert [row[0] for row in lines[2:5]] == ["4", "8", "30"]
    bars = chart("tornado")
    assert bars is not None
    assert [row[0] for row in bars[2:4]] == folders["tornado"].figures["metrics"][0]["ranked"]
    assert chart("grid") is None
    assert chart("size") is None


def test_every_value_that_is_stated_is_in_the_appendix(report):
    kind, _, said = report
    keys = "\n".join(cell for table in tables_of(said) for row in table.sheet.rows for cell in row.cells)
    assert "segments.small_firms.pd" in keys
    titles = [table.title for table in tables_of(said)]
    assert any(title.startswith("B") for title in titles) == (kind == "comparison")


def test_what_was_changed_between_scenarios_is_said(folders):
    said = document_of_decision(folders["comparison"], "en")
    changed = {table.title: table for table in tables_of(said) if "differ from" in table.title}
    assert list(changed) == ["inputs of B that differ from A", "inputs of C that differ from A"]
    rows = [row.cells for row in changed["inputs of B that differ from A"].sheet.rows]
    assert [row[0] for row in rows] == ["title", "instruments.pool.multiple"]


@pytest.mark.parametrize("kind", KINDS)
def test_without_plots_there_is_no_picture(kind, tmp_path):
    folder = saved(kind, tmp_path / kind)
    assert not (folder.folder / "pages").exists()
    assert "pages.json" in folder.manifest["files"]
    for lang in ("zh", "en"):
        said = document_of_decision(folder, lang)
        assert not [one for one in blocks_of(said) if isinstance(one, Drawing)]


def test_pictures_are_kept_in_both_languages_with_their_digests(folders):
    files = folders["tornado"].manifest["files"]
    kept = sorted(name for name in files if name.startswith("pages/"))
    assert kept == [f"pages/tornado.{at}.{lang}.png" for at in (1, 2) for lang in ("en", "zh")]
    content = folders["tornado"].content(kept[0])
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20], "big") == 518 * 200 // 72


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_writes_all_three_and_leaves_the_folder_alone(folders, tmp_path, lang, capsys):
    folder = Path(shutil.copytree(folders["tornado"].folder, tmp_path / "out"))
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert main(["report", str(folder), "--lang", lang, "--json", "-q"]) == 0
    assert sorted(json.loads(capsys.readouterr().out)["files"]) == ["docx", "html", "xlsx"]
    after = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert {one.name for one in set(after) - set(before)} == {"report.html", "report.docx", "report.xlsx"}
    assert {one: after[one] for one in before} == before
    assert read_decision(folder).kind == "tornado"


@pytest.mark.parametrize("name", ["pages.json", "tornado.csv", "pages/tornado.1.zh.png", "manifest.json"])
def test_a_damaged_folder_is_refused_and_nothing_is_written(folders, tmp_path, name, capsys):
    folder = Path(shutil.copytree(folders["tornado"].folder, tmp_path / "out"))
    with (folder / name).open("ab") as file:
        file.write(b" ")
    assert main(["report", str(folder)]) == 1
    assert "is damaged or was altered" in capsys.readouterr().err
    (folder / name).unlink()
    assert main(["report", str(folder), "--lang", "zh"]) == 1
    assert ("不存在" if name != "manifest.json" else "缺少") in capsys.readouterr().err
    assert not (folder / "report.html").exists()


def rewritten(folder: Path, **entries: object) -> None:
    manifest, _ = unsealed((folder / "manifest.json").read_bytes())
    assert manifest is not None
    (folder / "manifest.json").write_bytes(sealed(manifest | entries))


def test_an_older_folder_and_one_of_another_kind_are_refused(folders, tmp_path, capsys):
    folder = Path(shutil.copytree(folders["sweep"].folder, tmp_path / "out"))
    files = {name: one for name, one in folders["sweep"].manifest["files"].items() if "pages" not in name}
    rewritten(folder, files=files)
    assert main(["report", str(folder)]) == 1
    assert "holds no pages.json; it was written by an earlier version" in capsys.readouterr().err
    rewritten(folder, kind="guess")
    assert main(["report", str(folder)]) == 2
    assert "holds no comparison, size, sweep, tornado or doubt" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["comparison", "tornado"])
def test_a_title_of_a_scenario_stays_a_text(kind, tmp_path):
    text = "".join(one for one in SCRIPTS if one.isprintable()) + FORMULAS[0]
    base = scenario().set("title", text).set("title_zh", text)
    made_of = {
        "comparison": lambda: fs.compare(base, base.set("pool.multiple", 5), paths=20, seed=1),
        "tornado": lambda: fs.tornado(base, ["mean(pool.claims_due)"], paths=20, seed=1),
    }
    folder = read_decision(made_of[kind]().save(tmp_path / "out", plots="none"))
    lang: Language
    for lang in ("zh", "en"):
        said = document_of_decision(folder, lang)
        page = Page(html_bytes(said))
        assert legible(text) in page.texts["h1"][0]
        assert set(page.tags) <= OURS
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert legible(text) in docx.Document(io.BytesIO(word_bytes(folder, said))).paragraphs[0].text
        assert not re.search(rb"<f[ >]", excel_of_decision(folder, said))
