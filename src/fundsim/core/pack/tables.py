"""The scheme as tables: what the kernels read.  What they write is in ``state``.

A table is a record array: ``classes.principal[c]`` reads a column whether compiled or not.  Indices
replace names; money is float64 yuan, counts and indices are int64, entities uint64: every field has
eight bytes.  ``layout`` is the only place that fills them, so that no dtype varies.  Record arrays
rather than an array a column keep the number of arrays small, and with it the time to compile.

Axis names: t month, s segment, c class (facility × segment × size band), f facility, b book
(facility × segment), a account (a party), k contract in order of settlement, l line of the ledger,
i insured batch of a month (cohorts of each facility's lender, then cohorts of each contract's payer),
q claim batch (cohorts of each contract).
"""

from __future__ import annotations

from collections import namedtuple
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from fundsim.core.pack.bridge_tables import BridgeTables
from fundsim.core.pack.budget_tables import BudgetTables
from fundsim.core.pack.equity_tables import EquityTables
from fundsim.core.pack.nouns import OWNED
from fundsim.core.pack.record_types import record
from fundsim.core.pack.tape_tables import TapeTable

__all__ = [
    "Array",
    "Base",
    "BreakerMetric",
    "CapacityBasis",
    "EconomyTable",
    "FundingTable",
    "LendingTables",
    "Tables",
    "WindowTable",
]

Array: TypeAlias = Any
"""A numpy array, a record array, or a numpy scalar; numba types it from the value."""


class Base(IntEnum):
    """What a payment is a part of; the order is that of a month's payments."""

    GRANTED = 0
    BALANCE = 1
    FIXED = 2


class CapacityBasis(IntEnum):
    """What a lending limit is a multiple of."""

    PAID_IN = 0
    BALANCE = 1
    NET_ASSETS = 2


class BreakerMetric(IntEnum):
    """What a breaker watches."""

    OVERDUE_RATE = 0
    NPL_RATIO = 1
    COMPENSATION_RATIO = 2


OVERLAY = record(reals="shift fixed")
"""(t): what a stress adds to Z; Z where it is fixed, NaN elsewhere."""

MIXING_NODE = record(reals="value slope")
"""(node): sqrt(χ²_ν⁻¹(Φ(z))/ν) at equidistant z, and its derivative."""

SEGMENT = record(
    "factor lgd_table firms population chance_at_maturity renewals_move",
    "city_loading sector_loading threshold sensitivity hazard maturity_share"
    " renew renew_minor renew_log_major renew_odds renew_threshold renew_sensitivity default_if_not_renewed"
    " lgd_mean lgd_loading lgd_noise",
)
"""(s): row of the sector's factor; row of the LGD table or −1 when fixed; eligible firms or −1; row
of its population or −1; 1 when anything is drawn at maturity; 1 when renewals move with the index.

``threshold`` = c/sqrt(1 − ρ), c the score below which a firm defaults in a step;
``sensitivity`` = sqrt(ρ/(1 − ρ)), ``hazard`` the unconditional monthly −ln(1 − p)/12; loadings are the
roots of the weights; ``renew_minor`` is the smaller of r and 1 − r, r the probability of renewal, with
ln(1 − it) and its odds; where renewals move, ``renew_threshold`` = Φ⁻¹(r)/sqrt(1 − ρ) and
``renew_sensitivity`` = sqrt(ρ/(1 − ρ)) with the ρ of renewals.
"""

POPULATION = record("first_age end_age", "entry_monthly", "entity")
"""(p): range of its ages in ``population_ages``; expected entries of a month."""

POPULATION_AGE = record("opening", "exit_monthly")
"""(age of a population): firms before month 0; probability to leave within a month."""

LGD_NODE = record(reals="value slope")
"""(table, node): BetaInv(Φ(z)) at equidistant z, and its derivative."""

