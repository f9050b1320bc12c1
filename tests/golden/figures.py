"""Figures of whole scenarios, kept so that no change of a number goes unseen.

``python tests/golden/figures.py`` prints what has changed and writes the new figures; without a change
it writes nothing.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import fundsim as fs
from fundsim.results.summary import to_json

SCENARIOS = {
    "minimal": 2000,
    "taiyuan_lending": 1000,
    "textbook/j3_single_pool": 4000,
    "textbook/reguarantee_2242": 1000,
    "textbook/anhui_4321": 1000,
    "examples/guide_fund": 1000,
}
"""Bundled scenario → number of paths; mean, spread and quantiles of every metric are kept."""

PLANS = (
    "taiyuan_2015_2017", "jinan_2016_2018", "jinan_2022_2025", "jinan_2024_2027", "changzhi_2017_2020",
    "taiyuan_pool",
)  # fmt: skip
"""Whole plans, and a pool alone: of their thousands of metrics the means are kept, in which all paths are."""

VARIANTS = (
    "taiyuan_downturn", "taiyuan_late_appropriations", "taiyuan_low_take_up", "taiyuan_share_80",
    "taiyuan_adverse", "taiyuan_broken_promises", "taiyuan_evergreening", "taiyuan_unstated_at_worst",
    "taiyuan_without_bridge", "jinan_2016_downturn", "jinan_slow_social_capital",
)  # fmt: skip
"""Scenarios that extend a plan: means of what is summed over all instruments, and of each fund's money."""

ALL = (*SCENARIOS, *PLANS, *VARIANTS)
PATHS_OF_PLANS = 100
METRICS_OF_VARIANTS = ("scheme.*", "*.paid_in", "*.balance")

FOLDER = Path(__file__).parent / "kept"
QUANTILES = ("0.05", "0.5", "0.95", "0.99")

Figures = dict[str, float | None]


def file_of(scenario: str) -> Path:
    """Return the file in which a scenario's figures are kept."""
    return FOLDER / f"{scenario.replace('/', '_')}.json"


def figures(scenario: str) -> Figures:
    """Run a bundled scenario and return its figures by name."""
    run = fs.simulate(
        fs.load(scenario),
        paths=SCENARIOS.get(scenario, PATHS_OF_PLANS),
        seed=20150101,
        metrics=METRICS_OF_VARIANTS if scenario in VARIANTS else None,
    )
    summary = to_json(run.figures)
    got: Figures = {}
    for metric in summary["metrics"]:
        name = f"{metric['name']}@{metric['horizon']}"
        of = {"mean": metric["mean"]["value"]}
        if scenario in SCENARIOS:
            of["sd"] = metric["sd"]["value"]
            of |= {f"q{level}": metric["quantiles"][level]["value"] for level in QUANTILES}
        got |= {f"{name} {what}": without_dust(value, metric["unit"]) for what, value in of.items()}
    for ratio in summary["aggregates"]:
        got[f"{ratio['name']}@{ratio['horizon']}"] = ratio["value"]
    for event in summary["probabilities"]:
        got[f"P({event['name']}@{event['horizon']})"] = event["p"]
    return got


def without_dust(value: float | None, unit: str) -> float | None:
    """Return an amount to a millionth of a yuan: sums of 10⁹ that cancel leave the last bits of a machine."""
    return value if value is None or unit != "yuan" else round(value, 6) + 0.0


def kept(scenario: str) -> Figures:
    """Return the figures that were kept, none if there are none yet."""
    file = file_of(scenario)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def same(left: float | None, right: float | None) -> bool:
    """Whether two figures are one, the last bits of another machine's logarithms apart."""
    if left is None or right is None:
        return left is right
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)


def differences(before: Figures, after: Figures) -> list[str]:
    """Return one line for each figure that appeared, went away or changed."""
    lines = [f"- {name}: {before[name]!r}" for name in before.keys() - after.keys()]
    lines += [f"+ {name}: {after[name]!r}" for name in after.keys() - before.keys()]
    lines += [
        f"~ {name}: {before[name]!r} became {after[name]!r}"
        for name in before.keys() & after.keys()
        if not same(before[name], after[name])
    ]
    return sorted(lines, key=lambda line: line[2:])


def update() -> None:
    """Print the differences of every scenario and keep the new figures."""
    for scenario in ALL:
        after = figures(scenario)
        lines = differences(kept(scenario), after)
        sys.stdout.write(f"{scenario}: {len(lines)} figures differ\n" + "".join(f"  {x}\n" for x in lines))
        if lines:
            FOLDER.mkdir(exist_ok=True)
            text = json.dumps(after, indent=1, ensure_ascii=False)
            file_of(scenario).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    update()
