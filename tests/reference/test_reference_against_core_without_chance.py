"""Both engines on schemes in which nothing is left to chance: every record, every month, to a fen."""

import pytest

from fundsim.verify.certain import certain_scheme
from fundsim.verify.pairs import largest_difference


@pytest.mark.parametrize("number", range(120))
def test_engines_agree_to_a_fen_on_a_scheme_without_chance(number):
    difference, record = largest_difference(certain_scheme(number), seed=1)
    assert difference < 0.01, record
