"""How much social money an equity fund mobilises by yuan of government's, committed, called and invested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fundsim.metrics.declared import metric
from fundsim.metrics.equity_facts import EquityFacts
from fundsim.metrics.formulas import divided, minus, plus, ratio
from fundsim.scheme import About, Formula, Metric

__all__ = ["KINDS_OF_MONEY", "Mobilised", "mobilised_metrics", "ratios_of"]

KINDS_OF_MONEY = (
    ("committed", "committed", "认缴"),
    ("called", "called", "实缴"),
    ("invested", "invested", "投资"),
)
"""Money of which a ratio is reported, in English and Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mobilised:
    """Money of one kind, and in which words its ratios are reported."""

    about: About
    money: tuple[str, str, str]
    """One of ``KINDS_OF_MONEY``."""
    social: Formula
    public: Formula
    """Money of who holds the public stake."""
    planned: float
    """What was planned of it [yuan]."""
    whose: str
    whose_zh: str
    through: tuple[str, str] = ("", "")
    """What is said after it in English and Chinese, where it looks through sub-funds."""

    @property
    def ending(self) -> str:
        """How names end; the bare name is that of the money that came."""
        return "" if self.money[0] == "called" else f"_{self.money[0]}"


def mobilised_metrics(fund: EquityFacts) -> Iterator[Metric]:
    """Yield social money, and all money, by the planned public money and by its own of that kind."""
    for money in KINDS_OF_MONEY:
        if fund.paced and money[0] == "invested":  # the same as called
            continue
        social, public = _parts(fund, money[0])
        yield from ratios_of(
            Mobilised(
                about=fund.about,
                money=money,
                social=social,
                public=public,
                planned=fund.planned,
                whose=fund.holder.own,
                whose_zh=fund.holder.chinese,
            )
        )


def _parts(fund: EquityFacts, money: str) -> tuple[Formula, Formula]:
    """Return social and public money of a kind."""
    if money == "invested":
        social = fund.of("invested_social")
        return social, minus(fund.of("invested"), social)
    return fund.of(f"{money}_social"), fund.of(f"{money}_government")


def ratios_of(one: Mobilised) -> Iterator[Metric]:
    """Yield the ratios of money of one kind."""
    _, english, chinese = one.money
    ending, whose, whose_zh = one.ending, one.whose, one.whose_zh
    through, through_zh = one.through
    whole = plus(one.social, one.public)
    yield metric(
        one.about,
        f"mobilised_ratio{ending}",
        "times",
        f"Social money {english} ÷ {whose} planned money{through}",
        f"社会资本{chinese}额÷{whose_zh}计划出资{through_zh}",
        divided(one.social, one.planned),
        "headline mobilised",
    )
    yield metric(
        one.about,
        f"magnification{ending}",
        "times",
        f"All money {english}, {whose} included ÷ {whose} planned money{through}",
        f"{chinese}总额（含{whose_zh}）÷{whose_zh}计划出资{through_zh}",
        divided(whole, one.planned),
    )
    yield metric(
        one.about,
        f"mobilised_ratio{ending}_own",
        "times",
        f"Social money {english} ÷ {whose} money {english}{through}; missing where that is 0",
        f"社会资本{chinese}额÷{whose_zh}{chinese}额{through_zh}",
        ratio(one.social, one.public),
    )
    yield metric(
        one.about,
        f"magnification{ending}_own",
        "times",
        f"All money {english} ÷ {whose} money {english}{through}; missing where that is 0",
        f"{chinese}总额÷{whose_zh}{chinese}额{through_zh}",
        ratio(whole, one.public),
    )
