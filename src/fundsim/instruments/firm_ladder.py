"""Ladders of recognised firms (梯度培育): innovative, specialised, little giants; gazelles beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from fundsim.instruments.covered_lending import Titled
from fundsim.instruments.part import Context, Kind, Part
from fundsim.metrics.ladder import ladder_metrics
from fundsim.scenario.common_rules import faults_of_idle_sector
from fundsim.scenario.term import Term, TermFault, idle, term, unknown_name
from fundsim.scheme import Ladder, Tier
from fundsim.units import AnnualRate, Count, Months, Share

__all__ = ["KIND", "FirmLadder", "TierTerms"]


class TierTerms(Term):
    """A tier: firms at the start, how many of the tier below enter a year, how many lapse at a review."""

    title: str | None = term(None, meaning="Name for readers, English", zh="英文名称")
    title_zh: str | None = term(None, meaning="Name for readers, Chinese", zh="中文名称")
    opening: Count = term(meaning="Firms in the tier at the start", zh="期初企业数")
    below: str | None = term(
        None,
        min_length=1,
        meaning="Tier that its firms come from; left out, they come from the candidates",
        zh="上一层级企业来源",
    )
    rate: AnnualRate = term(
        lt=1,
        meaning="Yearly probability that a firm of the tier below, or a candidate, enters",
        zh="年晋级概率",
    )
    lapse: Share = term(
        0.0,
        meaning="Probability that a recognition lapses when it is reviewed, every three years",
        zh="复核未通过概率",
    )


class FirmLadder(Titled):
    """Tiers of recognised firms, each counted in one tier only (梯度培育).

    Once a year recognitions that are three years old are reviewed, then firms move up a tier: more of them
    in good times. Two tiers that both come from the candidates are parallel ladders.
    """

    own_parts: ClassVar[frozenset[str]] = frozenset()

    tiers: Mapping[str, TierTerms] = term(
        min_length=1, max_length=10, meaning="Tiers by name, each after the one below it", zh="层级"
    )
    candidates: Count = term(
        0,
        meaning="Firms from outside that may enter a tier with nothing below it, each year",
        zh="候选企业数",
    )
    rho: Share = term(
        0.0,
        lt=1,
        meaning="Share of the variance behind moves that its index explains",
        zh="晋级与经济的相关度",
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
    recognition_month: Months = term(
        12, ge=1, le=12, unit="month of the budget year", meaning="Month of the review", zh="认定月份"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require each tier to stand after the one below it."""
        known: list[str] = []
        for name, tier in self.tiers.items():
            if tier.below is not None and tier.below not in known:
                if tier.below in self.tiers:
                    yield TermFault(
                        ("tiers", name, "below"),
                        f"{tier.below} stands after this tier, or is this tier",
                        "let each tier stand after the one below it",
                        f"{tier.below} 排在本层级之后，或就是本层级",
                        "请把下一层级写在前面",
                    )
                else:
                    yield unknown_name(
                        ("tiers", name, "below"),
                        tier.below,
                        [n for n in self.tiers if n != name],
                        "tier",
                        "层级",
                    )
            known.append(name)

    def faults_candidates(self, context: Any) -> Iterator[TermFault]:
        """Warn of tiers into which nobody can come, and of candidates who can't come anywhere."""
        from_outside = any(tier.below is None and tier.rate > 0 for tier in self.tiers.values())
        if self.candidates == 0 and from_outside:
            yield TermFault(
                ("candidates",),
                "is 0, so nobody enters the tiers that have none below them",
                "write their number, or rate: 0",
                "为 0，没有下级来源的层级无人可进",
                "请写候选企业数，或写 rate: 0",
                warning=True,
            )
        elif self.candidates > 0 and not from_outside:
            yield idle("candidates", "no tier takes firms from outside", "没有层级从外部认定企业")

    def faults_sector(self, context: Any) -> Iterator[TermFault]:
        """Require a sector where a sector's factor has weight."""
        yield from faults_of_idle_sector(self.sector, self.city_weight)


def lower(name: str, terms: FirmLadder, context: Context) -> Part:
    """Lower it: one ladder."""
    ladder = Ladder(
        name=name,
        tiers=tuple(
            Tier(name=key, opening=tier.opening, rate=tier.rate, below=tier.below, lapse=tier.lapse)
            for key, tier in terms.tiers.items()
        ),
        candidates=terms.candidates,
        rho=terms.rho,
        city_weight=terms.city_weight,
        sector=terms.sector if terms.city_weight < 1 else None,
        recognition_month=terms.recognition_month - 1,
    )
    return Part(ladders=(ladder,), metrics=tuple(ladder_metrics(name, tuple(terms.tiers))))


KIND = Kind(
    name="firm_ladder",
    meaning="Tiers of recognised firms that enter, move up, are reviewed and lapse",
    meaning_zh="优质企业梯度培育",
    terms=FirmLadder,
    lower=lower,
)
