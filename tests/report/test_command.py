"""``fundsim report``: which files it writes, what it keeps, what it refuses."""

from __future__ import annotations

import json
import shutil

import docx
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import OutputError
from fundsim.report.document import writing

from .conftest import document_of, run_of
from .test_page import Page

DOCX, HTML, XLSX = "report.docx", "report.html", "report.xlsx"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return run_of("minimal").save(tmp_path_factory.mktemp("runs") / "run", plots="none")


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "run")


def files(folder):
    return {one.relative_to(folder): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_gets_all_reports_and_stays_what_it_was(folder, lang, capsys):
    (folder / "doubt").mkdir()
    (folder / "doubt" / "kept.txt").write_text("x", encoding="utf-8")
    before = files(folder)
    assert main(["report", str(folder), "--lang", lang]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert str(folder / HTML) in err
    assert str(folder / DOCX) in err
    after = files(folder)
    assert sorted(str(name) for name in set(after) - set(before)) == [DOCX, HTML, XLSX]
    assert {name: after[name] for name in before} == before
    assert fs.open(folder).paths.shape[0] == 200
    assert Page((folder / HTML).read_bytes()).texts["h1"] == [document_of("minimal", lang).title]
    assert docx.Document(str(folder / DOCX)).paragraphs[0].text == document_of("minimal", lang).title


@pytest.mark.parametrize(("option", "name"), [("--html", HTML), ("--docx", DOCX), ("--xlsx", XLSX)])
def test_one_report_is_written_if_one_is_chosen(folder, tmp_path, option, name, capsys):
    other = tmp_path / "new" / "reports"
    assert main(["report", str(folder), option, "-o", str(other), "--json", "-q"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"files": {option.removeprefix("--"): str(other / name)}}
    assert err == ""
    assert [one.name for one in other.iterdir()] == [name]


def test_a_report_that_may_have_been_edited_is_replaced_on_demand_only(folder, capsys):
    (folder / DOCX).write_text("edited", encoding="utf-8")
    assert main(["report", str(folder)]) == 2
    assert f"{folder / DOCX} already exists, and may have been edited" in capsys.readouterr().err
    assert not (folder / HTML).exists()
    assert main(["report", str(folder), "--lang", "zh"]) == 2
    assert "已存在，且可能已修改；请用 -o" in capsys.readouterr().err
    assert main(["report", str(folder), "--html", "-q"]) == 0
    assert (folder / DOCX).read_text(encoding="utf-8") == "edited"
    assert main(["report", str(folder)]) == 2
    assert "already exist," in capsys.readouterr().err
    assert main(["report", str(folder), "--replace", "-q"]) == 0
    assert (folder / DOCX).read_bytes()[:2] == b"PK"


def test_what_is_no_finished_run_is_refused(folder, tmp_path, capsys):
    assert main(["report", str(tmp_path / "nowhere")]) == 2
    assert "there is no such result folder" in capsys.readouterr().err
    assert main(["report", str(tmp_path)]) == 1
    assert "holds no finished run: manifest.json is missing" in capsys.readouterr().err
    with (folder / "summary.json").open("ab") as file:
        file.write(b" ")
    assert main(["report", str(folder), "--lang", "zh"]) == 1
    assert "已损坏或被改动" in capsys.readouterr().err
    assert not (folder / HTML).exists()


def test_damaged_paths_leave_no_half_report(folder, capsys):
    with (folder / "paths.parquet").open("ab") as file:
        file.write(b"x")
    before = files(folder)
    assert main(["report", str(folder)]) == 1
    assert "paths.parquet is damaged" in capsys.readouterr().err
    assert files(folder) == before


def test_without_python_docx_the_page_is_written(folder, capsys, monkeypatch):
    monkeypatch.setattr(writing, "find_spec", lambda _name: None)
    assert main(["report", str(folder)]) == 0
    err = capsys.readouterr().err
    assert "report.docx needs python-docx; install it with pip install 'fundsim[report]'" in err
    assert (folder / HTML).exists()
    assert not (folder / DOCX).exists()
    assert main(["report", str(folder), "--docx", "--html", "--replace", "--lang", "zh"]) == 2
    assert "report.docx 需要 python-docx；请用 pip install 'fundsim[report]' 安装" in capsys.readouterr().err


def test_a_full_disk_is_reported(folder, capsys, monkeypatch):
    def full(_target, _content):
        raise OutputError("no space is left on the disk", "磁盘空间不足")

    monkeypatch.setattr(writing, "write_file", full)
    assert main(["report", str(folder)]) == 1
    assert "no space is left" in capsys.readouterr().err


def test_a_title_with_signs_of_all_kinds_comes_out_as_text(tmp_path):
    text = "<script>alert(1)</script> & {{7*7}} =cmd|' /C calc'!A0"
    scenario = fs.load("minimal").set("title", text).set("title_zh", text)
    fs.simulate(scenario, paths=20, seed=1).save(tmp_path / "run", plots="none")
    assert main(["report", str(tmp_path / "run"), "-q"]) == 0
    page = Page((tmp_path / "run" / HTML).read_bytes())
    assert page.texts["h1"] == page.texts["title"] == [text]
    assert "script" not in page.tags
    word = docx.Document(str(tmp_path / "run" / DOCX))
    assert word.paragraphs[0].text == word.core_properties.title == text


def test_a_run_that_kept_a_few_metrics_has_a_report_too(tmp_path):
    folder = str(tmp_path / "run")
    options = ["--paths", "50", "--metrics", "pool.claims_paid", "-q", "-o", folder]
    assert main(["run", "minimal", *options]) == 0
    assert main(["report", folder, "-q"]) == 0
