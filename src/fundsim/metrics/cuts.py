"""What is lent, asked for and refused by limits, beside any scenario's own metrics, for decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fundsim.metrics.formulas import plus, principal_lent, total
from fundsim.scheme import Facility, Formula, Metric, Scheme, Unit
from fundsim.scheme.records import facility_record

__all__ = [
    "ASKED",
    "CUT_MONTHS",
    "LENDING_COLUMNS",
    "LENT",
    "REFUSED",
    "n_facilities_of",
    "with_lending_figures",
]

LENT, ASKED, REFUSED, CUT_MONTHS = "/lent@run_off", "/asked@run_off", "/refused@run_off", "/cut@run_off"
"""Columns: principal lent, renewals included; new loans applied for; of them, refused by lending limits
[yuan]; months in which a limit refused any, summed over facilities.  No user's name begins with a slash."""

LENDING_COLUMNS = (LENT, ASKED, REFUSED, CUT_MONTHS)


def _facilities_of(scheme: Scheme, instrument: str) -> tuple[Facility, ...]:
    own = tuple(f for f in scheme.facilities if f.about.instrument == instrument)
    return own or scheme.facilities


def n_facilities_of(scheme: Scheme, instrument: str) -> int:
    """Return the number of facilities of an instrument, or of all where it has none of its own."""
    return len(_facilities_of(scheme, instrument))


def with_lending_figures(scheme: Scheme, instrument: str) -> Scheme:
    """Return a scheme that also reports the columns above, of the facilities of an instrument, or of all."""
    facilities = _facilities_of(scheme, instrument)
    return replace(scheme, metrics=(*scheme.metrics, *_figures(facilities))) if facilities else scheme


def _figures(facilities: Sequence[Facility]) -> Iterator[Metric]:
    def summed(record: str) -> Formula:
        return total([facility_record(facility.name, record) for facility in facilities])

    yield _metric("/lent", "yuan", plus(*map(principal_lent, facilities)))
    yield _metric("/asked", "yuan", summed("demand"))
    yield _metric("/refused", "yuan", summed("refused_capacity"))
    yield _metric("/cut", "months", summed("cut_capacity"))


def _metric(name: str, unit: Unit, formula: Formula) -> Metric:
    return Metric(own_name=name, unit=unit, meaning="", meaning_zh="", formula=formula)
