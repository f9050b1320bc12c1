"""What the core recorded, by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fundsim.core import engine
from fundsim.scheme import Engine, Scheme, record_names

SEED = 20150101


@dataclass(frozen=True)
class History:
    """Records of some paths of a scheme: month-end values, and the last snapshot for those without."""

    scheme: Scheme
    months: dict[str, np.ndarray]
    """Record → shape (paths, months)."""
    snapshots: dict[str, np.ndarray]
    """Record → shape (paths, snapshots)."""

    def __getitem__(self, record: str) -> np.ndarray:
        return self.months[record]

    def get(self, record: str) -> np.ndarray | float:
        """Return a record, 0 if the scheme has none of this name."""
        return self.months.get(record, 0.0)

    def total(self, *records: str) -> np.ndarray:
        """Return the sum of records, shape (paths, months)."""
        zero = np.zeros(next(iter(self.months.values())).shape)
        return sum((self.months[record] for record in records), zero)

    def until(self, month: int) -> History:
        """Return the months before one; snapshots stay as they are."""
        return replace(self, months={name: values[:, :month] for name, values in self.months.items()})

    def final(self, record: str) -> np.ndarray:
        """Return a record at the end of the run-off, shape (paths,)."""
        return self.snapshots[record][:, -1]

    def matching(self, prefix: str) -> dict[str, np.ndarray]:
        """Return the month-end records whose names begin so."""
        return {name: values for name, values in self.months.items() if name.startswith(prefix)}


def history(
    scheme: Scheme, paths: int = 3, first: int = 0, seed: int = SEED, run_by: Engine = engine
) -> History:
    """Run some paths through an engine, the core unless given, and return all that it recorded."""
    names = record_names(scheme)
    monthly = names.flows + names.stocks + names.months
    block = run_by(scheme, monthly).run(seed, first, paths)
    return History(
        scheme,
        {name: block.series[:, :, column] for column, name in enumerate(monthly)},
        {name: block.snapshots[:, :, column] for column, name in enumerate(names.all)},
    )
