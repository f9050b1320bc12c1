"""Who borrows, on which terms, at which risk."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Band", "Borrowers", "Lgd", "OpeningLoans", "Population", "Segment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lgd:
    """Loss given default: fixed when ``sd`` is 0, else a beta law.

    One default in month t has ``BetaInv(Φ(−√c X_t + √(1−c) η))`` with its own standard normal η
    and the segment's index X of that month; the beta law has the mean ``drawn_mean`` and the sd ``sd``.
    """

    mean: float
    """Over defaults, which come with a low X: what is expected in all books."""
    sd: float = 0.0
    """Standard deviation of the beta law."""
    factor_correlation: float = 0.0
    """c, 0 … 1: the share of the variance of the normal score that the factor explains."""
    law_mean: float | None = None
    """Mean of the beta law (already solved for the mean over defaults); None: ``mean``."""

    @property
    def drawn_mean(self) -> float:
        """Mean of the law that losses are drawn from."""
        return self.mean if self.law_mean is None else self.law_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Loans of one principal [yuan] and their probability among the new loans of a segment."""

    principal: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Eligible firms of a segment that enter, grow older and leave, by a path's own draws.

    At step 1 of each simulated month t, the run-off included: if t is 12, 24, … every firm becomes a year
    older; then of the n firms of age a Binomial(n, 1 − (1 − exit_annual[a])^(1/12)) leave; then
    Poisson(entry_annual/12) firms of age 0 enter.  Leaving is not defaulting: it touches no loan, it only
    lowers the number of eligible firms.
    """

    opening: tuple[int, ...]
    """Firms of age 0, 1, 2 … whole years before month 0; the last entry is that age and older."""
    entry_annual: float
    exit_annual: tuple[float, ...]
    """Probability to leave within a year, by age as in ``opening``; of the same length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Borrowers that share one risk and one loan.

    Index ``X = sqrt(city_weight) Z + sqrt(1 − city_weight) W_sector``; conditional PD of a step
    ``q(X) = Φ((c − sqrt(rho) X)/sqrt(1 − rho))`` with the threshold c.
    """

    name: str
    sector: str | None
    """None only when ``city_weight`` is 1."""
    city_weight: float
    pd_annual: float
    rho: float
    """Asset correlation of a factor's step (already solved from the one-year horizon)."""
    maturity_share: float
    """Share m of the hazard that is held back and strikes at maturity, 0 … 1."""
    lgd: Lgd
    term_months: int
    rate_annual: float
    bands: tuple[Band, ...]
    """Ascending principal; the entity of band b on a facility is ``facility.segment.b``."""
    renew: float
    """Probability that a sound loan is renewed at maturity; its mean over X if ``renew_rho`` is above 0."""
    default_if_not_renewed: float
    """Probability that a sound firm defaults when a renewal that it would have had is forbidden."""
    firms: int | None = None
    """Eligible firms; new loans never exceed them less the firms that have a loan.  None: no limit."""
    population: Population | None = None
    """Eligible firms that come and go, instead of a fixed number; at most one of the two is given."""
    renew_rho: float = 0.0
    """r, 0 … below 1: at an index X renewal has probability ``Φ((Φ⁻¹(renew) + sqrt(r) X)/sqrt(1 − r))``."""
    threshold: float | None = None
    """c, the score below which a firm defaults in a factor's step (already solved with ``rho``).

    None: Φ⁻¹(q), or t_ν⁻¹(q) under a t copula, of the step's ``q = 1 − (1 − pd_annual)^(step/12)``, which is
    exact for a yearly step; a static economy has only this.
    """
    outstanding_share: tuple[float, ...] = ()
    """Share s_a of the principal that is outstanding in month a = 1 … term of a loan's life.

    Empty means a bullet loan (all ones).  A default in month a leaves principal × s_a unpaid; at step 5
    of month a a sound loan repays principal × (s_a − s_{a+1}), s_{term+1} = 0, booked as ``repayment`` and
    counted in ``matured``.  A renewal follows on the last instalment and lends the whole principal again:
    it is booked as ``loan`` at step 5, where the renewal of a bullet loan moves no money.  An opening loan
    with r months left owes principal × s_{term−r+1} before month 0.  Amortising loans have
    maturity_share 0.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrowers:
    """A segment that a facility lends to, and its share of the demand."""

    segment: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLoans:
    """Loans on the books before month 0, exposed in months 0 … months_left − 1.

    Their band's principal is the one that was granted, whatever an amortising loan has repaid of it.
    """

    segment: str
    band: int
    months_left: int
    n_loans: int
