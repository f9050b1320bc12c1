"""Messages say what was meant: a colon in braces, an instrument's key on the command line, one of several."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario

BASE = """\
window: {start: 2015-01, months: 12}
segments:
  firms: {source: assumption, city_weight: 1, pd: 3%, rho: 0.1, lgd: 50%, loan: {mean: 100万}}
instruments:
  pool: {source: assumption, kind: compensation_pool, opening: 1亿, share: 50%, trigger: {overdue_days: 0},
    borrowers: {firms: 1}, demand: {yearly: [1亿]}, recovery: {lag_months: 12}}
"""


def faults(folder: Path, text: str, *overrides: str) -> list[tuple[str, str, str]]:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    _, found = check_scenario(folder / "s.yaml", kinds=KINDS, overrides=list(overrides))
    return [(fault.key, fault.problem, fault.fix) for fault in found if not fault.warning]


@pytest.mark.parametrize("colon", ["：", ":", "： ", " ：", "﹕"])
@pytest.mark.parametrize(
    ("key", "value", "at"),
    [
        ("pd", "3%", "firms.pd"),
        ("kind", "compensation_pool", "pool.kind"),
        ("overdue_days", "0", "pool.trigger.overdue_days"),
        ("firms", "1", "pool.borrowers.firms"),
        ("months", "12", "window.months"),
    ],
)
def test_a_wrong_colon_in_braces_is_one_fault(
    colon: str, key: str, value: str, at: str, tmp_path: Path
) -> None:
    text = BASE.replace(f"{key}: {value}", f"{key}{colon}{value}", 1)
    ((found, problem, fix),) = faults(tmp_path, text)
    assert found == at
    assert "colon" in problem
    assert fix == f"did you mean '{key}: {value}'?"


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("share=40%", "did you mean pool.share?"),
        ("trigger.npl=true", "did you mean pool.trigger.npl?"),
        ("lgd=40%", "did you mean firms.lgd?"),
        ("source=x", "set the value whole: KEY={value: …, low: …, source: …}"),
        ("windw.months=3", "did you mean window?"),
    ],
)
def test_a_key_without_its_instrument_is_proposed_with_it(override: str, meant: str, tmp_path: Path) -> None:
    ((_, _, fix),) = faults(tmp_path, BASE, override)
    assert fix == meant


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("yearly: [1亿]", "yearly: []", "write one of yearly, schedule and hold_outstanding"),
        ("yearly: [1亿]", "yearly: [1亿], hold_outstanding: 1", "keep one of the three"),
        ("lag_months: 12", "cost: 0", "write one of lag_months and spread"),
        ("overdue_days: 0", "npl: false", "write one of overdue_days, npl: true and final_loss"),
        ("recovery:", "opening_stock: {}, recovery:", "write one of amount, loans and tape"),
        (
            "segments:",
            "economy: {stress: [{from: 2015-02, to: 2015-03}]}\nsegments:",
            "write one of shift and fix",
        ),
    ],
)
def test_one_of_several_is_asked_for_where_none_is_given(
    old: str, new: str, meant: str, tmp_path: Path
) -> None:
    ((_, problem, fix),) = faults(tmp_path, BASE.replace(old, new, 1))
    assert "exactly one of" in problem
    assert fix == meant
