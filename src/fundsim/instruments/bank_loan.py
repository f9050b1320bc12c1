"""Bank loans that no public money covers (银行贷款): for subsidies and bridge funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from fundsim.instruments.cover import Trigger
from fundsim.instruments.covered_lending import CoveredLending
from fundsim.instruments.part import Context, Kind, Part, joined
from fundsim.instruments.programme import lent_by, programme_of
from fundsim.metrics.lending import lending_metrics

__all__ = ["KIND", "BankLoan"]

NPL = Trigger(npl=True)
"""When a default is counted as one; nobody is asked to pay."""


class BankLoan(CoveredLending):
    """Loans of a bank to small firms without cover: the bank bears every loss (银行贷款).

    Public money helps in other ways, such as a subsidy of interest or a bridge fund at maturity.
    """

    trigger: ClassVar[Trigger] = NPL  # type: ignore[misc]
    claim_lag: ClassVar[int] = 0  # type: ignore[misc]
    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = dict.fromkeys(
        ("trigger", "claim_lag"),
        (
            "belongs to cover, and nobody covers these loans",
            "leave it out, or choose a kind with cover",
            "属于风险分担条款，而这些贷款没有风险分担",
            "请删去本项，或改用有风险分担的种类",
        ),
    )


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
