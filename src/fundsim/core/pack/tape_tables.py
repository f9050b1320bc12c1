"""A loan tape as tables: loans in the order in which the kernels walk over them.

Axis names: k book of a tape (facility × segment), v vintage (book × months left), stratum (vintage × bin of
PD), bin (book × PD), i loan.  Loans of a vintage live and mature together, as long as they are renewed.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

from fundsim.core.pack.record_types import record

__all__ = [
    "MOST_FOUND",
    "TAPE_BIN",
    "TAPE_BOOK",
    "TAPE_FOUND",
    "TAPE_LOAN",
    "TAPE_RISK",
    "TAPE_STRATUM",
    "TAPE_TERMS",
    "TAPE_VINTAGE",
    "VINTAGE_WORK",
    "Ended",
    "TapeTable",
]

Array: TypeAlias = Any


class Ended(IntEnum):
    """How the bridge of a loan has ended."""

    LOST = 0
    """Nobody served its firm, and it defaults."""
    PRIVATE = 1
    """Nobody served its firm, which found a private bridge."""
    RELENT = 2
    """Its fund's bridge ended with a renewal."""
    REPAID = 3
    """Its fund's bridge ended without; or its firm was short after the window, and repaid."""


TAPE_BOOK = record(
    "facility segment borrowers book term first_vintage first_bin end_bin renews simple random_lgd"
    " shorts fund",
    "interest_monthly stay_inverse want_inverse",
    "entity",
)
"""(k): ``term`` vintages from ``first_vintage`` on, that with r months left at r − 1; 1 when loans may be
renewed; 1 when they may not, and nothing is held back for maturity; 1 when their LGD is random; 1 when
their firms can be short of cash at maturity; row of their bridge fund or −1; interest of a month per yuan;
−1/ln P(no drop-out), −1/ln P(no default for lack of renewal)."""

TAPE_VINTAGE = record("first_stratum end_stratum first_loan end_loan", "principal")
"""(v)"""

TAPE_STRATUM = record("bin first_loan end_loan")
TAPE_BIN = record("segment months", "threshold least_sensitivity sensitivity hazard")
"""(bin): largest threshold and unconditional monthly hazard, least and largest sensitivity of its loans;
months of the economy that its loans may see."""

TAPE_RISK = record(reals="threshold sensitivity")
"""(i): c/sqrt(1 − ρ) and sqrt(ρ/(1 − ρ)) of a factor's step at the loan's PD."""
TAPE_LOAN = record("lgd_table", "principal")
"""(i): row of ``lgd_nodes``, or −1 when LGD is fixed."""
TAPE_TERMS = record(reals="hazard recovery interest_monthly")
"""(i), looked at less often: unconditional hazard of a month; 1 − LGD when it is fixed; interest of a month
[yuan]."""

VINTAGE_WORK = record("n cohort struck fresh", "principal")
"""(v): performing loans and their principal; cohort of their present life; first loan, from 1, of those that
will default at their maturity; 1 when they have just been renewed."""


TAPE_FOUND = record("loan", "clock")
"""A loan in hand, and its clock where that is asked for."""
MOST_FOUND = 256


class TapeTable(NamedTuple):
    """All tapes of a scheme; read only."""

    books: Array  # TAPE_BOOK (k)
    vintages: Array  # TAPE_VINTAGE (v)
    strata: Array  # TAPE_STRATUM
    bins: Array  # TAPE_BIN
    risks: Array  # TAPE_RISK (i): apart from the rest, so that what is looked at most lies together
    loans: Array  # TAPE_LOAN (i)
    terms: Array  # TAPE_TERMS (i)
    lgd_nodes: Array  # LGD_NODE (table, node)
