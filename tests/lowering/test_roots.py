"""Roots are SciPy's, number by number, without the time that importing its optimisers takes."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from fundsim.lowering.roots import brent_root


def _kinked(x):
    return math.copysign(abs(x) ** 0.3, x)


FUNCTIONS = {
    "cubic": lambda x, a, c: x * x * x + a * x - c,
    "saturating": lambda x, a, c: math.tanh(a * (x - c)),
    "exponential": lambda x, a, c: math.exp(x) - a - abs(c),
    "kinked": lambda x, a, c: _kinked(a * (x - c)),
    "stepped": lambda x, a, c: math.floor(30.0 * a * x) - 3.0 * c,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_root_is_that_of_brentq_to_the_last_bit(name):
    rng = np.random.default_rng(1)
    for _ in range(300):
        a, c = rng.uniform(0.1, 9.0), rng.uniform(-2.0, 2.0)
        low, high = -10.0 - rng.random(), 10.0 + rng.random()

        def function(x, a=a, c=c):
            return FUNCTIONS[name](x, a, c)

        ours = brent_root(function, low, high, tolerance=1e-12)
        assert ours == brentq(function, low, high, xtol=1e-12)


def test_a_root_at_an_end_is_found_there():
    assert brent_root(lambda x: x - 3.0, 3.0, 5.0, tolerance=1e-12) == 3.0
    assert brent_root(lambda x: x - 3.0, 0.0, 3.0, tolerance=1e-12) == 3.0


def test_a_function_without_a_change_of_sign_is_refused():
    with pytest.raises(ValueError, match="no change of sign between 1 and 2"):
        brent_root(lambda x: x, 1.0, 2.0, tolerance=1e-12)
