"""Eligible firms that come and go: means and variances in closed form, and the limit that they set."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.core import engine
from fundsim.scheme import Population, record_names
from fundsim.verify.schemes import static_pool

PATHS = 4000
Z_LIMIT = 4.9
NAMES = ("segment/firms/entered", "segment/firms/exited", "segment/firms/population")


def scheme_of(population, months=12, demand=0.0):
    base = static_pool(n_loans=1, pd_annual=0.02, rho=0.1)
    facility = replace(
        base.facilities[0], demand=replace(base.facilities[0].demand, monthly=(demand,) * months)
    )
    return replace(
        base,
        window=replace(base.window, months=months, run_off=12),
        segments=(replace(base.segments[0], population=population),),
        facilities=(facility,),
    )


def records(scheme, *names, paths=PATHS):
    """Values at each snapshot, shape (names, snapshots, paths)."""
    columns = [record_names(scheme).all.index(name) for name in names]
    return np.moveaxis(engine(scheme).run(1, 0, paths).snapshots[:, :, columns], 0, -1).transpose(1, 0, 2)


def check_moments(sample, mean, variance):
    assert abs(sample.mean() - mean) < Z_LIMIT * math.sqrt(variance / sample.size)
    # Counts of many independent firms are nearly normal, whose sample variance has this error.
    assert abs(sample.var() - variance) < Z_LIMIT * variance * math.sqrt(2.1 / sample.size)


def test_survivors_of_the_opening_firms_are_binomial_by_the_hazards_of_their_ages():
    """One year's survival is 1 − exit at the age; the second year's is at the age a year later."""
    population = Population(opening=(3000, 2000, 500), entry_annual=0.0, exit_annual=(0.1, 0.3, 0.05))
    (entered, exited, stock) = records(scheme_of(population), *NAMES)
    first = [0.9, 0.7, 0.95]
    second = [0.9 * 0.7, 0.7 * 0.95, 0.95 * 0.95]
    assert not entered.any()
    assert (exited + stock == 5500).all()
    for row, survival in ((0, first), (1, second)):
        mean = sum(n * s for n, s in zip(population.opening, survival, strict=True))
        variance = sum(n * s * (1.0 - s) for n, s in zip(population.opening, survival, strict=True))
        check_moments(stock[row], mean, variance)


def test_entries_are_poisson_and_thinned_by_the_exits_of_their_age():
    """Entrants of month t have lived 11 − t months at the year's end, all at age 0: a thinned Poisson law."""
    population = Population(opening=(0,), entry_annual=1200.0, exit_annual=(0.4,))
    entered, _, stock = records(scheme_of(population), *NAMES)
    check_moments(entered[0], 1200.0, 1200.0)
    left = sum(100.0 * 0.6 ** ((11 - t) / 12) for t in range(12))
    check_moments(stock[0], left, left)


def test_entrants_have_their_first_birthday_with_all_others_after_twelve_months():
    """Nobody leaves at age 0, everybody at age 1: all that entered in the first year leave in month 12."""
    population = Population(opening=(5, 0), entry_annual=120.0, exit_annual=(0.0, 1.0))
    entered, exited, stock = records(scheme_of(population), *NAMES, paths=50)
    assert not exited[0].any()
    assert (exited[1] == 5 + entered[0]).all()
    assert (stock[1] == entered[1] - entered[0]).all()


def test_few_firms_come_and_go_by_the_same_law():
    population = Population(opening=(3,), entry_annual=2.0, exit_annual=(0.5,))
    _, _, stock = records(scheme_of(population), *NAMES, paths=40_000)
    thinned = sum(2.0 / 12 * 0.5 ** ((11 - t) / 12) for t in range(12))
    assert abs(stock[0].mean() - (1.5 + thinned)) < Z_LIMIT * math.sqrt((0.75 + thinned) / 40_000)
    empty = 0.5**3 * math.exp(-thinned)
    assert abs((stock[0] == 0).mean() - empty) < Z_LIMIT * math.sqrt(empty / 40_000)


def test_new_loans_never_exceed_the_eligible_firms_of_the_month():
    """A hundred firms of which half leave each year, an open demand: as many loans as firms each month."""
    population = Population(opening=(100,), entry_annual=0.0, exit_annual=(0.5,))
    scheme = scheme_of(population, months=2, demand=60.0)
    names = ("book/loans/firms/n_performing", "segment/firms/population", "facility/loans/refused_firms")
    series = engine(scheme, names).run(1, 0, 200).series
    loans, eligible, refused = series[:, 1, 0], series[:, 1, 1], series[:, 1, 2]
    assert eligible.min() < eligible.max() < 100
    # 1 opening loan, 60 lent in month 0, then what is left of the firms (nobody defaults in most paths).
    whole = series[:, 0, 0] == 61
    assert whole.mean() > 0.5
    assert (loans <= np.maximum(eligible, series[:, 0, 0])).all()
    assert (loans + refused)[whole] == pytest.approx(121, abs=1)


def test_the_draws_of_a_segment_are_its_own():
    """A second population beside it moves nobody's numbers."""
    population = Population(opening=(40, 60), entry_annual=30.0, exit_annual=(0.1, 0.2))
    alone = scheme_of(population)
    other = replace(alone.segments[0], name="others", population=replace(population, entry_annual=7.0))
    together = replace(alone, segments=(other, *alone.segments))
    assert np.array_equal(records(alone, *NAMES, paths=20), records(together, *NAMES, paths=20))
