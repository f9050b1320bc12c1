"""What a run holds in memory is bounded, whatever the number of paths, threads and metrics."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pytest

from fundsim import simulation
from fundsim.results.plan import Plan
from fundsim.scheme import RecordBlock


class Eager:
    """Stands in for an engine whose blocks are ready long before they are asked for."""

    def __init__(self):
        self.started = 0

    def run(self, _seed, first, count):
        self.started += 1
        return RecordBlock(first=first, snapshots=np.zeros((count, 1, 1)), series=np.zeros((count, 0, 0)))


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_an_engine_runs_no_further_ahead_of_the_collector_than_its_threads_need(threads):
    prepared = Eager()
    run = simulation._run_of(prepared, 1, None)
    spans = [(first, 1) for first in range(60)]
    ahead = []
    with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as executor:
        for collected, block in enumerate(simulation._blocks(run, spans, executor, threads)):
            assert block.first == collected
            time.sleep(0.002)
            ahead.append(prepared.started - collected)
    assert prepared.started == 60
    assert max(ahead) <= (1 if threads == 1 else threads + 1)


@pytest.mark.parametrize("threads", [1, 2, 8, 64])
def test_the_records_of_all_blocks_at_hand_fit_into_the_memory_meant_for_them(kit, threads):
    plan = Plan(kit.make_scheme(), ("*.claims_paid@run_off",))
    plan.records, plan.series_records = ("a",) * 700, ("b",) * 2000
    window = plan.scheme.window
    a_path = 8 * (700 * len(window.snapshots) + 2000 * window.total)
    length = simulation._block_length(plan, 10**7, threads)
    at_hand = 1 if threads == 1 else threads + 2
    assert 1 < length < simulation.LARGEST_BLOCK
    assert at_hand * length * a_path <= simulation.RECORD_BYTES
    assert at_hand * (length + 1) * a_path > simulation.RECORD_BYTES
