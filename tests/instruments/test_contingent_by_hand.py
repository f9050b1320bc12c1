"""Contingent exposure and yearly cost by hand arithmetic, on scenarios without chance, in both engines.

Ten doomed loans of 100 default when they mature; claims fall due five months later.
"""

import pytest

import fundsim as fs
from fundsim import core, reference
from fundsim.lowering import lower

from .by_hand import one_path, pool, whole, written

both = pytest.mark.parametrize("engine", [reference.engine, core.engine], ids=["reference", "core"])

WINDOW = 12
CALENDAR = {"window": {"start": "2015-01", "months": WINDOW, "run_off": 24}}


def approx(value):
    """Amounts to a ten-thousandth of a fen."""
    return pytest.approx(value, abs=1e-6)


def lent(amount, date="2015-12"):
    """Loans lent in one month, beside the opening stock."""
    return {"demand": {"schedule": [{"date": date, "amount": amount}]}}


def run(folder, engine, instrument, **blocks):
    content = whole({}, **{"instruments": {"fund": instrument}, **CALENDAR, **blocks})
    return one_path(lower(written(folder, content)), engine)


def after(t, name, window=WINDOW):
    """Return what a flow brought after the window."""
    return t.metric(name) - t.metric(name, window)


@both
def test_the_limit_of_a_year_that_is_over_stops_no_claims_of_the_next(tmp_path, engine):
    """500 are paid in 2015, which is its limit; the 1,000 of December default a year later."""
    t = run(tmp_path, engine, pool(opening=5000, caps={"year_limit": 500}, **lent(1000)))
    assert t.metric("fund.claims_paid", WINDOW) == approx(500)
    assert t.metric("fund.contingent_contractual", WINDOW) == approx(500)
    assert after(t, "fund.claims_paid") == approx(500)


@both
def test_the_limits_of_all_years_in_which_claims_can_fall_due_add_up(tmp_path, engine):
    """Loans of December 2015 end a year later at the latest and are claimed by May 2017."""
    t = run(tmp_path, engine, pool(opening=5000, caps={"year_limit": 500}, **lent(4000)))
    assert t.metric("fund.contingent_contractual", WINDOW) == approx(2 * 500)
    assert after(t, "fund.claims_paid") == approx(500)


@both
def test_what_a_year_that_goes_on_after_the_window_has_paid_is_off_its_limit(tmp_path, engine):
    """Of 800 for 2016 it has paid 500 by March; loans of March are claimed in August 2017 at the latest."""
    instrument = pool(
        opening=5000,
        caps={"year_limit": 800},
        opening_stock={"loans": 10, "months_left": 10},
        **lent(4000, "2016-03"),
    )
    t = run(tmp_path, engine, instrument, window={"start": "2015-01", "months": 15, "run_off": 24})
    assert t.metric("fund.claims_paid", 15) == approx(500)
    assert t.metric("fund.contingent_contractual", 15) == approx(300 + 800)
    assert after(t, "fund.claims_paid", 15) == approx(800)


@both
@pytest.mark.parametrize(("lag", "exposure"), [(10, 200 / 0.6), (17, 200)])
def test_a_recovery_refills_the_pool_and_new_defaults_may_refill_it_again(tmp_path, engine, lag, exposure):
    """The pool is empty; of 1,000 lost 400 are recovered, 200 of them for the pool, which owes 500 more.

    Of each yuan that it pays 0.4 comes back, in time if the lag is below the 12 + 5 months to the last claim.
    """
    t = run(tmp_path, engine, pool(opening=500, recovery={"lag_months": lag}, **lent(1000)))
    assert t.metric("fund.balance", WINDOW) == approx(0)
    assert t.metric("fund.contingent_contractual", WINDOW) == approx(exposure)
    assert after(t, "fund.claims_paid") == approx(200)


@both
def test_the_exposure_of_counties_is_what_each_margin_can_pay(tmp_path, engine):
    """Of 400, 100 go near and become 300; 300 go far and become 450.  1,000 are lent in proportion."""
    county = pool(share=1.0, opening_stock=None, **lent(1000)) | {
        "kind": "county_margin",
        "city_money": 400,
        "counties": {"near": {"match": 2, "weight": 1}, "far": {"match": 0.5, "weight": 3}},
    }
    del county["opening"]
    t = run(tmp_path, engine, county)
    assert t.metric("fund.contingent_contractual", WINDOW) == approx(300 + 450)
    assert t.metric("scheme.contingent_contractual", WINDOW) == approx(750)
    assert after(t, "fund.near.claims_paid") == approx(300)
    assert after(t, "fund.far.claims_paid") == approx(450)
    assert t.metric("fund.bank_loss") == approx(250)


