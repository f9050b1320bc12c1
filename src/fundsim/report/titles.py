"""What a scenario calls its instruments and their parts, in a reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.words import Language

__all__ = ["instrument_title", "labelled", "part_title", "titled"]

Resolved = Mapping[str, Any]
"""A resolved scenario, as a run's manifest keeps it."""


def instrument_title(resolved: Resolved, instrument: str, lang: Language) -> str:
    """Return the title that a scenario gives an instrument, empty if it gives none."""
    return _title(resolved.get("instruments", {}).get(instrument, {}), lang)


def part_title(resolved: Resolved, metric: str, lang: Language) -> str:
    """Return what a scenario calls the part of an instrument that a metric is about.

    A part is a segment, or whatever the instrument's terms list by name: counties, reguarantors, partners.

    Args:
        resolved: the resolved scenario.
        metric: name of the metric, such as ``zhubaodai.trade.lent``.
        lang: language of the title.

    Returns:
        Its title, its name where the scenario has no title, or nothing if the metric is of no such part.
    """
    instrument, *rest = metric.split(".")
    if len(rest) < 2:
        return ""
    for named in _named(resolved, instrument):
        if rest[0] in named:
            return _title(named[rest[0]], lang) or rest[0]
    return ""


def titled(resolved: Resolved, metric: str, text: str, lang: Language) -> str:
    """Put before a picture's title what the metric is about: instrument, part, or both.

    >>> terms = {"instruments": {"pool": {"title": "Pool"}}, "segments": {"trade": {"title": "Shops"}}}
    >>> titled(terms, "pool.trade.lent", "Principal lent", "en")
    'Pool, Shops: Principal lent'
    """
    about = (instrument_title(resolved, metric.partition(".")[0], lang), part_title(resolved, metric, lang))
    told = (" · " if lang == "zh" else ", ").join(part for part in about if part)
    return f"{told}{'：' if lang == 'zh' else ': '}{text}" if told else text


def labelled(resolved: Resolved, metric: str, label: str, lang: Language) -> str:
    """Add to a table's label the title of the part that it is about, unless the label's name says it.

    >>> terms = {"segments": {"trade": {"title": "Shops", "title_zh": "批发零售业"}}}
    >>> labelled(terms, "pool.trade.lent", "pool.trade.lent", "en")
    'pool.trade.lent (Shops)'
    """
    part = part_title(resolved, metric, lang)
    if not part or part.casefold() in metric.casefold().split("."):
        return label
    return f"{part}：{label}" if lang == "zh" else f"{label} ({part})"


def _title(terms: Any, lang: Language) -> str:
    """Return the title of one thing in a language, or in English where it has no other."""
    told = terms.get("title_zh" if lang == "zh" else "title") or terms.get("title")
    return str(told) if told else ""


def _named(resolved: Resolved, instrument: str) -> Iterator[Mapping[str, Any]]:
    """Yield mappings of a name of the scenario's own choice to its terms."""
    yield resolved.get("segments", {})
    for terms in resolved.get("instruments", {}).get(instrument, {}).values():
        if isinstance(terms, dict) and all(isinstance(one, dict) for one in terms.values()):
            yield terms
