"""How nearly amounts of money must agree: to half a fen."""

from __future__ import annotations

import numpy as np

from fundsim.scheme.money import HALF_A_FEN

__all__ = ["HALF_A_FEN", "near", "never_below", "rising"]


def near(left: np.ndarray | float, right: np.ndarray | float) -> bool:
    """Whether two amounts agree to half a fen in every path and month."""
    return bool(np.max(np.abs(np.asarray(left) - np.asarray(right)), initial=0.0) < HALF_A_FEN)


def never_below(values: np.ndarray, floor: np.ndarray | float = 0.0) -> bool:
    """Whether values nowhere lie more than half a fen below a floor."""
    return bool(np.min(values - floor, initial=0.0) > -HALF_A_FEN)


def rising(values: np.ndarray) -> bool:
    """Whether values never fall from month to month, rounding apart."""
    return bool(np.min(np.diff(values, axis=1), initial=0.0) > -1e-6)
