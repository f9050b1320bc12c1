"""Schemes without chance: every default is certain or impossible, so both engines must agree to a fen.

A statistical comparison sees a rule that is wrong only through its noise; here there is none.  Each
scheme is drawn from its number, over every feature that lending has; what came later than the pools is
added in ``certain_features``.
"""

from __future__ import annotations

import math
from dataclasses import replace

from numpy.random import PCG64, Generator

from fundsim.scheme import (
    Band,
    Borrowers,
    Breaker,
    Capacity,
    Contract,
    Demand,
    Economy,
    Facility,
    Injection,
    Lgd,
    MarginRefund,
    OpeningLoans,
    Party,
    Payment,
    RecoveryPart,
    Scheme,
    Segment,
    TopUp,
    Window,
)
from fundsim.verify.certain_features import with_features

__all__ = ["certain_scheme"]

CERTAIN_PD = 1.0 - 1e-15
"""With all hazard held back to a maturity nine months on, a loan survives with probability 6e-12."""

PAYERS = ("alpha", "beta", "gamma", "delta")
"""Contracts of one insured run through these in this order, so that an order of settlement exists."""


def certain_scheme(number: int) -> Scheme:
    """Return the certain scheme of a number.

    Args:
        number: 0 or more; the same number always gives the same scheme.

    >>> certain_scheme(3) == certain_scheme(3)
    True
    """
    random = Generator(PCG64(number))
    window = Window(year=2015, month=1, months=_whole(random, 9, 30), run_off=_whole(random, 0, 20))
    segments = tuple(_segment(random, name) for name in ("sound", "doomed", "brittle"))
    facilities = tuple(
        _facility(random, name, segments, window) for name in ("north", "south")[: _whole(random, 1, 2)]
    )
    parties = tuple(_party(random, name) for name in PAYERS)
    contracts = tuple(contract for f in facilities for contract in _contracts(random, f.name))
    scheme = Scheme(
        window=window,
        economy=Economy(step_months=12, persistence=0.0),
        segments=segments,
        parties=(
            *parties,
            *(Party(name=n, limited=False) for n in ("bank", "treasury", "firms", "outside")),
        ),
        facilities=facilities,
        capacities=_capacities(random),
        contracts=contracts,
        breakers=_breakers(random, facilities),
    )
    return with_features(random, _with_cash_rules(random, scheme), PAYERS)


def _whole(random: Generator, low: int, high: int) -> int:
    """Return a whole number from low to high, both included."""
    return int(random.integers(low, high + 1))


def _chance(random: Generator, probability: float) -> bool:
    return bool(random.random() < probability)


def _amount(random: Generator, low: float, high: float) -> float:
    """Return an amount to the fen, so that ties with thresholds do not happen [yuan]."""
    return round(float(random.uniform(low, high)), 2)


def _segment(random: Generator, name: str) -> Segment:
    """Return a segment whose loans never default (sound), always at maturity (doomed), or if stopped."""
    doomed = name == "doomed"
    n_bands = _whole(random, 1, 3)
    weights = random.dirichlet([3.0] * n_bands).tolist()
    principals = sorted({_amount(random, 10.0, 400.0) for _ in range(n_bands)})
    return Segment(
        name=name,
        sector=None,
        city_weight=1.0,
        pd_annual=CERTAIN_PD if doomed else 0.0,
        rho=0.0,
        maturity_share=1.0 if doomed else 0.0,
        lgd=Lgd(mean=round(float(random.uniform(0.1, 1.0)), 3)),
        term_months=_whole(random, 9, 12) if doomed else _whole(random, 1, 12),
        rate_annual=round(float(random.uniform(0.0, 0.1)), 3),
        bands=tuple(Band(principal=p, probability=w) for p, w in zip(principals, weights, strict=True)),
        renew=1.0 if name == "brittle" or _chance(random, 0.5) else 0.0,
        default_if_not_renewed=1.0 if name == "brittle" else 0.0,
        firms=_whole(random, 20, 60) if _chance(random, 0.3) else None,
    )


