"""How much the answers move with what is put in: the single pool, one input at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fundsim.scheme import Lgd, Scheme, Segment
from fundsim.verify.sampling import Sampler
from fundsim.verify.schemes import single_pool

__all__ = ["Shift", "sensitivities"]

NAMES = ("party/pool/unpaid_month", "contract/pool/paid", "contract/pool/due")


@dataclass(frozen=True, slots=True)
class Shift:
    """What one changed input does, on the same random numbers."""

    change: str
    depleted: float
    """Change of P(depleted)."""
    depleted_se: float
    coverage: float
    """Change of the mean claims coverage."""
    coverage_se: float


def sensitivities(sampler: Sampler, paths: int) -> tuple[Shift, ...]:
    """Return the effect of each changed input of the single pool.

    Args:
        sampler: runs the paths.
        paths: number of paths of each variant.
    """
    base = _outcome(sampler, single_pool(), paths)
    shifts = []
    for change, vary in _VARIANTS.items():
        other = _outcome(sampler, vary(single_pool()), paths)
        (dd, ds), (cd, cs) = (_paired(after, before) for after, before in zip(other, base, strict=True))
        shifts.append(Shift(change, dd, ds, cd, cs))
    return tuple(shifts)


def _outcome(sampler: Sampler, scheme: Scheme, paths: int) -> tuple[NDArray[np.float64], ...]:
    """Return whether each path was depleted, and its claims coverage, shape (paths,) each."""
    got = sampler.final("core", scheme, paths, *NAMES)
    month, paid, due = (got[name] for name in NAMES)
    coverage = np.where(due > 0.0, paid / np.where(due > 0.0, due, 1.0), 1.0)
    return np.isfinite(month).astype(np.float64), coverage


def _paired(after: NDArray[np.float64], before: NDArray[np.float64]) -> tuple[float, float]:
    difference = after - before
    return float(difference.mean()), float(difference.std()) / math.sqrt(difference.size)


def _with_segment(change: Callable[[Segment], Segment]) -> Callable[[Scheme], Scheme]:
    return lambda scheme: replace(scheme, segments=tuple(change(s) for s in scheme.segments))


def _with_multiple(factor: float) -> Callable[[Scheme], Scheme]:
    def vary(scheme: Scheme) -> Scheme:
        capacities = tuple(replace(c, multiple=factor * c.multiple) for c in scheme.capacities)
        return replace(scheme, capacities=capacities)

    return vary


_VARIANTS: dict[str, Callable[[Scheme], Scheme]] = {
    "PD + 5 % of itself": _with_segment(lambda s: replace(s, pd_annual=1.05 * s.pd_annual)),
    "PD + 20 % of itself": _with_segment(lambda s: replace(s, pd_annual=1.2 * s.pd_annual)),
    "ρ + 0.02": _with_segment(lambda s: replace(s, rho=s.rho + 0.02)),
    "ρ − 0.05": _with_segment(lambda s: replace(s, rho=s.rho - 0.05)),
    "LGD + 0.02": _with_segment(lambda s: replace(s, lgd=Lgd(mean=s.lgd.mean + 0.02))),
    "LGD + 0.10": _with_segment(lambda s: replace(s, lgd=Lgd(mean=s.lgd.mean + 0.10))),
    "half the hazard at maturity": _with_segment(lambda s: replace(s, maturity_share=0.5)),
    "factor persistence 0.90 a month": lambda s: replace(s, economy=replace(s.economy, persistence=0.90)),
    "multiple 8 instead of 10": _with_multiple(0.8),
    "pool's share 0.4 instead of 0.5": lambda s: replace(
        s, contracts=tuple(replace(c, share=0.8 * c.share) for c in s.contracts)
    ),
}
