"""Schemes of bridge funds with requests of their own, and of firms that are short: the smallest ones."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.scenario import load
from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    DirectRequests,
    Economy,
    FeeTier,
    Injection,
    Party,
    RequestSize,
    Scheme,
    Shortage,
    Window,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.queue_cases import MixedFund, PatientQueue
from fundsim.verify.schemes import lending, opening_loans, segment, static_pool, world

__all__ = [
    "FUND",
    "asked_fund",
    "conserving_fund",
    "liquidity_pool",
    "mixed_fund",
    "patient_fund",
    "short_stock",
    "sure_of_money",
]

FUND = "bridge/fund"
"""Subject of the records of the one fund that each scheme has."""

MEANS_OF_WARM_UP = 10.0
"""A warm-up of so many mean uses leaves e⁻¹⁰ of an empty start, where the days are exponential."""
MEANS_OF_SLOW_WARM_UP = 25.0
"""The tail of a lognormal law is longer: of what is out less than 10⁻⁴ began before."""


def asked_fund(requests: DirectRequests, *, capital: float, days: DaysLaw, **terms: Any) -> Scheme:
    """Return a fund with requests of its own, and nothing else, over three months from January on.

    Args:
        requests: the requests; their warm-up, if none is given, is long enough for any start to be forgotten.
        capital: opening money [yuan].
        days: law of days.
        terms: other fields of the fund, and ``months`` of the window.
    """
    if requests.warm_up_days == 0.0:
        mean = sum(d * p for d, p in zip(days.days, days.probabilities, strict=True)) or days.mean
        means = MEANS_OF_SLOW_WARM_UP if days.law == "lognormal" else MEANS_OF_WARM_UP
        requests = replace(requests, warm_up_days=means * mean)
    months = terms.pop("months", 3)
    fund = BridgeFund(
        **{
            "name": "fund",
            "party": "fund",
            "requests": requests,
            "sizes": (RequestSize(up_to=math.inf),),
            "days": days,
            **terms,
        }
    )
    scheme = Scheme(
        window=Window(year=2015, month=1, months=months, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(),
        parties=world(Party(name="fund", opening=capital, limited=False, public=True)),
        facilities=(),
        bridges=(fund,),
    )
    return replace(scheme, window=with_longest_life(scheme))


def mixed_fund(fund: MixedFund, days: DaysLaw) -> Scheme:
    """Return a fund in which nobody waits, asked for several amounts; a unit is 100 yuan.

    Args:
        fund: capacity and requests.
        days: law of days.
    """
    per_day = math.fsum(size.per_day for size in fund.sizes)
    amounts = tuple(100.0 * size.units for size in fund.sizes)
    requests = DirectRequests(
        per_day=per_day, amounts=amounts, probabilities=tuple(size.per_day / per_day for size in fund.sizes)
    )
    reported = tuple(RequestSize(up_to=up_to) for up_to in (*amounts[:-1], math.inf))
    return asked_fund(requests, capital=100.0 * fund.capacity, days=days, sizes=reported, deadline_days=0.0)


def patient_fund(queue: PatientQueue, days: DaysLaw) -> Scheme:
    """Return a fund of so many places of 100 yuan, for whose money equal requests wait.

    Args:
        queue: places, requests and patience.
        days: law of days.
    """
    requests = DirectRequests(per_day=queue.per_day, amounts=(100.0,), probabilities=(1.0,))
    return asked_fund(requests, capital=100.0 * queue.places, days=days, deadline_days=queue.patience)


def sure_of_money(days: DaysLaw, seasonality: tuple[float, ...], months: int) -> Scheme:
    """Return a fund that never runs dry, asked for a yuan once a day on average.

    Requests follow the seasons, and are three times as dense on the last five days of a quarter.

    Args:
        days: law of days.
        seasonality: weight of each calendar month, of mean 1.
        months: length of the window, from January on.
    """
    requests = DirectRequests(per_day=1.0, amounts=(1.0,), probabilities=(1.0,), seasonality=seasonality)
    return asked_fund(
        requests, capital=1e9, days=days, months=months, month_end_days=5.0, month_end_times=3.0
    )


def short_stock(n_loans: int, months_left: int, shortage: Shortage) -> Scheme:
    """Return two years of loans that never default at maturity, of which a common factor makes some short.

    Args:
        n_loans: number of opening loans of a yuan each.
        months_left: 1 … 24, the month in which they fall due.
        shortage: how many are short.
    """
    scheme = static_pool(n_loans=1, pd_annual=1e-13, rho=0.0)
    firms = segment(pd_annual=1e-13, rho=0.0, principal=1.0, lgd=1.0)
    return replace(
        scheme,
        window=Window(year=2015, month=1, months=24, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(replace(firms, term_months=24, shortage=shortage),),
        facilities=(lending((0.0,) * 24, opening=opening_loans(months_left, n_loans)),),
    )


def liquidity_pool(pd: float, term_months: int) -> Scheme:
    """Return the hundred loans of ``textbook/vasicek_100`` at a PD that includes those that nobody bridges.

    One in ten of the sound firms is short at maturity, of which three in ten default; the others renew.

    Args:
        pd: yearly PD, stated.
        term_months: term of the loans, 12 or a part of it.
    """
    scenario = load("textbook/vasicek_100", kinds=KINDS)
    for key, value in {
        "firms.pd": pd,
        "firms.default_if_unserved": 0.3,
        "firms.short": 0.1,
        "firms.pd_includes_liquidity": True,
        "firms.renew": 1,
        "firms.loan.term_months": term_months,
        "pool.opening_stock.months_left": term_months,
    }.items():
        scenario = scenario.set(key, value)
    return replace(lower(scenario), metrics=())


def conserving_fund(*, warm_up_days: float = 0.0) -> Scheme:
    """Return a fund to which all happens that moves its money.

    Banks break their word in bad times, recoveries come in part, fees have tiers, the running cost is more
    than the fees of some months, money is paid in, and a breaker stops service.

    Args:
        warm_up_days: days before the window.
    """
    requests = DirectRequests(
        per_day=0.8, amounts=(30.0, 80.0, 200.0), probabilities=(0.5, 0.3, 0.2), warm_up_days=warm_up_days
    )
    fund = BridgeFund(
        name="fund",
        party="fund",
        requests=requests,
        sizes=(RequestSize(up_to=50.0), RequestSize(up_to=math.inf)),
        queue="fifo_pass",
        days=DaysLaw(law="lognormal", mean=9.0, cv=0.8, longest=60.0),
        not_renewed=0.08,
        not_renewed_rho=0.3,
        lgd=0.55,
        recovery_lag=3,
        fee=(FeeTier(to_days=7.0, per_day=0.0004), FeeTier(to_days=math.inf, per_day=0.001)),
        fee_free_days=2.0,
        recapitalise=True,
        running_cost_annual=60.0,
        running_cost_share=0.1,
        breaker_threshold=0.3,
        breaker_reset=0.15,
    )
    scheme = Scheme(
        window=Window(year=2015, month=1, months=18, run_off=0),
        economy=Economy(step_months=3, persistence=0.5),
        segments=(),
        parties=world(Party(name="fund", opening=600.0, limited=False, public=True)),
        facilities=(),
        bridges=(fund,),
        injections=tuple(
            Injection(source="treasury", target="fund", month=month, amount=150.0) for month in (5, 11)
        ),
    )
    return replace(scheme, window=with_longest_life(scheme))
