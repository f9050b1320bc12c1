"""Exact results of portfolio credit risk, to check both engines against.

Notation: p the PD, ρ the asset correlation, Φ the standard normal distribution function, Φ₂ the
bivariate one, ``p(x) = Φ((Φ⁻¹(p) − sqrt(ρ) x)/sqrt(1 − ρ))`` the PD given the factor x.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.integrate import quad
from scipy.special import gammaln, log_ndtr, ndtr, ndtri

__all__ = [
    "LossLaw",
    "VasicekLimit",
    "basel_risk_weight",
    "bivariate_normal_cdf",
    "capped_guarantee_payout",
    "conditional_pd",
    "finite_pool",
    "heterogeneous_pool",
    "joint_default_probability",
    "student_t_pool",
    "vintage_default_moments",
    "worst_case_default_rate",
]

FACTOR_STEP = 1.0 / 64.0
FACTOR_REACH = 12.0
"""A trapezoid of this step over ± this reach integrates the factor to better than 1e-12.

Gauss-Hermite nodes would not do: with 64 of them a pool of 1,223 loans is wrong by more than 1 %.
"""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LossLaw:
    """A discrete law of losses on 0, 1, 2 … units."""

    probabilities: Floats
    """Shape (largest loss + 1,)."""

    @property
    def cdf(self) -> Floats:
        """P(L ≤ k) at k = 0, 1, 2 …, shape (largest loss + 1,)."""
        return np.cumsum(self.probabilities)

    @property
    def mean(self) -> float:
        """Expected loss [units]."""
        return float(np.arange(self.probabilities.size) @ self.probabilities)

    @property
    def sd(self) -> float:
        """Standard deviation of the loss [units]."""
        distance = np.arange(self.probabilities.size) - self.mean
        return float(np.sqrt(distance * distance @ self.probabilities))

    def quantile(self, level: float) -> int:
        """Return the smallest k with P(L ≤ k) ≥ level [units]."""
        return int(np.searchsorted(self.cdf, level))

    def expected_shortfall(self, level: float) -> float:
        """Return (1/(1 − a)) ∫ₐ¹ VaR_u du [units] (Acerbi and Tasche 2002)."""
        var = self.quantile(level)
        beyond = np.arange(var + 1, self.probabilities.size)
        tail = self.probabilities[var + 1 :]
        return float((beyond @ tail + var * (1.0 - level - tail.sum())) / (1.0 - level))

    def tail(self, level: float) -> float:
        """Return P(L > level)."""
        return float(self.probabilities[math.floor(level) + 1 :].sum())

    def tranche(self, attach: float, detach: float) -> float:
        """Return E[min(max(L − attach, 0), detach − attach)] [units]."""
        losses = np.arange(self.probabilities.size)
        return float(np.clip(losses - attach, 0.0, detach - attach) @ self.probabilities)


def _factor_grid() -> tuple[Floats, Floats]:
    """Return nodes and weights of the standard normal factor."""
    count = round(2 * FACTOR_REACH / FACTOR_STEP) + 1
    nodes = np.linspace(-FACTOR_REACH, FACTOR_REACH, count)
    return nodes, np.exp(-0.5 * nodes * nodes) * FACTOR_STEP / math.sqrt(2.0 * math.pi)


def conditional_pd(pd: float | Floats, rho: float, factor: float | Floats) -> Floats:
    """Return Φ((Φ⁻¹(p) − sqrt(ρ) x)/sqrt(1 − ρ)) (Vasicek 1987, 2002).

    Args:
        pd: PD [share].
        rho: asset correlation.
        factor: x [standard deviations].

    >>> round(float(conditional_pd(0.02, 0.0, -3.0)), 12)    # without correlation the factor is nothing
    0.02
    """
    return np.asarray(ndtr((ndtri(pd) - math.sqrt(rho) * np.asarray(factor)) / math.sqrt(1.0 - rho)))


def finite_pool(n_loans: int, pd: float, rho: float) -> LossLaw:
    """Return the law of the number of defaults among n equal loans: a mixture of binomials.

    ``P(N = k) = ∫ C(n, k) p(x)^k (1 − p(x))^(n−k) φ(x) dx`` (Vasicek 1987, "Probability of loss on loan
    portfolio"), by a trapezoid in the factor, accurate to 1e-12.

    Args:
        n_loans: n.
        pd: PD of each [share].
        rho: asset correlation.

    >>> law = finite_pool(2, 0.1, 0.0)
    >>> law.probabilities.round(12).tolist()
    [0.81, 0.18, 0.01]
    """
    nodes, weights = _factor_grid()
    a = (ndtri(pd) - math.sqrt(rho) * nodes) / math.sqrt(1.0 - rho)
    return LossLaw(_binomial_mixture(n_loans, np.asarray(log_ndtr(a)), np.asarray(log_ndtr(-a)), weights))


def _binomial_mixture(n_loans: int, log_p: Floats, log_survive: Floats, weights: Floats) -> Floats:
    """Return Σ_j w_j Binomial(n, p_j) from ln p_j and ln(1 − p_j), shape (n + 1,)."""
    k = np.arange(n_loans + 1)
    log_choose = gammaln(n_loans + 1) - gammaln(k + 1) - gammaln(n_loans - k + 1)
    result = np.empty(n_loans + 1)
    for start in range(0, n_loans + 1, 256):
        some = slice(start, start + 256)
        exponents = log_choose[some] + np.outer(log_p, k[some]) + np.outer(log_survive, n_loans - k[some])
        result[some] = weights @ np.exp(exponents)
    return result


def student_t_pool(n_loans: int, pd: float, rho: float, degrees: float) -> LossLaw:
    """Return the law of defaults under a one-factor Student-t copula.

    A loan defaults when ``sqrt(ν/W)(sqrt(ρ) Z + sqrt(1 − ρ) ε) < t_ν⁻¹(p)`` with one W ~ χ²_ν for all;
    given Z and g = W/ν the PD is ``Φ((t_ν⁻¹(p) sqrt(g) − sqrt(ρ) Z)/sqrt(1 − ρ))`` (Frey and McNeil 2003).
    The trapezoid over ln W converges geometrically, as that over Z does.

    Args:
        n_loans: number of loans.
        pd: PD of each [share].
        rho: correlation of the latent variables.
        degrees: ν, degrees of freedom.
    """
    nodes, weights = _factor_grid()
    log_w = np.arange(-40.0, 8.0, 1.0 / 16.0)
    log_density = 0.5 * degrees * log_w - 0.5 * np.exp(log_w) - 0.5 * degrees * math.log(2.0)
    w_weights = np.exp(log_density - gammaln(0.5 * degrees)) / 16.0
    threshold = float(stats.t.ppf(pd, degrees))
    law = np.zeros(n_loans + 1)
    for value, weight in zip(np.exp(log_w), w_weights, strict=True):
        if weight < 1e-18:
            continue
        a = (threshold * math.sqrt(value / degrees) - math.sqrt(rho) * nodes) / math.sqrt(1.0 - rho)
        mixture = _binomial_mixture(n_loans, np.asarray(log_ndtr(a)), np.asarray(log_ndtr(-a)), weights)
        law += weight * mixture
    return LossLaw(law)


def heterogeneous_pool(pds: Sequence[float], units: Sequence[int], rho: float) -> LossLaw:
    """Return the law of losses of unequal loans by the recursion of Andersen, Sidenius and Basu (2003).

    Given the factor, loan after loan: ``P(L = l) ← (1 − p_k(x)) P(L = l) + p_k(x) P(L = l − c_k)``.

    Args:
        pds: PD of each loan [share].
        units: loss of each loan, whole units.
        rho: asset correlation.
    """
    nodes, weights = _factor_grid()
    law = np.zeros((nodes.size, sum(units) + 1))
    law[:, 0] = 1.0
    for pd, unit in zip(pds, units, strict=True):
        p = conditional_pd(pd, rho, nodes)[:, None]
        shifted = np.zeros_like(law)
        shifted[:, unit:] = law[:, :-unit]
        law = (1.0 - p) * law + p * shifted
    return LossLaw(weights @ law)


def bivariate_normal_cdf(a: float, b: float, correlation: float) -> float:
    """Return Φ₂(a, b; r) by Plackett's identity.

    ``Φ₂ = Φ(a)Φ(b) + (1/2π) ∫₀^{asin r} exp(−(a² + b² − 2ab sin θ)/(2 cos² θ)) dθ`` (Plackett 1954,
    with r = sin θ).

    Args:
        a: first bound.
        b: second bound.
        correlation: r, −1 < r < 1.

    >>> round(bivariate_normal_cdf(0.0, 0.0, 0.5), 12)    # 1/4 + asin(1/2)/2π = 1/3
    0.333333333333
    """

    def integrand(theta: float) -> float:
        sine, cosine = math.sin(theta), math.cos(theta)
        return math.exp(-(a * a + b * b - 2.0 * a * b * sine) / (2.0 * cosine * cosine))

    area, _ = quad(integrand, 0.0, math.asin(correlation), epsabs=1e-16, epsrel=1e-13)
    return float(ndtr(a)) * float(ndtr(b)) + area / (2.0 * math.pi)


def joint_default_probability(pd_first: float, pd_second: float, rho: float) -> float:
    """Return the probability that two firms both default: Φ₂(Φ⁻¹(p₁), Φ⁻¹(p₂); ρ).

    Args:
        pd_first: p₁ [share].
        pd_second: p₂ [share].
        rho: asset correlation of the two.
    """
    return bivariate_normal_cdf(float(ndtri(pd_first)), float(ndtri(pd_second)), rho)


@dataclass(frozen=True)
class VasicekLimit:
    """Law of the default rate of an infinitely fine pool of equal loans (Vasicek 1991, 2002)."""

    pd: float
    rho: float

    @property
    def mean(self) -> float:
        """The PD itself."""
        return self.pd

    @property
    def sd(self) -> float:
        """Sqrt(Φ₂(c, c; ρ) − p²), c = Φ⁻¹(p)."""
        return math.sqrt(joint_default_probability(self.pd, self.pd, self.rho) - self.pd * self.pd)

    def quantile(self, level: float) -> float:
        """Return Φ((Φ⁻¹(p) + sqrt(ρ) Φ⁻¹(a))/sqrt(1 − ρ)) [share]."""
        return float(conditional_pd(self.pd, self.rho, -float(ndtri(level))))

    def cdf(self, rate: float) -> float:
        """Return P(default rate ≤ rate)."""
        score = math.sqrt(1.0 - self.rho) * float(ndtri(rate)) - float(ndtri(self.pd))
        return float(ndtr(score / math.sqrt(self.rho)))

    def expected_shortfall(self, level: float) -> float:
        """Return E[rate | rate ≥ VaR] = Φ₂(Φ⁻¹(p), −Φ⁻¹(a); sqrt(ρ))/(1 − a) [share].

        The rate is above its a-quantile just when the factor is below −Φ⁻¹(a).
        """
        joint = bivariate_normal_cdf(float(ndtri(self.pd)), -float(ndtri(level)), math.sqrt(self.rho))
        return joint / (1.0 - level)


def worst_case_default_rate(pd: float, rho: float, level: float) -> float:
    """Return WCDR(T, X), the limit law's quantile under its textbook name (Hull).

    Args:
        pd: PD [share].
        rho: asset correlation.
        level: confidence X.

    >>> round(worst_case_default_rate(0.02, 0.1, 0.999), 3)
    0.128
    """
    return VasicekLimit(pd, rho).quantile(level)


def basel_risk_weight(
    pd: float, lgd: float, exposure: str, *, turnover_million: float = 50.0, maturity: float = 2.5
) -> float:
    """Return the risk weight of the Basel II internal-ratings approach, 12.5 × K [percent].

    K = LGD (p(VaR 99.9 %) − PD) × maturity adjustment, without the 1.06 scaling factor (BCBS,
    International Convergence, June 2006, paragraphs 272–273 and 328–330).

    Args:
        pd: PD [share].
        lgd: loss given default [share].
        exposure: ``corporate``, ``mortgage``, ``revolving`` or ``other_retail``.
        turnover_million: yearly sales of a corporate, in million euro; 5 … 50 lowers ρ.
        maturity: effective maturity of a corporate exposure [years].
    """
    adjustment = 1.0
    if exposure == "corporate":
        size = 0.04 * (1.0 - (min(max(turnover_million, 5.0), 50.0) - 5.0) / 45.0)
        rho = _falling_correlation(pd, 0.12, 0.24, 50.0) - size
        b = (0.11852 - 0.05478 * math.log(pd)) ** 2
        adjustment = (1.0 + (maturity - 2.5) * b) / (1.0 - 1.5 * b)
    elif exposure == "other_retail":
        rho = _falling_correlation(pd, 0.03, 0.16, 35.0)
    else:
        rho = {"mortgage": 0.15, "revolving": 0.04}[exposure]
    capital = lgd * (worst_case_default_rate(pd, rho, 0.999) - pd) * adjustment
    return 12.5 * capital * 100.0


def _falling_correlation(pd: float, low: float, high: float, decay: float) -> float:
    """Return ρ falling from ``high`` at PD 0 towards ``low``."""
    weight = math.expm1(-decay * pd) / math.expm1(-decay)
    return low * weight + high * (1.0 - weight)


def vintage_default_moments(
    *, n_loans: int, n_vintages: int, pd: float, rho: float, persistence: float
) -> tuple[float, float]:
    """Return mean and standard deviation of the sum of yearly default rates of successive vintages.

    Each vintage of n equal loans lives through one factor year; the factors of years i and j have the
    correlation φ^|i−j|, so a pair of loans of the two defaults jointly with probability
    ``J(ρ φ^|i−j|)``, ``J(r) = Φ₂(c, c; r)``, and the variance is
    ``Σ_i (p/n + (1 − 1/n) J(ρ) − p²) + Σ_{i≠j} (J(ρ φ^|i−j|) − p²)``.

    Args:
        n_loans: n, in each vintage.
        n_vintages: number of vintages.
        pd: p [share].
        rho: asset correlation.
        persistence: φ, from one year to the next.
    """
    variance = 0.0
    for i in range(n_vintages):
        for j in range(n_vintages):
            joint = joint_default_probability(pd, pd, rho * persistence ** abs(i - j))
            if i == j:
                joint = pd / n_loans + (1.0 - 1.0 / n_loans) * joint
            variance += joint - pd * pd
    return n_vintages * pd, math.sqrt(variance)


def capped_guarantee_payout(share: float, cap_rate: float, pd: float, rho: float, lgd: float = 1.0) -> float:
    """Return E[payout] per yuan of a portfolio under a capped guarantee, in the limit of fine loans.

    ``payout = min(g L, g c V)`` (the capped portfolio guarantees of the European Investment Fund): the
    cap binds from the default rate c/LGD on, so

    ``E = g (LGD · E[R; R ≤ c/LGD] + c P(R > c/LGD))``, ``E[R; R > r] = Φ₂(Φ⁻¹(p), z; sqrt(ρ))`` with z
    the factor at which the rate is r.

    A pool of 1/L of the lending that pays the share g is the same thing with c = 1/(L g).

    Args:
        share: g, the guarantee's share of each loss.
        cap_rate: c, the cap on the portfolio's loss rate.
        pd: PD [share].
        rho: asset correlation, above 0.
        lgd: loss given default [share].
    """
    rate = cap_rate / lgd
    if rate >= 1.0:
        return share * lgd * pd
    z = (float(ndtri(pd)) - math.sqrt(1.0 - rho) * float(ndtri(rate))) / math.sqrt(rho)
    beyond = float(ndtr(z))
    mean_beyond = bivariate_normal_cdf(float(ndtri(pd)), z, math.sqrt(rho))
    return share * (lgd * (pd - mean_beyond) + cap_rate * beyond)
