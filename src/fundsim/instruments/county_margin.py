"""County risk margins (风险保证金): one margin for each county, fed by city and county, not fungible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from fundsim.instruments.covered_lending import FundedLending
from fundsim.instruments.funding import FundMoney, OnLine, treasury_of
from fundsim.instruments.lending import OpeningStock
from fundsim.instruments.part import Context, Kind, Part, joined
from fundsim.instruments.programme import covered, fund_of, programme_of
from fundsim.metrics.counties import county_metrics, total_metrics
from fundsim.metrics.payer_words import RISK_MARGIN
from fundsim.scenario.term import Term, TermFault, exactly_one, term
from fundsim.scheme import Injection, Party
from fundsim.units import Money, Months, Multiple, YearMonth

__all__ = ["KIND", "County", "CountyMargin"]


class County(Term):
    """One county, district or zone: what the city gives it and what it adds."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    match: Multiple = term(meaning="County money per yuan of city money", zh="县级配套比例")
    weight: Multiple | None = term(
        None, gt=0, meaning="Weight by which the city's money is split", zh="切块权重"
    )
    amount: Money | None = term(None, gt=0, meaning="City money, where it is known", zh="市级资金")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one of weight and amount."""
        given = {"weight": self.weight is not None, "amount": self.amount is not None}
        yield from exactly_one("a county", "每个县区", given)


class SharedStock(OpeningStock):
    """Loans on the books before the first month, which the counties share: an amount, or a number."""

    tape: ClassVar[None] = None  # type: ignore[misc]
    tape_sheet: ClassVar[None] = None  # type: ignore[misc]
    tape_unit: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        "tape": (
            "does not say to which county a loan belongs",
            "give the stock as an amount, or write an instrument for each county",
            "未说明每笔贷款属于哪个县区",
            "请以 amount 给出存量，或为每个县区各写一个工具",
        )
    }


class CountyMargin(OnLine, FundedLending):
    """Risk margins of counties, districts and zones, each for its own loans only (风险保证金).

    The city splits its money over the counties and each adds its own in proportion (`match`). Every county
    has a margin, a bank and a lending limit of its own; no margin pays for another, so one may run dry while
    others are full. The terms of lending, caps and breaker are stated once and hold for each margin by
    itself. Demand and opening stock are split in proportion to the margins; running cost too.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset({"bank", "counties"})

    opening_stock: SharedStock | None = term(None, meaning="Loans at the start", zh="期初存量贷款")
    city_money: Money | None = term(
        None, gt=0, meaning="City money that is split by weight over the counties", zh="市级专项资金"
    )
    counties: Mapping[str, County] = term(
        min_length=1, meaning="The counties by name", zh="县（市、区）和开发区"
    )
    paid: YearMonth | None = term(
        None, meaning="Month in which the city pays; left out, before the first month", zh="市级拨付年月"
    )
    match_lag: Months = term(0, le=36, meaning="Months by which the counties pay later", zh="县级配套时滞")

    @property
    def draws(self) -> bool:
        """Whether the city pays in the window, and not before it."""
        return self.paid is not None

    @property
    def lending_parts(self) -> tuple[str, ...]:
        """The counties: each lends by itself."""
        return tuple(self.counties)

    def faults_split(self, context: Any) -> Iterator[TermFault]:
        """Require the sum that weights split, and nothing to split where amounts are given."""
        weighted = any(county.weight is not None for county in self.counties.values())
        if weighted and self.city_money is None:
            yield TermFault(
                ("city_money",),
                "is missing, and counties have a weight in it",
                "write city_money, or an amount for each county",
                "缺少该项，而县区写了切块权重",
                "请写 city_money，或为每个县区写 amount",
            )
        if weighted and any(county.amount is not None for county in self.counties.values()):
            yield TermFault(
                ("counties",),
                "some counties have a weight and some an amount",
                "give all a weight, or all an amount",
                "有的县区写 weight，有的写 amount",
                "请统一写 weight 或统一写 amount",
            )
        if not weighted and self.city_money is not None:
            yield TermFault(
                ("city_money",),
                "splits nothing: every county has its amount",
                "leave it out, or give weights",
                "无可切块：每个县区都写了 amount",
                "请删去本项，或改写 weight",
            )

    def faults_dates(self, context: Any) -> Iterator[TermFault]:
        """Require the payments of city and counties to lie in the window."""
        window = context.window
        if self.paid is None:
            if self.match_lag:
                yield TermFault(
                    ("match_lag",),
                    "counts from the city's payment, whose month is not said",
                    "write paid, or leave it out",
                    "自市级拨付起算，而未写拨付年月",
                    "请写 paid，或删去本项",
                )
            return
        first = self.paid.months_since(window.start)
        for key, month in (("paid", first), ("match_lag", first + self.match_lag)):
            if not 0 <= month < window.months:
                yield TermFault(
                    (key,),
                    f"the payment lies outside the policy window ({window.start} … {window.end})",
                    "choose a month of the window",
                    f"拨付不在政策期（{window.start} 至 {window.end}）内",
                    "请改为政策期内的年月",
                )
                return

    def city_share(self, county: County) -> float:
        """Return what the city gives one county [yuan]."""
        if county.amount is not None:
            return county.amount
        total = math.fsum(c.weight or 0.0 for c in self.counties.values())
        return (self.city_money or 0.0) * (county.weight or 0.0) / total

    def margin(self, county: County) -> float:
        """Return city and county money of one margin [yuan]."""
        return self.city_share(county) * (1.0 + county.match)


