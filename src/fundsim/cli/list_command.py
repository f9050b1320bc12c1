"""``fundsim list``: instruments, metrics and bundled scenarios, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from fundsim.cli.console import Session
from fundsim.errors import UsageError

if TYPE_CHECKING:
    from fundsim.report.grid import Grid
    from fundsim.scenario import Scenario
    from fundsim.scheme import Aggregate, LawFigure, Metric

__all__ = ["COMMANDS", "list_"]

TOPICS = ("instruments", "metrics", "scenarios")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    name: str
    meaning: str
    meaning_zh: str
    unit: str = ""
    shown: tuple[str, str] | None = None
    """What the table says instead of the meaning, in English and Chinese."""
    formula: str = ""
    """How a metric of one scenario is worked out from the records."""

    def shown_meaning(self, session: Session) -> str:
        """Return the meaning as the table has it."""
        return session.word(*(self.shown or (self.meaning, self.meaning_zh)))


@click.command(
    "list",
    help="List instruments, metrics or bundled scenarios; all three unless one is named. "
    "With a SCENARIO, 'list metrics' names the metrics of just that scenario.",
)
@click.argument("topic", type=click.Choice(TOPICS), required=False)
@click.argument("scenario", required=False)
@click.option(
    "--formula",
    "pattern",
    metavar="PATTERN",
    help="With a SCENARIO: how the metrics that PATTERN names are computed, such as 'zhubaodai.claims_*'.",
)
@click.pass_obj
def list_(session: Session, topic: str | None, scenario: str | None, pattern: str | None) -> None:
    """Print the lists that were asked for."""
    if pattern is not None:
        _show_formulas(session, topic, scenario, pattern)
        return
    if scenario is not None and topic != "metrics":
        raise click.UsageError(
            "Got unexpected extra argument (" + scenario + ")", click.get_current_context()
        )
    makers = {"instruments": _instruments, "metrics": lambda: _metrics(scenario), "scenarios": _scenarios}
    found = {name: list(makers[name]()) for name in TOPICS if topic in (None, name)}
    if session.json:
        session.emit({name: [_plain(item) for item in items] for name, items in found.items()})
        return
    for name, items in found.items():
        if topic is None:
            session.write(f"{session.word(name, HEADINGS[name])}:")
        session.show(_table(items, session))


def _show_formulas(session: Session, topic: str | None, scenario: str | None, pattern: str) -> None:
    """Print the formulas of the metrics of a scenario that a glob pattern names."""
    if topic != "metrics" or scenario is None:
        raise UsageError(
            "--formula goes with 'list metrics SCENARIO'", "--formula 须与“list metrics 情景”同用"
        )
    from fundsim.results.selection import not_named  # noqa: PLC0415  (help must not pay for it)

    items = list(_metrics(scenario))
    found = [item for item in items if fnmatchcase(item.name, pattern)]
    if not found:
        raise not_named([pattern], [item.name for item in items])
    if session.json:
        session.emit({"metrics": [_plain(item) for item in found]})
        return
    for item in found:
        session.write(f"{item.name}: {item.shown_meaning(session)}\n  = {item.formula}")


HEADINGS = {"instruments": "政策工具", "metrics": "指标", "scenarios": "自带情景"}


def _plain(item: Item) -> dict[str, str]:
    plain = {"name": item.name, "meaning": item.meaning, "meaning_zh": item.meaning_zh}
    more = {"unit": item.unit, "formula": item.formula}
    return plain | {name: value for name, value in more.items() if value}


def _table(items: Sequence[Item], session: Session) -> Grid:
    from fundsim.report.grid import Grid, Line  # noqa: PLC0415  (help must not pay for rich)
    from fundsim.report.texts import word  # noqa: PLC0415

    if any(item.unit for item in items):
        rows = [
            (i.name, word(i.unit, session.lang) if i.unit else "", i.shown_meaning(session)) for i in items
        ]
        return Grid(("", "", ""), [Line(row) for row in rows], unit=1)
    return Grid(("", ""), [Line((i.name, i.shown_meaning(session))) for i in items])


def _instruments() -> Iterator[Item]:
    from fundsim.instruments import KINDS  # noqa: PLC0415  (help must not pay for it)

    for name, kind in KINDS.items():
        yield Item(name, kind.meaning, kind.meaning_zh)


def _metrics(source: str | None) -> Iterator[Item]:
    """Yield the metrics of one scenario, or of every kind with its name in place of an instrument's."""
    from fundsim.instruments import KINDS  # noqa: PLC0415
    from fundsim.lowering import lower  # noqa: PLC0415
    from fundsim.metrics.declared import formula_text  # noqa: PLC0415
    from fundsim.report.titles import titled  # noqa: PLC0415
    from fundsim.scenario import load  # noqa: PLC0415

    if source is not None:
        scenario = load(source, kinds=KINDS)
        resolved = scenario.resolved()
        for metric in lower(scenario).metrics:
            shown = (
                titled(resolved, metric.about, metric.meaning, "en"),
                titled(resolved, metric.about, metric.meaning_zh, "zh"),
            )
            yield Item(
                metric.name, metric.meaning, metric.meaning_zh, metric.unit, shown, formula_text(metric)
            )
        return
    seen: set[str] = set()
    for scenario in _bundled():
        for metric in lower(scenario).metrics:
            name = _by_kind(metric, scenario)
            if name not in seen:
                seen.add(name)
                yield Item(name, metric.meaning, metric.meaning_zh, metric.unit)


def _by_kind(metric: Metric | Aggregate | LawFigure, scenario: Scenario) -> str:
    """Return a metric's name with its instrument's kind, and ``<segment>``, in place of their names."""
    kind = scenario.kinds.get(metric.instrument)
    if kind is None:
        return metric.name
    part = "<segment>" if metric.part in scenario.terms.segments else metric.part
    return ".".join(filter(None, (f"<{kind}>", part, metric.own_name)))


def _bundled() -> Iterator[Scenario]:
    from fundsim.instruments import KINDS  # noqa: PLC0415
    from fundsim.scenario import bundled_names, load  # noqa: PLC0415

    for name in bundled_names():
        yield load(name, kinds=KINDS)


def _scenarios() -> Iterator[Item]:
    from fundsim.instruments import KINDS  # noqa: PLC0415
    from fundsim.scenario import bundled_names, load  # noqa: PLC0415

    for name in bundled_names():
        terms = load(name, kinds=KINDS).terms
        title = terms.title or ""
        yield Item(name, title, terms.title_zh or title)


COMMANDS = [list_]
