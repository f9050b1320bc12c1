"""What amortising loans owe when they default, against sums over the law of the default time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from fundsim.core import engine
from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import Economy, record_names
from fundsim.verify.schemes import static_pool


def expected_exposure(survival, shares) -> float:
    """Return Σ s_a (S(a − 1) − S(a)), the expected exposure at default per yuan granted."""
    steps = [survival(a - 1) - survival(a) for a in range(1, len(shares) + 1)]
    return math.fsum(s * step for s, step in zip(shares, steps, strict=True))


@pytest.mark.parametrize("repayment", ["annuity", "linear"])
def test_expected_exposure_at_default_has_its_closed_form_under_a_static_factor(repayment):
    """The copula keeps each loan's own law of default: S(a) = (1 − p)^(a/12), whatever ρ is."""
    check_exposure(repayment, 0, lambda a: (1.0 - 0.2) ** (a / 12))


@pytest.mark.parametrize("repayment", ["annuity", "linear"])
def test_expected_exposure_at_default_has_its_closed_form_under_a_yearly_factor(repayment):
    """S(a) = E (1 − q(X))^(a/12), by Gauss–Hermite quadrature of Vasicek's q(X)."""

    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    q = ndtr((ndtri(0.2) - math.sqrt(0.15) * nodes) / math.sqrt(0.85))
    law = weights / weights.sum()
    check_exposure(repayment, 12, lambda a: float(law @ (1.0 - q) ** (a / 12)))


def check_exposure(repayment, step_months, survival) -> None:
    n_paths = 20_000
    scheme = static_pool(n_loans=50, pd_annual=0.2, rho=0.15)
    (segment,) = scheme.segments
    shares = outstanding_share(repayment, segment.term_months, 0.12)
    scheme = replace(
        scheme,
        economy=Economy(step_months=step_months, persistence=0.0),
        segments=(replace(segment, outstanding_share=shares),),
    )
    column = record_names(scheme).all.index("book/loans/firms/defaulted")
    defaulted = engine(scheme, ()).run(7, 0, n_paths).snapshots[:, -1, column]
    expected = 50 * segment.bands[0].principal * expected_exposure(survival, shares)
    z = (defaulted.mean() - expected) / (defaulted.std() / math.sqrt(n_paths))
    assert abs(z) < 4.9
    # The full principal, which a bullet would lose, is far outside.
    full = 50 * segment.bands[0].principal * (1.0 - survival(12))
    assert (full - defaulted.mean()) / (defaulted.std() / math.sqrt(n_paths)) > 30
