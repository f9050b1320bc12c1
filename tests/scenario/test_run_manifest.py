"""A run's manifest is a scenario that repeats the run, and its tape is the one that was run."""

from __future__ import annotations

import hashlib
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import ScenarioError
from fundsim.scenario import bundled_names, run_manifest
from fundsim.sealed import sealed, unsealed

TAPED = """\
window: {start: 2015-01, months: 12, run_off: 0}
economy: {step: year}
segments:
  firms: {city_weight: 1, pd: 30%, rho: 0.12, lgd: 100%, loan: {mean: 100万, term_months: 12, rate: 0}}
instruments:
  pool:
    kind: compensation_pool
    opening: 100亿
    share: 100%
    trigger: {overdue_days: 0}
    borrowers: {firms: 1}
    demand: {yearly: [0]}
    opening_stock: {tape: TAPE}
"""
LOANS = "segment,principal,months_left\nfirms,100万,12\nfirms,50万,6\n"
HIDDEN = "segment,principal,months_left\nfirms,SECRET-7319,12\n"


def manifest_of(scenario: fs.Scenario, **changes: Any) -> dict[str, Any]:
    """Return a manifest of a run that never was."""
    return {
        "format": run_manifest.FORMAT,
        "scenario": {"name": scenario.name, "sha256": scenario.sha256, "resolved": scenario.resolved()},
        "seed": 7,
        "paths": 12,
        "engine": "core",
        "kept": None,
        "versions": {"fundsim": version("fundsim")},
        **changes,
    }


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        fs.load(path)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", bundled_names())
def test_the_resolved_form_of_a_scenario_is_the_scenario(name: str, tmp_path: Path) -> None:
    scenario = fs.load(name)
    path = tmp_path / "manifest.json"
    homes = [os.path.relpath(home, tmp_path) for home in scenario.tape_folders]
    path.write_bytes(sealed(manifest_of(scenario, tape_folders=homes)))
    again = fs.load(path)
    assert all("source" not in warning.problem for warning in again.warnings)
    run = again.terms.run
    assert (run.paths, run.seed) == (12, 7)
    resolved = scenario.resolved()
    assert again.resolved() == {**resolved, "run": {**resolved["run"], "paths": 12, "seed": 7}}


@pytest.fixture
def taped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which a scenario with a tape was run; it is the current one."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "scenarios"
    (home / "data").mkdir(parents=True)
    (home / "data" / "loans.csv").write_text(LOANS, encoding="utf-8")
    (home / "s.yaml").write_text(TAPED.replace("TAPE", "data/loans.csv"), encoding="utf-8")
    kept = ["--metrics", "*.lent,*.claims_paid", "--plots", "none"]
    assert main(["run", "scenarios/s.yaml", "--paths", "40", "--seed", "11", "-q", "-o", "out", *kept]) == 0
    return tmp_path


def same_figures(one: Path, other: Path) -> bool:
    return all(
        (one / name).read_bytes() == (other / name).read_bytes()
        for name in ("paths.parquet", "summary.json", "series.parquet")
    )


def test_a_run_is_repeated_bit_for_bit_from_its_manifest(taped: Path) -> None:
    assert main(["run", "out/manifest.json", "-q", "--plots", "none", "-o", "deeper/again"]) == 0
    assert same_figures(taped / "out", taped / "deeper" / "again")
    assert main(["run", "deeper/again/manifest.json", "-q", "--plots", "none", "-o", "third"]) == 0
    assert same_figures(taped / "out", taped / "third")
    fs.simulate(fs.load("third/manifest.json")).save("fourth", plots="none")
    assert same_figures(taped / "out", taped / "fourth")


def test_what_is_given_anew_is_not_the_runs(taped: Path) -> None:
    anew = ["--paths", "5", "--seed", "12", "--engine", "reference", "--metrics", "*.lent"]
    assert main(["run", "out/manifest.json", "-q", "--plots", "none", "-o", "b", *anew]) == 0
    found, intact = unsealed((taped / "b" / "manifest.json").read_bytes())
    assert intact
    assert found is not None
    assert (found["paths"], found["seed"], found["engine"], found["kept"]) == (5, 12, "reference", ["*.lent"])
    again = fs.simulate(fs.load("b/manifest.json"))
    assert again.manifest["engine"] == "reference"
    assert again.manifest["kept"] == ["*.lent"]


