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
"""Bundled scenario → number of paths."""

FOLDER = Path(__file__).parent / "kept"
QUANTILES = ("0.05", "0.5", "0.95", "0.99")

Figures = dict[str, float | None]


def file_of(scenario: str) -> Path:
    """Return the file in which a scenario's figures are kept."""
    return FOLDER / f"{scenario.replace('/', '_')}.json"


def figures(scenario: str) -> Figures:
    """Run a bundled scenario and return its figures by name."""
    summary = to_json(fs.simulate(fs.load(scenario), paths=SCENARIOS[scenario], seed=20150101).figures)
    got: Figures = {}
    for metric in summary["metrics"]:
        name = f"{metric['name']}@{metric['horizon']}"
        of = {"mean": metric["mean"]["value"], "sd": metric["sd"]["value"]}
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
    for scenario in SCENARIOS:
        after = figures(scenario)
        lines = differences(kept(scenario), after)
        sys.stdout.write(f"{scenario}: {len(lines)} figures differ\n" + "".join(f"  {x}\n" for x in lines))
        if lines:
            FOLDER.mkdir(exist_ok=True)
            text = json.dumps(after, indent=1, ensure_ascii=False)
            file_of(scenario).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    update()
