"""Whole scenarios have the figures that were kept; ``python tests/golden/figures.py`` keeps new ones."""

import pytest

from .figures import ALL, differences, figures, kept


@pytest.mark.parametrize("scenario", ALL)
def test_no_figure_has_changed(scenario):
    before = kept(scenario)
    assert len(before) > 100
    lines = differences(before, figures(scenario))
    assert not lines, "\n".join(["python tests/golden/figures.py keeps these:", *lines])


def test_a_change_in_the_ninth_digit_is_reported():
    before = {"a": 1.0, "gone": None, "b": 2.0, "c": None}
    after = {"a": 1.00000001, "b": 2.0 + 1e-12, "new": 3.0, "c": None}
    assert differences(before, after) == ["~ a: 1.0 became 1.00000001", "- gone: None", "+ new: 3.0"]
