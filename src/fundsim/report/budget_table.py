"""Sources and uses of a budget by year, as a table: planned beside paid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from fundsim.report.sheets import Row, Sheet
from fundsim.report.texts import Language, word
from fundsim.report.titles import Resolved, part_title, year_name
from fundsim.report.units import Scale, money_scale
from fundsim.results.run_data import RunData
from fundsim.results.sources_and_uses import Entry, sources_and_uses
from fundsim.results.statistics import Estimate
from fundsim.scheme import About
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.surroundings import BUDGET

__all__ = ["budget_notes", "budget_sheet"]

MOST_LINES = 12
"""Of more lines the table shows the largest; the others stand together."""
FINEST = 1e4
"""Planned amounts are written to this part of a yuan's unit at most: to the 万 [yuan]."""
OTHERS = "/"
"""Name of the lines that stand together: no line can have it."""


def budget_sheet(run: RunData, lang: Language) -> Sheet:
    """Return a line for each level, budget line and total with money in the year; none without a budget."""
    entries = _folded(sources_and_uses(run))
    shown = [one for one in entries if _is_shown(one)]
    scale = money_scale((size for one in shown for size in (one.planned, one.paid.value)), lang)
    decimals = _decimals([one.planned for one in shown], scale)
    unit = f"[{scale.unit}]" if lang == "en" else f"（{scale.unit}）"
    head = f"{word('sources and uses', lang)}{' ' if lang == 'en' else ''}{unit}"
    rows = tuple(
        Row(_group(one, run, lang), (_label(one, run, lang), *_cells(one, scale, decimals))) for one in shown
    )
    words = (head, word("plan", lang), word("paid", lang), "±")
    return Sheet(words, rows, with_unit=False, unit_of_first=unit)


def budget_notes(run: RunData, lang: Language) -> list[str]:
    """Return how the table of sources and uses is to be read, if there is one."""
    entries = sources_and_uses(run)
    if not entries:
        return []
    lines = run.manifest["scenario"]["resolved"]["budget"]["lines"]
    waits = any(line["after_acceptance"] for line in lines.values())
    texts = [
        *(["what is paid after acceptance is paid in the next budget year"] if waits else []),
        *(["what no line is given is not paid"] if any(_is_unallocated(one) for one in entries) else []),
        "what is neither spent nor given back stays in the lines (budget.balance)",
    ]
    separator, stop = ("; ", ".") if lang == "en" else ("；", "。")
    text = separator.join(word(text, lang) for text in texts)
    start = word("sources and uses", lang)
    return [f"{start[0].upper()}{start[1:]}: {text}{stop}" if lang == "en" else f"{start}：{text}{stop}"]


def _is_unallocated(one: Entry) -> bool:
    return one.kind == "unallocated" and _is_money(one.planned)


def _is_money(amount: float) -> bool:
    return abs(amount) > HALF_A_FEN  # not of what is NaN


def _is_shown(one: Entry) -> bool:
    return _is_money(one.planned) or _is_money(one.paid.value)


def _folded(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with the smallest lines of each year as one, where there are too many of them."""
    sizes = {one.name: one.planned for one in entries if one.kind == "line" and one.year is None}
    if len(sizes) <= MOST_LINES:
        return list(entries)
    small = set(sorted(sizes, key=lambda name: -sizes[name])[MOST_LINES - 1 :])
    found: list[Entry] = []
    for together, some in groupby(entries, key=lambda one: (one.year, one.kind == "line")):
        own = list(some)
        found += [one for one in own if one.kind != "line" or one.name not in small]
        if together[1]:
            rest = [one for one in own if one.name in small]
            # Their errors are not those of independent sums, so none is given.
            paid = Estimate(math.fsum(one.paid.value for one in rest), math.nan)
            planned = math.fsum(one.planned for one in rest)
            found.append(replace(rest[0], name=OTHERS, planned=planned, paid=paid))
    return found


def _decimals(planned: Sequence[float], scale: Scale) -> int:
    """Return the decimals with which every planned amount is exact, as far as they mean anything."""
    most = max(0, round(math.log10(scale.divisor / FINEST))) if scale.divisor >= FINEST else scale.finest
    amounts = [amount / scale.divisor for amount in planned if _is_money(amount)]
    exact = (n for n in range(most) if all(abs(a - round(a, n)) < 1e-9 * max(1.0, abs(a)) for a in amounts))
    return next(exact, most)


def _cells(one: Entry, scale: Scale, decimals: int) -> Iterator[str]:
    value, error = one.paid.value, one.paid.se
    yield "" if math.isnan(one.planned) else _exact(one.planned, scale, decimals)
    if math.isnan(value):
        yield from ("–", "")
    elif not error > 1e-9 * max(abs(value), 1.0):
        # The same on every path, or without an error: as exact as what was planned.
        yield from (_exact(value, scale, decimals), "–" if math.isnan(error) else "0")
    else:
        yield from (scale.number(value, error), scale.error(value, error))


def _exact(amount: float, scale: Scale, decimals: int) -> str:
    return f"{amount / scale.divisor:,.{decimals}f}" if _is_money(amount) else "0"


def _group(one: Entry, run: RunData, lang: Language) -> str:
    if one.year is None:
        year = word("all years", lang)
    else:
        year = year_name(run.manifest["window"], one.year) + (" 年" if lang == "zh" else "")
    side = word("Sources" if one.side == "source" else "Uses", lang)
    return f"{year}：{side}" if lang == "zh" else f"{year}: {side.lower()}"


def _label(one: Entry, run: RunData, lang: Language) -> str:
    if one.kind not in ("level", "line"):
        texts = {"unallocated": "not allocated", "total": "total", "given_back": "given back unspent"}
        return word(texts[one.kind], lang)
    if one.name == OTHERS:
        return word("all others", lang)
    resolved = run.manifest["scenario"]["resolved"]
    return f"{_called(one.name, resolved, lang)}{_remark(one, resolved, lang)}"


def _called(name: str, resolved: Resolved, lang: Language) -> str:
    title = part_title(resolved, About(BUDGET, name), lang)
    if title in ("", name):
        return name
    if title.casefold() == name.casefold():
        return title
    return f"{title}（{name}）" if lang == "zh" else f"{title} ({name})"


def _remark(one: Entry, resolved: Resolved, lang: Language) -> str:
    """Return which level this one matches, or that the line is paid after acceptance."""
    comma = "，" if lang == "zh" else ", "
    if one.kind == "level":
        first = resolved["budget"]["levels"][one.name]["matches"]
        if first is None:
            return ""
        matched = part_title(resolved, About(BUDGET, first), lang) or first
        return comma + word("matches {level}", lang).format(level=matched)
    waits = resolved["budget"]["lines"][one.name]["after_acceptance"]
    return comma + word("after acceptance", lang) if waits else ""
