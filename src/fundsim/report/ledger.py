"""The ledger of one path for readers: as tables on a console, and as a CSV file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Group
from rich.text import Text

from fundsim.report.grid import Grid, Line
from fundsim.report.texts import Language, word
from fundsim.report.titles import labelled, party_title
from fundsim.results.spreadsheets import harmless
from fundsim.tracing.ledger_words import EVENTS, PARTIES, STEPS, kind_words, ledger_words, party_words
from fundsim.tracing.rows import Entry, Event, Trace

__all__ = ["closing", "ledger", "ledger_csv"]


FEN = 0.01

HEADINGS = ("month", "step", "payer, or what it is about", "payee", "entry", "amount", "unit")
COLUMNS = (*HEADINGS, "payer's balance after it", "payee's balance after it")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger in words: an entry, an event, or a sum."""

    words: tuple[str, str, str, str, str]
    """Month, step, payer or subject, payee, what."""
    value: float | None
    unit: str
    payer_balance: float | None = None
    payee_balance: float | None = None


def ledger(trace: Trace, lang: Language, *, plain: bool = False) -> Group:
    """Return opening, entries and events in order, and the closing section, as rich tables.

    Args:
        trace: The path.
        lang: Language of headings and words.
        plain: Without lines and colours, for pipes.
    """
    lines = []
    for row in _entries(trace, lang):
        balances = [_amount(b) for b in (row.payer_balance, row.payee_balance) if b is not None]
        style = "dim" if row.payer_balance is None and row.payee_balance is None else ""
        written = (*row.words, _number(row), word(row.unit, lang), " → ".join(balances))
        lines.append(Line(written, style=style))
    table = Grid(_headed((*HEADINGS, "balances after it"), lang), lines, frozenset((5, 7)), plain)
    return Group(Text(_title(trace, lang)), Text(), table, Text(), closing(trace, lang, plain=plain))


def closing(trace: Trace, lang: Language, *, plain: bool = False) -> Group:
    """Return the proof: each party's sums, and the headline metrics by the ledger and in the run."""
    parties = ("party", "opening", "received", "paid", "closing by the ledger", "balance in the run")
    sums = [
        Line(
            (
                _party(trace, a.party, lang),
                *map(_amount, (a.opening, a.received, a.paid)),
                *(_amount(_held(balance) or 0.0) for balance in (a.closing, a.in_run)),
            )
        )
        for a in trace.proof
    ]
    headings = ("figure", "meaning", "unit", "by the ledger", "in the run")
    figures = [
        Line(
            (
                f.name,
                labelled(trace.resolved, f.about, f.meaning_zh if lang == "zh" else f.meaning, lang),
                word(f.unit, lang),
                _figure(f.by_ledger, f.unit),
                _figure(f.in_run, f.unit),
            )
        )
        for f in trace.checked
        if f.headline
    ]
    agree = ledger_words(
        "opening + received − paid = closing for every party, and every figure is the run's", lang
    )
    return Group(
        Grid(_headed(parties, lang), sums, frozenset(range(1, 6)), plain),
        Text(),
        Grid(_headed(headings, lang), figures, frozenset((3, 4)), plain, unit=2),
        Text(),
        Text(agree),
    )


def _headed(headings: tuple[str, ...], lang: Language) -> tuple[str, ...]:
    return tuple(ledger_words(heading, lang) for heading in headings)


