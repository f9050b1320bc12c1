"""Double guarantee (双担保): a credit loan behind two guarantors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fundsim.instruments.covered_lending import CoveredLending
from fundsim.instruments.part import Context, Kind, Part
from fundsim.instruments.payers import Partner, faults_of_shares, partners_of
from fundsim.instruments.programme import covered, lent_by, programme_of
from fundsim.metrics.payer_words import GUARANTOR
from fundsim.scenario.term import TermFault, term

__all__ = ["KIND", "DoubleGuarantee"]


class DoubleGuarantee(CoveredLending):
    """A credit loan without collateral or threshold behind two guarantors (双担保).

    Changzhi's plan promotes it and does not say who the two are, so both are assumptions of the scenario.
    Side by side, each pays its share of the whole loss. In turn, the second pays its share of what the
    first has left, also of what the first could not pay.
    """

    guarantors: Mapping[str, Partner] = term(
        min_length=2, max_length=2, meaning="The two guarantors by name, the first one first", zh="担保方"
    )
    order: Literal["side_by_side", "in_turn"] = term(
        "side_by_side",
        meaning="Whether each pays a share of the whole loss, or the second of what the first left",
        zh="代偿顺序",
    )

    def faults_guarantors(self, context: Any) -> Iterator[TermFault]:
        """Check that two side by side don't cover more than the whole."""
        if self.order == "side_by_side":
            shares = {name: guarantor.share for name, guarantor in self.guarantors.items()}
            yield from faults_of_shares("guarantors", shares, 0.0, "the two guarantors")


def lower(name: str, terms: DoubleGuarantee, context: Context) -> Part:
    """Lower it: one facility and a contract for each guarantor."""
    programme = programme_of(name, terms, context)
    of: Literal["uncovered", "original"] = "original" if terms.order == "side_by_side" else "uncovered"
    return covered(
        programme, lent_by(programme), beside=partners_of(programme, terms.guarantors, of, GUARANTOR)
    )


KIND = Kind(
    name="double_guarantee",
    meaning="Credit loans behind two guarantors",
    meaning_zh="双担保信用贷款",
    terms=DoubleGuarantee,
    lower=lower,
)
