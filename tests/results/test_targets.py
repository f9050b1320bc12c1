"""Targets: met path by path, each by itself and all together, and the table that they stand in."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import fundsim as fs
from fundsim.lowering import lower
from fundsim.report.targets import targets_sheet
from fundsim.results.plan import Plan

SCENARIO = {
    "window": {"start": "2015-01", "months": 24},
    "targets": {
        "some": {"metric": "listing.number_paid.2016", "at_least": 2, "title": "Listings",
                 "title_zh": "挂牌企业"},
        "few": {"metric": "listing.number_paid@window", "at_most": 5, "heading": "benefit"},
        "served": {"metric": "listing.paid_share", "at_least": "90%"},
        "spent": {"metric": "scheme.fiscal_outlay.2015", "at_most": 100, "heading": "cost"},
        "exact": {"metric": "rent.paid@window", "at_least": 200.004},
        "more": {"metric": "rent.paid@window", "at_least": 200.01},
    },
    "instruments": {
        "listing": {"kind": "award", "amount": 50, "happens": {"yearly": [1, 2]}},
        "rent": {"kind": "expense", "payments": [{"date": "2016-06", "amount": 200}]},
    },
}  # fmt: skip
PATHS = 4000


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    file = tmp_path_factory.mktemp("targets") / "targets.yaml"
    file.write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    return fs.simulate(fs.load(file), paths=PATHS, seed=5, metrics="*")


@pytest.fixture(scope="module")
def met(run):
    return {one.name: one for one in run.figures.targets}


def test_a_target_is_met_where_the_metric_keeps_its_bound_on_the_path(run, met):
    assert met["some"].p.p == np.mean(run.values("listing.number_paid.2016") >= 2)
    assert met["few"].p.p == np.mean(run.values("listing.number_paid@window") <= 5)
    assert met["spent"].p.p == np.mean(run.values("scheme.fiscal_outlay.2015") <= 100)
    assert [(met[name].horizon, met[name].metric) for name in ("some", "few", "served")] == [
        ("window", "listing.number_paid.2016"),
        ("window", "listing.number_paid"),
        ("run_off", "listing.paid_share"),
    ]


def test_the_number_of_listings_is_poisson_in_each_year_and_in_both(met):
    """P(N ≥ 2), N of mean 2; P(N ≤ 5), of mean 3; P(N ≤ 2) of mean 1, at four errors."""

    def below(mean, most):
        return sum(math.exp(-mean) * mean**n / math.factorial(n) for n in range(most + 1))

    for name, expected in (("some", 1 - below(2, 1)), ("few", below(3, 5)), ("spent", below(1, 2))):
        error = math.sqrt(expected * (1 - expected) / PATHS)
        assert met[name].p.p == pytest.approx(expected, abs=4 * error)
        low, high = met[name].p.ci95
        assert low < met[name].p.p < high
    assert met["some"].expected.value == pytest.approx(2.0, abs=4 * math.sqrt(2 / PATHS))


def test_a_path_without_a_value_does_not_meet_the_target_and_is_not_expected(run, met):
    """Where nothing was listed there is no share that was paid; where something was, all of it was paid."""
    nothing = np.isnan(run.values("listing.paid_share"))
    assert 0.03 < nothing.mean() < 0.07
    assert met["served"].p.p == 1.0 - nothing.mean()
    assert met["served"].p.missing == nothing.mean()
    assert met["served"].expected.value == 1.0


def test_amounts_that_differ_by_half_a_fen_meet_the_bound(met):
    assert met["exact"].p.p == 1.0
    assert met["more"].p.p == 0.0


def test_all_together_are_met_on_no_path_where_one_is_met_on_none(met):
    assert met["more"].p.p == met[""].p.p == 0.0


def test_several_targets_are_met_together_as_often_as_path_by_path(tmp_path):
    some = {name: SCENARIO["targets"][name] for name in ("some", "few", "served", "spent")}
    file = tmp_path / "some.yaml"
    file.write_text(json.dumps({**SCENARIO, "targets": some}, ensure_ascii=False), encoding="utf-8")
    run = fs.simulate(fs.load(file), paths=500, seed=5, metrics="*")
    kept = run.values("listing.number_paid.2016") >= 2
    kept &= run.values("listing.number_paid@window") <= 5
    kept &= run.values("listing.paid_share") >= 0.9
    kept &= run.values("scheme.fiscal_outlay.2015") <= 100
    *each, together = run.figures.targets
    assert together.name == ""
    assert together.p.p == kept.mean()
    assert 0.0 < together.p.p < min(one.p.p for one in each)


def test_one_target_alone_has_no_entry_of_all_together(tmp_path):
    file = tmp_path / "one.yaml"
    one = {"few": SCENARIO["targets"]["few"]}
    file.write_text(json.dumps({**SCENARIO, "targets": one}, ensure_ascii=False), encoding="utf-8")
    run = fs.simulate(fs.load(file), paths=50, seed=5)
    assert [target.name for target in run.figures.targets] == ["few"]


def test_targets_are_kept_in_a_folder_and_read_again(run, tmp_path):
    run.save(tmp_path / "run")
    assert fs.open(tmp_path / "run").figures.targets == run.figures.targets


@pytest.mark.parametrize(
    ("lang", "headings", "title", "unit"),
    [
        ("en", ["cost", *["output"] * 4, "benefit", "satisfaction", ""], "Listings", "events"),
        ("zh", ["成本", *["产出"] * 4, "效益", "满意度", ""], "挂牌企业", "次"),
    ],
)  # fmt: skip
def test_the_table_has_four_headings_and_leaves_blank_what_has_no_target(run, lang, headings, title, unit):
    sheet = targets_sheet(run, lang)
    assert [row.group for row in sheet.rows] == headings
    satisfaction = sheet.rows[headings.index("满意度" if lang == "zh" else "satisfaction")]
    assert satisfaction.cells == ("–", "", "", "", "", "")
    some = next(row for row in sheet.rows if row.cells[0].startswith(title))
    assert some.cells[0].endswith("\nlisting.number_paid.2016")
    assert some.cells[1] == f"≥ 2 {unit}"


def test_a_scheme_cut_down_to_a_few_metrics_is_judged_by_no_target_of_others():
    """As the search for a size cuts it down."""
    scheme = lower(fs.load("examples/budget"))
    assert len(Plan(scheme).targets) == len(scheme.targets) > 1
    (first,) = (one for one in scheme.metrics if one.name == scheme.targets[0].metric)
    few = Plan(replace(scheme, metrics=(first,)))
    assert {target.metric for target, _ in few.targets} == {first.name}