def ledger_csv(trace: Trace, lang: Language) -> str:
    """Return the whole trace as CSV text: entries and events in order, then the sums and figures.

    A text that begins with = + - or @ gets an apostrophe before it, so that no spreadsheet computes it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([ledger_words(column, lang) for column in COLUMNS])
    for row in (*_entries(trace, lang), *_sums(trace, lang)):
        words = [harmless(text) for text in row.words]
        unit = harmless(word(row.unit, lang))
        numbers = ["" if n is None else repr(n) for n in (row.value, row.payer_balance, row.payee_balance)]
        writer.writerow([*words, numbers[0], unit, *numbers[1:]])
    return out.getvalue()


def _title(trace: Trace, lang: Language) -> str:
    title = ledger_words("{scenario}: path {path} of seed {seed}", lang)
    return title.format(scenario=trace.scenario, path=trace.path, seed=trace.seed)


def _entries(trace: Trace, lang: Language) -> Iterator[Row]:
    """Yield opening balances, then entries and events by month and step."""
    opening = ledger_words("opening", lang)
    for a in trace.proof:
        if a.opening:
            yield Row(
                (opening, "", _party(trace, a.party, lang), "", ledger_words("balance", lang)),
                a.opening,
                "yuan",
            )
    rows: list[Entry | Event] = [*trace.happened, *trace.rows]
    for row in _in_order(rows):
        step = STEPS[row.step][lang == "zh"]
        if isinstance(row, Event):
            what = EVENTS[row.what].text(lang)
            date = opening if row.month < 0 else row.date
            yield Row((date, step, _party(trace, row.subject, lang), "", what), row.value, row.unit)
            continue
        names = _party(trace, row.payer, lang), _party(trace, row.payee, lang)
        words = (row.date, step, *names, kind_words(row.kind, lang))
        yield Row(words, row.amount, "yuan", _held(row.payer_balance), _held(row.payee_balance))


def _in_order(rows: Sequence[Entry | Event]) -> Iterator[Entry | Event]:
    """Yield rows by month and step, in each events first, but steps of a waterfall before what it pays."""
    ordered = sorted(rows, key=lambda row: (row.month, row.step))
    for _, together in groupby(ordered, key=lambda row: (row.month, row.step)):
        waiting: list[Event] = []
        entries: list[Entry] = []
        for row in together:
            if isinstance(row, Entry):
                entries.append(row)
            elif EVENTS[row.what].before:
                waiting.append(row)
            else:
                yield row
        for entry in entries:
            now = [one for one in waiting if _is_before(one, entry)]
            waiting = [one for one in waiting if one not in now]
            yield from now
            yield entry
        yield from waiting


def _is_before(event: Event, entry: Entry) -> bool:
    """Return whether an event stands before a payment of what it is about."""
    return event.subject == entry.payer and entry.kind in EVENTS[event.what].before


def _held(balance: float | None) -> float | None:
    """Return a balance, 0 where it is dust: less than a fen, left by sums of floating-point numbers."""
    return balance if balance is None or abs(balance) >= FEN else 0.0


def _sums(trace: Trace, lang: Language) -> Iterator[Row]:
    """Yield the closing section: the parties' sums, then all figures."""
    for a in trace.proof:
        sums = {
            "opening": a.opening,
            "received": a.received,
            "paid": a.paid,
            "closing by the ledger": _held(a.closing) or 0.0,
            "balance in the run": _held(a.in_run) or 0.0,
        }
        for what, value in sums.items():
            words = (
                ledger_words("closing", lang),
                "",
                _party(trace, a.party, lang),
                "",
                ledger_words(what, lang),
            )
            yield Row(words, round(value, 6), "yuan")
    for f in trace.checked:
        for what, figure in (("by the ledger", f.by_ledger), ("in the run", f.in_run)):
            yield Row(
                (ledger_words("figure", lang), "", f.name, "", ledger_words(what, lang)), figure, f.unit
            )


def _number(row: Row) -> str:
    if row.unit == "yes/no":
        return ""
    return _amount(row.value or 0.0) if row.unit == "yuan" else f"{row.value:,g}"


def _amount(value: float) -> str:
    """Return yuan to the fen; a small negative amount is 0 and not −0."""
    return f"{round(value, 2) + 0.0:,.2f}"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return _amount(value) if unit == "yuan" else f"{value:,.6g}"


def _party(trace: Trace, party: str, lang: Language) -> str:
    """Return what a reader calls a party or a subject: by the scenario's titles where it has any."""
    return party_words(party, lang) if party in PARTIES else party_title(trace.resolved, party, lang)
