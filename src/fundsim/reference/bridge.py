"""Bridge funds in continuous time: one process is one request, from its day until its money is back.

A fund lives in days, the city in months.  Loans ask at step 5; then the fund lives through the month, day by
day, and what became of their requests comes back to the loans.  In the window's last month it lives on until
its end, because the loans that are still waiting and will be renewed count as renewed in that month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

import simpy

from fundsim.reference.books import Loan, OtherRisk
from fundsim.reference.bridge_books import BridgeBooks
from fundsim.reference.bridge_queue import Outcome, Queue, Request, size_of
from fundsim.reference.clock import Process, Stage
from fundsim.reference.days import DayClock, DaysOfMonth, Turn, draw_days, first_day_of
from fundsim.reference.economy import OwnRisk, probability_at
from fundsim.scheme import BridgeFund, DirectRequests, Line, Nature, RequestSize, Segment
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.surroundings import OUTSIDE

if TYPE_CHECKING:
    from fundsim.reference.month import City

__all__ = ["BridgeDesk", "Fund"]


class Fund:
    """A bridge fund on one path.

    Args:
        terms: its rules.
        city: the path that it belongs to.
    """

    def __init__(self, terms: BridgeFund, city: City) -> None:
        self.terms = terms
        self._city = city
        self._random = city.random
        self._window = city.scheme.window
        self._end = terms.end(city.scheme)
        direct = terms.requests
        self.days = DayClock(0.0 if direct is None else -direct.warm_up_days)
        self.books = BridgeBooks(
            terms,
            self.days,
            capital=city.ledger.paid_in.get(terms.party, 0.0),
            window_end=first_day_of(self._window.months),
        )
        self.queue = Queue(terms.queue)
        self.ends: list[tuple[Request, Outcome, int]] = []
        """What came of requests, and in which month, since anybody asked."""
        self.kept: dict[int, dict[str, float]] = {}
        """Month → the records at its end."""
        self._days_of_month = DaysOfMonth(terms.month_end_days, terms.month_end_times)
        self._numbers = count()
        if direct is not None:
            self.days.start(self._direct_requests(direct))

    def request_of(self, loan: Loan, segment: Segment, *, finds_private: bool) -> Request:
        """Return the request of a short firm, whose loan falls due on some day of its month."""
        size = size_of(loan, segment, self._random)
        amount = min(size * self.terms.share_financed, self.terms.cap_per_firm)
        day = self._days_of_month.draw(self._calendar_month(loan.maturity), self._random)
        return Request(
            number=next(self._numbers),
            day=first_day_of(loan.maturity) + day,
            amount=amount,
            use_days=draw_days(self.terms.days, self._random),
            index=loan.risk.index,
            size=size,
            default_if_unserved=0.0 if segment.shortage is None else segment.shortage.default_if_unserved,
            finds_private=finds_private,
        )

    def admits(self, request: Request) -> bool:
        """Return whether a firm may ask: it need not pay too much itself; count it if it may not."""
        most = self.terms.most_own_money * request.size
        if request.size - request.amount <= most + HALF_A_FEN:
            return True
        self.books.turn_away(request)
        return False

    def ask(self, request: Request, environment: simpy.Environment) -> simpy.Event:
        """Put a request in, whose month is still to be lived through; return the event of its answer.

        Args:
            request: the request.
            environment: in which the answer comes, as (outcome, month).
        """
        request.answer = environment.event()
        self.days.start(self._live(request))
        return request.answer

    def risk_after(self, segment: Segment) -> OtherRisk | None:
        """Return the risk of the life that follows a bridge; None where that is the segment's own."""
        after = self.terms.segment_after(segment)
        if after is segment:
            return None
        own = OwnRisk(after.pd_annual, after.threshold, after.rho)
        return OtherRisk(self._city.risk(after, own), after.lgd)

    def warm_up(self) -> float:
        """Live through the days before the window; return what they have added to the cash [yuan]."""
        opening = self.books.cash
        for month in range(self.days.month, 0):
            self.live_through(month, injected=0.0)
        self.books.begin_window()
        return self.books.cash - opening

    def live_on(self, injected: Mapping[int, float]) -> None:
        """Live through all months from the window's end to the fund's own, with what is paid in [yuan]."""
        for month in range(self._window.months, self._end + 1):
            self.live_through(month, injected.get(month, 0.0))

    def live_through(self, month: int, injected: float) -> None:
        """Live through the days of a month, and pay its costs at its end.

        Args:
            month: the month; below 0 before the window.
            injected: money paid into its capital at the month's start [yuan].
        """
        self.days.start(self._begin_month(injected))
        self.days.live_through(month)
        self.books.close_month()
        self.kept[month] = self.books.records(len(self.queue))

    def records(self, month: int) -> Mapping[str, float]:
        """Return the records at a month's end; after the fund's life those of its last month."""
        return self.kept[min(month, self._end)]

    def entries(self, month: int, stage: Stage) -> Sequence[tuple[Line, float]]:
        """Hand over what the ledger books at a stage of a month [yuan]; nothing after the fund's life."""
        return self.books.diary.pop((month, stage), ()) if month <= self._end else ()

    def _begin_month(self, injected: float) -> Process:
        yield self.days.now_in(Turn.RECOVERIES)
        self.days.begin_month()
        yield self.days.now_in(Turn.INJECTIONS)
        self.books.inject(injected)
        self._look_at_queue()

    def _live(self, request: Request) -> Process:
        """A request: wait to be served until the deadline; use the money; bring it back, now or later."""
        yield self.days.at(request.day, Turn.ARRIVAL)
        self.books.receive(request)
        request.served = self.days.environment.event()
        self.queue.join(request)
        self._look_at_queue()
        yield request.served | self.days.now_in(Turn.EXPIRY)
        if not request.served.triggered:
            self.books.n_queued += 1
            yield request.served | self.days.at(request.day + self.terms.deadline_days, Turn.EXPIRY)
        if not request.served.triggered:
            self.queue.leave(request)
            self.books.refuse(request)
            self._end_request(request, Outcome.UNSERVED)
            return

        yield self.days.after(request.use_days, Turn.RETURNS)
        if self._bank_lends_again(request):
            self.books.take_back(request)
            self._end_request(request, Outcome.RELENT)
            return

        self.books.let_fall_overdue(request)
        self._end_request(request, Outcome.NOT_RELENT)
        yield self.days.beginning_of(self.days.month + self.terms.recovery_lag)
        self.books.recover(request)
        self._look_at_queue()

    def _end_request(self, request: Request, outcome: Outcome) -> None:
        """Note what came of a request; money or a place may now be free for others."""
        self.ends.append((request, outcome, self.days.month))
        self._look_at_queue()

    def _look_at_queue(self) -> None:
        """Have the queue served when its turn comes in this instant."""
        self.days.start(self._serve())

    def _serve(self) -> Process:
        yield self.days.now_in(Turn.SERVICE)
        while not self.books.stopped and (request := self.queue.next_for(self.books.lendable)):
            self.queue.leave(request)
            self.books.lend(request)
            if request.served is not None:
                request.served.succeed()

    def _bank_lends_again(self, request: Request) -> bool:
        """Draw it, with X of the month in which the use ends; after the run's last month X stays as it is."""
        index = request.index[min(max(self.days.month, 0), len(request.index) - 1)]
        broken = probability_at(self.terms.not_renewed, self.terms.not_renewed_rho, index)
        return self._random.random() >= broken

    def _direct_requests(self, direct: DirectRequests) -> Process:
        """Requests given directly: a Poisson process, thinned from its greatest rate."""
        greatest = (
            direct.per_day * max(direct.seasonality, default=1.0) * self._days_of_month.greatest_density()
        )
        while greatest > 0.0:
            yield self.days.after(self._random.standard_exponential() / greatest, Turn.ARRIVAL)
            if self.days.now >= first_day_of(self._window.months):
                return
            if self._random.random() * greatest < self._rate_now(direct):
                self.days.start(self._live(self._direct_request(direct)))

    def _rate_now(self, direct: DirectRequests) -> float:
        """Return the rate of requests now [a day]."""
        calendar_month = self._calendar_month(self.days.month)
        season = direct.seasonality[calendar_month - 1] if direct.seasonality else 1.0
        day = self.days.now - first_day_of(self.days.month)
        return direct.per_day * season * self._days_of_month.density(calendar_month, day)

    def _direct_request(self, direct: DirectRequests) -> Request:
        return Request(
            number=next(self._numbers),
            day=self.days.now,
            amount=float(self._random.choice(direct.amounts, p=direct.probabilities)),
            use_days=draw_days(self.terms.days, self._random),
            index=self._city.factors.city,
        )

    def _calendar_month(self, month: int) -> int:
        """Return the calendar month, 1 … 12, of a month of the window or before it."""
        return (self._window.month - 1 + month) % 12 + 1