@pytest.mark.parametrize(
    "command",
    [
        ["validate", "out/manifest.json"],
        ["show", "out/manifest.json", "--source"],
        ["diff", "out/manifest.json", "scenarios/s.yaml"],
        ["trace", "out/manifest.json", "--path", "3"],
        ["list", "metrics", "out/manifest.json"],
    ],
)
def test_every_command_takes_a_manifest(
    taped: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    shown = capsys.readouterr()
    assert "manifest.json: no source" not in shown.err
    assert "manifest.json:0" not in shown.out


def test_trace_takes_the_seed_of_the_run(taped: Path) -> None:
    scenario = fs.load("out/manifest.json")
    one, other = fs.trace(scenario, path=3), fs.trace(fs.load("scenarios/s.yaml"), path=3, seed=11)
    assert one.to_json()["entries"] == other.to_json()["entries"]


def test_a_tape_is_looked_for_beside_the_manifest_too(taped: Path) -> None:
    home = taped / "elsewhere" / "deep" / "out"
    shutil.move(taped / "out", home)
    shutil.move(taped / "scenarios" / "data" / "loans.csv", home / "loans.csv")
    assert main(["run", "elsewhere/deep/out/manifest.json", "-q", "--plots", "none", "-o", "again"]) == 0
    assert same_figures(home, taped / "again")
    found, _ = unsealed((taped / "again" / "manifest.json").read_bytes())
    assert found is not None
    assert found["tape_folders"] == ["../elsewhere/deep/out", home.as_posix()]


@pytest.mark.parametrize("place", ["moved/out", "far/away/out", "other"])
def test_a_run_that_is_copied_finds_its_tape_where_it_lay(taped: Path, place: str) -> None:
    shutil.copytree(taped / "out", taped / place)
    assert main(["run", f"{place}/manifest.json", "-q", "--plots", "none", "-o", "again"]) == 0
    assert same_figures(taped / "out", taped / "again")
    fs.open(place).save("saved", plots="none")
    assert fs.load("saved/manifest.json").terms.instruments == fs.load("scenarios/s.yaml").terms.instruments
    (taped / "scenarios" / "data" / "loans.csv").write_text(HIDDEN, encoding="utf-8")
    (fault,) = faults_of(Path(place) / "manifest.json")
    assert "the file has changed since" in fault


def test_a_scenario_and_its_run_that_move_together_find_each_other(taped: Path) -> None:
    (taped / "new").mkdir()
    for name in ("out", "scenarios"):
        shutil.move(taped / name, taped / "new" / name)
    again, lay = fs.load("new/out/manifest.json"), fs.load("new/scenarios/s.yaml")
    assert again.terms.instruments == lay.terms.instruments


def test_only_a_run_with_a_tape_says_where_its_scenario_lay(taped: Path) -> None:
    lay = (taped / "scenarios").as_posix()
    assert main(["run", "minimal", "--paths", "2", "-q", "--plots", "none", "-o", "plain"]) == 0
    assert b"tape_folders" not in (taped / "plain" / "manifest.json").read_bytes()
    found, _ = unsealed((taped / "out" / "manifest.json").read_bytes())
    assert found is not None
    assert found["tape_folders"] == ["../scenarios", lay]
    fs.open("out").save("a/b/copy", plots="none")
    found, _ = unsealed((taped / "a" / "b" / "copy" / "manifest.json").read_bytes())
    assert found is not None
    assert found["tape_folders"] == ["../../../scenarios", lay]


def test_a_tape_that_has_changed_or_gone_is_one_fault_that_quotes_nothing(taped: Path) -> None:
    loans = taped / "scenarios" / "data" / "loans.csv"
    loans.write_text(HIDDEN, encoding="utf-8")
    (fault,) = faults_of(Path("out/manifest.json"))
    digest = hashlib.sha256(HIDDEN.encode()).hexdigest()
    assert f"the file has changed since: its SHA-256 is {digest}" in fault
    assert "SECRET" not in fault
    loans.unlink()
    (fault,) = faults_of(Path("out/manifest.json"))
    assert "the tape of the run is not there; put loans.csv beside the manifest" in fault


def test_a_manifest_can_read_no_file_whose_digest_it_does_not_know(taped: Path) -> None:
    (taped / "secret").mkdir()
    (taped / "secret" / "loans.csv").write_text(HIDDEN, encoding="utf-8")
    (taped / "secret" / "plain.txt").write_text(HIDDEN, encoding="utf-8")
    right = hashlib.sha256(LOANS.encode()).hexdigest()
    manifest = manifest_of(fs.load("scenarios/s.yaml"))
    pool = manifest["scenario"]["resolved"]["instruments"]["pool"]
    bad = taped / "home"
    bad.mkdir()
    pinned = f"sha256:{right}"
    tapes = (f"loans.csv {pinned}", "../secret/loans.csv", "loans.csv", f"plain.txt {pinned}")
    for tape in (*tapes, f"../secret/loans.csv {pinned}", f"{taped}/secret/loans.csv {pinned}"):
        pool["opening_stock"]["tape"] = tape
        for folders in (["../secret"], [str(taped / "secret")], ["//host/share"], "../secret", [7], None):
            (bad / "manifest.json").write_bytes(sealed({**manifest, "tape_folders": folders}))
            (fault,) = faults_of(bad / "manifest.json")
            assert "SECRET" not in fault


@pytest.mark.parametrize(
    ("tape", "reported"),
    [
        ("loans.csv sha256:{right}", None),
        ("loans.csv  SHA256:{RIGHT}", None),
        (
            "loans.csv sha256:{wrong}",
            "the file has changed since: its SHA-256 is {right}; bring the old file",
        ),
        ("loans.csv sha256:12ab", "a digest is sha256: and 64 hexadecimal digits; copy it whole, or write"),
        ("loans.csv sha256:", "a digest is sha256: and 64 hexadecimal digits"),
        ("nowhere.csv sha256:{right}", "there is no such file"),
        ("../x.csv sha256:{right}", "the file lies outside the scenario's folder"),
    ],
)
def test_a_scenario_may_pin_its_tape(tmp_path: Path, tape: str, reported: str | None) -> None:
    (tmp_path / "loans.csv").write_text(LOANS, encoding="utf-8")
    right = hashlib.sha256(LOANS.encode()).hexdigest()
    words = {"right": right, "RIGHT": right.upper(), "wrong": "0" * 64}
    (tmp_path / "s.yaml").write_text(TAPED.replace("TAPE", f'"{tape.format(**words)}"'), encoding="utf-8")
    if reported is None:
        scenario = fs.load(tmp_path / "s.yaml")
        assert (
            scenario.resolved()["instruments"]["pool"]["opening_stock"]["tape"] == f"loans.csv sha256:{right}"
        )
    else:
        (fault,) = faults_of(tmp_path / "s.yaml")
        assert reported.format(**words) in fault


def test_another_version_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(sealed(manifest_of(fs.load("minimal"), versions={"fundsim": "0.0.1"})))
    (warning,) = fs.load(path).warnings
    assert "this run was made by fundsim 0.0.1" in str(warning)
    assert "figures may differ" in str(warning)


def test_values_can_be_set_over_a_manifest_and_files_may_extend_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(sealed(manifest_of(fs.load("minimal"))))
    scenario = fs.load(tmp_path / "manifest.json", ["pool.multiple=8"])
    assert scenario.terms.instruments["pool"].model_dump()["multiple"] == 8
    assert scenario.set("run.seed", 9).terms.run.seed == 9
    (tmp_path / "heir.yaml").write_text("extends: manifest.json\nrun: {seed: 3}\n", encoding="utf-8")
    heir = fs.load(tmp_path / "heir.yaml")
    assert (heir.name, heir.terms.run.paths, heir.terms.run.seed, heir.repeats) == ("heir", 12, 3, None)


def damaged() -> list[tuple[str, bytes, str]]:
    manifest = manifest_of(fs.load("minimal"))
    whole = sealed(manifest)
    foreign = "this is no manifest of a fundsim run"
    broken = "the manifest is damaged or was altered"
    return [
        ("empty", b"", broken),
        ("cut off", whole[: len(whole) // 2], broken),
        ("edited", whole.replace(b'"seed": 7', b'"seed": 8'), broken),
        ("unsealed", whole.replace(b'"digest"', b'"digestion"'), broken),
        ("a list", b"[1, 2]", broken),
        ("deep", b'{"format": 1, "scenario": ' + b"[" * 100_000, broken),
        ("another's", b'{"name": "webpack", "files": []}', foreign),
        ("nothing in it", b"{}", foreign),
        ("another layout", sealed({**manifest, "format": 99}), "the manifest was written by a version"),
        *[
            (f"{key} = {value!r}", sealed({**manifest, key: value}), foreign)
            for key, value in [
                ("seed", "5"), ("seed", -1), ("seed", 2**64), ("seed", True), ("paths", 0), ("paths", 2.5),
                ("engine", "os"), ("kept", "*"), ("kept", [1]), ("versions", None), ("scenario", []),
                ("scenario", {"resolved": []}), ("scenario", {"resolved": {"run": 3}}),
                ("scenario", {"resolved": {"title": "\x1b[31m"}}),
            ]
        ],
    ]  # fmt: skip


@pytest.mark.parametrize(("_what", "content", "reported"), damaged(), ids=[case[0] for case in damaged()])
def test_a_damaged_or_foreign_manifest_is_one_fault(
    tmp_path: Path, _what: str, content: bytes, reported: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    (fault,) = faults_of(path)
    assert fault.startswith(f"{path}: {reported}")
    assert main(["run", str(path), "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_scenario_written_as_json_is_a_scenario_whatever_its_name(tmp_path: Path) -> None:
    import json  # noqa: PLC0415

    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(fs.load("minimal").resolved(), ensure_ascii=False), encoding="utf-8")
    assert fs.load(path).resolved() == fs.load("minimal").resolved()


def test_the_folder_of_a_run_is_no_scenario_but_holds_one(taped: Path) -> None:
    (fault,) = faults_of(Path("out"))
    assert "this is the folder of a run; did you mean out/manifest.json?" in fault
