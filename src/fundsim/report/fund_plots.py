"""The pictures of an equity fund, from a run: money mobilised, and cash back to the treasury by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fundsim.errors import UsageError
from fundsim.report.back import BackPart, Panel, back_picture
from fundsim.report.canvas import Picture
from fundsim.report.caption import Caption, source_line
from fundsim.report.mobilised import Mobilised, mobilised_picture
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import Resolved, first_clause, titled, year_name
from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Distribution
from fundsim.scheme import About

__all__ = ["back_of", "drawn_of", "mobilised_of", "mobilises"]

LOOK_THROUGH = "look_through"
EARNED = (("government.distributed", "from the fund"), ("co_investment.proceeds", "from co-investments"))
"""Sources of the cash that comes back of what was invested: metric, and what a picture calls it."""
UNUSED = "given back unused"

Described = Mapping[str, Any]


def drawn_of(run: RunData, picture: str, instrument: str) -> list[Described]:
    """Return what the manifest says of an instrument's metrics that stand in a picture and were kept."""
    return [
        one
        for one in run.manifest["metrics"]
        if one.get("picture") == picture
        and one["instrument"] == instrument
        and (
            years_of(one["name"], run.figures.metrics)
            if picture == "back"
            else f"{one['name']}@run_off" in run.column_keys
        )
    ]


def mobilises(run: RunData, instrument: str) -> bool:
    """Return whether a fund, or a sub-fund of it, seeks social partners, and its figures were kept."""
    if not drawn_of(run, "mobilised", instrument):
        return False
    terms = run.manifest["scenario"]["resolved"]["instruments"]
    return max(planned_ratio(terms[instrument]), planned_through(terms, instrument)) > 0.0


def mobilised_of(run: RunData, instrument: str, lang: Language) -> Picture:
    """Draw what an equity fund mobilises of social money, beside what the plan promised.

    Raises:
        UsageError: The instrument mobilises no money.
    """
    if not mobilises(run, instrument):
        raise UsageError(
            f"{instrument} mobilises no money of social partners", f"{instrument} 不撬动社会资本"
        )
    found = drawn_of(run, "mobilised", instrument)
    resolved = run.manifest["scenario"]["resolved"]
    terms = resolved["instruments"]
    own, through = planned_ratio(terms[instrument]), planned_through(terms, instrument)
    seen_through = [one for one in found if one["part"] == LOOK_THROUGH]
    by_name = {one["own_name"]: _row(run, one, through, lang, beside=True) for one in seen_through}
    own_rows = [
        replace(_row(run, one, own, lang), through=by_name.get(one["own_name"]))
        for one in found
        if not one["part"]
    ]
    rows = own_rows or [_row(run, one, through, lang) for one in seen_through]
    title = "Money mobilised" if own_rows else "Money mobilised, looking through sub-funds"
    parent = terms[instrument].get("parent")
    quantity = (
        "social money by yuan of the parent fund's planned money"
        if parent
        else "social money by yuan of government's planned money"
    )
    caption = Caption(
        title=titled(resolved, About(instrument), word(title, lang), lang),
        metric=f"{instrument} · {word(HORIZON_WORDS['run_off'], lang)}",
        quantity=word(quantity, lang),
        unit="times",
        run=source_line(run.manifest, lang),
        lang=lang,
    )
    return mobilised_picture(rows, caption)


def _row(run: RunData, one: Described, planned: float, lang: Language, *, beside: bool = False) -> Mobilised:
    """Return a ratio; one beside the fund's own is called by what it looks through, and not by its money."""
    key = f"{one['name']}@run_off"
    meaning = first_clause(one["meaning" if lang == "en" else "meaning_zh"])
    name = word("looking through sub-funds", lang) if beside else meaning.partition("÷")[0].rstrip()
    return Mobilised(name, run.values(key), run.distribution(key), planned)


def planned_ratio(terms: Mapping[str, Any]) -> float:
    """Return social money by yuan of public money as a fund's terms plan it.

    >>> planned_ratio({"ratio": 5.0, "ratio_reading": "fund_to_gov"})
    4.0
    """
    ratio = float(terms.get("ratio") or 0.0)
    return max(0.0, ratio - (1.0 if terms.get("ratio_reading") == "fund_to_gov" else 0.0))


def planned_through(instruments: Resolved, parent: str) -> float:
    """Return social money of a parent and of its sub-funds by yuan of the parent's planned money.

    >>> city = {"ratio": 1.0, "opening": 100.0, "injections": [{"amount": 100.0}]}
    >>> angels = {"parent": "city", "commitment": 50.0, "ratio": 2.0}
    >>> planned_through({"city": city, "angels": angels}, "city")
    1.5
    """
    terms = instruments[parent]
    injections = terms.get("injections") or ()
    whole = float(terms.get("opening") or 0.0) + sum(float(one["amount"]) for one in injections)
    subs = [one for one in instruments.values() if one.get("parent") == parent]
    social = sum(planned_ratio(one) * float(one.get("commitment") or 0.0) for one in subs)
    return planned_ratio(terms) + (social / whole if whole else 0.0)


def back_of(run: RunData, instrument: str, lang: Language) -> Picture:
    """Draw the cash that an equity fund brings back to the treasury by budget year.

    Raises:
        UsageError: The instrument brings none back, or the run has no years of it.
    """
    found = drawn_of(run, "back", instrument)
    if len(found) < 2:
        raise UsageError(
            f"this run has no cash back to the treasury by year of {instrument}",
            f"本次运行没有 {instrument} 分年度收回财政的资金",
        )
    earned, unused = (one["name"] for one in found)
    years = years_of(earned, run.figures.metrics)

    def panel(whole: str, sources: Iterable[tuple[str, str]]) -> Panel:
        kept = [(name, called) for name, called in sources if years_of(name, run.figures.metrics) == years]
        parts = [
            BackPart(word(called, lang), _laws(run, name, years), run.distribution(name).mean)
            for name, called in kept
        ]
        return Panel(parts, _laws(run, whole, years))

    manifest, resolved = run.manifest, run.manifest["scenario"]["resolved"]
    window = manifest["window"]
    caption = Caption(
        title=titled(resolved, About(instrument), word("Cash back to the treasury by year", lang), lang),
        metric=f"{earned} · {unused}",
        quantity=word("amount in the year", lang),
        unit="yuan",
        run=source_line(manifest, lang),
        lang=lang,
    )
    sources = [(f"{instrument}.{name}", called) for name, called in EARNED]
    return back_picture(
        [year_name(window, year) for year in years],
        -(-window["months"] // 12),
        panel(earned, sources),
        panel(unused, [(unused, UNUSED)]),
        caption,
    )


def _laws(run: RunData, metric: str, years: Iterable[int]) -> list[Distribution]:
    laws = run.figures.metrics
    keys = [f"{metric}.{year}" for year in years]
    return [laws.get((key, "window")) or laws[key, "run_off"] for key in keys]
