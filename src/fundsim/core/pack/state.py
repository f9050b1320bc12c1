"""What the kernels write: the row of totals, and the memory of a path."""

from __future__ import annotations

from collections import namedtuple
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fundsim.core.pack.bridge_tables import BridgeMemory
from fundsim.core.pack.budget_tables import BudgetMemory
from fundsim.core.pack.equity_tables import EquityMemory
from fundsim.core.pack.nouns import OWNED
from fundsim.core.pack.record_types import record
from fundsim.core.pack.tables import Array
from fundsim.scheme import NOUNS

__all__ = ["PLACES", "ROW", "HeldLending", "Holding", "State", "Work"]

PLACES = 16
"""Paths that are kept until their records are laid out: two lines of the cache, which come together."""

ECONOMY_WORK = record(reals="index cumulative survival")
"""(t, s): index X of month t; hazard and survival accumulated before month t (static: before age t)."""
CLASS_WORK = record("wanted fresh", "carry")
LENDING_WORK = record(
    "no_renewal",
    "performing repaid released amortised renewed renewed_years relent granted ceiling"
    " by_breaker by_obligor by_firms by_capacity",
)
"""(f): this month's repayments [yuan]; principal as granted of the loans repaid for good; what the amortising
loans that are alive have repaid; renewals; of them, those paid out in cash; its smallest ceiling; what was
refused before this month, by reason."""
STAKE_WORK = record("n_performing", "performing")
STAKE_MONTH = record(reals="defaulted outlay")
"""(stake, t): weighted principal of the defaults of month t; paid on them less had from those who cover."""
INSURED_WORK = record(reals="loss covered handed reached")
"""(t, i): loss of an insured on a month's defaults; paid to it by its contracts; recoveries that it
handed on; recoveries that reached it."""
LENDER_WORK = record(reals="interest_loss recoverable")
CLAIM_WORK = record(reals="omega basis arrears")
"""(t, q): paid ÷ basis; the basis from which a claim was computed; unpaid and carried."""
BATCH_WORK = record(reals="claim cohort_used")
LAYER_WORK = record(reals="raw_total raw_year paid_year cap_used")
RECOVERY_WORK = record(reals="arriving left")
PAYER_WORK = record(reals="arrears compensation_life compensation_year")
SWITCH = record("tripped")


class Holding(IntEnum):
    """What is done with new lending beside granting it."""

    FREE = 0
    NOTED = 1
    GIVEN = 2


class HeldLending(NamedTuple):
    """New lending of the block of paths in hand, written down or given; empty in an ordinary run."""

    mode: Array  # int64 (1): Holding
    row: Array  # int64 (1): the path's position in the block
    granted: Array  # int64 (path, t, c): loans granted
    stopped: Array  # int64 (path, t, f): 1 where a breaker stopped renewals


class Work(NamedTuple):
    """What a path works with beside its row of totals."""

    zeroed: Array  # float64: all that a path begins with at zero; the rest lie in it
    uniforms: Array  # float64 (step × factor): one for each innovation of the path
    innovations: Array  # float64 (step × factor): the same as standard normals
    tails: Array  # int64 (step × factor): positions of those in the tails
    factors: Array  # float64 (t, factor): Z and W of each month, stress included
    root_mixing: Array  # float64 (t): sqrt(g) of each month, only under a Student-t copula
    economy: Array  # ECONOMY_WORK (t + 1, s)
    falling: Array  # int64 (t, column): loans that will default in life, by month
    alive: Array  # int64 (column): performing loans by vintage; only when there are amortising loans
    maturing: Array  # int64 (t, c): loans that will live to their maturity, by month
    classes: Array  # CLASS_WORK (c)
    active: Array  # int64 (s): firms with a loan
    ages: Array  # int64: eligible firms by age, as in ``population_ages``
    lending: Array  # LENDING_WORK (f): this month's
    switches: Array  # SWITCH (breaker)
    defaulted: Array  # float64 (t, f): principal defaulted in month t
    n_lost: Array  # int64 (t, column): defaults; only when a contract has per-loan layers
    volume: Array  # float64 (lender batch): principal granted to a cohort
    insured: Array  # INSURED_WORK (t, i)
    lenders: Array  # LENDER_WORK (t, lender batch)
    claims: Array  # CLAIM_WORK (t, q)
    batches: Array  # BATCH_WORK (q)
    layers: Array  # LAYER_WORK (k)
    recovery: Array  # RECOVERY_WORK (i)
    payers: Array  # PAYER_WORK (a)
    stakes: Array  # STAKE_WORK (stake)
    stake_months: Array  # STAKE_MONTH (stake, t)
    fees_received: Array  # float64 (g, t): fee income from month 0 to month t
    tape_vintages: Array  # VINTAGE_WORK (v)
    tape_lost: Array  # int64 (t, lender batch): defaulted tape loans; only with layers per loan
    loose_falling: Array  # int64 (t, k): first loan, from 1, of the loose ones that will default in life
    loose_striking: Array  # int64 (t, k): of those that will default at maturity
    loose_maturing: Array  # int64 (t, k): of those that will reach their maturity sound
    tape_ended: Array  # int64 (Ended, k): of those whose bridge has ended in this month
    equity_work: Array  # EQUITY_WORK (j)
    equity_beside: Array  # BESIDE_WORK: a row for each fund that has money beside it
    equity_flows: Array  # float64 (j, whose, t): net flows; only where a rate of return is wanted
    stream: Array  # uint64 (2, 9): words and counters of the two streams of draws
    key: Array  # uint64 (2): seed, path

    bridge: BridgeMemory
    equity: EquityMemory
    budget: BudgetMemory
    held: HeldLending
    ready: Array  # float64 (place, snapshot, record): paths in hand, not yet laid out by record
    # Not zeroed: a path leaves these as it found them, or looks only at what it wrote itself.
    tape_falling: Array  # int64 (t, v): first loan, from 1, of those that will default in life
    tape_next: Array  # int64 (i): the next loan, from 1, of the list that a loan is on; 0 at its end
    tape_gone: Array  # int64 (i): mark of the path in which a loan left, where tape loans are renewed
    tape_granted: Array  # int64 (i): month at whose end a loose loan was granted
    tape_stamp: Array  # int64 (1): mark of this path
    tape_found: Array  # TAPE_FOUND: loans in hand
    tape_uniforms: Array  # float64: for the losses of the loans in hand
    tape_normals: Array  # float64: the same as normals
    tape_tails: Array  # int64: which of them lie in the tails
    tape_draws: Array  # int64 (2): position in the exponentials drawn ahead, and how many there are
    tape_exponentials: Array  # float64: exponentials drawn ahead
    tape_bounds: Array  # float64 (t + 1, bin): hazard accumulated by the riskiest loan of a bin


ROW = tuple(noun.place for noun in NOUNS if noun.records)
"""Windows on the row of totals, a table for each noun: a row for each object, a field for each record."""

if TYPE_CHECKING:
    State: TypeAlias = Work
else:
    OWN = tuple(f"{place}_work" for place in OWNED)
    State = namedtuple("State", ("totals", "flow", *ROW, *OWN, *Work._fields))
"""All that a kernel writes, made once a thread; windows on two vectors of eight-byte words.

``totals`` is the row that is copied at snapshots; ``flow`` (by line of the ledger) and the fields of ``ROW``
lie in it, in this order.
"""
