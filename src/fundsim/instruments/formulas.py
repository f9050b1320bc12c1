"""Formulas over records by name, and the short way to write a metric."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

import numpy as np

from fundsim.scheme import Facility, Metric, Records, Unit
from fundsim.scheme.metrics import Formula, Picture, safe_ratio
from fundsim.scheme.records import book_record

__all__ = [
    "Book",
    "books",
    "default_rate",
    "default_rate_annual",
    "happened",
    "metric",
    "minus",
    "month_number",
    "over_books",
    "plus",
    "principal_lent",
    "ratio",
    "recorded",
    "scaled",
    "total",
]

Book = tuple[str, str]
"""A facility and a segment that it lends to."""


def metric(name: str, unit: Unit, meaning: str, meaning_zh: str, formula: Formula, shown: str = "") -> Metric:
    """Return a metric.

    Args:
        name: its name.
        unit: its unit.
        meaning: one line of English.
        meaning_zh: the same in Chinese.
        formula: its value from records.
        shown: where it appears beside the two horizons: words of ``yearly series event headline``, and
            the name of its picture; ``differenced`` beside ``yearly`` says how its years come about.
    """
    words = set(shown.split())
    pictures = words & set(get_args(Picture))
    return Metric(
        name=name,
        unit=unit,
        meaning=meaning,
        meaning_zh=meaning_zh,
        formula=formula,
        yearly="yearly" in words,
        differenced="differenced" in words,
        series="series" in words,
        event="event" in words,
        headline="headline" in words,
        picture=cast(Picture, pictures.pop()) if pictures else None,
    )


def recorded(name: str) -> Formula:
    """Return the formula that reads one record."""
    return lambda r: r[name]


def total(names: list[str]) -> Formula:
    """Return the formula that adds records."""

    def add(r: Records) -> np.ndarray:
        value = r[names[0]].copy()
        for name in names[1:]:
            value += r[name]
        return value

    return add


def ratio(numerator: Formula, denominator: Formula, empty: float = np.nan) -> Formula:
    """Return the formula of a ratio, ``empty`` where there is nothing to divide by."""
    return lambda r: safe_ratio(numerator(r), denominator(r), empty)


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
    return ratio(defaulted, lambda r: n_opening + begun(r), empty=0.0)


def default_rate_annual(defaulted: Formula, loan_months: Formula) -> Formula:
    """Return loans defaulted ÷ loan-years of exposure; 0 without any."""
    return ratio(defaulted, lambda r: loan_months(r) / 12.0, empty=0.0)


def plus(*formulas: Formula) -> Formula:
    """Return the sum of formulas."""

    def add(r: Records) -> np.ndarray:
        value = formulas[0](r).copy()  # what a formula returns may be the record itself
        for formula in formulas[1:]:
            value += formula(r)
        return value

    return add


def minus(first: Formula, *others: Formula) -> Formula:
    """Return a formula less others."""
    return lambda r: first(r) - np.sum([f(r) for f in others], axis=0)


def scaled(formula: Formula, factor: float) -> Formula:
    """Return the formula times a number."""
    return lambda r: factor * formula(r)


def happened(record: str) -> Formula:
    """Return 1 where a month record is set, else 0."""
    return lambda r: np.isfinite(r[record]).astype(float)


def month_number(record: str) -> Formula:
    """Return the number of the month, the first being 1; infinite where it never came."""
    return lambda r: r[record] + 1.0
