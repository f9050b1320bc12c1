"""Renewals that move with the economy, in both engines: Φ((Φ⁻¹(renew) + √r X)/√(1 − r)) in the month's X."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from tests.laws.tapes import on_tape

from fundsim.core import engine as core
from fundsim.reference import engine as reference
from fundsim.scheme import Economy, record_names
from fundsim.verify.schemes import opening_loans, segment, static_pool

Z_LIMIT = 4.9
MONTHS = 12
LOANS = {core: 20_000, reference: 600}
SCHEDULES = {"class": (), "amortising": (1.0, 0.75, 0.5, 0.25), "tape": ()}


def renewing(engine, kind="class", z=None, *, renew=0.7, renew_rho=0.4, n=None, months=MONTHS, **terms):
    """Loans of four months that default in life or at maturity never, and mature in month 3 first."""
    base = static_pool(n_loans=1, pd_annual=0.05, rho=0.2)
    firms = replace(
        segment(pd_annual=0.0, rho=0.0, principal=8.0, lgd=0.5),
        term_months=4,
        renew=renew,
        renew_rho=renew_rho,
        outstanding_share=SCHEDULES[kind],
        **terms,
    )
    if kind == "tape":
        firms = replace(firms, pd_annual=1e-12)
    facility = replace(
        base.facilities[0],
        opening=opening_loans(4, LOANS[engine] if n is None else n),
        demand=replace(base.facilities[0].demand, monthly=(0.0,) * months),
    )
    scheme = replace(
        base,
        window=replace(base.window, months=months, run_off=4),
        economy=Economy(step_months=1, persistence=0.9, fixed=() if z is None else (z,) * (months + 4)),
        segments=(firms,),
        facilities=(facility,),
    )
    return on_tape(scheme) if kind == "tape" else scheme


def records(engine, scheme, what, paths=1, seed=1):
    """Return a record of the book by path and snapshot."""
    column = record_names(scheme).all.index(f"book/loans/firms/{what}")
    return engine(scheme, ()).run(seed, 0, paths).snapshots[:, :, column]


def by_month(engine, scheme, what):
    return engine(scheme, (f"book/loans/firms/{what}",)).run(1, 0, 1).series[0, :, 0]


def chance(z, renew=0.7, r=0.4):
    return float(ndtr((ndtri(renew) + math.sqrt(r) * z) / math.sqrt(1.0 - r)))


@pytest.mark.parametrize("engine", [core, reference])
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("z", [-2.0, 0.0, 1.5])
def test_the_share_that_is_renewed_is_that_of_the_months_index(engine, kind, z):
    n, p = LOANS[engine], chance(z)
    renewed = by_month(engine, renewing(engine, kind, z), "n_renewed")
    assert renewed[2] == 0.0
    assert abs(renewed[3] - n * p) < Z_LIMIT * math.sqrt(n * p * (1.0 - p))
    again = renewed[7] - renewed[3]
    assert abs(again - renewed[3] * p) < Z_LIMIT * math.sqrt(renewed[3] * p * (1.0 - p))


@pytest.mark.parametrize("kind", ["class", "tape"])
@pytest.mark.parametrize(("default_if_not_renewed", "defaulted"), [(0.0, 0), (1.0, 50)])
def test_none_or_all_default_for_lack_of_a_renewal_in_the_best_of_times(
    kind, default_if_not_renewed, defaulted
):
    scheme = renewing(core, kind, 40.0, n=50, months=3, default_if_not_renewed=default_if_not_renewed)
    scheme = replace(scheme, facilities=(replace(scheme.facilities[0], cliff=True),))
    assert records(core, scheme, "n_defaulted")[0, -1] == defaulted


@pytest.mark.parametrize("kind", ["class", "tape"])
@pytest.mark.parametrize(("z", "renewed"), [(40.0, 150), (-40.0, 0)])
def test_all_or_none_are_renewed_in_extreme_times(kind, z, renewed):
    assert records(core, renewing(core, kind, z, n=50), "n_renewed")[0, -1] == renewed


def test_better_times_renew_more():
    assert chance(-2.0) < 0.2
    assert chance(0.0) > 0.7
    assert chance(1.5) > 0.95


@pytest.mark.parametrize("engine", [core, reference])
@pytest.mark.parametrize("kind", SCHEDULES)
def test_where_renewals_are_forbidden_those_are_hit_that_would_have_been_renewed(engine, kind):
    z, n = -1.0, LOANS[engine]
    scheme = renewing(engine, kind, z, months=3, default_if_not_renewed=0.5)
    scheme = replace(scheme, facilities=(replace(scheme.facilities[0], cliff=True),))
    p = 0.5 * chance(z)
    (defaulted,) = records(engine, scheme, "n_defaulted")[:, -1]
    assert abs(defaulted - n * p) < Z_LIMIT * math.sqrt(n * p * (1.0 - p))


@pytest.mark.parametrize("kind", SCHEDULES)
def test_the_mean_over_the_economy_is_the_stated_share(kind):
    paths, n = 4000, 200
    scheme = renewing(core, kind, n=n, months=4)
    share = records(core, scheme, "n_renewed", paths)[:, -1] / n
    assert abs(share.mean() - 0.7) < Z_LIMIT * share.std() / math.sqrt(paths)
    # Var Φ((c + √r X)/√(1 − r)) = Φ₂(c, c; r) − 0.49; a fixed probability would leave 0.7 × 0.3/200 of it.
    assert share.std() > 0.15


@pytest.mark.parametrize("engine", [core, reference])
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("renew", [0.0, 1.0])
def test_none_or_all_are_renewed_in_all_times(engine, kind, renew):
    moving = renewing(engine, kind, n=50, renew=renew, default_if_not_renewed=0.4)
    fixed = renewing(engine, kind, n=50, renew=renew, renew_rho=0.0, default_if_not_renewed=0.4)
    ours, theirs = (engine(s, ()).run(7, 0, 3).snapshots for s in (moving, fixed))
    assert np.array_equal(ours, theirs)
    assert ours[:, :, record_names(moving).all.index("book/loans/firms/n_renewed")].max() == 150.0 * renew
