"""Demand, opening stock and run-off: from terms to months and whole loans."""

import math
from collections import Counter

import pytest
from tests.instruments.by_hand import DOOMED, SOUND, pool, whole, written

from fundsim.errors import ScenarioError
from fundsim.lowering import lower


def demand(folder, terms, **window):
    blocks = {"window": {"start": "2015-01", "months": 24, "run_off": 0, **window}}
    (facility,) = lower(written(folder, whole(pool(demand=terms), **blocks))).facilities
    return facility.demand


def test_a_yearly_demand_is_spread_evenly_over_its_months(tmp_path):
    d = demand(tmp_path, {"yearly": [1200, 2400]})
    assert d.monthly == (*[100.0] * 12, *[200.0] * 12)
    assert d.hold == ()


def test_a_ramp_rises_month_by_month_and_what_is_missed_is_not_made_up(tmp_path):
    d = demand(tmp_path, {"yearly": [1200, 1200], "ramp_up_months": 4})
    assert d.monthly[:6] == (25.0, 50.0, 75.0, 100.0, 100.0, 100.0)
    assert math.fsum(d.monthly) == pytest.approx(2400 - 150)


def test_seasons_follow_the_calendar_and_keep_the_year(tmp_path):
    """Weights 1 … 12 from January; a window that starts in October."""
    d = demand(tmp_path, {"yearly": [780, 780], "seasonality": list(range(1, 13))}, start="2015-10")
    assert d.monthly[:4] == pytest.approx((100.0, 110.0, 120.0, 10.0))
    assert math.fsum(d.monthly[:12]) == pytest.approx(780)


def test_a_schedule_pays_by_date_and_adds_what_falls_on_one_month(tmp_path):
    dates = ["2015-02", "2015-02", "2016-12"]
    d = demand(tmp_path, {"schedule": [{"date": date, "amount": 500} for date in dates]})
    assert {month: amount for month, amount in enumerate(d.monthly) if amount} == {1: 1000.0, 23: 500.0}


def test_a_level_is_held_in_every_month_of_the_window(tmp_path):
    d = demand(tmp_path, {"hold_outstanding": 7000})
    assert d.hold == (7000.0,) * 24
    assert d.monthly == (0.0,) * 24


def test_a_window_that_is_no_whole_number_of_years_has_the_rate_of_its_last_year(tmp_path):
    d = demand(tmp_path, {"yearly": [1200, 2400]}, months=18)
    assert d.monthly == (*[100.0] * 12, *[200.0] * 6)


SIZES = {"mean": 300, "cv": 0.6, "cap": 1000, "bands": 4, "term_months": 12}


def opening(folder, stock, **segments):
    terms = pool(borrowers=dict.fromkeys(segments, 1 / len(segments)), opening_stock=stock)
    scheme = lower(written(folder, whole(terms, segments=segments)))
    return scheme, scheme.facilities[0].opening


@pytest.mark.parametrize("loans", [1, 7, 24, 100, 1223])
def test_an_opening_stock_is_exact_to_one_loan(tmp_path, loans):
    _, stock = opening(
        tmp_path, {"loans": loans}, sound={**SOUND, "loan": SIZES}, doomed={**DOOMED, "loan": SIZES}
    )
    assert sum(part.n_loans for part in stock) == loans
    assert all(part.n_loans > 0 for part in stock)


def test_an_opening_amount_is_met_to_about_one_loan(tmp_path):
    scheme, stock = opening(tmp_path, {"amount": 1_000_000}, sound={**SOUND, "loan": SIZES})
    bands = scheme.segments[0].bands
    amount = sum(part.n_loans * bands[part.band].principal for part in stock)
    assert amount == pytest.approx(1_000_000, abs=1000)
    by_band = Counter()
    for part in stock:
        by_band[part.band] += part.n_loans
    n_loans = sum(by_band.values())
    for band, law in enumerate(bands):
        assert by_band[band] == pytest.approx(n_loans * law.probability, abs=1.0)


def test_an_opening_stock_is_spread_evenly_over_the_months_left(tmp_path):
    _, stock = opening(tmp_path, {"loans": 1200}, sound=SOUND)
    assert {part.months_left: part.n_loans for part in stock} == dict.fromkeys(range(1, 13), 100)


def test_months_left_are_never_more_than_the_term(tmp_path):
    _, stock = opening(tmp_path, {"loans": 5, "months_left": 30}, sound=SOUND)
    assert [(part.months_left, part.n_loans) for part in stock] == [(12, 5)]


def test_the_run_off_covers_the_longest_loan_claim_and_recovery(tmp_path):
    """12 months of life + trigger 3 + claim lag 2 + recovery lag 20."""
    window = {"start": "2015-01", "months": 24}
    scheme = lower(written(tmp_path, whole(pool(recovery={"lag_months": 20}), window=window)))
    assert scheme.window.run_off == 12 + 5 + 20
    scheme = lower(written(tmp_path, whole(pool(recovery={"lag_months": 20}))))
    assert scheme.window.run_off == 12


def test_segments_that_nobody_lends_to_are_left_out(tmp_path):
    scheme = lower(written(tmp_path, whole(pool())))
    assert [s.name for s in scheme.segments] == ["doomed"]


def test_a_bank_may_serve_two_pools_and_is_one_party(tmp_path):
    content = whole(pool(lender="ICBC"))
    content["instruments"]["other"] = pool(lender="ICBC")
    scheme = lower(written(tmp_path, content))
    assert [p.name for p in scheme.parties].count("ICBC") == 1


def test_two_different_parties_of_one_name_are_refused(tmp_path):
    content = whole(pool(lender="other"))
    content["instruments"]["other"] = pool()
    with pytest.raises(ScenarioError, match="another party is called other"):
        written(tmp_path, content)


def test_sectors_are_in_ascending_order_with_their_correlations(tmp_path):
    segments = {
        "a": {**SOUND, "sector": "steel", "city_weight": 0.5},
        "b": {**SOUND, "sector": "farming", "city_weight": 0.5},
        "c": {**SOUND, "sector": "retail", "city_weight": 0.5},
        "d": {**SOUND, "sector": "unused", "city_weight": 1},
    }
    economy = {
        "step": "year",
        "sector_correlation": [{"between": ["steel", "farming"], "correlation": 0.4}],
    }
    terms = pool(borrowers={"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25})
    e = lower(written(tmp_path, whole(terms, segments=segments, economy=economy))).economy
    assert e.sectors == ("farming", "retail", "steel")
    assert e.sector_correlation == ((1.0, 0.0, 0.4), (0.0, 1.0, 0.0), (0.4, 0.0, 1.0))