def _money(fund: str, treasury: str, terms: CountyMargin, county: County, context: Context) -> FundMoney:
    """Return what city and county pay into one margin, and when."""
    if terms.paid is None:
        return FundMoney(opening=terms.margin(county))
    month = terms.paid.months_since(context.window.start)
    city = terms.city_share(county)
    return FundMoney(
        injections=(
            Injection(source=treasury_of(terms.line), target=fund, month=month, amount=city),
            Injection(
                source=treasury,
                target=fund,
                month=month + terms.match_lag,
                amount=city * county.match,
                kind="match",
                follows=True,
            ),
        )
    )


def _county(name: str, key: str, terms: CountyMargin, context: Context, carried: float) -> tuple[Part, float]:
    """Return one county's margin, and what its opening loans leave of the stated stock.

    A margin is a party, a facility, a contract and a limit.
    """
    county = terms.counties[key]
    part = terms.margin(county) / math.fsum(map(terms.margin, terms.counties.values()))
    own = terms.model_copy(update={"running_cost": part * terms.running_cost})
    fund = f"{name}.{key}"
    bank = f"{terms.lender or f'{name}.bank'}.{key}"
    programme = programme_of(name, own, context, of=key, lender=bank, part=part, carried=carried)
    money = _money(fund, f"{name}.counties", terms, county, context)
    return covered(programme, fund_of(programme, money, called=RISK_MARGIN)), programme.opening_left


def lower(name: str, terms: CountyMargin, context: Context) -> Part:
    """Lower the margins: for each county one party, one facility, one contract, one limit."""
    parts = {}
    carried = 0.0
    for key in terms.counties:
        parts[key], carried = _county(name, key, terms, context, carried)
    treasury = Part(
        parties=(Party(name=f"{name}.counties", limited=False, public=True),) if terms.paid else ()
    )
    whole = joined(treasury, *parts.values())
    counties = [part.metrics for part in parts.values()]
    return replace(whole, metrics=(*total_metrics(name, whole, counties), *county_metrics(counties)))


KIND = Kind(
    name="county_margin",
    meaning="Risk margins of counties and zones, one each, not fungible",
    meaning_zh="县区风险保证金（各县区专用，不得调剂）",
    terms=CountyMargin,
    lower=lower,
)
