"""The exponential function that survival is computed with."""

import math

import numpy as np
from numba import njit

from fundsim.core.draws.exp import exp_of_negative


@njit
def values(x):
    out = np.empty_like(x)
    for i in range(x.size):
        out[i] = exp_of_negative(x[i])
    return out


def test_exp_is_right_to_the_last_digit_from_nothing_to_where_nobody_survives():
    random = np.random.default_rng(4)
    x = -np.concatenate(
        [
            10.0 ** random.uniform(-18.0, 0.0, 20_000),
            random.uniform(0.0, 690.0, 20_000),
            math.log(2.0) * (np.arange(990) + 0.5),
        ]
    )
    exact = np.array([math.exp(v) for v in x])
    assert np.max(np.abs(values(x) / exact - 1.0)) < 3e-16


def test_exp_is_exact_at_nothing_and_stops_at_the_floor():
    assert values(np.array([0.0, -0.0])).tolist() == [1.0, 1.0]
    floor = values(np.array([-690.0, -691.0, -1e300, -math.inf]))
    assert np.all(floor == floor[0])
    assert 0.0 < floor[0] < 1e-299
