"""The memory of one thread, made in Python because kernels allocate nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fundsim.core.draws.streams import STREAM_LENGTH
from fundsim.core.pack import state as t
from fundsim.core.pack.bridges import FIRST_ROOM, bridge_memory
from fundsim.core.pack.budget import budget_memory
from fundsim.core.pack.equities import FIRST_DEALS, equity_memory
from fundsim.core.pack.equity_tables import BESIDE_WORK, EQUITY_WORK, Due, Whose
from fundsim.core.pack.nouns import OWNED
from fundsim.core.pack.record_types import record
from fundsim.core.pack.state import PLACES, HeldLending, Holding, State
from fundsim.core.pack.tables import Tables
from fundsim.core.pack.tape_tables import VINTAGE_WORK, Ended
from fundsim.core.pack.tapes import tape_memory
from fundsim.scheme import NOUNS, Scheme
from fundsim.scheme.records import ledger_lines

__all__ = ["holding", "new_state"]

Shape = tuple[int, ...]
REAL = np.dtype(np.float64)
COUNT = np.dtype(np.int64)
WORD = np.dtype(np.uint64)
LOOSE = ("loose_falling", "loose_striking", "loose_maturing")


def _windows(wanted: dict[str, tuple[np.dtype[Any], Shape]]) -> tuple[Any, dict[str, Any]]:
    """Return one zeroed vector of words and windows on it by name, in the order given."""
    words = {name: dtype.itemsize // 8 * math.prod(shape) for name, (dtype, shape) in wanted.items()}
    vector = np.zeros(sum(words.values()))
    windows: dict[str, Any] = {}
    start = 0
    for name, (dtype, shape) in wanted.items():
        window = vector[start : start + words[name]].view(dtype).reshape(shape)
        windows[name] = window.view(np.recarray) if dtype.names else window
        start += words[name]
    return vector, windows


def _totals(scheme: Scheme) -> tuple[Any, dict[str, Any]]:
    """Return the row of totals and its windows, a noun each, in the order of ``record_names``."""
    wanted: dict[str, tuple[np.dtype[Any], Shape]] = {"flow": (REAL, (len(ledger_lines(scheme)),))}
    for noun in NOUNS:
        if noun.records:
            dtype = record(reals=" ".join(own.name for own in noun.records))
            wanted[noun.place] = (dtype, (len(noun.all_in(scheme)),))
    return _windows(wanted)


def holding(mode: Holding, loans: Shape, stops: Shape) -> HeldLending:
    """Return memory for the new lending of a block: shapes (path, t, c) and (path, t, f)."""
    return HeldLending(
        mode=np.array([mode], dtype=COUNT),
        row=np.zeros(1, dtype=COUNT),
        granted=np.zeros(loans, dtype=COUNT),
        stopped=np.zeros(stops, dtype=COUNT),
    )


def new_state(
    scheme: Scheme, tables: Tables, room: int = FIRST_ROOM, log: int = 0, deals: int = FIRST_DEALS
) -> State:
    """Return fresh memory for one thread.

    Args:
        scheme: the scheme.
        tables: what it was packed to.
        room: requests of a bridge fund that can be kept at once.
        log: what can be written down of them.
        deals: deals of an equity fund that can be kept at once.
    """
    totals, windows = _totals(scheme)
    months = scheme.window.total
    rows = 1 + max(months, tables.age_threshold.shape[0])
    n_segments = tables.segments.size
    n_facilities = len(scheme.facilities)
    n_classes = tables.classes.size
    n_lenders = tables.opening_volume.size
    n_claims = int(tables.contracts.n_cohorts.sum())
    n_columns = int(tables.classes.end_column.max(initial=0))
    n_tape_books = tables.tape.books.size
    loose_months = months if tables.tape.books.shorts.any() else 0
    n_equity = tables.equities.funds.size
    rates = bool((tables.equities.due & Due.RATE).any())
    by_loan = bool(tables.contracts.per_loan.any())
    zeroed, work = _windows(
        {
            "uniforms": (REAL, (months * tables.economy.entity.size,)),
            "innovations": (REAL, (months * tables.economy.entity.size,)),
            "tails": (COUNT, (months * tables.economy.entity.size,)),
            "factors": (REAL, (months, tables.economy.entity.size)),
            "root_mixing": (REAL, (months if tables.economy.mixed else 0,)),
            "economy": (t.ECONOMY_WORK, (rows, n_segments)),
            "falling": (COUNT, (months, n_columns)),
            "alive": (COUNT, (n_columns if tables.window.amortises else 0,)),
            "maturing": (COUNT, (months, n_classes)),
            "classes": (t.CLASS_WORK, (n_classes,)),
            "active": (COUNT, (n_segments,)),
            "ages": (COUNT, tables.population_ages.shape),
            "lending": (t.LENDING_WORK, (n_facilities,)),
            "switches": (t.SWITCH, (len(scheme.breakers),)),
            "defaulted": (REAL, (months, n_facilities)),
            "n_lost": (COUNT, (months if by_loan else 0, n_columns)),
            "volume": (REAL, (n_lenders,)),
            "insured": (t.INSURED_WORK, (months, n_lenders + n_claims)),
            "lenders": (t.LENDER_WORK, (months, n_lenders)),
            "claims": (t.CLAIM_WORK, (months, n_claims)),
            "batches": (t.BATCH_WORK, (n_claims,)),
            "layers": (t.LAYER_WORK, (len(scheme.contracts),)),
            "recovery": (t.RECOVERY_WORK, (n_lenders + n_claims,)),
            "payers": (t.PAYER_WORK, (len(scheme.parties),)),
            "stakes": (t.STAKE_WORK, (tables.stakes.size,)),
            "stake_months": (t.STAKE_MONTH, (tables.stakes.size, months)),
            "fees_received": (REAL, (len(scheme.guarantors), months)),
            **{f"{place}_work": (own.work, getattr(tables, place).shape) for place, own in OWNED.items()},
            "tape_vintages": (VINTAGE_WORK, (tables.tape.vintages.size,)),
            "tape_lost": (COUNT, (months if by_loan and tables.tape.books.size else 0, n_lenders)),
            **dict.fromkeys(LOOSE, (COUNT, (loose_months, n_tape_books))),
            "tape_ended": (COUNT, (len(Ended), n_tape_books)),
            "equity_work": (EQUITY_WORK, (n_equity,)),
            "equity_beside": (BESIDE_WORK, tables.equities.beside.shape),
            "equity_flows": (REAL, (n_equity if rates else 0, len(Whose), months)),
            "stream": (WORD, (2, STREAM_LENGTH)),
        }
    )
    kept = {
        "ready": np.zeros((PLACES, len(scheme.window.snapshots), tables.window.records.size)),
        "key": np.zeros(2, dtype=np.uint64),
        "held": holding(Holding.FREE, (0, 0, 0), (0, 0, 0)),
        "bridge": bridge_memory(tables, windows["books"].size, totals.size, room, log, _windows),
        "equity": equity_memory(tables, deals),
        "budget": budget_memory(tables, _windows),
        **tape_memory(tables, months),
    }
    return State(**{"totals": totals, "zeroed": zeroed, **windows, **work, **kept})
