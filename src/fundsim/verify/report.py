"""What ``fundsim verify`` does: all checks in order, and what came of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from fundsim.scheme import Scheme
from fundsim.verify.chance import chance_schemes
from fundsim.verify.formulas import formula_checks
from fundsim.verify.judge import Check
from fundsim.verify.pairs import certain_check, scenario_checks
from fundsim.verify.sampled import FULL, QUICK, Effort, sampled_checks
from fundsim.verify.sampling import Sampler
from fundsim.verify.sensitivity import Shift, sensitivities

__all__ = ["SEED", "Report", "verify"]

SEED = 20150101

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """All checks of a run."""

    checks: tuple[Check, ...]
    quick: bool
    seconds: float
    shifts: tuple[Shift, ...]
    """Sensitivities of the single pool."""

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def weak(self) -> tuple[Check, ...]:
        """Checks that passed without the power that the house rule wants."""
        return tuple(check for check in self.checks if check.weak)

    @property
    def digest(self) -> tuple[Check, ...]:
        """The checks without those of a scenario's metrics that agree, except the worst of each."""
        worst: dict[str, Check] = {}
        count: Counter[str] = Counter()
        for check in self.checks:
            if _may_fold(check):
                case = check.subject.case
                count[case] += 1
                if case not in worst or abs(check.error) > abs(worst[case].error):
                    worst[case] = check
        kept = []
        for check in self.checks:
            if not _may_fold(check):
                kept.append(check)
            elif worst[check.subject.case] is check:
                figure = f"{check.subject.figure} (worst of {count[check.subject.case]})"
                kept.append(replace(check, subject=check.subject._replace(figure=figure)))
        return tuple(kept)

    def as_json(self) -> dict[str, Any]:
        """Return the report in plain values."""
        return {
            "passed": not self.failed,
            "quick": self.quick,
            "seconds": round(self.seconds, 1),
            "checks": [
                {
                    "case": check.subject.case,
                    "figure": check.subject.figure,
                    "engine": check.subject.engine,
                    "source": check.subject.source,
                    "expected": check.expected,
                    "got": check.got,
                    ("z" if check.sampled else "error"): _finite(check.error),
                    "smallest_difference_caught": check.caught,
                    "largest_difference_wanted": check.wanted,
                    "verdict": check.verdict,
                }
                for check in self.checks
            ],
        }


def _may_fold(check: Check) -> bool:
    """Return whether a check is one of many of a scenario, and agrees."""
    return check.passed and check.sampled and check.subject.engine == "core − reference"


def _finite(value: float) -> float | str:
    return value if abs(value) < float("inf") else "infinite"


def verify(schemes: dict[str, Scheme], *, quick: bool, progress: Progress) -> Report:
    """Run every check.

    Args:
        schemes: name → lowered scheme of each bundled scenario, metrics included.
        quick: a short run with few paths, whose power is reported but not sufficient.
        progress: called with what is being done.
    """
    started = time.monotonic()
    effort = QUICK if quick else FULL
    with Sampler(SEED) as sampler:
        checks = tuple(_checks(schemes, sampler, effort, progress))
        progress("sensitivities")
        shifts = sensitivities(sampler, effort.core)
    return Report(checks, quick, time.monotonic() - started, shifts)


def _checks(
    schemes: dict[str, Scheme], sampler: Sampler, effort: Effort, progress: Progress
) -> Iterator[Check]:
    progress("formulas")
    yield from formula_checks()
    progress("schemes without chance")
    yield certain_check(effort.certain, SEED)
    yield from sampled_checks(sampler, effort, progress)
    for name, scheme in (schemes | chance_schemes()).items():
        progress(name)
        yield from scenario_checks(sampler, name, scheme, effort.paths_of_pairs(scheme))
