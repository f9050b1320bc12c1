"""The result folder: whole or not at all, and never silently misread."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import fundsim
from fundsim.errors import OutputError, ResultsError, UsageError
from fundsim.report.labels import column_labels
from fundsim.results import placing, store
from fundsim.results.folder import check_folder
from fundsim.results.series import SERIES_COLUMNS


def no_pictures(_folder):
    """Draw nothing: the pictures have tests of their own."""


def save(results, folder, *, replace, draw):
    labels = column_labels(results.manifest)
    return store.save(results, check_folder(folder, replace=replace), draw=draw, labels=labels)


@pytest.fixture(scope="module")
def results(run):
    """Five hundred paths, every column of which goes into the file."""
    return run(500, keep=("*",))


@pytest.fixture(scope="module")
def saved(results, tmp_path_factory):
    return save(results, tmp_path_factory.mktemp("saved") / "toy", replace=False, draw=no_pictures)


def _everything(results):
    return (
        json.dumps(results.to_json()),
        results.manifest["seed"],
        {key: results.values(key).tobytes() for key in results.column_keys},
        {
            n: (fan.mean.tobytes(), [q.tobytes() for q in fan.quantiles.values()])
            for n, fan in results.fans.items()
        },
    )


def test_a_saved_run_opens_as_it_was(results, saved):
    opened = fundsim.open(saved)
    assert _everything(opened) == _everything(results)
    assert opened.distribution("zhubaodai.claims_paid") == results.distribution("zhubaodai.claims_paid")
    assert {k: v for k, v in opened.manifest.items() if k not in ("files", "columns")} == results.manifest


def test_a_folder_holds_what_the_contract_names(saved):
    assert sorted(path.name for path in saved.iterdir()) == [
        "manifest.json",
        "paths.parquet",
        "plots",
        "series.parquet",
        "summary.json",
    ]


def test_paths_are_readable_by_pandas_with_a_column_for_each_metric_and_horizon(results, saved):
    table = pd.read_parquet(saved / "paths.parquet")
    assert list(table.columns) == ["path", *results.column_keys]
    assert list(table["path"]) == list(range(500))
    assert (table.dtypes.drop("path") == np.float64).all()


def test_paths_are_written_by_groups_of_rows_that_bound_the_memory(results, tmp_path, monkeypatch):
    whole = pq.read_table(results.save(tmp_path / "whole", plots="none") / "paths.parquet")
    row = 8 * (1 + len(results.column_keys))
    monkeypatch.setattr(store, "GROUP_BYTES", 150 * row)
    path = results.save(tmp_path / "cut", plots="none") / "paths.parquet"
    with pq.ParquetFile(path) as file:
        groups = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    assert groups == [150, 150, 150, 50]
    assert pq.read_table(path).equals(whole)


def test_what_a_path_does_not_have_is_null_in_the_file(results, saved):
    column = pq.read_table(saved / "paths.parquet").column("zhubaodai.depletion_month@run_off")
    assert column.null_count == np.count_nonzero(np.isnan(results.values("zhubaodai.depletion_month")))
    assert column.null_count > 0


def test_series_have_the_columns_of_the_contract(results, saved):
    table = pd.read_parquet(saved / "series.parquet")
    assert tuple(table.columns) == SERIES_COLUMNS
    assert list(table["month"]) == list(range(51))
    pd.testing.assert_frame_equal(table, fundsim.open(saved).series, check_dtype=False)


def test_a_run_of_one_path_is_saved_without_pictures(run, tmp_path):
    folder = run(1).save(tmp_path / "one")
    assert list((folder / "plots").iterdir()) == []
    assert fundsim.open(folder).n_paths == 1


def test_summary_has_an_error_on_every_figure(saved):
    summary = json.loads((saved / "summary.json").read_text("utf-8"))
    metric = summary["metrics"][0]
    assert metric["name"] == "zhubaodai.claims_due"
    assert (metric["unit"], metric["horizon"]) == ("yuan", "window")
    assert set(metric["mean"]) == set(metric["sd"]) == set(metric["es"]["0.99"]) == {"value", "se"}
    assert len(metric["quantiles"]["0.001"]["ci95"]) == 2
    event = summary["probabilities"][0]
    assert event["ci95"][0] < event["p"] < event["ci95"][1]


def test_manifest_says_what_was_run_and_keeps_the_clock_apart(saved):
    manifest = json.loads((saved / "manifest.json").read_text("utf-8"))
    assert manifest["scenario"]["name"] == "toy"
    assert (manifest["seed"], manifest["paths"], manifest["engine"]) == (1, 500, "core")
    assert manifest["series"] == {"mean_paths": 500, "quantile_paths": 500}
    assert {"fundsim", "numpy", "numba", "python"} <= set(manifest["versions"])
    assert set(manifest["clock"]) == {"seconds", "paths_per_second", "threads", "date", "platform"}


def test_like_runs_give_like_bytes_in_every_file_but_the_clock(run, tmp_path):
    first, second = (run(80, block=block).save(tmp_path / str(block)) for block in (80, 9))
    files = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert len([file for file in files if file.suffix == ".png"]) == 4
    for file in files:
        if file.name != "manifest.json":
            assert (first / file).read_bytes() == (second / file).read_bytes(), file
    manifests = [json.loads((folder / "manifest.json").read_text("utf-8")) for folder in (first, second)]
    for manifest in manifests:
        del manifest["clock"], manifest["digest"]
    assert manifests[0] == manifests[1]


def test_a_finished_run_is_refused_and_left_alone(results, saved):
    before = (saved / "manifest.json").read_bytes()
    with pytest.raises(UsageError, match="already holds a finished run"):
        save(results, saved, replace=False, draw=no_pictures)
    assert (saved / "manifest.json").read_bytes() == before


def test_replacing_leaves_nothing_of_the_old_run(results, tmp_path):
    folder = save(results, tmp_path / "out", replace=False, draw=no_pictures)
    (folder / "report.html").write_text("of the old run")
    (folder / "plots" / "old.png").write_text("of the old run")
    save(results, folder, replace=True, draw=no_pictures)
    assert not (folder / "report.html").exists()
    assert list((folder / "plots").iterdir()) == []
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_with_other_files_is_never_replaced(results, tmp_path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(UsageError, match="no fundsim run"):
        save(results, tmp_path, replace=True, draw=no_pictures)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        check_folder(tmp_path / "out", replace=True)


def test_an_empty_folder_and_one_that_does_not_exist_yet_are_welcome(results, tmp_path):
    (tmp_path / "empty").mkdir()
    save(results, tmp_path / "empty", replace=False, draw=no_pictures)
    save(results, tmp_path / "a" / "b" / "new", replace=False, draw=no_pictures)
    assert fundsim.open(tmp_path / "a" / "b" / "new").n_paths == 500


def test_checking_a_folder_writes_nothing(tmp_path):
    check_folder(tmp_path / "a" / "b", replace=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("failure", "reported"),
    [(OSError(28, "No space left on device"), OutputError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_save_that_fails_leaves_the_old_run_and_no_litter(results, tmp_path, failure, reported):
    folder = save(results, tmp_path / "out", replace=False, draw=no_pictures)
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}

    def fail(_folder):
        raise failure

    with pytest.raises(reported):
        save(results, folder, replace=True, draw=fail)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_old_run_comes_back_if_the_new_one_cannot_take_its_place(results, tmp_path, monkeypatch):
    folder = save(results, tmp_path / "out", replace=False, draw=no_pictures)
    before = (folder / "manifest.json").read_bytes()
    rename = Path.rename

    def refuse(self, target):
        if self.suffix == ".partial":
            raise OSError("no renaming today")
        return rename(self, target)

    monkeypatch.setattr(placing, "exchanged", lambda _one, _other: False)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match=r"nothing can be written in .*out; the run is not saved"):
        save(results, folder, replace=True, draw=no_pictures)
    assert (folder / "manifest.json").read_bytes() == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_without_a_manifest_is_no_run(tmp_path):
    with pytest.raises(ResultsError, match="no finished run"):
        fundsim.open(tmp_path)
    with pytest.raises(UsageError, match="no such result folder"):
        fundsim.open(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["summary.json", "series.parquet", "paths.parquet"])
def test_a_missing_file_is_reported(saved, tmp_path, name):
    folder = tmp_path / "copy"
    shutil.copytree(saved, folder)
    (folder / name).unlink()
    with pytest.raises(ResultsError, match=f"{name} is missing"):
        fundsim.open(folder)


def test_a_manifest_edited_by_hand_is_reported(saved, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(saved, folder)
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace('"seed": 1', '"seed": 2'), "utf-8")
    with pytest.raises(ResultsError, match="was altered"):
        fundsim.open(folder)


def test_another_format_is_reported(saved, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(saved, folder)
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace('"format": 1', '"format": 99'), "utf-8")
    with pytest.raises(ResultsError, match="another version of fundsim"):
        fundsim.open(folder)


READ = ("manifest.json", "summary.json", "paths.parquet", "series.parquet")


def _silent_misreadings(saved, folder, damage, times):
    """Damage one file after the other; return those damages that went unnoticed."""
    shutil.copytree(saved, folder)
    truth, rng, unnoticed = _everything(fundsim.open(saved)), np.random.default_rng(24), []
    for _ in range(times):
        name = READ[rng.integers(len(READ))]
        whole = (saved / name).read_bytes()
        (folder / name).write_bytes(damage(whole, rng))
        try:
            if _everything(fundsim.open(folder)) != truth:
                unnoticed.append(name)
        except ResultsError:
            pass
        (folder / name).write_bytes(whole)
    return unnoticed


def flip(content, rng):
    position = int(rng.integers(len(content)))
    return (
        content[:position]
        + bytes([content[position] ^ (1 << int(rng.integers(8)))])
        + content[position + 1 :]
    )


def truncate(content, rng):
    return content[: int(rng.integers(len(content)))]


@pytest.mark.parametrize(("damage", "times"), [(flip, 2000), (truncate, 200)])
def test_no_damage_is_silently_misread(saved, tmp_path, damage, times):
    assert _silent_misreadings(saved, tmp_path / "copy", damage, times) == []


def test_page_checksums_are_in_the_file_and_checked(saved, tmp_path):
    content = bytearray((saved / "paths.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "paths.parquet").write_bytes(content)
    with pytest.raises(ResultsError):
        store._read_table(tmp_path / "paths.parquet")
