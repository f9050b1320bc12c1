"""Identities of firms that enter, age and leave, and of the loans that they may have."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import Scheme, Segment
from fundsim.scheme.records import book_record, segment_record

from .histories import History


def check_populations(scheme: Scheme, h: History) -> None:
    """Hold eligible firms to their comings and goings, and new loans to the eligible firms.

    Raises:
        AssertionError: an identity does not hold.
    """
    for segment in scheme.segments:
        if segment.population is not None:
            check_population(h, segment)
        if segment.population is not None or segment.firms is not None:
            check_eligible(scheme, h, segment)


def check_population(h: History, segment: Segment) -> None:
    population = segment.population
    eligible, entered, exited = (
        h[segment_record(segment.name, what)] for what in ("population", "entered", "exited")
    )
    for count in (eligible, entered, exited):
        assert (count == np.round(count)).all(), segment.name
        assert count.min() >= 0.0, segment.name
    assert (sum(population.opening) + entered - exited == eligible).all(), segment.name
    assert (np.diff(entered, axis=1) >= 0.0).all(), segment.name
    assert (np.diff(exited, axis=1) >= 0.0).all(), segment.name
    if population.entry_annual == 0.0:
        assert entered.max() == 0.0, segment.name
    if max(population.exit_annual) == 0.0:
        assert exited.max() == 0.0, segment.name
    if min(population.exit_annual) == 1.0:  # all who were there leave; this month's entrants come after
        assert (eligible == np.diff(entered, axis=1, prepend=0.0)).all(), segment.name


def check_eligible(scheme: Scheme, h: History, segment: Segment) -> None:
    """In a month with new loans no more firms have one than are eligible."""
    books = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers if b.segment == segment.name]
    active = h.total(*(book_record(*book, "n_performing") for book in books))
    new = h.total(*(book_record(*book, "n_new") for book in books))
    granted = np.diff(new, axis=1, prepend=0.0) > 0.0
    eligible = (
        np.full(active.shape, segment.firms)
        if segment.population is None
        else h[segment_record(segment.name, "population")]
    )
    assert (active[granted] <= eligible[granted]).all(), segment.name
