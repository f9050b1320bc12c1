"""Caps on the size of a loan by tier of borrower, checked against what the segments borrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from fundsim.amounts import amount_text
from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.units import Money

__all__ = ["Tier", "faults_of_cap", "faults_of_tiers"]


class Tier(Term):
    """Borrowers of one standing, and the largest loan that the rules allow them."""

    names_parts: ClassVar[bool] = False

    cap: Money = term(gt=0, meaning="Largest loan of this tier", zh="贷款额度上限")
    segments: tuple[str, ...] = term(min_length=1, meaning="Segments of this tier", zh="所含分组")


def faults_of_cap(path: tuple[str | int, ...], cap: float, segment: str, context: Any) -> Iterator[TermFault]:
    """Refuse a cap that loans of a segment can exceed: the segment's own ``loan.cap`` must say so."""
    loan = context.segments[segment].loan
    largest = loan.mean if loan.cv == 0 else loan.cap
    allowed = amount_text(cap)
    if largest is None:
        yield TermFault(
            path,
            f"is {allowed} yuan, but the loans of segment {segment} have no cap",
            f"write segments.{segment}.loan.cap: {allowed}",
            f"为 {allowed}元，而分组 {segment} 的贷款没有上限",
            f"请写 segments.{segment}.loan.cap: {allowed}",
        )
    elif largest > cap:
        reached = amount_text(largest)
        yield TermFault(
            path,
            f"is {allowed} yuan, but segment {segment} has loans of up to {reached} yuan",
            f"write {reached} or more, or lower segments.{segment}.loan",
            f"为 {allowed}元，而分组 {segment} 的贷款可达 {reached}元",
            f"请写不小于 {reached} 的金额，或调低 segments.{segment}.loan",
        )


def faults_of_tiers(
    key: str, tiers: Mapping[str, Tier], borrowers: Mapping[str, float], context: Any
) -> Iterator[TermFault]:
    """Require each borrowing segment in exactly one tier, with loans within its cap."""
    home: dict[str, str] = {}
    for name, tier in tiers.items():
        for index, segment in enumerate(tier.segments):
            path = (key, name, "segments", index)
            if segment not in borrowers:
                yield unknown_name(path, segment, borrowers, "borrower", "借款分组")
            elif segment in home:
                yield TermFault(
                    path,
                    f"stands in two tiers, {home[segment]} and {name}",
                    "keep it in one",
                    f"同时属于 {home[segment]} 与 {name}",
                    "请只保留一处",
                )
            elif segment in context.segments:
                home[segment] = name
                yield from faults_of_cap((key, name, "cap"), tier.cap, segment, context)
    for segment in borrowers:
        if segment in context.segments and all(segment not in tier.segments for tier in tiers.values()):
            yield TermFault(
                (key,),
                f"has no tier for segment {segment}, which borrows",
                "add the segment to a tier",
                f"没有借款分组 {segment} 所属的档次",
                "请将该分组写入某一档次",
            )
