"""A small kind of instrument and a small scenario to try the language on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fundsim.scenario import Item, Term, term
from fundsim.units import Money, Multiple, Share, YearMonth


class Injection(Item):
    """A dated payment."""

    date: YearMonth = term(meaning="Month", zh="年月")
    amount: Money = term(meaning="Amount", zh="金额")


class Pool(Term):
    """A pool that pays a share of losses."""

    opening: Money = term(meaning="Opening balance", zh="期初余额")
    multiple: Multiple = term(10.0, gt=0, meaning="Leverage", zh="放大倍数")
    share: Share = term(0.5, meaning="Share of the loss that the pool pays", zh="代偿比例")
    borrowers: Mapping[str, Share] = term({}, meaning="Share of the demand by segment", zh="借款分组占比")
    injections: tuple[Injection, ...] = term((), meaning="Dated payments into the pool", zh="注资")
    yearly: tuple[Money, ...] = term((), meaning="Demand by policy year", zh="年度需求")


@dataclass(frozen=True)
class Kind:
    terms: type[Term]


KINDS = {"pool": Kind(Pool)}

BASE = """\
title: Base
sources: {A5: the plan, A16: the census}
window: {start: 2015-01}
segments:
  trade:
    source: A16
    sector: retail
    pd: {value: 3%, low: 1%, high: 6%, source: A5, note: seen}
    rho: 0.1
    lgd: {mean: 0.5, sd: 0.2}
    loan: {mean: 300万}
instruments:
  zhubaodai:
    kind: pool
    source: [A5]
    opening: 2.32亿
    borrowers: {trade: 1}
    injections:
      - {name: first, date: 2015-06, amount: 0.4亿}
      - {name: second, date: 2016-06, amount: 0.45亿}
    yearly: [10亿, 12亿]
"""
