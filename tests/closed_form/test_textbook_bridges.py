"""The core gives the bundled textbook bridge funds the figures that their files print."""

import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.scheme import record_names

Z_LIMIT = 4.9
PATHS = 1_000
ERLANG_30_25 = 0.052603172
MEAN_OUT_30_25 = 23.684920694


def ends(name, *records):
    """Return records of a bundled scenario at the end of the run, shape (paths,) each."""
    scheme = lower(fs.load(f"textbook/{name}"))
    columns = [record_names(scheme).all.index(record) for record in records]
    return engine(scheme).run(11, 0, PATHS).snapshots[:, -1, columns].T


def agrees(part, whole, expected, own_error=0.0):
    """Whether Σ part ÷ Σ whole over the paths is as expected."""
    rest = part - expected * whole
    error = math.hypot(rest.std(ddof=1) / math.sqrt(PATHS) / whole.mean(), own_error)
    return abs(part.mean() / whole.mean() - expected) <= Z_LIMIT * error


def erlang_b(places, load):
    blocked = 1.0
    for place in range(1, places + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked


def test_the_printed_figures_of_erlangs_formula_are_its_own():
    assert erlang_b(30, 25.0) == pytest.approx(ERLANG_30_25, abs=5e-10)
    assert 25.0 * (1.0 - erlang_b(30, 25.0)) == pytest.approx(MEAN_OUT_30_25, abs=5e-9)
    assert erlang_b(6, 2.5) == pytest.approx(0.028234294955773797, rel=1e-12)


@pytest.mark.parametrize("law", ["fixed", "exponential", "lognormal"])
def test_thirty_places_refuse_the_same_part_under_any_law_of_days(law):
    fund = f"bridge/{law}"
    asked, refused, out, capital = ends(
        "bridge_erlang_b",
        *(f"{fund}/{what}" for what in ("n_requests", "n_refused", "out_days", "capital_days")),
    )
    assert agrees(refused, asked, ERLANG_30_25)
    assert agrees(out, capital, MEAN_OUT_30_25 / 30.0)


def test_six_places_refuse_three_of_a_hundred():
    asked, refused = ends("bridge_erlang_b", "bridge/taiyuan/n_requests", "bridge/taiyuan/n_refused")
    assert agrees(refused, asked, 0.028234294955773797)


@pytest.mark.parametrize(
    ("name", "refused", "utilisation"),
    [
        ("bridge_town_fund", (0.05640936, 0.14875253, 0.38544125), 0.44653428),
        ("bridge_city_fund", (0.03640866, 0.08895169, 0.28936752), 0.67361640),
    ],
)
def test_a_mixed_fund_refuses_each_size_as_often_as_printed(name, refused, utilisation):
    sizes = [f"bridge_size/fund/{k}/{what}" for k in range(3) for what in ("n_requests", "n_refused")]
    out, capital, *by_size = ends(name, "bridge/fund/out_days", "bridge/fund/capital_days", *sizes)
    assert agrees(out, capital, utilisation)
    for asked, left, expected in zip(by_size[::2], by_size[1::2], refused, strict=True):
        assert agrees(left, asked, expected), expected


@pytest.mark.parametrize(
    ("name", "refused", "queued"),
    [
        ("bridge_patience", (0.04852222401451705, 0.0), (0.6307889121887221, 0.0)),
        # Simulated by another program.
        ("bridge_patience_fixed_days", (0.03404705, 5e-5), (0.711194, 3.3e-4)),
    ],
)
def test_a_fund_with_patience_loses_as_many_requests_as_printed(name, refused, queued):
    asked, left, waited = ends(
        name, *(f"bridge/fund/{what}" for what in ("n_requests", "n_refused", "n_queued"))
    )
    assert agrees(left, asked, *refused)
    assert agrees(waited, asked, *queued)


def test_the_errors_of_these_tests_are_small_enough_to_find_a_mistake():
    """A twentieth more refusals than there should be would be seen."""
    asked, left = ends("bridge_patience", "bridge/fund/n_requests", "bridge/fund/n_refused")
    rest = left - 0.0485 * asked
    assert Z_LIMIT * np.std(rest) / math.sqrt(PATHS) / asked.mean() < 0.0025
