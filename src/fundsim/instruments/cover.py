"""Terms of cover that kinds share: when a default becomes a claim, what is paid, when lending stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from fundsim.scenario.term import Term, TermFault, exact, exactly_one, term
from fundsim.scheme import Breaker
from fundsim.units import Count, Money, Months, Share

__all__ = ["BreakerTerms", "Caps", "Trigger", "breakers_of", "faults_of_hysteresis"]


class Trigger(Term):
    """When a default becomes a claim: overdue for some days, non-performing, or finally lost."""

    overdue_days: Count | None = term(
        None, le=3600, unit="days", meaning="Days past due; months of 30 days, rounded up", zh="逾期天数"
    )
    npl: bool | None = term(None, meaning="When classified as non-performing, three months", zh="认定为不良")
    final_loss: Months | None = term(
        None,
        le=120,
        meaning="Months until the loss is final; the claim is net of recovery",
        zh="终损认定时滞",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require exactly one trigger."""
        given = {"overdue_days": self.overdue_days is not None, "npl: true": bool(self.npl)}
        if "final_loss" not in self.left_out:
            given["final_loss"] = self.final_loss is not None
        yield from exactly_one("a trigger", "触发条件", given)

    @property
    def months(self) -> int:
        """Months from default to the trigger."""
        if self.overdue_days is not None:
            return -(-self.overdue_days // 30)
        return 3 if self.final_loss is None else self.final_loss


class Caps(Term):
    """Limits on what a payer pays."""

    loan_attach: Money = term(
        0.0, meaning="Part of each loan's claim that the insured bears first", zh="单笔免赔额"
    )
    loan_limit: Money | None = term(None, gt=0, meaning="Most paid on one loan", zh="单笔补偿上限")
    year_attach: Money = term(
        0.0, meaning="Claims of a policy year that the insured bears first", zh="年度免赔额"
    )
    year_limit: Money | None = term(None, gt=0, meaning="Most paid in one policy year", zh="年度补偿上限")
    attach: Money = term(0.0, meaning="Claims over life that the insured bears first", zh="累计免赔额")
    limit: Money | None = term(None, gt=0, meaning="Most paid over life", zh="累计补偿上限")
    cohort_rate: Share | None = term(
        None,
        meaning="Most paid on the loans of one policy year, per yuan granted in it",
        zh="年度批次代偿率上限",
    )
    cap_on: Literal["gross", "net"] = term(
        "gross", meaning="Whether recoveries restore the caps (net) or not (gross)", zh="上限口径"
    )


class BreakerTerms(Term):
    """Circuit breaker: lending stops while a metric is too high."""

    metric: Literal["overdue_rate", "npl_ratio", "compensation_ratio"] = term(
        meaning="What is watched: overdue or non-performing share, or compensation ÷ paid-in money",
        zh="熔断指标",
    )
    threshold: Share = term(gt=0, meaning="Fires at this value or above", zh="熔断线")
    reset: Share = term(0.0, meaning="Is lifted at this value or below", zh="恢复线")
    action: Literal["stop_new", "stop_new_and_renewals", "terminate"] = term(
        "stop_new", meaning="What stops; terminate is for good", zh="熔断措施"
    )
    lifetime: bool = term(
        False,
        meaning="Whether compensation counts over life instead of the policy year to date",
        zh="累计口径",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require hysteresis: the reset lies below the threshold."""
        yield from faults_of_hysteresis(self.threshold, self.reset)


def faults_of_hysteresis(threshold: float, reset: float) -> Iterator[TermFault]:
    """Require the key ``reset`` of a breaker to lie below its threshold."""
    if reset >= threshold:
        yield TermFault(
            ("reset",),
            f"does not lie below the threshold ({exact(threshold)})",
            f"write less than {exact(threshold)}",
            f"不低于熔断线（{threshold:g}）",
            f"请写小于 {exact(threshold)} 的数",
        )


def breakers_of(name: str, breaker: BreakerTerms | None, party: str) -> tuple[Breaker, ...]:
    """Return the breaker of a facility; compensation is what ``party`` paid ÷ its money paid in."""
    if breaker is None:
        return ()
    return (
        Breaker(
            name=name,
            facility=name,
            metric=breaker.metric,
            threshold=breaker.threshold,
            reset=breaker.reset,
            action=breaker.action,
            party=party if breaker.metric == "compensation_ratio" else None,
            lifetime=breaker.lifetime,
        ),
    )