def _facility(random: Generator, name: str, segments: tuple[Segment, ...], window: Window) -> Facility:
    shares = random.dirichlet([2.0] * len(segments)).tolist()
    monthly = tuple(
        _amount(random, 100.0, 3000.0) if _chance(random, 0.6) else 0.0 for _ in range(window.months)
    )
    hold: tuple[float, ...] = ()
    if _chance(random, 0.3):
        level = _amount(random, 1000.0, 8000.0)
        hold = tuple(level if month > 6 else math.nan for month in range(window.months))
    first = _whole(random, 1, 8)
    part = round(float(random.uniform(0.2, 0.8)), 2)
    recovery = (
        RecoveryPart(lag_months=first, share=part),
        RecoveryPart(lag_months=first + _whole(random, 1, 10), share=1.0 - part),
    )
    return Facility(
        name=name,
        lender="bank",
        borrowers=tuple(
            Borrowers(segment=s.name, share=share) for s, share in zip(segments, shares, strict=True)
        ),
        demand=Demand(monthly=monthly, hold=hold),
        capacities=("limit",) if _chance(random, 0.7) else (),
        opening=tuple(_opening_loans(random, segments)),
        recovery=recovery if _chance(random, 0.8) else (),
        recovery_cost=round(float(random.uniform(0.0, 0.2)), 3) if _chance(random, 0.5) else 0.0,
        claim_months=_whole(random, 0, 6),
        write_off_months=_whole(random, 4, 24),
        cliff=_chance(random, 0.5),
    )


def _opening_loans(random: Generator, segments: tuple[Segment, ...]) -> list[OpeningLoans]:
    return [
        OpeningLoans(
            segment=segment.name,
            band=_whole(random, 0, len(segment.bands) - 1),
            months_left=_whole(random, 1, segment.term_months),
            n_loans=_whole(random, 1, 12),
        )
        for segment in segments
        for _ in range(_whole(random, 0, 4))
    ]


def _party(random: Generator, name: str) -> Party:
    rich = _chance(random, 0.4)
    opening = _amount(random, 2000.0, 9000.0) if rich else _amount(random, 0.0, 1200.0)
    return Party(name=name, opening=opening, limited=not _chance(random, 0.15), public=True)


def _contracts(random: Generator, facility: str) -> list[Contract]:
    """Return the lender's contracts and some that cover them, payers in their common order."""
    payers = [payer for payer in PAYERS if _chance(random, 0.7)]
    first = [
        replace(_terms(random), name=f"{facility}.{payer}", facility=facility, payer=payer)
        for payer in payers
    ]
    # Along the list claims never fall due earlier: the indemnity can't exceed the loss.
    lags = sorted(contract.claim_lag for contract in first)
    first = [
        replace(contract, trigger_months=0, claim_lag=lag, net=first[0].net)  # all are net, or none is
        for contract, lag in zip(first, lags, strict=True)
    ]
    upstream = []
    for covered in first:
        reinsurers = [payer for payer in PAYERS if payer != covered.payer and _chance(random, 0.3)]
        terms = [_terms(random) for _ in reinsurers]
        later = sorted(contract.claim_lag for contract in terms)
        upstream += [
            replace(
                contract,
                name=f"{covered.name}.{payer}",
                facility=facility,
                payer=payer,
                covers=covered.name,
                basis="principal",
                net=False,
                trigger_months=0,
                claim_lag=lag,
            )
            for contract, payer, lag in zip(terms, reinsurers, later, strict=True)
        ]
    contracts = first + upstream
    return [replace(contract, carry=_may_carry(contract, contracts)) for contract in contracts]


def _may_carry(contract: Contract, others: list[Contract]) -> bool:
    """Return whether a contract that would carry its arrears may: it has no cap and is not covered."""
    caps = (contract.year_limit, contract.limit, contract.cohort_cap_rate)
    covered = any(other.covers == contract.name for other in others)
    return contract.carry and all(math.isinf(cap) for cap in caps) and not covered


