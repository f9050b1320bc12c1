"""What a run answers, in one to four sentences: does it hold, what does it cost, are its targets met.

Each sentence is chosen by the figures, and says nothing that they leave open: a payer seldom runs dry only
where the whole interval of the probability is below 5 %, and does so more often than not only where all of it
is above a half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fundsim.report.sheets import event_cells
from fundsim.report.targets import target_title
from fundsim.report.texts import Language
from fundsim.report.titles import Resolved, party_title, year_name
from fundsim.report.units import Scale, money_scale, with_unit
from fundsim.report.words import answer as texts
from fundsim.report.words.answer import Say
from fundsim.results.headlines import FISCAL_COST, is_nothing, shown_horizons, shown_years
from fundsim.results.run_data import RunData
from fundsim.results.statistics import Distribution, Estimate, Probability

__all__ = ["answers"]

SELDOM = 0.05
"""A payer seldom runs dry if the interval of the probability ends below this."""
MOST = 4
"""Sentences."""
_SHARE = Scale(0.01, "%")


@dataclass(frozen=True, slots=True)
class _Event:
    """A headline event of an instrument, or of a part of it."""

    instrument: str
    part: str
    who: str
    """Instrument and part as a reader calls them."""
    p: Probability


def answers(run: RunData, lang: Language) -> list[str]:
    """Return the sentences that come before a run's table; none of one path, or of figures not kept."""
    if run.n_paths == 1:
        return []
    holds = _payers(run, lang)
    others = [*_cost(run, lang), *_targets(run, lang)]
    room = MOST - len(holds) - len(others)
    more = [*_bridges(run, lang), *_equity(run, lang)][:room]
    return [_sentence(text, lang) for text in (*holds, *more, *others)]


def _say(text: Say, lang: Language, **values: Any) -> str:
    return (text.zh if lang == "zh" else text.en).format(**values)


def _sentence(text: str, lang: Language) -> str:
    return f"{text[0].upper()}{text[1:]}." if lang == "en" else f"{text}。"


def _events(run: RunData, own_name: str, lang: Language) -> list[_Event]:
    """Return the headline events of a name that are defined on some path, in the order of the metrics."""
    resolved = run.manifest["scenario"]["resolved"]
    found = []
    for metric in run.manifest["metrics"]:
        if not (metric["headline"] and metric.get("event") and metric["own_name"] == own_name):
            continue
        for horizon in shown_horizons(metric["name"], run):
            one = run.figures.probabilities.get((metric["name"], horizon))
            if one is not None and one.n:
                party = ".".join(filter(None, (metric["instrument"], metric["part"])))
                who = _called(resolved, party, lang)
                found.append(_Event(metric["instrument"], metric["part"], who, one))
    return found


def _called(resolved: Resolved, party: str, lang: Language) -> str:
    """Return what a reader calls a party; in Chinese with a blank between Latin letters and what follows."""
    title = party_title(resolved, party, lang)
    return f"{title} " if lang == "zh" and title[-1:].isascii() else title


def _chance(event: Probability, lang: Language) -> dict[str, Any]:
    p, interval = event_cells(event, lang)
    return {"p": p, "interval": interval, "paths": event.n}


def _payers(run: RunData, lang: Language) -> list[str]:
    """Return whether those run dry that pay claims: the likeliest, then the likeliest of the others."""
    known = sorted(_events(run, "depleted", lang), key=lambda one: -one.p.p)
    if not known:
        return []
    first, *others = known
    if others and first.p.p == 0.0:
        return [_say(texts.NONE_DRY, lang, count=len(known), **_chance(first.p, lang))]
    text = _say(_held(first.p), lang, payer=first.who, **_chance(first.p, lang))
    return [f"{text}{_others(others, lang)}"]


def _held(event: Probability) -> Say:
    """Return the sentence that the whole interval of a probability bears out."""
    low, high = event.ci95
    if event.p == 0.0:
        return texts.NEVER_DRY
    if event.p == 1.0:
        return texts.ALWAYS_DRY
    if high <= SELDOM:
        return texts.SELDOM_DRY
    return texts.MOSTLY_DRY if low > 0.5 else texts.MAY_RUN_DRY


def _others(others: list[_Event], lang: Language) -> str:
    if not others:
        return ""
    dry, alone = others[0].p.p > 0.0, len(others) == 1
    if dry:
        text = texts.OTHER_DRY if alone else texts.OTHERS_DRY
    else:
        text = texts.OTHER_NOT_DRY if alone else texts.NO_OTHER_DRY
    return _say(text, lang, count=len(others), payer=others[0].who, **_chance(others[0].p, lang))


