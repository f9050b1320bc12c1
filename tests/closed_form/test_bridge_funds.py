"""Bridge funds in both engines against queueing theory, and its formulas against integrals and sums."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from fundsim.scheme import DaysLaw
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.verify import bridges
from fundsim.verify.bridges import bridge_checks
from fundsim.verify.formulas import queue_checks
from fundsim.verify.queue_cases import LAWS_OF_TEN_DAYS, MIXED_FUNDS
from fundsim.verify.queue_forms import (
    erlang_b,
    kaufman_roberts,
    mean_out,
    mean_up_to,
    refused_after_patience,
)
from fundsim.verify.sampling import Sampler

LOGNORMAL = LAWS_OF_TEN_DAYS[2]


@pytest.mark.parametrize(("engine", "paths"), [("core", 4_000), ("reference", 8)])
def test_both_engines_refuse_and_use_what_queueing_theory_says(engine, paths):
    with Sampler(5) as sampler:
        checks = list(bridge_checks(engine, sampler, paths))
    assert len(checks) == 54
    assert [f"{check.subject.case}: {check.subject.figure}" for check in checks if not check.passed] == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_second_engine_does_so_on_a_thousand_paths():
    with Sampler(6) as sampler:
        checks = list(bridge_checks("reference", sampler, 1000))
    assert [f"{check.subject.case}: {check.subject.figure}" for check in checks if not check.passed] == []


@pytest.mark.parametrize(
    ("changes", "figure"),
    [({"deadline_days": 0.25}, "part refused"), ({"cap_of_days": 30.0}, "utilisation")],
)
def test_the_comparison_would_notice_a_little_patience_and_a_cut_of_long_uses(monkeypatch, changes, figure):
    """A quarter of a day's wait in ten, and exponential days cut where 5 % are longer."""

    def changed(fund, days):
        longest = changes.get("cap_of_days", math.inf)
        scheme = honest(fund, replace(days, longest=longest))
        patience = changes.get("deadline_days", 0.0)
        return replace(scheme, bridges=(replace(scheme.bridges[0], deadline_days=patience),))

    honest = bridges.mixed_fund
    monkeypatch.setattr(bridges, "mixed_fund", changed)
    with Sampler(5) as sampler:
        checks = list(bridges._equal_requests("core", sampler, 20_000, LAWS_OF_TEN_DAYS[1]))
    assert figure in {check.subject.figure for check in checks if not check.passed}


def test_formulas_of_queues_give_the_derived_figures():
    checks = list(queue_checks())
    assert len(checks) == 2
    assert all(check.passed for check in checks)


def test_the_recursion_is_the_sum_over_all_states():
    """Two sizes: P(n₁, n₂) is a₁^n₁/n₁! × a₂^n₂/n₂! over what fits."""
    capacity, units, loads = 12, (2, 5), (1.7, 0.9)
    states = [(i, j) for i in range(7) for j in range(3) if 2 * i + 5 * j <= capacity]
    weights = np.array([stats.poisson.pmf(i, loads[0]) * stats.poisson.pmf(j, loads[1]) for i, j in states])
    weights /= weights.sum()
    used = np.array([2 * i + 5 * j for i, j in states])
    refused, out = kaufman_roberts(capacity, units, loads)
    assert refused == pytest.approx([weights[used > capacity - u].sum() for u in units], rel=1e-12)
    assert out == pytest.approx(used @ weights, rel=1e-12)


def test_a_fund_of_one_size_is_erlangs():
    (refused,), out = kaufman_roberts(7, [1], [4.0])
    assert refused == pytest.approx(erlang_b(7, 4.0), rel=1e-12)
    assert out == pytest.approx(4.0 * (1.0 - refused), rel=1e-12)


def test_without_patience_the_queue_is_erlangs_and_with_much_of_it_what_the_places_can_do():
    assert refused_after_patience(40, 4.0, 10.0, 0.0) == pytest.approx((erlang_b(40, 40.0),) * 2, rel=1e-12)
    refused, queued = refused_after_patience(10, 2.0, 10.0, 500.0)
    assert refused == pytest.approx(0.5, rel=1e-6)
    assert queued == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("law", "density"),
    [
        (DaysLaw(law="exponential", mean=10.0), stats.expon(scale=10.0)),
        (LOGNORMAL, stats.lognorm(math.sqrt(math.log(2.0)), scale=10.0 / math.sqrt(2.0))),
    ],
    ids=["exponential", "lognormal"],
)
@pytest.mark.parametrize("longest", [math.inf, 25.0])
def test_the_mean_up_to_a_day_is_the_integral_of_who_is_left(law, density, longest):
    for x in (0.5, 10.0, 40.0):
        expected = quad(density.sf, 0.0, min(x, longest))[0]
        assert mean_up_to(replace(law, longest=longest), x) == pytest.approx(expected, rel=1e-9)
    if longest == math.inf:
        assert mean_up_to(law, 1e9) == pytest.approx(10.0, rel=1e-6)


def test_the_mean_up_to_a_day_of_an_empirical_law_cuts_each_value():
    law = LAWS_OF_TEN_DAYS[3]
    assert mean_up_to(law, 8.0) == pytest.approx(0.5 * 4.0 + 0.5 * 8.0)
    assert mean_up_to(law, math.inf) == pytest.approx(10.0)


def test_what_is_out_while_requests_cluster_is_the_integral_of_their_rate():
    """Two a day until March, then one; the last five days of March three times as dense."""
    rates = [2.0] * 3 + [1.0] * 9
    end = 3 * DAYS_PER_MONTH
    early = 2.0 * DAYS_PER_MONTH / (DAYS_PER_MONTH + 10.0)
    fixed = DaysLaw(law="fixed", mean=8.0)
    assert mean_out(end, fixed, rates, (5.0, 3.0)) == pytest.approx(5.0 * 3.0 * early + 3.0 * early)
    assert mean_out(end + 8.0, fixed, rates, (5.0, 3.0)) == pytest.approx(8.0)
    exponential = DaysLaw(law="exponential", mean=8.0)
    left = [math.exp(-s / 8.0) for s in (0.0, 5.0, DAYS_PER_MONTH, end)]
    of_quarter = 8.0 * (
        3.0 * early * (left[0] - left[1]) + early * (left[1] - left[2]) + 2.0 * (left[2] - left[3])
    )
    # The year before: nine months of one a day, the ends of quarters denser.
    before = mean_out(0.0, exponential, rates, (5.0, 3.0)) * left[3]
    assert mean_out(end, exponential, rates, (5.0, 3.0)) == pytest.approx(of_quarter + before)
    even = mean_out(end, LOGNORMAL, [1.5] * 12)
    assert even == pytest.approx(15.0, rel=1e-6)


def test_the_town_fund_refuses_its_stated_parts():
    """2,000万, 44.7 % of it in use: 5.64, 14.88 and 38.54 % of the requests by size."""
    fund = MIXED_FUNDS[0]
    refused, out = kaufman_roberts(20, [s.units for s in fund.sizes], [5.0 * s.per_day for s in fund.sizes])
    assert [round(100.0 * part, 2) for part in refused] == [5.64, 14.88, 38.54]
    assert round(100.0 * out / 20.0, 1) == 44.7
