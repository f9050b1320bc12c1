"""``fundsim.simulate``: a scenario in, its results out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import cast, get_args

from fundsim import arguments
from fundsim.api.results import Results
from fundsim.api.workers import crew
from fundsim.decide.machine import Machine
from fundsim.decide.precision import simulate_precisely
from fundsim.lowering import lower
from fundsim.results.plan import Plan
from fundsim.scenario import Scenario
from fundsim.simulation import EngineName, simulate_scenario

__all__ = ["simulate"]


def simulate(  # noqa: PLR0913  (all but the scenario by keyword)
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    engine: EngineName | None = None,
    metrics: str | Sequence[str] | None = None,
    precision: float | str | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Results:
    """Simulate a scenario.

    A scenario that was read from a run's manifest repeats that run: what is not given is the run's.

    Args:
        scenario: what ``load`` returned.
        paths: number of paths; the scenario's unless given.
        seed: seed, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        engine: ``core`` unless given, or ``reference`` for the slow second engine.
        metrics: glob patterns of the metrics to keep, such as ``"*.claims_paid"``; all unless given.  Those
            chosen are all saved by path; unless given, the headline figures and what pictures are drawn from.
        precision: such as ``0.01`` or ``"1%"``: paths grow, up to ``paths``, until every headline mean's
            standard error and half of every headline probability's interval is at most this part of it.
            ``.reached`` of the results then says how far they came.
        progress: called with (paths done, paths in all).
        executor: takes the work instead of threads of this process: processes, or a Dask cluster by
            ``client.get_executor()``.  Its workers must have the same fundsim and libraries.

    Returns:
        The results: ``.summary()``, ``.probabilities()``, ``.paths``, ``.series``, ``.plot``.

    Raises:
        ScenarioError: the scenario can't be lowered.
        UsageError: an argument is out of its range, a pattern of ``metrics`` names no metric, or so many
            paths need more memory or disk than there is.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    run, repeats = scenario.terms.run, scenario.repeats
    n_paths = run.paths if paths is None else arguments.number_of_paths(paths)
    chosen_seed = run.seed if seed is None else arguments.seed(seed)
    if engine is None:
        engine = "core" if repeats is None else cast(EngineName, repeats.engine)
    chosen_engine = cast(EngineName, arguments.choice("engine", engine, get_args(EngineName)))
    kept = arguments.patterns("metrics", metrics)
    if kept is None and repeats is not None:
        kept = repeats.metrics
    part = None if precision is None else arguments.precision(precision)
    arguments.function("progress", progress)

    plan = Plan(lower(scenario), kept)
    with crew(executor, threads) as (chosen_executor, workers):
        if part is not None:
            data, reached = simulate_precisely(
                scenario,
                plan,
                part,
                limit=n_paths,
                seed=chosen_seed,
                machine=Machine(chosen_engine, chosen_executor, workers),
                progress=progress,
            )
            return Results(data, reached)
        data = simulate_scenario(
            scenario,
            plan,
            paths=n_paths,
            seed=chosen_seed,
            engine=chosen_engine,
            executor=chosen_executor,
            workers=workers,
            progress=progress,
        )
    return Results(data)
