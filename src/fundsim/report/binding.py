"""What decides on new lending in a run: how often demand alone, and how often a limit, firms or a breaker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fundsim.report.sheets import Row, Sheet
from fundsim.report.texts import Language, word
from fundsim.report.titles import instrument_title
from fundsim.report.units import Scale, money_scale, with_unit
from fundsim.results.run_data import RunData

__all__ = ["binding_sheet", "idle_keys"]

REASONS = ("capacity", "firms", "obligor", "breaker")
HEADINGS = ("lending limit", "eligible firms", "single obligor", "breaker")


@dataclass(frozen=True, slots=True)
class _Lender:
    """An instrument that lends, and what its applications met with [yuan; share of the window's months]."""

    name: str
    asked: float
    refused: float
    alone: float
    cut: Mapping[str, float]


def binding_sheet(run: RunData, lang: Language) -> Sheet:
    """Return a line for each lending instrument; none where a run did not keep the metrics, or one path only.

    Columns: applied for, refused, and the share of the window's months, over all paths, in which demand alone
    decided and in which each reason cut lending.
    """
    lenders = list(_lenders(run))
    money = money_scale((one.asked for one in lenders), lang)
    heads = (
        word("new lending", lang),
        f"{word('applied for', lang)} [{money.unit}]"
        if lang == "en"
        else f"{word('applied for', lang)}（{money.unit}）",
        word("refused", lang),
        word("months: demand alone", lang),
        *(word(heading, lang) for heading in HEADINGS),
    )
    resolved = run.manifest["scenario"]["resolved"]
    rows = []
    for one in lenders:
        title = instrument_title(resolved, one.name, lang) if lang == "zh" else ""
        shares = (one.alone, *(one.cut[reason] for reason in REASONS))
        rows.append(
            Row(
                "",
                (
                    f"{title} {one.name}".strip(),
                    money.number(one.asked),
                    _percent(one.refused / one.asked if one.asked else 0.0, lang),
                    *(_percent(share, lang) for share in shares),
                ),
            )
        )
    return Sheet(heads, tuple(rows), with_unit=False)


def idle_keys(run: RunData, lang: Language) -> list[str]:
    """Return sentences that name keys of which another value would have changed nothing on these paths."""
    resolved = run.manifest["scenario"]["resolved"].get("instruments", {})
    found = []
    for one in _lenders(run):
        terms = resolved.get(one.name, {})
        if one.asked and not one.cut["capacity"] and (keys := list(_limits(one.name, terms))):
            found.append(
                word(
                    "no lending limit cut a loan on any path: a larger {keys} would change no loan", lang
                ).format(keys=(", " if lang == "en" else "、").join(keys))
            )
        if terms.get("breaker") and not _ever_on(run, one.name):
            found.append(
                word("no breaker fired on any path: a higher {key} would change nothing", lang).format(
                    key=f"{one.name}.breaker.threshold"
                )
            )
    found += _idle_firms(run, lang)
    return found


def _idle_firms(run: RunData, lang: Language) -> Iterator[str]:
    """Yield that no number of eligible firms ever mattered, if all of them were given and none did."""
    segments = run.manifest["scenario"]["resolved"].get("segments", {})
    keys = [f"{name}.firms" for name, terms in segments.items() if terms.get("firms") is not None]
    lenders = list(_lenders(run))
    if keys and lenders and not any(one.cut["firms"] for one in lenders):
        yield word(
            "eligible firms never ran short on any path: a larger {keys} would change nothing", lang
        ).format(keys=(", " if lang == "en" else "、").join(keys))


def _limits(name: str, terms: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an instrument that limit lending."""
    for key in ("multiple", "leverage"):
        if terms.get(key) is not None:
            yield f"{name}.{key}"
    if terms.get("bank_line"):
        yield f"{name}.bank_line.multiple"


def _ever_on(run: RunData, name: str) -> bool:
    event = run.figures.probabilities.get((f"{name}.breaker_fired", "run_off"))
    return event is None or event.p > 0.0


def _lenders(run: RunData) -> Iterator[_Lender]:
    months = run.manifest["window"]["months"]
    for name in run.manifest["scenario"]["resolved"].get("instruments", {}):
        means = {
            own: run.figures.metrics.get((f"{name}.{own}", "run_off"))
            for own in ("demand", "demand_refused", "cut_months", *(f"cut_by_{reason}" for reason in REASONS))
        }
        if any(law is None for law in means.values()):
            continue
        value = {own: law.mean.value for own, law in means.items() if law is not None}
        yield _Lender(
            name,
            value["demand"],
            value["demand_refused"],
            1.0 - value["cut_months"] / months,
            {reason: value[f"cut_by_{reason}"] / months for reason in REASONS},
        )


def _percent(share: float, lang: Language) -> str:
    if 0.0 < share < 1e-3:
        return with_unit("< 0.1", "%", lang)
    return with_unit(Scale(0.01, "%").number(share, 2e-3), "%", lang)
