"""What a scenario calls its instruments and their parts, in a reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.texts import Language, word
from fundsim.scheme import About
from fundsim.scheme.surroundings import BUDGET

__all__ = [
    "UNDOCUMENTED",
    "Resolved",
    "first_clause",
    "instrument_title",
    "labelled",
    "part_title",
    "party_title",
    "probability_of",
    "segment_title",
    "titled",
    "year_name",
]

UNDOCUMENTED = "†"
"""Mark of an instrument whose money the plan does not give."""
Resolved = Mapping[str, Any]
"""A resolved scenario, as a run's manifest keeps it."""


def first_clause(meaning: str) -> str:
    """Return the first clause of a meaning, as a title.

    >>> first_clause("claims paid ÷ claims due on the path; 1 if none fell due")
    'Claims paid ÷ claims due on the path'
    """
    clause = re.split(r"[;；]| \(|（", meaning)[0].rstrip(".。")
    return clause[:1].upper() + clause[1:]


def probability_of(meaning: str, lang: Language, *, whole: bool = False) -> str:
    """Return the name of the probability of an event from the event's meaning: a noun, no question.

    Args:
        meaning: what the event's metric means, such as ``Depletion of the pool; whether …``.
        lang: language of the meaning.
        whole: with what stands in brackets or behind a semicolon.

    >>> probability_of("Depletion of the pool; whether a claim went unpaid", "en")
    'Probability of depletion of the pool'
    >>> probability_of("Whether, up to the date, it fell", "en")
    'Probability that, up to the date, it fell'
    >>> probability_of("资金池是否耗尽（出现未付代偿）", "zh", whole=True)
    '资金池耗尽的概率（出现未付代偿）'
    """
    clause = first_clause(meaning)
    rest = meaning.rstrip(".。")[len(clause) :] if whole else ""
    event = clause.replace("是否", "", 1) if lang == "zh" else clause[:1].lower() + clause[1:]
    if event.startswith("probability") or event.endswith("概率"):
        return clause + rest
    if event.startswith("whether"):
        sentence = word("Probability that {event}", lang).format(event=event.removeprefix("whether").lstrip())
        return sentence.replace("that , ", "that, ") + rest
    form = "Probability of {event}" if "; whether" in meaning else "Probability: {event}"
    return word(form, lang).format(event=event) + rest


def year_name(window: Mapping[str, Any], year: int) -> str:
    """Name a policy year that begins in January by its year, another one by both of its years.

    >>> year_name({"month": 1}, 2016), year_name({"month": 3}, 2016)
    ('2016', '2016/17')
    """
    return str(year) if window["month"] == 1 else f"{year}/{(year + 1) % 100:02d}"


def instrument_title(resolved: Resolved, instrument: str, lang: Language) -> str:
    """Return the title that a scenario gives an instrument, empty if it gives none."""
    if instrument == BUDGET:
        return word("Budget", lang)
    terms = resolved.get("instruments", {}).get(instrument, {})
    mark = "" if terms.get("in_document", True) else UNDOCUMENTED
    return f"{_title(terms, lang) or (instrument if mark else '')}{mark}"


def segment_title(resolved: Resolved, segment: str, lang: Language) -> str:
    """Return the title that a scenario gives a segment, or its name where it gives none."""
    return _title(resolved.get("segments", {}).get(segment), lang) or segment


def part_title(resolved: Resolved, about: About, lang: Language) -> str:
    """Return what a scenario calls the part of an instrument that a figure is about.

    A part is a segment, or whatever the instrument's terms list by name: counties, reguarantors, partners.

    Args:
        resolved: the resolved scenario.
        about: the instrument and its part.
        lang: language of the title.

    Returns:
        Its title, its name where the scenario has no title, or nothing if the figure is of no such part.
    """
    for named in _named(resolved, about.instrument):
        if about.part in named:
            return _title(named[about.part], lang) or about.part
    return ""


