"""The Student-t copula in the core: exact laws of one-year pools, and the mixing variable path by path."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import gammaincinv, ndtr, ndtri
from scipy.stats import chi2
from scipy.stats import t as student

from fundsim.core import engine
from fundsim.core.pack.mixing_table import LIMIT, NODES_PER_UNIT, tabulate_root
from fundsim.reference.economy import shared_normal
from fundsim.scheme import Economy, Purpose, entity, record_names
from fundsim.scheme.draws import CITY, MIXING
from fundsim.verify.closed_forms import student_t_pool
from fundsim.verify.schemes import static_pool

from .samples import p_of_counts, z_of

PATHS = 60_000
Z_LIMIT = 4.9
DEFAULTS = "book/loans/firms/n_defaulted"


def pool(step_months, degrees, n_loans=100, pd=0.03, rho=0.12):
    scheme = static_pool(n_loans=n_loans, pd_annual=pd, rho=rho)
    return replace(scheme, economy=Economy(step_months=step_months, persistence=0.0, t_degrees=degrees))


def defaults_of(scheme, paths=PATHS, seed=1):
    column = record_names(scheme).all.index(DEFAULTS)
    return engine(scheme).run(seed, 0, paths).snapshots[:, -1, column]


@pytest.mark.parametrize("step_months", [12, 0], ids=["yearly factor", "static factor"])
@pytest.mark.parametrize("degrees", [4.0, 8.5])
def test_defaults_of_an_opening_stock_have_the_finite_pool_law_of_a_t_copula(step_months, degrees):
    defaults = defaults_of(pool(step_months, degrees))
    law = student_t_pool(100, 0.03, 0.12, degrees)
    assert law.mean == pytest.approx(3.0, rel=1e-9), "the copula keeps the mean PD"
    assert abs(z_of(defaults, 3.0)) < Z_LIMIT
    assert abs(z_of((defaults - 3.0) ** 2, law.sd**2)) < Z_LIMIT
    p = p_of_counts(defaults, law.probabilities)
    assert p > 1e-6, f"p-value {p:.2g}"


def test_the_comparison_would_notice_half_the_degrees_of_freedom():
    law = student_t_pool(100, 0.03, 0.12, 8.0)
    none = defaults_of(pool(12, 4.0), 20_000) == 0.0
    assert abs(z_of(none, law.probabilities[0])) > Z_LIMIT


def test_many_degrees_of_freedom_are_the_gaussian_copula_path_by_path():
    """The factors and loans of both are drawn alike, so that hardly a path differs."""
    gaussian = defaults_of(pool(12, None), 5_000)
    nearly = defaults_of(pool(12, 1e6), 5_000)
    assert (gaussian != nearly).mean() < 0.02


def mixing_of(path, degrees, month, seed=1):
    """g = χ²_ν/ν from numpy's generator at the counter of the definitions."""
    counter = (int(Purpose.MIXING) << 192) + (month << 128) + (entity(MIXING) << 64)
    bits = np.random.Philox(key=np.array([seed, path], dtype=np.uint64), counter=(counter - 1) % 2**256)
    u = ((int(bits.random_raw()) >> 12) + 0.5) * 2.0**-52
    return 2.0 * float(gammaincinv(0.5 * degrees, u)) / degrees


@pytest.mark.parametrize("step_months", [1, 3])
def test_each_step_has_the_mixing_variable_of_its_own_counter(step_months):
    """A billion loans: the default rate of a path is 1 − Π (1 − q(X_s, g_s)) over the year's steps."""
    degrees, phi = 5.0, 0.5
    scheme = pool(step_months, degrees, n_loans=10**9)
    scheme = replace(scheme, economy=replace(scheme.economy, persistence=0.5))
    rates = defaults_of(scheme, 20) / 1e9
    threshold = student.ppf(-math.expm1(step_months / 12 * math.log1p(-0.03)), degrees)
    expected = []
    for path in range(20):
        z, survival = 0.0, 1.0
        for month in range(0, 12, step_months):
            innovation = shared_normal(1, path, entity(CITY), month)
            z = innovation if month == 0 else phi * z + math.sqrt(1.0 - phi * phi) * innovation
            root = math.sqrt(mixing_of(path, degrees, month))
            survival *= 1.0 - ndtr((threshold * root - math.sqrt(0.12) * z) / math.sqrt(0.88))
        expected.append(1.0 - survival)
    expected = np.array(expected)
    assert expected.std() > 0.005
    assert np.max(np.abs(rates - expected) / np.sqrt(expected * (1.0 - expected) / 1e9)) < Z_LIMIT


@pytest.mark.parametrize("degrees", [2.001, 3.0, 6.0, 40.0, 1e6])
def test_the_table_of_the_mixing_variable_is_its_quantile(degrees):
    value, slope = tabulate_root(degrees)
    z = np.concatenate([np.linspace(-8.2, 8.2, 4001), ndtri(np.linspace(0.001, 0.999, 4001))])
    node = np.floor((z + LIMIT) * NODES_PER_UNIT).astype(int)
    u = (z + LIMIT) * NODES_PER_UNIT - node
    rest = 1.0 - u
    got = (
        value[node] * (1.0 + 2.0 * u) * rest * rest
        + value[node + 1] * u * u * (3.0 - 2.0 * u)
        + (slope[node] * rest - slope[node + 1] * u) * u * rest / NODES_PER_UNIT
    )
    exact = np.sqrt(np.where(z < 0, chi2.ppf(ndtr(z), degrees), chi2.isf(ndtr(-z), degrees)) / degrees)
    assert np.abs(got - exact).max() < 1e-9


def test_losses_given_default_do_not_feel_the_mixing_variable():
    """With ρ = 0 and an LGD that follows the factor, the mean loss rate of the defaults keeps its mean."""
    base = pool(12, 3.0, n_loans=200, pd=0.2, rho=0.0)
    lgd = replace(base.segments[0].lgd, mean=0.6, sd=0.2, factor_correlation=0.3)
    scheme = replace(base, segments=(replace(base.segments[0], lgd=lgd),))
    names = record_names(scheme).all
    rows = engine(scheme).run(1, 0, 4_000).snapshots[:, -1]
    lost = rows[:, names.index("book/loans/firms/defaulted")]
    recovered = rows[:, names.index("book/loans/firms/recoverable")]
    excess = recovered - 0.4 * lost
    assert abs(excess.mean()) < Z_LIMIT * excess.std() / math.sqrt(excess.size)
