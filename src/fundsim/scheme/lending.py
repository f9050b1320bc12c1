"""Facilities lend; limits and breakers stop them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from fundsim.scheme.borrowers import Borrowers, OpeningLoans
from fundsim.scheme.metrics import About
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words
from fundsim.scheme.tape import Tape

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["Breaker", "Capacity", "Demand", "Facility", "Guarantor", "ObligorLimit", "RecoveryPart", "Weight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPart:
    """A share of the recovery of a default of month t, arriving at step 3 of month t + lag_months."""

    lag_months: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Applications for new loans: an amount each month, or what fills ``hold`` outstanding.

    ``monthly[t]`` [yuan] for t = 0 … months − 1.  Where ``hold[t]`` is not NaN the demand of month t
    is ``max(0, hold[t] − outstanding)`` instead, with the facility's outstanding at step 8.
    """

    monthly: tuple[float, ...]
    hold: tuple[float, ...] = ()
    """Empty, or one level a month with NaN where ``monthly`` rules."""


FACILITY_RECORDS = (
    Record(
        name="demand",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="new loans applied for",
        chinese="新增贷款申请",
    ),
    Record(
        name="refused_breaker",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="refused: breaker",
        chinese="未获批：熔断",
    ),
    Record(
        name="refused_firms",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="refused: no eligible firm left",
        chinese="未获批：合格企业不足",
    ),
    Record(
        name="refused_capacity",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="refused: lending limit",
        chinese="未获批：额度不足",
    ),
    *(
        Record(name=f"cut_{reason}", nature=Nature.FLOW, unit="months", english=english, chinese=chinese)
        for reason, english, chinese in (
            ("breaker", "months in which a breaker refused loans", "熔断削减新增贷款的月数"),
            ("obligor", "months in which a single-obligor limit refused loans", "单户限额削减新增贷款的月数"),
            ("firms", "months in which eligible firms ran short", "合格企业不足的月数"),
            ("capacity", "months in which a lending limit refused loans", "额度削减新增贷款的月数"),
            ("months", "months in which loans were refused for any reason", "新增贷款被削减的月数"),
        )
    ),
    Record(
        name="capacity_months",
        nature=Nature.FLOW,
        unit="yuan-months",
        english="lending limit, summed over the months of the window",
        chinese="额度（按月累计）",
    ),
    Record(
        name="outstanding_months",
        nature=Nature.FLOW,
        unit="yuan-months",
        english="loans outstanding, summed over the months of the window",
        chinese="在贷余额（按月累计）",
    ),
    Record(
        name="refused_obligor",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="refused: single-obligor limit",
        chinese="未获批：单户集中度限额",
    ),
    Record(
        name="collected",
        nature=Nature.FLOW,
        unit="yuan",
        step=3,
        english="recovered on defaults, before costs",
        chinese="违约贷款追偿回收额（未扣费用）",
    ),
    Record(
        name="outstanding",
        nature=Nature.STOCK,
        unit="yuan",
        english="performing, or defaulted and the claim not yet due",
        chinese="在贷余额",
    ),
    Record(
        name="overdue",
        nature=Nature.STOCK,
        unit="yuan",
        english="defaulted and not yet recovered or written off",
        chinese="逾期余额",
    ),
    Record(
        name="npl", nature=Nature.STOCK, unit="yuan", english="non-performing loans", chinese="不良贷款余额"
    ),
)
"""``demand`` is the principal applied for, after rounding to whole loans.  ``capacity_months`` takes the
smallest ceiling among the facility's limits on ``paid_in`` or ``balance``, which bound principal, and is 0
without one; one on ``net_assets`` bounds a weighted liability: left out.  ``collected`` stands by facility
because a lender may have several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility(Noun):
    """A lending programme.

    ``outstanding`` is performing principal plus defaulted principal younger than ``claim_months``:
    a default of month t counts until step 6 of month t + claim_months.
    """

    name: str
    instrument: str = ""
    """Instrument that it belongs to; left out, one of its own name."""
    part: str = ""
    """Part of the instrument that it is, such as a county, if the instrument has several facilities."""
    lender: str
    borrowers: tuple[Borrowers, ...]
    demand: Demand
    capacities: tuple[str, ...] = ()
    """Limits that all hold; they cut new lending one after the other, in the order of the scheme's list."""
    opening: tuple[OpeningLoans, ...] = ()
    tape: Tape | None = None
    """Opening loans one by one, beside those of ``opening``."""
    recovery: tuple[RecoveryPart, ...] = ()
    """Shares sum to 1; empty means that nothing is ever recovered inside the simulated months."""
    recovery_cost: float = 0.0
    """Share of each gross recovery that enforcement costs; it leaves first."""
    claim_months: int = 0
    write_off_months: int = 24
    """A default leaves the overdue stock at its last recovery or after this many months, the earlier."""
    cliff: bool = False
    """In the run-off, loans that would have been renewed default with default_if_not_renewed."""

    @property
    def about(self) -> About:
        """The instrument, or the part of it, that lends."""
        return About(self.instrument or self.name, self.part)

    @property
    def n_opening(self) -> int:
        """Number of loans on the books before month 0, those of a tape included."""
        return sum(stock.n_loans for stock in self.opening) + (0 if self.tape is None else self.tape.n_loans)

    @property
    def closing_months(self) -> int:
        """Months after default at which a loan leaves the overdue and non-performing stock."""
        if not self.recovery:
            return self.write_off_months
        return min(self.write_off_months, max(part.lag_months for part in self.recovery))

    place: ClassVar[str] = "facilities"
    prefix: ClassVar[str] = "facility"
    records: ClassVar[tuple[Record, ...]] = FACILITY_RECORDS
    kinds: ClassVar[Mapping[str, Words]] = {
        "loan": ("loans paid out", "发放贷款"),
        "repayment": ("principal repaid", "归还贷款本金"),
        "recovery": ("recovered from defaulted firms", "追偿回收"),
        "recovery_cost": ("cost of recovery", "追偿费用"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield loans, repayments, recoveries and their cost; a renewed bullet loan moves no money."""
        paid_out = [b.segment for b in self.borrowers if b.segment in _amortising(scheme)]
        yield Entry(
            line=Line(source=self.lender, target="firms", kind="loan"),
            steps=(5, 8) if paid_out else (8,),
            early=tuple((Borrowers.record(f"{self.name}/{s}", "lent_renewed"), 1.0) for s in paid_out),
        )
        yield Entry(line=Line(source="firms", target=self.lender, kind="repayment"), steps=(5,))
        yield Entry(line=Line(source="firms", target=self.lender, kind="recovery"), steps=(3,))
        if self.recovery_cost:
            yield Entry(line=Line(source=self.lender, target="outside", kind="recovery_cost"), steps=(3,))

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a recovery in the month of its default, and net beside gross contracts of the lender."""
        if any(part.lag_months < 1 for part in self.recovery):
            yield f"facility {self.name}: a recovery arrives one month after the default at the earliest"
        yield from self._faults_of_private_bridges(scheme)
        own = [c for c in scheme.contracts if c.facility == self.name and c.covers is None]
        if len({c.net for c in own}) > 1:
            # A recovery would count in both.
            yield f"contracts of the lender of {self.name} are net and gross: all must be, or none"

    def _faults_of_private_bridges(self, scheme: Scheme) -> Iterator[str]:
        """Yield borrowers that pay for a private bridge by the day, and no law of days."""
        if any(self.name in fund.facilities for fund in scheme.bridges):
            return
        segments = {s.name: s for s in scheme.segments}
        for borrower in self.borrowers:
            short = segments[borrower.segment].shortage
            if short is not None and short.private_fee_per_day > 0.0 and short.private_days is None:
                yield f"facility {self.name}: private bridges of {borrower.segment} have no law of days"


def _amortising(scheme: Scheme) -> set[str]:
    """Return the segments whose loans pay their principal out again when they are renewed."""
    return {s.name for s in scheme.segments if s.outstanding_share}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Noun):
    """A lending limit: exposure of the facilities that name it ≤ multiple × base.

    ``paid_in`` is opening + injections + top-ups; ``balance`` is the party's cash after step 7, less
    any arrears that it owes; both limit Σ outstanding.  ``net_assets`` are those of the Guarantor of this
    party, as they stand at step 8 before new lending, and limit its liability: Σ weight × new principal of
    all facilities that name the limit ≤ max(0, multiple × net assets − liability).  The multiple is
    multiplied by the value of ``drawn``, if that names a Drawn.  Facilities on one limit share new lending
    pro rata to their demand: all their loans are cut by one λ, whatever they weigh.
    """

    name: str
    party: str
    basis: Literal["paid_in", "balance", "net_assets"]
    multiple: float
    drawn: str | None = None

    place: ClassVar[str] = "capacities"

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a limit on the net assets of a party that keeps no guarantor's books."""
        if self.basis == "net_assets" and self.party not in {g.party for g in scheme.guarantors}:
            yield f"limit {self.name}: {self.party} keeps no guarantor's books"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligorLimit(Noun):
    """No new loan of which the guarantor retains more than a share of its net assets.

    Read at step 8 before new lending: loans of a band with retained share × principal > share × net
    assets of the Guarantor of ``party`` are refused that month (``refused_obligor``), after breakers and
    before eligible firms and capacity cut what is left.  Renewals go on.
    """

    facility: str
    party: str
    share: float
    retained: float
    """Share of the principal that stays with the guarantor after bank and reguarantors."""

    place: ClassVar[str] = "obligor_limits"

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a limit by the net assets of a party that keeps no guarantor's books."""
        if self.party not in {g.party for g in scheme.guarantors}:
            yield f"obligor limit of {self.facility}: {self.party} keeps no guarantor's books"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a yuan of principal of one band of one facility counts in a guarantor's liability."""

    facility: str
    segment: str
    band: int
    weight: float
    """Prudential weight × share of the principal that the guarantor retains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantor(Noun):
    """Prudential books of a party that guarantees loans.

    * liability = Σ weight × outstanding principal: performing, or defaulted and its claim not yet due (by
      the facility's ``claim_months``).
    * receivable: what it may expect to recover of what it paid.  For the defaults of month s:
      ``expected_recovery × (paid by its contracts − paid to it by those who cover them) ×`` the share of
      the facility's recovery parts that arrive after the current month.
    * unearned premium = ``unearned_share`` × fees received in the last twelve months, this one included.
    * compensation reserve: at each policy year's end (after step 8 of its last month) it grows by
      ``reserve_rate`` × liability and is cut to ``reserve_cap`` × liability; no release in between.
    * net assets = balance + receivable − unearned premium − reserve − arrears of claims.

    All of them are recorded at month-end; ``insolvent_month`` is the first month-end with net assets
    below −0.5 fen.
    """

    party: str
    contracts: tuple[str, ...]
    """Its contracts towards lenders."""
    weights: tuple[Weight, ...]
    fees: tuple[Line, ...]
    """Lines of the ledger that are its fee income."""
    expected_recovery: float
    """Expected recovery, net of costs, per yuan paid (1 − mean LGD, less costs)."""
    unearned_share: float = 0.5
    reserve_rate: float = 0.01
    reserve_cap: float = 0.10

    place: ClassVar[str] = "guarantors"
    prefix: ClassVar[str] = "guarantor"
    records: ClassVar[tuple[Record, ...]] = (
        Record(name="net_assets", nature=Nature.STOCK, unit="yuan", english="net assets", chinese="净资产"),
        Record(
            name="liability",
            nature=Nature.STOCK,
            unit="yuan",
            english="liability, weighted",
            chinese="担保责任余额（加权）",
        ),
        Record(
            name="receivable",
            nature=Nature.STOCK,
            unit="yuan",
            english="expected recoveries on compensation paid",
            chinese="应收代偿款（预计可追回）",
        ),
        Record(
            name="unearned",
            nature=Nature.STOCK,
            unit="yuan",
            english="unearned premium",
            chinese="未到期责任准备金",
        ),
        Record(
            name="reserve",
            nature=Nature.STOCK,
            unit="yuan",
            english="compensation reserve",
            chinese="担保赔偿准备金",
        ),
        Record(
            name="insolvent_month",
            nature=Nature.MONTH,
            unit="yes/no",
            step=8,
            start=math.inf,
            english="net assets are negative for the first time",
            chinese="净资产首次为负",
        ),
    )

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return party → its books."""
        return {g.party: g for g in scheme.guarantors}

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield books that could not be kept."""
        if sum(g.party == self.party for g in scheme.guarantors) > 1:
            yield "a party has two sets of guarantor's books"
        own = {c.name for c in scheme.contracts if c.payer == self.party and c.covers is None}
        for name in self.contracts:
            if name not in own:
                yield f"contract {name} is no cover of a lender by {self.party}"
        taped = {f.name for f in scheme.facilities if f.tape is not None}
        if on_tape := taped & {w.facility for w in self.weights}:
            yield f"loans on the tape of {min(on_tape)} have no size band, so no weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker(Noun):
    """Stops a facility when a metric is too high; read at step 8 of the window's months, before lending.

    ``overdue_rate`` and ``npl_ratio``: stock ÷ (performing + overdue stock).  ``compensation_ratio``:
    gross compensation paid by ``party``, in the policy year to date or over life, ÷ its paid_in.
    Fires at metric ≥ threshold and lifts at metric ≤ reset; ``terminate`` never lifts.  New loans
    stop from this step 8 on, renewals from step 5 of the next month; both stop under ``terminate``.
    """

    name: str
    facility: str
    metric: Literal["overdue_rate", "npl_ratio", "compensation_ratio"]
    threshold: float
    reset: float
    action: Literal["stop_new", "stop_new_and_renewals", "terminate"]
    party: str | None = None
    lifetime: bool = False

    place: ClassVar[str] = "breakers"
    prefix: ClassVar[str] = "breaker"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="months",
            nature=Nature.FLOW,
            unit="months",
            english="months in which it was on at step 8",
            chinese="熔断月数",
        ),
        Record(
            name="fired_month",
            nature=Nature.MONTH,
            unit="yes/no",
            start=math.inf,
            english="month in which it first fired",
            chinese="首次熔断月份",
        ),
    )
