"""Requests given directly to a bridge fund, against queueing theory (second engine)."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.reference import engine
from fundsim.scheme import (
    DaysLaw,
    DirectRequests,
    FeeTier,
    RequestSize,
    record_names,
)
from fundsim.scheme.shortage import DAYS_PER_MONTH

from .bridging import (
    bridge_fund,
    scheme,
)

approx = pytest.approx
FLAT = (FeeTier(to_days=math.inf, per_day=0.002),)


def direct(requests, *, capital, **terms):
    """Return a scheme of a fund with requests of its own and nothing else."""
    fund = bridge_fund(facilities=(), requests=requests, **terms)
    return replace(scheme(fund=fund, capital=capital), facilities=(), segments=())


def at_window_end(built, paths):
    """Return record → its values at the window's end, a path each."""
    block = engine(built, ()).run(11, 0, paths)
    at = built.window.snapshots.index(built.window.months)
    return dict(zip(record_names(built).all, block.snapshots[:, at].T, strict=True))


def refused_part(got, subject="bridge/fund"):
    """Return the part of the requests that were refused over all paths, and its standard error."""
    asked, refused = got[f"{subject}/n_requests"], got[f"{subject}/n_refused"]
    share = refused.sum() / asked.sum()
    return share, np.std(refused - share * asked, ddof=1) * math.sqrt(len(asked)) / asked.sum()


@pytest.mark.parametrize(
    "days",
    [
        DaysLaw(law="fixed", mean=1.0),
        DaysLaw(law="exponential", mean=1.0),
        DaysLaw(law="lognormal", mean=1.0, cv=1.5),
    ],
    ids=lambda law: law.law,
)
def test_a_fund_of_five_places_refuses_as_erlang_b_says(days):
    """Load 3, nobody waits: B = 3⁵/5! ÷ Σ 3ᵏ/k! = 11.005 %, whatever the law of days."""
    requests = DirectRequests(per_day=3.0, amounts=(100.0,), probabilities=(1.0,), warm_up_days=30.0)
    got = at_window_end(direct(requests, capital=500.0, deadline_days=0.0, days=days), paths=12)
    share, error = refused_part(got)
    assert share == approx(2.025 / 18.4, abs=4.5 * error)
    assert error < 0.004


def test_requests_of_three_sizes_are_refused_as_kaufman_and_roberts_say():
    """Of 20 units, sizes 2, 5 and 10 with loads 3, 2 and 0.6: n q(n) = Σ aₖ bₖ q(n − bₖ)."""
    sizes, loads = (2, 5, 10), (3.0, 2.0, 0.6)
    q = [1.0]
    for n in range(1, 21):
        q.append(sum(a * b * q[n - b] for a, b in zip(loads, sizes, strict=True) if b <= n) / n)
    requests = DirectRequests(
        per_day=5.6,
        amounts=tuple(map(float, sizes)),
        probabilities=tuple(a / 5.6 for a in loads),
        warm_up_days=20.0,
    )
    reported = tuple(RequestSize(up_to=up_to) for up_to in (2.0, 5.0, math.inf))
    days = DaysLaw(law="exponential", mean=1.0)
    built = direct(requests, capital=20.0, deadline_days=0.0, days=days, sizes=reported)
    got = at_window_end(built, paths=10)
    for k, size in enumerate(sizes):
        share, error = refused_part(got, f"bridge_size/fund/{k}")
        assert share == approx(sum(q[21 - size :]) / sum(q), abs=4.5 * error)
        assert error < 0.02


def test_patience_of_half_a_day_refuses_as_the_queue_with_fixed_patience_does():
    """M/M/4+D, load 4, patience τ = 1/2: the offered wait has the density 4 p₃ e^((4 − 4)x) up to τ."""
    below = [4.0**j / math.factorial(j) for j in range(4)]
    at_patience = 4.0 * below[3] / 4.0
    refused = at_patience / (sum(below) + 4.0 * below[3] * 0.5 + at_patience)
    requests = DirectRequests(per_day=4.0, amounts=(1.0,), probabilities=(1.0,), warm_up_days=20.0)
    days = DaysLaw(law="exponential", mean=1.0)
    built = direct(requests, capital=4.0, deadline_days=0.5, days=days)
    share, error = refused_part(at_window_end(built, paths=16))
    assert share == approx(refused, abs=4.5 * error)
    assert error < 0.006


def test_direct_requests_follow_the_seasons():
    """A year of 2 a day, of which March has three times the weight of the others, scaled to mean 1."""
    weights = tuple(12.0 * (3.0 if month == 3 else 1.0) / 14.0 for month in range(1, 13))
    requests = DirectRequests(per_day=2.0, amounts=(1.0,), probabilities=(1.0,), seasonality=weights)
    built = direct(requests, capital=1e6)
    counts = engine(built, ("bridge/fund/n_requests",)).run(3, 0, 8).series[:, :, 0]
    assert counts[:, 0].mean() == approx(2.0 * DAYS_PER_MONTH * 36.0 / 14.0, abs=4.5 * math.sqrt(157.0 / 8))
    assert counts[:, 11].mean() == approx(730.0, abs=4.5 * math.sqrt(730.0 / 8))
    assert (counts[:, -1] == counts[:, 11]).all()


def test_the_warm_up_leaves_what_is_out_and_counts_nothing():
    """Uses of 100 days, 2 a day: 200 are out when the window begins."""
    requests = DirectRequests(per_day=2.0, amounts=(1.0,), probabilities=(1.0,), warm_up_days=200.0)
    built = direct(requests, capital=1e6, days=DaysLaw(law="fixed", mean=100.0), fee=FLAT)
    names = ("out", "n_requests", "n_returned", "fees", "fees_kept", "out_days")
    records = tuple(f"bridge/fund/{what}" for what in names)
    lines = ("flow/outside>fund/warm_up", "flow/fund>firms/bridge_loan", "flow/firms>fund/bridge_return")
    series = engine(built, (*records, *lines, "party/fund/balance")).run(3, 0, 1).series[0].T
    got = dict(zip((*names, "warm_up", "bridge_loan", "bridge_return", "balance"), series, strict=True))
    moved = got["warm_up"]
    assert (moved == moved[0]).all()
    # What is out at the start: what came back in the first 100 days and more, less what was lent since.
    out_at_start = got["out"][0] - got["bridge_loan"][0] + got["bridge_return"][0]
    assert out_at_start == approx(200.0, abs=4.5 * math.sqrt(200.0))
    fees_before = got["fees_kept"][0] - got["fees"][0]
    assert fees_before == approx(0.2 * 200.0, abs=0.2 * 4.5 * math.sqrt(200.0))
    assert moved[0] == approx(fees_before - out_at_start)
    assert got["n_requests"][0] == got["bridge_loan"][0]
    assert got["balance"] == approx(1e6 + got["fees_kept"] - got["out"])


def test_the_peak_of_the_warm_up_is_forgotten():
    """All requests of a year come before the window: the peak is what is left on its first day."""
    february = tuple(12.0 if month == 2 else 0.0 for month in range(1, 13))
    requests = DirectRequests(
        per_day=2.0,
        amounts=(1.0,),
        probabilities=(1.0,),
        seasonality=february,
        warm_up_days=30.0,
    )
    built = direct(requests, capital=1e6, days=DaysLaw(law="exponential", mean=5.0))
    names = ("bridge/fund/peak_out", "bridge/fund/n_requests", "flow/outside>fund/warm_up")
    peak, asked, moved = engine(built, names).run(3, 0, 1).series[0, 0]
    assert peak == -moved
    assert asked == 0.0
    assert 60.0 < peak < 200.0