def _terms(random: Generator) -> Contract:
    """Return a contract with terms of its own and no names yet."""

    def some(probability: float, low: float, high: float, otherwise: float) -> float:
        return _amount(random, low, high) if _chance(random, probability) else otherwise

    return Contract(
        name="",
        facility="",
        payer="",
        share=round(float(random.uniform(0.1, 1.0)), 3),
        of="original" if _chance(random, 0.3) else "uncovered",
        basis="principal_and_interest" if _chance(random, 0.2) else "principal",
        net=_chance(random, 0.2),
        claim_lag=_whole(random, 0, 6),
        loan_attach=some(0.15, 1.0, 40.0, 0.0),
        loan_limit=some(0.15, 50.0, 300.0, math.inf),
        year_attach=some(0.1, 10.0, 400.0, 0.0),
        year_limit=some(0.2, 200.0, 2000.0, math.inf),
        attach=some(0.1, 10.0, 600.0, 0.0),
        limit=some(0.2, 500.0, 5000.0, math.inf),
        cohort_cap_rate=round(some(0.2, 2.0, 40.0, math.inf) / 100.0, 4),
        cap_on_net=_chance(random, 0.3),
        carry=_chance(random, 0.4),
    )


def _capacities(random: Generator) -> tuple[Capacity, ...]:
    return (
        Capacity(
            name="limit",
            party=PAYERS[_whole(random, 0, 3)],
            basis="balance" if _chance(random, 0.5) else "paid_in",
            multiple=round(float(random.uniform(1.0, 12.0)), 3),
        ),
    )


def _breakers(random: Generator, facilities: tuple[Facility, ...]) -> tuple[Breaker, ...]:
    breakers = []
    for facility in facilities:
        if not _chance(random, 0.6):
            continue
        threshold = round(float(random.uniform(0.05, 0.6)), 4)
        blank = Breaker(
            name=f"{facility.name}.breaker",
            facility=facility.name,
            metric="overdue_rate",
            threshold=threshold,
            reset=round(0.6 * threshold, 4),
            action="stop_new",
        )
        metric = _whole(random, 0, 2)
        if metric == 1:
            blank = replace(blank, metric="npl_ratio")
        if metric == 2:
            lifetime = _chance(random, 0.5)
            party = PAYERS[_whole(random, 0, 3)]
            blank = replace(blank, metric="compensation_ratio", party=party, lifetime=lifetime)
        action = _whole(random, 0, 2)
        if action == 1:
            blank = replace(blank, action="stop_new_and_renewals")
        if action == 2:
            blank = replace(blank, action="terminate")
        breakers.append(blank)
    return tuple(breakers)


def _with_cash_rules(random: Generator, scheme: Scheme) -> Scheme:
    """Add injections, top-ups, interest, running costs, fees and refunds."""
    north = scheme.facilities[0].name
    injections = tuple(
        Injection(
            source="treasury",
            target=PAYERS[_whole(random, 0, 3)],
            month=_whole(random, 0, scheme.window.months - 1),
            amount=_amount(random, 100.0, 2000.0),
        )
        for _ in range(_whole(random, 0, 5))
    )
    below = _amount(random, 100.0, 800.0)
    top_up = TopUp(source="treasury", target="beta", below=below, to=2.0 * below, year_limit=1500.0)
    interest = Payment.interest(party="alpha", payer="bank", rate_annual=0.015)
    cost = Payment.running_cost(party="gamma", payee="outside", amount_annual=120.0)
    fee = Payment.fee(facility=north, payer="firms", payee="alpha", rate=0.01, rate_annual=0.012)
    return replace(
        scheme,
        injections=injections,
        top_ups=(top_up,) if _chance(random, 0.4) else (),
        payments=(
            *((interest,) if _chance(random, 0.5) else ()),
            *((cost,) if _chance(random, 0.4) else ()),
            *((fee,) if _chance(random, 0.6) else ()),
        ),
        margin_refunds=(
            (MarginRefund(facility=north, party="alpha", payee="firms", rate=0.02),)
            if _chance(random, 0.5)
            else ()
        ),
    )
