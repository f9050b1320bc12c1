"""Packs loan tapes: sorts the loans so that those which live and default alike stand together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundsim.core.draws.batches import BATCH
from fundsim.core.pack import lgd_table
from fundsim.core.pack import tables as t
from fundsim.core.pack import tape_tables as tt
from fundsim.core.pack.economy import tape_laws
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import Facility, Lgd, Scheme, Segment, Tape, entity
from fundsim.scheme.records import book_record

__all__ = ["MOST_LGD_TABLES", "add_opening", "pack_tapes", "tape_memory"]

BIN_RATIO = 1.5
"""Largest PD of a bin divided by its smallest: wider bins look at more loans in vain, narrower ones cost
a bound each; from 1.2 to 1.9 a path of 10,000 loans costs the same to a twentieth."""
MOST_LGD_TABLES = 500


@dataclass(frozen=True, slots=True)
class TapeBook:
    """The loans of one segment on one facility."""

    facility: Facility
    segment: Segment
    tape: Tape
    rows: NDArray[np.int64]
    """Rows of the tape, by months left, then by PD."""
    bin: NDArray[np.int64]
    """Bin of each row, counted from 0 without gaps."""


def books_of_tapes(scheme: Scheme) -> list[TapeBook]:
    """Return the books that have loans of a tape.

    Raises:
        ValueError: a tape has loans that no engine of this kind can run.
    """
    return [book for facility in scheme.facilities if facility.tape for book in _books(scheme, facility)]


def _books(scheme: Scheme, facility: Facility) -> Iterator[TapeBook]:
    tape = facility.tape
    if tape is None:
        return
    segments = {s.name: s for s in scheme.segments}
    borrowers = {b.segment for b in facility.borrowers}
    for position, name in enumerate(tape.segments):
        rows = np.flatnonzero(tape.segment == position)
        if not rows.size:
            continue
        if name not in borrowers:
            raise ValueError(f"{facility.name}: the tape's segment {name} is no borrower")
        _check(scheme, facility.name, segments[name], tape, rows)
        rows = rows[np.lexsort((tape.pd_annual[rows], tape.months_left[rows]))]
        yield TapeBook(facility, segments[name], tape, rows, _bins(tape.pd_annual[rows]))


def _check(scheme: Scheme, name: str, segment: Segment, tape: Tape, rows: NDArray[np.int64]) -> None:
    left, pd, mean = tape.months_left[rows], tape.pd_annual[rows], tape.lgd_drawn_mean[rows]
    if scheme.economy.step_months == 0:
        raise ValueError(f"{name}: a tape needs factors that move")
    if segment.outstanding_share:
        raise ValueError(f"{name}: loans of a tape repay at maturity, those of {segment.name} before")
    if left.min() < 1 or left.max() > segment.term_months:
        raise ValueError(f"{name}: months left of a tape lie outside 1 … {segment.term_months}")
    if not (pd.min() > 0.0 and pd.max() < 1.0 and tape.principal[rows].min() > 0.0):
        raise ValueError(f"{name}: a tape has a PD outside 0 … 1 or a principal of nothing")
    if segment.lgd.sd > 0.0 and (segment.lgd.sd**2 >= mean * (1.0 - mean)).any():
        raise ValueError(f"{name}: a mean LGD of a tape has no beta law with sd {segment.lgd.sd}")


def _bins(pd: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin of each PD: a ratio of at most ``BIN_RATIO`` within one."""
    grid = np.floor(np.log(pd / pd.min()) / math.log(BIN_RATIO) + 1e-9).astype(np.int64)
    _, bins = np.unique(grid, return_inverse=True)
    return bins.reshape(-1).astype(np.int64)


def pack_tapes(scheme: Scheme) -> tt.TapeTable:
    """Return the tapes of a scheme as tables; empty ones when there is none.

    Raises:
        ValueError: a tape has loans that no engine of this kind can run, or too many laws of LGD.
    """
    books = books_of_tapes(scheme)
    laws, law_of = _lgd_laws(books)
    n_loans = np.cumsum([0, *(book.rows.size for book in books)])
    n_bins = np.cumsum([0, *(int(book.bin.max()) + 1 for book in books)])
    vintages, strata = _vintages_and_strata(books, n_loans, n_bins)
    risks, loans, terms = _loan_tables(scheme, books, law_of)
    values, slopes = lgd_table.tabulate(laws)
    return tt.TapeTable(
        books=_book_table(scheme, books, n_bins),
        vintages=vintages,
        strata=strata,
        bins=_bin_table(scheme, books),
        risks=risks,
        loans=loans,
        terms=terms,
        lgd_nodes=table(t.LGD_NODE, value=values, slope=slopes),
    )


def _joined(parts: list[NDArray[Any]], kind: Any = np.float64) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts])


