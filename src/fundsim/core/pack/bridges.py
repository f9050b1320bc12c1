"""Bridge funds and short firms: from a scheme by name to tables, and their memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fundsim.core.pack import bridge_tables as t
from fundsim.core.pack.bridge_tables import BridgeMemory, BridgeTables, Days, Queue
from fundsim.core.pack.classes import LoanClass, classes_of, fund_of, segment_rows
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import BridgeFund, DaysLaw, Line, Scheme, Segment, entity
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.scheme.surroundings import FIRMS, OUTSIDE

__all__ = ["FIRST_ROOM", "bridge_memory", "pack_bridges"]

NO = -1
FIRST_ROOM = 64
"""Requests of a fund that can be kept at once, to begin with; it doubles as often as that is too few."""
BITS = 64
"""Of a word."""
FEWEST_BUCKETS, BUCKETS_PER_SLOT = 512, 2
"""Of a calendar: so many that few slots meet in one, and little to clear for each path; powers of two."""
MEANS_OF_CALENDAR = 4.0
"""Mean uses that a calendar of uses spans: of uses with exponential days 2 % end after it has begun again."""
DRAWN_AT_ONCE = 32
"""Most requests given directly that are drawn at once."""

Windows = Callable[[dict[str, tuple[np.dtype[Any], tuple[int, ...]]]], tuple[Any, dict[str, Any]]]


def _score(probability: float, rho: float) -> float:
    """Return Φ⁻¹(p)/sqrt(1 − ρ), infinite for what is sure or impossible."""
    return float(ndtri(probability)) / math.sqrt(1.0 - rho)


def _sensitivity(rho: float) -> float:
    return math.sqrt(rho / (1.0 - rho))


def _laws_of(scheme: Scheme) -> list[DaysLaw]:
    """Return every law of days once, those of the funds first."""
    private = [s.shortage.private_days for s, _ in segment_rows(scheme) if s.shortage is not None]
    laws = [*(fund.days for fund in scheme.bridges), *(law for law in private if law is not None)]
    return list(dict.fromkeys(laws))


def _ends(counts: Sequence[int]) -> tuple[list[int], list[int]]:
    ends = list(accumulate(counts))
    return [end - n for end, n in zip(ends, counts, strict=True)], ends


def _laws(laws: Sequence[DaysLaw]) -> tuple[Any, Any]:
    first, end = _ends([len(law.days) for law in laws])
    spread = [math.sqrt(math.log1p(law.cv * law.cv)) for law in laws]
    log_mean = [math.log(law.mean) if law.law == "lognormal" else 0.0 for law in laws]
    rows = table(
        t.DAYS_LAW,
        law=[Days[law.law.upper()] for law in laws],
        first_point=first,
        end_point=end,
        mean_days=[law.mean for law in laws],
        mu=[mean - 0.5 * sigma * sigma for mean, sigma in zip(log_mean, spread, strict=True)],
        sigma=spread,
        longest=[law.longest for law in laws],
    )
    points = table(
        t.LAW_POINT,
        days=[days for law in laws for days in law.days],
        cumulative=[total for law in laws for total in _cumulated(law.probabilities)],
    )
    return rows, points


def _cumulated(probabilities: Sequence[float]) -> list[float]:
    """Return the running sums, the last of them out of reach of a uniform."""
    sums = list(accumulate(probabilities))
    return [*sums[:-1], math.inf] if sums else []


def _calendar_days(fund: BridgeFund) -> float:
    """Return the days that the calendar of a fund's uses spans; its order is right with any."""
    law = fund.days
    mean = math.fsum(d * p for d, p in zip(law.days, law.probabilities, strict=True)) or law.mean
    return min(MEANS_OF_CALENDAR * mean, fund.longest_use) or 1.0


