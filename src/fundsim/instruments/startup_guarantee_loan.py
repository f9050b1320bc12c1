"""Start-up guarantee loans (创业担保贷款): small loans behind a public guarantee fund."""

from __future__ import annotations

from typing import ClassVar

from fundsim.instruments.part import Kind
from fundsim.instruments.tiered_fund import TieredFund, lower_tiered
from fundsim.metrics.payer_words import GUARANTEE_FUND, PayerWords

__all__ = ["KIND", "StartupGuaranteeLoan"]


class StartupGuaranteeLoan(TieredFund):
    """Small loans to people and firms that start up, behind a public guarantee fund (创业担保贷款).

    The guarantee fund stands in the bank and pays its share of each loss; `multiple` is how many yuan may be
    outstanding per yuan of it. Counties may bear a part of what the fund paid: they return it some months
    later (`levels`), and take the same part of its recoveries. The tiers carry the rules' caps; Changzhi's
    plan has 10万 for a person, 15万 for graduates in partnership, 20万 for graduates in high technology, 50万
    for a follow-up loan to graduates with five jobs or more, 200万 for a small firm. Whether a borrower has
    the jobs that a tier asks for is not simulated: the segments say who borrows.
    """

    called: ClassVar[PayerWords] = GUARANTEE_FUND


KIND = Kind(
    name="startup_guarantee_loan",
    meaning="Start-up guarantee loans behind a public guarantee fund",
    meaning_zh="创业担保贷款",
    terms=StartupGuaranteeLoan,
    lower=lower_tiered,
)
