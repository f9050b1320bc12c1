"""The short ways to write a formula over records by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import sub

from fundsim.scheme import Facility
from fundsim.scheme.formula import Formula, Operation, formula
from fundsim.scheme.records import book_record

__all__ = [
    "ZERO",
    "Book",
    "books",
    "default_rate",
    "default_rate_annual",
    "divided",
    "happened",
    "largest",
    "minus",
    "month_number",
    "number",
    "over_books",
    "plus",
    "principal_lent",
    "product",
    "ratio",
    "recorded",
    "scaled",
    "smallest",
    "sum_of",
    "total",
    "where_positive",
]

Book = tuple[str, str]
"""A facility and a segment that it lends to."""


def recorded(name: str) -> Formula:
    """Return the formula that reads one record."""
    return formula("record", record=name)


def number(value: float) -> Formula:
    """Return a number as a formula."""
    return formula("number", number=value)


def _numbers(formulas: Sequence[Formula]) -> list[float] | None:
    """Return the values of formulas that are numbers, None if one of them isn't."""
    found = [one.number for one in formulas if one.operation == "number" and one.number is not None]
    return found if len(found) == len(formulas) else None


ZERO, ONE = number(0.0), number(1.0)


def total(names: Iterable[str]) -> Formula:
    """Return the formula that adds records."""
    return plus(*map(recorded, names))


def plus(*formulas: Formula) -> Formula:
    """Return the sum of formulas, added from left to right."""
    return formulas[0] if len(formulas) == 1 else formula("add", formulas)


def sum_of(formulas: Iterable[Formula]) -> Formula:
    """Return the sum of any number of formulas, added from left to right to 0."""
    return plus(ZERO, *formulas)


def minus(first: Formula, *others: Formula) -> Formula:
    """Return a formula less others, one after the other."""
    values = _numbers((first, *others))
    if values is not None:
        return number(reduce(sub, values))
    return formula("subtract", (first, *others)) if others else first


def scaled(one: Formula, factor: float) -> Formula:
    """Return the formula times a number."""
    return product(number(factor), one)


def product(one: Formula, other: Formula) -> Formula:
    """Return the product of two formulas; once something is that itself."""
    return other if one is ONE else formula("multiply", (one, other))


def divided(one: Formula, divisor: float) -> Formula:
    """Return the formula divided by a number."""
    return one if divisor == 1.0 else formula("divide", (one, number(divisor)))


def ratio(numerator: Formula, denominator: Formula, empty: float = float("nan")) -> Formula:
    """Return the formula of a ratio, ``empty`` where there is nothing to divide by."""
    return formula("ratio", (numerator, denominator), number=empty)


def smallest(*formulas: Formula) -> Formula:
    """Return the smallest of formulas, path by path."""
    return _extreme("minimum", min, formulas)


def largest(*formulas: Formula) -> Formula:
    """Return the largest of formulas, path by path."""
    return _extreme("maximum", max, formulas)


def _extreme(
    operation: Operation, of_two: Callable[[float, float], float], formulas: Sequence[Formula]
) -> Formula:
    """Return the smallest or largest of formulas, each of which counts once; that of numbers is a number."""
    first, *others = dict.fromkeys(formulas)
    values = _numbers((first, *others))
    if values is not None:
        return number(reduce(of_two, values))
    return formula(operation, (first, *others)) if others else first


def where_positive(condition: Formula, value: Formula) -> Formula:
    """Return the value where the condition is above 0, else 0."""
    known = _numbers([condition])
    if known is not None:
        return value if known[0] > 0.0 else ZERO
    return formula("where_positive", (condition, value))


def happened(record: str) -> Formula:
    """Return 1 where a month record is set, else 0."""
    return formula("finite", (recorded(record),))


def month_number(record: str) -> Formula:
    """Return the number of the month, the first being 1; infinite where it never came."""
    return plus(recorded(record), number(1.0))


def over_books(books: Iterable[Book], *what: str) -> Formula:
    """Return the sum of records over books."""
    own = tuple(books)
    return total([book_record(facility, segment, one) for one in what for facility, segment in own])


def books(facility: Facility, what: str) -> Formula:
    """Return the sum of a record over the segments of a facility."""
    return over_books([(facility.name, b.segment) for b in facility.borrowers], what)


def principal_lent(facility: Facility) -> Formula:
    """Return the principal that a facility lent, renewals included."""
    return plus(books(facility, "lent_new"), books(facility, "lent_renewed"))


def default_rate(defaulted: Formula, n_opening: int, begun: Formula) -> Formula:
    """Return loans defaulted ÷ loan terms begun: opening stock, new loans and renewals; 0 without any."""
    return ratio(defaulted, plus(number(n_opening), begun), empty=0.0)


def default_rate_annual(defaulted: Formula, loan_months: Formula) -> Formula:
    """Return loans defaulted ÷ loan-years of exposure; 0 without any."""
    return ratio(defaulted, divided(loan_months, 12.0), empty=0.0)