def _bridges(run: RunData, lang: Language) -> list[str]:
    """Return how much the bridge fund refuses that refuses most."""
    found = []
    for one in _events(run, "any_refused", lang):
        share = run.figures.metrics.get((f"{one.instrument}.refused_share", "run_off"))
        if share is not None and share.n:
            found.append((one.p.p > 0.0, share.mean.value, share.mean, one))
    if not found:
        return []
    refuses, _, mean, one = max(found, key=lambda each: each[:2])
    chance = _chance(one.p, lang)
    if not refuses:
        return [_say(texts.REFUSES_NONE, lang, fund=one.who, **chance)]
    return [_say(texts.REFUSES, lang, fund=one.who, share=_with_error(mean, _SHARE, lang), **chance)]


def _equity(run: RunData, lang: Language) -> list[str]:
    """Return how probable it is that the owners' money comes back, in the worst fund and in the best."""
    every = _events(run, "principal_back", lang)
    known = [one for one in every if one.part == "government"] or every
    if not known:
        return []
    known.sort(key=lambda one: one.p.p)
    first, last = known[0], known[-1]
    owner = _say(texts.GOVERNMENT if first.part == "government" else texts.PARENT, lang)
    resolved = run.manifest["scenario"]["resolved"]
    worst, best = (_called(resolved, one.instrument, lang) for one in (first, last))
    if len(known) == 1:
        return [_say(texts.MONEY_BACK, lang, fund=worst, owner=owner, **_chance(first.p, lang))]
    low, high = (event_cells(one.p, lang)[0] for one in (first, last))
    ends = {"low": low, "first": worst, "high": high, "last": best}
    return [_say(texts.MONEY_BACK_OF_SEVERAL, lang, count=len(known), owner=owner, **ends)]


def _cost(run: RunData, lang: Language) -> list[str]:
    """Return what the scheme costs the budget in the mean, and in a bad year."""
    horizons = shown_horizons(FISCAL_COST, run)
    law = run.figures.metrics.get((FISCAL_COST, horizons[0])) if horizons else None
    if law is None or not law.n:
        return []
    years = shown_years(run)[0]
    if is_nothing(law, "yuan") and not years:
        return [_say(texts.COSTS_NOTHING, lang)]
    laws = [(_p99(run.figures.metrics[key]), year, run.figures.metrics[key]) for year, key in years]
    p99, year, worst = max(laws, key=lambda one: one[0], default=(0.0, 0, law))
    scale = money_scale([law.mean.value], lang)
    gain = law.mean.value < 0.0
    total = Estimate(abs(law.mean.value), law.mean.se)
    said = _with_error(total, scale, lang).split(" ± ")
    text = _say(texts.BRINGS if gain else texts.COSTS, lang, mean=said[0], se=said[1])
    if p99 > 0.0:
        text += _worst_year(run, year, worst, lang)
    return [text]


def _worst_year(run: RunData, year: int, law: Distribution, lang: Language) -> str:
    scale = money_scale([_p99(law)], lang)
    ends = (law.quantiles[level].ci95 for level in ("0.95", "0.99"))
    error = max((high - low) / 4.0 if math.isfinite(high - low) else 0.0 for low, high in ends)
    p95, p99 = (scale.number(law.quantiles[level].value, error) for level in ("0.95", "0.99"))
    return _say(
        texts.WORST_YEAR,
        lang,
        year=year_name(run.manifest["window"], year),
        mean=scale.number(law.mean.value, law.mean.se),
        p95=p95,
        p99=with_unit(p99, scale.unit, lang),
    )


def _p99(law: Distribution) -> float:
    return law.quantiles["0.99"].value


def _with_error(estimate: Estimate, scale: Scale, lang: Language) -> str:
    error = scale.error(estimate.value, estimate.se)
    return f"{scale.number(estimate.value, estimate.se)} ± {with_unit(error, scale.unit, lang)}"


def _targets(run: RunData, lang: Language) -> list[str]:
    """Return how probable it is that the targets are met, and which is the least likely."""
    each = [one for one in run.figures.targets if one.name]
    if not each:
        return []
    every = next((one for one in run.figures.targets if not one.name), each[0]).p
    hardest = min(each, key=lambda one: one.p.p)
    title = target_title(hardest, run.manifest["scenario"]["resolved"], lang)
    target = title.replace("“", "‘").replace("”", "’")  # it stands in quotation marks itself
    several = len(each) > 1
    text = _say(_met(every, several=several), lang, count=len(each), target=target, **_chance(every, lang))
    if several and every.p < 1.0:
        text += _say(texts.HARDEST, lang, target=target, p=event_cells(hardest.p, lang)[0])
    return [text]


def _met(event: Probability, *, several: bool) -> Say:
    if event.p == 1.0:
        return texts.ALL_MET if several else texts.ONE_MET
    if event.p == 0.0:
        return texts.ALL_MISSED if several else texts.ONE_MISSED
    return texts.ALL_MAY_BE_MET if several else texts.ONE_MAY_BE_MET