_ROLES = {
    "bank": ("bank", "合作银行"),
    "margin": ("mutual-help money", "助保金"),
    "counties": ("county treasuries", "县区财政"),
    "investors": ("private investors", "社会投资方"),
    "compensation_fund": ("compensation fund", "担保风险补偿资金"),
    "insurer": ("insurer", "保险公司"),
    "operator": ("operator", "收储处置机构"),
    "bank_line": ("bank line", "银行授信"),
    "private_capital": ("private capital", "社会资本"),
    "custody": ("custody account", "托管账户"),
    "partners": ("social partners", "社会资本"),
    "manager": ("fund manager", "基金管理人"),
    "government": ("government", "政府"),
    "social": ("social partners", "社会资本"),
    "treasury": ("treasury", "财政"),
    "parent": ("parent fund", "母基金"),
    "look_through": ("looking through sub-funds", "穿透子基金"),
    "co_investment": ("co-investment", "跟进投资"),
    "risk_subsidy": ("risk subsidy", "风险补助"),
    "protection": ("investment protection", "投资保障"),
}
"""Parties and parts that an instrument has by its kind, in English and Chinese."""


def party_title(resolved: Resolved, party: str, lang: Language) -> str:
    """Return what a reader calls a party, a book or a part: titles in place of names where there are any.

    >>> terms = {"instruments": {"pool": {"title": "Pool"}}, "segments": {"trade": {"title": "Shops"}}}
    >>> party_title(terms, "pool.bank", "en"), party_title(terms, "pool/trade", "en")
    ('Pool, bank', 'Pool, Shops')
    >>> party_title(terms, "ccb", "en")
    'ccb'
    """
    instrument, *parts = re.split(r"[./]", party)
    first = instrument_title(resolved, instrument, lang)
    if first and _is_shared(resolved, first, lang):
        first = f"{first} ({instrument})"
    titles = [first or instrument]
    for part in parts:
        named = next((n[part] for n in _named(resolved, instrument) if part in n), None)
        titles.append(_title(named, lang) or _role(part, lang))
    return (" · " if lang == "zh" else ", ").join(titles) if first or parts else party


def _role(part: str, lang: Language) -> str:
    return _ROLES[part][lang == "zh"] if part in _ROLES else part


def _is_shared(resolved: Resolved, title: str, lang: Language) -> bool:
    """Return whether several instruments have one title, so that it identifies none of them."""
    return [instrument_title(resolved, name, lang) for name in resolved.get("instruments", {})].count(
        title
    ) > 1


def titled(resolved: Resolved, about: About, text: str, lang: Language) -> str:
    """Put before a picture's title what it is about: instrument, part, or both.

    >>> terms = {"instruments": {"pool": {"title": "Pool"}}, "segments": {"trade": {"title": "Shops"}}}
    >>> titled(terms, About("pool", "trade"), "Principal lent", "en")
    'Pool, Shops: Principal lent'
    """
    titles = (instrument_title(resolved, about.instrument, lang), part_title(resolved, about, lang))
    subject = (" · " if lang == "zh" else ", ").join(title for title in titles if title)
    return f"{subject}{'：' if lang == 'zh' else ': '}{text}" if subject else text


def labelled(resolved: Resolved, about: About, label: str, lang: Language) -> str:
    """Add to a table's label the title of the part that it is about, unless the label's name says it.

    >>> terms = {"segments": {"trade": {"title": "Shops", "title_zh": "批发零售业"}}}
    >>> labelled(terms, About("pool", "trade"), "pool.trade.lent", "en")
    'pool.trade.lent (Shops)'
    """
    part = part_title(resolved, about, lang)
    if not part or part.casefold() == about.part.casefold():
        return label
    return f"{part}：{label}" if lang == "zh" else f"{label} ({part})"


def _title(terms: Any, lang: Language) -> str:
    """Return the title of one thing in a language, or in English where it has no other."""
    if not isinstance(terms, Mapping):
        return ""
    title = terms.get("title_zh" if lang == "zh" else "title") or terms.get("title")
    return str(title) if title else ""


def _named(resolved: Resolved, instrument: str) -> Iterator[Mapping[str, Any]]:
    """Yield mappings of a name of the scenario's own choice to its terms."""
    yield resolved.get("segments", {})
    if instrument == BUDGET:
        budget = resolved.get("budget") or {}
        yield budget.get("lines", {})
        yield budget.get("levels", {})
    for terms in resolved.get("instruments", {}).get(instrument, {}).values():
        if isinstance(terms, dict) and all(isinstance(one, dict) for one in terms.values()):
            yield terms
