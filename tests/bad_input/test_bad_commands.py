"""The command line reports bad files as the library does: exit 2, one line each, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from fundsim.cli import main

from .good import Case
from .kinds import KINDS
from .test_bad_files import CLASSES, faults_of


def first_case(group: str) -> Case:
    return next(case for case in CLASSES[group]())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("group", CLASSES)
def test_validate_exits_with_2_and_prints_every_fault_on_its_line(
    group: str,
    lang: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "fundsim.instruments", SimpleNamespace(KINDS=KINDS))
    faults = faults_of(first_case(group), tmp_path)
    assert main(["validate", str(tmp_path / "bad.yaml"), "-q", "--lang", lang]) == 2
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "Traceback" not in reported.err
    assert reported.err.splitlines() == [fault.text("zh" if lang == "zh" else "en") for fault in faults]
