"""Terms of public money beside an equity fund: joined deals, subsidies for risk, grants to firms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from fundsim.amounts import amount_text
from fundsim.instruments.equity_limits import LEFT_OUT
from fundsim.instruments.funding import MoneyIn
from fundsim.scenario.term import TermFault, term, unknown_name
from fundsim.scheme import CoInvestment, Protection, RiskSubsidy
from fundsim.scheme.surroundings import CITY
from fundsim.units import Money, Share

__all__ = ["BesideTerms", "CoInvestmentTerms", "ProtectionTerms", "RiskSubsidyTerms"]


class BesideTerms(MoneyIn):
    """Public money of an account of its own, spent deal by deal; what is left goes back to the city."""

    top_up: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = LEFT_OUT

    opening: Money = term(0.0, meaning="Money in its account at the start", zh="专户期初余额")

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Warn of an account without money."""
        if self.paid_in == 0:
            yield TermFault(
                ("opening",),
                "its account never gets any money, so that nothing is paid from it",
                "give opening or injections",
                "专户没有任何资金来源，不会支付",
                "请写 opening 或 injections",
                warning=True,
            )

    def noun(self, account: str, stages: Sequence[str]) -> CoInvestment | RiskSubsidy | Protection:
        """Return it as the scheme has it.

        Args:
            account: its account.
            stages: names of the fund's stages.
        """
        raise NotImplementedError

    def last_age(self, investment: int, last: int) -> int:
        """Return the month from the fund's start after which nothing more is paid from it.

        Args:
            investment: months of the fund's investment period.
            last: the fund's last month, from its start.
        """
        return self.noun("", ()).last_age(investment, last)

    def misfits(self, key: str, largest_deal: float, stages: Sequence[str]) -> Iterator[TermFault]:
        """Yield what does not fit the fund.

        Args:
            key: its key in the fund.
            largest_deal: cost that no deal of the fund exceeds [yuan].
            stages: names of the fund's stages.
        """
        yield from ()


class StagedTerms(BesideTerms):
    """Money for the deals of some stages."""

    stages: tuple[str, ...] | None = term(
        None, min_length=1, meaning="Stages whose deals it is for; left out, all of them", zh="适用阶段"
    )

    def faults_twice(self, context: Any) -> Iterator[TermFault]:
        """Refuse a stage that is listed twice."""
        named = self.stages or ()
        for index, name in enumerate(named):
            if name in named[:index]:
                yield TermFault(
                    ("stages", index),
                    f"{name} is there twice",
                    "keep one",
                    f"{name} 重复出现",
                    "请只保留一项",
                )

    def misfits(self, key: str, largest_deal: float, stages: Sequence[str]) -> Iterator[TermFault]:
        """Refuse stages that the fund does not have."""
        for index, name in enumerate(self.stages or ()):
            if stages and name not in stages:  # that the fund has no stages at all is reported there
                yield unknown_name((key, "stages", index), name, stages, "stage", "投资阶段")


class CoInvestmentTerms(BesideTerms):
    """Co-investment (跟进投资): government joins each deal of the fund, and has the same multiple."""

    share: Share = term(gt=0, meaning="Government's part, as a share of the deal's cost", zh="跟投比例")
    cap: Money | None = term(None, gt=0, meaning="Most for a deal", zh="单个项目跟投上限")

    def noun(self, account: str, stages: Sequence[str]) -> CoInvestment:
        """Return it as the scheme has it."""
        return CoInvestment(account=account, treasury=CITY, share=self.share, cap=_cap(self.cap))

    def misfits(self, key: str, largest_deal: float, stages: Sequence[str]) -> Iterator[TermFault]:
        """Warn of a cap that is never reached."""
        yield from _idle_cap(key, self, largest_deal)


class RiskSubsidyTerms(StagedTerms):
    """Risk subsidy (风险补助): a share of what the fund invests, or loses, in firms of some stages."""

    base: Literal["cost", "loss"] = term(
        meaning="A share of the deal's cost, when it is made (cost), or of its loss, when it ends (loss)",
        zh="补助基数（cost 按投资额，loss 按损失额）",
    )
    share: Share = term(gt=0, meaning="Part of cost or loss that is paid", zh="补助比例")
    cap: Money | None = term(None, gt=0, meaning="Most for a deal", zh="单个项目补助上限")

    def noun(self, account: str, stages: Sequence[str]) -> RiskSubsidy:
        """Return it as the scheme has it."""
        return RiskSubsidy(
            account=account,
            treasury=CITY,
            base=self.base,
            share=self.share,
            cap=_cap(self.cap),
            stages=frozenset(self.stages or stages),
        )

    def misfits(self, key: str, largest_deal: float, stages: Sequence[str]) -> Iterator[TermFault]:
        """Refuse stages that the fund does not have; warn of a cap that is never reached."""
        yield from super().misfits(key, largest_deal, stages)
        yield from _idle_cap(key, self, largest_deal)


class ProtectionTerms(StagedTerms):
    """Investment protection (投资保障): grants to the firms of deals, with the deal and a year later."""

    before: Money = term(
        0.0, meaning="Grant to the firm in the month of the deal", zh="投资当月资助（每个项目）"
    )
    after: Money = term(
        0.0,
        meaning="Grant to the firm twelve months later, if the deal has not ended",
        zh="投资满一年资助（每个项目）",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require a grant."""
        if self.before == 0 and self.after == 0:
            yield TermFault(
                (),
                "grants nothing: before and after are both 0",
                "write before, after, or both",
                "资助额为零：before 与 after 均为 0",
                "请写 before、after 或两者",
            )

    def noun(self, account: str, stages: Sequence[str]) -> Protection:
        """Return it as the scheme has it."""
        return Protection(
            account=account,
            treasury=CITY,
            before=self.before,
            after=self.after,
            stages=frozenset(self.stages or stages),
        )


def _cap(cap: float | None) -> float:
    return math.inf if cap is None else cap


def _idle_cap(
    key: str, terms: CoInvestmentTerms | RiskSubsidyTerms, largest_deal: float
) -> Iterator[TermFault]:
    """Warn of a cap that not even the largest deal reaches."""
    most = min(terms.share * largest_deal, terms.paid_in)
    if terms.cap is not None and 0.0 < most <= terms.cap:
        text = amount_text(round(most, 2))
        yield TermFault(
            (key, "cap"),
            f"never binds: without it a deal is given at most {text} yuan",
            "write less, or leave it out",
            f"从不起作用：没有上限时每个项目最多也只有 {text}元",
            "请写更小的金额，或删去本项",
            warning=True,
        )
