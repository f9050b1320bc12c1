"""The outcomes of a run of checks as Markdown: counts first, failures next, what agrees folded away."""

from __future__ import annotations

import math
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from fundsim.verify.judge import Check

__all__ = ["outcome_sections", "table"]

HEADINGS = ("case", "figure", "run by", "source", "expected", "got", "error", "caught", "verdict")
FORMULAS = "Closed forms against printed and derived figures"
CASES = "Engines against exact and published results"
PAIRS = "Engine against engine"
WEAK = """\
The weak ones: caught ÷ wanted at the window's end / at the end of the run-off, the weakest first; a – is a
comparison that is not weak, or not made.
"""
HORIZON = re.compile(r"@(window|run_off)")


def outcome_sections(checks: Sequence[Check]) -> Iterator[str]:
    """Yield the lines of the outcomes: counts, failures, and a part for each group of checks.

    Every failure stands in full.  Of comparisons of the two engines there is one row a scenario and, folded,
    each that is weak; checks against known results stand singly, those of the engines folded.

    Args:
        checks: all checks of a run.
    """
    parts = ((FORMULAS, _formulas), (CASES, _cases), (PAIRS, _pairs))
    groups = _by(checks, _group)
    yield from table(
        ("checks of", "number", "ok", "weak", "failed", "largest abs. z"),
        [
            (heading, *_counts(group), _figure_of(_worst(group), "{:.2f}"))
            for heading, group in [*((h, groups[h]) for h, _ in parts if h in groups), ("all", list(checks))]
        ],
    )
    yield from _failures(checks)
    for heading, write in parts:
        if heading in groups:
            yield f"### {heading}\n"
            yield from write(groups[heading])


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table.

    Args:
        headings: of the columns.
        rows: one text a column.
    """
    yield "| " + " | ".join(headings) + " |"
    yield "|" + "---|" * len(headings)
    for row in rows:
        # A bar inside a cell would end it.
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def _failures(checks: Sequence[Check]) -> Iterator[str]:
    yield "### Failures\n"
    failed = [check for check in checks if not check.passed]
    if failed:
        yield from table(HEADINGS, map(_cells, failed))
    else:
        yield "None.\n"


def _formulas(checks: Sequence[Check]) -> Iterator[str]:
    yield from table(HEADINGS, map(_cells, checks))


def _cases(checks: Sequence[Check]) -> Iterator[str]:
    yield from _overview("case", checks, lambda check: f"{check.subject.case} ({check.subject.engine})")
    for engine, group in _by(checks, lambda check: check.subject.engine).items():
        yield from _folded(f"Every figure by {engine}: {len(group)}", table(HEADINGS, map(_cells, group)))


def _pairs(checks: Sequence[Check]) -> Iterator[str]:
    exact = [check for check in checks if not check.sampled]
    if exact:
        yield from table(HEADINGS, map(_cells, exact))
    sampled = [check for check in checks if check.sampled]
    yield from _overview("scenario", sampled, _case)
    weak = _by([check for check in sampled if check.weak], _case)
    if not weak:
        return
    yield WEAK
    for case, group in weak.items():
        lines = textwrap.wrap(" · ".join(_weak_figures(group)), 118, break_on_hyphens=False)
        yield from _folded(f"{case}: {len(group)} weak", [*lines, ""])


def _weak_figures(checks: Sequence[Check]) -> list[str]:
    """Return each metric with its caught ÷ wanted at both horizons."""
    ratios: dict[str, dict[str, float]] = defaultdict(dict)
    for check in checks:
        horizon = HORIZON.search(check.subject.figure)
        name = HORIZON.sub("", check.subject.figure)
        ratios[name][horizon[1] if horizon else "window"] = _coarseness(check)
    weakest_first = sorted(ratios.items(), key=lambda item: -max(item[1].values()))
    return [
        f"`{name}` " + " / ".join(f"{at[h]:.2g}" if h in at else "–" for h in ("window", "run_off"))
        for name, at in weakest_first
    ]


def _overview(heading: str, checks: Sequence[Check], key: Callable[[Check], str]) -> Iterator[str]:
    """Yield a table of one row a case: counts, the largest |z| and the coarsest comparison."""
    rows = []
    for case, group in _by(checks, key).items():
        coarsest = max(group, key=_coarseness)
        caught = f"{_coarseness(coarsest):.2g} ({coarsest.subject.figure})" if _coarseness(coarsest) else ""
        worst = _worst(group)
        z = _figure_of(worst, "{:.2f}") + (f" ({worst.subject.figure})" if worst is not None else "")
        rows.append((case, *_counts(group), z, caught))
    headings = (heading, "checks", "ok", "weak", "failed", "largest abs. z", "largest caught ÷ wanted")
    yield from table(headings, rows)


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that a reader of the rendered page opens by a click."""
    yield f"<details><summary>{summary}</summary>\n"
    yield from lines
    yield "</details>\n"


def _group(check: Check) -> str:
    if check.subject.engine == "formula":
        return FORMULAS
    return PAIRS if check.subject.engine == "core − reference" else CASES


def _case(check: Check) -> str:
    return check.subject.case


def _by(checks: Sequence[Check], key: Callable[[Check], str]) -> dict[str, list[Check]]:
    groups: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        groups[key(check)].append(check)
    return dict(groups)


def _counts(checks: Sequence[Check]) -> tuple[str, ...]:
    """Return how many checks there are, agree with power, agree without it, and fail."""
    failed = sum(not check.passed for check in checks)
    weak = sum(check.weak for check in checks)
    return tuple(str(n) for n in (len(checks), len(checks) - weak - failed, weak, failed))


def _worst(checks: Sequence[Check]) -> Check | None:
    """Return the sampled check with the largest |z|."""
    return max((c for c in checks if c.sampled), key=lambda check: abs(check.error), default=None)


def _figure_of(check: Check | None, form: str) -> str:
    return "" if check is None else form.format(abs(check.error))


def _coarseness(check: Check) -> float:
    """Return the smallest difference caught ÷ the one that is wanted: above 1 the comparison is weak."""
    if check.caught is None or check.wanted is None or check.caught == 0.0:
        return 0.0
    return check.caught / check.wanted if check.wanted > 0.0 else math.inf


def _cells(check: Check) -> tuple[str, ...]:
    subject = check.subject
    error = f"z = {check.error:+.2f}" if check.sampled else f"{check.error:.1e}"
    caught = "" if check.caught is None else f"{check.caught:.2g}"
    figures = (f"{check.expected:.6g}", f"{check.got:.6g}", error, caught, check.verdict)
    return (subject.case, subject.figure, subject.engine, subject.source, *figures)
