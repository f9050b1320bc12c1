"""Random schemes of lending, over every feature that it can have, small enough to run in milliseconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import (
    Band,
    Borrowers,
    Breaker,
    Capacity,
    Contract,
    Demand,
    Economy,
    Facility,
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

from .bridging import bridged
from .choices import Choices, amount, chance, pick, share
from .features import featured
from .guarantees import dated, guaranteed

PAYERS = ("alpha", "beta", "gamma", "delta")
"""The contracts of one insured run through these in this order, so that an order of settlement exists."""

UNLIMITED = ("bank", "second_bank", "treasury", "firms", "outside")


def lending_scheme(choose: Choices) -> Scheme:
    """Return a scheme of lending made of choices."""
    static = chance(choose, 10)
    window = Window(year=2015, month=1, months=choose.whole(6, 30), run_off=choose.whole(0, 24))
    sectors = ("farming", "retail", "steel")[: choose.whole(0, 3)]
    names = ("micro", "small", "medium")[: choose.whole(1, 3)]
    segments = tuple(_segment(choose, name, sectors, static=static) for name in names)
    facilities = tuple(
        _facility(choose, name, segments, window, static=static)
        for name in ("north", "south", "west")[: choose.whole(1, 3)]
    )
    scheme = Scheme(
        window=window,
        economy=_economy(choose, sectors, window, static=static),
        segments=segments,
        parties=(
            *(_party(choose, name) for name in PAYERS),
            *(Party(name=name, limited=False) for name in UNLIMITED),
        ),
        facilities=facilities,
        capacities=_capacities(choose),
        contracts=tuple(c for f in facilities for c in _contracts(choose, f.name)),
        breakers=tuple(b for f in facilities for b in _breaker(choose, f.name)),
    )
    scheme = _amortising(choose, _with_cash_rules(choose, scheme))
    return bridged(choose, featured(choose, guaranteed(choose, scheme, PAYERS), PAYERS))


def _economy(choose: Choices, sectors: tuple[str, ...], window: Window, *, static: bool) -> Economy:
    common = share(choose, 0.0, 0.9)
    shift: tuple[float, ...] = ()
    fixed: tuple[float, ...] = ()
    if chance(choose, 20):
        bad = choose.whole(0, window.total - 1)
        shift = tuple(-1.5 if abs(t - bad) < 4 else 0.0 for t in range(window.total))
    if chance(choose, 20):
        named = choose.whole(0, window.total - 1)
        fixed = tuple(-1.0 if abs(t - named) < 3 else math.nan for t in range(window.total))
    return Economy(
        step_months=0 if static else pick(choose, (12, 3, 1)),
        persistence=share(choose, 0.0, 0.95),
        sectors=sectors,
        sector_correlation=tuple(tuple(1.0 if a == b else common for b in sectors) for a in sectors),
        start=-share(choose) if chance(choose, 20) else None,
        shift=shift,
        fixed=fixed,
    )


def _segment(choose: Choices, name: str, sectors: Sequence[str], *, static: bool) -> Segment:
    sector = pick(choose, sectors) if sectors and chance(choose, 70) else None
    principals = sorted({amount(choose, 10, 400) for _ in range(choose.whole(1, 3))})
    weights = [choose.whole(1, 9) for _ in principals]
    return Segment(
        name=name,
        sector=sector,
        city_weight=1.0 if sector is None else share(choose),
        pd_annual=share(choose, 0.005, 0.6),
        rho=share(choose, 0.0, 0.4),
        maturity_share=0.0 if static else pick(choose, (0.0, 0.3, 1.0)),
        lgd=Lgd(
            mean=share(choose, 0.2, 0.8),
            sd=pick(choose, (0.0, 0.1, 0.35)),
            factor_correlation=pick(choose, (0.0, 0.3)),
        ),
        term_months=choose.whole(1, 24),
        rate_annual=share(choose, 0.0, 0.1),
        bands=tuple(
            Band(principal=p, probability=w / sum(weights)) for p, w in zip(principals, weights, strict=True)
        ),
        renew=0.0 if static else pick(choose, (0.0, 0.7, 1.0)),
        renew_rho=pick(choose, (0.0, 0.5)),
        default_if_not_renewed=pick(choose, (0.0, 0.4, 1.0)),
        firms=choose.whole(10, 80) if chance(choose, 30) else None,
    )


def _facility(
    choose: Choices, name: str, segments: tuple[Segment, ...], window: Window, *, static: bool
) -> Facility:
    weights = [choose.whole(1, 9) for _ in segments]
    months = 1 if static else window.months
    monthly = [amount(choose, 0, 3000) for _ in range(months)]
    hold: tuple[float, ...] = ()
    if not static and chance(choose, 25):
        level, begin = amount(choose, 1000, 8000), choose.whole(0, 6)
        hold = tuple(level if month >= begin else math.nan for month in range(window.months))
    return Facility(
        name=name,
        lender=pick(choose, ("bank", "second_bank")),
        borrowers=tuple(
            Borrowers(segment=s.name, share=w / sum(weights)) for s, w in zip(segments, weights, strict=True)
        ),
        demand=Demand(monthly=(*monthly, *[0.0] * (window.months - months)), hold=hold),
        capacities=pick(choose, ((), ("limit",), ("limit",))),
        opening=tuple(_opening(choose, segments)),
        recovery=_recovery(choose),
        recovery_cost=share(choose, 0.0, 0.3) if chance(choose, 50) else 0.0,
        claim_months=choose.whole(0, 6),
        write_off_months=choose.whole(1, 24),
        cliff=chance(choose, 40),
    )


def _recovery(choose: Choices) -> tuple[RecoveryPart, ...]:
    first = choose.whole(1, 9)
    part = share(choose, 0.1, 0.9)
    spread = (
        RecoveryPart(lag_months=first, share=part),
        RecoveryPart(lag_months=first + choose.whole(1, 9), share=1.0 - part),
    )
    return pick(choose, ((), (RecoveryPart(lag_months=first, share=1.0),), spread))


def _opening(choose: Choices, segments: tuple[Segment, ...]) -> list[OpeningLoans]:
    return [
        OpeningLoans(
            segment=segment.name,
            band=choose.whole(0, len(segment.bands) - 1),
            months_left=choose.whole(1, segment.term_months),
            n_loans=choose.whole(1, 15),
        )
        for segment in segments
        for _ in range(choose.whole(0, 2))
    ]


def _party(choose: Choices, name: str) -> Party:
    rich = chance(choose, 40)
    opening = amount(choose, 2000, 9000) if rich else amount(choose, 0, 1200)
    return Party(name=name, opening=opening, limited=not chance(choose, 15), public=True)


def _contracts(choose: Choices, facility: str) -> list[Contract]:
    """Return contracts of depth 1, 2 and 3: cover of the lender, of its payers, and of theirs."""
    first = _layer(choose, facility, covers=None, percent=60)
    # A contract that carries its arrears may have neither caps nor a cover of its own.
    second = [c for f in first if not f.carry for c in _layer(choose, facility, covers=f, percent=25)]
    third = [c for s in second if not s.carry for c in _layer(choose, facility, covers=s, percent=20)]
    return [*first, *second, *third]


def _layer(choose: Choices, facility: str, covers: Contract | None, percent: int) -> list[Contract]:
    payers = [p for p in PAYERS if (covers is None or p != covers.payer) and chance(choose, percent)]
    # Along the list claims never fall due earlier: the indemnity can't exceed the loss.
    lags = sorted(choose.whole(0, 5) for _ in payers)
    above = facility if covers is None else covers.name
    terms = [_terms(choose, upstream=covers is not None) for _ in payers]
    return [
        replace(
            own,
            name=f"{above}.{payer}",
            instrument=facility,
            facility=facility,
            payer=payer,
            covers=None if covers is None else covers.name,
            claim_lag=lag,
            net=terms[0].net,  # a lender's contracts are all net, or none is
        )
        for own, payer, lag in zip(terms, payers, lags, strict=True)
    ]


def _terms(choose: Choices, *, upstream: bool) -> Contract:
    """Return a contract with terms of its own and no names yet."""

    def some(percent: int, low: float, high: float, otherwise: float) -> float:
        return amount(choose, low, high) if chance(choose, percent) else otherwise

    contract = Contract(
        name="",
        facility="",
        payer="",
        share=share(choose),
        of="original" if chance(choose, 30) else "uncovered",
        basis="principal_and_interest" if not upstream and chance(choose, 20) else "principal",
        net=not upstream and chance(choose, 20),
        loan_attach=some(15, 1, 40, 0.0),
        loan_limit=some(15, 50, 300, math.inf),
        year_attach=some(10, 10, 400, 0.0),
        year_limit=some(20, 200, 2000, math.inf),
        attach=some(10, 10, 600, 0.0),
        limit=some(20, 500, 5000, math.inf),
        cohort_cap_rate=some(20, 2, 40, math.inf) / 100,
        cap_on_net=chance(choose, 30),
    )
    capped = min(contract.year_limit, contract.limit, contract.cohort_cap_rate) < math.inf
    return replace(contract, carry=not capped and chance(choose, 50))


def _capacities(choose: Choices) -> tuple[Capacity, ...]:
    return (
        Capacity(
            name="limit",
            party=pick(choose, PAYERS),
            basis=pick(choose, ("paid_in", "balance")),
            multiple=amount(choose, 1, 12),
        ),
    )


def _breaker(choose: Choices, facility: str) -> tuple[Breaker, ...]:
    if not chance(choose, 50):
        return ()
    metric = pick(choose, ("overdue_rate", "npl_ratio", "compensation_ratio"))
    threshold = share(choose, 0.02, 0.5)
    return (
        Breaker(
            name=f"{facility}.breaker",
            facility=facility,
            metric=metric,
            threshold=threshold,
            reset=0.6 * threshold,
            action=pick(choose, ("stop_new", "stop_new_and_renewals", "terminate")),
            party=pick(choose, PAYERS) if metric == "compensation_ratio" else None,
            lifetime=chance(choose, 50),
        ),
    )


def _amortising(choose: Choices, scheme: Scheme) -> Scheme:
    """Let some segments repay month by month: by equal parts, by an annuity, or with months of grace."""

    def shares(term: int) -> tuple[float, ...]:
        grace = choose.whole(0, term - 1) if chance(choose, 30) else 0
        if chance(choose, 50):
            return outstanding_share("annuity", term, share(choose, 0.0, 0.2))
        return (1.0,) * grace + outstanding_share("linear", term - grace, 0.0)

    segments = tuple(
        replace(s, outstanding_share=shares(s.term_months), maturity_share=0.0) if chance(choose, 30) else s
        for s in scheme.segments
    )
    return replace(scheme, segments=segments)


def _with_cash_rules(choose: Choices, scheme: Scheme) -> Scheme:
    """Add injections, top-ups, interest, running costs, fees and refunds."""
    facility = pick(choose, [f.name for f in scheme.facilities])
    injections = tuple(dated(choose, scheme.window, PAYERS, 100, 2000) for _ in range(choose.whole(0, 4)))
    below = amount(choose, 100, 800)
    top_up = TopUp(source="treasury", target="beta", below=below, to=2 * below, year_limit=1500.0)
    interest = Payment.interest(party="alpha", payer="bank", rate_annual=0.015)
    cost = Payment.running_cost(party="gamma", payee="outside", amount_annual=120.0)
    fee = Payment.fee(
        facility=facility,
        payer="firms",
        payee=pick(choose, PAYERS),
        rate=0.01,
        rate_annual=0.012,
        on_renewal=chance(choose, 50),
    )
    refund = MarginRefund(facility=facility, party="alpha", payee="firms", rate=0.02)
    return replace(
        scheme,
        injections=injections,
        top_ups=(top_up,) if chance(choose, 40) else (),
        payments=(
            *((interest,) if chance(choose, 50) else ()),
            *((cost,) if chance(choose, 40) else ()),
            *((fee,) if chance(choose, 60) else ()),
        ),
        margin_refunds=(refund,) if chance(choose, 50) else (),
    )
