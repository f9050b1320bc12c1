"""The second engine: the same rules again, in SimPy, slow and readable.

It shares no code with the compiled core.  One process is one loan, one claim, one recovery, one request to a
bridge fund, whose clock runs in days, one equity fund or one of its deals; the month's collective acts
(appropriations, settlement, lending, payments from lines) are one more.  The factors of the economy and the
draws of equity funds and of budgets come from the same counters as in the core, so that both engines can be
compared path by path; everything else is drawn in its own way, from a generator of its own for each path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fundsim.reference.lending import HeldLending
from fundsim.reference.month import City
from fundsim.reference.recorder import Recorder, RecordPlan, plan_records
from fundsim.reference.settlement import claims_desks
from fundsim.scheme import NewLending, Prepared, RecordBlock, Scheme, check_scheme

__all__ = ["engine"]


@dataclass(frozen=True)
class _PreparedScheme:
    scheme: Scheme
    plan: RecordPlan

    def run(self, seed: int, first: int, count: int, lending: NewLending | None = None) -> RecordBlock:
        """Simulate ``count`` paths from number ``first`` on, with another run's new lending if it is given.

        Raises:
            ValueError: the lending is not of these paths, months and classes.
        """
        plan = self.plan
        snapshots = np.empty((count, len(plan.snapshot_rows), len(plan.names)))
        series = np.empty((count, plan.months, len(plan.series)))
        if lending is not None:
            self._check(lending, first, count)
        for row in range(count):
            held = None if lending is None else HeldLending(lending.granted[row], lending.stopped[row])
            city = City(self.scheme, seed, first + row, held)
            recorder = Recorder(plan, city)
            city.run(recorder.write)
            snapshots[row], series[row] = recorder.snapshots, recorder.series
        return RecordBlock(first, snapshots, series)

    def new_lending(self, seed: int, first: int, count: int) -> NewLending:
        """Simulate the same paths and return what is granted on them."""
        granted = np.zeros((count, *self._shapes[0]), dtype=np.int64)
        stopped = np.zeros((count, *self._shapes[1]), dtype=np.bool_)
        for row in range(count):
            city = City(self.scheme, seed, first + row)
            city.run(lambda month: None)
            granted[row], stopped[row] = city.lending.granted, city.lending.stopped
        return NewLending(first, granted, stopped)

    @property
    def _shapes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Shapes (months, kinds of application) and (months, facilities)."""
        months = self.scheme.window.months
        bands = {segment.name: len(segment.bands) for segment in self.scheme.segments}
        kinds = sum(bands[b.segment] for f in self.scheme.facilities for b in f.borrowers)
        return (months, kinds), (months, len(self.scheme.facilities))

    def _check(self, lending: NewLending, first: int, count: int) -> None:
        shapes = tuple((count, *shape) for shape in self._shapes)
        if lending.first != first or (lending.granted.shape, lending.stopped.shape) != shapes:
            raise ValueError("new lending of other paths, months or classes than the scheme's")


def engine(scheme: Scheme, series: tuple[str, ...], records: tuple[str, ...] | None = None) -> Prepared:
    """Prepare a scheme for this engine (`fundsim.scheme.Engine`).

    Args:
        scheme: the lowered scheme.
        series: names of the records wanted at each month's end.
        records: names of the records wanted at snapshots; all of them unless given.

    Returns:
        An object whose ``run(seed, first, count)`` gives a `fundsim.scheme.RecordBlock`; a path's
        numbers depend on the seed and its own number only.

    Raises:
        ValueError: an unknown record, a scheme that breaks a rule (``check_scheme``), or payers that no
            order of settlement can serve.
    """
    check_scheme(scheme)
    claims_desks(scheme.contracts)
    return _PreparedScheme(scheme, plan_records(scheme, series, records))
