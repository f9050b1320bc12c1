"""The picture of sources and uses, from a run of a scenario with a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fundsim.errors import UsageError
from fundsim.report.budget_bars import BudgetPart, BudgetSide, budget_picture
from fundsim.report.canvas import Picture
from fundsim.report.caption import Caption, source_line
from fundsim.report.texts import Language, word
from fundsim.report.titles import part_title, year_name
from fundsim.results.lookup import years_of
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Distribution
from fundsim.scheme import About
from fundsim.scheme.surroundings import BUDGET

__all__ = ["SOURCES_AND_USES", "has_budget", "sources_and_uses_of"]

SOURCES_AND_USES = f"{BUDGET}.sources_and_uses"
PAID_IN, PAID_OUT = f"{BUDGET}.appropriated", f"{BUDGET}.spent"


def has_budget(run: RunData) -> bool:
    """Return whether a run has a budget, and has kept by year what was paid."""
    laws = run.figures.metrics
    budget = run.manifest["scenario"]["resolved"].get("budget")
    return bool(budget) and all(years_of(name, laws) for name in (PAID_IN, PAID_OUT))


def sources_and_uses_of(run: RunData, lang: Language) -> Picture:
    """Draw where the budget's money comes from and goes to, by budget year.

    Raises:
        UsageError: The run has no budget.
    """
    if not has_budget(run):
        raise UsageError("this run has no budget by year", "本次运行没有分年度预算")
    resolved, window = run.manifest["scenario"]["resolved"], run.manifest["window"]
    budget = resolved["budget"]
    window_years = -(-window["months"] // 12)
    years = [window["year"] + year for year in range(window_years)]
    paid = {name: dict(_laws(run, name)) for name in (PAID_IN, PAID_OUT)}
    # What is paid after acceptance may come in a later year.
    later = sorted({year for laws in paid.values() for year, law in laws.items() if law.mean.value > 0.0})
    years += [year for year in later if year not in years]

    def title(name: str) -> str:
        return part_title(resolved, About(BUDGET, name), lang)

    levels, lines = budget["levels"], budget["lines"]
    stated = any(level["amounts"] for level in levels.values())
    sources = [
        BudgetPart(title(name), _by_year(level["amounts"], years) if stated else _shares(name, lines, years))
        for name, level in levels.items()
    ]
    uses = [BudgetPart(title(name), _by_year(line["amounts"], years)) for name, line in lines.items()]
    uses.append(BudgetPart(word("not allocated", lang), _by_year(budget["unallocated"], years), pays=False))
    caption = Caption(
        title=word("Sources and uses by budget year", lang),
        metric=f"{PAID_IN} · {PAID_OUT}",
        quantity=word("amount in the year", lang),
        unit="yuan",
        run=source_line(run.manifest, lang),
        lang=lang,
    )
    sides = (
        BudgetSide(word("Sources", lang), sources, [paid[PAID_IN][year] for year in years]),
        BudgetSide(word("Uses", lang), uses, [paid[PAID_OUT][year] for year in years]),
    )
    names = [year_name(window, year) for year in years]
    return budget_picture(names, window_years, sides, caption, word("all others", lang))


def _by_year(items: Iterable[Mapping[str, Any]], years: Iterable[int]) -> list[float]:
    given = {one["year"]: float(one["amount"]) for one in items}
    return [given.get(year, 0.0) for year in years]


def _shares(level: str, lines: Mapping[str, Mapping[str, Any]], years: list[int]) -> list[float]:
    """Return what lines are to have of a level, where the levels themselves state no amounts."""
    found = [0.0] * len(years)
    for line in lines.values():
        share = float(line["shares"].get(level, 0.0))
        found = [
            sum_ + share * amount
            for sum_, amount in zip(found, _by_year(line["amounts"], years), strict=True)
        ]
    return found


def _laws(run: RunData, metric: str) -> Iterable[tuple[int, Distribution]]:
    laws = run.figures.metrics
    for year in years_of(metric, laws):
        key = f"{metric}.{year}"
        yield year, laws.get((key, "window")) or laws[key, "run_off"]