def guarantee(**terms):
    return pool(**{"kind": "guarantee", "share": 0.8, "obligor_share": None, **terms})


LAYERS = {"province": {"share": 0.25, "lag_months": 2}, "nation": {"share": 0.25, "lag_months": 2}}


@both
def test_refunds_of_public_layers_count_once_in_the_whole_and_each_by_itself_beside_it(tmp_path, engine):
    """2 : 4 : 2 : 2 of 1,000: the guarantor is asked for 800 and has 200 back from each layer."""
    instrument = guarantee(opening=9000, reguarantee=LAYERS, opening_stock=None, **lent(1000))
    t = run(tmp_path, engine, instrument)
    for figure in ("contingent_contractual", "contingent_claims"):
        read = {"elapsed": WINDOW} if figure == "contingent_contractual" else {}
        assert t.metric(f"fund.{figure}", **read) == approx(800 + 200 + 200)
        assert t.metric(f"scheme.{figure}", **read) == approx(800)
        assert t.metric(f"scheme.{figure}_gross", **read) == approx(1200)
    assert after(t, "fund.claims_paid") == approx(800)
    assert t.metric("fund.bank_loss") == approx(200)
    assert t.metric("scheme.fiscal_cost") == approx(800)


@both
def test_a_refund_that_waits_counts_for_the_layer_and_not_for_the_whole(tmp_path, engine):
    """800 are paid in month 10 on loans of month 5: 200 wait with each layer, and no loan is out."""
    instrument = guarantee(
        opening=9000, reguarantee=LAYERS, opening_stock={"loans": 10, "months_left": 6}, **lent(0)
    )
    t = run(tmp_path, engine, instrument)
    assert t.metric("fund.claims_paid", WINDOW) == approx(800)
    assert t.metric("fund.contingent_contractual", WINDOW) == approx(400)
    assert t.metric("scheme.contingent_contractual", WINDOW) == approx(0)
    assert t.metric("scheme.contingent_contractual_gross", WINDOW) == approx(400)
    assert t.metric("scheme.claims_incurred", WINDOW) == approx(0)
    assert t.metric("scheme.claims_incurred_gross", WINDOW) == approx(400)
    assert after(t, "fund.province.claims_paid") == approx(200)


@both
def test_a_guarantor_with_private_capital_counts_at_the_publics_part(tmp_path, engine):
    """A quarter of 2,000 is public: of 800 asked 200 count, and of 400 refunded three quarters."""
    instrument = guarantee(
        opening=0,
        injections=[{"date": "2015-01", "amount": 500}],
        private_capital={"multiple": 3},
        reguarantee=LAYERS,
        opening_stock=None,
        **lent(1000),
    )
    t = run(tmp_path, engine, instrument)
    assert t.metric("scheme.contingent_contractual", WINDOW) == approx(0.25 * 800 + 0.75 * 400)
    assert t.metric("scheme.contingent_claims") == approx(0.25 * 800 + 0.75 * 400)
    assert t.metric("scheme.contingent_claims_gross") == approx(1200)
    # The guarantor has lost 400, a quarter of it the public's; the layers have lost 400.
    assert t.metric("scheme.fiscal_cost") == approx(0.25 * 400 + 400)


def test_a_years_cost_is_the_change_of_the_cumulative_cost(tmp_path):
    """800 are lost in 2015, when all capital is public; in 2016 private money makes the public's part 2/3."""
    instrument = guarantee(
        opening=500,
        injections=[{"date": "2015-01", "amount": 500}],
        private_capital={"multiple": 1, "lag_months": 12},
        **lent(0),
    )
    content = whole({}, instruments={"fund": instrument})
    results = fs.simulate(written(tmp_path, content), paths=1)
    years = {
        2015: ("window", 800),
        2016: ("window", 2 / 3 * 800 - 800),
        2017: ("run_off", 0),
    }
    for year, (horizon, cost) in years.items():
        assert results.values(f"scheme.fiscal_cost.{year}@{horizon}")[0] == approx(cost)
    assert results.values("scheme.fiscal_cost@run_off")[0] == approx(2 / 3 * 800)
