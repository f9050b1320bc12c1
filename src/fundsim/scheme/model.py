"""Parties hold money, facilities lend, contracts say who pays whom when a loan is lost.

Units: money in yuan, rates as fractions, time in whole months counted from the window's start
(month 0 is the first).  "Month t" as a date means the end of month t, unless a step of the month
is named.  The order inside a month is: economy, appropriations, recoveries, defaults in life,
maturities, claims, fees and interest, breakers and new lending, month-end balances.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from fundsim.scheme.metrics import Aggregate, Metric

__all__ = [
    "Band",
    "Borrowers",
    "Breaker",
    "Capacity",
    "Contract",
    "Demand",
    "Economy",
    "Facility",
    "Fee",
    "Injection",
    "Interest",
    "Lgd",
    "Line",
    "MarginRefund",
    "OpeningLoans",
    "Party",
    "RecoveryPart",
    "RunningCost",
    "Scheme",
    "Segment",
    "TopUp",
    "Window",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The policy window and the run-off after it."""

    year: int
    """Calendar year of month 0."""
    month: int
    """Calendar month of month 0 [1 … 12]."""
    months: int
    """Length of the policy window [months]."""
    run_off: int
    """Months after the window in which nothing new is lent."""

    @property
    def total(self) -> int:
        """Months simulated, window and run-off."""
        return self.months + self.run_off

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Numbers of elapsed months at which cumulative records are copied.

        Every policy year's end, the window's end and the end of the run-off.

        >>> Window(year=2015, month=1, months=36, run_off=15).snapshots
        (12, 24, 36, 48, 51)
        """
        years = set(range(12, self.total + 1, 12))
        return tuple(sorted(years | {self.months, self.total}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """One city factor Z and a factor W for each sector, AR(1) at the factor's own step.

    ``Z' = φ Z + sqrt(1 − φ²) ε`` with ``φ = persistence^(step_months/12)`` and a stationary start,
    unless ``start`` fixes Z in the first step.  W starts stationary and its innovations have the
    given correlation, by Cholesky in name order.
    """

    step_months: int
    """12, 3 or 1; 0 means one value for the whole path (static)."""
    persistence: float
    """Yearly AR(1) coefficient φ, 0 … 0.99."""
    sectors: tuple[str, ...] = ()
    """Names in ascending order."""
    sector_correlation: tuple[tuple[float, ...], ...] = ()
    """Correlation matrix of the sectors' innovations, in the order of ``sectors``."""
    start: float | None = None
    """Value of Z in the first step [standard deviations]."""
    shift: tuple[float, ...] = ()
    """What a stress adds to Z in each month [standard deviations]; empty means none."""
    fixed: tuple[float, ...] = ()
    """Z in each month where a named path fixes it, NaN elsewhere; empty means nowhere.

    A fixed month replaces the simulated Z (and its shift) in that month only; the AR(1) recursion
    goes on underneath as if it had not been fixed.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Lgd:
    """Loss given default: fixed when ``sd`` is 0, else beta(mean, sd).

    One default in month t has ``BetaInv(Φ(−√c X_t + √(1−c) η))`` with its own standard normal η
    and the segment's index X of that month.
    """

    mean: float
    sd: float = 0.0
    factor_correlation: float = 0.0
    """c, 0 … 1: the share of the variance of the normal score that the factor explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Loans of one principal [yuan] and their probability among the new loans of a segment."""

    principal: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Borrowers that share one risk and one loan.

    Index ``X = sqrt(city_weight) Z + sqrt(1 − city_weight) W_sector``; conditional PD of a step
    ``q(X) = Φ((Φ⁻¹(q) − sqrt(rho) X)/sqrt(1 − rho))``, ``q = 1 − (1 − pd_annual)^(step/12)``.
    """

    name: str
    sector: str | None
    """None only when ``city_weight`` is 1."""
    city_weight: float
    pd_annual: float
    rho: float
    """Asset correlation at the factor's own step (already solved from the one-year horizon)."""
    maturity_share: float
    """Share m of the hazard that is held back and strikes at maturity, 0 … 1."""
    lgd: Lgd
    term_months: int
    rate_annual: float
    bands: tuple[Band, ...]
    """Ascending principal; the entity of band b on a facility is ``facility.segment.b``."""
    renew: float
    """Probability that a sound loan is renewed at maturity."""
    default_if_not_renewed: float
    """Probability that a sound firm defaults when a renewal that it would have had is forbidden."""
    firms: int | None = None
    """Eligible firms; new loans never exceed them less the firms that have a loan.  None: no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A balance sheet.  A limited party never pays more than it holds."""

    name: str
    opening: float = 0.0
    limited: bool = True
    """False for banks, treasuries, firms and the outside world: their balance may be negative."""
    public: bool = False
    """Whether its money is public: it then counts in the fiscal cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the ledger: every transfer of one kind from one party to another."""

    source: str
    target: str
    kind: str

    @property
    def record(self) -> str:
        """Name of the cumulative record of this line."""
        return f"flow/{self.source}>{self.target}/{self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """A dated payment into a party at step 2 of ``month``; it raises the target's paid_in."""

    source: str
    target: str
    month: int
    amount: float
    kind: str = "injection"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """At step 2 of each month of the window: when ``target`` holds less than ``below``, fill to ``to``.

    At most ``year_limit`` in one policy year.  It raises the target's paid_in.
    """

    source: str
    target: str
    below: float
    to: float
    year_limit: float = math.inf
    kind: str = "top_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """At step 7 ``payer`` pays ``party`` rate_annual/12 of the balance that it then holds."""

    party: str
    payer: str
    rate_annual: float
    kind: str = "interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCost:
    """At step 7 (after interest) ``party`` pays ``payee`` amount_annual/12, or what it holds if less."""

    party: str
    payee: str
    amount_annual: float
    kind: str = "running_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Paid per yuan lent: ``flat`` + ``annual`` × term/12, for the coming term.

    On new loans at the moment of grant (step 8), on renewals at step 7 of the month of renewal if
    ``on_renewal``.
    """

    facility: str
    payer: str
    payee: str
    flat: float = 0.0
    annual: float = 0.0
    on_renewal: bool = True
    kind: str = "fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRefund:
    """Mutual margin (助保金) goes back to firms that repay for good (step 5).

    A month's refund is ``rate × principal repaid × min(1, balance ÷ live contributions)``; live
    contributions are ``rate`` × the facility's principal performing after this month's defaults and
    before its repayments.
    """

    facility: str
    party: str
    payee: str
    rate: float
    kind: str = "margin_refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A lending limit: Σ outstanding of the facilities that name it ≤ multiple × base.

    ``paid_in`` is opening + injections + top-ups; ``balance`` is the party's cash after step 7, less
    any arrears that it owes.  Facilities on one limit share new lending pro rata to their demand.
    """

    name: str
    party: str
    basis: Literal["paid_in", "balance"]
    multiple: float


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
class Borrowers:
    """A segment that a facility lends to, and its share of the demand."""

    segment: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLoans:
    """Loans on the books before month 0, exposed in months 0 … months_left − 1."""

    segment: str
    band: int
    months_left: int
    n_loans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPart:
    """A share of the recovery of a default of month t, arriving at step 3 of month t + lag_months."""

    lag_months: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A lending programme.

    ``outstanding`` is performing principal plus defaulted principal younger than ``claim_months``:
    a default of month t counts until step 6 of month t + claim_months.
    """

    name: str
    lender: str
    borrowers: tuple[Borrowers, ...]
    demand: Demand
    capacity: str | None = None
    opening: tuple[OpeningLoans, ...] = ()
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
    def closing_months(self) -> int:
        """Months after default at which a loan leaves the overdue and non-performing stock."""
        if not self.recovery:
            return self.write_off_months
        return min(self.write_off_months, max(part.lag_months for part in self.recovery))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A payer covers a share of an insured's loss on the defaults of one facility.

    The insured is the lender (``covers`` None) or the payer of the contract named by ``covers``.
    On the batch of one month's defaults of one cohort:

    * basis of a lender: principal defaulted (+ principal × rate × trigger_months/12), less what
      recoveries have reached the lender on it; of an upstream contract: what the insured payer paid,
      less what recoveries have reached it on it.
    * uncovered = basis − what earlier contracts of the same insured paid, net of what they had back.
    * raw claim = share × uncovered, or min(share × basis, uncovered) if ``of`` is ``original``; a
      ``net`` contract (final loss) claims share × LGD of the batch × (gross basis − paid by earlier
      contracts), recovery already netted.
    * per-loan layer: the claim of each loan is cut to ``min(max(claim − attach, 0), limit)``.
    * yearly and cumulative layers: of the running sum of raw claims only what lies above the
      attachment is due; due is cut by limit − paid so far (policy year of payment; life).  A cohort
      cap is ``cohort_cap_rate × volume`` (principal granted to the cohort to date).  What a cap cuts
      is ``above_cap``; several batches that meet one cap in a month are cut pro rata.
    * paid = due within caps × min(1, payer's balance ÷ all that falls due from this payer at this
      depth this month).  The rest is ``unpaid``.

    It falls due ``trigger_months + claim_lag`` months after the default; an upstream contract
    ``trigger_months + claim_lag`` months after the contract that it covers fell due.
    """

    name: str
    facility: str
    payer: str
    share: float
    covers: str | None = None
    of: Literal["uncovered", "original"] = "uncovered"
    basis: Literal["principal", "principal_and_interest"] = "principal"
    net: bool = False
    trigger_months: int = 0
    claim_lag: int = 0
    loan_attach: float = 0.0
    loan_limit: float = math.inf
    year_attach: float = 0.0
    year_limit: float = math.inf
    attach: float = 0.0
    limit: float = math.inf
    cohort_cap_rate: float = math.inf
    cap_on_net: bool = False
    """Whether recoveries handed to the payer restore the caps."""
    carry: bool = False
    """Whether unpaid claims are carried (oldest first, before what falls due now) or lapse.

    A contract that carries has no yearly, cumulative or cohort limit and is not itself covered.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A whole scheme, ready for an engine.  Every name that is used is defined exactly once."""

    window: Window
    economy: Economy
    segments: tuple[Segment, ...] = ()
    parties: tuple[Party, ...] = ()
    facilities: tuple[Facility, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    contracts: tuple[Contract, ...] = ()
    breakers: tuple[Breaker, ...] = ()
    injections: tuple[Injection, ...] = ()
    top_ups: tuple[TopUp, ...] = ()
    interest: tuple[Interest, ...] = ()
    running_costs: tuple[RunningCost, ...] = ()
    fees: tuple[Fee, ...] = ()
    margin_refunds: tuple[MarginRefund, ...] = ()
    metrics: tuple[Metric | Aggregate, ...] = field(default=(), compare=False)
