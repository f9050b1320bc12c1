"""Targets at the window's end on what is paid leave out what lines pay after it, and say so."""

from __future__ import annotations

import json
from typing import Any

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.lowering import lower, review
from fundsim.report.targets import target_notes

BASE: dict[str, Any] = {
    "window": {"start": "2015-01", "months": 24},
    "budget": {
        "levels": {"city": {"amounts": [{"year": 2015, "amount": 300}, {"year": 2016, "amount": 300}]}},
        "lines": {
            "works": {"amounts": [{"year": 2015, "amount": 100}, {"year": 2016, "amount": 100}],
                      "after_acceptance": True},
            "fairs": {"amounts": [{"year": 2015, "amount": 200}, {"year": 2016, "amount": 200}]},
        },
    },
    "instruments": {
        "building": {"kind": "expense", "line": "works",
                     "payments": [{"date": "2015-06", "amount": 100}, {"date": "2016-06", "amount": 90}]},
        "trade": {"kind": "expense", "line": "fairs", "payments": [{"date": "2016-06", "amount": 200}]},
    },
}  # fmt: skip


def written(folder, metrics, **changes):
    """Return a scenario with a target on each of the metrics."""
    targets = {f"t{n}": {"metric": metric, "at_most": 300} for n, metric in enumerate(metrics)}
    file = folder / "late.yaml"
    file.write_text(json.dumps({**BASE, "targets": targets, **changes}), encoding="utf-8")
    return fs.load(file)


def left_out(scenario):
    return [one.left_out for one in lower(scenario).targets]


def works(**terms):
    """Return the budget with other terms of the line that pays after acceptance."""
    lines = BASE["budget"]["lines"]
    rest = {} if len(terms.get("amounts", [1, 2])) == 2 else {"unallocated": [{"year": 2016, "amount": 100}]}
    return {**BASE["budget"], "lines": {**lines, "works": {**lines["works"], **terms}}, **rest}


@pytest.mark.parametrize(
    "metric",
    ["scheme.fiscal_cost", "scheme.fiscal_outlay", "budget.spent", "budget.appropriated",
     "budget.works.spent", "budget.city.appropriated", "building.paid", "building.paid_share"],
)  # fmt: skip
def test_what_counts_payments_leaves_out_those_after_acceptance_at_the_windows_end(tmp_path, metric):
    """The 90 of 2016 are paid in March 2017, in the run-off."""
    scenario = written(tmp_path, [f"{metric}@window", metric, f"{metric}@run_off"])
    assert left_out(scenario) == [("works",), (), ()]


@pytest.mark.parametrize(
    "metric",
    [
        "budget.fairs.spent",
        "trade.paid",
        "budget.owed",
        "budget.accrued",
        "building.accrued",
        "budget.balance",
    ],
)
def test_other_lines_dues_and_balances_leave_out_nothing(tmp_path, metric):
    assert left_out(written(tmp_path, [f"{metric}@window"])) == [()]


def test_a_year_is_what_is_paid_in_it(tmp_path):
    assert left_out(written(tmp_path, ["budget.spent.2016"])) == [()]


def test_money_of_earlier_years_only_is_paid_within_the_window(tmp_path):
    """The 100 of 2015 are paid in March 2016, unless they come later: unspent, late, or unpaid before."""
    early = {"amounts": [{"year": 2015, "amount": 100}]}
    target = ["budget.spent@window"]
    assert left_out(written(tmp_path, target, budget=works(**early))) == [()]
    assert left_out(written(tmp_path, target, budget=works(**early, unspent="carry_over"))) == [("works",)]
    city = BASE["budget"]["levels"]["city"]
    for more, expected in (
        ({"delay_months": 10}, ("works",)),  # month 14 + 10 is the first after the window
        ({"delay_months": 9}, ()),
        ({"paid": {"mean": 0.9, "sd": 0.1}}, ()),
        ({"paid": {"mean": 0.9, "sd": 0.1}, "unpaid": "next_year"}, ("works",)),
    ):
        budget = {**works(**early), "levels": {"city": {**city, **more}}}
        assert left_out(written(tmp_path, target, budget=budget)) == [expected], more


def test_increments_are_paid_after_the_window_with_and_without_a_budget(tmp_path):
    target = {"cost": {"metric": "scheme.fiscal_outlay@window", "at_most": 1e9}}
    own = fs.load("examples/incremental_compensation").set("targets", target)
    assert left_out(own) == [("compensation",)]
    assert set(left_out(fs.load("jinan_2016_2018"))) == {(), ("increments",)}


def test_what_is_left_out_comes_after_the_window(tmp_path):
    """By hand: 100 + 200 within the window, 90 after it; 300 keeps the bound and 390 does not."""
    run = fs.simulate(written(tmp_path, ["budget.spent@window", "budget.spent"]), paths=10, seed=1)
    at_window, later, _ = run.figures.targets
    assert (at_window.expected.value, later.expected.value) == (300.0, 390.0)
    assert (at_window.p.p, later.p.p) == (1.0, 0.0)
    assert (at_window.left_out, later.left_out) == (("works",), ())
    opened = fs.open(run.save(tmp_path / "run", plots="none"))
    assert opened.figures.targets == run.figures.targets
    note = "budget.spent@window leaves out payments after the window (works); @run_off has them."
    assert target_notes(opened.figures.targets, "en") == [note]
    assert note in opened._repr_html_()
    assert target_notes(run.figures.targets, "zh") == [
        "budget.spent@window 不含政策期后支付的资金（works）；@run_off 已包含。"
    ]


def test_validate_warns_at_the_metric_and_the_fix_removes_the_warning(tmp_path, capsys):
    (warning,) = review(written(tmp_path, ["scheme.fiscal_cost@window"]))
    assert (warning.key, warning.warning) == ("targets.t0.metric", True)
    assert warning.problem == "leaves out payments after the window (works)"
    assert warning.fix.startswith("write scheme.fiscal_cost@run_off, which counts all that comes later")
    assert main(["validate", str(tmp_path / "late.yaml"), "--lang", "zh"]) == 0
    assert "不含政策期后支付的资金（works）；请写 scheme.fiscal_cost@run_off" in capsys.readouterr().err
    assert review(written(tmp_path, ["scheme.fiscal_cost@run_off"])) == ()
