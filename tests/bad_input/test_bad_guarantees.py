"""Every rule of the guarantee that a file can break is reported at its line, with how to fix it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundsim.instruments import KINDS
from fundsim.scenario import check_scenario

from .good import line_of

GOOD = """\
regime_year: 2020
window: {start: 2020-01, months: 36}
segments:
  small:
    source: assumption
    city_weight: 1
    pd: 3%
    rho: 0.08
    lgd: 50%
    loan: {mean: 200万}
  large:
    source: assumption
    city_weight: 1
    pd: 3%
    rho: 0.08
    lgd: 50%
    loan: {mean: 800万}
instruments:
  guarantee:
    kind: guarantee
    source: assumption
    opening: 1亿
    injections:
      - {date: 2020-07, amount: 0.2亿}
    private_capital:
      multiple:
        least: 5
        most: 10
      lag_months: 3
    leverage: 15
    bank_line: {multiple: 8}
    not_small: [large]
    share: 80%
    trigger: {overdue_days: 60}
    fee: 1%
    arrears: lapse
    reguarantee:
      province:
        share: 25%
        lag_months: 6
        fee: 0.5%
        money: 1亿
      nation:
        share: 50%
        covers: province
        fee: 0.4%
    compensation_fund:
      injections: [{date: 2020-03, amount: 100万}]
      share: 30%
      lag_months: 6
    borrowers: {small: 60%, large: 40%}
    demand: {yearly: [1亿, 1亿, 1亿]}
"""

CASES = {
    "the two ends exchanged": ("most: 10", "most: 4", "lies under the smallest value (5); exchange the two"),
    "15 times under the old rules": (
        "regime_year: 2020\n",
        "regime_year: 2015\n",
        "more than 10 × exists since 2018 only, and regime_year is 2015",
    ),
    "15 times under unknown rules": ("regime_year: 2020\n", "", "regime_year is missing"),
    "15 times with too few small clients": (
        "borrowers: {small: 60%, large: 40%}",
        "borrowers: {small: 40%, large: 60%}",
        "here 40.0% and 72.7%; write 10 or less",
    ),
    "15 times with small clients and large amounts": (
        "borrowers: {small: 60%, large: 40%}",
        "borrowers: {small: 49%, large: 51%}",
        "here 49.0% and 79.4%",
    ),
    "more than 15 times": ("leverage: 15", "leverage: 16", "at most 15"),
    "private capital without injections": (
        "    injections:\n      - {date: 2020-07, amount: 0.2亿}\n",
        "",
        "follows public injections, and there are none",
    ),
    "an injection before the window": ("date: 2020-07", "date: 2019-07", "lies outside the policy window"),
    "an injection of the fund before the window": (
        "date: 2020-03",
        "date: 2019-03",
        "lies outside the policy window",
    ),
    "a borrower that is not there": ("not_small: [large]", "not_small: [lage]", "did you mean large?"),
    "a final loss": (
        "trigger: {overdue_days: 60}",
        "trigger: {final_loss: 6}",
        "a guarantor pays gross and recovers later",
    ),
    "carried arrears under reguarantee": ("arrears: lapse", "arrears: carry", "can't be carried where"),
    "a layer of nothing": ("covers: province", "covers: provnce", "did you mean province?"),
    "a layer of itself": ("covers: province", "covers: nation", "cover each other in a circle"),
    "a layer called like the bank": (
        "      nation:\n",
        "      bank:\n",
        "the program itself uses the name bank",
    ),
    "reguarantors that take all": (
        "share: 25%",
        "share: 100%",
        "take 1 of what the guarantor paid, and it has to keep a part",
    ),
    "layers that take more than all": (
        "      nation:\n        share: 50%\n        covers: province\n",
        "      nation:\n        share: 50%\n        covers: province\n"
        "      other:\n        share: 60%\n        covers: province\n",
        "take 1.1 of what it paid",
    ),
    "a province that hands on more than it takes": (
        "fee: 0.4%",
        "fee: 1.1%",
        "province would pay 0.0055 a guaranteed yuan and year and take in 0.005",
    ),
    "a guarantor that hands on more than it takes": (
        "    fee: 1%\n",
        "    fee: 0.1%\n",
        "the guarantor would pay 0.00125 a guaranteed yuan and year and take in 0.001",
    ),
    "a fund that pays before the province": (
        "      share: 30%\n      lag_months: 6",
        "      share: 30%\n      lag_months: 5",
        "pays before a reguarantor (6 months)",
    ),
    "a layer that is no name": ("      nation:\n", "      na.tion:\n", "a name has letters"),
    "a tape": (
        "    share: 80%\n",
        "    share: 80%\n    opening_stock: {tape: loans.csv}\n",
        "is weighted by size band and can't be a tape",
    ),
    "no share": ("    share: 80%\n", "", "share: is missing"),
    "a share of nothing": ("    share: 80%\n", "    share: 0\n", "more than 0"),
    "a multiple in two forms": ("bank_line: {multiple: 8}", "bank_line: {multiple: [5, 8]}", "expected"),
}
PLACES = {
    "15 times under the old rules": "leverage:",
    "15 times under unknown rules": "leverage:",
    "15 times with too few small clients": "leverage:",
    "15 times with small clients and large amounts": "leverage:",
    "private capital without injections": "    private_capital:",
    "a guarantor that hands on more than it takes": "        fee: 0.5%",
    "a fund that pays before the province": "lag_months: 5",
    "layers that take more than all": "share: 60%",
    "a tape": "opening_stock:",
    "no share": "  guarantee:",
}
"""Where the fault is reported, if not at what was changed."""


def reported(folder: Path, text: str) -> list:
    """Return all that is reported of a file."""
    (folder / "loans.csv").write_text("segment,principal,months_left\nsmall,100万,6\n", encoding="utf-8")
    path = folder / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    return check_scenario(path, kinds=KINDS)[1]


def test_the_good_guarantee_is_sound(tmp_path):
    assert reported(tmp_path, GOOD) == []


@pytest.mark.parametrize("label", CASES)
def test_a_bad_guarantee_is_reported_once_at_its_line(tmp_path, label):
    old, new, says = CASES[label]
    assert GOOD.count(old) == 1, old
    text = GOOD.replace(old, new)
    errors = [fault for fault in reported(tmp_path, text) if not fault.warning]
    place = PLACES.get(label, new.strip().split("\n")[0])
    assert [(e.line, says in e.text()) for e in errors] == [(line_of(text, place), True)], "\n".join(
        e.text() for e in errors
    )
    assert errors[0].problem_zh
    assert errors[0].fix_zh


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("date: 2020-07", "date: 2022-10", "the private money of 2022-10 would come after the window"),
        (
            "    opening: 1亿\n    injections:\n      - {date: 2020-07, amount: 0.2亿}\n"
            "    private_capital:\n      multiple:\n        least: 5\n        most: 10\n"
            "      lag_months: 3\n",
            "",
            "the guarantor never gets any capital",
        ),
    ],
)
def test_a_guarantee_that_does_less_than_it_seems_is_warned_of(tmp_path, old, new, says):
    faults = reported(tmp_path, GOOD.replace(old, new))
    assert [(f.warning, says in f.text()) for f in faults] == [(True, True)]
