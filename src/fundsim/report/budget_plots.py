"""The picture of sources and uses, from a run of a scenario with a budget."""

from __future__ import annotations

from fundsim.errors import UsageError
from fundsim.report.budget_bars import BudgetPart, BudgetSide, budget_picture
from fundsim.report.canvas import Picture
from fundsim.report.caption import Caption, source_line
from fundsim.report.texts import Language, word
from fundsim.report.titles import part_title, year_name
from fundsim.results.run_data import RunData
from fundsim.results.sources_and_uses import (
    PAID_IN,
    PAID_OUT,
    budget_years,
    has_budget,
    paid_by_year,
    planned_by_year,
    window_years,
)
from fundsim.scheme import About
from fundsim.scheme.surroundings import BUDGET

__all__ = ["SOURCES_AND_USES", "sources_and_uses_of"]

SOURCES_AND_USES = f"{BUDGET}.sources_and_uses"


def sources_and_uses_of(run: RunData, lang: Language) -> Picture:
    """Draw where the budget's money comes from and goes to, by budget year.

    Raises:
        UsageError: The run has no budget.
    """
    if not has_budget(run):
        raise UsageError("this run has no budget by year", "本次运行没有分年度预算")
    resolved, window = run.manifest["scenario"]["resolved"], run.manifest["window"]
    years = budget_years(run)
    planned = planned_by_year(resolved["budget"], years)
    paid = {name: paid_by_year(run, name) for name in (PAID_IN, PAID_OUT)}

    def title(name: str) -> str:
        return part_title(resolved, About(BUDGET, name), lang)

    sources = [BudgetPart(title(name), amounts) for name, amounts in planned.levels.items()]
    uses = [BudgetPart(title(name), amounts) for name, amounts in planned.lines.items()]
    uses.append(BudgetPart(word("not allocated", lang), planned.unallocated, pays=False))
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
    return budget_picture(names, window_years(run), sides, caption, word("all others", lang))
