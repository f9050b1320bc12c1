"""What the terms of firms, lenders and bridge funds must agree on, once all of them are lowered."""

from __future__ import annotations

from fundsim.instruments import Part
from fundsim.lowering.refusals import Refusals, Refused
from fundsim.scenario import ScenarioTerms

__all__ = ["refuse_private_bridges"]


def refuse_private_bridges(terms: ScenarioTerms, whole: Part, refusals: Refusals) -> None:
    """Refuse private bridges that cost by the day and last nobody knows how long.

    Without ``private_days`` they last as those of the bridge fund that serves the firm, if one does.

    Args:
        terms: the scenario.
        whole: all instruments, lowered.
        refusals: collects what is refused.
    """
    served = {facility for fund in whole.bridges for facility in fund.facilities}
    for name, segment in terms.segments.items():
        costs = segment.short > 0 and segment.private_fee_per_day > 0 and segment.unserved_default < 1
        if not costs or segment.private_days is not None:
            continue
        alone = [
            facility.name
            for facility in whole.facilities
            if facility.name not in served and any(b.segment == name for b in facility.borrowers)
        ]
        if alone:
            with refusals.of("segments", name):
                raise Refused(
                    f"a private bridge costs by the day, and no bridge fund serves {alone[0]}, whose law of "
                    "days would hold",
                    "write private_days: {law: …, mean: …}",
                    f"民间过桥按日计费，而 {alone[0]} 没有转贷资金，无法沿用其天数",
                    "请写 private_days: {law: …, mean: …}",
                    at=("private_days",),
                )
