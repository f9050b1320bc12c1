"""Appropriations that are certain and on time give the same bits however a file says so, in both engines.

Lending, claims and budgets are as in a scenario that doesn't mention them, and where lines are ample as in
one without a budget.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.metrics.program import evaluate
from fundsim.scenario import load
from fundsim.scheme import Metric, Scheme, record_names
from fundsim.scheme.money import HALF_A_FEN

from .budgets import ENGINES

PATHS = 6
SEED = 11
Values = dict[str, np.ndarray]

LOAN = {"pd": 0.08, "rho": 0.2, "lgd": 0.6, "city_weight": 1, "loan": {"mean": 1e6, "cv": 0.5, "cap": 5e6}}
LENT = {"borrowers": {"firms": 1}, "demand": {"yearly": [6e7, 6e7, 6e7]}, "recovery": {"lag_months": 12}}
TEXT: dict[str, Any] = {
    "window": {"start": "2016-01", "months": 36, "run_off": 24},
    "segments": {
        "firms": {**LOAN, "population": {"opening": 300, "entry_annual": 40, "exit_annual": [0.1]}},
    },
    "instruments": {
        "loans": {"kind": "bank_loan", **LENT},
        "pool": {
            "kind": "compensation_pool", "line": "funds", "share": 0.5, "multiple": 10,
            "trigger": {"npl": True},
            "injections": [{"date": f"{year}-{month:02}", "amount": 2e6}
                           for year in (2016, 2017, 2018) for month in (1, 7)], **LENT,
        },
        "interest": {"kind": "subsidy", "line": "support", "of": ["loans"], "base": "interest", "share": 0.5,
                     "ceiling": 0.05, "floor": 0.01},
        "listing": {"kind": "award", "line": "awards", "amount": 5e5,
                    "happens": {"yearly": [4, 5, 6], "beta": 0.3}},
        "founded": {"kind": "award", "line": "awards", "amount": 5e3, "new_firms_of": "firms"},
        "rent": {"kind": "expense", "line": "support", "annual": 1.2e6, "unpaid": "arrears"},
        "increments": {"kind": "incremental_compensation", "line": "support", "rate": 0.01,
                       "banks": {"rural": {"opening": 1e9, "growth": 0.1, "sd": 0.05, "rho": 0.2,
                                           "instruments": ["loans"]}}},
    },
}  # fmt: skip
"""A scenario without a budget; `line` is taken away there."""

LEVELS = ("city", "province", "counties")
AMOUNTS = {"funds": 4e6, "support": 1.6e6, "awards": 2e6}
"""A year's money: less than falls due on support and awards, so that order, refusals and arrears matter."""


def by_year(amount: float) -> list[dict[str, float]]:
    return [{"year": year, "amount": amount} for year in (2016, 2017, 2018)]


def with_budget(
    says: Mapping[str, Any] | None = None, of: tuple[str, ...] = LEVELS, times: float = 1.0, **terms: Any
) -> dict[str, Any]:
    """Return the scenario with three levels and three lines.

    Args:
        says: what some levels say of their appropriations.
        of: these levels.
        times: what a year's money is multiplied by.
        terms: what the lines say.
    """
    money = times * sum(AMOUNTS.values())
    levels: dict[str, Any] = {
        name: {"amounts": by_year(share * money)} for name, share in zip(LEVELS, (0.5, 0.3, 0.2), strict=True)
    }
    for name in of:
        levels[name] |= says or {}
    shares = {"city": 0.5, "province": 0.3, "counties": 0.2}
    lines = {
        name: {"amounts": by_year(times * amount), "shares": shares, **terms}
        for name, amount in AMOUNTS.items()
    }
    return {**copy.deepcopy(TEXT), "budget": {"levels": levels, "lines": lines, "tolerance": 1}}


def without_budget() -> dict[str, Any]:
    content = copy.deepcopy(TEXT)
    for instrument in content["instruments"].values():
        instrument.pop("line", None)
    return content


def on_one_line() -> dict[str, Any]:
    """Return the scenario with all that is spent on one ample line of the city's."""
    content = copy.deepcopy(TEXT)
    for instrument in content["instruments"].values():
        if "line" in instrument:
            instrument["line"] = "all_money"
    city, line = ({"amounts": by_year(1e9)} for _ in range(2))
    return {**content, "budget": {"levels": {"city": city}, "lines": {"all_money": line}}}


def scheme_of(folder: Path, content: Mapping[str, Any]) -> Scheme:
    file = folder / "certain.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return lower(load(file, kinds=KINDS))


def lived(scheme: Scheme, engine: str) -> tuple[Values, Values, Values]:
    """Return month-end values, snapshots and metrics at each snapshot, by name."""
    names = record_names(scheme)
    monthly = names.flows + names.stocks + names.months
    block = ENGINES[engine](scheme, monthly).run(SEED, 0, PATHS)
    months = {name: block.series[:, :, column] for column, name in enumerate(monthly)}
    ends = {name: block.snapshots[:, :, column] for column, name in enumerate(names.all)}
    figures = {
        f"{metric.name} {at}": np.asarray(
            evaluate(metric.formula, {name: of[:, at] for name, of in ends.items()})
        )
        for metric in scheme.metrics
        for at in range(len(scheme.window.snapshots))
        if isinstance(metric, Metric)
    }
    return months, ends, figures


