"""Bridge funds without chance: loans that are certain to be short, on days that are all but certain.

A window of twelve months from March or April on, loans of 100 and 400 yuan with a term of a year.  Of the
months March, June, September and December loans fall due in the first half day, or in the last one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from fundsim.reference.bridge import Fund
from fundsim.reference.bridge_queue import Request
from fundsim.reference.month import City
from fundsim.scheme import (
    Band,
    Borrowers,
    BridgeFund,
    DaysLaw,
    Demand,
    Economy,
    Facility,
    OpeningLoans,
    Party,
    RequestSize,
    Scheme,
    Segment,
    Shortage,
    Window,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.verify.schemes import segment, world

from .guaranteed import month_ends

MONTHS = 12
MARCH, APRIL = 3, 4
AT_MONTHS_START = {"month_end_days": DAYS_PER_MONTH - 0.5, "month_end_times": 0.0}
AT_MONTHS_END = {"month_end_days": 0.5, "month_end_times": 1e15}
ALWAYS_SHORT = Shortage(probability=1.0)
TEN_DAYS = DaysLaw(law="fixed", mean=10.0)

SOUND = replace(
    segment(pd_annual=1e-13, rho=0.0, principal=100.0, lgd=1.0),
    bands=(Band(principal=100.0, probability=0.5), Band(principal=400.0, probability=0.5)),
    shortage=ALWAYS_SHORT,
)


def due(month: int, n: int = 1, band: int = 0) -> OpeningLoans:
    """Return opening loans that fall due in a month, 0 … 11, of 100 yuan each, or of 400."""
    return OpeningLoans(segment="firms", band=band, months_left=month + 1, n_loans=n)


def bridge_fund(**terms: Any) -> BridgeFund:
    """Return a fund for the facility ``loans`` whose uses last ten days."""
    plain = {
        "name": "fund",
        "party": "fund",
        "facilities": ("loans",),
        "sizes": (RequestSize(up_to=200.0), RequestSize(up_to=math.inf)),
        "days": TEN_DAYS,
    }
    return BridgeFund(**{**plain, **terms})


def scheme(
    *loans: OpeningLoans,
    fund: BridgeFund | None = None,
    capital: float = 1000.0,
    firms: Segment = SOUND,
    start: int = MARCH,
    months: int = MONTHS,
    facility: dict[str, Any] | None = None,
    **more: Any,
) -> Scheme:
    """Return a scheme of one facility with opening loans, and a fund with so much capital if there is one."""
    lending = Facility(
        **{
            "name": "loans",
            "lender": "bank",
            "borrowers": (Borrowers(segment="firms", share=1.0),),
            "demand": Demand(monthly=(0.0,) * months),
            "opening": loans,
            **(facility or {}),
        }
    )
    built = Scheme(
        **{
            "window": Window(year=2015, month=start, months=months, run_off=14),
            "economy": Economy(step_months=12, persistence=0.0),
            "segments": (firms,),
            "parties": world(Party(name="fund", opening=capital, limited=False)),
            "facilities": (lending,),
            "bridges": () if fund is None else (fund,),
            **more,
        }
    )
    return replace(built, window=with_longest_life(built))


def lived_in(engine: str, *loans: OpeningLoans, path: int = 0, **terms: Any) -> dict[str, list[float]]:
    """Return the records of a path month by month; those of the fund and the book by their last name."""
    found = month_ends(engine, scheme(*loans, **terms), path)
    short = {name.rsplit("/", 1)[1]: values for name, values in found.items() if name.startswith("bridge/")}
    books = {name.rsplit("/", 1)[1]: values for name, values in found.items() if name.startswith("book/")}
    return {**found, **books, **short}


def alone(capital: float, **terms: Any) -> Fund:
    """Return a fund on the first day of a path, whom nobody asks but the test."""
    fund = City(scheme(fund=bridge_fund(**terms), capital=capital), seed=1, path=0).portfolios["loans"].bridge
    assert fund is not None
    return fund


class Asking:
    """Puts requests to a fund on chosen days and reads what came of them.

    Args:
        fund: the fund.
    """

    def __init__(self, fund: Fund) -> None:
        self.fund = fund
        self._requests: dict[str, Request] = {}

    def ask(self, name: str, day: float, amount: float, use_days: float = 10.0) -> None:
        """Put in a request before the fund has lived through its day."""
        request = Request(len(self._requests), day, amount, use_days, index=[0.0])
        self._requests[name] = request
        self.fund.ask(request, self.fund.days.environment)

    def live(self, *injected: float) -> dict[str, str]:
        """Live through months with what is paid in in each; return name → what came of the request."""
        for month, amount in enumerate(injected):
            self.fund.live_through(month, amount)
        outcomes = {request: outcome.name for request, outcome, _ in self.fund.ends}
        return {name: outcomes.get(request, "OPEN") for name, request in self._requests.items()}

    @property
    def now(self) -> dict[str, float]:
        """The fund's records at the last month's end."""
        last = self.fund.kept[max(self.fund.kept)]
        return {name.rsplit("/", 1)[1]: v for name, v in last.items() if name.startswith("bridge/")}
