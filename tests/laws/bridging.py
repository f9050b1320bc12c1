"""Short firms, bridge funds for facilities, and funds with requests of their own, for the random schemes."""

from __future__ import annotations

import math
from dataclasses import replace

from fundsim.scheme import (
    BridgeFund,
    DaysLaw,
    DirectRequests,
    Facility,
    FeeTier,
    Injection,
    Party,
    RequestSize,
    Scheme,
    Segment,
    Shortage,
    SizeLaw,
    Window,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH

from .choices import Choices, amount, chance, pick, share

__all__ = ["bridged", "in_window", "terms", "without_bridges"]


def bridged(choose: Choices, scheme: Scheme) -> Scheme:
    """Return the scheme with firms that are short, and with bridge funds, if the choices say so.

    Args:
        choose: where choices come from; all of these come after those of the scheme.
        scheme: a scheme without any; its firms move with the economy, or nothing is added.
    """
    if not scheme.economy.step_months or not chance(choose, 45):
        return scheme
    scheme = replace(scheme, segments=tuple(_short(choose, s) for s in scheme.segments))
    funds = [*_funds(choose, scheme)]
    if chance(choose, 40):
        funds.append(_asked_fund(choose))
    parties = (
        Party(name=f.party, opening=amount(choose, 0, 4000), limited=False, public=True) for f in funds
    )
    scheme = replace(scheme, bridges=tuple(funds), parties=(*scheme.parties, *parties))
    if funds and chance(choose, 50):
        gift = Injection(
            source="treasury",
            target=pick(choose, funds).party,
            month=choose.whole(0, scheme.window.months - 1),
            amount=amount(choose, 50, 900),
        )
        scheme = replace(scheme, injections=(*scheme.injections, gift))
    return in_window(scheme, with_longest_life(scheme))


def in_window(scheme: Scheme, window: Window) -> Scheme:
    """Return the scheme in a window that ends later, without stress in the months that are added."""
    more = window.total - scheme.window.total
    shift = scheme.economy.shift and (*scheme.economy.shift, *[0.0] * more)
    fixed = scheme.economy.fixed and (*scheme.economy.fixed, *[math.nan] * more)
    return replace(scheme, window=window, economy=replace(scheme.economy, shift=shift, fixed=fixed))


def without_bridges(scheme: Scheme) -> Scheme:
    """Return the scheme in which no firm is short and no fund exists."""
    segments = tuple(replace(s, shortage=None, sizes=None) for s in scheme.segments)
    return replace(scheme, segments=segments, bridges=())


def _short(choose: Choices, segment: Segment) -> Segment:
    """Let some firms of a segment be short, if its loans are bullets."""
    if segment.outstanding_share or not chance(choose, 80):
        return segment
    shortage = Shortage(
        probability=pick(choose, (1.0, share(choose, 0.05, 0.6))),
        rho=pick(choose, (0.0, 0.3)),
        trend=pick(choose, (1.0, 0.7)),
        default_if_unserved=pick(choose, (0.0, 0.4, 1.0)),
        private_fee_per_day=pick(choose, (0.0, 0.002)),
        private_days=_days(choose),
    )
    middle = segment.bands[len(segment.bands) // 2].principal
    sizes = SizeLaw(mu=math.log(middle), sigma=0.6, cap=4.0 * middle) if chance(choose, 40) else None
    return replace(segment, shortage=shortage, sizes=sizes)


def _days(choose: Choices) -> DaysLaw:
    mean = amount(choose, 1, 40)
    law = pick(
        choose,
        (
            DaysLaw(law="fixed", mean=mean),
            DaysLaw(law="exponential", mean=mean),
            DaysLaw(law="lognormal", mean=mean, cv=0.7),
            DaysLaw(law="empirical", days=(mean, 2.0 * mean), probabilities=(0.75, 0.25)),
        ),
    )
    longest = 2.0 * mean if chance(choose, 50) or law.law in {"exponential", "lognormal"} else math.inf
    return replace(law, longest=longest)


def _funds(choose: Choices, scheme: Scheme) -> list[BridgeFund]:
    """Return one fund for some of the facilities whose loans are all bullets, or one for each of them."""
    amortise = {s.name for s in scheme.segments if s.outstanding_share}
    bullets = [f for f in scheme.facilities if not any(b.segment in amortise for b in f.borrowers)]
    served = [f for f in bullets if chance(choose, 75)]
    if not served:
        return []
    groups = [served] if chance(choose, 50) else [[facility] for facility in served]
    return [_fund(choose, scheme, group, f"bridge_{k}") for k, group in enumerate(groups)]


def _fund(choose: Choices, scheme: Scheme, served: list[Facility], name: str) -> BridgeFund:
    longest_wait = scheme.window.waiting * DAYS_PER_MONTH
    plain = terms(choose, name)
    ever = chance(choose, 50) and not any(f.tape is not None for f in served)
    return replace(
        plain,
        facilities=tuple(f.name for f in served),
        deadline_days=min(plain.deadline_days, longest_wait),
        share_financed=pick(choose, (1.0, 0.8)),
        cap_per_firm=amount(choose, 50, 400) if chance(choose, 30) else math.inf,
        own_money_max=pick(choose, (None, 0.5)),
        bridged=tuple(_riskier(s) for s in scheme.segments) if ever else (),
    )


def _riskier(segment: Segment) -> Segment:
    """Return the segment as which a loan lives that was bridged."""
    return replace(
        segment,
        pd_annual=min(0.95, 1.8 * segment.pd_annual),
        threshold=None if segment.threshold is None else 0.8 * segment.threshold,
    )


def _asked_fund(choose: Choices) -> BridgeFund:
    weights = [choose.whole(1, 9) for _ in range(12)]
    requests = DirectRequests(
        per_day=share(choose, 0.02, 0.4),
        amounts=(amount(choose, 10, 100), amount(choose, 101, 500)),
        probabilities=(0.75, 0.25),
        seasonality=tuple(12.0 * w / sum(weights) for w in weights) if chance(choose, 50) else (),
        warm_up_days=pick(choose, (0.0, 47.5)),
    )
    return replace(terms(choose, "asked"), requests=requests)


def terms(choose: Choices, name: str) -> BridgeFund:
    """Return a fund for nobody yet."""
    tiers = (FeeTier(to_days=10.0, per_day=0.0004), FeeTier(to_days=math.inf, per_day=0.001))
    return BridgeFund(
        name=name,
        party=name,
        sizes=pick(
            choose, ((RequestSize(up_to=math.inf),), (RequestSize(up_to=150.0), RequestSize(up_to=math.inf)))
        ),
        queue=pick(choose, ("fifo", "fifo_pass", "small_first")),
        deadline_days=pick(choose, (0.0, 3.0, 45.0)),
        days=_days(choose),
        not_renewed=pick(choose, (0.0, 0.2)),
        not_renewed_rho=pick(choose, (0.0, 0.25)),
        lgd=share(choose),
        recovery_lag=choose.whole(1, 5),
        fee=pick(choose, ((), tiers)),
        fee_free_days=pick(choose, (0.0, 2.0)),
        recapitalise=chance(choose, 50),
        running_cost_annual=pick(choose, (0.0, 60.0)),
        running_cost_share=pick(choose, (0.0, 0.3)),
        breaker_threshold=pick(choose, (math.inf, 0.05)),
        breaker_reset=0.02,
        month_end_days=pick(choose, (0.0, 5.0)),
        month_end_times=3.0,
    )
