"""Bridge funds (应急转贷): revolving money that is lent for days when a loan falls due."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from scipy.special import ndtri

from fundsim.scheme.borrowers import Segment
from fundsim.scheme.bridge_records import FUND_RECORDS
from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words
from fundsim.scheme.shortage import DAYS_PER_MONTH, DaysLaw
from fundsim.scheme.surroundings import FIRMS, OUTSIDE

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

__all__ = ["BridgeFund", "DirectRequests", "FeeTier", "RequestSize"]

SURVIVORS = 1e-6
"""Part of the uses that may last longer than a fund without ``longest`` is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTier:
    """Fee per yuan and calendar day of use, on the days up to ``to_days`` that no tier before it has."""

    to_days: float
    per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectRequests:
    """Requests that belong to no facility: a Poisson process, amounts by weight."""

    per_day: float
    amounts: tuple[float, ...]
    """Ascending [yuan]."""
    probabilities: tuple[float, ...]
    """Of each amount; they sum to 1."""
    seasonality: tuple[float, ...] = ()
    """Weight of each calendar month from January on, mean 1; empty means 1 in all."""
    warm_up_days: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSize(Noun):
    """Requests of a fund by size: those above the size before it, up to ``up_to``."""

    up_to: float
    """[yuan]; infinity for the last."""

    place: ClassVar[str] = "bridge_sizes"
    prefix: ClassVar[str] = "bridge_size"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="n_requests",
            nature=Nature.FLOW,
            unit="requests",
            english="requests of this size",
            chinese="该规模申请笔数",
        ),
        Record(
            name="requested",
            nature=Nature.FLOW,
            unit="yuan",
            english="amount requested in this size",
            chinese="该规模申请金额",
        ),
        Record(
            name="n_refused",
            nature=Nature.FLOW,
            unit="requests",
            english="requests of this size that left unserved",
            chinese="该规模未获批笔数",
        ),
        Record(
            name="refused",
            nature=Nature.FLOW,
            unit="yuan",
            english="amount of this size that left unserved",
            chinese="该规模未获批金额",
        ),
    )

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return ``fund/k`` → its k-th size, of all funds."""
        return {f"{fund.name}/{k}": size for fund in scheme.bridges for k, size in enumerate(fund.sizes)}

    def end(self, scheme: Scheme) -> int:
        """Return the last month of the fund's life."""
        return max(fund.end(scheme) for fund in scheme.bridges if self in fund.sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeFund(Noun):
    """A revolving fund that lends for days to firms that are short when a loan falls due.

    Its rules stand in docs/definitions.md, "Bridge funds".  All times are calendar days, already multiplied
    where a scenario states working days.
    """

    name: str
    party: str
    """Its account: cash = capital + fees kept − out; its opening money is the first capital.  Not limited:
    running cost may come when all is out."""
    facilities: tuple[str, ...] = ()
    """Whose short firms it serves; a facility has one fund at most."""
    requests: DirectRequests | None = None
    """Requests given directly, instead of those of facilities."""
    sizes: tuple[RequestSize, ...]
    """By which requests and refusals are reported; ascending, the last without end."""
    share_financed: float = 1.0
    cap_per_firm: float = math.inf
    own_money_max: float | None = None
    """Largest share of its loan that a firm can pay itself; None: 1 − share_financed."""
    queue: Literal["fifo", "fifo_pass", "small_first"] = "fifo"
    deadline_days: float = 3.0
    days: DaysLaw
    not_renewed: float = 0.0
    not_renewed_rho: float = 0.0
    lgd: float = 0.0
    recovery_lag: int = 1
    """Months from settlement to the start of the month in which a recovery arrives, 1 at least."""
    fee: tuple[FeeTier, ...] = ()
    """Ascending, the last without end; empty means free of charge."""
    fee_free_days: float = 0.0
    recapitalise: bool = False
    running_cost_annual: float = 0.0
    running_cost_share: float = 0.0
    """Share of each month's fees."""
    breaker_threshold: float = math.inf
    breaker_reset: float = 0.0
    month_end_days: float = 0.0
    month_end_times: float = 1.0
    bridged: tuple[Segment, ...] = field(default=())
    """Segments, by the names of the scheme's, as which a loan lives that the fund has bridged; empty where
    that changes no risk."""

    place: ClassVar[str] = "bridges"
    prefix: ClassVar[str] = "bridge"
    records: ClassVar[tuple[Record, ...]] = FUND_RECORDS
    kinds: ClassVar[Mapping[str, Words]] = {
        "bridge_loan": ("bridge loans paid out", "发放应急转贷资金"),
        "bridge_return": ("bridge loans paid back", "归还应急转贷资金"),
        "bridge_fee": ("fees for bridge loans", "应急转贷费用"),
        "bridge_recovery": ("recovered on bridge loans", "应急转贷逾期追偿"),
        "bridge_cost": ("running cost of the bridge fund", "应急转贷资金运营费用"),
        "warm_up": ("what the warm-up has moved", "预热期变动"),
    }

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield what it lends, what comes back, and what it costs."""
        if self.requests is not None and self.requests.warm_up_days > 0:
            yield Entry(line=Line(source=OUTSIDE, target=self.party, kind="warm_up"), steps=(2,))
        yield Entry(line=Line(source=FIRMS, target=self.party, kind="bridge_recovery"), steps=(3,))
        yield Entry(line=Line(source=self.party, target=FIRMS, kind="bridge_loan"), steps=(5,))
        yield Entry(line=Line(source=FIRMS, target=self.party, kind="bridge_return"), steps=(5,))
        yield Entry(line=Line(source=FIRMS, target=self.party, kind="bridge_fee"), steps=(5,))
        yield Entry(line=Line(source=self.party, target=OUTSIDE, kind="bridge_cost"), steps=(7,))

    @property
    def most_own_money(self) -> float:
        """Largest share of its loan that a firm can pay itself."""
        return 1.0 - self.share_financed if self.own_money_max is None else self.own_money_max

    @property
    def longest_use(self) -> float:
        """Days after which next to no use still runs."""
        law = self.days
        if law.law == "exponential":
            draw = -law.mean * math.log(SURVIVORS)
        elif law.law == "lognormal":
            variance = math.log1p(law.cv * law.cv)
            score = -float(ndtri(SURVIVORS))
            draw = law.mean * math.exp(-0.5 * variance + score * math.sqrt(variance))
        else:
            draw = max(law.days, default=law.mean)
        return min(draw, law.longest)

    def end(self, scheme: Scheme) -> int:
        """Return the month in which the last recovery can arrive."""
        days = self.deadline_days + self.longest_use
        return scheme.window.months + math.ceil(days / DAYS_PER_MONTH) + self.recovery_lag

    def segment_after(self, segment: Segment) -> Segment:
        """Return the segment as which a loan lives that the fund has bridged."""
        return next((after for after in self.bridged if after.name == segment.name), segment)

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield a fund for nobody, a facility of two funds, loans that can't be bridged, open tables."""
        name = f"bridge fund {self.name}"
        if bool(self.facilities) == (self.requests is not None):
            yield f"{name}: it serves facilities, or has requests of its own: one of the two"
        segments = {s.name: s for s in scheme.segments}
        for facility in scheme.facilities:
            if facility.name not in self.facilities:
                continue
            if sum(facility.name in fund.facilities for fund in scheme.bridges) > 1:
                yield f"facility {facility.name} has two bridge funds"
            for borrower in facility.borrowers:
                if segments[borrower.segment].outstanding_share:
                    yield f"{name}: the loans of {borrower.segment} amortise, and can't be bridged"
            if facility.tape is not None and self.bridged:
                yield f"{name}: loans of a tape have risks of their own, so that none follows a bridge"
            if scheme.window.waiting * DAYS_PER_MONTH < self.deadline_days:
                yield f"{name}: the run-off of lending is shorter than deadline_days"
        if unknown := set(self.facilities) - {f.name for f in scheme.facilities}:
            yield f"{name}: no such facility: {min(unknown)}"
        if self.fee and not math.isinf(self.fee[-1].to_days):
            yield f"{name}: the last tier of the fee has an end"
        if not self.sizes or not math.isinf(self.sizes[-1].up_to):
            yield f"{name}: the last size has an end"
        if self.recovery_lag < 1:
            yield f"{name}: a recovery arrives in the month after settlement at the earliest"
        yield from self._faults_of_lives_after(segments)
        yield from self._faults_of_money(scheme)

    def _faults_of_lives_after(self, segments: Mapping[str, Segment]) -> Iterator[str]:
        """Yield lives after a bridge that differ from the segment's in nothing, or not in risk alone."""
        for after in self.bridged:
            own = segments.get(after.name)
            if own is None or after == own:
                yield f"bridge fund {self.name}: no other risk of {after.name} follows a bridge"
            elif own != replace(
                after, pd_annual=own.pd_annual, rho=own.rho, threshold=own.threshold, lgd=own.lgd
            ):
                yield f"bridge fund {self.name}: after a bridge {after.name} differs in more than its risk"

    def _faults_of_money(self, scheme: Scheme) -> Iterator[str]:
        """Yield an account of two funds, and money after the window that may not come in whole."""
        if sum(fund.party == self.party for fund in scheme.bridges) > 1:
            yield f"party {self.party} is the account of two bridge funds"
        limited = {party.name for party in scheme.parties if party.limited}
        for injection in scheme.injections:
            late = injection.month >= scheme.window.months
            unsure = injection.source in limited or injection.follows
            if injection.target == self.party and late and unsure:
                yield f"bridge fund {self.name}: {injection.source} may lack what it pays in after the window"
