"""``fundsim list``: instruments, metrics and bundled scenarios, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from fundsim.cli.console import Session

if TYPE_CHECKING:
    from fundsim.report.grid import Grid
    from fundsim.scenario import Scenario

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
@click.pass_obj
def list_(session: Session, topic: str | None, scenario: str | None) -> None:
    """Print the lists that were asked for."""
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


HEADINGS = {"instruments": "政策工具", "metrics": "指标", "scenarios": "自带情景"}


def _plain(item: Item) -> dict[str, str]:
    plain = {"name": item.name, "meaning": item.meaning, "meaning_zh": item.meaning_zh}
    return plain | ({"unit": item.unit} if item.unit else {})


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
    from fundsim.report.titles import titled  # noqa: PLC0415
    from fundsim.scenario import load  # noqa: PLC0415

    if source is not None:
        scenario = load(source, kinds=KINDS)
        resolved = scenario.resolved()
        for metric in lower(scenario).metrics:
            shown = (
                titled(resolved, metric.name, metric.meaning, "en"),
                titled(resolved, metric.name, metric.meaning_zh, "zh"),
            )
            yield Item(metric.name, metric.meaning, metric.meaning_zh, metric.unit, shown)
        return
    seen: set[str] = set()
    for scenario in _bundled():
        for metric in lower(scenario).metrics:
            name = _by_kind(metric.name, scenario)
            if name not in seen:
                seen.add(name)
                yield Item(name, metric.meaning, metric.meaning_zh, metric.unit)


def _by_kind(metric: str, scenario: Scenario) -> str:
    instrument, _, rest = metric.partition(".")
    kind = scenario.kinds.get(instrument)
    part, dot, last = rest.partition(".")
    if dot and part in scenario.terms.segments:
        rest = f"<segment>.{last}"
    return metric if kind is None else f"<{kind}>.{rest}"


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
