"""Equity funds without chance: deals of one size, clocks that surely ring or never do, all that is planned.

Government plans 1,000 yuan, which lie in custody in month 0, and social partners' target is 4,000.  A fund
lives for five years and invests in the first three months, 1,000 yuan a deal.  How many deals there are is
drawn: a test that needs so many takes the first path that has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
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


def sub_fund(parent: str, **terms: Any) -> EquityFund:
    """Return a fund whose stake of government is a parent's."""
    name = terms.get("name", "sub")
    plain = {"name": name, "party": name, "custody": parent, "treasury": parent, "parent": parent}
    return equity_fund(**{**plain, **terms})


def parent_fund(**terms: Any) -> EquityFund:
    """Return a fund that makes no deals."""
    plain = {"name": "parent", "party": "parent", "deal_size": 0.0, "stages": ()}
    return equity_fund(**{**plain, **terms})


def scheme(
    *funds: EquityFund,
    appropriations: tuple[tuple[int, float], ...] = ((0, G),),
    accounts: Mapping[str, tuple[tuple[int, float], ...]] | None = None,
    months: int = WINDOW,
    **more: Any,
) -> Scheme:
    """Return a scheme of equity funds and nothing else.

    Args:
        funds: the funds.
        appropriations: month of the window and amount of what is paid into custody of each.
        accounts: the same of accounts beside funds.
        months: length of the window.
        more: further fields of the scheme.
    """
    beside = accounts or {}
    custodies = dict.fromkeys(fund.custody for fund in funds if fund.parent is None)
    limited = [
        *(Party(name=fund.party) for fund in funds),
        *(Party(name=name, public=True) for name in (*custodies, *beside)),
    ]
    free = (Party(name=name, limited=False) for name in ("partners", "manager"))
    paid_in = {**dict.fromkeys(custodies, appropriations), **beside}
    injections = tuple(
        Injection(source="treasury", target=target, month=month, amount=amount)
        for target, parts in paid_in.items()
        for month, amount in parts
    )
    built = Scheme(
        **{
            "window": Window(year=2015, month=1, months=months, run_off=0),
            "economy": Economy(step_months=1, persistence=0.5),
            "parties": world(*limited, *free),
            "injections": injections,
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
    return path_of((fund,), {fund.name: numbers})


def path_of(funds: tuple[EquityFund, ...], deals: Mapping[str, tuple[int, ...]]) -> int:
    """Return the first path on which each named fund has its numbers of deals in its first months."""
    named = [fund for fund in funds if fund.name in deals]

    def met(fund: EquityFund, path: int) -> bool:
        mean = fund.investable(fund.planned + fund.social_target) / fund.deal_size / fund.investment
        draws = EquityDraws(fund, SEED, path)
        return all(
            poisson_value(mean, draws.number(fund.start + age)) == number
            for age, number in enumerate(deals[fund.name])
        )

    return next(path for path in count() if all(met(fund, path) for fund in named))


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
    number = path_with(fund, *deals) if path is None else path
    found = records_of(engine, scheme(fund, **more), number)
    return {**found, **of_fund(found, fund.name)}


def family_in(
    engine: str,
    *funds: EquityFund,
    deals: Mapping[str, tuple[int, ...]] | None = None,
    path: int | None = None,
    **more: Any,
) -> tuple[dict[str, list[float]], ...]:
    """Return the records of each of several funds, and last all records of their path, by full name.

    Args:
        engine: name of the engine.
        funds: the funds.
        deals: name of a fund → numbers of deals in its first months.
        path: number of the path, if not the first with these deals.
        more: terms of the scheme.
    """
    number = path_of(funds, deals or {}) if path is None else path
    found = records_of(engine, scheme(*funds, **more), number)
    return (*(of_fund(found, fund.name) for fund in funds), found)


def of_fund(found: Mapping[str, list[float]], name: str) -> dict[str, list[float]]:
    """Return the records of one fund by their last name."""
    prefix = f"equity/{name}/"
    return {record.removeprefix(prefix): at for record, at in found.items() if record.startswith(prefix)}


def records_of(engine: str, built: Scheme, path: int) -> dict[str, list[float]]:
    """Return all records of a path of a scheme."""
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    block = ENGINES[engine](built, monthly).run(SEED, path, 1)
    found = {name: block.series[0, :, column].tolist() for column, name in enumerate(monthly)}
    at = [built.window.snapshots.index(elapsed) for elapsed in (built.window.months, built.window.total)]
    for name in names.at_snapshots:
        found[name] = block.snapshots[0, at, names.all.index(name)].tolist()
    return found


def economy_of(**months: float) -> Economy:
    """Return an economy of a given factor in given months, written m3=-8.0, and drawn in all others."""
    last = max(int(name[1:]) for name in months)
    path = tuple(months.get(f"m{month}", math.nan) for month in range(last + 1))
    return Economy(step_months=1, persistence=0.5, fixed=path)
