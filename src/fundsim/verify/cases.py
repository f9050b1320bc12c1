"""Published and derived figures of lending, as data: what was printed where, and to how many digits.

A figure marked as derived was computed once, outside this package, by a second program or in extended
precision; it guards the formulas of `fundsim.verify.closed_forms` against their own author.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "BASEL_PDS",
    "BASEL_RISK_WEIGHTS",
    "FIFTEEN_CELLS",
    "FINITE_POOLS",
    "HETEROGENEOUS",
    "JOINT_DEFAULTS",
    "LIMIT_LAWS",
    "POOL_DEPLETION",
    "RUIN",
    "RUIN_HORIZONS",
    "SINGLE_POOL",
    "SINGLE_POOL_COVERAGE",
    "SINGLE_POOL_PATHS",
    "STUDENT_POOL",
    "VASICEK_TABLE",
    "VASICEK_TABLE_LEVELS",
    "BaselColumn",
    "Cell",
    "FinitePool",
    "HeterogeneousPool",
    "Sampled",
    "StudentPool",
]

VASICEK_TABLE_LEVELS: Final = (0.9, 0.99, 0.999, 0.9999)

VASICEK_TABLE: Final = {
    # (PD, ρ): the printed row of (L_a − p)/s, and the same in extended precision
    (0.01, 0.1): (
        (1.19, 3.8, 7.0, 10.7),
        (1.1878233277262276, 3.822805346340073, 7.012239332631985, 10.665031764518943),
    ),
    (0.01, 0.4): (
        (0.55, 4.5, 11.0, 18.2),
        (0.5484678672409693, 4.5106766684584585, 11.0414650718645, 18.185375578054273),
    ),
    (0.001, 0.1): (
        (0.98, 4.1, 8.8, 15.4),
        (0.9791052381778751, 4.086157679491764, 8.834184644112042, 15.367325774837754),
    ),
    (0.001, 0.4): (
        (0.12, 3.2, 13.2, 31.8),
        (0.11713813813250334, 3.245106528469583, 13.177232321002057, 31.74556664684462),
    ),
}
"""O. Vasicek (2002), "The distribution of loan portfolio value", Risk 15(12), 160–162: quantiles of the
limit law in standard deviations from its mean.  Every printed figure is within one unit of its last digit;
the very last, 31.8, is one too high."""

LIMIT_LAWS: Final = {
    # (PD, ρ): standard deviation; quantiles at 95, 99, 99.5, 99.9 and 99.99 %
    (0.03, 0.12): (
        0.026117822243144167,
        0.08112708579137178,
        0.12592409269515137,
        0.14599990559273326,
        0.193851956174732,
        0.263825819671309,
    ),
    (0.02, 0.10): (
        0.016970091163910253,
        0.05298698184639106,
        0.0823567692572362,
        0.09573689374057709,
        0.12823710729942311,
        0.17743893240248426,
    ),
}
"""Limit law of the default rate (Vasicek 1991, 2002), derived in extended precision."""


@dataclass(frozen=True)
class BaselColumn:
    """A column of the annex: an exposure class, its LGD, and 12 risk weights."""

    exposure: str
    lgd: float
    turnover_million: float
    risk_weights_percent: tuple[float, ...]


BASEL_PDS: Final = (0.0003, 0.0005, 0.001, 0.0025, 0.004, 0.005, 0.0075, 0.01, 0.013, 0.015, 0.02, 0.025)

BASEL_RISK_WEIGHTS: Final = (
    BaselColumn(
        "corporate",
        0.45,
        50.0,
        (14.44, 19.65, 29.65, 49.47, 62.72, 69.61, 82.78, 92.32, 100.95, 105.59, 114.86, 122.16),
    ),
    BaselColumn(
        "corporate",
        0.45,
        5.0,
        (11.3, 15.39, 23.3, 39.01, 49.49, 54.91, 65.14, 72.4, 78.77, 82.11, 88.55, 93.43),
    ),
    BaselColumn(
        "mortgage",
        0.45,
        50.0,
        (4.15, 6.23, 10.69, 21.3, 29.94, 35.08, 46.46, 56.4, 67.0, 73.45, 87.94, 100.64),
    ),
    BaselColumn(
        "mortgage",
        0.25,
        50.0,
        (2.3, 3.46, 5.94, 11.83, 16.64, 19.49, 25.81, 31.33, 37.22, 40.8, 48.85, 55.91),
    ),
    BaselColumn(
        "other_retail",
        0.45,
        50.0,
        (4.45, 6.63, 11.16, 21.15, 28.42, 32.36, 40.1, 45.77, 50.8, 53.37, 57.99, 60.9),
    ),
    BaselColumn(
        "other_retail",
        0.85,
        50.0,
        (8.41, 12.52, 21.08, 39.96, 53.69, 61.13, 75.74, 86.46, 95.95, 100.81, 109.53, 115.03),
    ),
    BaselColumn(
        "revolving",
        0.45,
        50.0,
        (0.98, 1.51, 2.71, 5.76, 8.41, 10.04, 13.8, 17.22, 21.02, 23.4, 28.92, 33.98),
    ),
    BaselColumn(
        "revolving",
        0.85,
        50.0,
        (1.85, 2.86, 5.12, 10.88, 15.88, 18.97, 26.06, 32.53, 39.7, 44.19, 54.63, 64.18),
    ),
)
"""BCBS (June 2006), International Convergence of Capital Measurement and Capital Standards
(comprehensive version), Annex 5, illustrative risk weights [percent], rows PD 0.03 % to 2.50 %."""


@dataclass(frozen=True)
class FinitePool:
    """A pool of equal loans and its exact law of defaults, derived to 16 digits."""

    n_loans: int
    pd: float
    rho: float
    sd: float
    q99: int
    q999: int
    es99: float
    p_none: float
    cdf_at_q99: float
    cdf_below_q99: float
    p_one: float
    cdf_at_q999: float
    cdf_below_q999: float
    pair_correlation: float
    """Correlation of the defaults of two of the loans."""


FINITE_POOLS: Final = (
    FinitePool(
        n_loans=1223,
        pd=0.03,
        rho=0.12,
        sd=32.48157289014131,
        q99=156,
        q999=239,
        es99=191.80564166777737,
        p_none=0.0028555147732347817,
        cdf_at_q99=0.99024974024851,
        cdf_below_q99=0.9899704406447354,
        p_one=0.006366224748061458,
        cdf_at_q999=0.9990028709535832,
        cdf_below_q999=0.9989756522116271,
        pair_correlation=0.023441259062696788,
    ),
    FinitePool(
        n_loans=10,
        pd=0.1,
        rho=0.2,
        sd=1.244051024618682,
        q99=5,
        q999=7,
        es99=5.988243572170662,
        p_none=0.4564661893640278,
        cdf_at_q99=0.9930357318553523,
        cdf_below_q99=0.9805831423299523,
        p_one=0.28278147756634864,
        cdf_at_q999=0.9994164826775492,
        cdf_below_q999=0.9977944595559449,
        pair_correlation=0.07995838911787558,
    ),
    FinitePool(
        n_loans=100,
        pd=0.02,
        rho=0.15,
        sd=2.584816072994899,
        q99=12,
        q999=20,
        es99=15.168095171171057,
        p_none=0.32904976537132613,
        cdf_at_q99=0.9918175349818823,
        cdf_below_q99=0.9887948596581763,
        p_one=0.23731598409353102,
        cdf_at_q999=0.9992329379378134,
        cdf_below_q999=0.9989794468509338,
        pair_correlation=0.024331447800519317,
    ),
)
"""One-factor Gaussian mixture of binomials (Vasicek 1987); the first is 1,223 loans of 3 million yuan,
whose loss at LGD 60 % is 1.8 million yuan a default."""


@dataclass(frozen=True)
class StudentPool:
    """A pool of equal loans under a Student-t copula."""

    n_loans: int
    pd: float
    rho: float
    degrees: float
    sd: float
    q99: int
    q999: int
    es99: float
    p_none: float
    cdf_at_q99: float
    cdf_below_q99: float


STUDENT_POOL: Final = StudentPool(
    n_loans=100,
    pd=0.03,
    rho=0.12,
    degrees=4.0,
    sd=6.184323735306533,
    q99=31,
    q999=50,
    es99=39.29308769260862,
    p_none=0.5201136984502771,
    cdf_at_q99=0.9908409979474511,
    cdf_below_q99=0.9898085897099096,
)
"""One-factor Student-t copula with a common mixing variable, derived by a two-dimensional quadrature
that was good to about 2e-10."""


@dataclass(frozen=True)
class HeterogeneousPool:
    """100 unequal loans; losses in units."""

    rho: float
    mean: float
    sd: float
    q99: int
    q999: int
    beyond: dict[int, float]
    """Loss → probability of more."""
    tranches: dict[tuple[int, int], float]
    """Attachment and detachment → expected loss between them."""


HETEROGENEOUS: Final = HeterogeneousPool(
    rho=0.09,
    mean=10.407665579354697,
    sd=15.944367654498548,
    q99=68,
    q999=108,
    beyond={
        10: 0.32315357051750027,
        50: 0.029718805268715842,
        100: 0.0014892233740481098,
        150: 8.656052878486253e-05,
        200: 5.7048915876878326e-06,
        300: 3.077878651946975e-08,
        400: 1.7976020671994775e-10,
    },
    tranches={
        (0, 33): 8.929254605668428,
        (33, 66): 1.2811550931116886,
        (66, 110): 0.1820854248048784,
        (110, 330): 0.015170324224321343,
    },
)
"""100 loans with p_k = 0.01 (1 + sin(16πk/100)) and c_k = ⌈5k/100⌉² under one factor, the portfolio shape
of Glasserman and Li (2005, Management Science 51(11), 1643–1656); the figures are derived by the
recursion of Andersen, Sidenius and Basu (2003)."""

JOINT_DEFAULTS: Final = {
    # (first PD, second PD, ρ): P(both default)
    (0.03, 0.03, 0.12): 0.0015821406387244758,
    (0.03, 0.03, 0.15): 0.001795676267069115,
    (0.01, 0.05, 0.10): 0.000830886785947213,
    (0.005, 0.08, 0.10): 0.0006557078828027742,
}
"""Bivariate normal probabilities, derived in extended precision."""

POOL_DEPLETION: Final = {
    "p_depleted": 0.010443275768326305,
    "unpaid": 0.029544955946434193,
    "end_balance": 14.02954495594642,
}
"""100 independent loans replaced at once, monthly PD 1 %, claims of 1, opening balance 30 and 10 more at
the start of months 12 and 24, 36 months: derived by an exact dynamic programme."""

RUIN_HORIZONS: Final = (1.0, 10.0, 36.0, 100.0)

RUIN: Final = {
    # (λ, u): probability of ruin before each of the horizons
    (0.7, 0.0): (0.3622426557189131, 0.6452330778161818, 0.6918832985168161, 0.699540849892129),
    (0.7, 1.0): (0.17142854419441994, 0.4402352247833606, 0.5062956591930614, 0.5178657500250979),
    (0.7, 5.0): (0.007650223414845639, 0.0837078275664251, 0.14121346152370876, 0.15523333700791123),
    (0.7, 10.0): (0.00013221835605071292, 0.008129949068208036, 0.026584937725717694, 0.03420529569482628),
    (0.7, 20.0): (2.870987829770997e-08, 4.0274701909922296e-05, 0.0007088516923129108, 0.001597364630353892),
    (0.8, 0.0): (0.4026012497190615, 0.7135774067152244, 0.7775210218331259, 0.7960235627059637),
    (0.8, 1.0): (0.19638842033332765, 0.5184951549598678, 0.61768358563347, 0.6482839918956125),
    (0.8, 5.0): (0.0096603251710175, 0.12326539933750293, 0.23446810809548987, 0.2825165271486327),
    (0.8, 10.0): (0.00018317076990868812, 0.01513408619644087, 0.06227414919722558, 0.09746850811380012),
    (0.8, 20.0): (4.582028484337317e-08, 0.00010995849069283232, 0.0029856531806891915, 0.010361874528397258),
    (1.0 / 1.1, 0.0): (0.4438859606293896, 0.7776527179820404, 0.8557878130857056, 0.8879467079174852),
    (1.0 / 1.1, 1.0): (0.2234968778852364, 0.6000427484806006, 0.7327783490722175, 0.7910150609134594),
    (1.0 / 1.1, 5.0): (0.012158166193817637, 0.1769696156032141, 0.36817589351072366, 0.48668544872939906),
    (1.0 / 1.1, 10.0): (0.0002535197649256833, 0.027344263094773637, 0.1339925898110111, 0.250864164545909),
    (1.0 / 1.1, 20.0): (
        7.329220195750506e-08,
        0.00029100889520464543,
        0.011131469229604304,
        0.05476512206411964,
    ),
}
"""Cramér–Lundberg with exponential claims of mean 1 and premium rate 1 (Asmussen 2000, proposition
IV.1.3; Burnecki, Misiorek and Weron 2005), derived at 25 digits."""


@dataclass(frozen=True)
class Sampled:
    """A figure that is itself a Monte Carlo estimate."""

    value: float
    se: float
    """Its standard error."""


SINGLE_POOL: Final = {
    "depleted": Sampled(0.06996225, 0.00012754169276646117),
    "claims_coverage": Sampled(0.9907507740152642, 2.2029244717826975e-05),
    "balance": Sampled(61.339167675, 0.014456206467645087),
    "claims_due": Sampled(39.7657174500, 0.01571582320904449),
}
"""The single-pool job (`fundsim.verify.schemes.single_pool`), units of a million yuan: four million paths
of one program, in agreement with three others written apart from it."""

SINGLE_POOL_PATHS: Final = 4_000_000

SINGLE_POOL_COVERAGE: Final = {0.05: 0.9477682811016145, 0.01: 0.7418546365914788, 0.001: 0.5811965811965811}
"""Level → quantile of the coverage of claims, from the same paths."""


@dataclass(frozen=True)
class Cell:
    """A cell of the fifteen: claims on a pool of 1 over three yearly vintages of 10 each."""

    share: float
    pd: float
    rho: float
    mean: float
    q99: float
    p_exhausted: float
    """P(claims > pool)."""


FIFTEEN_CELLS: Final = tuple(
    Cell(share, pd, rho, mean, q99, p_exhausted)
    for share, pd, mean, columns in (
        (0.5, 0.02, 0.300, ((0.03, 0.596, 0.0000), (0.08, 0.867, 0.0041), (0.15, 1.200, 0.0212))),
        (0.5, 0.03, 0.450, ((0.03, 0.857, 0.0019), (0.08, 1.218, 0.0307), (0.15, 1.653, 0.0710))),
        (0.5, 0.05, 0.750, ((0.03, 1.349, 0.1228), (0.08, 1.857, 0.2079), (0.15, 2.452, 0.2416))),
        (0.8, 0.03, 0.720, ((0.03, 1.372, 0.1120), (0.08, 1.949, 0.1941), (0.15, 2.645, 0.2254))),
        (0.8, 0.05, 1.200, ((0.03, 2.158, 0.6990), (0.08, 2.972, 0.5775), (0.15, 3.923, 0.5052))),
    )
    for rho, q99, p_exhausted in columns
)
"""Sizing table of a pool at ten times leverage: share of the loss, PD and ρ; an AR(1) yearly factor with
φ = 0.5 and infinitely fine vintages, 12 million draws, printed to three and four decimals."""
