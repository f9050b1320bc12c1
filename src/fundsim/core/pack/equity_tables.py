"""Equity funds as tables, and their memory.

Axis names: j fund, s stage, e exit, n months since a deal, t month, room: as many deals as can be kept at
once.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

from fundsim.core.pack.record_types import record

__all__ = [
    "BESIDE",
    "BESIDE_WORK",
    "CLOSING",
    "DEAL",
    "EQUITY_FUND",
    "EQUITY_WORK",
    "EXIT",
    "HAZARD",
    "PACE",
    "SHARE_LAW",
    "SHARE_NODE",
    "STAGE",
    "TURN",
    "Concession",
    "Due",
    "EquityMemory",
    "EquityTables",
    "Part",
    "RootRoom",
    "Venture",
    "Whose",
]

Array: TypeAlias = Any


class Concession(IntEnum):
    """What government cedes."""

    NOTHING = 0
    EXCESS = 1
    OPTION = 2


class Due(IntEnum):
    """What is worked out at a month's end: bits of a number."""

    VALUE = 1
    RATE = 2
    NO_RATE = 4
    """The rates of an earlier month hold no longer."""


class Part(IntEnum):
    """What a fund lives through at its turn in a month."""

    WHOLE = 0
    BEGINNING = 1
    """Of a parent: closings and fees, before its sub-funds."""
    END = 2
    """Of a parent: what is distributed, after its sub-funds."""


class Whose(IntEnum):
    """Whose net flows are kept, for rates of return; those of all partners are the first two together."""

    GOVERNMENT = 0
    SOCIAL = 1
    TREASURY = 2


EQUITY_FUND = record(
    "custody custody_call partners_call fee_line deal_line exit_line clawback_line treasury_line"
    " partners_line ceded_line carry_line option_line custody_line"
    " begins investment life last end first_closing end_closing set_up_months settled government_first"
    " first_stage end_stage factor raised_law failed_law clawback concession option_first"
    " at_cost parent first_sub end_sub first_pace beside",
    "planned social_target p_full raising_loading raising_noise least_social social_part match"
    " invest_share invest_less fee_monthly cost_monthly"
    " deal_size size_log size_sigma city_loading sector_loading exit_beta exit_drift failure_beta"
    " failure_drift exit_loading exit_noise recycling liquidation hurdle_growth catch_up carry ceded_share"
    " benchmark_growth option_mark local_share nav_growth",
    "entity",
)
"""(j): ``begins`` the window's month in which it does, other times in months from there; ``end`` the
window's month in which the noun ends; after month ``settled`` nothing more is committed; −1 for lines,
parent, rates of pacing and money beside that it has not, and for the law of raising without partners;
``social_part`` is
S*/(S* + G), ``match`` G/S*; what is invested of commitments C is ``invest_share`` × C − ``invest_less``;
``size_log`` and ``size_sigma`` of the logarithm of a deal's size; drifts are β²/2."""

CLOSING = record("month", "share")
TURN = record("fund part")
PACE = record(reals="called distributed")
"""(year of a fund): parts of uncalled commitments and of grown net asset value."""
BESIDE = record(
    "joint_account joint_line joint_exit_line joint_back_line joint_until"
    " subsidy_account subsidy_line subsidy_back_line subsidy_until on_loss"
    " grant_account grant_line grant_back_line grant_until",
    "joint_share joint_cap subsidy_share subsidy_cap grant_before grant_after",
)
"""Money beside a fund: accounts and lines, −1 where there is none; from month ``until`` of the fund on what
is left goes back."""
BESIDE_WORK = record(
    reals="joint_left subsidy_left grant_left month_subsidy_due month_grant_due month_joined month_joint_exit"
    " month_granted month_joint_back month_subsidy_back month_grant_back"
)
"""What the accounts beside a fund hold until its month is booked, and this month's moves."""
STAGE = record("first_exit end_exit subsidised protected", "cumulative")
EXIT = record(reals="score sigma")
"""``score``: Φ⁻¹ of the probabilities summed to this category, infinity for the last."""
HAZARD = record(reals="exit failure")
SHARE_LAW = record("first_node n_nodes", "fixed")
"""A beta law's nodes of BetaInv(Φ(z)); without nodes it is ``fixed``."""
SHARE_NODE = record(reals="value slope")

DEAL = record("stage made number", "cost threshold spent fate joined")
"""A deal that has not ended: ``made`` months after the fund's start, as the ``number``-th of its month; it
rings when the hazard ``spent`` reaches the ``threshold``; ``fate`` is uniform; ``joined`` is government's
co-investment."""

EQUITY_WORK = record(
    "is_set_up is_given_up is_sold n_unsold",
    "raised_social raised_government commitments investable deals_a_month failing custody paid_in asked"
    " due_social recycled hurdle contributed returned distributed carried to_government grown"
    " granted_part received fees_to_come"
    " month_custody_call month_partners_call month_fee month_deals month_proceeds month_subsidy"
    " month_clawback month_treasury month_partners month_ceded month_carry month_price month_back",
)
"""(j): commitments of all closings; share of social calls that fails (``failing``); money in custody and all
that was paid into it; ``asked`` and ``due_social``: of calls to date, paid or not; money kept for new deals;
what the hurdle account owes; partners' contributions, those paid back, and all distributions; carry;
government's distributions without clawback; its calls with the option's interest; part of the planned money
that a sub-fund's parent commits, 1 without one; what a sub-fund's parent has received; a parent's planned
fees that are not yet due; this month's moves."""


class EquityTables(NamedTuple):
    """What kernels read of equity funds."""

    funds: Array  # EQUITY_FUND (j)
    turns: Array  # TURN: the order of a month
    subs: Array  # int64: positions of sub-funds, those of the parents one after the other
    paces: Array  # PACE: those of the funds one after the other, a row for each year
    beside: Array  # BESIDE: a row for each fund that has such money
    closings: Array  # CLOSING: those of the funds one after the other
    stages: Array  # STAGE: those of the funds one after the other
    exits: Array  # EXIT: those of the stages one after the other
    hazards: Array  # HAZARD (s, n): of the n-th month after a deal
    multiples: Array  # float64 (e, n): mean multiple
    expected: Array  # float64 (s, months from deal to the fund's end, n): mean multiple still to come
    share_laws: Array  # SHARE_LAW
    share_nodes: Array  # SHARE_NODE
    due: Array  # int64 (j, t): sum of ``Due``
    active: Array  # int64: 1 when there is any fund


class RootRoom(NamedTuple):
    """Room for rates of return, empty unless one is wanted; made for flows of so many months."""

    net: Array  # float64 (t): the flows whose rate is looked for
    forward: Array  # float64 (t): coefficients of a polynomial
    backward: Array  # float64 (t): the same, the last first
    polygons: Array  # float64 (depth, t): Bernstein coefficients of the intervals in hand
    intervals: Array  # float64 (depth, 2)


class Venture(NamedTuple):
    """One fund at work: its row of every table, so that they are looked up once a month."""

    terms: Array  # EQUITY_FUND (1)
    work: Array  # EQUITY_WORK (1)
    figures: Array  # its records (1), in the row of totals
    deals: Array  # DEAL (room)
    full: Array  # int64 (1)


class EquityMemory(NamedTuple):
    """What the funds of a thread remember beside ``equity_work``."""

    deals: Array  # DEAL (j, room): the first ``n_unsold`` of them have not ended
    roots: RootRoom
    full: Array  # int64 (1): 1 when a deal had no place left, and the paths must be run again with more