def _funds(
    scheme: Scheme, line: Mapping[Line, int], account: Mapping[str, int], laws: Sequence[DaysLaw]
) -> Any:
    funds = scheme.bridges
    first_size, end_size = _ends([len(fund.sizes) for fund in funds])
    first_tier, end_tier = _ends([len(fund.fee) for fund in funds])
    direct = [fund.requests for fund in funds]
    first_amount, end_amount = _ends([0 if r is None else len(r.amounts) for r in direct])
    warm_up = [0.0 if r is None else r.warm_up_days for r in direct]

    def to(kind: str, target: str) -> list[int]:
        return [line[Line(source=fund.party, target=target, kind=kind)] for fund in funds]

    def back(kind: str) -> list[int]:
        return [line[Line(source=FIRMS, target=fund.party, kind=kind)] for fund in funds]

    return table(
        t.FUND,
        number=range(len(funds)),
        account=[account[fund.party] for fund in funds],
        loan_line=to("bridge_loan", FIRMS),
        return_line=back("bridge_return"),
        fee_line=back("bridge_fee"),
        recovery_line=back("bridge_recovery"),
        cost_line=to("bridge_cost", OUTSIDE),
        warm_up_line=[
            line.get(Line(source=OUTSIDE, target=fund.party, kind="warm_up"), NO) for fund in funds
        ],
        queue=[Queue[fund.queue.upper()] for fund in funds],
        law=[laws.index(fund.days) for fund in funds],
        recovery_lag=[fund.recovery_lag for fund in funds],
        recapitalise=[fund.recapitalise for fund in funds],
        last_month=[fund.end(scheme) for fund in funds],
        warm_up_months=[math.ceil(days / DAYS_PER_MONTH) for days in warm_up],
        serves=[r is None for r in direct],
        first_size=first_size,
        end_size=end_size,
        first_tier=first_tier,
        end_tier=end_tier,
        first_amount=first_amount,
        end_amount=end_amount,
        share=[fund.share_financed for fund in funds],
        cap=[fund.cap_per_firm for fund in funds],
        own_money=[fund.most_own_money for fund in funds],
        least=[0.0 if r is None else r.amounts[0] for r in direct],
        deadline=[fund.deadline_days for fund in funds],
        not_threshold=[_score(fund.not_renewed, fund.not_renewed_rho) for fund in funds],
        not_sensitivity=[_sensitivity(fund.not_renewed_rho) for fund in funds],
        lgd=[fund.lgd for fund in funds],
        fee_free=[fund.fee_free_days for fund in funds],
        cost_monthly=[fund.running_cost_annual / 12.0 for fund in funds],
        cost_share=[fund.running_cost_share for fund in funds],
        breaker_threshold=[fund.breaker_threshold for fund in funds],
        breaker_reset=[fund.breaker_reset for fund in funds],
        month_end_days=[fund.month_end_days for fund in funds],
        month_end_times=[fund.month_end_times for fund in funds],
        per_day=[0.0 if r is None else r.per_day for r in direct],
        warm_up_days=warm_up,
        calendar_days=[_calendar_days(fund) for fund in funds],
        entity=[entity(f"bridge.{fund.name}") for fund in funds],
    )


