"""Parties hold money, facilities lend, contracts say who pays whom when a loan is lost.

Units: money in yuan, rates as fractions, time in whole months counted from the window's start
(month 0 is the first).  "Month t" as a date means the end of month t, unless a step of the month
is named.  The order inside a month is: economy, appropriations, recoveries, defaults in life,
maturities, claims, payments, breakers and new lending, month-end balances.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fundsim.scheme.borrowers import Segment
from fundsim.scheme.bridge import BridgeFund
from fundsim.scheme.budget import BudgetLine, Level
from fundsim.scheme.contracts import Contract
from fundsim.scheme.economy import Economy, Window
from fundsim.scheme.equity import EquityFund
from fundsim.scheme.happenings import BankBook, Happening, Ladder
from fundsim.scheme.lending import Breaker, Capacity, Facility, Guarantor, ObligorLimit
from fundsim.scheme.line_payments import LinePayment
from fundsim.scheme.metrics import Aggregate, LawFigure, Metric
from fundsim.scheme.money import Drawn, Injection, MarginRefund, Party, TopUp
from fundsim.scheme.payments import Payment
from fundsim.scheme.targets import Target

__all__ = ["Elements", "Scheme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """What a scheme holds, of one instrument or of all: a field for each noun, by its ``place``."""

    parties: tuple[Party, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    facilities: tuple[Facility, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    guarantors: tuple[Guarantor, ...] = ()
    obligor_limits: tuple[ObligorLimit, ...] = ()
    contracts: tuple[Contract, ...] = ()
    breakers: tuple[Breaker, ...] = ()
    injections: tuple[Injection, ...] = ()
    top_ups: tuple[TopUp, ...] = ()
    payments: tuple[Payment, ...] = ()
    margin_refunds: tuple[MarginRefund, ...] = ()
    bridges: tuple[BridgeFund, ...] = ()
    equity_funds: tuple[EquityFund, ...] = ()
    levels: tuple[Level, ...] = ()
    budget_lines: tuple[BudgetLine, ...] = ()
    happenings: tuple[Happening, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    bank_books: tuple[BankBook, ...] = ()
    line_payments: tuple[LinePayment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Elements):
    """A whole scheme, ready for an engine.  Every name that is used is defined exactly once."""

    window: Window
    economy: Economy
    segments: tuple[Segment, ...] = ()
    metrics: tuple[Metric | Aggregate | LawFigure, ...] = field(default=(), compare=False)
    targets: tuple[Target, ...] = field(default=(), compare=False)
