"""What numbers are drawn for, as the counter words that kernels compute with: each ``Purpose`` once."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import Purpose

__all__ = [
    "BRIDGE",
    "BUDGET",
    "DRAWN",
    "EQUITY",
    "FACTOR",
    "LGD",
    "LIFE",
    "MATURITY",
    "MIXING",
    "OPENING",
    "POPULATION",
    "TAPE",
]

BRIDGE = np.uint64(Purpose.BRIDGE)
FACTOR = np.uint64(Purpose.FACTOR)
LIFE = np.uint64(Purpose.LIFE)
MATURITY = np.uint64(Purpose.MATURITY)
LGD = np.uint64(Purpose.LGD)
OPENING = np.uint64(Purpose.OPENING)
MIXING = np.uint64(Purpose.MIXING)
POPULATION = np.uint64(Purpose.POPULATION)
DRAWN = np.uint64(Purpose.DRAWN)
EQUITY = np.uint64(Purpose.EQUITY)
BUDGET = np.uint64(Purpose.BUDGET)
TAPE = np.uint64(Purpose.TAPE)
