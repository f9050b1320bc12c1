"""Equity funds for the random schemes: every option of the noun, alone or beside lending."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from fundsim.scheme import (
    BetaShare,
    CallOption,
    Clock,
    Economy,
    EquityFund,
    ExcessShare,
    Exit,
    Injection,
    Multiple,
    Party,
    Raising,
    Scheme,
    Stage,
    Waterfall,
    Window,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import world

from .bridging import in_window
from .choices import Choices, Seeded, amount, chance, pick, share
from .equity_variety import accounts_of, beside_injections, varied
from .lending_schemes import lending_scheme

__all__ = ["equity_scheme", "seeded", "with_equity", "without_equity"]

LONGEST = 100
"""Months of the longest life here, so that a path takes milliseconds."""


def seeded(seed: int) -> Scheme:
    """Return the scheme of a seed: of equity funds alone, or every fourth beside lending."""
    choose = Seeded(seed)
    if seed % 4 == 3:
        return with_equity(choose, lending_scheme(choose))
    return equity_scheme(choose)


def equity_scheme(choose: Choices) -> Scheme:
    """Return a scheme of equity funds and nothing else."""
    window = Window(year=2015, month=1, months=choose.whole(6, 40), run_off=0)
    scheme = Scheme(window=window, economy=_economy(choose, window), parties=world())
    return with_equity(choose, scheme)


def with_equity(choose: Choices, scheme: Scheme) -> Scheme:
    """Return a scheme with one to three equity funds of its own choice, and perhaps a family of funds.

    Args:
        choose: where choices come from; all of these come after those of the scheme.
        scheme: a scheme without any.
    """
    funds = tuple(_fund(choose, scheme, f"equity_{k}") for k in range(choose.whole(1, 3)))
    funds = varied(choose, scheme, funds, _fund, _raising)
    accounts = [party for fund in funds for party in accounts_of(choose, fund)]
    free = [Party(name=name, limited=False) for name in ("social", "manager")]
    heads = [fund for fund in funds if fund.parent is None]
    paid_in = [i for fund in heads for i in _appropriations(choose, scheme.window, fund)]
    paid_in += [i for fund in funds for i in beside_injections(choose, scheme.window, fund)]
    scheme = replace(
        scheme,
        parties=(*scheme.parties, *accounts, *free),
        injections=(*scheme.injections, *paid_in),
        equity_funds=funds,
    )
    return in_window(scheme, with_longest_life(scheme))


def without_equity(scheme: Scheme) -> Scheme:
    """Return the scheme without its equity funds; their accounts stay."""
    return replace(scheme, equity_funds=())


def _economy(choose: Choices, window: Window) -> Economy:
    sectors = ("farming", "retail", "steel")[: choose.whole(0, 3)]
    common = share(choose, 0.0, 0.9)
    bad = choose.whole(0, window.total - 1)
    stress = tuple(-1.5 if abs(t - bad) < 4 else 0.0 for t in range(window.total))
    named = tuple(-1.0 if abs(t - bad) < 3 else math.nan for t in range(window.total))
    return Economy(
        step_months=pick(choose, (1, 3, 12, 0)),
        persistence=share(choose, 0.0, 0.95),
        sectors=sectors,
        sector_correlation=tuple(tuple(1.0 if a == b else common for b in sectors) for a in sectors),
        start=-share(choose) if chance(choose, 20) else None,
        shift=stress if chance(choose, 25) else (),
        fixed=named if chance(choose, 25) else (),
    )


def _appropriations(choose: Choices, window: Window, fund: EquityFund) -> list[Injection]:
    """Return what is paid into custody: at once, in parts, late, too little, or too much."""
    whole = pick(choose, (1.0, 1.0, 0.7, 1.2)) * fund.planned
    months = sorted(choose.whole(0, window.months - 1) for _ in range(choose.whole(1, 3)))
    if chance(choose, 60):
        months = [min(fund.start, window.months - 1)]
    return [
        Injection(source="treasury", target=fund.custody, month=month, amount=whole / len(months))
        for month in months
    ]


def _fund(choose: Choices, scheme: Scheme, name: str) -> EquityFund:
    start = pick(choose, (0, choose.whole(0, scheme.window.months - 1)))
    life = choose.whole(pick(choose, (24, 24, 24, 2)), LONGEST - 12 - start)
    planned = amount(choose, 500, 5000)
    target = pick(choose, (4.0, 5.0, 1.0, 0.0)) * planned
    size = (planned + target) / choose.whole(1, 60)
    sector = pick(choose, scheme.economy.sectors) if scheme.economy.sectors and chance(choose, 50) else None
    fund = EquityFund(
        name=name,
        party=name,
        custody=f"{name}.custody",
        treasury="treasury",
        partners="social",
        manager="manager",
        start=start,
        life=life,
        extension=pick(choose, (0, choose.whole(0, 12))),
        investment=choose.whole(1, pick(choose, (max(1, life // 3), life))),
        planned=planned,
        social_target=target,
        raising=_raising(choose, life) if target else None,
        call_shortfall=pick(choose, (BetaShare(mean=0.0), BetaShare(mean=0.2), _beta(choose))),
        government_first=target > 0.0 and chance(choose, 30),
        deployment=share(choose, 0.5, 1.0),
        deal_size=size,
        deal_cv=pick(choose, (0.0, 0.6, 1.5)),
        stages=_stages(choose),
        city_weight=1.0 if sector is None else share(choose),
        sector=sector,
        exit_beta=pick(choose, (0.0, 0.3, 1.0)),
        failure_beta=pick(choose, (0.0, 0.4, 1.0)),
        exit_rho=pick(choose, (0.0, 0.2, 0.8)),
        recycling=pick(choose, (0.0, 0.1, 1.0)),
        liquidation_multiple=pick(choose, (0.0, 0.5, 1.3)),
        fee_rate=pick(choose, (0.0, 0.02, 0.1)),
        fund_cost=pick(choose, (0.0, 0.01)) * planned,
        waterfall=_waterfall(choose),
        concession=_concession(choose, life) if target else None,
        mark=pick(choose, ("cost", "expected")),
        local_share=pick(choose, (0.0, 0.6, 1.0)),
    )
    # Few deals a month, however late the fund is set up.
    most = fund.investable(planned + target) / fund.fewest_months / 30.0
    return replace(fund, deal_size=max(size, most))


def _raising(choose: Choices, life: int) -> Raising:
    months = sorted({choose.whole(0, life - 1) for _ in range(choose.whole(1, 4))})
    if chance(choose, 75):
        months = sorted({0, *(month // 4 for month in months)})
    weights = [choose.whole(1, 9) for _ in months]
    return Raising(
        p_full=pick(choose, (0.0, 0.26, 1.0)),
        rest=pick(choose, (BetaShare(mean=share(choose, 0.05, 0.95)), _beta(choose))),
        rho=pick(choose, (0.0, 0.5)),
        closings=tuple((month, w / sum(weights)) for month, w in zip(months, weights, strict=True)),
        minimum_first_close=pick(choose, (0.0, 0.2, 0.5)),
        set_up_months=choose.whole(pick(choose, (life // 2, 0)), life - 1),
    )


def _beta(choose: Choices) -> BetaShare:
    mean = share(choose, 0.1, 0.9)
    return BetaShare(mean=mean, sd=share(choose, 0.1, 0.9) * math.sqrt(mean * (1.0 - mean)))


def _clock(choose: Choices) -> Clock:
    scale = pick(choose, (amount(choose, 0.5, 4), amount(choose, 1, 9), math.inf))
    return Clock(shape=pick(choose, (1.0, 0.7, 2.5)), scale=scale)


def _stages(choose: Choices) -> tuple[Stage, ...]:
    names = ("seed", "start-up", "growth", "buy-out")[: choose.whole(1, 4)]
    weights = [choose.whole(1, 9) for _ in names]
    return tuple(
        Stage(
            name=name,
            share=w / sum(weights),
            exit=_clock(choose),
            failure=_clock(choose),
            exits=_exits(choose),
        )
        for name, w in zip(names, weights, strict=True)
    )


def _exits(choose: Choices) -> tuple[Exit, ...]:
    categories: Sequence[tuple[str, Multiple]] = (
        ("buy-back", Multiple(law="buy_back", rate=0.08, collectability=share(choose, 0.3, 1.0))),
        ("sale", Multiple(law="fixed", value=amount(choose, 0, 5))),
        ("listing", Multiple(law="lognormal", value=amount(choose, 1, 8), cv=amount(choose, 0, 1.5))),
    )
    taken = categories[choose.whole(0, 2) :]
    weights = [choose.whole(1, 9) for _ in taken]
    return tuple(
        Exit(name=name, probability=w / sum(weights), multiple=multiple)
        for (name, multiple), w in zip(taken, weights, strict=True)
    )


def _waterfall(choose: Choices) -> Waterfall:
    carry = pick(choose, (0.0, 0.2, 0.2))
    return Waterfall(
        hurdle=pick(choose, (0.0, 0.06, 0.08)),
        catch_up=pick(choose, (0.0, 0.5, 1.0)),
        carry=carry,
        clawback=chance(choose, 60),
    )


def _concession(choose: Choices, life: int) -> ExcessShare | CallOption | None:
    years = choose.whole(1, max(1, life // 12))
    mark = pick(choose, (1.0, 1.5, 0.6))
    return pick(
        choose,
        (
            None,
            ExcessShare(share=share(choose)),
            ExcessShare(share=1.0),
            CallOption(years=years, benchmark=0.03, option_mark=mark),
        ),
    )