class BridgeDesk:
    """All bridge funds of a path: it brings days and months together."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._funds = {fund.name: Fund(fund, city) for fund in city.scheme.bridges}
        self._paid_in = {fund: self._paid_into(fund) for fund in self._funds.values()}
        """What the funds have heard of so far [yuan]."""
        self._answers: dict[int, list[tuple[simpy.Event, Outcome]]] = defaultdict(list)
        """Month → loans that then hear what came of their request."""
        for fund in self._funds.values():
            for facility in fund.terms.facilities:
                city.portfolios[facility].bridge = fund

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {
            Stage.APPROPRIATIONS: self._begin_window,
            Stage.RECOVERIES: lambda month: self._book(month, Stage.RECOVERIES),
            Stage.BRIDGES: self._bridge,
            Stage.INCOME: lambda month: self._book(month, Stage.INCOME),
        }

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        return {name: self._gauge(fund, name) for fund in self._funds.values() for name in _names(fund.terms)}

    def _gauge(self, fund: Fund, name: str) -> Callable[[], float]:
        return lambda: fund.records(self._city.clock.month)[name]

    def _begin_window(self, month: int) -> None:
        """In month 0, let funds live through their warm-up, and book what that did to their cash."""
        if month > 0:
            return
        for fund in self._funds.values():
            moved = fund.warm_up()
            self._city.ledger.correct(OUTSIDE, fund.terms.party, "warm_up", moved)

    def _bridge(self, month: int) -> None:
        """Let the funds live through a month, and the loans hear what came of it.

        In the window's last month they live on to their end.  What then happens in later months lies in the
        diary of their books until these come.
        """
        last = self._city.policy_months - 1
        if month <= last:
            for fund in self._funds.values():
                fund.live_through(month, self._newly_paid_into(fund))
                if month == last:
                    fund.live_on(self._still_to_be_injected(fund))
                self._answer(fund)
        self._book(month, Stage.BRIDGES)
        if month < self._city.scheme.window.lending:
            for event, outcome in self._answers.pop(month, ()):
                event.succeed((outcome, month))

    def _answer(self, fund: Fund) -> None:
        """Give each answer its month; a renewal counts in the window's last month at the latest."""
        for request, outcome, month in fund.ends:
            renews = outcome is Outcome.RELENT or (outcome is Outcome.UNSERVED and request.finds_private)
            when = min(month, self._city.policy_months - 1) if renews else month
            if request.answer is not None:
                self._answers[when].append((request.answer, outcome))
        fund.ends.clear()

    def _book(self, month: int, stage: Stage) -> None:
        """Book what the diaries of the funds have for a stage of a month."""
        for fund in self._funds.values():
            for line, amount in fund.entries(month, stage):
                self._city.ledger.transfer(line.source, line.target, line.kind, amount)

    def _paid_into(self, fund: Fund) -> float:
        return self._city.ledger.paid_in.get(fund.terms.party, 0.0)

    def _newly_paid_into(self, fund: Fund) -> float:
        """Return what step 2 has paid into a fund since it was last asked [yuan]."""
        before, self._paid_in[fund] = self._paid_in[fund], self._paid_into(fund)
        return self._paid_in[fund] - before

    def _still_to_be_injected(self, fund: Fund) -> Mapping[int, float]:
        """Return the dated injections into a fund by month; after the window no rule pays any [yuan]."""
        found: dict[int, float] = defaultdict(float)
        for injection in self._city.scheme.injections:
            if injection.target == fund.terms.party:
                found[injection.month] += self._city.multiplied(injection.amount, injection.drawn)
        return found


def _names(fund: BridgeFund) -> list[str]:
    """Return the names of all records of a fund."""
    own = [
        BridgeFund.record(fund.name, what)
        for what in BridgeFund.names(Nature.FLOW, Nature.STOCK, Nature.MONTH)
    ]
    sizes = [
        RequestSize.record(f"{fund.name}/{k}", what)
        for k in range(len(fund.sizes))
        for what in RequestSize.names(Nature.FLOW)
    ]
    return own + sizes
