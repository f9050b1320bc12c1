"""Exact results on the cash of a pool: depletion and ruin."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad
from scipy.special import gammaln, xlog1py, xlogy

__all__ = ["pool_depletion", "ruin_probability"]


def pool_depletion(
    *, n_loans: int, monthly_pd: float, opening: int, months: int, injections: dict[int, int]
) -> tuple[float, float, float]:
    """Return P(depleted), E[unpaid] and E[end balance] of a pool of independent loans, exactly.

    A dynamic programme over the balance in whole claims: each month an injection at its start, then
    Binomial(n, p) claims, paid as far as the balance goes; n is kept constant.

    Args:
        n_loans: loans at risk in each month.
        monthly_pd: probability of default of each in each month.
        opening: opening balance [claims].
        months: number of months.
        injections: month, counted from 0 → amount [claims].

    >>> pool_depletion(n_loans=1, monthly_pd=0.5, opening=1, months=2, injections={})
    (0.25, 0.25, 0.25)
    """
    k = np.arange(n_loans + 1)
    log_choose = gammaln(n_loans + 1) - gammaln(k + 1) - gammaln(n_loans - k + 1)
    claims = np.exp(log_choose + xlogy(k, monthly_pd) + xlog1py(n_loans - k, -monthly_pd))
    top = opening + sum(injections.values())
    # The state is (depleted before?, balance).
    sound, depleted = np.zeros(top + 1), np.zeros(top + 1)
    sound[opening] = 1.0
    unpaid = 0.0
    for month in range(months):
        lift = injections.get(month, 0)
        if lift:
            sound = np.concatenate([np.zeros(lift), sound[: top + 1 - lift]])
            depleted = np.concatenate([np.zeros(lift), depleted[: top + 1 - lift]])
        next_sound, next_depleted = np.zeros(top + 1), np.zeros(top + 1)
        for balance in range(top + 1):
            mass, lost = sound[balance], depleted[balance]
            paid = k[: min(balance, n_loans) + 1]
            next_sound[balance - paid] += mass * claims[paid]
            next_depleted[balance - paid] += lost * claims[paid]
            short = claims[balance + 1 :]
            next_depleted[0] += (mass + lost) * short.sum()
            unpaid += (mass + lost) * float(short @ np.arange(1, short.size + 1))
        sound, depleted = next_sound, next_depleted
    end_balance = float((sound + depleted) @ np.arange(top + 1))
    return float(depleted.sum()), float(unpaid), end_balance


def ruin_probability(arrival_rate: float, opening: float, horizon: float) -> float:
    """Return the probability that a pool fed at rate 1 and hit by Exp(1) claims falls below 0 by T.

    ``ψ(u, T) = λ e^{−(1−λ)u} − (1/π) ∫₀^π f₁ f₂ / f₃ dx`` with
    ``f₁ = λ exp(2 sqrt(λ) T cos x − (1 + λ)T + u (sqrt(λ) cos x − 1))``,
    ``f₂ = cos(u sqrt(λ) sin x) − cos(u sqrt(λ) sin x + 2x)``, ``f₃ = 1 + λ − 2 sqrt(λ) cos x``
    (Asmussen 2000, Ruin Probabilities, proposition IV.1.3).

    Args:
        arrival_rate: λ, claims per unit of time, below 1.
        opening: u, opening balance [mean claims].
        horizon: T.
    """
    root = math.sqrt(arrival_rate)

    def integrand(x: float) -> float:
        growth = 2.0 * root * horizon * math.cos(x) - (1.0 + arrival_rate) * horizon
        angle = opening * root * math.sin(x)
        size = arrival_rate * math.exp(growth + opening * (root * math.cos(x) - 1.0))
        wave = math.cos(angle) - math.cos(angle + 2.0 * x)
        return size * wave / (1.0 + arrival_rate - 2.0 * root * math.cos(x))

    area, _ = quad(integrand, 0.0, math.pi, epsabs=1e-15, epsrel=1e-13, limit=400)
    return arrival_rate * math.exp(-(1.0 - arrival_rate) * opening) - area / math.pi
