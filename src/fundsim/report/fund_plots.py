"""The pictures of an equity fund, from a run: money mobilised, and cash back to the treasury by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fundsim.errors import UsageError
from fundsim.report.back import BackPart, back_picture
from fundsim.report.canvas import Picture
from fundsim.report.caption import Caption, source_line
from fundsim.report.mobilised import Mobilised, mobilised_picture
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import Resolved, first_clause, titled, year_name
from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Distribution
from fundsim.scheme import About

__all__ = ["back_of", "drawn_of", "mobilised_of"]

LOOK_THROUGH = "look_through"
PARTS = (
    ("government.distributed", "from the fund"),
    ("co_investment.proceeds", "from co-investments"),
    ("treasury.unused", "unused money"),
)
"""Sources of the cash that comes back: metric, and what a picture calls it."""

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


def mobilised_of(run: RunData, instrument: str, lang: Language) -> Picture:
    """Draw what an equity fund mobilises of social money, beside what the plan promised.

    Raises:
        UsageError: The instrument mobilises no money.
    """
    found = drawn_of(run, "mobilised", instrument)
    if not found:
        raise UsageError(
            f"{instrument} mobilises no money of social partners", f"{instrument} 不撬动社会资本"
        )
    resolved = run.manifest["scenario"]["resolved"]
    terms = resolved["instruments"]
    own, through = planned_ratio(terms[instrument]), planned_through(terms, instrument)
    seen_through = {
        one["own_name"]: _row(run, one, through, lang) for one in found if one["part"] == LOOK_THROUGH
    }
    rows = [
        _row(run, one, own, lang, seen_through.get(one["own_name"])) for one in found if not one["part"]
    ] or list(seen_through.values())
    parent = terms[instrument].get("parent")
    quantity = (
        "social money by yuan of the parent fund's planned money"
        if parent
        else "social money by yuan of government's planned money"
    )
    caption = Caption(
        title=titled(resolved, About(instrument), word("Money mobilised", lang), lang),
        metric=f"{instrument} · {word(HORIZON_WORDS['run_off'], lang)}",
        quantity=word(quantity, lang),
        unit="times",
        run=source_line(run.manifest, lang),
        lang=lang,
    )
    return mobilised_picture(rows, caption)


def _row(
    run: RunData, one: Described, planned: float, lang: Language, through: Mobilised | None = None
) -> Mobilised:
    key = f"{one['name']}@run_off"
    meaning = first_clause(one["meaning" if lang == "en" else "meaning_zh"])
    name = meaning.partition("÷")[0].rstrip()
    if one["part"] == LOOK_THROUGH:
        name = word("looking through sub-funds", lang)
    return Mobilised(name, run.values(key), run.distribution(key), planned, through)


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
    if not found:
        raise UsageError(
            f"this run has no cash back to the treasury by year of {instrument}",
            f"本次运行没有 {instrument} 分年度收回财政的资金",
        )
    (whole,) = found
    years = years_of(whole["name"], run.figures.metrics)
    parts = [
        BackPart(
            word(called, lang),
            [_law_of_year(run, f"{instrument}.{name}", year) for year in years],
            run.distribution(f"{instrument}.{name}").mean,
        )
        for name, called in PARTS
        if years_of(f"{instrument}.{name}", run.figures.metrics) == years
    ]
    manifest, resolved = run.manifest, run.manifest["scenario"]["resolved"]
    window = manifest["window"]
    caption = Caption(
        title=titled(resolved, About(instrument), word("Cash back to the treasury by year", lang), lang),
        metric=whole["name"],
        quantity=word("amount in the year", lang),
        unit="yuan",
        run=source_line(manifest, lang),
        lang=lang,
    )
    return back_picture(
        [year_name(window, year) for year in years],
        -(-window["months"] // 12),
        parts,
        [_law_of_year(run, whole["name"], year) for year in years],
        caption,
    )


def _law_of_year(run: RunData, metric: str, year: int) -> Distribution:
    laws = run.figures.metrics
    return laws.get((f"{metric}.{year}", "window")) or laws[f"{metric}.{year}", "run_off"]
