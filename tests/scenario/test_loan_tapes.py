"""A tape belongs to its scenario: found beside the file that names it, and part of what the scenario is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

import fundsim as fs
from fundsim.lowering import lower

from .taped import TAPED_POOL

SEGMENTS = """\
window: {start: 2015-01, months: 12}
segments:
  trade: {pd: 3%, rho: 0.1, city_weight: 1, lgd: 0.5, loan: {mean: 300万}}
  crafts: {pd: 4%, rho: 0.1, city_weight: 1, lgd: 0.6, loan: {mean: 100万}}
"""
BASE = SEGMENTS + TAPED_POOL.replace("TAPE", "tapes/loans.csv") + "    margin: {rate: 1%}\n"
TAPE = "segment,principal,months_left,pd,lgd\ncrafts,100万,6,,\ntrade,300万,12,2%,45%\ncrafts,50万,1,5%,\n"


def written(folder: Path, tape: str = TAPE) -> Path:
    (folder / "tapes").mkdir(exist_ok=True)
    (folder / "tapes" / "loans.csv").write_text(tape, encoding="utf-8")
    path = folder / "base.yaml"
    path.write_text(BASE, encoding="utf-8")
    return path


def test_the_digest_of_a_tape_is_part_of_the_resolved_scenario(tmp_path: Path) -> None:
    path = written(tmp_path)
    scenario = fs.load(path)
    digest = hashlib.sha256(TAPE.encode()).hexdigest()
    resolved = scenario.resolved()["instruments"]["pool"]["opening_stock"]
    assert resolved["tape"] == f"tapes/loans.csv sha256:{digest}"
    assert scenario.origins["instruments.pool.opening_stock.tape"].line == 13
    written(tmp_path, TAPE.replace("50万", "51万"))
    assert fs.load(path).sha256 != scenario.sha256
    written(tmp_path)
    assert fs.load(path).sha256 == scenario.sha256


def test_what_a_loan_does_not_say_is_its_segments(tmp_path: Path) -> None:
    facility = lower(fs.load(written(tmp_path))).facilities[0]
    tape = facility.tape
    assert tape is not None
    assert [tape.segments[s] for s in tape.segment] == ["crafts", "trade", "crafts"]
    assert tape.principal.tolist() == [1e6, 3e6, 5e5]
    assert tape.months_left.tolist() == [6, 12, 1]
    assert tape.pd_annual.tolist() == [0.04, 0.02, 0.05]
    assert tape.lgd_mean.tolist() == [0.6, 0.45, 0.6]
    assert facility.opening == ()
    assert facility.n_opening == 3
    assert not tape.principal.flags.writeable


def test_the_margin_of_a_tape_is_its_rate_times_the_principal(tmp_path: Path) -> None:
    parties = {p.name: p.opening for p in lower(fs.load(written(tmp_path))).parties}
    assert np.isclose(parties["pool.margin"], 0.01 * 4.5e6)


def test_an_heir_reads_the_tape_beside_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    written(tmp_path / "old")
    heir = tmp_path / "heir.yaml"
    heir.write_text("extends: old/base.yaml\n", encoding="utf-8")
    assert lower(fs.load(heir)).facilities[0].n_opening == 3
    (tmp_path / "one.csv").write_text("segment,principal,months_left\ntrade,1,1\n", encoding="utf-8")
    assert lower(fs.load(heir).set("pool.opening_stock.tape", "one.csv")).facilities[0].n_opening == 1
