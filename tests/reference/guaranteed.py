"""Guaranteed lending without chance: loans that are certain to default at maturity, loans that never do.

A window of four years.  Loans have bands of 100 and 400 yuan, and a term of two years.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fundsim.core import engine as core
from fundsim.reference import engine as reference
from fundsim.scheme import (
    Band,
    Borrowers,
    Contract,
    Demand,
    Economy,
    Facility,
    Guarantor,
    Lgd,
    Line,
    OpeningLoans,
    Party,
    Scheme,
    Weight,
    Window,
    record_names,
)
from fundsim.verify.schemes import band_weights, segment, world

MONTHS = 48
SMALL, LARGE = 0, 1
"""Bands of 100 and of 400 yuan."""

ENGINES = {"core": core, "reference": reference}

SOUND = replace(
    segment(pd_annual=1e-13, rho=0.0, principal=100.0, lgd=1.0),
    name="sound",
    term_months=24,
    bands=(Band(principal=100.0, probability=0.8), Band(principal=400.0, probability=0.2)),
)
DOOMED = replace(SOUND, name="doomed", pd_annual=1.0 - 1e-13, maturity_share=1.0, lgd=Lgd(mean=0.6))


def asking(**by_month: float) -> Demand:
    """Return demand of given amounts in given months, written m3=400.0."""
    return Demand(monthly=tuple(by_month.get(f"m{month}", 0.0) for month in range(MONTHS)))


def failing(month: int, n: int = 1, band: int = SMALL) -> OpeningLoans:
    """Return opening loans of which all default in a month, 0 … 23."""
    return OpeningLoans(segment="doomed", band=band, months_left=month + 1, n_loans=n)


def lending(name: str = "loans", **terms: Any) -> Facility:
    """Return a facility that lends to sound firms, and has doomed ones among its opening loans."""
    both = (Borrowers(segment="sound", share=1.0), Borrowers(segment="doomed", share=0.0))
    terms = {"lender": "bank", "borrowers": both, "demand": asking(), **terms}
    return Facility(name=name, **terms)


def weights(small: float, large: float | None = None, facility: str = "loans") -> tuple[Weight, ...]:
    """Return weights of both segments by band."""
    by_band = (small, small if large is None else large)
    return band_weights(*by_band, segments=("sound", "doomed"), facility=facility)


def books(**terms: Any) -> Guarantor:
    """Return the books of the party ``guarantor``, which weighs every yuan once and keeps no reserve."""
    plain = {"contracts": (), "weights": weights(1.0), "fees": (), "expected_recovery": 0.0}
    return Guarantor(**{"party": "guarantor", "reserve_rate": 0.0, **plain, **terms})


def guarantee(**terms: Any) -> Contract:
    """Return the guarantor's cover of the bank."""
    return Contract(**{"name": "guarantee", "facility": "loans", "payer": "guarantor", "share": 0.8, **terms})


def scheme(
    facility: Facility, *, opening: float = 1000.0, others: tuple[Party, ...] = (), **more: Any
) -> Scheme:
    """Return a scheme of one facility and a guarantor with so much cash."""
    return Scheme(
        **{
            "window": Window(year=2015, month=1, months=MONTHS, run_off=0),
            "economy": Economy(step_months=12, persistence=0.0),
            "segments": (SOUND, DOOMED),
            "parties": world(Party(name="guarantor", opening=opening), *others),
            "facilities": (facility,),
            "guarantors": (books(),),
            **more,
        }
    )


def month_ends(engine: str, built: Scheme, path: int = 0) -> dict[str, list[float]]:
    """Return every record of a path month by month; those that exist at snapshots only, at each snapshot."""
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    block = ENGINES[engine](built, monthly).run(7, path, 1)
    records = {name: block.series[0, :, column].tolist() for column, name in enumerate(monthly)}
    for name in names.at_snapshots:
        records[name] = block.snapshots[0, :, names.all.index(name)].tolist()
    return records


FEE = Line(source="firms", target="guarantor", kind="fee")
