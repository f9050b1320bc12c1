"""The lowered scheme, by name: what both engines read and nothing else.

A scheme is a handful of frozen dataclasses.  They carry names and numbers, no behaviour and no
arrays; the engines turn names into positions for themselves.
"""

from fundsim.scheme.blocks import Engine, LendingOf, LoggedRequest, NewLending, Prepared, RecordBlock
from fundsim.scheme.borrowers import Band, Borrowers, Lgd, OpeningLoans, Population, Segment
from fundsim.scheme.bridge import BridgeFund, DirectRequests, FeeTier, RequestSize
from fundsim.scheme.budget import Appropriation, BudgetLine, Level
from fundsim.scheme.contracts import Contract
from fundsim.scheme.draws import Purpose, entity
from fundsim.scheme.economy import Economy, Window
from fundsim.scheme.equity import EquityFund
from fundsim.scheme.equity_laws import (
    BetaShare,
    CallOption,
    Clock,
    ExcessShare,
    Exit,
    Multiple,
    Pacing,
    Raising,
    Stage,
    Waterfall,
)
from fundsim.scheme.equity_modes import CoInvestment, Protection, RiskSubsidy
from fundsim.scheme.equity_records import IrrCase
from fundsim.scheme.formula import Formula
from fundsim.scheme.happenings import BankBook, Happening, Ladder, Tier
from fundsim.scheme.lending import (
    Breaker,
    Capacity,
    Demand,
    Facility,
    Guarantor,
    ObligorLimit,
    RecoveryPart,
    Weight,
)
from fundsim.scheme.line_payments import LinePayment, LineRate
from fundsim.scheme.metrics import About, Aggregate, LawFigure, Metric, Records, Unit
from fundsim.scheme.money import Drawn, Injection, MarginRefund, Party, TopUp
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record
from fundsim.scheme.nouns import NOUNS
from fundsim.scheme.payments import Payment
from fundsim.scheme.records import RecordNames, record_names
from fundsim.scheme.rules import check_scheme
from fundsim.scheme.scheme import Elements, Scheme
from fundsim.scheme.shortage import DaysLaw, Shortage, SizeLaw
from fundsim.scheme.tape import Tape

__all__ = [
    "NOUNS",
    "About",
    "Aggregate",
    "Appropriation",
    "Band",
    "BankBook",
    "BetaShare",
    "Borrowers",
    "Breaker",
    "BridgeFund",
    "BudgetLine",
    "CallOption",
    "Capacity",
    "Clock",
    "CoInvestment",
    "Contract",
    "DaysLaw",
    "Demand",
    "DirectRequests",
    "Drawn",
    "Economy",
    "Elements",
    "Engine",
    "Entry",
    "EquityFund",
    "ExcessShare",
    "Exit",
    "Facility",
    "FeeTier",
    "Formula",
    "Guarantor",
    "Happening",
    "Injection",
    "IrrCase",
    "Ladder",
    "LawFigure",
    "LendingOf",
    "Level",
    "Lgd",
    "Line",
    "LinePayment",
    "LineRate",
    "LoggedRequest",
    "MarginRefund",
    "Metric",
    "Multiple",
    "Nature",
    "NewLending",
    "Noun",
    "ObligorLimit",
    "OpeningLoans",
    "Pacing",
    "Party",
    "Payment",
    "Population",
    "Prepared",
    "Protection",
    "Purpose",
    "Raising",
    "Record",
    "RecordBlock",
    "RecordNames",
    "Records",
    "RecoveryPart",
    "RequestSize",
    "RiskSubsidy",
    "Scheme",
    "Segment",
    "Shortage",
    "SizeLaw",
    "Stage",
    "Tape",
    "Tier",
    "TopUp",
    "Unit",
    "Waterfall",
    "Weight",
    "Window",
    "check_scheme",
    "entity",
    "record_names",
]
