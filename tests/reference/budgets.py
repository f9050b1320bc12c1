"""Budgets in round numbers: a line called ``purse``, that the city and a county pay into.

Its account is ``budget.purse``; payments go to firms, injections to a fund.  The window has two years.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from fundsim.core import engine as core
from fundsim.reference import engine as reference
from fundsim.scheme import (
    Appropriation,
    Band,
    BetaShare,
    Borrowers,
    BudgetLine,
    Demand,
    Economy,
    Facility,
    Injection,
    Level,
    LinePayment,
    OpeningLoans,
    Party,
    Scheme,
    Segment,
    Window,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import segment, world

ENGINES = {"core": core, "reference": reference}
"""Every engine that runs budgets; all tests by hand run in each."""

SEED = 7
MONTHS = 24
ACCOUNT = "budget.purse"


def level(name: str = "city", **terms: Any) -> Level:
    """Return a level that pays in full and on time."""
    return Level(name=name, **terms)


def half(name: str = "city", **terms: Any) -> Level:
    """Return a level that pays half of what is due."""
    return Level(name=name, paid=BetaShare(mean=0.5), **terms)


def line(*amounts: float, county: tuple[float, ...] = (), name: str = "purse", **terms: Any) -> BudgetLine:
    """Return a line with appropriations of the city, and of the county if it has any, by budget year."""
    appropriations = (Appropriation(level="city", amounts=amounts),)
    if county:
        appropriations += (Appropriation(level="county", amounts=county),)
    return BudgetLine(**{"name": name, "party": f"budget.{name}", "appropriations": appropriations, **terms})


def dated(name: str = "rent", *, of: str = "purse", arrears: bool = False, **dates: float) -> LinePayment:
    """Return a payment of given amounts in given months, written m3=400.0."""
    by_month = tuple((int(month[1:]), amount) for month, amount in dates.items())
    return payment("dated", name, line=of, kind="expense", dates=by_month, arrears=arrears)


def payment(base: str, name: str = "subsidy", **terms: Any) -> LinePayment:
    """Return a payment on a base, from the purse to the firms."""
    plain = {"name": name, "line": "purse", "payee": "firms", "kind": "subsidy", "base": base}
    return LinePayment(**{**plain, **terms})


def injection(month: int, amount: float, source: str = ACCOUNT, target: str = "fund", **terms) -> Injection:
    """Return an injection of the purse into the fund."""
    return Injection(source=source, target=target, month=month, amount=amount, **terms)


def sound(**terms: Any) -> Segment:
    """Return a segment of loans of 100 yuan for twelve months that never default."""
    plain = segment(pd_annual=1e-13, rho=0.0, principal=100.0, lgd=1.0)
    return replace(plain, bands=(Band(principal=100.0, probability=1.0),), **terms)


def lending(
    of: Segment, months: int = MONTHS, opening: tuple[OpeningLoans, ...] = (), **asked: float
) -> dict[str, Any]:
    """Return the fields of a scheme that lends so much in given months, written m3=400.0, to one segment."""
    monthly = tuple(asked.get(f"m{month}", 0.0) for month in range(months))
    facility = Facility(
        name="loans",
        lender="bank",
        borrowers=(Borrowers(segment=of.name, share=1.0),),
        demand=Demand(monthly=monthly),
        opening=opening,
    )
    return {"segments": (of,), "facilities": (facility,)}


def scheme(
    *elements: BudgetLine | LinePayment | Injection | Level, months: int = MONTHS, **more: Any
) -> Scheme:
    """Return a scheme of levels, lines, payments and injections; the levels that are missing pay in full.

    Args:
        elements: what the scheme is made of, in its order.
        months: length of the window.
        more: further fields of the scheme.
    """
    lines = tuple(one for one in elements if isinstance(one, BudgetLine))
    given = {one.name: one for one in elements if isinstance(one, Level)}
    levels = given | {
        a.level: level(a.level) for one in lines for a in one.appropriations if a.level not in given
    }
    parties = (
        *(Party(name=one.party, public=True, limited=bool(one.appropriations)) for one in lines),
        *(Party(name=name, limited=False, public=True) for name in levels),
        Party(name="fund", public=True),
        *more.pop("others", ()),
    )
    built = Scheme(
        **{
            "window": Window(year=2015, month=1, months=months, run_off=0),
            "economy": Economy(step_months=1, persistence=0.5),
            "parties": world(*parties),
            "levels": tuple(levels.values()),
            "budget_lines": lines,
            "line_payments": tuple(one for one in elements if isinstance(one, LinePayment)),
            "injections": tuple(one for one in elements if isinstance(one, Injection)),
            **more,
        }
    )
    built = replace(built, window=with_longest_life(built))
    if not built.economy.fixed:
        return built
    # A path of the factor has a value, or nan, for every month.
    rest = (math.nan,) * (built.window.total - len(built.economy.fixed))
    return replace(built, economy=replace(built.economy, fixed=(*built.economy.fixed, *rest)))


def economy_of(**months: float) -> Economy:
    """Return an economy of a given factor in given months, written m3=-8.0, and drawn in all others."""
    last = max(int(name[1:]) for name in months)
    path = tuple(months.get(f"m{month}", math.nan) for month in range(last + 1))
    return Economy(step_months=1, persistence=0.5, fixed=path)


def lived_in(engine: str, *elements: Any, path: int = 0, **more: Any) -> dict[str, list[float]]:
    """Return every monthly record of a path; those of the purse and of payments by their last names too.

    ``purse/due`` is what is appropriated, ``rent/due`` what fell due on the payment ``rent``.
    """
    return month_ends(engine, scheme(*elements, **more), path)


def month_ends(engine: str, built: Scheme, path: int = 0) -> dict[str, list[float]]:
    """Return every record of a path that exists at month's ends, month by month."""
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    block = ENGINES[engine](built, monthly, ()).run(SEED, path, 1)
    found = {name: block.series[0, :, column].tolist() for column, name in enumerate(monthly)}
    short = {
        name.split("/", 1)[1]: values
        for name, values in found.items()
        if name.startswith(("line/", "payment/", "level/", "happening/", "ladder/", "bank_book/"))
    }
    return {**found, **short, "held": found.get(f"party/{ACCOUNT}/balance", [])}


def steps(series: list[float], opening: float = 0.0) -> dict[int, float]:
    """Return month → what a cumulative record gained in it, of the months in which it gained anything."""
    before = [opening, *series]
    gained = {month: after - before[month] for month, after in enumerate(series)}
    return {month: round(amount, 6) for month, amount in gained.items() if abs(amount) > 1e-6}
