"""The queue of a bridge fund and its laws by hand, and its cash on random paths (second engine)."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from fundsim.reference.books import OPENING, Loan
from fundsim.reference.bridge_queue import size_of
from fundsim.reference.days import DaysOfMonth, draw_days
from fundsim.reference.economy import Risk, probability_at
from fundsim.scheme import (
    Band,
    DaysLaw,
    Economy,
    FeeTier,
    Injection,
    Shortage,
    SizeLaw,
    Tape,
)
from fundsim.scheme.shortage import DAYS_PER_MONTH

from .bridging import (
    AT_MONTHS_START,
    SOUND,
    Asking,
    alone,
    bridge_fund,
    due,
    lived_in,
)

approx = pytest.approx
FLAT = (FeeTier(to_days=math.inf, per_day=0.002),)


# The queue


def blocked(queue):
    """Return what comes of requests for 80 and 30 while 60 of 100 are out."""
    desk = Asking(alone(100.0, queue=queue, deadline_days=12.0))
    desk.ask("first", 1.0, 60.0)
    desk.ask("head", 2.0, 80.0, use_days=1.0)
    desk.ask("small", 3.0, 30.0)
    return desk


@pytest.mark.parametrize(
    ("queue", "head", "waited"),
    [
        # At day 11 the head has 80 of the 100, for a day; the 20 left are too little until day 12.
        ("fifo", "RELENT", 9.0 + 9.0),
        # The small one passes at once.  At day 11 the 70 are too little for the head, at day 13 they are 100.
        ("fifo_pass", "RELENT", 11.0),
        ("small_first", "RELENT", 11.0),
    ],
)
def test_a_blocked_head_is_passed_or_not_by_the_rule_of_the_queue(queue, head, waited):
    desk = blocked(queue)
    outcomes = desk.live(0.0)
    assert outcomes == {"first": "RELENT", "head": head, "small": "RELENT"}
    assert desk.now["waiting_days_served"] == approx(waited)


def test_small_first_lets_nobody_pass_the_smallest():
    """200 are out of 250: 60 and 70 wait, 50 is served at once, and the others when 200 are back."""
    desk = Asking(alone(250.0, queue="small_first", deadline_days=20.0))
    desk.ask("first", 1.0, 200.0)
    desk.ask("large", 2.0, 70.0)
    desk.ask("smaller", 3.0, 60.0)
    desk.ask("smallest", 4.0, 50.0, use_days=2.0)
    assert set(desk.live(0.0).values()) == {"RELENT"}
    # At once 50; at day 11 both others.
    assert desk.now["waiting_days_served"] == approx(0.0 + 8.0 + 9.0)


def test_a_head_that_leaves_frees_the_queue_at_that_instant():
    desk = Asking(alone(100.0, deadline_days=3.0))
    desk.ask("first", 1.0, 60.0)
    desk.ask("too large", 2.0, 500.0)
    desk.ask("small", 3.0, 40.0)
    assert desk.live(0.0) == {"first": "RELENT", "too large": "UNSERVED", "small": "RELENT"}
    assert desk.now["waiting_days_served"] == approx(2.0)
    assert desk.now["waiting_days"] == approx(5.0)


def test_money_that_comes_back_at_an_instant_serves_the_request_that_would_leave_then():
    """Returns come before service, and service before expiry."""
    desk = Asking(alone(100.0, deadline_days=4.0))
    desk.ask("first", 1.0, 100.0, use_days=7.0)
    desk.ask("waits", 4.0, 100.0)
    assert desk.live(0.0)["waits"] == "RELENT"


def test_uses_that_end_at_one_instant_all_come_back_before_anybody_is_served():
    """At day 11 both 50s are back: the head of 80 is served, though the second 50 alone would serve 45."""
    desk = Asking(alone(100.0, queue="fifo_pass", deadline_days=20.0))
    desk.ask("one", 1.0, 50.0)
    desk.ask("two", 1.0, 50.0)
    desk.ask("head", 2.0, 80.0, use_days=4.0)
    desk.ask("small", 3.0, 45.0)
    desk.live(0.0)
    assert desk.now["waiting_days_served"] == approx(9.0 + 12.0)


def test_without_patience_a_request_is_served_on_arrival_or_never():
    desk = Asking(alone(100.0, deadline_days=0.0))
    desk.ask("first", 1.0, 100.0)
    desk.ask("too early", 10.999, 100.0)
    desk.ask("later", 11.001, 100.0)
    assert desk.live(0.0) == {"first": "RELENT", "too early": "UNSERVED", "later": "RELENT"}
    assert desk.now["waiting_days"] == 0.0


def test_half_a_fen_over_is_served():
    desk = Asking(alone(100.0, deadline_days=0.0))
    desk.ask("just", 1.0, 100.004, use_days=1.0)
    desk.ask("over", 5.0, 100.006)
    assert desk.live(0.0) == {"just": "RELENT", "over": "UNSERVED"}


def test_an_injection_serves_at_the_start_of_its_month():
    desk = Asking(alone(50.0, deadline_days=20.0))
    desk.ask("waits", 20.0, 100.0, use_days=1.0)
    assert desk.live(0.0, 50.0) == {"waits": "RELENT"}
    assert desk.now["waiting_days"] == approx(DAYS_PER_MONTH - 20.0)
    assert desk.fund.kept[0]["bridge/fund/n_served"] == 0.0


def test_recoveries_come_before_injections_and_both_before_service():
    """100 of 100 are overdue; at the start of month 1 50 come back and 30 are paid in: 80 are served."""
    desk = Asking(alone(100.0, not_renewed=1.0, lgd=0.5, deadline_days=30.0))
    desk.ask("first", 1.0, 100.0)
    desk.ask("waits", 20.0, 80.0, use_days=1.0)
    desk.live(0.0, 30.0)
    assert desk.now["waiting_days_served"] == approx(DAYS_PER_MONTH - 20.0)
    assert desk.now["n_served"] == 2.0


def test_the_breaker_stops_service_at_once_until_a_recovery_resets_it():
    """100 overdue of 300: a third.  It is lifted at the start of month 1 with 50 back."""
    desk = Asking(alone(300.0, not_renewed=1.0, lgd=0.5, breaker_threshold=0.3, breaker_reset=0.1))
    desk.ask("first", 1.0, 100.0)
    desk.ask("stopped", 12.0, 50.0)
    desk.ask("waits for the reset", DAYS_PER_MONTH - 1.0, 50.0, use_days=1.0)
    desk.fund.live_through(0, 0.0)
    assert desk.now["stopped_month"] == 0.0
    assert desk.now["n_refused"] == 1.0
    desk.fund.live_through(1, 0.0)
    assert desk.now["stopped_days"] == approx(DAYS_PER_MONTH - 11.0)
    assert desk.now["n_served"] == 2.0
    assert desk.now["waiting_days_served"] == approx(1.0)


# Laws of days and sizes


def test_loans_of_a_band_ask_for_the_sizes_that_it_stands_for():
    """Bands of 30 and 70 %: below and above the law's 30 % quantile; the cap is the largest size."""
    law = SizeLaw(mu=5.0, sigma=1.0, cap=400.0)
    bands = (Band(principal=70.0, probability=0.3), Band(principal=250.0, probability=0.7))
    firms = replace(SOUND, bands=bands, sizes=law)
    random = Generator(PCG64(5))
    border = math.exp(5.0 - 0.5244005127080407)

    def drawn(band):
        loan = Loan(100.0, -1, 3, 8, OPENING, Risk([0.0], [0.0], False, 0.0), firms.lgd, band=band)
        return [size_of(loan, firms, random) for _ in range(2000)]

    low, high = drawn(0), drawn(1)
    assert max(low) < border < min(high)
    assert max(low) > border - 2.0
    assert max(high) == 400.0
    # P(Y > 400) = Φ(5 − ln 400): 16.06 % of all, 22.9 % of the upper band.
    assert np.mean([size == 400.0 for size in high]) == approx(
        0.2294, abs=4.5 * math.sqrt(0.23 * 0.77 / 2000)
    )
    assert drawn(None)[0] == 100.0


