"""What those who pay for losses are called in the meanings of metrics: not every payer is a pool."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "COMPENSATION",
    "COMPENSATION_FUND",
    "GOVERNMENT_FUND",
    "GUARANTEE_FUND",
    "GUARANTOR",
    "INSURER",
    "LEVEL",
    "MARGIN",
    "OPERATOR",
    "PARTNER",
    "POOL",
    "REGUARANTOR",
    "RISK_MARGIN",
    "TECHNOLOGY_POOL",
    "PayerWords",
]


@dataclass(frozen=True, slots=True)
class PayerWords:
    """The noun of a payer in both languages; the English one has its article."""

    english: str
    chinese: str
    institution: bool = False
    """Whether it is somebody who has money, and not a fund, which is money."""

    @property
    def money(self) -> str:
        """What runs dry, in English."""
        return f"{self.english}'s money" if self.institution else self.english

    @property
    def money_zh(self) -> str:
        """What runs dry, in Chinese."""
        return f"{self.chinese}可用资金" if self.institution else self.chinese


POOL = PayerWords("the pool", "资金池")
TECHNOLOGY_POOL = PayerWords("the pool", "风险补偿资金池")
RISK_MARGIN = PayerWords("the risk margin", "风险保证金")
GUARANTEE_FUND = PayerWords("the guarantee fund", "担保基金")
COMPENSATION = PayerWords("the compensation fund", "风险补偿资金")
COMPENSATION_FUND = PayerWords("the guarantor's compensation fund", "担保风险补偿资金")
GOVERNMENT_FUND = PayerWords("the government's fund", "政府风险资金")
MARGIN = PayerWords("the mutual-help money", "助保金")
GUARANTOR = PayerWords("the guarantor", "担保机构", institution=True)
REGUARANTOR = PayerWords("the reguarantor", "再担保机构", institution=True)
INSURER = PayerWords("the insurer", "保险公司", institution=True)
OPERATOR = PayerWords("the operator", "收储处置机构", institution=True)
PARTNER = PayerWords("the partner", "分担方", institution=True)
LEVEL = PayerWords("the level of government", "该级政府", institution=True)
