"""Equity funds without chance: deals of one size, clocks that surely ring or never do, all that is planned.

Government plans 1,000 yuan, which lie in custody in month 0, and social partners' target is 4,000.  A fund
lives for five years and invests in the first three months, 1,000 yuan a deal.  How many deals there are is
drawn: a test that needs so many takes the first path that has them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import count
from typing import Any

from fundsim.core import engine as core
from fundsim.reference import engine as reference
from fundsim.reference.equity_draws import EquityDraws, poisson_value
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
    Window,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import world

ENGINES = {"core": core, "reference": reference}
"""Every engine that runs equity funds; all tests by hand run in each."""

SEED = 7
WINDOW = 24
LIFE = 60
G, TARGET = 1000.0, 4000.0
NEVER = Clock(shape=1.0, scale=math.inf)
SURELY = 50.0
"""Hazard that no deal survives: no exponential that is drawn is larger than 37."""


def in_months(n: int) -> Clock:
    """Return a clock that rings n months after the deal; that it rings earlier has a chance of 2e-9."""
    shape = 24.0 * n
    return Clock(shape=shape, scale=n / 12.0 / SURELY ** (1.0 / shape))


def fixed(multiple: float) -> Multiple:
    """Return what brings so many times the cost."""
    return Multiple(law="fixed", value=multiple)


def exits(*multiples: float) -> tuple[Exit, ...]:
    """Return categories that are equally likely, from bad times to good ones."""
    return tuple(
        Exit(name=f"exit_{k}", probability=1.0 / len(multiples), multiple=fixed(multiple))
        for k, multiple in enumerate(multiples)
    )


def stage(**terms: Any) -> Stage:
    """Return the one stage of all deals, which bring their cost when they are sold."""
    plain = {"name": "any", "share": 1.0, "exit": NEVER, "failure": NEVER, "exits": exits(1.0)}
    return Stage(**{**plain, **terms})


def sold(multiple: float, after: int) -> tuple[Stage, ...]:
    """Return stages of which all deals are sold at a multiple so many months after they were made."""
    return (stage(exit=in_months(after), exits=exits(multiple)),)


def raising(**terms: Any) -> Raising:
    """Return a law by which the whole target is raised in month 0."""
    return Raising(**{"p_full": 1.0, "rest": BetaShare(mean=0.5), "set_up_months": 5, **terms})


def raised(share: float, **terms: Any) -> Raising:
    """Return a law by which so much of the target is raised, and never all of it."""
    return raising(p_full=0.0, rest=BetaShare(mean=share), **terms)


def equity_fund(**terms: Any) -> EquityFund:
    """Return a fund whose deals are sold at cost when it ends, and not before."""
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
        "investment": 3,
        "planned": G,
        "social_target": TARGET,
        "raising": raising(),
        "deployment": 1.0,
        "deal_size": 1000.0,
        "stages": (stage(),),
        "liquidation_multiple": 1.0,
    }
    return EquityFund(**{**plain, **terms})


def alone(**terms: Any) -> EquityFund:
    """Return a fund without social partners."""
    return equity_fund(social_target=0.0, raising=None, **terms)


def scheme(
    *funds: EquityFund,
    appropriations: tuple[tuple[int, float], ...] = ((0, G),),
    months: int = WINDOW,
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
    paid_in = tuple(
        Injection(source="treasury", target=fund.custody, month=month, amount=amount)
        for fund in funds
        for month, amount in appropriations
    )
    built = Scheme(
        **{
            "window": Window(year=2015, month=1, months=months, run_off=0),
            "economy": Economy(step_months=1, persistence=0.5),
            "parties": world(*accounts, *free),
            "injections": paid_in,
            "equity_funds": funds,
            **more,
        }
    )
    built = replace(built, window=with_longest_life(built))
    if not built.economy.fixed:
        return built
    # A path of the factor has a value, or nan, for every month.
    rest = (math.nan,) * (built.window.total - len(built.economy.fixed))
    return replace(built, economy=replace(built.economy, fixed=(*built.economy.fixed, *rest)))


def path_with(fund: EquityFund, *numbers: int) -> int:
    """Return the first path on which so many deals are drawn in the fund's first months, in each so many.

    The fund has raised all and is set up in its first month.
    """
    investable = fund.investable(fund.planned + fund.social_target)
    mean = investable / fund.deal_size / fund.investment

    def drawn(path: int) -> list[int]:
        draws = EquityDraws(fund, SEED, path)
        return [poisson_value(mean, draws.number(fund.start + age)) for age in range(len(numbers))]

    return next(path for path in count() if drawn(path) == list(numbers))


def lived_in(
    engine: str, fund: EquityFund, *deals: int, path: int | None = None, **more: Any
) -> dict[str, list[float]]:
    """Return the records of a path month by month; those of the fund by their last name.

    Records that exist at snapshots only are those at the ends of the window and of the scheme.

    Args:
        engine: name of the engine.
        fund: the fund.
        deals: numbers of deals in the fund's first months.
        path: number of the path, if not the first with these deals.
        more: terms of the scheme.
    """
    built = scheme(fund, **more)
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    number = path_with(fund, *deals) if path is None else path
    block = ENGINES[engine](built, monthly).run(SEED, number, 1)
    found = {name: block.series[0, :, column].tolist() for column, name in enumerate(monthly)}
    at = [built.window.snapshots.index(elapsed) for elapsed in (built.window.months, built.window.total)]
    for name in names.at_snapshots:
        found[name] = block.snapshots[0, at, names.all.index(name)].tolist()
    short = {name.rsplit("/", 1)[1]: values for name, values in found.items() if name.startswith("equity/")}
    return {**found, **short}


def economy_of(**months: float) -> Economy:
    """Return an economy of a given factor in given months, written m3=-8.0, and drawn in all others."""
    last = max(int(name[1:]) for name in months)
    path = tuple(months.get(f"m{month}", math.nan) for month in range(last + 1))
    return Economy(step_months=1, persistence=0.5, fixed=path)
