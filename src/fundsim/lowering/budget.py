"""A scenario's budget to levels, lines and their accounts."""

from __future__ import annotations

import operator
from dataclasses import replace

from fundsim.instruments import Part
from fundsim.scenario.budget_levels import GovernmentLevel
from fundsim.scenario.budget_lines import BudgetLine as LineTerms
from fundsim.scenario.budget_terms import Budget
from fundsim.scenario.budget_years import amounts_of
from fundsim.scenario.terms import Window
from fundsim.scheme import Appropriation, BetaShare, BudgetLine, Level, Party
from fundsim.scheme.budget import ALL_LINE, IN_FULL
from fundsim.scheme.surroundings import CITY, level_party, line_party

__all__ = ["budget_part", "with_unlimited_line"]


def budget_part(budget: Budget | None, window: Window) -> Part:
    """Return the levels, their treasuries, and the lines of a budget; nothing without one."""
    if budget is None:
        return Part()
    levels = tuple(_level(name, terms, budget) for name, terms in budget.levels.items())
    lines = tuple(_line(name, terms, budget, window) for name, terms in budget.lines.items())
    treasuries = (Party(name=one.name, limited=False, public=True) for one in levels if one.name != CITY)
    accounts = (Party(name=line.party, public=True) for line in lines)
    return Part(
        parties=(*treasuries, *accounts),
        levels=levels,
        budget_lines=lines,
    )


def _level(name: str, terms: GovernmentLevel, budget: Budget) -> Level:
    """Return a level; one that matches another has that one's law and its draws."""
    first = terms if terms.matches is None else budget.levels[terms.matches]
    paid = first.paid
    return Level(
        name=level_party(name),
        paid=IN_FULL if paid is None else BetaShare(mean=paid.mean, sd=paid.sd),
        rho=0.0 if paid is None else paid.rho,
        unpaid=first.unpaid,
        delay_months=terms.delay_months,
        drawn_as="" if terms.matches is None else level_party(terms.matches),
    )


def _line(name: str, terms: LineTerms, budget: Budget, window: Window) -> BudgetLine:
    amounts = amounts_of(terms.amounts, window)
    appropriations = (
        Appropriation(
            level=level_party(level),
            amounts=tuple(map(operator.mul, amounts, terms.shares_of(level, budget, window))),
        )
        for level in budget.levels
    )
    return BudgetLine(
        name=name,
        party=line_party(name),
        appropriations=tuple(one for one in appropriations if any(one.amounts))
        or (Appropriation(level=level_party(next(iter(budget.levels))), amounts=amounts),),
        after_acceptance=terms.after_acceptance,
        carry_over=terms.unspent == "carry_over",
        pro_rata=terms.order == "pro_rata",
    )


def with_unlimited_line(whole: Part) -> Part:
    """Add the line without limit, the city's treasury itself, if payments draw on it."""
    if all(payment.line != ALL_LINE for payment in whole.line_payments):
        return whole
    line = BudgetLine(name=ALL_LINE, party=CITY, appropriations=())
    return replace(whole, budget_lines=(*whole.budget_lines, line))
