"""The formulas of the metrics against numbers worked out by hand."""

import math

import numpy as np
import pytest

from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.metrics.program import evaluate
from fundsim.reference import engine as reference
from fundsim.scheme import Aggregate, LawFigure, record_names

from .by_hand import DOOMED, SOUND, one_path, pool, run, whole, written


def approx(value):
    return pytest.approx(value, rel=1e-12, abs=1e-9)


@pytest.fixture
def story(tmp_path):
    """Ten doomed loans (default in month 2, due in month 7) and ten sound ones, renewed in month 2.

    Lending in month 0: 1000 to each group.  The doomed default in month 12, due in month 17; the sound
    are renewed in month 12 and 14.  A pool of 800, 200 more in month 12.  Recoveries after 20 months.
    """
    return run(
        tmp_path,
        pool(
            opening=800,
            injections=[{"date": "2016-01", "amount": 200}],
            borrowers={"doomed": 0.5, "sound": 0.5},
            opening_stock={"loans": 20, "months_left": 3},
            demand={"schedule": [{"date": "2015-01", "amount": 2000}]},
            multiple=5,
            recovery={"lag_months": 20, "cost": 0.1},
        ),
        segments={"sound": {**SOUND, "renew": 1}, "doomed": DOOMED},
    )


FIRST_YEAR, WINDOW, RUN_OFF = 12, 24, 36

FIGURES = [
    # Lending: 2000 new; renewals of 1000 in month 2, of 1000 each in months 12 and 14.
    ("pool.lent", FIRST_YEAR, 3000),
    ("pool.lent", WINDOW, 5000),
    ("pool.lent_new", WINDOW, 2000),
    ("scheme.lent", WINDOW, 5000),
    ("pool.outstanding", FIRST_YEAR, 3000),  # 1000 doomed and 2000 sound
    ("pool.outstanding", WINDOW, 2000),
    ("pool.outstanding", RUN_OFF, 0),
    ("pool.firms_reached", WINDOW, 40),
    ("scheme.firms_reached", WINDOW, 40),
    ("pool.demand_refused", WINDOW, 0),
    # Defaults: 10 of 20 + 20 + 10 loans in the first year; 20 of 20 + 20 + 30 in all.
    ("pool.loans_defaulted", FIRST_YEAR, 10),
    ("pool.amount_defaulted", WINDOW, 2000),
    ("pool.default_rate", FIRST_YEAR, 10 / 50),
    ("pool.default_rate", WINDOW, 20 / 70),
    ("scheme.default_rate", WINDOW, 20 / 70),
    # Exposed: the opening doomed 3 months, the opening sound until month 26; those granted in month 0 from
    # month 1 on, the doomed until month 12, the sound, renewed once, until month 24.
    ("pool.default_rate_annual", FIRST_YEAR, 10 / ((30 + 120 + 110 + 110) / 12)),
    ("pool.default_rate_annual", WINDOW, 20 / ((30 + 240 + 120 + 230) / 12)),
    ("pool.default_rate_annual", RUN_OFF, 20 / ((30 + 270 + 120 + 240) / 12)),
    ("scheme.default_rate_annual", RUN_OFF, 20 / (660 / 12)),
    # Claims: 500 in month 7, 500 in month 17.
    ("pool.claims_due", FIRST_YEAR, 500),
    ("pool.claims_due", WINDOW, 1000),
    ("pool.claims_paid", WINDOW, 1000),
    ("pool.claims_coverage", WINDOW, 1.0),
    ("pool.claims_coverage_aggregate", WINDOW, 1.0),
    ("pool.claims_pending", FIRST_YEAR, 0),
    # Recoveries: 400 less 40 in month 22, half of 360 to the pool; the other batch in month 32.
    ("pool.recoveries", WINDOW, 180),
    ("pool.recoveries", RUN_OFF, 360),
    ("pool.balance", FIRST_YEAR, 300),
    ("pool.balance", WINDOW, 180),
    ("pool.balance", RUN_OFF, 360),
    ("pool.paid_in", WINDOW, 1000),
    ("pool.bank_loss", FIRST_YEAR, 500),
    ("pool.bank_loss", RUN_OFF, 2000 - 1000 - 360),
    # 代偿率: paid ÷ (share × matured + paid); matured 1000 in the first year, 3000 in the window.
    ("pool.compensation_rate_released", FIRST_YEAR, 500 / (500 + 500)),
    ("pool.compensation_rate_released", WINDOW, 1000 / (1500 + 1000)),
    ("pool.compensation_rate_outstanding", WINDOW, 1000 / (0.5 * 2000)),
    # Leverage and public cost.
    ("pool.leverage_flow", FIRST_YEAR, 3000 / 800),
    ("pool.leverage_flow", WINDOW, 5000 / 1000),
    ("pool.leverage_stock", WINDOW, 2000 / 1000),
    ("scheme.leverage_flow", WINDOW, 5),
    ("scheme.fiscal_outlay", WINDOW, 200),
    ("scheme.fiscal_cost", WINDOW, 200 + 800 - 180),
    ("scheme.fiscal_cost", RUN_OFF, 200 + 800 - 360),
    ("scheme.fiscal_cost_per_lent", RUN_OFF, 640 / 5000),
]


