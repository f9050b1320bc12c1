"""Tables of a workbook besides those of metrics: targets, money by year, doubt, what goes together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.report.document.excel_book import Cell, Column, Number
from fundsim.report.document.excel_figures import instrument_of, label_of_figure, number, scale_in, year_cell
from fundsim.report.targets import target_key, target_title
from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import part_title
from fundsim.report.units import Scale
from fundsim.results.dependence import INDEPENDENT
from fundsim.results.headlines import headlines
from fundsim.results.run_data import RunData
from fundsim.results.sources_and_uses import Entry, sources_and_uses
from fundsim.results.targets import Met
from fundsim.scenario.target_terms import HEADINGS
from fundsim.scheme import About
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.surroundings import BUDGET

__all__ = ["Columns", "budget_columns", "budget_rows", "doubt_columns", "doubt_rows", "target_columns",
           "target_rows", "together_columns", "together_rows"]  # fmt: skip

Columns = list[Column]
Rows = Iterator[list[Cell]]
SHARE = Scale(0.01, "%")
PLAIN = Scale(1.0, "")


def _columns(lang: Language, *heads: tuple[str, float]) -> Columns:
    return [Column(text if text == "±" else word(text, lang), width) for text, width in heads]


def target_columns(lang: Language) -> Columns:
    """Return the columns of the performance targets."""
    return _columns(
        lang,
        ("heading", 10), ("target", 34), ("unit", 9), ("bound", 6), ("planned", 13), ("expected", 13),
        ("±", 10), ("met", 10), ("95 % from", 10), ("95 % to", 10), ("paths without a value", 10),
        ("name", 34),
    )  # fmt: skip


def target_rows(run: RunData, lang: Language) -> Rows:
    """Yield the targets under their headings, then all of them together; a heading without any has a dash."""
    found = run.figures.targets
    for heading in HEADINGS if found else ():
        under = [one for one in found if one.name and one.heading == heading]
        yield from (_target(run, one, lang) for one in under)
        if not under:
            yield [word(heading, lang), "–", *[None] * 10]
    for one in found:
        if not one.name:
            yield ["", word("all targets together", lang), "%", *[None] * 4, *_met(one), None, ""]


def _target(run: RunData, one: Met, lang: Language) -> list[Cell]:
    scale = scale_in(one.unit, lang)
    error = one.expected.se
    return [
        word(one.heading, lang),
        target_title(one, run.manifest["scenario"]["resolved"], lang),
        scale.unit,
        "≥" if one.at_least else "≤",
        number(one.bound, scale),
        number(one.expected.value, scale, error),
        number(error, scale, error),
        *_met(one),
        number(one.p.missing, SHARE) if one.p.missing else None,
        target_key(one),
    ]


def _met(one: Met) -> list[Cell]:
    low, high = one.p.ci95
    return [number(value, SHARE, (high - low) / 4.0) for value in (one.p.p, low, high)]


def budget_columns(lang: Language) -> Columns:
    """Return the columns of sources and uses."""
    unit = scale_in("yuan", lang).unit
    bracket = f" [{unit}]" if lang == "en" else f"（{unit}）"
    heads = (("year", 12), ("side", 10), ("item", 40), ("plan", 16), ("paid", 16), ("±", 12), ("name", 24))
    columns = _columns(lang, *heads)
    return [
        Column(f"{one.heading}{bracket}", one.width) if 3 <= place <= 5 else one
        for place, one in enumerate(columns)
    ]


def budget_rows(run: RunData, lang: Language) -> Rows:
    """Yield every source and use with money in the year."""
    money = scale_in("yuan", lang)
    for one in sources_and_uses(run):
        if not (abs(one.planned) > HALF_A_FEN or abs(one.paid.value) > HALF_A_FEN):
            continue
        all_years = word("all years", lang)
        yield [
            all_years if one.year is None else year_cell(run.manifest["window"], one.year),
            word("Sources" if one.side == "source" else "Uses", lang),
            _item(one, run.manifest["scenario"]["resolved"], lang),
            number(one.planned, money),
            number(one.paid.value, money, one.paid.se),
            number(one.paid.se, money, one.paid.se),
            one.name or one.kind,
        ]


def _item(one: Entry, resolved: Mapping[str, Any], lang: Language) -> str:
    if one.kind in ("level", "line"):
        return part_title(resolved, About(BUDGET, one.name), lang) or one.name
    texts = {"unallocated": "not allocated", "total": "total", "given_back": "given back unspent"}
    return word(texts[one.kind], lang)


def doubt_columns(lang: Language) -> Columns:
    """Return the columns of figures with doubt about the inputs."""
    heads = (
        ("instrument", 20), ("metric", 34), ("period", 11), ("unit", 9), ("mean or probability", 13),
        ("±", 10),
    )  # fmt: skip
    ends = [Column(word("{low} % of draws", lang).format(low=low), 13) for low in (5, 95)]
    return [*_columns(lang, *heads), *ends, *_columns(lang, ("assumptions that drive it", 36), ("name", 34))]


def doubt_rows(run: RunData, lang: Language) -> Rows:
    """Yield a line for each figure that a doubt is about, headlines first."""
    known = run.in_doubt
    if known is None:
        return
    resolved = run.manifest["scenario"]["resolved"]
    described = {metric["name"]: metric for metric in (*headlines(run), *run.manifest["metrics"])}
    for metric in described.values():
        for (name, horizon), one in known.figures.items():
            if name != metric["name"]:
                continue
            scale, error = scale_in(metric["unit"], lang), one.predictive_se
            yield [
                instrument_of(metric, resolved, lang),
                label_of_figure(metric, resolved, lang),
                word(HORIZON_WORDS[horizon], lang),
                scale.unit,
                *(number(value, scale, error) for value in (one.predictive, error, one.low, one.high)),
                (", " if lang == "en" else "、").join(one.drivers),
                f"{name}@{horizon}",
            ]


def together_columns(lang: Language) -> Columns:
    """Return the columns of figures that are bad on the same paths."""
    return _columns(
        lang,
        ("first figure", 34), ("bad end", 11), ("second figure", 34), ("bad end", 11), ("correlation", 11),
        ("±", 9), ("both in worst tenth", 12), ("±", 9), ("95 % from", 10), ("95 % to", 10),
        ("if independent", 12), ("name", 44),
    )  # fmt: skip


def together_rows(run: RunData, lang: Language) -> Rows:
    """Yield every two figures of which it is known how they go together."""
    described = {metric["name"]: metric for metric in run.manifest["metrics"]}
    resolved = run.manifest["scenario"]["resolved"]

    def label(name: str) -> str:
        metric = described[name]
        colon = ": " if lang == "en" else "："
        return f"{instrument_of(metric, resolved, lang)}{colon}{label_of_figure(metric, resolved, lang)}"

    for one in run.figures.dependence:
        low, high = one.joint.ci95
        yield [
            label(one.first),
            word(one.first_bad, lang),
            label(one.second),
            word(one.second_bad, lang),
            number(one.correlation.value, PLAIN, one.correlation.se),
            number(one.correlation.se, PLAIN, one.correlation.se),
            *(number(value, SHARE, one.joint_se) for value in (one.joint.p, one.joint_se, low, high)),
            Number(INDEPENDENT, 0, percent=True),
            f"{one.first} · {one.second}",
        ]
