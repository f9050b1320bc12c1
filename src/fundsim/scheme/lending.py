"""Facilities lend; limits and breakers stop them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fundsim.scheme.borrowers import Borrowers, OpeningLoans
from fundsim.scheme.metrics import About
from fundsim.scheme.money import Line
from fundsim.scheme.tape import Tape

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligorLimit:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a yuan of principal of one band of one facility counts in a guarantor's liability."""

    facility: str
    segment: str
    band: int
    weight: float
    """Prudential weight × share of the principal that the guarantor retains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantor:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
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