@pytest.mark.parametrize(("name", "elapsed", "expected"), FIGURES)
def test_figures_are_those_worked_out_by_hand(story, name, elapsed, expected):
    assert story.metric(name, elapsed) == approx(expected)


def test_capacity_used_is_the_sum_of_outstanding_over_the_sum_of_limits(story):
    """Limits of 5 × 800 in the first year, 5 × 1000 in the second.

    Outstanding at month ends: 4000 while the doomed await their claim (months 0 … 6), 3000 until month 16
    (the second batch of defaults awaits its claim from month 12 on), 2000 from month 17.
    """
    out = 7 * 4000 + 10 * 3000 + 7 * 2000
    assert story.metric("pool.capacity_used", WINDOW) == approx(out / (12 * 4000 + 12 * 5000))


def test_stock_coverage_is_the_balance_over_claims_to_come(tmp_path):
    """At the end of a window of six months 500 are pending against 1000."""
    t = run(tmp_path, pool(), window={"start": "2015-01", "months": 6, "run_off": 12})
    assert t.metric("pool.claims_pending", 6) == approx(500)
    assert t.metric("pool.stock_coverage", 6) == approx(2.0)
    assert math.isnan(t.metric("pool.stock_coverage"))


def test_coverage_is_1_where_nothing_fell_due(tmp_path):
    t = run(tmp_path, pool(borrowers={"sound": 1.0}))
    assert t.metric("pool.claims_due") == 0.0
    assert t.metric("pool.claims_coverage") == 1.0


def test_what_has_no_value_is_missing_and_not_zero(tmp_path):
    t = run(tmp_path, pool(borrowers={"sound": 1.0}, opening_stock=None))
    for name in ("pool.compensation_rate_released", "pool.stock_coverage", "scheme.fiscal_cost_per_lent"):
        assert math.isnan(t.metric(name)), name
    assert t.metric("pool.default_rate") == 0.0


@pytest.mark.parametrize("engine", [core, reference], ids=["core", "reference"])
def test_instruments_of_one_bank_each_count_the_recoveries_on_their_own_loans(tmp_path, engine):
    """Losses 1,000 and 500, half of each paid; 400 of the first come back in month 12, 200 of the second
    in month 8, half of either to its pool."""
    late, early = ({"lender": "icbc", "recovery": {"lag_months": lag}} for lag in (10, 6))
    small = pool(**early, opening_stock={"loans": 5, "months_left": 3})
    content = whole(pool(), instruments={"pool": pool(**late), "small": small})
    t = one_path(lower(written(tmp_path, content)), engine)
    assert t.metric("pool.bank_loss", 12) == approx(500)
    assert t.metric("small.bank_loss", 12) == approx(250 - 100)
    assert t.metric("pool.bank_loss") == approx(500 - 200)
    assert t.metric("small.bank_loss") == approx(250 - 100)


def test_depletion_up_to_a_month_follows_the_first_unpaid_claim(tmp_path):
    t = run(tmp_path, pool(opening=100))
    (metric,) = [m for m in t.scheme.metrics if m.name == "pool.depleted_by_month"]
    by_month = evaluate(metric.formula, t.months)
    assert by_month[:10].tolist() == [0.0] * 7 + [1.0] * 3


def test_every_metric_reads_records_that_exist_and_says_what_it_is_in_two_languages(story):
    names = set(record_names(story.scheme).all)
    assert names == set(story.at(WINDOW))
    for metric in story.scheme.metrics:
        assert metric.meaning
        assert metric.meaning_zh
        if isinstance(metric, Aggregate | LawFigure):
            continue
        assert evaluate(metric.formula, story.at(WINDOW)).shape == (1,)
        if metric.event:
            assert np.isin(evaluate(metric.formula, story.at(WINDOW)), [0.0, 1.0]).all()
