"""Requests to a bridge fund, and the queue in which they wait."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import simpy
from numpy.random import Generator
from scipy.special import ndtri

from fundsim.reference.books import Loan
from fundsim.scheme import Segment
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["Outcome", "Queue", "Request", "size_of"]


class Outcome(Enum):
    """What comes of a request."""

    UNSERVED = "it left the queue, and nobody had served it"
    RELENT = "it was served, and the bank lent again"
    NOT_RELENT = "it was served, and the bank did not lend again"


@dataclass(slots=True, eq=False)
class Request:
    """What one firm asks for.  Money in yuan, time in days from the window's start."""

    number: int
    day: float
    amount: float
    use_days: float
    """Days for which it needs the money."""
    index: Sequence[float]
    """X in each month: the segment's, or Z."""
    size: float = 0.0
    """The loan that falls due; what ``amount`` leaves of it the firm pays itself."""
    default_if_unserved: float = 0.0
    finds_private: bool = True
    """Whether the firm finds a private bridge if the fund doesn't serve it."""
    served: simpy.Event | None = None
    """Of the fund's clock: it has the money."""
    answer: simpy.Event | None = None
    """Of the city's clock: what came of it, and in which month."""


class Queue:
    """Requests that wait, in the order in which they may be served.

    Args:
        rule: ``fifo``: nobody passes the first; ``fifo_pass``: the first that fits is served;
            ``small_first``: the smallest comes first, and nobody passes it.
    """

    def __init__(self, rule: Literal["fifo", "fifo_pass", "small_first"]) -> None:
        self._rule = rule
        self._waiting: list[Request] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def _place(self, request: Request) -> tuple[float, float, int]:
        """Return what requests are ordered by; ties by the day of arrival, then by number."""
        first = request.amount if self._rule == "small_first" else 0.0
        return first, request.day, request.number

    def join(self, request: Request) -> None:
        """Take a place."""
        insort(self._waiting, request, key=self._place)

    def leave(self, request: Request) -> None:
        """Give up a place."""
        self._waiting.remove(request)

    def next_for(self, lendable: float) -> Request | None:
        """Return who is served next out of so much money, if anybody is [yuan]."""
        may_be_next = self._waiting if self._rule == "fifo_pass" else self._waiting[:1]
        return next((r for r in may_be_next if r.amount <= lendable + HALF_A_FEN), None)


def size_of(loan: Loan, segment: Segment, random: Generator) -> float:
    """Return the size of a loan that falls due [yuan].

    A loan stands for all sizes of its band: the law's between the probabilities of the bands before it and
    those with it.  A loan of a tape, or of a segment of one size, is its own.

    Args:
        loan: the loan.
        segment: its segment.
        random: generator of the draw.
    """
    law = segment.sizes
    if loan.band is None or law is None:
        return loan.principal
    below = sum(band.probability for band in segment.bands[: loan.band])
    score = ndtri(below + random.random() * segment.bands[loan.band].probability)
    return min(math.exp(law.mu + law.sigma * float(score)), law.cap)
