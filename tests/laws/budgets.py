"""Budgets for the random schemes: every option of levels, lines, payments, events, ladders and books."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import (
    Appropriation,
    Band,
    BankBook,
    BetaShare,
    Borrowers,
    BudgetLine,
    Demand,
    Drawn,
    Economy,
    Facility,
    Happening,
    Injection,
    Ladder,
    Level,
    Lgd,
    LinePayment,
    LineRate,
    Nature,
    OpeningLoans,
    Party,
    RecoveryPart,
    Scheme,
    Segment,
    Tier,
    Window,
)
from fundsim.scheme.records import records_of
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import segment, world

from .bridging import in_window
from .choices import Choices, Seeded, amount, chance, pick, share
from .equity import with_equity
from .schemes import random_scheme

__all__ = ["budget_scheme", "seeded", "with_budget"]

LEVELS = ("city", "county", "province")
SURE = 1.0 - 1e-13
EVENTS = frozenset({"n_new", "n_renewed", "n", "entered", "renewed", "n_deals", "n_exited", "n_served"})
"""Last names of records that count events."""


def seeded(seed: int) -> Scheme:
    """Return the scheme of a seed: with certain loans, or every fourth beside any lending."""
    choose = Seeded(seed)
    if seed % 4 == 3:
        return with_budget(choose, random_scheme(choose), certain=False)
    return budget_scheme(choose)


def budget_scheme(choose: Choices) -> Scheme:
    """Return a scheme that both engines draw alike: its loans and the moves of its firms are certain."""
    window = Window(year=2015, month=choose.whole(1, 12), months=choose.whole(3, 50), run_off=0)
    fund = Party(name="fund", public=True, opening=pick(choose, (0.0, 50.0)))
    scheme = Scheme(window=window, economy=_economy(choose, window), parties=world(fund))
    if chance(choose, 70):
        scheme = _with_certain_loans(choose, scheme)
    if chance(choose, 30):
        scheme = with_equity(choose, scheme)
    return with_budget(choose, scheme, certain=True)


def with_budget(choose: Choices, scheme: Scheme, *, certain: bool) -> Scheme:
    """Return a scheme with a budget.

    Args:
        choose: where choices come from; all of these come after those of the scheme.
        scheme: a scheme without a budget.
        certain: whether moves of firms have no chance, so that both engines agree path by path.
    """
    levels = tuple(_level(choose, name) for name in LEVELS[: choose.whole(1, 3)])
    money = amount(choose, 50, 3000)
    names = ("purse", "chest", "vault")[: choose.whole(1, 3)]
    lines = tuple(_line(choose, name, levels, scheme.window, money) for name in names)
    if chance(choose, 25):
        lines += (
            BudgetLine(name="open", party="open", appropriations=(), after_acceptance=chance(choose, 30)),
        )
    parties = (
        *(Party(name=line.party, limited=bool(line.appropriations), public=True) for line in lines),
        *(Party(name=level.name, limited=False, public=True) for level in levels),
    )
    scheme = replace(
        scheme,
        levels=levels,
        budget_lines=lines,
        parties=(*scheme.parties, *parties),
        happenings=tuple(
            _happening(choose, scheme, name) for name in ("listing", "move")[: choose.whole(0, 2)]
        ),
        ladders=(_ladder(choose, scheme, certain=certain),) if chance(choose, 50) else (),
        bank_books=tuple(_book(choose, scheme, name) for name in ("icbc", "abc")[: choose.whole(0, 2)]),
    )
    scheme = _with_injections(choose, scheme, money)
    payments = (_payment(choose, scheme, f"payment_{k}", money) for k in range(choose.whole(1, 6)))
    scheme = replace(scheme, line_payments=tuple(payments))
    return in_window(scheme, with_longest_life(scheme))


def _years(window: Window) -> int:
    return -(-window.months // 12)


def _economy(choose: Choices, window: Window) -> Economy:
    sectors = ("farming", "retail")[: choose.whole(0, 2)]
    bad = choose.whole(0, window.total - 1)
    return Economy(
        step_months=pick(choose, (1, 3, 12)),
        persistence=share(choose, 0.0, 0.95),
        sectors=sectors,
        sector_correlation=tuple(tuple(1.0 if a == b else 0.4 for b in sectors) for a in sectors),
        shift=tuple(-1.5 if abs(t - bad) < 4 else 0.0 for t in range(window.total))
        if chance(choose, 25)
        else (),
    )


def _with_certain_loans(choose: Choices, scheme: Scheme) -> Scheme:
    """Add a facility that lends to firms that never default, and to some that all default at maturity."""
    bands = (Band(principal=100.0, probability=0.75), Band(principal=250.0, probability=0.25))
    plain = replace(segment(pd_annual=1.0 - SURE, rho=0.0, principal=100.0, lgd=0.4), bands=bands)
    term = choose.whole(1, 20)
    sound = replace(plain, name="sound", term_months=term, renew=pick(choose, (0.0, 1.0)))
    if chance(choose, 30):
        sound = replace(sound, outstanding_share=outstanding_share("linear", term, 0.0))
    doomed = replace(
        plain,
        name="doomed",
        term_months=12,
        pd_annual=SURE,
        maturity_share=1.0,
        lgd=Lgd(mean=0.4),
    )
    part = share(choose)
    monthly = tuple(amount(choose, 0, 1500) for _ in range(scheme.window.months))
    facility = Facility(
        name="loans",
        lender="bank",
        borrowers=(Borrowers(segment="sound", share=1.0 - part), Borrowers(segment="doomed", share=part)),
        demand=Demand(monthly=monthly),
        opening=tuple(_opening(choose, one) for one in (sound, doomed) if chance(choose, 50)),
        recovery=(RecoveryPart(lag_months=4, share=1.0),),
        claim_months=choose.whole(0, 4),
    )
    return replace(scheme, segments=(sound, doomed), facilities=(facility,))


def _opening(choose: Choices, of: Segment) -> OpeningLoans:
    return OpeningLoans(
        segment=of.name,
        band=choose.whole(0, 1),
        months_left=choose.whole(1, of.term_months),
        n_loans=choose.whole(1, 9),
    )


def _level(choose: Choices, name: str) -> Level:
    mean = share(choose, 0.1, 0.9)
    drawn = BetaShare(mean=mean, sd=share(choose, 0.1, 0.9) * math.sqrt(mean * (1.0 - mean)))
    return Level(
        name=name,
        paid=pick(choose, (BetaShare(mean=1.0), BetaShare(mean=mean), drawn, drawn)),
        rho=pick(choose, (0.0, 0.4)),
        unpaid=pick(choose, ("lost", "next_year")),
        delay_months=pick(choose, (0, 0, choose.whole(1, 8), choose.whole(9, 30))),
        drawn_as="city" if name != "city" and chance(choose, 30) else "",
    )


def _line(choose: Choices, name: str, levels: Sequence[Level], window: Window, money: float) -> BudgetLine:
    """Return a line with all levels, or with the first."""
    own = pick(choose, (levels[:1], levels, levels[::-1]))
    return BudgetLine(
        name=name,
        party=f"budget.{name}",
        appropriations=tuple(
            Appropriation(
                level=level.name,
                amounts=tuple(pick(choose, (1.0, 0.5, 0.0, 2.0)) * money for _ in range(_years(window))),
            )
            for level in own
        ),
        after_acceptance=chance(choose, 25),
        carry_over=chance(choose, 35),
        pro_rata=chance(choose, 35),
    )


def _sector(choose: Choices, scheme: Scheme) -> tuple[float, str | None]:
    sectors = scheme.economy.sectors
    if sectors and chance(choose, 50):
        return share(choose), pick(choose, sectors)
    return 1.0, None


def _happening(choose: Choices, scheme: Scheme, name: str) -> Happening:
    weight, sector = _sector(choose, scheme)
    return Happening(
        name=name,
        yearly=tuple(amount(choose, 0, 30) for _ in range(_years(scheme.window))),
        beta=pick(choose, (0.0, 0.5, 1.0)),
        city_weight=weight,
        sector=sector,
    )


def _ladder(choose: Choices, scheme: Scheme, *, certain: bool) -> Ladder:
    weight, sector = _sector(choose, scheme)

    def tier(name: str, below: str | None) -> Tier:
        return Tier(
            name=name,
            below=below,
            opening=choose.whole(0, 40),
            rate=pick(choose, (0.0, SURE)) if certain else share(choose, 0.0, 0.9),
            lapse=pick(choose, (0.0, 1.0)) if certain else share(choose),
        )

    tiers = [tier("small", None), tier("middle", "small"), tier("gazelle", None), tier("giant", "middle")]
    return Ladder(
        name="sme",
        tiers=tuple(tiers[: choose.whole(1, 4)]),
        candidates=choose.whole(0, 60),
        rho=0.0 if certain else share(choose, 0.0, 0.8),
        city_weight=weight,
        sector=sector,
        recognition_month=pick(choose, (11, choose.whole(0, 11))),
    )


def _book(choose: Choices, scheme: Scheme, name: str) -> BankBook:
    return BankBook(
        name=name,
        opening=amount(choose, 0, 9000),
        growth=pick(choose, (0.1, 0.0, -0.2)),
        sd=pick(choose, (0.0, 0.1, 0.6)),
        rho=pick(choose, (0.0, 0.5)),
        facilities=tuple(f.name for f in scheme.facilities if chance(choose, 60)),
    )


def _with_injections(choose: Choices, scheme: Scheme, money: float) -> Scheme:
    """Let lines pay some injections of the scheme and some more, and let others follow these."""
    window = scheme.window
    payers = [line.party for line in scheme.budget_lines if not line.after_acceptance]
    drawn = (*scheme.drawn, Drawn(name="budget_lever", low=0.5, high=2.0))

    def moved(injection: Injection) -> Injection:
        from_line = payers and chance(choose, 50) and injection.month < window.months
        return replace(injection, source=pick(choose, payers)) if from_line else injection

    given = tuple(moved(injection) for injection in scheme.injections)
    closed = {fund.party for fund in (*scheme.bridges, *scheme.equity_funds)}
    closed |= {line.party for line in scheme.budget_lines}
    targets = [party.name for party in scheme.parties if party.limited and party.name not in closed]
    more: list[Injection] = []
    for _ in range(choose.whole(0, 3) if payers else 0):
        month = choose.whole(0, window.months - 1)
        lead = Injection(
            source=pick(choose, payers),
            target=pick(choose, targets),
            month=month,
            amount=amount(choose, 0, money),
            drawn=pick(choose, (None, None, "budget_lever")),
        )
        more.append(lead)
        for _ in range(choose.whole(0, 2)):
            month = choose.whole(month, min(month + 3, window.months - 1))
            source = pick(choose, ("treasury", *payers))
            more.append(replace(lead, source=source, month=month, kind="match", follows=True))
    return replace(scheme, injections=(*given, *more), drawn=drawn)


def _payment(choose: Choices, scheme: Scheme, name: str, money: float) -> LinePayment:
    line = pick(choose, scheme.budget_lines)
    terms = pick(choose, _bases(choose, scheme, money))
    return LinePayment(
        **{
            "name": name,
            "line": line.name,
            "payee": "firms",
            "kind": pick(choose, ("subsidy", "award", "expense")),
            "cap_year": pick(choose, (math.inf, math.inf, amount(choose, 0, money))),
            "cap_total": pick(choose, (math.inf, math.inf, amount(choose, 0, 2 * money))),
            "arrears": chance(choose, 50),
            "whole": terms["base"] == "counted" and not line.pro_rata and chance(choose, 60),
            **terms,
        }
    )


def _bases(choose: Choices, scheme: Scheme, money: float) -> list[dict]:
    """Return the terms of a payment on each base that the scheme has."""
    window = scheme.window
    dates = tuple((choose.whole(0, window.months - 1), amount(choose, 0, money)) for _ in range(3))
    found = [{"base": "fixed", "amount": amount(choose, 1, 2 * money)}, {"base": "dated", "dates": dates}]
    lent = [(f.name, b.segment) for f in scheme.facilities for b in f.borrowers]
    if lent:
        some = [pick(choose, lent)] if chance(choose, 50) else lent
        performing = tuple(LineRate(facility=f, segment=s, rate_annual=share(choose)) for f, s in some)
        granted = tuple(replace(one, rate=share(choose, 0.0, 0.3)) for one in performing)
        found += [
            {"base": "performing", "rates": performing},
            {"base": "granted", "rates": granted, "on_renewal": chance(choose, 50)},
        ]
    counting = _counting(scheme)
    if counting:
        events = {pick(choose, counting) for _ in range(choose.whole(1, 3))}
        found.append(
            {"base": "counted", "events": tuple(sorted(events)), "amount": amount(choose, 1, money / 3)}
        )
    if scheme.bank_books:
        book = pick(choose, scheme.bank_books).name
        found.append({"base": "increment", "book": book, "book_rate": share(choose, 0.001, 0.5)})
    return found


def _counting(scheme: Scheme) -> list[str]:
    """Return the records of a scheme that count events."""
    return [
        name
        for name, _, record, _ in records_of(scheme)
        if record.nature is Nature.FLOW and record.name in EVENTS
    ]
