"""The core against exact laws and published figures: sampled ones by one rule, |z| ≤ 4.9."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.closed_form.samples import p_of_counts, z_of

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.reference.economy import shared_normal
from fundsim.scheme import Economy, entity, record_names
from fundsim.scheme.draws import CITY
from fundsim.verify.cash_forms import pool_depletion
from fundsim.verify.closed_forms import conditional_pd, finite_pool
from fundsim.verify.schemes import reguarantee_chain, revolving_pool, segment, single_pool, static_pool

Z_LIMIT = 4.9
PATHS = 200_000


def finals(scheme, paths, *names, seed=1, first=0):
    """Records at the end of the run-off, shape (paths,) each."""
    prepared = engine(scheme)
    columns = [record_names(scheme).all.index(name) for name in names]
    blocks = [
        prepared.run(seed, start, min(8192, first + paths - start)).snapshots[:, -1, columns]
        for start in range(first, first + paths, 8192)
    ]
    return np.concatenate(blocks).T


def pool(step_months, n_loans=100, pd=0.02, rho=0.15):
    scheme = static_pool(n_loans=n_loans, pd_annual=pd, rho=rho)
    return replace(scheme, economy=Economy(step_months=step_months, persistence=0.0))


@pytest.mark.parametrize("step_months", [12, 0], ids=["yearly factor", "static factor"])
def test_defaults_of_an_opening_stock_have_vasiceks_finite_pool_law(step_months):
    (defaults,) = finals(pool(step_months), PATHS, "book/loans/firms/n_defaulted")
    law = finite_pool(100, 0.02, 0.15)
    assert abs(z_of(defaults, law.mean)) < Z_LIMIT
    assert abs(z_of((defaults - law.mean) ** 2, law.sd**2)) < Z_LIMIT
    for level in (0.99, 0.999):
        # The quantile is right when fewer than 1 − level lie above it and more from it on.
        quantile = law.quantile(level)
        assert abs(z_of(defaults > quantile, law.tail(quantile))) < Z_LIMIT
        assert np.quantile(defaults, level, method="inverted_cdf") in {quantile - 1, quantile, quantile + 1}
    excess = np.clip(defaults - law.quantile(0.99), 0.0, None)
    shortfall = law.quantile(0.99) + excess.mean() / 0.01
    assert abs(shortfall - law.expected_shortfall(0.99)) < Z_LIMIT * excess.std() / 0.01 / math.sqrt(PATHS)
    p = p_of_counts(defaults, law.probabilities)
    assert p > 1e-6, f"p-value {p:.2g}"


def test_the_comparison_would_notice_an_asset_correlation_off_by_0_02():
    (defaults,) = finals(pool(12, rho=0.17), PATHS, "book/loans/firms/n_defaulted")
    law = finite_pool(100, 0.02, 0.15)
    assert abs(z_of((defaults - law.mean) ** 2, law.sd**2)) > Z_LIMIT


def test_the_bundled_pool_of_a_hundred_loans_has_its_printed_figures():
    (due,) = finals(lower(fs.load("textbook/vasicek_100")), PATHS, "contract/pool/due", seed=2)
    assert abs(z_of(due, 2.0)) < Z_LIMIT
    assert abs(z_of((due - 2.0) ** 2, 2.584816**2)) < Z_LIMIT
    law = finite_pool(100, 0.02, 0.15)
    for level, quantile in ((0.99, 12), (0.999, 20)):
        assert law.tail(quantile) <= 1.0 - level < law.tail(quantile - 1)
        assert abs(z_of(due > quantile, law.tail(quantile))) < Z_LIMIT
        assert abs(z_of(due >= quantile, law.tail(quantile - 1))) < Z_LIMIT
    assert abs(z_of(due == 0.0, 0.32904976)) < Z_LIMIT
    assert abs(z_of(due == 1.0, 0.23731610)) < Z_LIMIT


@cache
def j3():
    scheme = lower(fs.load("textbook/j3_single_pool"))
    names = ("party/pool/unpaid_month", "contract/pool/paid", "contract/pool/due")
    return finals(scheme, PATHS, *names)


def test_the_single_pool_is_depleted_as_often_as_other_programs_say():
    month, _, _ = j3()
    z = z_of(np.isfinite(month), 0.06996, 0.00013)
    assert abs(z) < Z_LIMIT, f"z = {z:.2f}"


def test_the_single_pool_covers_what_other_programs_say():
    _, paid, due = j3()
    z = z_of(np.where(due > 0.0, paid / np.where(due > 0.0, due, 1.0), 1.0), 0.99075, 0.00002)
    assert abs(z) < Z_LIMIT, f"z = {z:.2f}"
    # Σ paid ÷ Σ due by its linear part; the published figure has four digits.
    short = paid - 0.9721 * due
    se = math.hypot(short.std() / math.sqrt(PATHS), 5e-5 * due.mean())
    z = short.mean() / se
    assert abs(z) < Z_LIMIT, f"z = {z:.2f}"


def test_the_bundled_single_pool_is_the_scheme_written_by_hand():
    month, _, due = j3()
    names = ("party/pool/unpaid_month", "contract/pool/due")
    written = finals(single_pool(), 20_000, *names, seed=77)
    assert abs(np.isfinite(written[0]).mean() - np.isfinite(month).mean()) < 4.9 * math.sqrt(0.07 / 20_000)
    assert abs(z_of(written[1], due.mean(), due.std() / math.sqrt(due.size))) < Z_LIMIT


def test_a_loss_of_100_and_a_recovery_of_35_end_at_13_26_13_13():
    scheme = reguarantee_chain()
    start = {party.name: party.opening for party in scheme.parties}
    names = ("bank", "guarantor", "province", "national")
    balances = finals(scheme, 1, *(f"party/{name}/balance" for name in names))[:, 0]
    # The bank lent the 100 before the first month.
    outlays = [start[n] + (100.0 if n == "bank" else 0.0) - b for n, b in zip(names, balances, strict=True)]
    assert outlays == pytest.approx([13.0, 26.0, 13.0, 13.0], abs=1e-9)


def test_a_pool_under_independent_loans_is_depleted_as_its_dynamic_programme_says():
    names = ("party/pool/unpaid_month", "contract/pool/unpaid", "party/pool/balance")
    month, unpaid, balance = finals(revolving_pool(), 100_000, *names)
    exact = pool_depletion(n_loans=100, monthly_pd=0.01, opening=30, months=36, injections={12: 10, 24: 10})
    assert abs(z_of(np.isfinite(month), exact[0])) < Z_LIMIT
    assert abs(z_of(unpaid, exact[1])) < Z_LIMIT
    assert abs(z_of(balance, exact[2])) < Z_LIMIT


# The hazard split: a billion loans make a path's default rate its survival


def granted_and_held(maturity_share, months_left=None, step_months=3):
    """A billion loans, granted in month 0 or on the books before it, until all have matured."""
    firms = segment(pd_annual=0.08, rho=0.2, principal=1.0, lgd=1.0, maturity_share=maturity_share)
    base = static_pool(n_loans=10**9, pd_annual=0.08, rho=0.2)
    facility = base.facilities[0]
    if months_left is None:
        demand = replace(facility.demand, monthly=(1e9, *[0.0] * 11))
        facility = replace(facility, opening=(), demand=demand)
    else:
        facility = replace(facility, opening=(replace(facility.opening[0], months_left=months_left),))
    return replace(
        base,
        window=replace(base.window, run_off=6),
        economy=Economy(step_months=step_months, persistence=0.5),
        segments=(firms,),
        facilities=(facility,),
    )


def survival(path, months, step_months=3, seed=1):
    """Π (1 − p(X_s))^(1/12) over months, from factors that share no code with the core."""
    phi = 0.5
    q = 1.0 - 0.92 ** (step_months / 12)
    z, log_survival = 0.0, 0.0
    for month in range(max(months) + 1):
        if month % step_months == 0:
            innovation = shared_normal(seed, path, entity(CITY), month)
            z = innovation if month == 0 else phi * z + math.sqrt(1.0 - phi * phi) * innovation
        if month in months:
            log_survival += math.log1p(-float(conditional_pd(q, 0.2, z))) / step_months
    return math.exp(log_survival)


@pytest.mark.parametrize("maturity_share", [0.0, 0.4, 1.0])
def test_survival_over_life_is_the_same_on_every_path_whatever_strikes_at_maturity(maturity_share):
    (rates,) = finals(granted_and_held(maturity_share), 30, "book/loans/firms/n_defaulted") / 1e9
    expected = np.array([1.0 - survival(path, range(1, 13)) for path in range(30)])
    assert expected.std() > 0.01
    se = np.sqrt(expected * (1.0 - expected) / 1e9)
    assert np.max(np.abs(rates - expected) / se) < Z_LIMIT


def test_defaults_during_life_are_the_share_of_the_hazard_that_is_not_held_back():
    scheme = granted_and_held(0.4)
    prepared = engine(scheme, ("book/loans/firms/n_defaulted",))
    before_maturity = prepared.run(1, 0, 30).series[:, 11, 0] / 1e9
    # Exposed in months 1 … 12, of which months 1 … 11 have passed.
    expected = np.array([1.0 - survival(path, range(1, 12)) ** 0.6 for path in range(30)])
    assert np.max(np.abs(before_maturity - expected) / np.sqrt(expected / 1e9)) < Z_LIMIT


def test_an_opening_stock_has_lived_its_past_at_the_unconditional_pd():
    """With r of n months left and all held back: H = (n − r)·(−ln(1 − p))/12 + the months since."""
    (rates,) = finals(granted_and_held(1.0, months_left=5), 30, "book/loans/firms/n_defaulted") / 1e9
    past = 0.92 ** (7 / 12)
    expected = np.array([1.0 - past * survival(path, range(5)) for path in range(30)])
    assert np.max(np.abs(rates - expected) / np.sqrt(expected / 1e9)) < Z_LIMIT


def test_an_opening_stock_without_anything_held_back_has_only_its_months_left():
    (rates,) = finals(granted_and_held(0.0, months_left=5), 30, "book/loans/firms/n_defaulted") / 1e9
    expected = np.array([1.0 - survival(path, range(5)) for path in range(30)])
    assert np.max(np.abs(rates - expected) / np.sqrt(expected / 1e9)) < Z_LIMIT


def test_defaults_of_a_year_are_spread_over_its_months_by_the_hazard():
    scheme = granted_and_held(0.0, months_left=12, step_months=1)
    months = engine(scheme, ("book/loans/firms/n_defaulted",)).run(1, 0, 10).series[:, :12, 0] / 1e9
    expected = np.array([[1.0 - survival(path, range(t + 1), 1) for t in range(12)] for path in range(10)])
    assert np.max(np.abs(months - expected) / np.sqrt(expected / 1e9)) < Z_LIMIT
