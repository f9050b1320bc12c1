"""Terms of an equity fund's deals: sizes, stages with two clocks each, and what exits bring."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from fundsim.scenario.term import Item, Term, TermFault, exactly_one, term
from fundsim.scheme import equity_laws as laws
from fundsim.units import AnnualRate, Money, Multiple, Number, Share, Years

__all__ = ["BuyBack", "ClockTerms", "DealTerms", "ExitTerms", "MultipleLaw", "StageTerms", "faults_of_stages"]

NEVER = laws.Clock(shape=1.0, scale=math.inf)


class DealTerms(Term):
    """The law of the sizes of deals: lognormal, or fixed when cv is 0."""

    mean: Money = term(gt=0, meaning="Mean cost of a deal", zh="单个项目平均投资额")
    cv: Multiple = term(
        0.0, le=10, meaning="Standard deviation of the cost divided by its mean", zh="变异系数"
    )


class ClockTerms(Term):
    """A Weibull law of the years from a deal: cumulated hazard (years ÷ scale) ^ shape."""

    shape: Number = term(1.0, gt=0, le=20, meaning="Shape; above 1 the hazard grows with age", zh="形状参数")
    scale: Years = term(
        gt=0,
        meaning="Scale: 63.2 % have come after so many years, if nothing else ends the deal",
        zh="尺度参数（年）",
    )

    @property
    def law(self) -> laws.Clock:
        """The law of the scheme."""
        return laws.Clock(shape=self.shape, scale=self.scale)


class MultipleLaw(Term):
    """A lognormal multiple of the cost."""

    mean: Multiple = term(gt=0, le=1000, meaning="Mean multiple of the cost", zh="平均回报倍数")
    cv: Multiple = term(gt=0, le=10, meaning="Standard deviation divided by the mean", zh="变异系数")


class BuyBack(Term):
    """The firm or its founders buy the stake back at cost with interest, as far as they can pay."""

    rate: AnnualRate = term(0.0, meaning="Interest on the cost, compounded by the year", zh="回购年利率")
    collectability: Share = term(1.0, meaning="Part of the price that is collected", zh="回购履约比例")


ExitMultiple = Annotated[Multiple, Field(le=1000)]


class ExitTerms(Item):
    """A category of exits, such as buy-back, trade sale, listing."""

    probability: Share = term(meaning="Share of the stage's exits, in average times", zh="占退出的比例")
    multiple: ExitMultiple | MultipleLaw | None = term(
        None, meaning="Proceeds ÷ cost: a number, or a lognormal law", zh="回报倍数"
    )
    buy_back: BuyBack | None = term(None, meaning="Buy-back at cost with interest instead", zh="回购条款")

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one way to say what it brings."""
        given = {"multiple": self.multiple is not None, "buy_back": self.buy_back is not None}
        yield from exactly_one("an exit", "每类退出", given)

    @property
    def law(self) -> laws.Multiple:
        """The law of its multiple."""
        if self.buy_back is not None:
            back = self.buy_back
            return laws.Multiple(law="buy_back", rate=back.rate, collectability=back.collectability)
        if isinstance(self.multiple, MultipleLaw):
            return laws.Multiple(law="lognormal", value=self.multiple.mean, cv=self.multiple.cv)
        return laws.Multiple(law="fixed", value=self.multiple or 0.0)


class StageTerms(Term):
    """Deals of one stage of a firm's life: exit and failure, of which the first to come decides."""

    names_parts: ClassVar[bool] = False

    share: Share = term(1.0, meaning="Share of the number of deals", zh="项目数占比")
    exit: ClockTerms | None = term(
        None, meaning="When deals are sold; left out, not before the fund ends", zh="退出时间分布"
    )
    failure: ClockTerms | None = term(
        None, meaning="When deals fail and return nothing; left out, never", zh="失败时间分布"
    )
    exits: tuple[ExitTerms, ...] = term(
        (),
        max_length=20,
        meaning="Categories of exits, from the one that bad times bring to that of good times; compulsory "
        "if there is exit",
        zh="退出方式（由差年景到好年景排列）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require categories of exits where deals are sold, and that they make the whole."""
        if self.exit is None:
            if self.exits:
                yield TermFault(
                    ("exits",),
                    "is there, and exit is not: no deal is sold before the fund ends",
                    "write exit: {shape: …, scale: …}, or leave exits out",
                    "有 exits 而没有 exit，基金到期前不会退出",
                    "请写 exit: {shape: …, scale: …}，或删去 exits",
                )
            return
        if not self.exits:
            yield TermFault(
                ("exits",),
                "is missing: what a deal brings when it is sold",
                "write exits: [{probability: 1, multiple: …}]",
                "缺少该项：退出时的回报",
                "请写 exits: [{probability: 1, multiple: …}]",
            )
            return
        total = math.fsum(one.probability for one in self.exits)
        if abs(total - 1.0) > 1e-9:
            yield TermFault(
                ("exits",),
                f"the probabilities sum to {total:g}, not to 1",
                "let them sum to 100%",
                f"概率合计为 {total:g}，不等于 1",
                "请使其合计为 100%",
            )

    def law(self, name: str) -> laws.Stage:
        """Return the stage of the scheme; without exits its clock of exits never rings."""
        exits = [
            laws.Exit(name=one.name or f"exit_{place}", probability=one.probability, multiple=one.law)
            for place, one in enumerate(self.exits, 1)
        ]
        return laws.Stage(
            name=name,
            share=self.share,
            exit=NEVER if self.exit is None else self.exit.law,
            failure=NEVER if self.failure is None else self.failure.law,
            exits=tuple(exits) or (NO_EXIT,),
        )


NO_EXIT = laws.Exit(name="none", probability=1.0, multiple=laws.Multiple(law="fixed"))


def faults_of_stages(stages: Mapping[str, StageTerms]) -> Iterator[TermFault]:
    """Require shares of the stages that make the whole."""
    total = math.fsum(stage.share for stage in stages.values())
    if abs(total - 1.0) > 1e-9:
        yield TermFault(
            ("stages",),
            f"the shares sum to {total:g}, not to 1",
            "let them sum to 100%",
            f"占比合计为 {total:g}，不等于 1",
            "请使其合计为 100%",
        )