def test_a_loan_of_a_tape_is_a_request_of_its_own_size():
    one = np.zeros(1, dtype=np.int64)
    tape = Tape(
        segments=("firms",),
        segment=one,
        principal=np.array([250.0]),
        months_left=one + 1,
        pd_annual=np.array([1e-13]),
        lgd_mean=np.array([1.0]),
    )
    got = lived_in(
        "reference",
        fund=bridge_fund(**AT_MONTHS_START),
        firms=replace(SOUND, sizes=SizeLaw(mu=3.0, sigma=1.0)),
        facility={"tape": tape},
    )
    assert (got["requested"][0], got["n_bridged"][0]) == (250.0, 1.0)
    assert got["bridge_size/fund/1/requested"][0] == 250.0


def test_days_of_a_quarters_last_month_are_denser_at_its_end():
    """3 of 30.4 days count four times: 12 of 39.4 fall due in them, in March but not in April."""
    days = DaysOfMonth(3.0, 4.0)
    random = Generator(PCG64(5))
    n = 4000
    share = 12.0 / (DAYS_PER_MONTH + 9.0)
    for month, expected in ((3, share), (4, 3.0 / DAYS_PER_MONTH)):
        drawn = [days.draw(month, random) for _ in range(n)]
        assert min(drawn) >= 0.0
        assert max(drawn) < DAYS_PER_MONTH
        late = np.mean([day >= DAYS_PER_MONTH - 3.0 for day in drawn])
        assert late == approx(expected, abs=4.5 * math.sqrt(expected / n))
    assert days.density(12, 29.0) == approx(4.0 * days.density(12, 1.0))
    assert 3.0 * days.density(12, 29.0) == approx(DAYS_PER_MONTH * share)


