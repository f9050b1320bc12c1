"""What a reader calls a column of a run's paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fundsim.report.texts import HORIZON_WORDS, Language, word
from fundsim.report.titles import first_clause, titled, year_name
from fundsim.results.stored import described_by
from fundsim.scheme import About

__all__ = ["column_labels"]


def column_labels(manifest: Mapping[str, Any]) -> Callable[[str], tuple[str, str]]:
    """Return a function from the key of a column to its label in English and Chinese.

    >>> metric = {"name": "pool.lent", "instrument": "pool", "part": "",
    ...           "meaning": "principal lent; renewals too", "meaning_zh": "发放额"}
    >>> run = {"metrics": [metric], "scenario": {"resolved": {}}, "window": {"month": 1}}
    >>> column_labels(run)("pool.lent@window"), column_labels(run)("pool.lent.2016@window")
    (('Principal lent · end of window', '发放额 · 政策期末'), ('Principal lent · 2016', '发放额 · 2016'))
    """
    described = {metric["name"]: metric for metric in manifest["metrics"]}
    resolved = manifest["scenario"]["resolved"]

    def label(key: str, lang: Language) -> str:
        metric = described_by(key, described)
        meaning = first_clause(metric["meaning" if lang == "en" else "meaning_zh"])
        name, _, horizon = key.partition("@")
        year = name.removeprefix(metric["name"]).removeprefix(".")
        when = year_name(manifest["window"], int(year)) if year else word(HORIZON_WORDS[horizon], lang)
        about = About(metric["instrument"], metric["part"])
        return f"{titled(resolved, about, meaning, lang)} · {when}"

    return lambda key: (label(key, "en"), label(key, "zh"))
