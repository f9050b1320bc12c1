"""All nouns of a scheme, in the order of an engine's row."""

from __future__ import annotations

from fundsim.scheme.borrowers import Borrowers, Population
from fundsim.scheme.bridge import BridgeFund, RequestSize
from fundsim.scheme.budget import BudgetLine, Level
from fundsim.scheme.contracts import Contract
from fundsim.scheme.equity import EquityFund
from fundsim.scheme.happenings import BankBook, Happening, Ladder, Tier
from fundsim.scheme.lending import Breaker, Capacity, Facility, Guarantor, ObligorLimit
from fundsim.scheme.line_payments import LinePayment
from fundsim.scheme.money import Drawn, Injection, MarginRefund, Party, TopUp
from fundsim.scheme.noun import Noun
from fundsim.scheme.payments import Payment

__all__ = ["NOUNS"]

NOUNS: tuple[type[Noun], ...] = (
    Contract,
    Borrowers,
    Facility,
    Party,
    Breaker,
    Guarantor,
    Drawn,
    Population,
    Injection,
    TopUp,
    Payment,
    MarginRefund,
    Capacity,
    ObligorLimit,
    BridgeFund,
    RequestSize,
    EquityFund,
    Level,
    BudgetLine,
    Happening,
    Ladder,
    Tier,
    BankBook,
    LinePayment,
)
"""What belongs to one noun stands together in the row, and its entries in the ledger."""
