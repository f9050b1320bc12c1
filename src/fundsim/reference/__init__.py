"""The second engine: the same rules again, in SimPy, slow and readable.

It shares no code with the compiled core.  One process is one loan, one claim or one recovery; the
month's collective acts (appropriations, settlement, lending) are one more.  Only the factors of the
economy are drawn from the same counters as in the core, so that both engines can be compared path by
path; everything else is drawn in its own way, from a generator of its own for each path.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fundsim.reference.month import City
from fundsim.reference.records import Recorder, RecordPlan, plan_records
from fundsim.reference.settlement import claims_desks
from fundsim.scheme import Prepared, RecordBlock, Scheme

__all__ = ["engine"]


@dataclass(frozen=True)
class _PreparedScheme:
    scheme: Scheme
    plan: RecordPlan

    def run(self, seed: int, first: int, count: int) -> RecordBlock:
        """Simulate ``count`` paths from number ``first`` on."""
        plan = self.plan
        snapshots = np.empty((count, len(plan.snapshot_rows), len(plan.names)))
        series = np.empty((count, plan.months, len(plan.series)))
        for row in range(count):
            city = City(self.scheme, seed, first + row)
            recorder = Recorder(plan, city)
            city.run(recorder.write)
            snapshots[row], series[row] = recorder.snapshots, recorder.series
        return RecordBlock(first, snapshots, series)


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
        ValueError: an unknown record, a recovery that would arrive before its default, arrears carried
            by a contract that has a cap or is covered, a guarantor's weight on a facility with a tape, or
            payers that no order of settlement can serve.
    """
    for facility in scheme.facilities:
        if any(part.lag_months < 1 for part in facility.recovery):
            message = (
                f"facility {facility.name}: a recovery arrives one month after the default at the earliest"
            )
            raise ValueError(message)
    covered = {contract.covers for contract in scheme.contracts}
    for contract in scheme.contracts:
        caps = (contract.year_limit, contract.limit, contract.cohort_cap_rate)
        if contract.carry and (contract.name in covered or min(caps) < math.inf):
            message = f"contract {contract.name}: what carries arrears has no cap and is not covered"
            raise ValueError(message)
    taped = {facility.name for facility in scheme.facilities if facility.tape is not None}
    for weight in (w for guarantor in scheme.guarantors for w in guarantor.weights):
        if weight.facility in taped:
            message = f"loans on the tape of {weight.facility} have no size band, so no weight"
            raise ValueError(message)
    claims_desks(scheme.contracts)
    return _PreparedScheme(scheme, plan_records(scheme, series, records))