def _shortages(scheme: Scheme, laws: Sequence[DaysLaw]) -> tuple[Any, NDArray[np.float64]]:
    """Return what is fixed of short firms by segment, and the score of each policy year."""
    short = [s.shortage for s, _ in segment_rows(scheme)]
    private = [None if s is None else s.private_days for s in short]
    rows = table(
        t.SHORTAGE,
        private_law=[NO if law is None else laws.index(law) for law in private],
        sensitivity=[0.0 if s is None else _sensitivity(s.rho) for s in short],
        default_if_unserved=[0.0 if s is None else s.default_if_unserved for s in short],
        private_fee=[0.0 if s is None else s.private_fee_per_day for s in short],
    )
    years = -(-scheme.window.total // 12)
    scores = [
        [-math.inf if s is None else _score(s.in_year(year), s.rho) for s in short] for year in range(years)
    ]
    return rows, np.array(scores, dtype=np.float64).reshape(years, len(short))


def _slice(segment: Segment, band: int) -> tuple[float, float]:
    """Return where the slice of probabilities that a band stands for begins, and its width."""
    probabilities = [b.probability for b in segment.bands]
    return math.fsum(probabilities[:band]), probabilities[band]


def _classes(scheme: Scheme, classes: Sequence[LoanClass]) -> Any:
    row = {c.name: position for position, c in enumerate(classes)}
    fund = {f.name: position for position, f in enumerate(scheme.bridges)}
    served = [fund_of(scheme, c.facility.name) for c in classes]

    def relend(c: LoanClass, own: int, server: BridgeFund | None) -> int:
        facility, segment, band, _ = c.name
        return (
            own
            if server is None
            else row.get((facility, segment, band, server.name), row[facility, segment, band, ""])
        )

    laws = [c.segment.sizes for c in classes]
    return table(
        t.CLASS_BRIDGE,
        fund=[NO if f is None else fund[f.name] for f in served],
        relend=[relend(c, own, f) for own, (c, f) in enumerate(zip(classes, served, strict=True))],
        shortage=[c.segment.shortage is not None for c in classes],
        low=[_slice(c.segment, c.band)[0] for c in classes],
        width=[_slice(c.segment, c.band)[1] for c in classes],
        mu=[0.0 if law is None else law.mu for law in laws],
        sigma=[0.0 if law is None else law.sigma for law in laws],
        cap=[math.inf if law is None else law.cap for law in laws],
    )


def _amounts(scheme: Scheme) -> Any:
    rows = [
        (amount, total, next(k for k, size in enumerate(fund.sizes) if amount <= size.up_to))
        for fund in scheme.bridges
        if fund.requests is not None
        for amount, total in zip(fund.requests.amounts, _cumulated(fund.requests.probabilities), strict=True)
    ]
    return table(
        t.DIRECT,
        size_row=[size for _, _, size in rows],
        amount=[amount for amount, _, _ in rows],
        cumulative=[total for _, total, _ in rows],
    )


def pack_bridges(scheme: Scheme, line: Mapping[Line, int], account: Mapping[str, int]) -> BridgeTables:
    """Return the tables of bridge funds and short firms."""
    laws = _laws_of(scheme)
    law_rows, points = _laws(laws)
    shortages, scores = _shortages(scheme, laws)
    funds = scheme.bridges
    return BridgeTables(
        funds=_funds(scheme, line, account, laws),
        shortages=shortages,
        short_scores=scores,
        classes=_classes(scheme, classes_of(scheme)),
        laws=law_rows,
        points=points,
        tiers=table(
            t.FEE_TIER,
            to_days=[tier.to_days for fund in funds for tier in fund.fee],
            per_day=[tier.per_day for fund in funds for tier in fund.fee],
        ),
        sizes=table(t.SIZE_POINT, up_to=[size.up_to for fund in funds for size in fund.sizes]),
        amounts=_amounts(scheme),
        seasonality=np.array(
            [(1.0,) * 12 if f.requests is None else f.requests.seasonality or (1.0,) * 12 for f in funds],
            dtype=np.float64,
        ).reshape(len(funds), 12),
        active=np.int64(bool(funds) or any(s.shortage is not None for s in scheme.segments)),
        first_calendar=np.int64(scheme.window.month - 1),
    )


def bridge_memory(
    tables: Any, n_books: int, n_totals: int, room: int, log: int, windows: Windows
) -> BridgeMemory:
    """Return the memory of the funds of one thread.

    Args:
        tables: the packed scheme.
        n_books: books of loans.
        n_totals: records of a path.
        room: requests of a fund that can be kept at once, a power of two.
        log: rows of the log.
        windows: makes windows on one vector.
    """
    funds = tables.bridges.funds
    n = funds.size
    n_classes = tables.classes.size
    n_columns = int(tables.classes.end_column.max(initial=0))
    months = int(tables.window.total) + int(funds.warm_up_months.max(initial=0))
    buckets = max(FEWEST_BUCKETS, BUCKETS_PER_SLOT * room)
    vector, own = windows(
        {
            "work": (t.BRIDGE_WORK, (n,)),
            "requests": (t.REQUEST, (n, room)),
            "free": (np.dtype(np.int64), (n, room)),
            "waiting": (np.dtype(np.int64), (n, room)),
            "links": (t.LINK, (n, room)),
            "calendars": (t.CALENDAR, (n, 2)),
            "buckets": (t.BUCKET, (n, 2, buckets)),
            "busy": (np.dtype(np.uint64), (n, 2, buckets // BITS)),
            "recovering": (np.dtype(np.float64), (n, months)),
        }
    )
    active = bool(tables.bridges.active)
    return BridgeMemory(
        vector=vector,
        **own,
        drawn=np.zeros((n, DRAWN_AT_ONCE), dtype=t.DRAWN).view(np.recarray),
        saved=np.zeros(vector.size),
        saved_totals=np.zeros(n_totals if n else 0),
        lost=np.zeros(n_columns if active else 0, dtype=np.int64),
        private=np.zeros(n_classes if active else 0, dtype=np.int64),
        relent=np.zeros(n_classes if active else 0, dtype=np.int64),
        repaid=np.zeros(n_classes if active else 0, dtype=np.int64),
        private_cost=np.zeros(n_books if active else 0),
        log=np.zeros(log, dtype=t.LOG).view(np.recarray),
        log_state=np.zeros(2, dtype=np.int64),
        full=np.zeros(1, dtype=np.int64),
    )
