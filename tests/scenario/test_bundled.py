"""The bundled scenarios: sound, sourced, and repairable by their messages."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

import fundsim as fs
from fundsim.cli import main
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.scenario import bundled_names, check_scenario
from fundsim.scenario.schema import json_schema

FOLDER = Path(__file__).parents[2] / "scenarios"

PLANTED = (
    ("  months: 36\n", "  mnths: 36\n", "mnths = 36: there is no such key; did you mean months?"),
    ("sector: trade\n", "sector：trade\n", "sector = trade: a full-width colon ：; did you mean ':'?"),
    (
        "value: 4.0%, low: 2.0%",
        "value: 4.0, low: 2.0%",
        'pd = 4.0: a yearly rate lies in 0 … 1; write 0.04 or "4%"',
    ),
    ("kind: compensation_pool\n", "kind: compensation_pol\n", "did you mean compensation_pool?"),
    ("regime_year: 2015\n", "regime_year: 2015\nregime_year: 2016\n", "this key stands on line"),
    ("  start: 2015-01\n", "  start: 2015-13\n", "start = 2015-13: not a calendar month"),
)


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_scenario_is_sound_and_every_number_has_a_source(name: str) -> None:
    scenario, faults = check_scenario(name, kinds=KINDS)
    assert scenario is not None, "\n".join(map(str, faults))
    assert faults == []


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_scenario_names_its_schema_for_editors(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (path.parent / first.partition("=")[2]).resolve() == (
        FOLDER.parent / "docs" / "reference" / "scenario.schema.json"
    )


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_scenario_is_accepted_by_the_schema(name: str) -> None:
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(json_schema(KINDS))
    assert validator.is_valid(content)
    wrong = next(iter(content["instruments"].values())) if "instruments" in content else content
    wrong["sharee"] = 0.5
    assert not validator.is_valid(content)


@pytest.mark.parametrize("name", bundled_names())
def test_the_contracts_of_a_lender_on_one_facility_are_all_net_or_all_gross(name: str) -> None:
    """Side by side they might pay a part of the loss twice."""
    scheme = lower(fs.load(name))
    assert scheme.facilities or scheme.bridges or scheme.equity_funds
    for facility in scheme.facilities:
        own = {c.net for c in scheme.contracts if c.facility == facility.name and c.covers is None}
        assert len(own) <= 1, facility.name


def test_six_planted_faults_are_reported_in_six_lines_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FOLDER / "taiyuan_lending.yaml").read_text(encoding="utf-8")
    for old, new, _ in PLANTED:
        assert old in text, old
        text = text.replace(old, new, 1)
    monkeypatch.chdir(tmp_path)
    Path("taiyuan.yaml").write_text(text, encoding="utf-8")
    assert main(["validate", "taiyuan.yaml", "-q"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(PLANTED), "\n".join(lines)
    for _, new, says in PLANTED:
        number = text[: text.index(new)].count("\n") + 1 + new.count("\n", 0, -1)
        assert any(line.startswith(f"taiyuan.yaml:{number}:") and says in line for line in lines), (
            new,
            lines,
        )
    assert main(["run", "taiyuan.yaml", "-q"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taiyuan.yaml"]
