"""Who borrows, on which terms, at which risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fundsim.scheme.noun import Nature, Noun, Record
from fundsim.scheme.shortage import Shortage, SizeLaw

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme

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
class Population(Noun):
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

    place: ClassVar[str] = "populations"
    prefix: ClassVar[str] = "segment"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="entered",
            nature=Nature.FLOW,
            unit="firms",
            step=1,
            english="firms that became eligible",
            chinese="新增合格企业",
        ),
        Record(
            name="exited",
            nature=Nature.FLOW,
            unit="firms",
            step=1,
            english="firms that ceased to be eligible",
            chinese="退出合格企业",
        ),
        Record(
            name="population",
            nature=Nature.STOCK,
            unit="firms",
            english="eligible firms, with or without a loan",
            chinese="合格企业户数",
        ),
    )

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return segment → its population, of the segments that have one."""
        return {s.name: s.population for s in scheme.segments if s.population is not None}

    def at_start(self) -> Mapping[str, float]:
        """Return the firms before month 0."""
        return {"population": sum(self.opening)}


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
    shortage: Shortage | None = None
    """Sound firms that are short of cash at maturity; None: none are."""
    sizes: SizeLaw | None = None
    """The law that the bands stand for, if they do: that of the requests to a bridge fund."""


BOOK_RECORDS = (
    Record(
        name="n_new",
        nature=Nature.FLOW,
        unit="loans",
        step=8,
        english="loans granted to new borrowers",
        chinese="新发放贷款笔数",
    ),
    Record(
        name="n_renewed",
        nature=Nature.FLOW,
        unit="loans",
        step=5,
        english="loans renewed",
        chinese="续贷笔数",
    ),
    Record(
        name="lent_new",
        nature=Nature.FLOW,
        unit="yuan",
        step=8,
        english="principal granted to new borrowers",
        chinese="新发放贷款本金",
    ),
    Record(
        name="lent_renewed",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="principal renewed",
        chinese="续贷本金",
    ),
    Record(
        name="n_defaulted",
        nature=Nature.FLOW,
        unit="loans",
        step=4,
        english="loans defaulted",
        chinese="违约笔数",
    ),
    Record(
        name="defaulted",
        nature=Nature.FLOW,
        unit="yuan",
        step=4,
        english="principal outstanding on defaults",
        chinese="违约本金",
    ),
    Record(
        name="defaulted_at_cliff",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="of it, renewals that ended with the window",
        chinese="其中：政策到期停止续贷所致",
    ),
    Record(
        name="defaulted_at_stop",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="of it, renewals that a breaker forbade",
        chinese="其中：熔断停止续贷所致",
    ),
    Record(
        name="n_short",
        nature=Nature.FLOW,
        unit="loans",
        step=5,
        english="sound firms short of cash at maturity",
        chinese="到期暂时缺资金的正常企业",
    ),
    Record(
        name="short",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="loans of firms short of cash at maturity",
        chinese="到期暂时缺资金企业的贷款金额",
    ),
    Record(
        name="n_defaulted_unserved",
        nature=Nature.FLOW,
        unit="loans",
        step=5,
        english="of the defaults, for lack of a bridge",
        chinese="其中：因未获转贷而违约的笔数",
    ),
    Record(
        name="defaulted_unserved",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="of the principal on defaults, for lack of a bridge",
        chinese="其中：因未获转贷而违约的本金",
    ),
    Record(
        name="n_private",
        nature=Nature.FLOW,
        unit="loans",
        step=5,
        english="firms that found a private bridge",
        chinese="使用民间过桥资金的企业",
    ),
    Record(
        name="private_cost",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="what private bridges cost the firms",
        chinese="民间过桥费用",
    ),
    Record(
        name="n_bridged",
        nature=Nature.FLOW,
        unit="loans",
        step=5,
        english="of the renewals, after a bridge by the fund",
        chinese="其中：经转贷资金续贷的笔数",
    ),
    Record(
        name="n_defaulted_after_bridge",
        nature=Nature.FLOW,
        unit="loans",
        step=4,
        english="of the defaults, in the life that follows a bridge of another risk",
        chinese="其中：转贷后（风险加倍）一期内违约的笔数",
    ),
    Record(
        name="defaulted_after_bridge",
        nature=Nature.FLOW,
        unit="yuan",
        step=4,
        english="of the principal on defaults, in such a life",
        chinese="其中：转贷后（风险加倍）一期内违约的本金",
    ),
    Record(
        name="matured",
        nature=Nature.FLOW,
        unit="yuan",
        step=5,
        english="principal that fell due and did not default",
        chinese="到期未违约本金",
    ),
    Record(
        name="recoverable",
        nature=Nature.FLOW,
        unit="yuan",
        step=4,
        english="of the defaults, to be recovered later",
        chinese="违约贷款中预计可追回额",
    ),
    Record(
        name="loan_months",
        nature=Nature.FLOW,
        unit="loan-months",
        english="loans that perform at the start of the month, summed",
        chinese="贷款存续月数",
    ),
    Record(
        name="n_performing",
        nature=Nature.STOCK,
        unit="loans",
        english="loans that perform",
        chinese="正常贷款笔数",
    ),
    Record(
        name="performing",
        nature=Nature.STOCK,
        unit="yuan",
        english="principal that performs, instalments deducted",
        chinese="正常贷款余额",
    ),
)
"""``defaulted`` is the principal that was outstanding on the loans that defaulted, at any moment; ``matured``
the principal due that did not default: bullets at maturity (renewed or repaid), instalments.  ``recoverable``
is (1 − LGD) × what was outstanding on the defaults; ``loan_months`` is the exposure before defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrowers(Noun):
    """A segment that a facility lends to, and its share of the demand: a book of loans."""

    segment: str
    share: float

    place: ClassVar[str] = "books"
    prefix: ClassVar[str] = "book"
    records: ClassVar[tuple[Record, ...]] = BOOK_RECORDS

    @classmethod
    def all_in(cls, scheme: Scheme) -> Mapping[str, Noun]:
        """Return ``facility/segment`` → borrowers."""
        return {f"{f.name}/{b.segment}": b for f in scheme.facilities for b in f.borrowers}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLoans:
    """Loans on the books before month 0, exposed in months 0 … months_left − 1.

    Their band's principal is the one that was granted, whatever an amortising loan has repaid of it.
    """

    segment: str
    band: int
    months_left: int
    n_loans: int
