"""What every instrument that lends reports by segment and year, whatever its kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from fundsim.errors import ScenarioError
from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    Book,
    default_rate,
    default_rate_annual,
    minus,
    over_books,
    ratio,
)
from fundsim.scheme import About, Facility, Metric, Scheme

__all__ = ["segment_metrics"]


def segment_metrics(scheme: Scheme, others: Collection[str]) -> tuple[Metric, ...]:
    """Return lending and defaults of each instrument by segment, and its default rate by year.

    An instrument's facilities (one a county, say) count together, and one segment needs no part of its
    own.  ``<instrument>.<segment>.default_rate`` is the segment's.

    Args:
        scheme: the scheme.
        others: names of the metrics that the instruments report themselves.

    Raises:
        ScenarioError: a part of an instrument and a segment have one name and would share a metric's.
    """
    found = tuple(m for name, own in _instruments(scheme).items() for m in _of_instrument(name, own, scheme))
    clashing = [m for m in found if m.name in others]
    if clashing:
        first = min(clashing, key=lambda m: m.name)
        name, segment = first.instrument, first.part
        raise ScenarioError(
            f"{name} has a part and a segment that are both called {segment}; rename one of them",
            f"{name} 的组成部分与借款企业分组同名（{segment}）；请更改其一",
        )
    return found


def _instruments(scheme: Scheme) -> dict[str, list[Facility]]:
    """Return instrument → its facilities."""
    grouped: dict[str, list[Facility]] = {}
    for facility in scheme.facilities:
        grouped.setdefault(facility.about.instrument, []).append(facility)
    return grouped


def _of_instrument(name: str, facilities: list[Facility], scheme: Scheme) -> Iterator[Metric]:
    segments = dict.fromkeys(b.segment for facility in facilities for b in facility.borrowers)
    books = {
        segment: [(f.name, segment) for f in facilities if segment in {b.segment for b in f.borrowers}]
        for segment in segments
    }
    yield _rate_of_amount(About(name), [book for part in books.values() for book in part])
    if len(segments) > 1:
        for segment, own in books.items():
            yield from _of_segment(About(name, segment), own, _opening_loans(facilities, segment))


def _opening_loans(facilities: list[Facility], segment: str) -> int:
    counted = sum(s.n_loans for f in facilities for s in f.opening if s.segment == segment)
    for facility in facilities:
        tape = facility.tape
        if tape is not None and segment in tape.segments:
            counted += int(np.count_nonzero(tape.segment == tape.segments.index(segment)))
    return counted


def _rate_of_amount(about: About, books: list[Book]) -> Metric:
    """Return principal defaulted ÷ principal on the books at the period's start or granted in it.

    What was there or came has defaulted, left, or is still there, so that flows and the stock at the
    period's end say it: defaulted + (matured − renewed) + performing.
    """
    defaulted = over_books(books, "defaulted")
    ever = minus(over_books(books, "performing", "defaulted", "matured"), over_books(books, "lent_renewed"))
    return metric(
        about,
        "default_rate_amount",
        "share",
        "Principal defaulted ÷ principal there at the start (of the year, or in all) or newly lent since",
        "违约率（违约本金÷期初余额与新增发放之和）",
        ratio(defaulted, ever, 0.0),
        "yearly",
    )


def _of_segment(about: About, books: list[Book], n_opening: int) -> Iterator[Metric]:
    n_defaulted = over_books(books, "n_defaulted")
    begun = over_books(books, "n_new", "n_renewed")
    yield metric(
        about,
        "lent",
        "yuan",
        "Principal lent to the segment, renewals included",
        "该分组累计发放贷款（含续贷）",
        over_books(books, "lent_new", "lent_renewed"),
        "yearly",
    )
    yield metric(
        about,
        "loans_defaulted",
        "loans",
        "Loans of the segment that defaulted",
        "该分组违约笔数",
        n_defaulted,
        "yearly",
    )
    yield metric(
        about,
        "amount_defaulted",
        "yuan",
        "Principal of the segment's loans that defaulted",
        "该分组违约本金",
        over_books(books, "defaulted"),
        "yearly",
    )
    yield metric(
        about,
        "default_rate",
        "share",
        "Default rate per loan term of the segment: loans defaulted ÷ loan terms begun "
        "(opening stock, new loans, renewals)",
        "该分组每期贷款违约率（违约笔数÷期初存量、新增与续贷的贷款期次）",
        default_rate(n_defaulted, n_opening, begun),
    )
    yield metric(
        about,
        "default_rate_annual",
        "share",
        "Default rate per year of the segment: loans defaulted ÷ loan-years of exposure",
        "该分组年化违约率（违约笔数÷贷款存续年数）",
        default_rate_annual(n_defaulted, over_books(books, "loan_months")),
        "yearly",
    )
    yield _rate_of_amount(about, books)
