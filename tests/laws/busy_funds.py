"""Funds with much to do: uses by the thousand, uses that end at one instant, uses of years."""

from __future__ import annotations

import math
from dataclasses import replace

from fundsim.scheme import DaysLaw, DirectRequests, Scheme
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.bridge_schemes import asked_fund

from .bridging import terms
from .choices import Choices, Seeded, chance, pick, share

__all__ = ["busy_scheme"]


def busy_scheme(seed: int) -> Scheme:
    """Return the scheme of a seed: one fund with requests of its own, which many ask."""
    choose = Seeded(seed)
    mean = pick(choose, (0.05, 1.0, 7.5, 10.0, 60.0, 400.0))
    per_day = min(pick(choose, (5.0, 40.0, 300.0, 4000.0)) / mean, 200.0)
    requests = _requests(choose, per_day)
    asked = math.fsum(a * p for a, p in zip(requests.amounts, requests.probabilities, strict=True))
    scheme = asked_fund(
        requests,
        capital=share(choose, 0.2, 1.5) * per_day * mean * asked + 20.0,
        days=_days(choose, mean),
        months=choose.whole(2, 6),
    )
    warm_up = pick(choose, (0.0, 47.5))
    fund = replace(
        terms(choose, "fund"),
        requests=replace(requests, warm_up_days=warm_up),
        days=scheme.bridges[0].days,
    )
    scheme = replace(scheme, bridges=(fund,))
    return replace(scheme, window=with_longest_life(scheme))


def _requests(choose: Choices, per_day: float) -> DirectRequests:
    weights = [choose.whole(1, 9) for _ in range(12)]
    equal = chance(choose, 40)
    return DirectRequests(
        per_day=per_day,
        amounts=(1.0,) if equal else (10.0, 25.01, 400.0),
        probabilities=(1.0,) if equal else (0.6, 0.3, 0.1),
        seasonality=tuple(12.0 * w / sum(weights) for w in weights) if chance(choose, 30) else (),
    )


def _days(choose: Choices, mean: float) -> DaysLaw:
    """Return a law of days; fixed ones end at one instant where uses begin at one."""
    return pick(
        choose,
        (
            DaysLaw(law="exponential", mean=mean),
            DaysLaw(law="fixed", mean=mean),
            DaysLaw(law="lognormal", mean=mean, cv=1.5, longest=20.0 * mean),
            DaysLaw(law="exponential", mean=mean, longest=1.5 * mean),
            DaysLaw(law="empirical", days=(0.1 * mean, 3.0 * mean), probabilities=(0.7, 0.3)),
        ),
    )
