"""What a scenario names is read from its own folder or from the bundled scenarios, nothing else (R18)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fundsim.scenario import check_scenario
from fundsim.scenario.files import NotFoundHere, contained

from .good import GOOD
from .hostile import escapes
from .kinds import KINDS

MARK = "SECRET-MARK-7319"


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Return a scenario's folder beside a folder that must not be read."""
    secret = tmp_path / "secret"
    secret.mkdir()
    home = tmp_path / "secret" / "home"
    (home / "sub").mkdir(parents=True)
    for folder in (secret, tmp_path):
        (folder / "secret.yaml").write_text(GOOD.replace("A pool and its borrowers", MARK), encoding="utf-8")
    (home / "base.yaml").write_text(GOOD, encoding="utf-8")
    if os.name == "posix":
        (home / "link.yaml").symlink_to(secret / "secret.yaml")
        (home / "sub" / "link.yaml").symlink_to("../../secret.yaml")
        (home / "linked").symlink_to(secret, target_is_directory=True)
        os.mkfifo(home / "pipe.yaml")
    return home


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if "\0" not in text else '"' + text.replace("\0", "\\0") + '"'


def test_no_reference_leaves_the_scenarios_folder(folders: Path) -> None:
    references = list(escapes(str(folders.parent / "secret.yaml"), "secret.yaml"))
    assert len(set(references)) >= 60
    for reference in references:
        path = folders / "scenario.yaml"
        path.write_text(f"title: mine\nextends: {_quoted(reference)}\n", encoding="utf-8")
        scenario, faults = check_scenario(path, kinds=KINDS)
        assert scenario is None, reference
        reported = "\n".join(fault.text() + fault.text("zh") for fault in faults)
        assert MARK not in reported, reference
        assert "root:" not in reported, reference
        assert any(fault.key == "extends" for fault in faults), f"{reference}: {reported}"
    print(f"\nR18: {len(references)} references, 0 escapes")  # noqa: T201


def test_the_rule_itself_never_returns_a_path_outside(folders: Path) -> None:
    references = list(escapes(str(folders.parent / "secret.yaml"), "secret.yaml"))
    assert references
    for reference in references:
        try:
            path = contained(reference, folders, folders)
        except NotFoundHere:
            continue
        assert path.is_relative_to(folders.resolve()), reference


def test_a_file_below_and_back_is_inside(folders: Path) -> None:
    (folders / "sub" / "heir.yaml").write_text("extends: ../base.yaml\ntitle: heir\n", encoding="utf-8")
    (folders / "scenario.yaml").write_text("extends: sub/heir.yaml\n", encoding="utf-8")
    scenario, faults = check_scenario(folders / "scenario.yaml", kinds=KINDS)
    assert scenario is not None, faults
    assert scenario.terms.title == "heir"
    scenario, faults = check_scenario(folders / "sub" / "heir.yaml", kinds=KINDS)
    assert scenario is None
    assert "outside the scenario's folder" in faults[0].problem
