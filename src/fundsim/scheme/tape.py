"""A loan tape: opening loans one by one, each with a risk of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tape"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tape:
    """Loans on the books of a facility before month 0, a row each; all columns have one length.

    A loan is its own class: it has its segment's factor, yearly ρ, term, rate, maturity share, renewal and
    LGD law, and its own principal, months left, PD and mean LGD.  It belongs to the opening cohort; when it
    is renewed it goes on as the same loan, and belongs to the cohort of its renewal.  Columns are read-only
    arrays rather than tuples, because a tape may have a million rows.
    """

    segments: tuple[str, ...]
    """Names that ``segment`` counts through; each is one of the facility's borrowers."""
    segment: NDArray[np.int64]
    """Position in ``segments``."""
    principal: NDArray[np.float64]
    """Principal outstanding at the start, as granted [yuan]; tape loans are bullet loans."""
    months_left: NDArray[np.int64]
    """1 … term of the segment."""
    pd_annual: NDArray[np.float64]
    lgd_mean: NDArray[np.float64]
    """Mean LGD over the loan's defaults; standard deviation and factor correlation are the segment's."""
    threshold: NDArray[np.float64] | None = None
    """Threshold of a factor's step, as a segment has one; None: that of each loan's yearly PD."""
    rho: NDArray[np.float64] | None = None
    """Asset correlation of a factor's step at each loan's PD; None: the segment's."""
    lgd_law_mean: NDArray[np.float64] | None = None
    """Mean of the beta law that a loan's loss is drawn from; None: ``lgd_mean``."""

    @property
    def lgd_drawn_mean(self) -> NDArray[np.float64]:
        """Mean of the law that each loan's loss is drawn from."""
        return self.lgd_mean if self.lgd_law_mean is None else self.lgd_law_mean

    @property
    def n_loans(self) -> int:
        """Number of loans."""
        return int(self.principal.size)
