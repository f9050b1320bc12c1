"""Bank loans that no public money covers (银行贷款): for subsidies and bridge funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from fundsim.instruments.covered_lending import CoveredLending
from fundsim.instruments.part import Context, Kind, Part, joined
from fundsim.instruments.programme import lent_by, programme_of
from fundsim.metrics.lending import lending_metrics

__all__ = ["KIND", "BankLoan"]

NPL_MONTHS = 3
"""Months after which a default is non-performing; nobody is asked to pay."""


class BankLoan(CoveredLending):
    """Loans of a bank to small firms without cover: the bank bears every loss (银行贷款).

    Public money helps in other ways, such as a subsidy of interest or a bridge fund at maturity.
    """

    trigger: ClassVar[None] = None  # type: ignore[misc]
    claim_lag: ClassVar[None] = None  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = dict.fromkeys(
        ("trigger", "claim_lag"),
        (
            "belongs to cover, and nobody covers these loans",
            "leave it out, or choose a kind with cover",
            "属于风险分担条款，而这些贷款没有风险分担",
            "请删去本项，或改用有风险分担的种类",
        ),
    )

    @property
    def claim_months(self) -> int:
        """Months after which a default is non-performing: nobody is asked to pay for it."""
        return NPL_MONTHS


def lower(name: str, terms: BankLoan, context: Context) -> Part:
    """Lower it: the bank and its facility."""
    programme = programme_of(name, terms, context)
    metrics = lending_metrics(programme.facility, (), context.segments)
    return joined(lent_by(programme), Part(metrics=metrics))


KIND = Kind(
    name="bank_loan",
    meaning="Bank loans without cover, for subsidies and bridge funds",
    meaning_zh="银行贷款（无风险分担）",
    terms=BankLoan,
    lower=lower,
)
