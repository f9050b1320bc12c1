"""Both engines against mixtures: Student-t pools, unequal loans and layers on their loss, firms that move."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from fundsim.scheme import Economy, Population, Scheme
from fundsim.verify import cases
from fundsim.verify.closed_forms import LossLaw, VasicekLimit, heterogeneous_pool, student_t_pool
from fundsim.verify.judge import Check, Subject, compare_sample, compare_share
from fundsim.verify.sampling import EngineName, Floats, Sampler
from fundsim.verify.schemes import layered_pool, static_pool

__all__ = ["UNEQUAL_LOANS", "hold_to_law", "limit_checks", "mixture_checks", "population_moments"]

UNEQUAL_LOANS = tuple(
    (0.01 * (1.0 + math.sin(16.0 * math.pi * k / 100.0)), math.ceil(5 * k / 100) ** 2) for k in range(1, 101)
)
"""(PD, loss in units) of the hundred loans of ``cases.HETEROGENEOUS``."""

FIRMS = Population(opening=(600, 500, 400, 2000), entry_annual=300.0, exit_annual=(0.02, 0.06, 0.1, 0.07))


def mixture_checks(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Yield the checks of one engine.

    Args:
        engine: which.
        sampler: runs the paths.
        paths: how many.
    """
    for step_months, name in ((12, "yearly factor"), (0, "static factor")):
        yield from _student_pool(engine, sampler, paths, (step_months, name))
    yield from _unequal_pool(engine, sampler, paths)
    yield from _population(engine, sampler, paths)


FINE = 1_000_000
"""Loans of a pool that stands for an infinitely fine one: binomial noise adds less than a thousandth to the
variance of its default rate."""

LIMIT_POOLS = {
    **{f"Vasicek's table, PD {pd:g}, ρ {rho:g}": (pd, rho) for pd, rho in cases.VASICEK_TABLE},
    **{f"Limit law, PD {pd:g}, ρ {rho:g}": (pd, rho) for pd, rho in cases.LIMIT_LAWS},
    "Basel II mortgages, PD 0.01": (0.01, 0.15),
    "Basel II revolving retail, PD 0.01": (0.01, 0.04),
}
"""Case → PD and ρ.  The limit law of PD 2 % and ρ 0.1 is Hull's example."""


def limit_checks(sampler: Sampler, paths: int) -> Iterator[Check]:
    """Yield the checks of the core on pools so fine that their default rate has Vasicek's limit law.

    The slow engine, with a process for each loan, is held to finite pools.

    Args:
        sampler: runs the paths.
        paths: how many.
    """
    for case, (pd, rho) in LIMIT_POOLS.items():
        scheme = static_pool(n_loans=FINE, pd_annual=pd, rho=rho)
        (defaults,) = sampler.final("core", scheme, paths, "book/loans/firms/n_defaulted").values()
        rates = defaults / FINE
        limit = VasicekLimit(pd, rho)

        def subject(figure: str, case: str = case) -> Subject:
            return Subject(case, figure, "core", "Vasicek 1991, 2002, exact")

        yield compare_sample(subject("mean"), rates, expected=pd, spread=limit.sd)
        yield compare_sample(subject("variance"), (rates - pd) ** 2, expected=limit.sd**2)
        for level in (0.9, 0.99, 0.999):
            beyond = rates > limit.quantile(level)
            yield compare_share(subject(f"P(> q{100 * level:g})"), beyond, expected=1.0 - level)


def hold_to_law(
    subject: Callable[[str], Subject], losses: Floats, law: LossLaw, quantile: int
) -> Iterator[Check]:
    """Yield the checks of a sample against a law: tail and excess over a quantile, mean, variance.

    Args:
        subject: figure → what is compared.
        losses: one value a path [units of the law], shape (paths,).
        law: the exact law.
        quantile: the level of tail and excess [units].
    """
    yield compare_share(subject("P(> q99)"), losses > quantile, expected=law.tail(quantile))
    moments: dict[str, Callable[[Floats], Floats]] = {
        "mean": lambda n: n,
        "variance": lambda n: (n - law.mean) ** 2,
        "E[(L − q99)⁺]": lambda n: np.clip(n - quantile, 0.0, None),
    }
    for figure, function in moments.items():
        yield _compare_function(subject(figure), losses, law, function)


