"""Awards (奖励): an amount for each event, such as a listing or a recognition, from a budget line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.instruments.firm_ladder import FirmLadder
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.spending import Spending, facts_of, faults_of_lenders
from fundsim.metrics.budget import payment_metrics
from fundsim.scenario.budget_years import years_of
from fundsim.scenario.common_rules import faults_of_idle_sector
from fundsim.scenario.term import Term, TermFault, idle, listed, term, unknown_name
from fundsim.scheme import Happening, LinePayment
from fundsim.scheme.records import book_record, happening_record, segment_record, tier_record
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import Money, Multiple, Share

__all__ = ["KIND", "Award", "Happenings", "Recognition"]


class Happenings(Term):
    """Events of the award's own: their number in a year is random, around a mean."""

    yearly: tuple[Multiple, ...] = term(
        min_length=1,
        max_length=10,
        unit="events a year",
        meaning="Mean number by budget year",
        zh="各年度平均次数",
    )
    beta: Multiple = term(
        0.0,
        le=5,
        unit="per standard deviation",
        meaning="How strongly good times bring more: the mean is multiplied by exp(beta X − beta²/2)",
        zh="对经济的敏感度",
    )
    sector: str | None = term(
        None,
        min_length=1,
        meaning="Sector whose factor moves it; compulsory if city_weight is below 1",
        zh="行业",
    )
    city_weight: Share = term(
        1.0, meaning="Share of the variance of its index that the city factor explains", zh="城市因子权重"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require a mean for each budget year."""
        years = years_of(context.window)
        if len(self.yearly) != len(years):
            yield TermFault(
                ("yearly",),
                f"has {len(self.yearly)} numbers, and the window {len(years)} budget years",
                f"write {len(years)} numbers",
                f"有 {len(self.yearly)} 个数，而政策期有 {len(years)} 个预算年度",
                f"请写 {len(years)} 个数",
            )

    def faults_most(self, context: Any) -> Iterator[TermFault]:
        """Refuse more events than are drawn one by one."""
        for index, mean in enumerate(self.yearly):
            if mean > 1200:
                yield TermFault(
                    ("yearly", index),
                    "is more than 100 events a month",
                    "write 1200 or less",
                    "超过每月 100 次",
                    "请写不大于 1200 的数",
                )

    def faults_sector(self, context: Any) -> Iterator[TermFault]:
        """Require a sector where a sector's factor has weight."""
        yield from faults_of_idle_sector(self.sector, self.city_weight)
        if self.city_weight < 1 and self.beta == 0 and self.sector is not None:
            yield idle(
                "sector",
                "beta is 0",
                "beta 为 0",
                "leave it out, and city_weight too",
                "请把本项与 city_weight 一并删去",
            )


class Recognition(Term):
    """Entries into a tier of a ladder of firms, or renewals there."""

    ladder: str = term(min_length=1, meaning="Name of a firm_ladder", zh="梯度培育工具")
    tier: str = term(min_length=1, meaning="Tier of it", zh="层级")
    when: Literal["entry", "renewal", "both"] = term(
        "entry",
        meaning="Whether firms that enter, firms whose recognition is renewed, or both have it",
        zh="奖励时点（entry 首次认定，renewal 复核通过，both 两者）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require a ladder and a tier that there are."""
        known = [name for name, one in context.instruments.items() if isinstance(one, FirmLadder)]
        if self.ladder in context.instruments and not isinstance(context.instruments[self.ladder], Term):
            return  # one that could not be read is reported there
        if self.ladder not in known:
            yield unknown_name(("ladder",), self.ladder, known, "firm_ladder", "梯度培育工具")
            return
        tiers = context.instruments[self.ladder].tiers
        if self.tier not in tiers:
            yield unknown_name(("tier",), self.tier, tiers, "tier", "层级")


class Award(Spending):
    """An amount for each event, paid whole or not at all (奖励、一次性补助).

    The events are the award's own (`happens`: listings, firms founded), firms that enter a tier
    (`recognition`), firms that become eligible (`new_firms_of`) or loans that are granted (`loans_of`).
    """

    amount: Money = term(gt=0, unit="yuan an event", meaning="Award", zh="奖励标准")
    happens: Happenings | None = term(None, meaning="Events of the award's own", zh="事件次数")
    recognition: Recognition | None = term(None, meaning="Entries into a tier of firms", zh="企业认定")
    new_firms_of: str | None = term(
        None,
        min_length=1,
        meaning="Segment whose new firms have it; it needs a population",
        zh="新设企业分组",
    )
    loans_of: tuple[str, ...] = term(
        (),
        max_length=20,
        unit="names of instruments",
        meaning="Instruments whose new loans have it",
        zh="新发放贷款的工具",
    )
    resident_share: Share = term(
        1.0,
        gt=0,
        meaning="Part of the events that count, such as firms resident for twelve months; below 1 the award "
        "is paid in parts",
        zh="符合条件比例（如入驻满12个月）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one sort of events."""
        given = [bool(one) for one in (self.happens, self.recognition, self.new_firms_of, self.loans_of)]
        if sum(given) != 1:
            yield TermFault(
                (),
                "an award has exactly one of happens, recognition, new_firms_of and loans_of",
                "keep one of them" if any(given) else "write one of them",
                "奖励须且只能写 happens、recognition、new_firms_of、loans_of 之一",
                "请只保留其中一个" if any(given) else "请写其中之一",
            )

    def faults_population(self, context: Any) -> Iterator[TermFault]:
        """Require a segment with a population."""
        name = self.new_firms_of
        if name is None:
            return
        moving = [key for key, segment in context.segments.items() if segment.population is not None]
        if name not in context.segments:
            yield unknown_name(
                ("new_firms_of",), name, moving, "segment with a population", "有企业群体的分组"
            )
        elif name not in moving:
            yield TermFault(
                ("new_firms_of",),
                f"{name} has no population, so no firms are new in it",
                "give the segment a population, or name another",
                f"{name} 没有 population，没有新设企业",
                "请为该分组写 population，或写其他分组",
            )

    def faults_loans(self, context: Any) -> Iterator[TermFault]:
        """Require instruments that lend."""
        yield from faults_of_lenders("loans_of", self.loans_of, context)

    def faults_order(self, context: Any) -> Iterator[TermFault]:
        """Refuse whole awards from a line that is shared in proportion, once a line."""
        budget = context.budget
        line = None if budget is None or self.line is None else budget.lines.get(self.line)
        if line is None or line.order != "pro_rata" or self.resident_share < 1:
            return
        whole = _whole_awards(str(self.line), context.instruments)
        if next(iter(whole.values()), None) is not self:
            return
        names, names_zh = listed(list(whole)), "、".join(whole)
        yield TermFault(
            ("line",),
            f"shares its money in proportion, and an award is paid whole or not at all ({names})",
            f"write order: listed in the line {self.line}, or name another one in {names}",
            f"该预算项目按比例支付，而奖励须整笔支付（{names_zh}）",
            f"请在预算项目 {self.line} 中写 order: listed，或在 {names_zh} 中写其他预算项目",
        )


def _whole_awards(line: str, instruments: Mapping[str, Any]) -> dict[str, Award]:
    """Return the awards that a line pays whole, by name; of one that could not be read it isn't known."""
    return {
        name: one
        for name, one in instruments.items()
        if isinstance(one, Award)
        and one.__dict__.get("line") == line
        and one.__dict__.get("resident_share") == 1.0
    }


def _events(name: str, terms: Award, context: Context) -> tuple[str, ...]:
    """Return the records that count the events."""
    if terms.recognition is not None:
        of = terms.recognition
        whats = {"entry": ("entered",), "renewal": ("renewed",), "both": ("entered", "renewed")}[of.when]
        return tuple(tier_record(of.ladder, of.tier, what) for what in whats)
    if terms.new_firms_of is not None:
        return (segment_record(terms.new_firms_of, "entered"),)
    if terms.loans_of:
        return tuple(
            book_record(facility.name, borrowers.segment, "n_new")
            for facility in context.facilities
            if facility.about.instrument in terms.loans_of
            for borrowers in facility.borrowers
        )
    return (happening_record(name, "n"),)


def _happening(name: str, terms: Happenings) -> Happening:
    return Happening(
        name=name,
        yearly=terms.yearly,
        beta=terms.beta,
        city_weight=terms.city_weight,
        sector=terms.sector if terms.city_weight < 1 else None,
    )


def lower(name: str, terms: Award, context: Context) -> Part:
    """Lower it: one payment, and the events of its own."""
    payment = LinePayment(
        name=name,
        line=terms.line_name,
        payee=FIRMS,
        kind="award",
        base="counted",
        events=_events(name, terms, context),
        amount=terms.amount * terms.resident_share,
        cap_year=terms.cap_of_year,
        cap_total=terms.cap_in_all,
        whole=terms.resident_share == 1.0,
        arrears=terms.unpaid == "arrears",
    )
    facts = facts_of(name, terms, (payment,), "Awards", "奖励")
    return Part(
        happenings=() if terms.happens is None else (_happening(name, terms.happens),),
        line_payments=(payment,),
        metrics=tuple(payment_metrics(facts)),
    )


KIND = Kind(
    name="award",
    meaning="An amount for each event: a listing, a recognition, a new firm, a loan",
    meaning_zh="奖励",
    terms=Award,
    lower=lower,
    after_lending=True,
)
