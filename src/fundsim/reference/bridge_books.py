"""The books of a bridge fund on one path: capital, money out, fees, and what it has counted."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from fundsim.reference.bridge_queue import Request
from fundsim.reference.clock import Stage
from fundsim.reference.days import DayClock, fee_per_yuan
from fundsim.scheme import BridgeFund, Line, Nature, RequestSize
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.surroundings import FIRMS, OUTSIDE

__all__ = ["BridgeBooks", "SizeBooks"]


@dataclass(slots=True)
class SizeBooks:
    """Requests of one size; the fields are the records of those names."""

    up_to: float
    n_requests: int = 0
    requested: float = 0.0
    n_refused: int = 0
    refused: float = 0.0


@dataclass(slots=True)
class BridgeBooks:
    """What a fund has and has counted; fields with the name of a record are that record.

    ``capital = opening + injections − losses − overdue − cost_from_capital + recapitalised``; its cash is
    ``capital + fees_kept − out``.  What it books in the city's ledger lies in a diary until its stage comes.
    """

    terms: BridgeFund
    days: DayClock
    capital: float
    window_end: float
    """The day after which days are no longer counted: nobody may ask then."""
    out: float = 0.0
    overdue: float = 0.0
    fees_kept: float = 0.0
    n_out: int = 0
    n_requests: int = 0
    requested: float = 0.0
    n_ineligible: int = 0
    ineligible: float = 0.0
    n_queued: int = 0
    n_served: int = 0
    lent: float = 0.0
    n_refused: int = 0
    refused: float = 0.0
    waiting_days_served: float = 0.0
    waiting_days: float = 0.0
    n_returned: int = 0
    n_overdue: int = 0
    became_overdue: float = 0.0
    ended: float = 0.0
    use_days: float = 0.0
    losses: float = 0.0
    recoveries: float = 0.0
    fees: float = 0.0
    running_cost: float = 0.0
    cost_from_capital: float = 0.0
    recapitalised: float = 0.0
    avoided: float = 0.0
    avoided_amount: float = 0.0
    capital_days: float = 0.0
    out_days: float = 0.0
    stopped_days: float = 0.0
    peak_out: float = 0.0
    stopped_month: float = math.inf
    stopped: bool = False
    """Whether the breaker stops service."""
    diary: dict[tuple[int, Stage], list[tuple[Line, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """(Month, stage) → what is then booked in the ledger [yuan]."""
    by_size: list[SizeBooks] = field(init=False)
    _counted_to: float = field(init=False)
    """The day up to which the sums over days run."""
    _fees_of_month: float = 0.0

    def __post_init__(self) -> None:
        self._counted_to = self.days.now
        self.by_size = [SizeBooks(size.up_to) for size in self.terms.sizes]

    @property
    def lendable(self) -> float:
        """Capital that is not out; below 0 where costs came out of capital that was [yuan]."""
        return self.capital - self.out

    @property
    def cash(self) -> float:
        """What its account holds [yuan]."""
        return self.capital + self.fees_kept - self.out

    def begin_window(self) -> None:
        """Forget what was counted in the warm-up, and keep what the fund is on the first day."""
        self._pass_time()
        for what in BridgeFund.names(Nature.FLOW):
            setattr(self, what, 0)
        self.by_size = [SizeBooks(size.up_to) for size in self.terms.sizes]
        self.peak_out = self.out
        self.stopped_month = 0.0 if self.stopped else math.inf

    def records(self, n_waiting: int) -> dict[str, float]:
        """Return the values of all records as they stand, by name; ``n_waiting`` is the queue's length."""
        name = self.terms.name
        own = [
            what for what in BridgeFund.names(Nature.FLOW, Nature.STOCK, Nature.MONTH) if what != "n_waiting"
        ]
        found = {BridgeFund.record(name, what): float(getattr(self, what)) for what in own}
        found[BridgeFund.record(name, "n_waiting")] = float(n_waiting)
        for k, size in enumerate(self.by_size):
            for what in RequestSize.names(Nature.FLOW):
                found[RequestSize.record(f"{name}/{k}", what)] = float(getattr(size, what))
        return found

    def turn_away(self, request: Request) -> None:
        """Count a firm that may not ask, because it would have to pay too much itself."""
        self.n_ineligible += 1
        self.ineligible += request.amount

    def receive(self, request: Request) -> None:
        """Count a request on its day."""
        size = self._size_of(request)
        for books in (self, size):
            books.n_requests += 1
            books.requested += request.amount

    def refuse(self, request: Request) -> None:
        """Count a request that leaves unserved."""
        size = self._size_of(request)
        for books in (self, size):
            books.n_refused += 1
            books.refused += request.amount
        self.waiting_days += self.days.now - request.day

    def _size_of(self, request: Request) -> SizeBooks:
        return next(size for size in self.by_size if request.amount <= size.up_to + HALF_A_FEN)

    def lend(self, request: Request) -> None:
        """Lend what a request asks for."""
        self._pass_time()
        self.out += request.amount
        self.n_out += 1
        self.peak_out = max(self.peak_out, self.out)
        self.n_served += 1
        self.lent += request.amount
        waited = self.days.now - request.day
        self.waiting_days += waited
        self.waiting_days_served += waited
        self.avoided += request.default_if_unserved
        self.avoided_amount += request.default_if_unserved * request.amount
        self._pay_firms("bridge_loan", request.amount)

    def take_back(self, request: Request) -> None:
        """Take back what the bank's new loan repays, and the fee for the days of use."""
        self._end_use(request)
        self.n_returned += 1
        fee = request.amount * fee_per_yuan(self.terms.fee, self.terms.fee_free_days, request.use_days)
        self.fees += fee
        self.fees_kept += fee
        self._fees_of_month += fee
        self._have_from_firms("bridge_return", request.amount)
        self._have_from_firms("bridge_fee", fee)

    def let_fall_overdue(self, request: Request) -> None:
        """Move to overdue what the bank has not lent again; a part comes back later."""
        self._end_use(request)
        self.n_overdue += 1
        self.became_overdue += request.amount
        self.overdue += request.amount
        self.capital -= request.amount
        self._read_breaker()
        # The ledger books a recovery before it lives through the month's days.
        self._have_from_firms(
            "bridge_recovery",
            (1.0 - self.terms.lgd) * request.amount,
            self.days.month + self.terms.recovery_lag,
            Stage.RECOVERIES,
        )

    def _end_use(self, request: Request) -> None:
        self._pass_time()
        self.out -= request.amount
        self.n_out -= 1
        if self.n_out == 0:
            # Nothing out is nothing, not what floating-point sums leave behind.
            self.out = 0.0
        self.ended += request.amount
        self.use_days += request.amount * request.use_days

    def recover(self, request: Request) -> None:
        """Have back what a recovery brings, and bear the loss."""
        self._pass_time()
        lost = self.terms.lgd * request.amount
        self.overdue -= request.amount
        self.capital += request.amount - lost
        self.losses += lost
        self.recoveries += request.amount - lost
        self._read_breaker()

    def inject(self, amount: float) -> None:
        """Add new money to the capital [yuan]."""
        self._pass_time()
        self.capital += amount
        self._read_breaker()

    def close_month(self) -> None:
        """Pay the month's running cost: from the fees kept, then from capital."""
        self._pass_time()
        terms = self.terms
        cost = terms.running_cost_annual / 12.0 + terms.running_cost_share * self._fees_of_month
        from_fees = min(cost, self.fees_kept)
        self.fees_kept -= from_fees
        self.capital -= cost - from_fees
        self.running_cost += cost
        self.cost_from_capital += cost - from_fees
        self._post(
            self.days.month, Stage.INCOME, Line(source=terms.party, target=OUTSIDE, kind="bridge_cost"), cost
        )
        if terms.recapitalise:
            self.capital += self.fees_kept
            self.recapitalised += self.fees_kept
            self.fees_kept = 0.0
        self._fees_of_month = 0.0
        self._read_breaker()

    def _pass_time(self) -> None:
        """Let the sums over days run up to now."""
        until = min(self.days.now, self.window_end)
        days = max(0.0, until - self._counted_to)
        self._counted_to = until
        self.capital_days += days * self.capital
        self.out_days += days * self.out
        self.stopped_days += days * self.stopped

    def _read_breaker(self) -> None:
        """Stop service where too much is overdue, and lift that at the reset."""
        whole = self.capital + self.overdue
        level = 0.0
        if self.overdue > HALF_A_FEN:
            level = self.overdue / whole if whole > 0.0 else math.inf
        was = self.stopped
        self.stopped = level > self.terms.breaker_reset if was else level >= self.terms.breaker_threshold
        if self.stopped and not was:
            self.stopped_month = min(self.stopped_month, float(self.days.month))

    def _pay_firms(self, kind: str, amount: float) -> None:
        self._post(
            self.days.month, Stage.BRIDGES, Line(source=self.terms.party, target=FIRMS, kind=kind), amount
        )

    def _have_from_firms(
        self, kind: str, amount: float, month: int | None = None, stage: Stage = Stage.BRIDGES
    ) -> None:
        line = Line(source=FIRMS, target=self.terms.party, kind=kind)
        self._post(self.days.month if month is None else month, stage, line, amount)

    def _post(self, month: int, stage: Stage, line: Line, amount: float) -> None:
        """Note what the ledger books at a stage of a month."""
        self.diary[month, stage].append((line, amount))