def _compare_function(
    subject: Subject, losses: Floats, law: LossLaw, function: Callable[[Floats], Floats]
) -> Check:
    """Compare E[f(L)]; the law also says how widely f(L) spreads."""
    of_law = function(np.arange(law.probabilities.size, dtype=np.float64))
    expected = float(of_law @ law.probabilities)
    spread = math.sqrt(float((of_law - expected) ** 2 @ law.probabilities))
    return compare_sample(subject, function(losses), expected=expected, spread=spread)


def _student_pool(
    engine: EngineName, sampler: Sampler, paths: int, economy: tuple[int, str]
) -> Iterator[Check]:
    """Hold a pool under a t copula to binomials mixed over the factor and the χ²."""
    known = cases.STUDENT_POOL
    scheme = replace(
        static_pool(n_loans=known.n_loans, pd_annual=known.pd, rho=known.rho),
        economy=Economy(step_months=economy[0], persistence=0.0, t_degrees=known.degrees),
    )
    (defaults,) = sampler.final(engine, scheme, paths, "book/loans/firms/n_defaulted").values()
    law = student_t_pool(known.n_loans, known.pd, known.rho, known.degrees)
    case = f"Student-t pool of {known.n_loans}, {economy[1]}"
    yield from hold_to_law(
        lambda figure: Subject(case, figure, engine, "two-dimensional quadrature, exact"),
        defaults,
        law,
        known.q99,
    )


def _unequal_pool(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Hold a hundred unequal loans and the layers on their loss to the recursion given the factor."""
    known = cases.HETEROGENEOUS
    scheme = layered_pool(UNEQUAL_LOANS, rho=known.rho, layers=tuple(known.tranches))
    names = [f"contract/{contract.name}/paid" for contract in scheme.contracts]
    paid = sampler.final(engine, scheme, paths, *names)
    law = heterogeneous_pool([p for p, _ in UNEQUAL_LOANS], [c for _, c in UNEQUAL_LOANS], known.rho)

    def subject(figure: str) -> Subject:
        return Subject("100 unequal loans", figure, engine, "Andersen, Sidenius and Basu 2003, exact")

    yield from hold_to_law(subject, np.sum(list(paid.values()), axis=0), law, known.q99)
    for (attach, detach), name in zip(known.tranches, names, strict=False):
        of_law = np.clip(np.arange(law.probabilities.size) - attach, 0.0, detach - attach)
        expected = known.tranches[attach, detach]
        spread = math.sqrt(float((of_law - expected) ** 2 @ law.probabilities))
        layer = subject(f"paid by the layer {attach}–{detach}")
        yield compare_sample(layer, paid[name], expected=expected, spread=spread)


def population_moments(population: Population, months: int) -> tuple[float, float]:
    """Return mean and variance of the firms of a population after some months.

    Opening firms of age a are there with the probability s_a of surviving all months, so their number is
    binomial; those that entered in one month are a Poisson number thinned by their survival.

    Args:
        population: the population.
        months: number of months from the start.

    >>> population_moments(Population(opening=(100,), entry_annual=0.0, exit_annual=(0.1,)), 12)
    (90.0, 9.0)
    """
    stay = np.log1p(-np.array(population.exit_annual)) / 12.0

    def survival(age: int, first: int) -> float:
        """Probability to be there at the end for a firm of this age that may leave from month first on."""
        ages = [min(age + t // 12 - max(first - 1, 0) // 12, stay.size - 1) for t in range(first, months)]
        return math.exp(math.fsum(stay[ages]))

    opening = [survival(age, 0) for age in range(stay.size)]
    entered = math.fsum(population.entry_annual / 12.0 * survival(0, t + 1) for t in range(months))
    mean = math.fsum(n * s for n, s in zip(population.opening, opening, strict=True))
    variance = math.fsum(n * s * (1.0 - s) for n, s in zip(population.opening, opening, strict=True))
    return round(mean + entered, 9), round(variance + entered, 9)


def _population(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Hold the number of eligible firms after two years to its mean and variance."""
    scheme: Scheme = static_pool(n_loans=1, pd_annual=0.02, rho=0.1)
    scheme = replace(
        scheme,
        window=replace(scheme.window, run_off=12),
        segments=(replace(scheme.segments[0], population=FIRMS),),
    )
    (firms,) = sampler.final(engine, scheme, paths, "segment/firms/population").values()
    mean, variance = population_moments(FIRMS, 24)

    def subject(figure: str) -> Subject:
        return Subject("Firms after two years", figure, engine, "binomial and Poisson laws, exact")

    yield compare_sample(subject("mean"), firms, expected=mean, spread=math.sqrt(variance))
    yield compare_sample(subject("variance"), (firms - mean) ** 2, expected=variance)