def differing(ours: Values, theirs: Values) -> list[str]:
    """Return the names of which some bit differs; both must have the same names."""
    assert ours.keys() == theirs.keys()
    return [name for name in ours if ours[name].tobytes() != theirs[name].tobytes()]


CERTAIN: dict[str, dict[str, Any]] = {
    "a share of 1": {"paid": {"mean": 1}},
    "a share of 100 %": {"paid": {"mean": "100%", "sd": 0, "rho": 0}},
    "a share of 100 % that would follow the city": {"paid": {"mean": "100%", "rho": 0.5}},
    "no delay": {"delay_months": 0},
    "no delay, with its unit": {"delay_months": "0个月"},
    "what is unpaid is lost": {"unpaid": "lost"},
    "what is unpaid is due next year": {"unpaid": "next_year"},
    "all of it": {"paid": {"mean": 1, "rho": 0.3}, "unpaid": "next_year", "delay_months": 0},
    "all of it, lost": {"paid": {"mean": 1, "sd": 0}, "unpaid": "lost", "delay_months": 0},
}
UNCERTAIN: dict[str, dict[str, Any]] = {
    "a share of nearly 1": {"paid": {"mean": 0.9999999}},
    "a share that is drawn": {"paid": {"mean": 0.95, "sd": 0.05}},
    "a share that is made up next year": {"paid": {"mean": 0.95}, "unpaid": "next_year"},
    "a month of delay": {"delay_months": 1},
}

pytestmark = pytest.mark.parametrize("engine", sorted(ENGINES))


@pytest.mark.parametrize("of", [LEVELS, ("city",), ("province", "counties")], ids=["all", "city", "others"])
@pytest.mark.parametrize("says", CERTAIN)
def test_what_is_certain_and_on_time_changes_no_bit(
    tmp_path: Path, engine: str, says: str, of: tuple[str, ...]
) -> None:
    plain = lived(scheme_of(tmp_path, with_budget()), engine)
    stated = lived(scheme_of(tmp_path, with_budget(CERTAIN[says], of)), engine)
    for ours, theirs in zip(plain, stated, strict=True):
        assert differing(ours, theirs) == []


@pytest.mark.parametrize("says", ["all of it", "a share of 1"])
def test_a_level_that_matches_one_that_pays_all_pays_all(tmp_path: Path, engine: str, says: str) -> None:
    plain = lived(scheme_of(tmp_path, with_budget()), engine)
    content = with_budget(CERTAIN[says], ("city",))
    content["budget"]["levels"]["counties"]["matches"] = "city"
    for ours, theirs in zip(plain, lived(scheme_of(tmp_path, content), engine), strict=True):
        assert differing(ours, theirs) == []


@pytest.mark.parametrize("says", UNCERTAIN)
def test_what_is_not_certain_shows(tmp_path: Path, engine: str, says: str) -> None:
    """The comparison sees a share of 1 less a ten-millionth, and money that comes a month late."""
    plain, _, _ = lived(scheme_of(tmp_path, with_budget()), engine)
    stated, _, _ = lived(scheme_of(tmp_path, with_budget(UNCERTAIN[says])), engine)
    assert differing(plain, stated)


AMPLE = {
    "one line": on_one_line(),
    "lines of three levels": with_budget(times=1000),
    "lines that keep what is unspent": with_budget(times=1000, unspent="carry_over"),
}


@pytest.mark.parametrize("lines", AMPLE)
def test_ample_lines_change_no_bit_of_what_is_lent_claimed_and_paid(
    tmp_path: Path, engine: str, lines: str
) -> None:
    """Only an increment that waits while a line lapses may lack the dust of that subtraction, below a fen."""
    bare, ample = scheme_of(tmp_path, without_budget()), scheme_of(tmp_path, AMPLE[lines])
    for ours, theirs in zip(lived(bare, engine), lived(ample, engine), strict=True):
        common = in_both(ours, theirs)
        assert len(common) > 0.8 * len(ours)
        for name in differing(common, {name: theirs[name] for name in common}):
            assert engine == "reference"
            assert name.startswith(("payment/increments", "party/banks", "increments.", "scheme.fiscal_"))
            assert np.abs(ours[name] - theirs[name]).max() < HALF_A_FEN


def test_lines_that_are_not_ample_show(tmp_path: Path, engine: str) -> None:
    bare, short = scheme_of(tmp_path, without_budget()), scheme_of(tmp_path, with_budget())
    ours, theirs = lived(bare, engine)[0], lived(short, engine)[0]
    common = in_both(ours, theirs)
    assert differing(common, {name: theirs[name] for name in common})


def in_both(ours: Values, theirs: Values) -> Values:
    """Return what both have, but for how money came from treasuries to lines, which differs on purpose."""
    treasuries = ("party/city/", "line/")
    return {name: of for name, of in ours.items() if name in theirs and not name.startswith(treasuries)}
