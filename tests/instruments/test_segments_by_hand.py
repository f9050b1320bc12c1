"""Lending, defaults and contingent claims by segment and year, by hand."""

import numpy as np
import pytest

from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.collect import Collector
from fundsim.results.manifest import Run
from fundsim.results.plan import Plan
from fundsim.results.whole import run_data
from fundsim.scheme import RecordBlock, record_names

from .by_hand import DOOMED, SOUND, pool, run, whole, written

TWO_KINDS = pool(
    opening=800,
    borrowers={"doomed": 0.5, "sound": 0.5},
    opening_stock={"loans": 20, "months_left": 3},
    demand={"schedule": [{"date": "2015-01", "amount": 2000}]},
)
FIRST_YEAR, WINDOW, RUN_OFF = 12, 24, 36
SEGMENTS = {"sound": {**SOUND, "renew": 1}, "doomed": DOOMED}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Ten loans of each kind at the start, ten more in month 0; the doomed default in months 2 and 12."""
    return run(tmp_path_factory.mktemp("story"), TWO_KINDS, segments=SEGMENTS)


@pytest.mark.parametrize(
    ("metric", "elapsed", "value"),
    [
        ("pool.doomed.loans_defaulted", FIRST_YEAR, 10),
        ("pool.doomed.loans_defaulted", WINDOW, 20),
        ("pool.sound.loans_defaulted", RUN_OFF, 0),
        ("pool.doomed.amount_defaulted", WINDOW, 2000),
        ("pool.doomed.lent", WINDOW, 1000),
        ("pool.sound.lent", WINDOW, 4000),  # 1000 new, renewals in months 2, 12 and 14
        ("pool.doomed.default_rate", WINDOW, 20 / 20),
        ("pool.doomed.default_rate", FIRST_YEAR, 10 / 20),
        ("pool.sound.default_rate", RUN_OFF, 0),
        # Ten loans for three months, and ten in months 1 … 12.
        ("pool.doomed.default_rate_annual", FIRST_YEAR, 10 / (140 / 12)),
        ("pool.doomed.default_rate_annual", WINDOW, 20 / (150 / 12)),
        ("pool.sound.default_rate_annual", RUN_OFF, 0),
        # 2000 at the start and 2000 granted; of the doomed's 2000 all default.
        ("pool.default_rate_amount", FIRST_YEAR, 1000 / 4000),
        ("pool.default_rate_amount", WINDOW, 2000 / 4000),
        ("pool.default_rate_amount", RUN_OFF, 2000 / 4000),
        ("pool.doomed.default_rate_amount", WINDOW, 1),
        ("pool.sound.default_rate_amount", WINDOW, 0),
        ("pool.contingent_contractual", FIRST_YEAR, 300),  # half of 3000, of which 300 are in the pool
        ("pool.contingent_contractual", RUN_OFF, 0),
    ],
)
def test_figures_of_a_segment_are_those_worked_out_by_hand(story, metric, elapsed, value):
    assert story.metric(metric, elapsed) == pytest.approx(value, rel=1e-12, abs=1e-9)


def collected(path):
    scheme = path.scheme
    plan = Plan(scheme)
    collector = Collector(plan, 0, 1, seed=1, engine="core")
    months = [path.months[name] for name in plan.series_records]
    series = np.stack(months, axis=1)[None] if months else np.zeros((1, scheme.window.total, 0))
    column = [record_names(scheme).all.index(name) for name in plan.records]
    collector.add(RecordBlock(0, path.snapshots[None, :, column], series))
    run = Run(scenario="story", sha256="0", resolved={}, seed=1, engine="core", seconds=1.0, threads=1)
    return run_data(plan, collector.part(), run)


def test_a_years_default_rate_counts_what_was_there_when_it_began(story):
    results = collected(story)
    assert results.values("pool.default_rate_amount.2015@window")[0] == pytest.approx(1000 / 4000)
    # 1000 doomed and 2000 sound stand on the books when 2016 begins; nothing new is lent.
    assert results.values("pool.default_rate_amount.2016@window")[0] == pytest.approx(1000 / 3000)
    assert results.values("pool.doomed.amount_defaulted.2016@window")[0] == 1000


def test_contingent_claims_are_those_due_after_the_window_and_have_one_column(tmp_path):
    """Ten doomed loans of month 10 default in month 22; half of their 1000 falls due in month 27."""
    path = run(tmp_path, pool(demand={"schedule": [{"date": "2015-11", "amount": 1000}]}))
    results = collected(path)
    keys = [key for key in results.column_keys if "contingent_claims" in key]
    names = ["pool.contingent_claims", "scheme.contingent_claims", "scheme.contingent_claims_gross"]
    assert keys == [f"{name}@run_off" for name in names]
    assert results.values("pool.contingent_claims")[0] == 500
    assert path.metric("scheme.claims_incurred", WINDOW) == 500
    assert path.metric("scheme.claims_incurred", RUN_OFF) == 0
    assert path.metric("pool.contingent_contractual", WINDOW) == 500


def test_claims_of_the_window_are_no_contingent_claims(tmp_path):
    results = collected(run(tmp_path, pool()))
    assert results.values("pool.claims_due")[0] == 500
    assert results.values("pool.contingent_claims")[0] == 0


def test_one_segment_needs_no_part_of_its_own(tmp_path):
    names = [metric.name for metric in lower(written(tmp_path, whole(pool()))).metrics]
    assert not [name for name in names if name.startswith("pool.doomed")]


def test_a_segment_called_as_a_part_of_the_instrument_is_refused(tmp_path):
    county = {
        "kind": "county_margin",
        "counties": {"doomed": {"amount": 100, "match": 1}, "other": {"amount": 100, "match": 1}},
        "multiple": 10,
        "share": 0.5,
        "trigger": {"overdue_days": 90},
        "borrowers": {"doomed": 0.5, "sound": 0.5},
        "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
    }
    with pytest.raises(ScenarioError, match=r"the segment doomed on line .* has this name too"):
        written(tmp_path, whole(county))
