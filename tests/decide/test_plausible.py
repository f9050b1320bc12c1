"""Plausible values of assumptions: their law by hand, draws that stay the same, and what goes together."""

import math
import textwrap

import numpy as np
import pytest
from scipy import integrate, stats

import fundsim as fs
from fundsim.decide.doubt.plausible import Z95, plausible, scores
from fundsim.errors import ScenarioError
from fundsim.lowering import review
from fundsim.scenario.assumptions import Joined, assumptions, digest_in_doubt, joined

BASE = """
    extends: minimal
    segments:
      small_firms:
        pd: {{ value: 3%, low: 1.5%, high: 5%, source: assumption }}
        rho: {{ value: 0.1, low: 0.02, high: 0.5, source: assumption }}
        {more}
    instruments:
      pool:
        claim_lag: {{ value: 2, low: 1, high: 6, source: assumption }}
        share: {{ value: 50%, low: 30%, high: 80%, source: plan }}
"""


@pytest.fixture
def load(tmp_path):
    """Return a function that loads the small scenario with more in its segment, and more behind it."""

    def loaded(more="", after=""):
        text = textwrap.dedent(BASE.format(more=more)) + textwrap.dedent(after)
        file = tmp_path / "scenario.yaml"
        file.write_text(text, encoding="utf-8")
        return fs.load(file)

    return loaded


def named(scenario, name):
    (one,) = [one for one in assumptions(scenario) if one.name == name]
    return plausible(scenario, one)


def test_the_value_is_the_median_and_low_and_high_the_outer_twentieths(load):
    (pd,) = named(load(), "segments.small_firms.pd").ranges
    assert pd.at(0.0) == 0.03
    assert pd.at(-Z95) == pytest.approx(0.015, rel=1e-12)
    assert pd.at(Z95) == pytest.approx(0.05, rel=1e-12)
    assert pd.at(1.0) == pytest.approx(0.03 + 0.02 / 1.6448536269514722, rel=1e-12)
    assert pd.at(-1.0) == pytest.approx(0.03 - 0.015 / 1.6448536269514722, rel=1e-12)
    assert stats.norm.cdf(Z95) == pytest.approx(0.95, abs=1e-15)


def test_a_draw_beyond_the_bounds_of_its_term_is_cut_off_there(load):
    (pd,) = named(load(), "segments.small_firms.pd").ranges
    (rho,) = named(load(), "segments.small_firms.rho").ranges
    # 0 itself is no yearly PD: a thousandth of the way from it to the value is the nearest.
    assert pd.at(-9.0) == pytest.approx(0.03e-3, rel=1e-12)
    assert rho.at(9.0) == pytest.approx(1.0 - 0.9e-3, rel=1e-12)
    assert rho.at(-9.0) == 0.0


def test_a_count_is_drawn_whole(load):
    (lag,) = named(load(), "instruments.pool.claim_lag").ranges
    drawn = [lag.at(score) for score in np.linspace(-4.0, 4.0, 41)]
    assert all(isinstance(one, int) for one in drawn)
    assert min(drawn) == 0
    assert lag.at(Z95) == 6
    assert lag.at(0.2) == 2  # 2 + 4 × 0.2 / 1.645 = 2.49
    assert lag.at(0.21) == 3  # 2.51


def test_what_the_plan_lays_down_is_no_assumption(load):
    names = [one.name for one in assumptions(load())]
    assert "instruments.pool.share" not in names
    assert names == ["segments.small_firms.pd", "segments.small_firms.rho", "instruments.pool.claim_lag"]


def test_draws_of_a_name_do_not_depend_on_other_names_or_on_their_number():
    few, many = scores(["a", "b"], 10, 7), scores(["c", "a", "b"], 30, 7)
    assert np.array_equal(few, many[:10, 1:])
    assert not np.array_equal(scores(["a"], 10, 8), few[:, :1])


def test_scores_are_independent_standard_normal_numbers():
    drawn = scores([f"key {at}" for at in range(8)], 4000, 3)
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-4
    off = np.corrcoef(drawn.T)[~np.eye(8, dtype=bool)]
    assert np.abs(off).max() < 4.5 / math.sqrt(4000)


def test_joined_scores_have_their_correlation_and_keep_the_first_ones_numbers():
    pair = (Joined(0, 2, 0.6),)
    apart, together = scores(["a", "b", "c"], 20_000, 5), scores(["a", "b", "c"], 20_000, 5, pair)
    assert np.array_equal(apart[:, :2], together[:, :2])
    assert np.corrcoef(together[:, 0], together[:, 2])[0, 1] == pytest.approx(0.6, abs=0.02)
    assert together[:, 2].std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(together[:, 1], together[:, 2])[0, 1] == pytest.approx(0.0, abs=0.03)


