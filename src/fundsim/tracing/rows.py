"""The ledger of one path: rows, and the same as DataFrames."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from fundsim.errors import counted
from fundsim.scheme import About

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Account", "Entry", "Event", "Figure", "Trace"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment: one line of the ledger in one step of one month."""

    month: int
    """Months elapsed before the month; the first is 0."""
    date: str
    """Calendar month, such as 2015-03."""
    step: int
    """Step of the calendar month, 2 … 8."""
    payer: str
    payee: str
    kind: str
    amount: float
    """[yuan], to a millionth."""
    payer_balance: float | None
    """What the payer holds after it [yuan]; None for parties whose balance is not limited."""
    payee_balance: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a month beside the money: to a book, a contract, a breaker, a party."""

    month: int
    """−1 for what stands before the first month."""
    date: str
    step: int
    subject: str
    what: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Account:
    """A party's sums over the whole path [yuan]: opening + received − paid = closing."""

    party: str
    limited: bool
    opening: float
    received: float
    paid: float
    closing: float
    """By the ledger's entries."""
    in_run: float
    """The run's own balance."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric of the path: by the ledger's sums, and as the run has it; None where it has no value."""

    name: str
    """``metric@horizon``, with the year before the @ if it is one year's."""
    instrument: str
    """Instrument that it is about, ``scheme`` for the whole."""
    part: str
    """Part of the instrument that it is about; empty for the whole."""
    unit: str
    meaning: str
    meaning_zh: str
    headline: bool
    by_ledger: float | None
    in_run: float | None

    @property
    def about(self) -> About:
        """The instrument or the part that it is about."""
        return About(self.instrument, self.part)


@dataclass(frozen=True, slots=True)
class Trace:
    """One path as a dated ledger that sums to the run's own figures of that path."""

    scenario: str
    seed: int
    path: int
    rows: tuple[Entry, ...]
    happened: tuple[Event, ...]
    proof: tuple[Account, ...]
    checked: tuple[Figure, ...]
    resolved: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The scenario as resolved, with the titles that it gives; empty for a bare scheme."""

    @property
    def entries(self) -> pd.DataFrame:
        """Payments in the order in which they were made, a row each."""
        return _frame(Entry, self.rows)

    @property
    def events(self) -> pd.DataFrame:
        """What happened beside the money, a row each."""
        return _frame(Event, self.happened)

    @property
    def accounts(self) -> pd.DataFrame:
        """Opening + received − paid = closing, a row for each party."""
        return _frame(Account, self.proof)

    @property
    def figures(self) -> pd.DataFrame:
        """The path's metrics by the ledger and in the run, a row each."""
        return _frame(Figure, self.checked)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain lists and numbers."""
        return {
            "scenario": self.scenario,
            "seed": self.seed,
            "path": self.path,
            "entries": [asdict(row) for row in self.rows],
            "events": [asdict(row) for row in self.happened],
            "accounts": [asdict(row) for row in self.proof],
            "figures": [asdict(row) for row in self.checked],
        }

    def __repr__(self) -> str:
        """Return which path it is and how much happened on it."""
        return (
            f"<Trace of {self.scenario}, seed {self.seed}, path {self.path}: "
            f"{counted(len(self.rows), 'entry')}, {counted(len(self.happened), 'event')}>"
        )


def _frame(kind: type, rows: Iterable[Any]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415  (the command line prints rows and does without)

    return pd.DataFrame([asdict(row) for row in rows], columns=[f.name for f in fields(kind)])


def finite(value: float) -> float | None:
    """Return a finite number, or None."""
    return float(value) if math.isfinite(value) else None
