"""The generator, and what is made of its words: uniforms, normals, hazards, losses given default."""

import math

import numba
import numpy as np
import pytest
from scipy.special import betaincinv, log_ndtr, ndtr, ndtri
from scipy.stats import beta

from fundsim.core.draws.normal import normal_quantile
from fundsim.core.draws.normal_hazard import normal_hazard
from fundsim.core.draws.philox import philox
from fundsim.core.draws.streams import STREAM_LENGTH, normal, open_stream, uniform, unit_interval
from fundsim.core.month.credit import lgd_of_score
from fundsim.core.pack.lgd_table import LIMIT, beta_shape, tabulate
from fundsim.core.pack.record_arrays import table
from fundsim.core.pack.tables import LGD_NODE
from fundsim.scheme import Lgd

compiled = numba.njit(error_model="numpy", _nrt=False)
"""Kernels can't be called from Python: small compiled functions call them here."""


@compiled
def blocks(counters, keys, words):
    for row in range(words.shape[0]):
        c = counters[row]
        k = keys[row]
        a, b, d, e = philox(c[0], c[1], c[2], c[3], k[0], k[1])
        words[row, 0] = a
        words[row, 1] = b
        words[row, 2] = d
        words[row, 3] = e


@compiled
def stream_words(stream, key, entity, month, purpose, first, values, as_normals):
    open_stream(stream, entity, month, purpose, first)
    for j in range(values.size):
        values[j] = normal(stream, key) if as_normals else uniform(stream, key)


@compiled
def uniforms_of(words, values):
    for j in range(values.size):
        values[j] = unit_interval(words[j])


@compiled
def quantiles(u, x):
    for j in range(u.size):
        x[j] = normal_quantile(u[j])


@compiled
def hazards(y, h):
    for j in range(y.size):
        h[j] = normal_hazard(y[j])


@compiled
def losses(nodes, row, z, value):
    for j in range(z.size):
        value[j] = lgd_of_score(nodes, row, z[j])


