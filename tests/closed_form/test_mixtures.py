"""The textbook mixtures in both engines, and the bundled scenarios that print their figures."""

import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.scheme import Population, record_names
from fundsim.verify.closed_forms import heterogeneous_pool, student_t_pool
from fundsim.verify.mixtures import limit_checks, mixture_checks, population_moments
from fundsim.verify.sampling import Sampler

from .samples import z_of

Z_LIMIT = 4.9
PATHS = 40_000


@pytest.mark.parametrize(("name", "paths"), [("core", 40_000), ("reference", 200)])
def test_both_engines_agree_with_the_exact_mixtures(name, paths):
    with Sampler(5) as sampler:
        checks = list(mixture_checks(name, sampler, paths))
    assert len(checks) == 18
    assert [f"{check.subject.case}: {check.subject.figure}" for check in checks if not check.passed] == []


def test_the_core_has_the_limit_law_of_the_published_cases():
    with Sampler(5) as sampler:
        checks = list(limit_checks(sampler, 20_000))
    assert len(checks) == 8 * 5
    assert [f"{check.subject.case}: {check.subject.figure}" for check in checks if not check.passed] == []


def due_of(name):
    scheme = lower(fs.load(f"textbook/{name}"))
    return (
        engine(scheme).run(3, 0, PATHS).snapshots[:, -1, record_names(scheme).all.index("contract/pool/due")]
    )


@pytest.mark.parametrize(
    ("name", "degrees", "sd", "q99", "none"),
    [
        ("t_pool_nu4", 4.0, 6.184324, 31, 0.52011370),
        ("t_pool_nu10", 10.0, 4.565539, 22, 0.34497301),
        ("t_pool_static", 4.0, 6.184324, 31, 0.52011370),
    ],
)
def test_a_bundled_t_pool_has_its_printed_figures(name, degrees, sd, q99, none):
    due = due_of(name)
    law = student_t_pool(100, 0.03, 0.12, degrees)
    assert law.sd == pytest.approx(sd, abs=1e-6)
    assert law.quantile(0.99) == q99
    assert abs(z_of(due, 3.0)) < Z_LIMIT
    assert abs(z_of((due - 3.0) ** 2, sd * sd)) < Z_LIMIT
    assert abs(z_of(due == 0.0, none)) < Z_LIMIT
    assert abs(z_of(due > q99, law.tail(q99))) < Z_LIMIT


def test_the_bundled_pool_of_unequal_loans_has_its_printed_figures():
    due = due_of("unequal_pool")
    pds, units = (0.005, 0.01, 0.02, 0.05, 0.1), (5, 4, 3, 2, 1)
    law = heterogeneous_pool([p for p in pds for _ in range(20)], [u for u in units for _ in range(20)], 0.15)
    assert (law.quantile(0.99), law.quantile(0.999)) == (34, 54)
    assert law.sd == pytest.approx(7.251289, abs=1e-6)
    assert abs(z_of(due, 6.5)) < Z_LIMIT
    assert abs(z_of((due - 6.5) ** 2, 7.251289**2)) < Z_LIMIT
    assert abs(z_of(due == 0.0, 0.14228294)) < Z_LIMIT
    assert abs(z_of(due > 30.0, 0.01445938)) < Z_LIMIT


def test_the_bundled_population_has_its_printed_figures():
    scheme = lower(fs.load("textbook/firm_population"))
    (segment,) = scheme.segments
    column = record_names(scheme).all.index("segment/firms/population")
    stock = engine(scheme).run(3, 0, 2_000).snapshots[:, :3, column]
    for year, printed in enumerate((73_951, 79_782, 85_154)):
        mean, variance = population_moments(segment.population, 12 * (year + 1))
        assert mean == pytest.approx(printed, abs=0.5)
        assert abs(stock[:, year].mean() - mean) < Z_LIMIT * math.sqrt(variance / 2_000)
    assert segment.pd_annual == pytest.approx(0.017626, abs=5e-7)


def test_moments_of_a_population_are_those_of_its_months_one_by_one():
    """The mean by the recursion of the rule: birthdays, exits, entries."""
    population = Population(opening=(50, 40, 30), entry_annual=24.0, exit_annual=(0.1, 0.4, 0.2))
    firms = np.array(population.opening, dtype=float)
    stay = (1.0 - np.array(population.exit_annual)) ** (1 / 12)
    for month in range(30):
        if month in (12, 24):
            firms = np.array([0.0, firms[0], firms[1] + firms[2]])
        firms = firms * stay
        firms[0] += 2.0
        assert population_moments(population, month + 1)[0] == pytest.approx(firms.sum(), rel=1e-9)
