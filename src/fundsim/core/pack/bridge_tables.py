"""Bridge funds and short firms as tables, and the memory of the funds.

Axis names: j fund, s segment (those that follow a bridge included), c class, y policy year, room: as many
requests as can be kept at once.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

from fundsim.core.pack.record_types import record

__all__ = [
    "BRIDGE_WORK",
    "BUCKET",
    "CALENDAR",
    "CLASS_BRIDGE",
    "DAYS_LAW",
    "DIRECT",
    "DRAWN",
    "FEE_TIER",
    "FUND",
    "LAW_POINT",
    "LINK",
    "LOG",
    "REQUEST",
    "SHORTAGE",
    "SIZE_POINT",
    "BridgeMemory",
    "BridgeTables",
    "Calendar",
    "Days",
    "Fund",
    "Happening",
    "Queue",
]

Array: TypeAlias = Any


class Queue(IntEnum):
    """Who is served next."""

    FIFO = 0
    """The first; nobody passes it."""
    FIFO_PASS = 1
    """The first that fits."""
    SMALL_FIRST = 2


class Happening(IntEnum):
    """What the log of a traced path says of a request."""

    ASKS = 0
    SERVED = 1
    UNSERVED = 2
    RETURNS = 3
    PAYS_FEE = 4
    FALLS_OVERDUE = 5


class Days(IntEnum):
    """Law of the days of a bridge."""

    FIXED = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2
    EMPIRICAL = 3


FUND = record(
    "number account loan_line return_line fee_line recovery_line cost_line warm_up_line"
    " queue law recovery_lag recapitalise last_month warm_up_months serves"
    " first_size end_size first_tier end_tier first_amount end_amount",
    "share cap own_money least deadline not_threshold not_sensitivity lgd fee_free cost_monthly cost_share"
    " breaker_threshold breaker_reset month_end_days month_end_times per_day warm_up_days calendar_days",
    "entity",
)
"""(j): ``serves`` is 1 when it serves facilities, 0 when its requests are its own; ``not_threshold`` =
Φ⁻¹(p)/sqrt(1 − ρ) and ``not_sensitivity`` = sqrt(ρ/(1 − ρ)) of not being re-lent; ``last_month`` ends
its life; ``least`` is an amount that no request is below; ``calendar_days`` are what
the calendar of its uses spans."""

SHORTAGE = record(
    "private_law",
    "sensitivity default_if_unserved private_fee",
)
"""(s): row of ``laws`` or −1; ``sensitivity`` = sqrt(ρ/(1 − ρ)) of being short."""

DAYS_LAW = record("law first_point end_point", "mean_days mu sigma longest")
"""``mean_days`` of fixed and exponential days; ``mu`` and ``sigma`` of their logarithm."""
LAW_POINT = record(reals="days cumulative")
FEE_TIER = record(reals="to_days per_day")
SIZE_POINT = record(reals="up_to")
DIRECT = record("size_row", "amount cumulative")
"""An amount of requests given directly, and the report's size that it belongs to."""

CLASS_BRIDGE = record("fund relend shortage", "low width mu sigma cap")
"""(c): row of its fund or −1; class as which a loan lives that the fund has bridged; 1 when its loans can
be short; the slice of probabilities that its band stands for, and the law of sizes; ``sigma`` is 0 where
the size is the loan."""

REQUEST = record("origin column size_row number month serial", "due deadline amount days relend")
"""``origin``: class c, −1 for one given directly, −2 − i for loan i of a tape; ``column``: of the defaults
of its class, or book of the tape; ``size_row``: of the report's sizes; ``number``, ``month``: block of its
draws; ``relend``: uniform that decides whether the bank lends again."""
DRAWN = record(reals="gap part days relend")
"""What has been drawn for a request given directly: months since the one before it, the uniforms of its
amount and of whether the bank lends again, and its days of use."""
LINK = record("after last", "time")
"""(slot): when a slot is to come, which slot of its bucket comes after it, and, where it is the first of
a bucket, which comes last."""
BUCKET = record("first", "time")
"""1 + the slot that comes first in a bucket, 0 in an empty one, and when."""
CALENDAR = record("first span", "time per_day")
"""The slot that comes first, the span of time that it lies in, and its time, infinity if there is none;
buckets a day."""

