"""Emergency bridge funds (应急转贷): revolving public money, lent for days when a loan falls due."""

from __future__ import annotations

import math

from fundsim.instruments.bridge_blocks import Requests
from fundsim.instruments.bridge_terms import BridgeFund
from fundsim.instruments.days import mean_days
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Kind, Part
from fundsim.metrics.bridge import BridgeFacts, bridge_metrics
from fundsim.metrics.bridge_sizes import size_words
from fundsim.scheme import BridgeFund as Fund
from fundsim.scheme import DirectRequests, FeeTier, Party, RequestSize, Segment

__all__ = ["KIND", "BridgeFund"]

REPORT_SIZES = (1e6, 2e6, 5e6, 1e7)
"""Sizes [yuan] by which the requests of a lending instrument's firms are reported, and above."""


def _sizes(terms: BridgeFund) -> tuple[RequestSize, ...]:
    """Return the sizes by which requests are reported; the last has no end."""
    if terms.report_sizes:
        ends = terms.report_sizes
    elif terms.requests is not None:
        ends = tuple(terms.requests.law)[:-1]
    else:
        ends = REPORT_SIZES
    return tuple(RequestSize(up_to=end) for end in (*ends, math.inf))


def _direct(requests: Requests | None) -> DirectRequests | None:
    """Return requests of the fund's own; their seasons have the mean 1."""
    if requests is None:
        return None
    whole = math.fsum(requests.seasonality)
    return DirectRequests(
        per_day=requests.per_day,
        amounts=tuple(requests.law),
        probabilities=tuple(requests.law.values()),
        seasonality=tuple(12 * weight / whole for weight in requests.seasonality),
        warm_up_days=requests.warm_up_days,
    )


def _bridged(terms: BridgeFund, facilities: tuple[str, ...], context: Context) -> tuple[Segment, ...]:
    """Return the segments of those that may ask, as which a loan lives that the fund has bridged."""
    if terms.evergreening == 1.0:
        return ()
    asks = {b.segment for f in context.facilities if f.name in facilities for b in f.borrowers}
    after = {
        name: context.riskier(name, terms.evergreening)
        for name, segment in context.segments.items()
        if name in asks and segment.shortage is not None
    }
    # A PD of 0 is the same whatever the multiple.
    return tuple(segment for name, segment in after.items() if segment != context.segments[name])


def _fund(name: str, terms: BridgeFund, context: Context) -> Fund:
    """Return the fund in calendar days."""
    unit = terms.unit
    facilities = tuple(
        facility.name
        for served in terms.serves
        for facility in context.facilities
        if served in (facility.about.name, facility.about.instrument)
    )
    ends = [math.inf if tier.to_days is None else unit * tier.to_days for tier in terms.fee]
    breaker, month_end = terms.breaker, terms.month_end
    return Fund(
        name=name,
        party=name,
        facilities=facilities,
        requests=_direct(terms.requests),
        sizes=_sizes(terms),
        share_financed=terms.share_financed,
        cap_per_firm=math.inf if terms.cap_per_firm is None else terms.cap_per_firm,
        own_money_max=terms.own_money_max,
        queue=terms.queue,
        deadline_days=unit * terms.deadline_days,
        days=terms.law,
        not_renewed=terms.not_renewed,
        not_renewed_rho=terms.not_renewed_rho,
        lgd=terms.lgd or 0.0,
        recovery_lag=terms.recovery_lag or 1,
        fee=tuple(FeeTier(to_days=e, per_day=t.per_day) for e, t in zip(ends, terms.fee, strict=True)),
        fee_free_days=unit * terms.fee_free_days,
        recapitalise=terms.recapitalise,
        running_cost_annual=terms.running_cost,
        running_cost_share=terms.running_cost_share,
        breaker_threshold=math.inf if breaker is None else breaker.threshold,
        breaker_reset=0.0 if breaker is None else breaker.reset,
        month_end_days=0.0 if month_end is None else month_end.days,
        month_end_times=1.0 if month_end is None else month_end.times,
        bridged=_bridged(terms, facilities, context),
    )


def _facts(fund: Fund, context: Context) -> BridgeFacts:
    """Return what the fund's metrics depend on."""
    served = [facility for facility in context.facilities if facility.name in fund.facilities]
    asking = [
        (f.name, b.segment)
        for f in served
        for b in f.borrowers
        if context.segments[b.segment].shortage is not None
    ]
    costs = {_private_cost(fund, context.segments[segment]) for _, segment in asking}
    amounts = () if fund.requests is None else fund.requests.amounts
    return BridgeFacts(
        name=fund.name,
        sizes=size_words([size.up_to for size in fund.sizes], amounts),
        serves=bool(fund.facilities),
        asking=tuple(asking),
        breaker=not math.isinf(fund.breaker_threshold),
        evergreening=bool(fund.bridged),
        private_cost=costs.pop() if len(costs) == 1 else None,
    )


def _private_cost(fund: Fund, segment: Segment) -> float:
    """Return the mean cost of a private bridge per yuan."""
    shortage = segment.shortage
    if shortage is None:
        return 0.0
    return shortage.private_fee_per_day * mean_days(shortage.private_days or fund.days)


def lower(name: str, terms: BridgeFund, context: Context) -> Part:
    """Lower it: one party, its money, and the fund."""
    fund = _fund(name, terms, context)
    money = money_of(name, terms, context)
    return Part(
        # Not limited: when all is out, the running cost is paid all the same.
        parties=(Party(name=name, opening=money.opening, limited=False, public=True),),
        injections=money.injections,
        bridges=(fund,),
        metrics=bridge_metrics(_facts(fund, context)),
    )


KIND = Kind(
    name="bridge_fund",
    meaning="Emergency bridge fund that lends for days when a loan falls due",
    meaning_zh="应急转贷资金",
    terms=BridgeFund,
    lower=lower,
    after_lending=True,
)
