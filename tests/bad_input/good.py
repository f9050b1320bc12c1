"""A sound scenario, and how to spoil one place of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

GOOD = """\
# A scenario that uses most of the language.
title: A pool and its borrowers
title_zh: 风险补偿资金池
description: |
  Two segments borrow, one pool pays.
  第一行：说明文字可以使用全角标点。
regime_year: 2015
sources:
  A5: Three-year plan, section on loans
  A16: Statistics of firms
run:
  paths: 20000
  seed: 7
window:
  start: 2015-01
  months: 36
  run_off: 24
economy:
  step: quarter
  rho_horizon: year
  persistence: 0.5
  sector_correlation:
    - between: [retail, manufacturing]
      correlation: 0.3
  stress:
    - from: 2016-01
      to: 2016-06
      shift: -1.5
    - from: 2017-01
      to: 2017-03
      fix: -2
segments:
  trade:
    source: A16
    firms: 2.7万
    sector: retail
    city_weight: 0.6
    pd: {value: 3%, low: 1%, high: 6%, source: A16, note: guarantee statistics}
    rho: 0.08
    maturity_share: 0.2
    lgd:
      mean: 0.55
      sd: 0.25
      factor_correlation: 0.1
    loan:
      mean: 300万
      cv: 0.5
      cap: 500万
      bands: 4
      term_months: 12
      rate: 6%
    renew: 70%
    default_if_not_renewed: 0.1
  factories:
    source: assumption
    sector: manufacturing
    pd: 0.04
    rho: 0.1
    lgd: 0.5
    loan:
      mean: 400万
instruments:
  zhubaodai:
    kind: compensation_pool
    source: A5
    title_zh: 助保贷
    opening: 2.32亿
    multiple: 10
    capacity_base: paid_in
    share: 0.5
    trigger:
      mode: overdue
      overdue_days: 90
    claim_lag: 2
    interest: 1.5%
    replenish: true
    borrowers:
      trade: 60%
      factories: 40%
    injections:
      - name: first
        date: 2015-06
        amount: 0.4亿
      - name: second
        date: 2016-06
        amount: 0.45亿
    yearly: [10亿, 12亿, 14.7亿]
"""


@dataclass(frozen=True)
class Case:
    """A bad file and what must be reported of it."""

    label: str
    text: str | bytes
    line: int
    """Line at which a fault must be reported; 0 for a fault of the whole file."""
    says: str
    """Words that the fault at this line must contain, in English."""
    hint: str | None = None
    """What "did you mean" must offer."""
    beside: dict[str, str] = field(default_factory=dict)
    """Other files in the folder, by name."""


def line_of(text: str, fragment: str, nth: int = 1) -> int:
    """Return the number of the line in which a fragment stands for the nth time."""
    found = [number for number, line in enumerate(text.split("\n"), start=1) if fragment in line]
    return found[nth - 1]


def spoilt(old: str, new: str, nth: int = 1) -> tuple[str, int]:
    """Return GOOD with the nth ``old`` replaced, and the number of the line where that begins."""
    start = -1
    for _ in range(nth):
        start = GOOD.index(old, start + 1)
    text = GOOD[:start] + new + GOOD[start + len(old) :]
    return text, text.count("\n", 0, start + len(new) - len(new.lstrip("\n"))) + 1


def changed(label: str, old: str, new: str, says: str, hint: str | None = None, nth: int = 1) -> Case:
    """Return the case in which one place of GOOD is changed."""
    text, line = spoilt(old, new, nth)
    return Case(label, text, line, says, hint)


def key_at(key: str) -> str:
    """Return the text ``key:`` with its indentation at its first place in GOOD."""
    found = re.search(rf"^[ -]*{key}:", GOOD, re.MULTILINE)
    assert found, key
    return found[0]