@pytest.mark.parametrize(
    ("law", "mean", "sd"),
    [
        (DaysLaw(law="exponential", mean=10.0), 10.0, 10.0),
        (DaysLaw(law="lognormal", mean=10.0, cv=0.8), 10.0, 8.0),
        (DaysLaw(law="empirical", days=(5.0, 20.0), probabilities=(0.4, 0.6)), 14.0, 7.35),
        # E min(D, 10) = 10 (1 − 1/e).
        (DaysLaw(law="exponential", mean=10.0, longest=10.0), 6.3212, 3.7),
    ],
)
def test_days_have_the_mean_of_their_law_before_the_cut(law, mean, sd):
    random = Generator(PCG64(7))
    n = 4000
    assert np.mean([draw_days(law, random) for _ in range(n)]) == approx(mean, abs=4.5 * sd / math.sqrt(n))


def test_a_probability_moves_with_the_index_and_keeps_its_mean():
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    values = [probability_at(0.2, 0.3, x) for x in nodes]
    assert np.dot(weights, values) / weights.sum() == approx(0.2, abs=1e-6)
    assert values == sorted(values, reverse=True)
    assert (probability_at(0.0, 0.3, -9.0), probability_at(1.0, 0.3, 9.0)) == (0.0, 1.0)


# The ledger


@pytest.mark.parametrize("path", range(4))
def test_cash_is_capital_and_fees_kept_less_what_is_out(path):
    """On random paths, at every month's end, with everything that moves money."""
    firms = replace(
        SOUND,
        pd_annual=0.05,
        rho=0.1,
        maturity_share=0.5,
        renew=0.5,
        term_months=4,
        sizes=SizeLaw(mu=5.0, sigma=0.8, cap=500.0),
        shortage=Shortage(
            probability=0.5, rho=0.1, default_if_unserved=0.4, private_fee_per_day=0.003, trend=0.9
        ),
    )
    fund = bridge_fund(
        days=DaysLaw(law="lognormal", mean=12.0, cv=1.0, longest=60.0),
        deadline_days=5.0,
        share_financed=0.9,
        own_money_max=0.3,
        cap_per_firm=350.0,
        queue="fifo_pass",
        not_renewed=0.15,
        not_renewed_rho=0.2,
        lgd=0.5,
        recovery_lag=3,
        fee=FLAT,
        running_cost_annual=100.0,
        running_cost_share=0.1,
        recapitalise=path % 2 == 0,
        breaker_threshold=0.3,
        breaker_reset=0.2,
        bridged=(replace(firms, pd_annual=0.2),),
    )
    paid = tuple(Injection(source="treasury", target="fund", month=m, amount=200.0) for m in (3, 25))
    got = lived_in(
        "reference",
        *(due(month, n=15, band=month % 2) for month in range(4)),
        path=path,
        fund=fund,
        firms=firms,
        capital=900.0,
        months=24,
        injections=paid,
        economy=Economy(step_months=1, persistence=0.9),
    )
    columns = zip(got["party/fund/balance"], got["capital"], got["fees_kept"], got["out"], strict=True)
    for cash, capital, kept, out in columns:
        assert cash == approx(capital + kept - out, abs=1e-6)
    assert got["n_requests"][-1] == got["n_served"][-1] + got["n_refused"][-1]
    assert got["n_served"][-1] == got["n_returned"][-1] + got["n_overdue"][-1]
    assert got["requested"][-1] == approx(got["lent"][-1] + got["refused"][-1])
    assert got["losses"][-1] + got["recoveries"][-1] == approx(got["became_overdue"][-1])
    assert got["n_bridged"][-1] == got["n_returned"][-1]
    assert got["n_private"][-1] + got["n_defaulted_unserved"][-1] >= got["n_refused"][-1]
    assert min(got["n_refused"][-1], got["n_overdue"][-1], got["losses"][-1], got["private_cost"][-1]) > 0
    assert got["n_performing"][-1] == 0.0
