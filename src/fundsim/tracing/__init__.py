"""One path of a run as a dated ledger that sums to the run's own figures of that path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter, itemgetter

from fundsim import arguments
from fundsim.lowering import lower
from fundsim.scenario import Scenario
from fundsim.scheme import Line, Scheme
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import entries_of
from fundsim.tracing.dates import date_of
from fundsim.tracing.happenings import happenings
from fundsim.tracing.lines import by_step, rank_of
from fundsim.tracing.monthly import Monthly, monthly_records
from fundsim.tracing.proof import accounts_of, check, figures_of
from fundsim.tracing.requests import request_events
from fundsim.tracing.rows import Entry, Trace

__all__ = ["Trace", "trace", "trace_scheme"]


def trace(scenario: Scenario, *, path: int, seed: int | None = None) -> Trace:
    """Return one path of a scenario as a dated ledger.

    Args:
        scenario: what ``load`` returned.
        path: number of the path, 0 or more: the same path that a run with this seed has.
        seed: seed of the run; the scenario's unless given.

    Returns:
        The ledger: ``.entries``, ``.events``, ``.accounts`` and ``.figures`` are DataFrames.

    Raises:
        ScenarioError: the scenario can't be lowered.
        UsageError: an argument is out of its range.
        EngineError: the ledger does not sum to the run's figures.
    """
    scenario = arguments.instance(
        "scenario", scenario, Scenario, "load it with fundsim.load", "请用 fundsim.load 读取"
    )
    number = arguments.path_number(path)
    chosen = scenario.terms.run.seed if seed is None else arguments.seed(seed)
    traced = trace_scheme(lower(scenario), path=number, seed=chosen, name=scenario.name)
    return replace(traced, resolved=scenario.resolved())


def trace_scheme(scheme: Scheme, *, path: int, seed: int, name: str = "") -> Trace:
    """Return one path of a scheme; see ``trace``."""
    from fundsim.core import engine, requests_of  # noqa: PLC0415  (importing a trace's words stays light)

    block = engine(scheme, monthly_records(scheme)).run(seed, path, 1)
    monthly = Monthly(scheme, block)
    entries = _entries(scheme, monthly)
    asked = request_events(scheme, requests_of(scheme, seed=seed, path=path))
    events = tuple(sorted((*happenings(scheme, monthly), *asked), key=attrgetter("month", "step")))
    accounts = accounts_of(scheme, entries, block)
    figures = figures_of(scheme, entries, events, block)
    check(accounts, figures)
    return Trace(name, seed, path, entries, events, accounts, figures)


def _entries(scheme: Scheme, monthly: Monthly) -> tuple[Entry, ...]:
    """Return the payments of a path in order, with what limited parties then hold."""
    rank = rank_of(scheme)
    moved = sorted(
        (month, step, rank[entry.line], entry.line, float(amount))
        for entry in entries_of(scheme)
        for step, amounts in by_step(entry, monthly).items()
        for month, amount in enumerate(amounts)
        if amount != 0.0
    )
    limited = {p.name for p in scheme.parties if p.limited}
    held: dict[str, float] = defaultdict(float, {p.name: p.opening for p in scheme.parties})
    entries = []
    for (month, step), together in groupby(moved, key=itemgetter(0, 1)):
        for line, amount in _affordable([(line, amount) for *_, line, amount in together], held, limited):
            payer, payee = (
                round(held[party], 6) + 0.0 if party in limited else None
                for party in (line.source, line.target)
            )
            date = date_of(scheme, month)
            entries.append(
                Entry(month, date, step, line.source, line.target, line.kind, amount, payer, payee)
            )
    return tuple(entries)


def _affordable(
    payments: list[tuple[Line, float]], held: dict[str, float], limited: set[str]
) -> Iterator[tuple[Line, float]]:
    """Book a step's payments on ``held`` in their order, but nobody pays what it has not yet been paid."""
    while payments:
        able = (p for p in payments if p[0].source not in limited or held[p[0].source] - p[1] > -HALF_A_FEN)
        line, amount = chosen = next(able, payments[0])
        payments.remove(chosen)
        held[line.source] -= amount
        held[line.target] += amount
        yield chosen
