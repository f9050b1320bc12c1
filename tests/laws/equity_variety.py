"""Funds of funds, money beside a fund, and pacing by rates, for the random schemes of equity funds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from fundsim.scheme import (
    CoInvestment,
    EquityFund,
    Injection,
    Pacing,
    Party,
    Protection,
    Raising,
    RiskSubsidy,
    Scheme,
    Window,
)

from .choices import Choices, chance, pick, share

__all__ = ["accounts_of", "beside_injections", "family_of", "varied"]

MakeFund = Callable[[Choices, Scheme, str], EquityFund]
MakeRaising = Callable[[Choices, int], Raising]


def varied(
    choose: Choices, scheme: Scheme, funds: tuple[EquityFund, ...], make: MakeFund, raise_by: MakeRaising
) -> tuple[EquityFund, ...]:
    """Return the funds with some that are paced, some with money beside them, and perhaps a family.

    Args:
        choose: where choices come from; all of these come after those of the funds.
        scheme: what they live in.
        funds: funds with deals, of which none has a parent.
        make: makes one more of them.
        raise_by: makes a law of raising for a life of so many months.
    """
    funds = tuple(_moded(choose, fund) for fund in funds)
    if not chance(choose, 35):
        return funds
    subs = [_moded(choose, make(choose, scheme, f"sub_{k}")) for k in range(choose.whole(1, 3))]
    parent = _parent(choose, scheme.window, subs, make(choose, scheme, "parent"), raise_by)
    subs = [replace(sub, parent="parent", custody=parent.party, treasury=parent.party) for sub in subs]
    family = (parent, *subs) if chance(choose, 50) else (*subs, parent)
    return (*funds, *family) if chance(choose, 50) else (*family, *funds)


def _moded(choose: Choices, fund: EquityFund) -> EquityFund:
    if chance(choose, 20):
        return _paced(choose, fund)
    if chance(choose, 60):
        return fund
    names = [stage.name for stage in fund.stages]
    cap = pick(choose, (math.inf, 0.5 * fund.deal_size))
    joint = CoInvestment(
        account=f"{fund.name}.joint",
        treasury="treasury",
        share=share(choose, 0.05, 1.5),
        cap=pick(choose, (math.inf, 0.3 * fund.deal_size)),
    )
    subsidy = RiskSubsidy(
        account=f"{fund.name}.subsidy",
        treasury="treasury",
        base=pick(choose, ("loss", "cost")),
        share=share(choose, 0.05, 1.0),
        cap=cap,
        stages=frozenset(names[: choose.whole(1, len(names))]),
    )
    before, after = pick(choose, ((0.02, 0.05), (0.03, 0.0), (0.0, 0.1)))
    protection = Protection(
        account=f"{fund.name}.grants",
        treasury="treasury",
        before=before * fund.deal_size,
        after=after * fund.deal_size,
        stages=frozenset(names[choose.whole(0, len(names) - 1) :]),
    )
    return replace(
        fund,
        joint=pick(choose, (joint, None)),
        subsidy=pick(choose, (subsidy, subsidy, None)),
        protection=pick(choose, (protection, None)),
    )


def _paced(choose: Choices, fund: EquityFund) -> EquityFund:
    life = 12 * max(1, math.ceil(fund.life / 12))
    return replace(
        fund,
        pacing=Pacing(
            calls=tuple(share(choose, 0.1, 1.0) for _ in range(choose.whole(1, 3))),
            growth=pick(choose, (0.13, 0.0, -0.2)),
            bow=pick(choose, (2.5, 0.5, 1.0)),
            least_yield=pick(choose, (0.0, 0.15)),
        ),
        life=life,
        investment=life,
        extension=0,
        deal_size=0.0,
        deal_cv=0.0,
        stages=(),
        local_share=0.0,
        fee_rate=0.0,
        fund_cost=0.0,
        recycling=0.0,
    )


def _parent(
    choose: Choices, window: Window, subs: list[EquityFund], plain: EquityFund, raise_by: MakeRaising
) -> EquityFund:
    """Return a fund that lives around some others, and makes no deals."""
    start = choose.whole(0, min(sub.start for sub in subs))
    last = max(sub.last for sub in subs) + pick(choose, (0, choose.whole(0, 6)))
    months = last + 1 - start
    extension = pick(choose, (0, choose.whole(0, min(12, months - 1))))
    life = months - extension
    return replace(
        plain,
        name="parent",
        start=start,
        life=life,
        extension=extension,
        investment=choose.whole(1, life),
        planned=plain.planned,
        raising=raise_by(choose, life) if plain.social_target else None,
        concession=None if plain.concession is None or life < 12 else plain.concession,
        deal_size=0.0,
        deal_cv=0.0,
        stages=(),
        local_share=0.0,
    )


def accounts_of(choose: Choices, fund: EquityFund) -> list[Party]:
    """Return the accounts that are a fund's alone."""
    accounts = [Party(name=fund.party)]
    if fund.parent is None:
        opening = pick(choose, (0.0, 0.0, 0.3)) * fund.planned
        accounts.append(Party(name=fund.custody, public=True, opening=opening))
    return accounts + [
        Party(name=money.account, public=True, opening=pick(choose, (0.0, 0.1)) * fund.planned)
        for money in fund.beside
    ]


def beside_injections(choose: Choices, window: Window, fund: EquityFund) -> list[Injection]:
    """Return what is paid into the accounts beside a fund: little, or more than is asked for."""
    return [
        Injection(
            source="treasury",
            target=money.account,
            month=choose.whole(0, window.months - 1),
            amount=pick(choose, (0.02, 0.2, 20.0)) * fund.planned,
        )
        for money in fund.beside
        for _ in range(choose.whole(0, 2))
    ]


def family_of(scheme: Scheme, fund: EquityFund) -> tuple[EquityFund, ...]:
    """Return a fund with its parent and all its kin, in the order of the scheme."""
    head = fund.parent or fund.name
    return tuple(f for f in scheme.equity_funds if head in (f.name, f.parent))