def numpy_words(seed, path, counter, count):
    """Words of numpy's generator from a block on; it adds 1 to the counter before its first block."""
    number = sum(word << (64 * position) for position, word in enumerate(counter))
    key = np.array([seed, path], dtype=np.uint64)
    return np.random.Philox(key=key, counter=(number - 1) % 2**256).random_raw(count)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
        ),
        (
            (2**64 - 1,) * 4,
            (2**64 - 1,) * 2,
            (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
        ),
        (
            (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
            (0x452821E638D01377, 0xBE5466CF34E90C6C),
            (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
        ),
    ],
)
def test_philox_gives_the_known_answers_of_random123(counter, key, expected):
    words = np.zeros((1, 4), dtype=np.uint64)
    blocks(np.array([counter], dtype=np.uint64), np.array([key], dtype=np.uint64), words)
    assert tuple(map(int, words[0])) == expected


def test_philox_equals_numpys_on_a_million_words():
    random = np.random.default_rng(1)
    starts, run = 1000, 250
    counters = np.zeros((starts, run, 4), dtype=np.uint64)
    keys = np.zeros((starts, run, 2), dtype=np.uint64)
    expected = []
    for row in range(starts):
        draw, entity, month, purpose, seed, path = random.integers(0, 2**64, 6, dtype=np.uint64).tolist()
        draw = min(draw, 2**64 - run)
        counters[row] = (draw, entity, month, purpose)
        counters[row, :, 0] += np.arange(run, dtype=np.uint64)
        keys[row] = (seed, path)
        expected.append(numpy_words(seed, path, (draw, entity, month, purpose), 4 * run))
    words = np.zeros((starts * run, 4), dtype=np.uint64)
    blocks(counters.reshape(-1, 4), keys.reshape(-1, 2), words)
    assert words.size == 1_000_000
    assert np.array_equal(words.ravel(), np.concatenate(expected))


def test_a_stream_reads_numpys_words_in_order_from_its_first_block_on():
    stream, key = np.zeros(STREAM_LENGTH, dtype=np.uint64), np.array([7, 12345], dtype=np.uint64)
    got = np.zeros(4003)
    stream_words(stream, key, np.uint64(2**63 + 5), 30, 2, 9, got, False)
    words = numpy_words(7, 12345, (9, 2**63 + 5, 30, 2), got.size)
    assert np.array_equal(got, ((words >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52)
    stream_words(stream, key, np.uint64(2**63 + 5), 30, 2, 9, normals := np.zeros(got.size), True)
    assert np.allclose(normals, ndtri(got), rtol=1e-14, atol=1e-15)


def test_uniforms_lie_inside_the_open_interval_even_for_extreme_words():
    words = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
    uniforms_of(words, u := np.zeros(3))
    assert u.min() == 2.0**-53
    assert u.max() == 1.0 - 2.0**-53


def test_the_normal_quantile_is_scipys_to_1e_15():
    u = np.concatenate(
        [
            2.0 ** -np.arange(1.0, 54.0),
            1.0 - 2.0 ** -np.arange(2.0, 54.0),
            (np.arange(200_000) + 0.5) / 200_000,
        ]
    )
    quantiles(u, x := np.zeros(u.size))
    expected = ndtri(u)
    # Where the quantile crosses 0 the distance to ½ is what has a relative error.
    assert np.max(np.abs(x - expected) / np.maximum(np.abs(expected), 0.1)) < 2e-15


def test_the_table_of_hazards_is_as_exact_as_its_docstring_says():
    y = np.linspace(-9.0, 9.0, 300_001)
    hazards(y, got := np.zeros(y.size))
    error = np.abs(got / -log_ndtr(-y) - 1.0)
    assert error.max() < 2e-10
    assert error[y >= -5.0].max() < 4e-12


@pytest.mark.parametrize(("low", "high"), [(-37.0, -9.0), (9.0, 29.9), (30.0, 1e3)])
def test_hazards_beyond_the_table_are_exact_too(low, high):
    y = np.linspace(low, high, 5001)
    hazards(y, got := np.zeros(y.size))
    expected = -log_ndtr(-y)
    # The asymptote leaves out 1/y²; hazards there end any loan's life in the first month.
    tolerance = 1e-12 if high < 30.0 else 3e-6
    assert np.allclose(got, expected, rtol=tolerance, atol=0.0)


LAWS = [(0.5, 0.2), (0.55, 0.25), (0.1, 0.05), (0.9, 0.2), (0.45, 0.45), (0.3, 0.01), (0.5, 0.28867513)]


@pytest.mark.parametrize(("mean", "sd"), LAWS)
def test_the_table_of_losses_is_scipys_quantile_of_beta(mean, sd):
    lgd = Lgd(mean=mean, sd=sd)
    values, slopes = tabulate([Lgd(mean=0.2, sd=0.1), lgd])
    nodes = table(LGD_NODE, value=values, slope=slopes)
    z = np.linspace(-LIMIT, LIMIT, 100_003)
    losses(nodes, 1, z, got := np.zeros(z.size))
    a, b = beta_shape(lgd)
    # From the nearer end on each side: Φ(z) has no digits left near 1.
    exact = np.where(z < 0.0, betaincinv(a, b, ndtr(z)), 1.0 - betaincinv(b, a, ndtr(-z)))
    # A law that piles up at 0 and 1 jumps from one to the other within a step of the table.
    assert np.max(np.abs(got - exact)) < (1e-7 if min(a, b) > 0.5 else 2e-6)
    weight = np.exp(-0.5 * z * z) * (z[1] - z[0]) / math.sqrt(2.0 * math.pi)
    assert got @ weight == pytest.approx(mean, abs=1e-8)
    assert math.sqrt((got - mean) ** 2 @ weight) == pytest.approx(sd, abs=1e-7)


def test_the_shape_of_beta_is_that_of_its_mean_and_standard_deviation():
    a, b = beta_shape(Lgd(mean=0.55, sd=0.25))
    assert beta.mean(a, b) == pytest.approx(0.55, abs=1e-14)
    assert beta.std(a, b) == pytest.approx(0.25, abs=1e-14)