CLASS = record(
    "facility segment borrowers book plain term first_slot first_column end_column first_share"
    " first_weight end_weight",
    "principal interest_monthly demand_loans loan_months",
    "entity",
)
"""(c): ``borrowers`` the segment whose firms they are, and ``plain`` the class that they are renewed in:
others than their own only in the life that follows a bridge; ``opening_loans[first_slot + months_left −
1]``; its cohorts, or the vintages of amortising loans (``amortising``), are columns of ``falling``;
``shares[first_share + a − 1]`` is outstanding in month a of an amortising loan's life, −1 for bullets;
``first_weight … end_weight − 1`` are its rows of ``weights``; ``loan_months`` is the sum of these shares;
``interest_monthly`` in yuan a loan; ``demand_loans`` are loans per yuan of the facility's demand."""

FACILITY = record(
    "first_class end_class first_book end_book first_batch end_batch first_contract end_contract"
    " breaker"
    " n_recovery_parts claim_months closing_months cliff"
    " loan_line repayment_line recovery_line recovery_cost_line",
    "recovery_cost",
)
"""(f): ranges of its classes, its books, its lender's batches, its contracts in ``contracts_of``; −1 for
no breaker or cost line."""

DEMAND = record(reals="demand hold")
"""(t, f): applications [yuan]; level to hold [yuan], NaN where the demand rules."""

RECOVERY_PART = record("lag", "share")
"""(f, part)."""

CAPACITY = record("account basis guarantor drawn first_member end_member", "multiple")
"""``basis``: a ``CapacityBasis``, net assets those of ``guarantor``; ``drawn`` a row of ``drawn`` or −1; its
facilities are ``members[first_member … end_member − 1]``."""

GUARANTOR = record(
    "account first_stake end_stake first_line end_line",
    "expected_recovery unearned_share reserve_rate reserve_cap",
)
"""(g): its stakes; its fee income is on the lines ``fee_lines[first_line … end_line − 1]``."""

STAKE = record("guarantor facility")
"""(stake): a guarantor and a facility where it has weights or contracts."""

WEIGHT = record("stake", "weight")
"""(w): what a yuan of a class counts in a stake, class by class."""

OBLIGOR = record("facility guarantor", "share retained")
DRAWN = record(reals="low width", naturals="entity")

BREAKER = record("facility metric account stops_renewals for_good lifetime", "threshold reset")
"""``metric``: a ``BreakerMetric``, the compensation ratio that of ``account``."""

CONTRACT = record(
    "facility covers payer of_original net delay insured_batch own_batch claim_batch n_cohorts"
    " claim_line recovery_line layered per_loan cap_on_net carry stake contract_months payer_months",
    "outlay_sign share interest_months loan_attach loan_limit year_attach year_limit attach limit"
    " cohort_cap_rate",
)
"""(k): ``covers`` a contract or −1 the lender; ``delay`` months from default to due date;
``insured_batch`` and ``own_batch`` the first batches of the insured and of the payer as an insured;
``stake`` is where its payments are a guarantor's outlay (sign 1) or lower it (−1), or −1;
its last claim falls due ``contract_months`` after a date, the last of its payer ``payer_months`` after it."""

GROUP = record("first end payer limited carries")
"""Contracts of one payer at one depth, which are paid pro rata."""

LINE = record("source target limited")
"""(l): ``limited`` is 1 where the source pays no more than it holds."""
INJECTION = record("month line drawn leader budget_line", "amount")
"""``drawn`` a row of ``drawn``, ``leader`` the injection that it follows, ``budget_line`` the one that
pays it out of limited money; or −1."""
PAYMENT = record("basis facility account line on_renewal", "rate rate_annual monthly")
"""``basis``: a ``Base``; ``facility``, ``account``: those of the base or −1; ``monthly``: a twelfth of
the rate on a balance, or of a fixed amount [yuan].  Rows stand in the order of a month's payments."""
REFUND = record("facility account line", "rate")


