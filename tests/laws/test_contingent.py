"""No payer pays more after the window than its contractual exposure says, on any path of any scheme."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fundsim as fs
from fundsim.lowering import lower
from fundsim.scenario import bundled_names

from .choices import Drawn
from .exposures import check_exposures, exposed, exposed_scheme
from .lending_schemes import lending_scheme
from .schemes import law


@st.composite
def exposed_schemes(draw):
    choose = Drawn(draw)
    return exposed(choose, lending_scheme(choose))


@law(60)
@given(exposed_schemes())
def test_payments_after_the_window_are_within_the_exposure_of_any_scheme(scheme):
    check_exposures(scheme, seed=7, paths=8)


def test_payments_after_the_window_are_within_the_exposure_of_seeded_schemes():
    paying = sum(check_exposures(exposed_scheme(seed), seed, paths=8) > 0.0 for seed in range(250))
    assert paying > 200


def test_arrears_that_a_cover_still_owes_reach_the_payer_that_it_covers():
    """An empty payer is paid arrears by its cover after the window, and pays its own arrears with them."""
    assert check_exposures(exposed_scheme(7800), 7800, paths=16) > 0.0


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(1000, 11_000, 1000))
def test_payments_after_the_window_are_within_the_exposure_of_ten_thousand_schemes(start):
    for seed in range(start, start + 1000):
        check_exposures(exposed_scheme(seed), seed, paths=16)


@pytest.mark.parametrize("name", bundled_names())
def test_payments_after_the_window_are_within_the_exposure_of_a_bundled_scenario(name):
    scheme = lower(fs.load(name))
    check_exposures(scheme, seed=20150101, paths=300)
