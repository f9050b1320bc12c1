"""What is called sound runs: no value that is accepted fails in lowering or in the core."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from fundsim import simulate
from fundsim.instruments import KINDS
from fundsim.lowering import review
from fundsim.scenario import Scenario, check_scenario

from .edges import edge_case


@dataclass
class Outcome:
    """What became of some scenarios."""

    accepted: int = 0
    refused: int = 0
    wrong: list[tuple[Any, ...]] = field(default_factory=list)
    extreme: int = 0
    """Refused for an error of arithmetic that no rule foresees, though in words."""


def run_cases(seeds: range) -> Outcome:
    """Check each case and run two paths of what is accepted."""
    outcome = Outcome()
    for seed in seeds:
        name, values = edge_case(seed)
        try:
            scenario, _ = check_scenario(name, kinds=KINDS, overrides=list(values))
            faults = [f for f in review(scenario) if not f.warning] if scenario is not None else ()
        except Exception as error:
            outcome.wrong.append((seed, name, values, "check", repr(error)))
            continue
        outcome.extreme += any("too extreme" in fault.problem for fault in faults)
        if scenario is None or faults:
            outcome.refused += 1
            continue
        outcome.accepted += 1
        found = fault_of_a_run(scenario)
        if found:
            outcome.wrong.append((seed, name, values, *found))
    return outcome


def fault_of_a_run(scenario: Scenario) -> tuple[Any, ...]:
    """Return what goes wrong in a run of two paths; nothing if it runs to its end with finite figures."""
    started = time.process_time()
    try:
        paths = simulate(scenario, paths=2, seed=1, threads=1).paths
    except Exception as error:
        return ("run", repr(error))
    infinite = [name for name in paths.columns if np.isinf(np.asarray(paths[name], dtype=float)).any()]
    if infinite:
        return ("infinite", infinite[:5])
    took = time.process_time() - started
    return ("slow", took) if took > 20.0 else ()


def test_what_is_accepted_at_the_edges_runs() -> None:
    simulate(check_scenario("minimal", kinds=KINDS)[0], paths=1, seed=1, threads=1)  # compiles
    outcome = run_cases(range(150))
    assert outcome.wrong == []
    assert outcome.accepted > 50


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_thousands_of_accepted_edges_run() -> None:
    simulate(check_scenario("minimal", kinds=KINDS)[0], paths=1, seed=1, threads=1)
    outcome = run_cases(range(1_000, 6_000))
    print(f"\n{outcome.accepted} accepted and run, {outcome.refused} refused")  # noqa: T201
    assert outcome.wrong == []
