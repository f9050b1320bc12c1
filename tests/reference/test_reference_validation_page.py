"""The page of ``fundsim verify --write``, on outcomes made up for each of its parts."""

import json

import pytest

from fundsim.verify.document import validation_report
from fundsim.verify.judge import Check, Subject
from fundsim.verify.report import Report
from fundsim.verify.sensitivity import Shift

PAIR = "core − reference"


def paired(case, figure, *, z=0.5, caught=1.0, wanted=2.0):
    subject = Subject(case, figure, PAIR, "the other engine")
    return Check(subject, 10.0, 10.0 + z, z, True, abs(z) <= 4.9, caught, wanted)


def known(figure, *, engine, passed=True):
    subject = Subject("Finite pool", figure, engine, "Vasicek 1987, exact")
    return Check(subject, 2.0, 2.1, 0.7 if passed else 9.0, True, passed, 0.05, 0.1)


def exact(case, engine, *, passed=True):
    return Check(
        Subject(case, "mean", engine, "derived"),
        1.0,
        1.0 if passed else 2.0,
        0.0 if passed else 1.0,
        False,
        passed,
    )


def page(*checks, quick=False):
    return validation_report(Report(checks, quick, 1.0, (Shift("PD + 5 %", 0.01, 0.001, -0.002, 0.0003),)))


def folds(text):
    """Return what each ``<details>`` of a page holds, by its summary."""
    parts = text.split("<details><summary>")[1:]
    return {part.split("</summary>")[0]: part.split("</summary>")[1].split("</details>")[0] for part in parts}


def test_page_counts_each_group_by_verdict_and_the_whole_last():
    text = page(
        exact("Limit law", "formula"),
        exact("60 schemes without chance", PAIR),
        paired("minimal", "pool.lent@window", z=-1.25),
        paired("minimal", "pool.lent@run_off", caught=3.0),
        paired("minimal", "pool.balance@window", z=6.0),
        known("mean", engine="core"),
    )
    assert "| Closed forms against printed and derived figures | 1 | 1 | 0 | 0 |  |" in text
    assert "| Engines against exact and published results | 1 | 1 | 0 | 0 | 0.70 |" in text
    assert "| Engine against engine | 4 | 2 | 1 | 1 | 6.00 |" in text
    assert "| all | 6 | 4 | 1 | 1 | 6.00 |" in text


def test_every_failure_stands_in_full_outside_the_folds():
    failures = [
        exact("Limit law", "formula", passed=False),
        known("variance", engine="reference", passed=False),
        exact("60 schemes without chance", PAIR, passed=False),
        paired("minimal", "pool.lent@window", z=-5.5),
    ]
    text = page(*failures, known("mean", engine="core"))
    shown = text.split("### Failures")[1].split("###")[0]
    assert shown.count("| FAILED |") == 4
    assert (
        "| minimal | pool.lent@window | core − reference | the other engine | 10 | 4.5 | z = -5.50 | 1 |"
        in shown
    )
    assert "None." not in shown
    assert "None." in page(known("mean", engine="core")).split("### Failures")[1].split("###")[0]


def test_a_scenario_is_one_row_with_its_largest_z_and_its_coarsest_comparison():
    text = page(
        paired("minimal", "pool.lent@window", z=-2.0, caught=0.2),
        paired("minimal", "pool.balance@window", z=1.0, caught=5.0),
        paired("other", "pool.lent@window", z=0.0, caught=0.0, wanted=0.0),
    )
    assert "| minimal | 2 | 1 | 1 | 0 | 2.00 (pool.lent@window) | 2.5 (pool.balance@window) |" in text
    assert "| other | 1 | 1 | 0 | 0 | 0.00 (pool.lent@window) |  |" in text


def test_weak_comparisons_are_folded_by_scenario_the_weakest_first_with_both_horizons():
    text = page(
        paired("minimal", "pool.lent@window", caught=3.0),
        paired("minimal", "pool.lent@run_off", caught=1.0),
        paired("minimal", "pool.balance@window", caught=2.5),
        paired("minimal", "pool.balance@run_off", caught=8.0),
        paired("minimal", "pool.depletion_month@run_off is missing", caught=5.0),
        paired("other", "pool.lent@window", caught=0.5),
    )
    weak = folds(text)
    assert list(weak) == ["minimal: 4 weak"]
    assert weak["minimal: 4 weak"].split(" · ") == [
        "\n\n`pool.balance` 1.2 / 4",
        "`pool.depletion_month is missing` – / 2.5",
        "`pool.lent` 1.5 / –\n\n",
    ]


def test_pairs_that_agree_with_power_leave_their_scenario_s_row_only():
    checks = [paired("minimal", f"pool.figure_{number}@window", z=0.1) for number in range(500)]
    text = page(*checks, paired("minimal", "pool.worst@window", z=4.0))
    assert "pool.figure_7@window" not in text
    assert "| minimal | 501 | 501 | 0 | 0 | 4.00 (pool.worst@window) | 0.5 (pool.figure_0@window) |" in text
    assert folds(text) == {}


def test_figures_of_known_results_are_folded_by_engine_below_a_row_a_case():
    text = page(known("mean", engine="core"), known("q99", engine="core"), known("mean", engine="reference"))
    assert "| Finite pool (core) | 2 | 2 | 0 | 0 | 0.70 (mean) | 0.5 (mean) |" in text
    assert set(folds(text)) == {"Every figure by core: 2", "Every figure by reference: 1"}
    assert (
        "| Finite pool | q99 | core | Vasicek 1987, exact | 2 | 2.1 | z = +0.70 | 0.05 | ok |"
        in (folds(text)["Every figure by core: 2"])
    )


def test_a_run_as_large_as_the_quick_one_makes_a_page_that_can_be_read():
    checks = [
        paired(f"scenario_{s}", f"guarantee.compensation_fund.figure_{f}@{horizon}", caught=3.0)
        for s in range(45)
        for f in range(45)
        for horizon in ("window", "run_off")
    ]
    assert len(page(*checks, quick=True).encode()) < 150_000


@pytest.mark.parametrize("quick", [True, False])
def test_page_says_what_kind_of_run_it_was(quick):
    text = page(known("mean", engine="core"), quick=quick)
    assert ("Quick run of" in text) is quick
    assert ("for lack of paths alone" in text) is quick


def test_page_leads_with_purpose_theory_data_and_limits_and_ends_with_sensitivity_and_upkeep():
    headings = [line for line in page(known("mean", engine="core")).splitlines() if line.startswith("## ")]
    assert [heading.split(". ")[1] for heading in headings] == [
        "Purpose",
        "Theory",
        "Data",
        "Limits",
        "Outcomes",
        "Sensitivity",
        "Upkeep",
    ]


def test_json_gives_of_each_check_the_difference_it_would_catch_and_the_one_it_should():
    report = Report(
        (paired("minimal", "pool.lent@window", caught=3.0), exact("Limit law", "formula")), True, 1.0, ()
    )
    first, second = json.loads(json.dumps(report.as_json(), allow_nan=False))["checks"]
    assert (first["smallest_difference_caught"], first["largest_difference_wanted"]) == (3.0, 2.0)
    assert (second["smallest_difference_caught"], second["largest_difference_wanted"]) == (None, None)
