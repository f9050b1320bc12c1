"""Ladders of recognised firms: once a year recognitions are reviewed, then firms move up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from numpy.random import Generator

from fundsim.reference.clock import Stage
from fundsim.reference.economy import index_of, probability_at
from fundsim.scheme import Ladder, Tier
from fundsim.scheme.happenings import REVIEW_YEARS

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["LadderDesk", "opening_by_year"]


def opening_by_year(n: int) -> dict[int, int]:
    """Return year of recognition → firms of an opening stock, −1 being the year before the first.

    They are spread evenly over the years for which a recognition holds; the youngest take the rest.

    >>> opening_by_year(8)
    {-1: 4, -2: 2, -3: 2}
    """
    each, rest = divmod(n, REVIEW_YEARS)
    return {-age: each + (rest if age == 1 else 0) for age in range(1, REVIEW_YEARS + 1)}


class Firms:
    """The firms of a tier on one path; attributes with the name of a record are that record.

    Args:
        terms: the tier.
    """

    def __init__(self, terms: Tier) -> None:
        self.terms = terms
        self.by_year = opening_by_year(terms.opening)
        """Year of recognition, or of its last renewal → firms."""
        self.entered = 0
        self.renewed = 0
        self.lapsed = 0

    @property
    def n(self) -> int:
        """Firms in the tier."""
        return sum(self.by_year.values())

    def review(self, year: int, random: Generator) -> None:
        """Review the recognitions that end: they lapse, or hold for as long again."""
        reviewed = self.by_year.pop(year - REVIEW_YEARS, 0)
        lapsed = int(random.binomial(reviewed, self.terms.lapse))
        self.lapsed += lapsed
        self.renewed += reviewed - lapsed
        self.by_year[year] = reviewed - lapsed

    def move_out(self, probability: float, random: Generator) -> int:
        """Let each firm leave with a probability; return how many do."""
        movers = {year: int(random.binomial(n, probability)) for year, n in self.by_year.items()}
        for year, n in movers.items():
            self.by_year[year] -= n
        return sum(movers.values())

    def enter(self, n: int, year: int) -> None:
        """Recognise firms that come from outside or from the tier below."""
        self.by_year[year] += n
        self.entered += n


class LadderDesk:
    """All ladders of a path."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._ladders = {
            ladder.name: {tier.name: Firms(tier) for tier in ladder.tiers} for ladder in city.scheme.ladders
        }

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {Stage.POPULATION: self._recognise}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        return {
            Tier.record(f"{ladder}/{name}", record.name): self._gauge(firms, record.name)
            for ladder, tiers in self._ladders.items()
            for name, firms in tiers.items()
            for record in Tier.records
        }

    def _gauge(self, firms: Firms, what: str) -> Callable[[], float]:
        return lambda: float(getattr(firms, what))

    def _recognise(self, month: int) -> None:
        if month >= self._city.policy_months:
            return
        year, months_into = divmod(month, 12)
        for ladder in self._city.scheme.ladders:
            if ladder.recognition_month == months_into:
                tiers = self._ladders[ladder.name]
                for firms in tiers.values():
                    firms.review(year, self._city.random)
                self._move(ladder, tiers, month, year)

    def _move(self, ladder: Ladder, tiers: Mapping[str, Firms], month: int, year: int) -> None:
        """Let firms move up, from the top tier on, so that none moves twice."""
        random = self._city.random
        x = index_of(self._city.factors, ladder.city_weight, ladder.sector)[month]
        for tier in reversed(ladder.tiers):
            probability = probability_at(tier.rate, ladder.rho, -x)
            if tier.below is None:
                movers = int(random.binomial(ladder.candidates, probability))
            else:
                movers = tiers[tier.below].move_out(probability, random)
            tiers[tier.name].enter(movers, year)