def _lgd_laws(books: list[TapeBook]) -> tuple[list[Lgd], list[NDArray[np.int64]]]:
    """Return the laws of random LGD and, by book, the law of each loan, −1 where it is fixed."""
    laws: dict[tuple[float, float], int] = {}
    law_of = []
    for book in books:
        sd = book.segment.lgd.sd
        if sd == 0.0:
            law_of.append(np.full(book.rows.size, -1))
            continue
        means, which = np.unique(book.tape.lgd_drawn_mean[book.rows], return_inverse=True)
        if means.size > MOST_LGD_TABLES:
            raise ValueError(f"a tape has more than {MOST_LGD_TABLES} different laws of random LGD")
        own = np.array([laws.setdefault((float(mean), sd), len(laws)) for mean in means])
        law_of.append(own[which.reshape(-1)])
    return [Lgd(mean=mean, sd=sd) for mean, sd in laws], law_of


def _inverse(p: float) -> float:
    """Return −1/ln(1 − p), infinite where nothing ever happens and 0 where it always does."""
    if p >= 1.0:
        return 0.0
    return -1.0 / math.log1p(-p) if p > 0.0 else math.inf


def _renews(segment: Segment) -> bool:
    """Whether loans of a segment may be renewed: asked for, or after a bridge."""
    return segment.renew > 0.0 or segment.shortage is not None


def _fund_row(scheme: Scheme, facility: str) -> int:
    """Return the row of the bridge fund of a facility, or −1."""
    return next((j for j, fund in enumerate(scheme.bridges) if facility in fund.facilities), -1)


def _book_table(scheme: Scheme, books: list[TapeBook], n_bins: NDArray[np.int64]) -> Any:
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    segment = {s.name: position for position, s in enumerate(scheme.segments)}
    pairs = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    terms = [book.segment.term_months for book in books]
    return table(
        tt.TAPE_BOOK,
        facility=[facility[book.facility.name] for book in books],
        segment=[segment[book.segment.name] for book in books],
        borrowers=[segment[book.segment.name] for book in books],
        book=[pairs.index((book.facility.name, book.segment.name)) for book in books],
        term=terms,
        first_vintage=np.cumsum([0, *terms])[:-1],
        first_bin=n_bins[:-1],
        end_bin=n_bins[1:],
        renews=[_renews(book.segment) for book in books],
        simple=[not _renews(book.segment) and book.segment.maturity_share == 0.0 for book in books],
        random_lgd=[book.segment.lgd.sd > 0.0 for book in books],
        shorts=[book.segment.shortage is not None for book in books],
        fund=[_fund_row(scheme, book.facility.name) for book in books],
        interest_monthly=[book.segment.rate_annual / 12 for book in books],
        stay_inverse=[_inverse(1.0 - book.segment.renew) for book in books],
        want_inverse=[_inverse(book.segment.renew * book.segment.default_if_not_renewed) for book in books],
        entity=np.array(
            [entity(f"{book.facility.name}.{book.segment.name}.tape") for book in books], dtype=np.uint64
        ),
    )


def _vintages_and_strata(
    books: list[TapeBook], n_loans: NDArray[np.int64], n_bins: NDArray[np.int64]
) -> tuple[Any, Any]:
    ends, principals, strata, bins, n_strata = [], [], [], [], [0]
    for number, book in enumerate(books):
        left = book.tape.months_left[book.rows]
        edges = np.searchsorted(left, np.arange(1, book.segment.term_months + 2))
        principal = book.tape.principal[book.rows]
        principals += [math.fsum(principal[a:b]) for a, b in pairwise(edges)]
        ends.append(n_loans[number] + edges)
        # A stratum begins where the months left or the bin change.
        begins = np.flatnonzero(np.diff(left, prepend=0) | np.diff(book.bin, prepend=-1))
        strata.append(n_loans[number] + begins)
        bins.append(n_bins[number] + book.bin[begins])
        counts = np.searchsorted(begins, edges)
        n_strata += [n_strata[-1] + int(c) for c in counts[1:] - counts[0]]
    first_stratum = np.array(n_strata, dtype=np.int64)
    first_loan = _joined(strata, np.int64)
    return (
        table(
            tt.TAPE_VINTAGE,
            first_stratum=first_stratum[:-1],
            end_stratum=first_stratum[1:],
            first_loan=_joined([e[:-1] for e in ends], np.int64),
            end_loan=_joined([e[1:] for e in ends], np.int64),
            principal=principals,
        ),
        table(
            tt.TAPE_STRATUM,
            bin=_joined(bins, np.int64),
            first_loan=first_loan,
            end_loan=np.append(first_loan[1:], n_loans[-1:])[: first_loan.size],
        ),
    )


