"""The lowered scheme, by name: what both engines read and nothing else.

A scheme is a handful of frozen dataclasses.  They carry names and numbers, no behaviour and no
arrays; the engines turn names into positions for themselves.
"""

from fundsim.scheme.blocks import Engine, Prepared, RecordBlock
from fundsim.scheme.draws import Purpose, entity
from fundsim.scheme.metrics import Aggregate, Metric, Records, Unit
from fundsim.scheme.model import (
    Band,
    Borrowers,
    Breaker,
    Capacity,
    Contract,
    Demand,
    Economy,
    Facility,
    Fee,
    Injection,
    Interest,
    Lgd,
    Line,
    MarginRefund,
    OpeningLoans,
    Party,
    RecoveryPart,
    RunningCost,
    Scheme,
    Segment,
    TopUp,
    Window,
)
from fundsim.scheme.records import RecordNames, record_names

__all__ = [
    "Aggregate",
    "Band",
    "Borrowers",
    "Breaker",
    "Capacity",
    "Contract",
    "Demand",
    "Economy",
    "Engine",
    "Facility",
    "Fee",
    "Injection",
    "Interest",
    "Lgd",
    "Line",
    "MarginRefund",
    "Metric",
    "OpeningLoans",
    "Party",
    "Prepared",
    "Purpose",
    "RecordBlock",
    "RecordNames",
    "Records",
    "RecoveryPart",
    "RunningCost",
    "Scheme",
    "Segment",
    "TopUp",
    "Unit",
    "Window",
    "entity",
    "record_names",
]