BRIDGE_WORK = record(
    "stopped n_free first_waiting n_waiting n_tickets n_drawn n_taken first_drawn next_slot n_serials",
    "clock capital out overdue fees_kept paid_in lent returned fees recovered next_due next_gap expected",
)
"""(j): places in use of the lists below; the time to which capital and out are counted; what the fund has;
of this month: lent, returned, fees and recovered [yuan]; of the requests given directly: when the next
one comes."""


LOG = record("fund serial what origin column", "day amount")
"""What happened to a request: to the one that was the ``serial``-th of its fund, from 1; a ``Happening``."""


class BridgeTables(NamedTuple):
    """What kernels read of bridge funds and short firms."""

    funds: Array  # FUND (j)
    shortages: Array  # SHORTAGE (s)
    short_scores: Array  # float64 (y, s): Φ⁻¹(s_y)/sqrt(1 − ρ)
    classes: Array  # CLASS_BRIDGE (c)
    laws: Array  # DAYS_LAW
    points: Array  # LAW_POINT
    tiers: Array  # FEE_TIER
    sizes: Array  # SIZE_POINT: in the order of the records
    amounts: Array  # DIRECT
    seasonality: Array  # float64 (j, calendar month from January)
    active: Array  # int64: 1 when any firm can be short or any fund exists
    first_calendar: Array  # int64: calendar month of month 0, from 0


class Calendar(NamedTuple):
    """Slots in order of their time: see ``bridge/calendar.py``."""

    head: Array  # CALENDAR (1)
    buckets: Array  # BUCKET (bucket)
    busy: Array  # uint64 (bucket ÷ 64): a bit for each bucket, 1 where it holds a slot
    links: Array  # LINK (room)


class Fund(NamedTuple):
    """One fund at work: its row of every table and list, so that they are looked up once a month."""

    terms: Array  # FUND (1)
    work: Array  # BRIDGE_WORK (1)
    figures: Array  # its records (1), in the row of totals
    requests: Array  # REQUEST (room)
    free: Array  # int64 (room)
    waiting: Array  # int64 (room)
    tickets: Array  # Calendar: by the end of the use
    arrivals: Array  # Calendar: by the day on which a loan falls due
    recovering: Array  # float64 (t)
    drawn: Array  # DRAWN (batch)
    full: Array  # int64 (1)
    log: Array  # LOG
    log_state: Array  # int64 (2)


class BridgeMemory(NamedTuple):
    """What the funds of a thread remember; most of it lies in one vector, so that it can be put back."""

    vector: Array  # float64: all of the fields down to ``recovering``
    work: Array  # BRIDGE_WORK (j)
    requests: Array  # REQUEST (j, room)
    free: Array  # int64 (j, room): slots that are free
    waiting: Array  # int64 (j, room): slots in order of arrival, from ``first_waiting`` on
    links: Array  # LINK (j, room): of both calendars, for a slot is in one of them at most
    calendars: Array  # CALENDAR (j, 2): of uses, of arrivals
    buckets: Array  # BUCKET (j, 2, bucket)
    busy: Array  # uint64 (j, 2, bucket ÷ 64)
    recovering: Array  # float64 (j, t): amounts overdue whose recovery arrives in a month, warm-up first
    drawn: Array  # DRAWN (j, batch)
    saved: Array  # float64: a copy of ``vector``
    saved_totals: Array  # float64: a copy of the row of totals
    lost: Array  # int64 (column): outcomes of this month: unserved and defaulted, by column of the class
    private: Array  # int64 (c): unserved and privately bridged
    relent: Array  # int64 (c): bridged by the fund and renewed
    private_cost: Array  # float64 (b): what private bridges of this month cost the firms of a book
    repaid: Array  # int64 (c): bridged by the fund and not re-lent; after the window, short and repaid
    log: Array  # LOG (rows): empty unless a path is traced
    log_state: Array  # int64 (2): what has happened, kept or not; 1 while it is written down
    full: Array  # int64 (1): 1 when a list had no place left, and the paths must be run again with more