def _bin_table(scheme: Scheme, books: list[TapeBook]) -> Any:
    segment = {s.name: position for position, s in enumerate(scheme.segments)}
    total = scheme.window.total
    worst, months, laws = [], [], []
    for book in books:
        n = int(book.bin.max()) + 1
        pd, left = np.zeros(n), np.zeros(n, dtype=np.int64)
        np.maximum.at(pd, book.bin, book.tape.pd_annual[book.rows])
        np.maximum.at(left, book.bin, book.tape.months_left[book.rows])
        worst.append(pd)
        months.append(np.full(n, total) if book.segment.renew > 0.0 else np.minimum(left, total))
        laws.append(_extremes(scheme, book, n))
    return table(
        tt.TAPE_BIN,
        segment=np.repeat([segment[b.segment.name] for b in books], [w.size for w in worst]),
        months=_joined(months, np.int64),
        threshold=_joined([law[0] for law in laws]),
        least_sensitivity=_joined([law[1] for law in laws]),
        sensitivity=_joined([law[2] for law in laws]),
        hazard=-np.log1p(-_joined(worst)) / 12,
    )


def _extremes(scheme: Scheme, book: TapeBook, n: int) -> tuple[NDArray[np.float64], ...]:
    """Return largest threshold, least and largest sensitivity of the loans of a book's n bins."""
    threshold, sensitivity = tape_laws(scheme.economy, book.segment, book.tape, book.rows)
    highest, least, most = np.full(n, -np.inf), np.full(n, np.inf), np.zeros(n)
    np.maximum.at(highest, book.bin, threshold)
    np.minimum.at(least, book.bin, sensitivity)
    np.maximum.at(most, book.bin, sensitivity)
    return highest, least, most


def _loan_tables(
    scheme: Scheme, books: list[TapeBook], law_of: list[NDArray[np.int64]]
) -> tuple[Any, Any, Any]:
    """Return risks, loans and their terms, book after book."""
    pd = [book.tape.pd_annual[book.rows] for book in books]
    principal = [book.tape.principal[book.rows] for book in books]
    interest = [p * book.segment.rate_annual / 12 for p, book in zip(principal, books, strict=True)]
    laws = [tape_laws(scheme.economy, book.segment, book.tape, book.rows) for book in books]
    risks = table(
        tt.TAPE_RISK,
        threshold=_joined([threshold for threshold, _ in laws]),
        sensitivity=_joined([sensitivity for _, sensitivity in laws]),
    )
    terms = table(
        tt.TAPE_TERMS,
        hazard=-np.log1p(-_joined(pd)) / 12,
        recovery=_joined([1.0 - book.tape.lgd_mean[book.rows] for book in books]),
        interest_monthly=_joined(interest),
    )
    loans = table(tt.TAPE_LOAN, lgd_table=_joined(law_of, np.int64), principal=_joined(principal))
    return risks, loans, terms


def add_opening(
    scheme: Scheme,
    column: dict[str, int],
    totals: NDArray[np.float64],
    volume: NDArray[np.float64],
    first_batch: NDArray[np.int64],
) -> None:
    """Add the loans of tapes to the opening row of totals and to the volumes of the opening cohorts."""
    for book in books_of_tapes(scheme):
        name = book.facility.name
        principal = math.fsum(book.tape.principal[book.rows])
        totals[column[book_record(name, book.segment.name, "n_performing")]] += book.rows.size
        totals[column[book_record(name, book.segment.name, "performing")]] += principal
        volume[first_batch[[f.name for f in scheme.facilities].index(name)]] += principal


def tape_memory(tables: Any, months: int) -> dict[str, Any]:
    """Return the memory of a thread for tapes that no path clears."""
    tape = tables.tape
    longest = int(tape.bins.months.max(initial=0))
    return {
        "tape_falling": np.zeros((months, tape.vintages.size), dtype=np.int64),
        "tape_next": np.zeros(tape.loans.size, dtype=np.int64),
        "tape_gone": np.zeros(tape.loans.size if tape.books.renews.any() else 0, dtype=np.int64),
        "tape_granted": np.zeros(tape.loans.size if tape.books.shorts.any() else 0, dtype=np.int64),
        "tape_stamp": np.zeros(1, dtype=np.int64),
        "tape_found": np.zeros(tt.MOST_FOUND, dtype=tt.TAPE_FOUND).view(np.recarray),
        "tape_uniforms": np.zeros(tt.MOST_FOUND),
        "tape_normals": np.zeros(tt.MOST_FOUND),
        "tape_tails": np.zeros(tt.MOST_FOUND, dtype=np.int64),
        "tape_draws": np.zeros(2, dtype=np.int64),
        "tape_exponentials": np.zeros(BATCH),
        "tape_bounds": np.zeros((longest + 1, tape.bins.size)),
    }
