"""The calendar of a run and the factors that move all loans of a path."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Economy", "Window"]


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
    """Months after the window until the last noun has ended its life; nothing new is lent in them."""
    lending_run_off: int | None = None
    """Of them, those in which loans, claims and recoveries still run; None: all of them."""

    @property
    def total(self) -> int:
        """Months simulated, window and run-off."""
        return self.months + self.run_off

    @property
    def lending(self) -> int:
        """Months in which loans, claims and recoveries run."""
        return self.months + self.waiting

    @property
    def waiting(self) -> int:
        """Months after the window in which loans, claims and recoveries still run."""
        return self.run_off if self.lending_run_off is None else self.lending_run_off

    @property
    def snapshots(self) -> tuple[int, ...]:
        """Numbers of elapsed months at which cumulative records are copied.

        Every policy year's end, the window's end, the end of lending's life and the end of the run-off.

        >>> Window(year=2015, month=1, months=36, run_off=15).snapshots
        (12, 24, 36, 48, 51)
        """
        years = set(range(12, self.total + 1, 12))
        return tuple(sorted(years | {self.months, self.lending, self.total}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """One city factor Z and a factor W for each sector, AR(1) at the factor's own step.

    ``Z' = φ Z + sqrt(1 − φ²) ε`` from step to step, with a stationary start unless ``start`` fixes Z in the
    first step.  W starts stationary and its innovations have the given correlation, by Cholesky in name
    order.
    """

    step_months: int
    """12, 3 or 1; 0 means one value for the whole path (static)."""
    persistence: float
    """AR(1) coefficient φ of one step (already solved from the yearly one)."""
    sectors: tuple[str, ...] = ()
    """Names in ascending order."""
    sector_correlation: tuple[tuple[float, ...], ...] = ()
    """Correlation matrix of the sectors' innovations, in the order of ``sectors``."""
    start: float | None = None
    """Value of Z in the first step [standard deviations]."""
    t_degrees: float | None = None
    """Degrees of freedom ν > 2 of a Student-t copula; None means Gaussian.

    One g = χ²_ν/ν a step and path for all segments, independent over steps and of the factors:
    ``q(X, g) = Φ((t_ν⁻¹(q) sqrt(g) − sqrt(ρ) X)/sqrt(1 − ρ))``.  It acts on defaults only, not on LGD.
    """
    shift: tuple[float, ...] = ()
    """What a stress adds to Z in each month [standard deviations]; empty means none."""
    fixed: tuple[float, ...] = ()
    """Z in each month where a named path fixes it, NaN elsewhere; empty means nowhere.

    A fixed month replaces the simulated Z (and its shift) in that month only; the AR(1) recursion
    goes on underneath as if it had not been fixed.
    """