def test_the_same_key_of_several_segments_moves_together_unless_one_is_apart():
    scenario = fs.load("taiyuan_pool")
    pd = named(scenario, "segments.*.pd")
    assert [one.number.key for one in pd.ranges] == [
        f"segments.{name}.pd" for name in ("trade", "manufacturing", "technology", "other")
    ]
    alone = fs.load(
        "taiyuan_pool",
        {"trade.pd": {"value": 0.04, "low": 0.02, "high": 0.06, "source": "assumption", "apart": True}},
    )
    names = [one.name for one in assumptions(alone)]
    assert "segments.trade.pd" in names
    assert len(named(alone, "segments.*.pd").ranges) == 3
    assert len(names) == len(assumptions(scenario)) + 1


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{ value: 3%, apart: true, source: assumption }", "apart goes with low and high"),
        ("{ value: 3%, low: 1%, high: 5%, apart: yes, source: assumption }", "true or false is expected"),
    ],
)
def test_apart_is_a_truth_value_beside_low_and_high(load, written, fault):
    with pytest.raises(ScenarioError, match=fault):
        load(more=f"renew: {written}")


def test_joined_keys_may_leave_out_the_group_and_name_one_member(load):
    scenario = load(
        after="""
        doubt:
          correlation:
            - { keys: [small_firms.pd, segments.small_firms.rho], rho: 0.5 }
            - { keys: [small_firms.pd, pool.claim_lag], rho: { value: -0.25, source: assumption } }
    """
    )
    assert joined(scenario) == (Joined(0, 1, 0.5), Joined(0, 2, -0.25))
    assert not [fault for fault in review(scenario) if not fault.warning]


@pytest.mark.parametrize(
    ("keys", "rho", "fault"),
    [
        (
            "[small_firms.pd, small_firms.pf]",
            0.5,
            "there is no assumption small_firms.pf; did you mean small_firms.pd?",
        ),
        ("[small_firms.pd, pool.share]", 0.5, "there is no assumption pool.share"),
        ("[small_firms.pd, segments.small_firms.pd]", 0.5, "both keys mean one assumption"),
    ],
)
def test_what_can_not_be_joined_is_refused_at_its_line(load, keys, rho, fault):
    scenario = load(after=f"doubt: {{ correlation: [{{ keys: {keys}, rho: {rho} }}] }}\n")
    with pytest.raises(ScenarioError) as found:
        joined(scenario)
    (one,) = found.value.faults
    assert fault in f"{one.problem}; {one.fix}"
    assert one.line > 0
    assert one.key.startswith("doubt.correlation.0.keys")
    assert one in review(scenario)


def test_correlations_that_no_law_has_are_refused(load):
    scenario = load(
        after="""
        doubt:
          correlation:
            - { keys: [small_firms.pd, small_firms.rho], rho: 0.9 }
            - { keys: [small_firms.pd, pool.claim_lag], rho: 0.9 }
            - { keys: [small_firms.rho, pool.claim_lag], rho: -0.9 }
    """
    )
    with pytest.raises(ScenarioError, match="can't all hold at once"):
        joined(scenario)


def test_a_pair_is_joined_once(load):
    scenario = load(
        after="""
        doubt:
          correlation:
            - { keys: [small_firms.pd, small_firms.rho], rho: 0.1 }
            - { keys: [small_firms.rho, small_firms.pd], rho: 0.2 }
    """
    )
    with pytest.raises(ScenarioError, match="joined already"):
        joined(scenario)


def test_the_digest_sees_ranges_and_values_but_neither_paths_nor_titles(load):
    scenario = load()
    digest = digest_in_doubt(scenario)
    assert digest_in_doubt(scenario.set("run.paths", 77).set("title", "other")) == digest
    assert digest_in_doubt(scenario.set("pool.multiple", 9)) != digest
    assert (
        digest_in_doubt(load(more="maturity_share: { value: 0.5, low: 0.4, high: 0.6, source: a }")) != digest
    )


def test_the_predictive_probability_of_a_pool_by_quadrature(load):
    """PD 1.5 / 3 / 5 %, ρ 0.08, one year, ten times the pool, half of the loss: claims above 60 % of it."""
    (pd,) = named(load(), "segments.small_firms.pd").ranges

    def above(annual):
        score = (stats.norm.ppf(annual) - math.sqrt(0.92) * stats.norm.ppf(0.12)) / math.sqrt(0.08)
        return stats.norm.cdf(score)

    def weighted(z):
        return above(pd.at(z)) * stats.norm.pdf(z)

    halves = [integrate.quad(weighted, *ends, epsabs=1e-12)[0] for ends in ((-8.0, 0.0), (0.0, 8.0))]
    assert above(0.03) == pytest.approx(0.003849, abs=5e-7)
    assert sum(halves) == pytest.approx(0.008786, abs=5e-7)
