"""What ``fundsim verify`` calls agreement: it must fail on a planted difference and pass without one."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.metrics.formulas import happened, minus, number, ratio, recorded, where_positive
from fundsim.scenario import bundled_names
from fundsim.scheme import Aggregate, Lgd, Metric, ObligorLimit, Population, Tape, record_names
from fundsim.verify import pairs
from fundsim.verify.bundled import bundled_schemes
from fundsim.verify.certain import certain_scheme
from fundsim.verify.chance import chance_schemes
from fundsim.verify.document import validation_report
from fundsim.verify.judge import Subject, compare_exact, compare_pairs, compare_sample, compare_share
from fundsim.verify.pairs import largest_difference, merge_loans, scenario_checks
from fundsim.verify.report import Report
from fundsim.verify.sampled import FULL, QUICK
from fundsim.verify.sampling import Sampler
from fundsim.verify.schemes import capped_pool, single_pool, static_pool
from fundsim.verify.sensitivity import Shift

SUBJECT = Subject("case", "figure", "core", "source")
RANDOM = np.random.default_rng(11)


def test_exact_comparison_fails_beyond_its_tolerance_only():
    assert compare_exact(SUBJECT, expected=1.0, got=1.0 + 5e-13, tolerance=1e-12).verdict == "ok"
    assert compare_exact(SUBJECT, expected=1.0, got=1.0 + 5e-12, tolerance=1e-12).verdict == "FAILED"
    assert compare_exact(SUBJECT, expected=1.0, got=math.nan, tolerance=1.0).verdict == "FAILED"


def test_sampled_mean_fails_when_it_is_five_standard_errors_off():
    values = np.array([0.0, 2.0] * 5000)
    error = 1.0 / math.sqrt(values.size)
    assert compare_sample(SUBJECT, values, expected=1.0 + 4.8 * error).passed
    assert not compare_sample(SUBJECT, values, expected=1.0 + 5.0 * error).passed


def test_a_constant_that_differs_fails():
    assert not compare_sample(SUBJECT, np.zeros(100), expected=0.1).passed
    assert compare_sample(SUBJECT, np.zeros(100), expected=0.0).passed


def test_smallest_difference_caught_is_caught_nine_times_in_ten():
    n, trials = 2000, 1000
    noise = RANDOM.standard_normal((trials, n))
    caught = compare_sample(SUBJECT, noise[0], expected=0.0, spread=1.0).caught
    failed = sum(not compare_sample(SUBJECT, row + caught, expected=0.0, spread=1.0).passed for row in noise)
    assert abs(failed / trials - 0.9) < 4.9 * math.sqrt(0.09 / trials)


def test_share_wants_half_a_point_of_the_core_and_a_point_of_the_slow_engine():
    happened = np.arange(10_000) % 100 == 0
    assert compare_share(SUBJECT, happened, expected=0.01).wanted == 0.005
    slow = SUBJECT._replace(engine="reference")
    assert compare_share(slow, happened, expected=0.01).wanted == 0.01
    assert compare_share(slow, happened, expected=0.5).wanted == 0.025


def test_pairs_that_differ_by_rounding_agree_and_a_shift_in_all_of_them_does_not():
    core = RANDOM.lognormal(size=500) * 1e8
    assert compare_pairs(SUBJECT, core, core + 1e-3, rounding=0.01).passed
    assert compare_pairs(SUBJECT, core, core * (1.0 + 1e-12)).passed
    assert not compare_pairs(SUBJECT, core, core + 1.0, rounding=0.01).passed


def test_pairs_see_what_means_alone_would_not():
    shared = RANDOM.standard_normal(1000)
    noise = RANDOM.standard_normal((2, 1000)) * 0.05
    check = compare_pairs(SUBJECT, shared + noise[0] + 0.03, shared + noise[1])
    assert not check.passed
    assert check.caught < 0.1


def test_events_need_thirty_three_discordant_paths_to_be_distinguished():
    quiet = np.zeros(1000)
    check = compare_pairs(SUBJECT, quiet, quiet, event=True)
    assert check.passed
    assert check.caught == pytest.approx(0.033)
    loud = quiet.copy()
    loud[:25] = 1.0
    assert not compare_pairs(SUBJECT, loud, quiet, event=True).passed
    loud[24] = 0.0
    assert compare_pairs(SUBJECT, loud, quiet, event=True).passed


def metric(name, formula, **more):
    return Metric(own_name=name, unit="yuan", meaning="", meaning_zh="", formula=formula, **more)


DUE = recorded("contract/pool/due")
METRICS = (
    metric("due", DUE),
    metric("rate", ratio(DUE, where_positive(minus(DUE, number(25.0)), number(1.0)))),
    metric("depleted", happened("party/pool/unpaid_month"), event=True),
    Aggregate(
        own_name="coverage",
        unit="share",
        meaning="",
        meaning_zh="",
        numerator=recorded("contract/pool/paid"),
        denominator=DUE,
    ),
)


@pytest.fixture(scope="module")
def sampler():
    with Sampler(3) as one:
        yield one


def test_engines_agree_in_pairs_on_the_single_pool(sampler):
    scheme = replace(single_pool(), metrics=METRICS)
    checks = list(scenario_checks(sampler, "single pool", scheme, 150))
    figures = [check.subject.figure.removesuffix("@window") for check in checks]
    assert figures == ["due", "rate@window is missing", "rate", "depleted", "coverage"]
    assert all(check.passed for check in checks)


@pytest.mark.parametrize("name", chance_schemes())
def test_engines_agree_in_pairs_on_every_record_of_a_small_scheme(sampler, name):
    scheme = chance_schemes()[name]
    checks = list(scenario_checks(sampler, name, scheme, 60))
    assert {check.subject.figure.split("@")[0].removesuffix(" is missing") for check in checks} == set(
        record_names(scheme).all
    )
    assert [check.subject.figure for check in checks if not check.passed] == []


PLANS = (
    "taiyuan_2015_2017",
    "jinan_2016_2018",
    "jinan_2022_2025",
    "jinan_2024_2027",
    "changzhi_2017_2020",
)


def test_every_bundled_scenario_is_verified_and_whole_plans_on_fewer_paths():
    schemes = bundled_schemes()
    assert set(schemes) == set(bundled_names())
    for effort in (QUICK, FULL):
        few = {name for name, scheme in schemes.items() if effort.paths_of_pairs(scheme) == effort.plans}
        assert set(PLANS) <= few
        assert not few & {"minimal", "taiyuan_lending", "textbook/j3_single_pool"}
        assert 0 < effort.plans < effort.pairs


def test_engines_agree_in_pairs_on_a_whole_plan(sampler):
    scheme = bundled_schemes()["changzhi_2017_2020"]
    checks = list(scenario_checks(sampler, "changzhi", scheme, 12))
    compared = {check.subject.figure.split("@")[0] for check in checks}
    assert {"budget.spent", "venture_fund.government.dpi", "startup_loans.claims_paid"} <= compared
    assert [check.subject.figure for check in checks if not check.passed] == []


def test_pairs_catch_a_loss_given_default_that_is_a_tenth_too_high(sampler, monkeypatch):
    scheme = replace(single_pool(), metrics=METRICS)
    worse = replace(scheme, segments=tuple(replace(s, lgd=Lgd(mean=0.66)) for s in scheme.segments))
    honest = sampler.snapshots

    def planted(engine, asked, paths, first=0):
        return honest(engine, worse if engine == "core" else asked, paths, first)

    monkeypatch.setattr(sampler, "snapshots", planted)
    due = next(iter(scenario_checks(sampler, "single pool", scheme, 400)))
    assert due.verdict == "FAILED"


def test_largest_difference_names_the_record(monkeypatch):
    scheme = certain_scheme(2)
    honest = pairs.prepare

    def planted(engine):
        def run(asked, series):
            wrong = replace(asked, parties=tuple(replace(p, opening=p.opening + 5.0) for p in asked.parties))
            return honest("reference")(wrong if engine == "core" else asked, series)

        return run

    monkeypatch.setattr(pairs, "prepare", planted)
    difference, record = largest_difference(scheme, 1)
    assert difference >= 5.0
    assert record.startswith(("party/", "contract/", "flow/", "book/", "facility/", "breaker/"))


def test_merging_keeps_amounts_and_leaves_small_schemes_alone():
    assert merge_loans(single_pool()) == (single_pool(), 1)
    fine = capped_pool(share=0.5, pd_annual=0.03, rho=0.08, n_loans=100_000)
    merged, k = merge_loans(fine)
    assert k == 1000
    (before,), (after,) = fine.facilities[0].opening, merged.facilities[0].opening
    principal = merged.segments[0].bands[0].principal
    assert after.n_loans == 100
    assert after.n_loans * principal == pytest.approx(before.n_loans * fine.segments[0].bands[0].principal)


def test_merging_shrinks_firms_and_tapes_and_lifts_limits_on_one_firm():
    population = Population(opening=(9000, 4500), entry_annual=90.0, exit_annual=(0.1, 0.2))
    rows = np.arange(6000)
    tape = Tape(
        segments=("firms",),
        segment=np.zeros(6000, dtype=np.int64),
        principal=1.0 + rows % 7,
        months_left=1 + rows % 12,
        pd_annual=np.full(6000, 0.02),
        lgd_mean=np.full(6000, 0.5),
    )
    scheme = static_pool(n_loans=3000, pd_annual=0.03, rho=0.1)
    fine = replace(
        scheme,
        segments=(replace(scheme.segments[0], population=population),),
        facilities=(replace(scheme.facilities[0], tape=tape),),
        obligor_limits=(ObligorLimit(facility="loans", party="bank", share=0.1, retained=0.4),),
    )
    merged, k = merge_loans(fine)
    assert k == 30
    assert merged.segments[0].population == Population(
        opening=(300, 150), entry_annual=3.0, exit_annual=(0.1, 0.2)
    )
    assert merged.facilities[0].tape.n_loans == 200
    assert merged.facilities[0].tape.principal.sum() == pytest.approx(tape.principal.sum(), rel=0.01)
    assert merged.facilities[0].tape.months_left[1] == 1 + 30 % 12
    assert merged.obligor_limits[0].share == pytest.approx(3.0)


def test_merging_lifts_what_a_bridge_fund_is_asked_for():
    scheme = chance_schemes()["Bridge fund"]
    (facility,), (fund,), (firms,) = scheme.facilities, scheme.bridges, scheme.segments
    opening = tuple(replace(o, n_loans=1000 * o.n_loans) for o in facility.opening)
    merged, k = merge_loans(replace(scheme, facilities=(replace(facility, opening=opening),)))
    assert k > 10
    assert merged.bridges[0].cap_per_firm == k * fund.cap_per_firm
    assert merged.bridges[0].sizes[0].up_to == k * fund.sizes[0].up_to
    assert merged.bridges[0].bridged[0].bands == merged.segments[0].bands
    assert merged.segments[0].sizes.cap == k * firms.sizes.cap
    assert merged.segments[0].sizes.mu == pytest.approx(firms.sizes.mu + math.log(k))


def test_blocks_come_in_path_order_and_only_as_many_as_asked(sampler):
    scheme = static_pool(n_loans=5, pd_annual=0.1, rho=0.2)
    name = "book/loans/firms/n_defaulted"
    (long,) = sampler.final("reference", scheme, 130, name).values()
    (short,) = sampler.final("reference", scheme, 70, name).values()
    assert long.shape == (130,)
    assert (long[:70] == short).all()


def test_report_shows_failures_in_json_and_in_markdown():
    good = compare_exact(SUBJECT, expected=1.0, got=1.0, tolerance=0.1)
    bad = compare_exact(SUBJECT._replace(figure="a | b"), expected=1.0, got=2.0, tolerance=0.1)
    report = Report(
        (good, bad), quick=True, seconds=1.0, shifts=(Shift("PD + 5 %", 0.01, 0.001, -0.002, 0.0003),)
    )
    assert report.failed == (bad,)
    reported = json.loads(json.dumps(report.as_json(), allow_nan=False))
    assert reported["passed"] is False
    assert [check["verdict"] for check in reported["checks"]] == ["ok", "FAILED"]
    page = validation_report(report)
    for heading in (
        "1. Purpose",
        "2. Theory",
        "3. Data",
        "4. Limits",
        "5. Outcomes",
        "6. Sensitivity",
        "7. Upkeep",
    ):
        assert f"## {heading}" in page
    assert "2 checks, 1 passed, 0 of them weak, 1 failed" in page
    assert "| case | a \\| b | core | source | 1 | 2 | 1.0e+00 |  | FAILED |" in page
    assert "| PD + 5 % | +1.00 ± 0.20 | -0.200 ± 0.059 |" in page


def test_digest_keeps_failures_and_the_worst_of_what_agrees():
    pair = SUBJECT._replace(engine="core − reference")
    steady = np.linspace(0.0, 1.0, 1000)
    noise = RANDOM.standard_normal((2, 1000))
    near = compare_pairs(pair._replace(figure="near"), steady, steady)
    far = compare_pairs(pair._replace(figure="far"), steady + noise[0], steady + noise[1])
    wrong = compare_pairs(pair._replace(figure="wrong"), steady + 1.0, steady)
    exact = compare_exact(SUBJECT, expected=1.0, got=1.0, tolerance=0.1)
    digest = Report((exact, near, far, wrong), quick=True, seconds=1.0, shifts=()).digest
    assert [check.subject.figure for check in digest] == ["figure", "far (worst of 2)", "wrong"]
