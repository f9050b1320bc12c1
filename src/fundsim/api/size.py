"""``fundsim.size``: how large a value must be to meet targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fundsim import arguments
from fundsim.api.saving import Decision, Draw
from fundsim.api.workers import crew
from fundsim.decide.machine import Machine
from fundsim.decide.size.search import Outcome
from fundsim.decide.size.sizing import Reading, SizeData, ask, size_scenario
from fundsim.results.folder import Target
from fundsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from fundsim.report.pages import Pages
    from fundsim.report.size.plot import SizePlots

__all__ = ["Size", "size"]


class Size(Decision, SizeData):
    """The smallest value of a key, or the largest, that meets targets.  In a notebook it is a table.

    Where lending depends on the key there are two answers: one in which lending follows it, and one in which
    each path's new loans stay as they are.  ``.reading()`` gives one of them, ``.value`` is the first's.
    Intervals cover Monte Carlo error only.

    ``save`` writes a folder of ``size.json`` (the answers), ``size.csv`` (every value tried), a picture for
    each target and a manifest with the scenario as resolved.
    """

    def __init__(self, data: SizeData) -> None:
        super().__init__(**{field.name: getattr(data, field.name) for field in fields(data)})

    def reading(self, held: bool | None = None) -> Reading:
        """Return the answer with lending held or not; the first one unless said.

        Raises:
            UsageError: there is no such reading, or it is the same as the other.
        """
        for one in self.readings:
            if held is None or one.held == held:
                return one
        raise arguments.refused("held", held, (
            "this reading was not looked for, can't be had, or agrees with the other", "leave it out",
            "没有这一读法，或与另一读法一致", "请不写此项",
        ))  # fmt: skip

    @property
    def value(self) -> float:
        """The answer, in the key's unit; see ``outcome``."""
        return self.readings[0].found.value

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The answer's 95 % interval of Monte Carlo error; None where the range ends first."""
        return self.readings[0].found.low, self.readings[0].found.high

    @property
    def outcome(self) -> Outcome:
        """``found``; ``every`` value does; ``none`` does; ``edge``; or ``unresolved``."""
        return self.readings[0].found.outcome

    @property
    def table(self) -> pd.DataFrame:
        """Every value that was tried, one row a reading, value and target.

        Columns: ``lending`` (follows, held), ``value``, ``target``, ``figure`` with its 95 % interval
        ``low``, ``high``, ``paths`` that have a value, whether the target is ``met`` (None where no path has
        a value), whether the value is one of the scan's (``scanned``), and whether it is the ``answer``.
        """
        import pandas as pd  # noqa: PLC0415  (half a second that a plain size doesn't pay)

        from fundsim.decide.size.plain import COLUMNS, table_rows  # noqa: PLC0415

        return pd.DataFrame(list(table_rows(self)), columns=list(COLUMNS))

    @property
    def plot(self) -> SizePlots:
        """Pictures: ``plot.figure()``, or ``plot.figure(1)`` of the second target."""
        from fundsim.report.size.plot import SizePlots  # noqa: PLC0415  (matplotlib)

        return SizePlots(self)

    def to_json(self) -> dict[str, Any]:
        """Return the size as plain data; what does not exist is null."""
        from fundsim.decide.size.plain import as_plain  # noqa: PLC0415

        return as_plain(self)

    def _pictures(self) -> SizePlots:
        return self.plot

    def _pages(self, lang: Literal["en", "zh"]) -> Pages:
        from fundsim.report.size.pages import pages_of  # noqa: PLC0415

        return pages_of(self, lang)

    def _write(self, target: Target, draw: Draw) -> Path:
        from fundsim.decide.size.folder import save  # noqa: PLC0415

        return save(self, target, draw=draw)

    def __repr__(self) -> str:
        number = self.question.vary.number
        said = ", ".join(
            f"{'lending held: ' if one.held else ''}{one.found.outcome} {one.found.value:.6g}"
            for one in self.readings
        )
        return f"<Size of {number.short} [{number.unit}]: {said}>"

    def _repr_html_(self) -> str:
        from fundsim.report.size.tables import html  # noqa: PLC0415  (only a notebook asks for it)

        return html(self)


def size(  # noqa: PLR0913  (all but three are options, by keyword)
    scenario: Scenario,
    vary: str,
    target: str | Sequence[str],
    *,
    largest: bool = False,
    within: str | tuple[float, float] | None = None,
    hold_lending: bool = False,
    precision: float | str = 0.02,
    extremes: bool = True,
    paths: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> Size:
    """Find the smallest value of a key, or the largest, at which all targets are met.

    A scan of the range on common random numbers finds brackets; they are narrowed, and paths grow until
    half of the answer's interval is as narrow as asked.  The answer is confirmed on paths of another seed.

    Args:
        scenario: what ``load`` returned.
        vary: dotted key of a number, such as ``"pool.opening"``.
        target: such as ``"P(pool.depleted) <= 0.05"``; several must all be met.  Figures are ``P(event)``,
            ``mean(m)``, ``q99(m)``, ``es99(m)`` or a metric's name, with ``@window`` for the window's end.
        largest: Whether the largest value is wanted.
        within: Range to look in, ``"0.5亿:5亿"`` or two numbers; the key's low and high, else a tenth to
            ten times its value, unless given.
        hold_lending: Whether each path's new loans stay those of the scenario as it is.  Unless True both
            readings are looked at, and shown where they differ.
        precision: Half of the 95 % interval, as a part of the answer: ``0.02`` or ``"2%"``.
        extremes: Whether the answers with all assumptions at their better and worse ends are looked for too.
        paths: Most paths for each value; the scenario's number unless given.
        seed: seed, 0 … 2⁶⁴ − 1; the scenario's unless given.
        threads: number of threads; one a processor unless given.  With an executor, the number of its
            workers.  Results don't depend on it.
        progress: called with (paths done, paths expected in all).
        executor: takes the work instead of threads of this process, see ``simulate``.

    Returns:
        The size: ``.value``, ``.interval``, ``.outcome``, ``.readings``, ``.table``, ``.plot.figure()``.

    Raises:
        ScenarioError: there is no such key, or the scenario is not sound over the range.
        UsageError: an argument is out of its range, or a target can't be read or names no metric.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    with crew(executor, threads) as (chosen_executor, workers):
        question = ask(
            scenario,
            arguments.text("vary", vary, "a key such as pool.opening", "如 pool.opening 的键"),
            arguments.texts("target", target, "P(pool.depleted) <= 0.05"),
            largest=arguments.flag("largest", largest),
            within=within,
            precision=arguments.precision(precision),
            paths=None if paths is None else arguments.number_of_paths(paths),
            seed=None if seed is None else arguments.seed(seed),
        )
        data = size_scenario(
            scenario,
            question,
            hold_lending=arguments.flag("hold_lending", hold_lending),
            extremes=arguments.flag("extremes", extremes),
            machine=Machine("core", chosen_executor, workers),
            progress=arguments.function("progress", progress),
        )
    return Size(data)
