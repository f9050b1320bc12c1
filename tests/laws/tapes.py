"""Schemes whose opening loans stand on a tape, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fundsim.scheme import Facility, Scheme, Segment, Tape

__all__ = ["on_tape", "rows_of", "tape_of_rows"]


Row = tuple[str, float, int, float, float]
"""Segment, principal, months left, yearly PD, mean LGD."""


def tape_of_rows(rows: list[Row]) -> Tape:
    """Return a tape of such rows."""
    names = tuple(dict.fromkeys(row[0] for row in rows))
    return Tape(
        segments=names,
        segment=np.array([names.index(row[0]) for row in rows], dtype=np.int64),
        principal=np.array([row[1] for row in rows], dtype=float),
        months_left=np.array([row[2] for row in rows], dtype=np.int64),
        pd_annual=np.array([row[3] for row in rows], dtype=float),
        lgd_mean=np.array([row[4] for row in rows], dtype=float),
    )


def rows_of(tape: Tape) -> list[Row]:
    """Return the rows of a tape, as ``tape_of_rows`` takes them."""
    columns = (tape.principal, tape.months_left, tape.pd_annual, tape.lgd_mean)
    names = [tape.segments[position] for position in tape.segment]
    return list(zip(names, *(column.tolist() for column in columns), strict=True))


def on_tape(scheme: Scheme) -> Scheme:
    """Return the scheme with the same opening loans on tapes; those that amortise stay as they are."""
    segments = {s.name: s for s in scheme.segments}
    # A guarantor weighs loans by size band, which a tape has not.
    left = {w.facility for g in scheme.guarantors for w in g.weights}
    # The risk of a loan on a tape is its own, and does not change after a bridge.
    left |= {name for fund in scheme.bridges if fund.bridged for name in fund.facilities}
    facilities = (f if f.name in left else _with_tape(f, segments) for f in scheme.facilities)
    return replace(scheme, facilities=tuple(facilities))


def _with_tape(facility: Facility, segments: dict[str, Segment]) -> Facility:
    rows = [] if facility.tape is None else rows_of(facility.tape)
    for stock in facility.opening:
        s = segments[stock.segment]
        if not s.outstanding_share:
            row = (s.name, s.bands[stock.band].principal, stock.months_left, s.pd_annual, s.lgd.mean)
            rows += [row] * stock.n_loans
    kept = tuple(stock for stock in facility.opening if segments[stock.segment].outstanding_share)
    tape = _with_laws(tape_of_rows(rows), facility.tape, segments) if rows else None
    return replace(facility, opening=kept, tape=tape)


def _with_laws(tape: Tape, before: Tape | None, segments: dict[str, Segment]) -> Tape:
    """Return a tape whose further loans have the threshold and ρ of a step that their segments have."""
    own = [segments[tape.segments[position]] for position in tape.segment]
    if any(s.threshold is None for s in own):
        return tape
    threshold, rho = np.array([s.threshold for s in own]), np.array([s.rho for s in own])
    if before is not None and before.threshold is not None and before.rho is not None:
        threshold[: before.n_loans], rho[: before.n_loans] = before.threshold, before.rho
    return replace(tape, threshold=threshold, rho=rho)
