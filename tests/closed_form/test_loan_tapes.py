"""Loans of a tape against exact laws: like loans, unlike loans by recursion, and hazards month by month."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from tests.laws.tapes import on_tape, tape_of_rows

from fundsim.core import engine
from fundsim.scheme import Economy, Lgd, record_names
from fundsim.verify.closed_forms import finite_pool
from fundsim.verify.schemes import segment, static_pool

from .samples import p_of_counts, z_of

Z_LIMIT = 4.9


def finals(scheme, paths, *names, seed=1):
    """Records at the end of the run-off, shape (paths,) each."""
    columns = [record_names(scheme).all.index(f"book/loans/firms/{name}") for name in names]
    return engine(scheme).run(seed, 0, paths).snapshots[:, -1, columns].T


def z_between(one, other):
    """Standard errors between the means of two samples; 0 where both are the same for certain."""
    se = math.hypot(*(s.std(ddof=1) / math.sqrt(s.size) for s in (one, other)))
    gap = one.mean() - other.mean()
    return gap / se if se > 0.0 else (0.0 if gap == 0.0 else math.inf)


def one_period(rows, **changes):
    """Loans of a tape in the year of a one-factor pool; rows of (principal, PD, mean LGD)."""
    base = static_pool(n_loans=1, pd_annual=0.05, rho=0.2)
    tape = tape_of_rows([("firms", principal, 12, pd, lgd) for principal, pd, lgd in rows])
    firms = segment(**{"pd_annual": 0.05, "rho": 0.2, "principal": 1.0, "lgd": 1.0} | changes)
    return replace(
        base,
        economy=Economy(step_months=12, persistence=0.0),
        segments=(firms,),
        facilities=(replace(base.facilities[0], opening=(), tape=tape),),
    )


def test_like_loans_of_a_tape_have_vasiceks_finite_pool_law():
    scheme = one_period([(1.0, 0.02, 1.0)] * 100, rho=0.15)
    paths = 60_000
    (defaults,) = finals(scheme, paths, "n_defaulted")
    law = finite_pool(100, 0.02, 0.15)
    assert abs(z_of(defaults, law.mean)) < Z_LIMIT
    assert abs(z_of((defaults - law.mean) ** 2, law.sd**2)) < Z_LIMIT
    assert p_of_counts(defaults, law.probabilities) > 1e-6


def recursion(rows, rho):
    """Law of Σ principal of defaults: given X by recursion over the loans, then mixed over X.

    Hull, White (2004); the trapezoid rule over X is exact to the last digits.
    """
    x = np.linspace(-9.0, 9.0, 721)
    weight = np.exp(-0.5 * x * x)
    weight /= weight.sum()
    law = np.zeros((x.size, 1 + sum(principal for principal, _ in rows)))
    law[:, 0] = 1.0
    for principal, pd in rows:
        p = ndtr((ndtri(pd) - math.sqrt(rho) * x) / math.sqrt(1.0 - rho))[:, None]
        hit = np.roll(law, principal, axis=1)
        hit[:, :principal] = 0.0
        law = (1.0 - p) * law + p * hit
    return weight @ law


def test_unlike_loans_have_the_law_of_the_recursion():
    rows = [(1 + n % 3, 0.004 * 1.06**n) for n in range(60)]
    assert max(pd for _, pd in rows) > 0.1
    scheme = one_period([(float(principal), pd, 1.0) for principal, pd in rows])
    paths = 60_000
    (amount,) = finals(scheme, paths, "defaulted")
    law = recursion(rows, 0.2)
    values = np.arange(law.size)
    mean = float(law @ values)
    assert abs(z_of(amount, mean)) < Z_LIMIT
    assert abs(z_of((amount - mean) ** 2, float(law @ (values - mean) ** 2))) < Z_LIMIT
    assert p_of_counts(amount, law) > 1e-6


def test_the_recursion_would_notice_loans_that_swap_their_risks():
    rows = [(1 + n % 3, 0.004 * 1.06**n) for n in range(60)]
    sizes, risks = (sorted(column) for column in zip(*rows, strict=True))
    swapped = list(zip(sizes, risks, strict=True))
    paths = 60_000
    (amount,) = finals(one_period([(float(a), pd, 1.0) for a, pd in swapped]), paths, "defaulted")
    law = recursion(rows, 0.2)
    assert abs(z_of(amount, float(law @ np.arange(law.size)))) > Z_LIMIT


CONFIGURATIONS = {
    "in life": {},
    "at maturity": {"maturity_share": 1.0},
    "renewed, some at maturity, random losses": {"maturity_share": 0.3, "renew": 0.8, "sd": 0.2},
    "always renewed, quarterly": {"renew": 1.0, "step": 3},
    "a cliff": {"renew": 0.7, "default_if_not_renewed": 0.4, "cliff": True},
    "a cliff for all": {"renew": 1.0, "default_if_not_renewed": 1.0, "cliff": True, "step": 12},
    "a cliff in bad times": {
        "renew": 0.7,
        "renew_rho": 0.6,
        "default_if_not_renewed": 0.6,
        "cliff": True,
        "step": 3,
    },
    "renewed in good times": {"renew": 0.8, "renew_rho": 0.4, "maturity_share": 0.3, "step": 12},
    "a t copula": {"t_degrees": 4.0, "renew": 0.5},
    "cut off before the end": {"renew": 0.9, "run_off": 3},
}


def revolving(
    maturity_share=0.0, renew=0.0, default_if_not_renewed=0.0, sd=0.0, step=1, cliff=False, t_degrees=None,
    run_off=12, renew_rho=0.0,
):  # fmt: skip
    """An opening stock of 240 loans in a class, spread unevenly over the months left; no new loans."""
    base = static_pool(n_loans=1, pd_annual=0.1, rho=0.2)
    firms = replace(
        segment(pd_annual=0.1, rho=0.2, principal=2.5, lgd=0.5, maturity_share=maturity_share),
        lgd=Lgd(mean=0.5, sd=sd, factor_correlation=0.3 if sd else 0.0),
        renew=renew,
        renew_rho=renew_rho,
        default_if_not_renewed=default_if_not_renewed,
    )
    stocks = [replace(base.facilities[0].opening[0], months_left=m, n_loans=2 * m + 7) for m in range(1, 13)]
    demand = replace(base.facilities[0].demand, monthly=(0.0,) * 24)
    facility = replace(base.facilities[0], opening=tuple(stocks), demand=demand, cliff=cliff)
    return replace(
        base,
        window=replace(base.window, months=24, run_off=run_off),
        economy=Economy(step_months=step, persistence=0.5, t_degrees=t_degrees),
        segments=(firms,),
        facilities=(facility,),
    )


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_tape_of_like_loans_has_the_law_of_the_class(name):
    scheme = revolving(**CONFIGURATIONS[name])
    what = ("n_defaulted", "n_renewed", "recoverable", "matured", "n_performing", "defaulted_at_cliff")
    ours, theirs = finals(on_tape(scheme), 20_000, *what), finals(scheme, 20_000, *what, seed=2)
    assert max(values.std() for values in ours) > 0.0
    for record, one, other in zip(what, ours, theirs, strict=True):
        z = z_between(one, other)
        assert abs(z) < Z_LIMIT, f"{record}: z = {z:.2f}"
        z = z_between((one - theirs.mean()) ** 2, (other - theirs.mean()) ** 2)
        assert abs(z) < Z_LIMIT, f"{record}, second moment: z = {z:.2f}"


@pytest.mark.parametrize("maturity_share", [0.0, 0.4, 1.0])
def test_many_loans_default_by_month_as_the_class_with_the_same_factors(maturity_share):
    """With the same seed both live through the same economy, and many loans leave only its hazards."""
    scheme = revolving(maturity_share=maturity_share, renew=0.6)
    facility = scheme.facilities[0]
    many = tuple(replace(stock, n_loans=20_000) for stock in facility.opening)
    classes = replace(scheme, facilities=(replace(facility, opening=many),))
    series = ("book/loans/firms/n_defaulted", "book/loans/firms/n_performing")
    ours, theirs = (engine(s, series).run(3, 0, 4).series for s in (on_tape(classes), classes))
    assert theirs[:, -1, 0].std() > 500.0
    spread = np.sqrt(np.maximum(theirs, 25.0) * 2.0)
    assert np.max(np.abs(ours - theirs) / spread) < Z_LIMIT


def test_the_mean_loss_of_a_loan_is_its_own():
    rows = [(1.0, 0.3, 0.2)] * 40 + [(1.0, 0.3, 0.8)] * 40
    scheme = one_period(rows, lgd=0.5)
    firms = replace(scheme.segments[0], lgd=Lgd(mean=0.5, sd=0.15), rho=0.0)
    recoverable, defaulted = finals(replace(scheme, segments=(firms,)), 20_000, "recoverable", "defaulted")
    assert abs(z_of(defaulted, 24.0)) < Z_LIMIT
    assert abs(z_of(recoverable, 12.0)) < Z_LIMIT
    # Σ over the loans of p E[(1 − L)²] − p² E[1 − L]², with a variance of L of 0.15².
    variance = 40 * sum(0.3 * ((1 - m) ** 2 + 0.15**2) - 0.09 * (1 - m) ** 2 for m in (0.2, 0.8))
    assert abs(z_of((recoverable - 12.0) ** 2, variance)) < Z_LIMIT
