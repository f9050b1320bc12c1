"""Talent loans (人才贷): credit to talents and their firms with risk compensation."""

from __future__ import annotations

from fundsim.instruments.part import Kind
from fundsim.instruments.tiered_fund import TieredFund, lower_tiered

__all__ = ["KIND", "TalentLoan"]


class TalentLoan(TieredFund):
    """Unsecured credit to recognised talents and the firms they lead, with risk compensation (人才贷).

    The fund pays the bank its share of each loss. Other levels of government, such as the province, may
    return to it a part of what it paid, some months later; they take the same part of its recoveries. The
    tiers are the classes of talents: each has its largest loan, and its segments' loans must keep within it.
    """


KIND = Kind(
    name="talent_loan",
    meaning="Talent loans with risk compensation",
    meaning_zh="人才贷（含风险补偿）",
    terms=TalentLoan,
    lower=lower_tiered,
)