class WindowTable(NamedTuple):
    """The calendar of a run."""

    months: Array  # int64: policy window
    lending: Array  # int64: months in which loans, claims and recoveries run
    total: Array  # int64: window and run-off
    snapshots: Array  # int64 (snapshot): months elapsed when totals are copied, then −1
    records: Array  # int64 (record): totals copied at snapshots
    series: Array  # int64 (record): totals copied at each month's end
    static: Array  # int64: 1 when one factor value holds for a loan's whole life
    limited_firms: Array  # int64: 1 when a segment limits its eligible firms
    populated: Array  # int64: 1 when eligible firms of a segment come and go
    recovers: Array  # int64: 1 when anything is ever recovered
    amortises: Array  # int64: 1 when there are amortising loans
    charges: Array  # int64: 1 when there are payments
    waits: Array  # int64: 1 when a claim falls due in a later month than the default
    capped: Array  # int64: 1 when a contract has a cap or an attachment
    looks_ahead: Array  # int64: 1 when a record is wanted of what contracts can still be asked for


class EconomyTable(NamedTuple):
    """Factors: row 0 is the city's, then the sectors' in name order."""

    step_months: Array  # int64
    persistence: Array  # float64: AR(1) coefficient of one step
    innovation: Array  # float64: sqrt(1 − persistence²)
    start: Array  # float64: Z of the first step, NaN when stationary
    stressed: Array  # int64: 1 when the overlay changes Z in some month
    entity: Array  # uint64 (factor)
    cholesky: Array  # float64 (sector, sector): of the innovations' correlation
    mixed: Array  # int64: 1 under a Student-t copula
    mixing_entity: Array  # uint64
    mixing_nodes: Array  # MIXING_NODE (node): only under a Student-t copula
    overlay: Array  # OVERLAY (t)


class FundingTable(NamedTuple):
    """Money that comes and goes by date, by rule, by month or by loan."""

    drawn: Array  # DRAWN
    injections: Array  # INJECTION, ascending by month
    payments: Array  # PAYMENT
    refunds: Array  # REFUND


class LendingTables(NamedTuple):
    """What kernels read of lending; ``Tables`` has the tables of the nouns that own theirs beside it."""

    window: WindowTable
    economy: EconomyTable
    funding: FundingTable
    segments: Array  # SEGMENT (s)
    age_threshold: Array  # float64 (age, s): the threshold of F(age/12), static factor only
    lgd_nodes: Array  # LGD_NODE (table, node)
    populations: Array  # POPULATION (p)
    population_ages: Array  # POPULATION_AGE: the ages of the populations one after the other
    classes: Array  # CLASS (c)
    shares: Array  # float64: outstanding by month of an amortising loan's life, 0 behind its last
    facilities: Array  # FACILITY (f)
    demand: Array  # DEMAND (t, f)
    recovery_parts: Array  # RECOVERY_PART (f, part)
    contracts_of: Array  # int64: contracts of each facility in order of settlement
    capacities: Array  # CAPACITY
    members: Array  # int64: facilities of each limit
    guarantors: Array  # GUARANTOR (g)
    stakes: Array  # STAKE (stake)
    weights: Array  # WEIGHT (w)
    fee_lines: Array  # int64: lines of guarantors' fee income
    recovery_left: Array  # float64 (f, age): share of the recovery that comes later than this age
    obligors: Array  # OBLIGOR
    breakers: Array  # BREAKER
    contracts: Array  # CONTRACT (k)
    groups: Array  # GROUP
    lines: Array  # LINE (l)
    tape: TapeTable
    bridges: BridgeTables
    equities: EquityTables
    budget: BudgetTables
    opening_loans: Array  # int64 (slot): loans before month 0, by class and months left
    opening_totals: Array  # float64 (record): the totals with which each path begins
    opening_volume: Array  # float64 (lender batch): principal of the opening cohort


if TYPE_CHECKING:
    Tables: TypeAlias = LendingTables
else:
    Tables = namedtuple("Tables", (*LendingTables._fields, *OWNED))
"""All that a kernel reads; read only."""
