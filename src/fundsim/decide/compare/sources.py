"""What is compared: scenarios that are simulated, and runs that are there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, cast

from fundsim.decide.machine import Progress
from fundsim.errors import UsageError
from fundsim.results.plan import Plan
from fundsim.results.run_data import RunData
from fundsim.scenario import Scenario
from fundsim.scenario.explain import flat_values
from fundsim.scenario.scenario import Origin
from fundsim.simulation import EngineName, simulate_scenario

__all__ = ["Common", "Side", "Source", "common_settings", "letters", "simulate_sides"]


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario, or a run of one, as the user named it."""

    shown: str
    scenario: Scenario | None
    """None for a run that is there already."""
    run: RunData | None
    """None for a scenario that is to be simulated."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all scenarios of a comparison share."""

    paths: int
    seed: int
    engine: EngineName


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario of a comparison, simulated."""

    letter: str
    """What tables call it: A, B, C, …"""
    source: Source
    run: RunData

    @property
    def name(self) -> str:
        """Short name of the scenario."""
        return str(self.run.manifest["scenario"]["name"])

    @property
    def resolved(self) -> dict[str, Any]:
        """The scenario in plain values, as it was run."""
        return cast("dict[str, Any]", self.run.manifest["scenario"]["resolved"])

    @property
    def inputs(self) -> Scenario | RunInputs:
        """The values of the scenario with their origins."""
        if self.source.scenario is not None:
            return self.source.scenario
        return RunInputs(self.resolved, self.source.shown)


@dataclass(frozen=True, slots=True)
class RunInputs:
    """The values of a run's scenario; the run itself is their origin."""

    values: Mapping[str, Any]
    shown: str

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in plain values."""
        return dict(self.values)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Dotted key → the run, for every value."""
        origin = Origin(self.shown, 0, 0)
        return {key: origin for key, _ in flat_values(self.values)}


def letters(count: int) -> Iterator[str]:
    """Yield the letters of spreadsheets: A, B, … Z, AA, AB.

    >>> list(letters(3)), list(letters(28))[-2:]
    (['A', 'B', 'C'], ['AA', 'AB'])
    """
    for number in range(count):
        text, rest = "", number + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            text = chr(ord("A") + digit) + text
        yield text


def common_settings(sources: Sequence[Source], paths: int | None, seed: int | None) -> Common:
    """Return paths, seed and engine of a comparison.

    Runs decide them; else what is given; else the first scenario.

    Raises:
        UsageError: runs differ in them, or differ from what is given: paths can't be paired then.
    """
    runs = [source for source in sources if source.run is not None]
    if not runs:
        settings = cast(Scenario, sources[0].scenario).terms.run
        return Common(paths or settings.paths, settings.seed if seed is None else seed, "core")
    first = _settings(runs[0])
    for other in runs[1:]:
        _refuse_others(runs[0], first, other, _settings(other))
    for option, given, of_run in (("paths", paths, first.paths), ("seed", seed, first.seed)):
        if given is not None and given != of_run:
            raise UsageError(
                f"--{option} {given}, and {runs[0].shown} was run with {of_run}: a finished run can't be "
                f"changed; leave --{option} out, or compare scenarios",
                f"--{option} {given}，而 {runs[0].shown} 是以 {of_run} 运行的：已完成的运行不能改变；"
                f"请删去 --{option}，或改为比较情景",
            )
    return first


def _settings(source: Source) -> Common:
    manifest = cast(RunData, source.run).manifest
    return Common(int(manifest["paths"]), int(manifest["seed"]), cast(EngineName, manifest["engine"]))


def _refuse_others(one: Source, mine: Common, other: Source, theirs: Common) -> None:
    words = (
        ("seed", "种子", mine.seed, theirs.seed, f"--seed {mine.seed}"),
        ("paths", "路径数", mine.paths, theirs.paths, f"--paths {mine.paths}"),
        ("engine", "引擎", mine.engine, theirs.engine, f"--engine {mine.engine}"),
    )
    differing = [row for row in words if row[2] != row[3]]
    if not differing:
        return
    what = ", ".join(f"{name} {theirs} and not {mine}" for name, _, mine, theirs, _ in differing)
    what_zh = "、".join(f"{name}为 {theirs} 而非 {mine}" for _, name, mine, theirs, _ in differing)
    options = " ".join(row[4] for row in differing)
    raise UsageError(
        f"{other.shown} was run with {what} as {one.shown} was: its paths can't be paired; run it again with "
        f"{options}",
        f"{other.shown} 的{what_zh}（与 {one.shown} 不同）：路径无法配对；请以 {options} 重新运行",
    )


def simulate_sides(
    sources: Sequence[Source],
    plans: Sequence[Plan | None],
    common: Common,
    *,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Side, ...]:
    """Simulate the scenarios among the sources on the same random numbers.

    Args:
        sources: scenarios and runs.
        plans: what is kept of each scenario; None for a run.
        common: paths, seed and engine of all.
        executor: runs the blocks of paths of all scenarios; None runs them in the calling thread.
        workers: how many blocks the executor runs at a time.
        progress: called with the paths done and the paths of all scenarios together.
    """
    total = common.paths * sum(plan is not None for plan in plans)
    done = 0
    sides = []
    for letter, source, plan in zip(letters(len(sources)), sources, plans, strict=True):
        run = source.run
        if run is None:
            if source.scenario is None or plan is None:
                raise ValueError(f"{source.shown} is neither a run nor a scenario with a plan")
            run = simulate_scenario(
                source.scenario,
                plan,
                paths=common.paths,
                seed=common.seed,
                engine=common.engine,
                executor=executor,
                workers=workers,
                progress=_onward(progress, done, total),
            )
            done += common.paths
        sides.append(Side(letter, source, run))
    return tuple(sides)


def _onward(progress: Progress | None, before: int, total: int) -> Any:
    """Return what shows the progress of one scenario as a part of all of them."""
    return None if progress is None else lambda done, _paths: progress(before + done, total)
