"""Each assumption at its low and its high: hand arithmetic, ranks, ends that are refused, all together."""

import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import fundsim as fs
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.together import as_many_as_go_together
from fundsim.decide.tornado.swings import Bar, Effect, Side, Swing
from fundsim.decide.tornado.tornado import _Tornado, tornado_scenario
from fundsim.errors import ScenarioError, UsageError
from fundsim.scenario.assumptions import Assumption

DUE, DRY = "mean(pool.claims_due)", "P(pool.depleted)"
PATHS = 500


def assumed(value, low, high):
    return {"value": value, "low": low, "high": high, "source": "assumption"}


@pytest.fixture(scope="module")
def scenario():
    """Return a scenario in which claims are in proportion to the share, and the PD's low is its value."""
    return fs.load("minimal").set_all(
        [
            ("pool.share", assumed("50%", "25%", "75%")),
            ("small_firms.pd", assumed("3%", "3%", "6%")),
            ("pool.recovery.lag_months", assumed(24, 12, 36)),
            ("pool.claim_lag", assumed(2, 1, 6)),
        ]
    )


@pytest.fixture(scope="module")
def found(scenario):
    return fs.tornado(scenario, [DUE, DRY], paths=PATHS, threads=2)


def row(found, metric, assumption, end):
    table = found.table
    rows = table[(table.metric == metric) & (table.assumption == assumption) & (table.end == end)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_claims_are_in_proportion_to_the_share(scenario, found):
    """Half the share is half the claims on every path, so the difference has half the error."""
    run = fs.simulate(scenario, paths=PATHS, threads=1, metrics="pool.claims_due")
    claims = run.values("pool.claims_due")
    mean, se = claims.mean(), claims.std(ddof=1) / math.sqrt(PATHS)
    for end, factor in (("low", 0.5), ("high", 1.5)):
        one = row(found, DUE, "instruments.pool.share", end)
        assert one.base == pytest.approx(mean)
        assert one.value == pytest.approx(factor * mean)
        assert one.difference == pytest.approx((factor - 1.0) * mean)
        assert one.difference_se == pytest.approx(0.5 * se)
        assert one.difference_low == pytest.approx(one.difference - 1.959964 * 0.5 * se)
        assert one.input_from == one.input_to == 0.5 * factor


def test_all_together_is_one_factor_times_the_other(found):
    """Claims are in proportion to the share, whatever the PD."""
    raised = found.ends[found.ends.raises & (found.ends.metric == DUE)].iloc[0]
    assert raised.value == pytest.approx(1.5 * row(found, DUE, "segments.small_firms.pd", "high").value)
    lowered, higher = found.together
    assert [(a.name, end) for a, end in lowered.at] == [("instruments.pool.share", "low")]
    assert [a.name for a in lowered.kept] == ["segments.small_firms.pd"]
    assert {a.name: end for a, end in higher.at} == {
        "segments.small_firms.pd": "high", "instruments.pool.share": "high",
    }  # fmt: skip
    assert (higher.kept, higher.left_out, higher.fault) == ((), (), None)


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize(
    ("key", "name", "values"),
    [
        ("pool.share", "instruments.pool.share", {"low": 0.25, "high": 0.75}),
        ("small_firms.pd", "segments.small_firms.pd", {"low": 0.03, "high": 0.06}),
        ("pool.claim_lag", "instruments.pool.claim_lag", {"low": 1, "high": 6}),
    ],
)
def test_each_end_is_the_run_with_that_value_to_the_bit(scenario, found, key, name, values, end):
    variant = scenario.set(key, values[end])
    run = fs.simulate(variant, paths=PATHS, threads=1, metrics=["pool.claims_due", "pool.depleted"])
    due, dry = row(found, DUE, name, end), row(found, DRY, name, end)
    law, event = run.distribution("pool.claims_due"), run.probability("pool.depleted")
    assert (due.value, due.se) == (law.mean.value, law.mean.se)
    assert (dry.value, (dry.low, dry.high)) == (event.p, event.ci95)
    compared = fs.compare(scenario, variant, paths=PATHS, threads=1, metrics="pool.claims_due@run_off").table
    change = compared[(compared.side == "B") & (compared.name == "pool.claims_due")].iloc[0]
    assert (due.difference, due.difference_se) == (change.difference, change.difference_se)


def test_the_run_of_all_together_has_the_same_bits(scenario, found):
    variant = scenario.set_all([("pool.share", 0.75), ("small_firms.pd", 0.06)])
    run = fs.simulate(variant, paths=PATHS, threads=1, metrics=["pool.claims_due"])
    assert found.together[1].outcomes[0].measured.value == run.distribution("pool.claims_due").mean.value


def test_nothing_depends_on_threads(scenario, found):
    assert fs.tornado(scenario, [DUE, DRY], paths=PATHS, threads=1).to_json() == found.to_json()


def test_nothing_depends_on_processes(scenario, found):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        there = fs.tornado(scenario, [DUE, DRY], paths=PATHS, threads=2, executor=executor)
    assert there.to_json() == found.to_json()


def test_an_end_at_the_value_is_not_simulated(found):
    """Two ends of four assumptions less one, with the base and the two of all together."""
    assert found.simulated == (1 + 7 + 2) * PATHS
    for metric in (DUE, DRY):
        same = row(found, metric, "segments.small_firms.pd", "low")
        assert (same.difference, same.difference_se) == (0.0, 0.0)
        assert (same.difference_low, same.difference_high) == (0.0, 0.0)
        assert same.value == same.base


@pytest.mark.parametrize("others", [[], [DUE], [DUE, "q95(pool.claims_paid)", "mean(pool.balance)"]])
def test_the_ranking_depends_on_no_other_figure(scenario, found, others):
    alone = fs.tornado(scenario, [DRY, *others], paths=PATHS, threads=1)
    mine = alone.table[alone.table.metric == DRY].reset_index(drop=True)
    theirs = found.table[found.table.metric == DRY].reset_index(drop=True)
    assert mine.equals(theirs)
    assert [b.swing.assumption.name for b in alone.ranking(0).seen] == [
        b.swing.assumption.name for b in found.ranking(1).seen
    ]


def test_ranks_go_by_the_larger_effect_and_no_effect_has_none(found):
    for at in range(2):
        ranking = found.ranking(at)
        sizes = [max(abs(e.difference.value) for _, e in bar.effects) for bar in ranking.seen]
        assert sizes == sorted(sizes, reverse=True)
        assert [ranking.of(bar) for bar in ranking.seen] == list(range(1, len(sizes) + 1))
        assert [ranking.of(bar) for bar in ranking.unseen] == [None] * len(ranking.unseen)
    assert [b.swing.assumption.name for b in found.ranking(0).unseen] == [
        "instruments.pool.claim_lag", "instruments.pool.recovery.lag_months",
    ]  # fmt: skip


def effect(value, se, low=None, high=None, figure=1.0):
    ends = (value - 1.96 * se if low is None else low, value + 1.96 * se if high is None else high)
    return Effect(Measured(figure, 0.1, (0.0, 2.0), 100), Difference(value, se, ends))


@pytest.mark.parametrize(
    ("one", "seen"),
    [
        (effect(2.0, 1.0), True),
        (effect(-2.0, 1.0), True),
        (effect(1.9, 1.0), False),
        (effect(0.0, 0.0), False),
        (effect(0.0, 0.0, -0.1, 0.1), False),
        (effect(2.0, math.nan, math.nan, math.nan), True),
        (effect(math.nan, math.nan, math.nan, math.nan), False),
        (effect(1e-6, 0.0, figure=1e9), False),
        (effect(1e-2, 0.0, figure=1e9), True),
    ],
)
def test_an_effect_is_seen_where_its_interval_leaves_out_0(one, seen):
    assert one.seen is seen


def bar(name, low, high):
    assumption = Assumption(name, ((name, 0.0, 1.0),))
    swing = Swing(assumption, (), Side("low", False, (low,)), Side("high", False, (high,)))
    return Bar(swing, low, high)


def test_the_end_that_lowers_and_the_end_that_raises():
    refused = ScenarioError("no", "否")
    up = bar("a", effect(-1.0, 0.1), effect(2.0, 0.1))
    assert (up.end_that(raises=False), up.end_that(raises=True)) == ("low", "high")
    valley = bar("b", effect(1.0, 0.1), effect(3.0, 0.1))
    assert (valley.end_that(raises=False), valley.end_that(raises=True)) == (None, "high")
    half = bar("c", refused, effect(-1.0, 0.1))
    assert (half.end_that(raises=False), half.end_that(raises=True)) == ("high", None)
    assert half.size == 1.0
    neither = bar("d", refused, refused)
    assert (neither.effects, neither.size, neither.seen) == ((), 0.0, False)


def test_those_that_do_not_go_together_are_left_out_the_weakest_first():
    a, b, c = (Assumption(name, ((name, 0.0, 1.0),)) for name in "abc")
    asked = []

    def sound(values):
        asked.append([key for key, _ in values])
        return not {"a", "b"} <= {key for key, _ in values}

    values, left_out = as_many_as_go_together([(a, "high"), (b, "low"), (c, "high")], sound)
    assert values == (("a", 1.0), ("c", 1.0))
    assert left_out == (b,)
    assert asked == [["a"], ["a", "b"], ["a", "c"]]


def test_what_joint_rules_refuse_is_left_out_and_named():
    """Each end alone is sound; a mean of 390万 above a cap of 310万 is not."""
    base = fs.load("minimal").set_all(
        [("small_firms.loan.cv", 0.15), ("small_firms.loan.mean", "300万"), ("small_firms.loan.cap", "600万")]
    )
    mean, cap = "segments.small_firms.loan.mean", "segments.small_firms.loan.cap"
    strongest = [
        Bar(Swing(Assumption(key, ((key, low, high),)), (), *(Side(e, False, ()) for e in ("low", "high"))),
            effect(lowers, 0.1), effect(raises, 0.1))
        for key, low, high, lowers, raises in ((mean, 3e6, 3.9e6, -1.0, 5.0), (cap, 3.1e6, 6e6, 3.0, -3.0))
    ]  # fmt: skip
    worker = _Tornado(base, SimpleNamespace(measures=()))
    raised = worker._planned(strongest, raises=True)
    assert [(a.name, end) for a, end in raised.at] == [(mean, "high")]
    assert [a.name for a in raised.left_out] == [cap]
    assert "below the mean" in raised.fault.faults[0].problem
    lowered = worker._planned(strongest, raises=False)
    assert (len(lowered.at), lowered.left_out, lowered.fault) == (2, (), None)


def test_an_end_that_is_refused_is_reported_and_counted():
    pool = fs.load("taiyuan_pool")
    found = fs.tornado(pool, ["mean(zhubaodai.claims_due)"], paths=64, threads=2)
    name = "instruments.zhubaodai.breaker.threshold"
    low, high = (row(found, "mean(zhubaodai.claims_due)", name, end) for end in ("low", "high"))
    assert "does not lie below the threshold (0.3)" in low.fault
    assert np.isnan(low.value)
    assert pd.isna(high.fault)
    assert found.to_json()["metrics"][0]["ends_refused"] == 1
    text = found._repr_html_()
    assert "ends that can&#x27;t be run: 1" in text
    assert "zhubaodai.breaker.threshold at 30 %: taiyuan_lending.yaml:" in text


def test_an_end_that_lacks_one_figure_has_the_others():
    """Without a fee there is no figure of fees, and the ranking of the others is not touched by that."""
    scenario = fs.load("examples/ip_pledge").set(
        "ip_loans.operator.fee", {"value": "1%", "low": 0, "high": "2%", "source": "assumption"}
    )
    fees, due = "mean(ip_loans.operator.fees)", "mean(ip_loans.claims_due)"
    both = fs.tornado(scenario, [due, fees], paths=64, threads=1)
    alone = fs.tornado(scenario, [due], paths=64, threads=1)
    name = "instruments.ip_loans.operator.fee"
    assert "has no mean(ip_loans.operator.fees)" in row(both, fees, name, "low").fault
    assert row(both, fees, name, "high").value == pytest.approx(2 * row(both, fees, name, "high").base)
    assert both.table[both.table.metric == due].reset_index(drop=True).equals(alone.table)
    assert f"{fees} only" in both._repr_html_()


def test_the_same_key_of_several_segments_moves_together():
    scenario = fs.load("minimal")
    terms = scenario.resolved()["segments"]["small_firms"]
    two = scenario.set_all(
        [
            ("segments.shops", {**terms, "pd": assumed("3%", "2.25%", "6%")}),
            ("small_firms.pd", assumed("3%", "2%", "6%")),
            ("pool.borrowers", {"small_firms": "50%", "shops": "50%"}),
        ]
    )
    found = fs.tornado(two, DUE, paths=64, threads=1)
    one = row(found, DUE, "segments.*.pd", "low")
    assert (one.input_from, one.input_to) == (0.02, 0.0225)
    assert "2–2.25 %" in found._repr_html_()
    run = fs.simulate(
        two.set_all([("shops.pd", 0.0225), ("small_firms.pd", 0.02)]), paths=64, threads=1,
        metrics="pool.claims_due",
    )  # fmt: skip
    assert one.value == run.distribution("pool.claims_due").mean.value


def test_figures_are_those_that_may_go_wrong_and_the_cost_unless_named(scenario):
    found = fs.tornado(scenario, paths=32, threads=1)
    assert [m.measured for m in found.measures] == [DRY, "mean(scheme.fiscal_cost)"]


def test_paths_are_the_scenarios_10_000_at_most(scenario, monkeypatch):
    asked = []

    class Stopped(Exception):  # noqa: N818
        pass

    def instead(self, _found, _described):
        asked.append((self.variants.paths, self.variants.seed))
        raise Stopped

    monkeypatch.setattr(_Tornado, "data", instead)
    for variant in (scenario.set("run.paths", 50_000), scenario.set("run.paths", 300).set("run.seed", 7)):
        with pytest.raises(Stopped):
            tornado_scenario(variant, [DUE])
    assert asked == [(10_000, 1), (300, 7)]


def test_nothing_is_put_together_where_nothing_moves_the_first_figure(scenario):
    found = fs.tornado(scenario, ["mean(pool.demand)"], paths=64, threads=1)
    assert found.together == ()
    assert found.ends.empty
    assert found.simulated == 8 * 64
    html = found._repr_html_()
    assert "No effect of any assumption is seen on these paths." in html
    assert "No assumption is seen to move mean(pool.demand), so nothing is put together." in html
    assert len(found.ranking(0).unseen) == 4


def test_a_scenario_without_assumptions_is_refused():
    with pytest.raises(UsageError, match="no assumption with a low and a high") as refused:
        fs.tornado(fs.load("textbook/j3_single_pool"))
    assert refused.value.faults[0].key == "scenario"


def test_values_of_the_plan_are_no_assumptions(scenario):
    plan = scenario.set("pool.opening", {"value": "0.3亿", "low": "0.2亿", "high": "0.5亿", "source": "plan"})
    found = fs.tornado(plan, DUE, paths=32, threads=1)
    assert "instruments.pool.opening" not in {s.assumption.name for s in found.swings}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"metrics": []}, "a text or a list of texts is expected"),
        ({"metrics": "P(pool.lent)"}, "no event"),
        ({"metrics": "q99(pool.depleted)"}, "has a probability only"),
        ({"metrics": "pool.nothing"}, "no metric is called pool.nothing"),
        ({"paths": 0}, "paths"),
        ({"progress": 3}, "a function is expected"),
    ],
)
def test_bad_arguments_are_refused(scenario, options, problem):
    with pytest.raises(UsageError, match=problem):
        fs.tornado(scenario, **options)
    with pytest.raises(UsageError, match="a Scenario is expected"):
        fs.tornado("minimal")


def test_progress_ends_at_what_was_expected(scenario):
    seen = []
    fs.tornado(scenario, DUE, paths=64, threads=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, (1 + 7 + 2) * 64)
    assert seen[-1] == ((1 + 7 + 2) * 64, (1 + 7 + 2) * 64)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
