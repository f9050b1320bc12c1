"""Equity funds without chance: deals of one size, clocks that surely ring or never do, all that is planned.

Government's 1,000 yuan lie in custody in month 0, and social partners' target is 4,000.  The fund lives for
five years and invests in two of them, 100 yuan a deal; how many deals there are is drawn.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from fundsim.reference import engine as reference
from fundsim.scheme import (
    BetaShare,
    Clock,
    Economy,
    EquityFund,
    Exit,
    Injection,
    Multiple,
    Party,
    Raising,
    Scheme,
    Stage,
    Waterfall,
    Window,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import world

ENGINES = {"reference": reference}
"""Every engine that runs equity funds; all tests by hand run in each."""

MONTHS = 24
"""Of the window."""
LIFE = 60
G, TARGET = 1000.0, 4000.0

NEVER = Clock(shape=1.0, scale=math.inf)
AT_ONCE = Clock(shape=1.0, scale=1e-9)
"""It rings in the month after the deal."""


def in_years(years: float) -> Clock:
    """Return a clock that rings in the month in which so many years are full, and not before."""
    return Clock(shape=9000.0, scale=years - 1.0 / 48.0)


def sold_at(multiple: float) -> tuple[Exit, ...]:
    """Return one category of exits, which brings so many times the cost."""
    return (Exit(name="sale", probability=1.0, multiple=Multiple(law="fixed", value=multiple)),)


def stage(exit: Clock = NEVER, failure: Clock = NEVER, multiple: float = 1.0, **terms: Any) -> Stage:  # noqa: A002
    """Return deals of one stage that are sold at a fixed multiple, or fail."""
    plain = {"name": "any", "share": 1.0, "exit": exit, "failure": failure, "exits": sold_at(multiple)}
    return Stage(**{**plain, **terms})


def raising(**terms: Any) -> Raising:
    """Return a law by which the whole target is raised in month 0."""
    return Raising(**{"p_full": 1.0, "rest": BetaShare(mean=0.5), **terms})


def equity_fund(**terms: Any) -> EquityFund:
    """Return a fund whose deals never end by themselves and bring their cost when the fund ends."""
    plain = {
        "name": "fund",
        "party": "fund",
        "custody": "custody",
        "treasury": "treasury",
        "partners": "partners",
        "manager": "manager",
        "start": 0,
        "life": LIFE,
        "extension": 0,
        "investment": MONTHS,
        "planned": G,
        "social_target": TARGET,
        "raising": raising(),
        "deployment": 1.0,
        "deal_size": 100.0,
        "stages": (stage(),),
        "liquidation_multiple": 1.0,
        "waterfall": Waterfall(),
    }
    return EquityFund(**{**plain, **terms})


def scheme(
    *funds: EquityFund,
    appropriations: tuple[tuple[int, float], ...] = ((0, G),),
    months: int = MONTHS,
    **more: Any,
) -> Scheme:
    """Return a scheme of equity funds and nothing else.

    Args:
        funds: the funds.
        appropriations: month of the window and amount of what is paid into custody of each.
        months: length of the window.
        more: further fields of the scheme.
    """
    accounts = [
        party for fund in funds for party in (Party(name=fund.party), Party(name=fund.custody, public=True))
    ]
    free = (Party(name=name, limited=False) for name in ("partners", "manager"))
    built = Scheme(
        **{
            "window": Window(year=2015, month=1, months=months, run_off=0),
            "economy": Economy(step_months=12, persistence=0.5),
            "parties": world(*accounts, *free),
            "injections": tuple(
                Injection(source="treasury", target=fund.custody, month=month, amount=amount)
                for fund in funds
                for month, amount in appropriations
            ),
            "equity_funds": funds,
            **more,
        }
    )
    return replace(built, window=with_longest_life(built))


def lived_in(
    engine: str, fund: EquityFund, *, path: int = 0, seed: int = 7, **more: Any
) -> dict[str, list[float]]:
    """Return the records of a path month by month; those of the fund by their last name.

    Records that exist at snapshots only are those at the ends of the window and of the fund.
    """
    built = scheme(fund, **more)
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    block = ENGINES[engine](built, monthly).run(seed, path, 1)
    found = {name: block.series[0, :, column].tolist() for column, name in enumerate(monthly)}
    at = [built.window.snapshots.index(elapsed) for elapsed in (built.window.months, built.window.total)]
    for name in names.at_snapshots:
        found[name] = block.snapshots[0, at, names.all.index(name)].tolist()
    short = {name.rsplit("/", 1)[1]: values for name, values in found.items() if name.startswith("equity/")}
    return {**found, **short}
