"""More paths than disk or memory can hold are refused before anything is compiled."""

from types import SimpleNamespace

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import OutputError, UsageError
from fundsim.results import need, scratch
from fundsim.results.columns import SpilledColumns
from fundsim.results.need import check_need


@pytest.fixture
def small_computer(monkeypatch):
    monkeypatch.setattr(need.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=76 * 10**9))
    monkeypatch.setattr(need, "_memory", lambda: 16 * 10**9)


@pytest.mark.parametrize(
    ("n_paths", "columns", "reported"),
    [
        (
            10**9,
            114,
            "1,000,000,000 paths × 114 columns × 8 bytes = 0.91 TB of temporary file, 76 GB free in ",
        ),
        (10**9, 9, "1,000,000,000 paths × 9 columns × 8 bytes = 72 GB of temporary file, 76 GB"),
        (
            10**9,
            1,
            "1,000,000,000 paths × 2 columns × 8 bytes = 16 GB of memory at a time",
        ),
        (2**63, 114, "9.22e+18 paths × 114 columns × 8 bytes"),
        (10**300, 1, "1e+300 paths × 1 columns × 8 bytes"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_it_needs(small_computer, n_paths, columns, reported):
    if n_paths * columns * 8 == 72 * 10**9:
        with pytest.raises(UsageError, match="of temporary file, 76 GB"):
            check_need(n_paths, columns, other_bytes=5 * 10**9)
        return
    extra = 1 if columns == 1 and n_paths == 10**9 else 0
    with pytest.raises(UsageError) as caught:
        check_need(n_paths + extra, columns)
    shown = str(caught.value).replace("1,000,000,001", "1,000,000,000")
    assert shown.startswith(reported)
    assert shown.endswith("; simulate fewer paths (--paths), or keep fewer metrics (--metrics)")
    assert "临时文件" in caught.value.text("zh") or "内存" in caught.value.text("zh")


def test_what_fits_passes(small_computer):
    check_need(10**8, 50)
    check_need(1, 1)


@pytest.mark.parametrize("paths", ["1e12", "5000亿", "100000000000"])
@pytest.mark.parametrize("asked", ["option", "scenario"])
def test_a_run_too_large_is_refused_before_an_engine_is_made(paths, asked, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fundsim.simulation._engine", None)  # calling it would fail
    how = ["--paths", paths] if asked == "option" else ["--set", f"run.paths={paths}"]
    assert main(["run", "minimal", *how]) == 2
    assert "8 bytes = " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("paths", ["9223372036854775808", "10000万亿", "1e299"])
@pytest.mark.parametrize("asked", ["option", "scenario"])
def test_a_number_of_paths_beyond_every_count_is_too_large(paths, asked, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    how = ["--paths", paths] if asked == "option" else ["--set", f"run.paths={paths}"]
    assert main(["run", "minimal", *how]) == 2
    of_what = {"option": "a number of paths", "scenario": "a count"}[asked]
    assert f"too large a number; {of_what} is at most 1,000,000,000,000" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_python_refuses_it_in_the_same_words():
    with pytest.raises(UsageError, match="of temporary file"):
        fs.simulate(fs.load("minimal"), paths=10**12)
    with pytest.raises(UsageError, match="too large a number"):
        fs.simulate(fs.load("minimal"), paths=10**15)


@pytest.mark.parametrize("written", ["100万", "1e6", "1_000_000", "1,000,000", " 1000000 "])
def test_paths_are_read_as_a_scenario_reads_them(written, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    seen = []

    def refuse(n_paths, *_rest):
        seen.append(n_paths)
        raise UsageError("enough")

    monkeypatch.setattr("fundsim.results.collect.check_need", refuse)
    assert main(["run", "minimal", "-q", "--paths", written]) == 2
    assert seen == [1_000_000]


def test_a_full_disk_of_temporary_files_is_reported_as_one(monkeypatch):
    columns = SpilledColumns(["a"], 4)

    def full(_offset):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(columns._file._file, "seek", full, raising=False)
    with pytest.raises(OutputError, match=r"no space is left on the disk of .* name another folder in"):
        columns.read("a")


def test_no_folder_for_temporary_files_is_reported(monkeypatch):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(scratch.tempfile, "gettempdir", none)
    with pytest.raises(OutputError, match="no folder for temporary files"):
        SpilledColumns(["a"], 4)
