"""Print the README's table of the five plans, and the processor time of each run.

    python tools/plans_table.py [--paths N]

The first run compiles the kernels: run it twice if the time matters.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import fundsim as fs
from fundsim.lowering import lower
from fundsim.report.units import Scale
from fundsim.results.statistics import clopper_pearson

Language = Literal["en", "zh"]
Floats = NDArray[np.float64]

PLANS = (
    "taiyuan_2015_2017",
    "jinan_2016_2018",
    "jinan_2022_2025",
    "jinan_2024_2027",
    "changzhi_2017_2020",
)
"""The bundled scenarios that are a whole plan, in the order of the table."""

PATHS, SEED = 20_000, 1
YI, PER_CENT, PLAIN = Scale(1e8, ""), Scale(0.01, "%"), Scale(1.0, "")
NOTHING = "–"
MARK = "†"


@dataclass(frozen=True)
class Ran:
    """A plan with its run."""

    scenario: fs.Scenario
    results: fs.Results

    def named(self, ending: str) -> list[str]:
        """Return what has a figure that is called so, at the end of the run-off."""
        keys = (key.removesuffix("@run_off") for key in self.results.column_keys)
        return sorted(key.removesuffix(f".{ending}") for key in keys if key.endswith(f".{ending}"))

    def unstated(self, *names: str) -> bool:
        """Return whether the plan gives no amount for one of these instruments, of all if none is named."""
        instruments = self.scenario.terms.instruments
        return not all(instruments[name].in_document for name in names or instruments)


def cell(values: Floats, scale: Scale, *, marked: bool) -> str:
    """Return mean ± standard error over the paths that have a value, with its mark."""
    values = values[np.isfinite(values)]
    if not len(values):
        return NOTHING
    mean, error = float(values.mean()), float(values.std(ddof=1) / len(values) ** 0.5)
    unit = f" {scale.unit}" if scale.unit else ""
    if error == 0.0:
        return f"{scale.number(mean, 0.0)}{unit}{MARK * marked}"
    return f"{scale.number(mean, error)} ± {scale.error(mean, error)}{unit}{MARK * marked}"


def planned(ran: Ran) -> str:
    """Return what the lines are to have; where the plan gives no total, it is the scenario's own."""
    budget = ran.scenario.terms.budget
    if budget is None:
        return NOTHING
    items = [*budget.unallocated, *(item for line in budget.lines.values() for item in line.amounts)]
    total = sum(item.amount for item in items)
    stated = any(level.amounts for level in budget.levels.values())
    return f"{total / 1e8:.2f}{MARK * (not stated)}"


def of_loans(name: str) -> Callable[[Ran], str]:
    """Return the cell of an amount that is summed over all loans."""

    def found(ran: Ran) -> str:
        bridges = ran.named("refused_share")
        lending = set(ran.scenario.terms.instruments) & set(ran.named("lent")) - set(bridges)
        return cell(ran.results.values(f"{name}@window"), YI, marked=ran.unstated(*lending))

    return found


def fiscal_cost(ran: Ran) -> str:
    """Return what all instruments cost the public in the end."""
    return cell(ran.results.values("scheme.fiscal_cost"), YI, marked=ran.unstated())


def some_pool_dry(ran: Ran) -> str:
    """Return how often a pool, a margin, a guarantor or a layer can't pay a claim for lack of money."""
    names = ran.named("depleted")
    dry = np.max([ran.results.values(f"{name}.depleted") for name in names], axis=0)
    marked = ran.unstated(*{name.partition(".")[0] for name in names})
    if not dry.any():
        return f"< {100.0 * clopper_pearson(0, len(dry))[1]:.2g} %{MARK * marked}"
    return cell(dry, PER_CENT, marked=marked)


def returned(ran: Ran) -> str:
    """Return what government got back from all its funds, per yuan that it paid on their calls."""
    funds = ran.named("government.called")
    if not funds:
        return NOTHING
    called, back = (
        np.sum([ran.results.values(f"{fund}.government.{what}") for fund in funds], axis=0)
        for what in ("called", "distributed")
    )
    ratio = np.divide(back, called, out=np.full(len(called), np.nan), where=called > 0.0)
    return cell(ratio, PLAIN, marked=ran.unstated(*funds))


def bridges(ran: Ran) -> str:
    """Return the part of its requests that a bridge fund refuses."""
    if not ran.named("refused_share"):
        return NOTHING
    return cell(ran.results.values("bridge.refused_share"), PER_CENT, marked=ran.unstated("bridge"))


def targets_met(ran: Ran) -> str:
    """Return how many of the plan's targets are met on a path, of how many."""
    table = ran.results.targets()
    one = table[table["name"] != ""]
    met = np.zeros(ran.results.n_paths)
    for row in one.to_dict("records"):
        name, bound = row["metric"], row["at_least"]
        values = ran.results.values(name if name[-4:].isdigit() else f"{name}@{row['horizon']}")
        slack = 0.005 if row["unit"] == "yuan" else 1e-12
        met += values <= row["at_most"] + slack if np.isnan(bound) else values >= bound - slack
    return f"{cell(met, PLAIN, marked=False)} / {len(one)}"


COLUMNS: tuple[tuple[str, str, Callable[[Ran], str]], ...] = (
    ("planned, all levels [亿]", "各级计划投入（亿元）", planned),
    ("lent [亿]", "累计发放（亿元）", of_loans("scheme.lent")),
    ("outstanding [亿]", "期末余额（亿元）", of_loans("scheme.outstanding")),
    ("fiscal cost [亿]", "财政成本（亿元）", fiscal_cost),
    ("some pool dry", "任一资金池耗尽", some_pool_dry),
    ("government's DPI", "政府出资 DPI", returned),
    ("bridges refused", "转贷拒绝率", bridges),
    ("targets met", "达成目标数", targets_met),
)
"""Heading in English and Chinese, and the cell."""

KEPT = (
    "budget.appropriations_due",
    "scheme.*",
    "*.lent",
    "*.depleted",
    "*.government.called",
    "*.government.distributed",
    "bridge.refused_share",
)
"""Metrics that the cells need, beside those of the targets."""


def run(name: str, paths: int) -> Ran:
    """Simulate a plan on one thread with the table's seed, and keep what the cells need."""
    scenario = fs.load(name)
    scheme = lower(scenario)
    wanted = (*KEPT, *{target.metric for target in scheme.targets})
    names = [one.name for one in scheme.metrics]
    patterns = [pattern for pattern in wanted if fnmatch.filter(names, pattern)]
    results = fs.simulate(scenario, paths=paths, seed=SEED, threads=1, metrics=patterns)
    return Ran(scenario, results)


def heading(lang: Language) -> list[str]:
    """Return the headings of the table in a language."""
    first = {"en": "plan", "zh": "方案"}[lang]
    return [first, *(zh if lang == "zh" else en for en, zh, _ in COLUMNS)]


def row(ran: Ran) -> list[str]:
    """Return a plan's cells, its name first."""
    return [f"`{ran.scenario.name}`", *(fill(ran) for _, _, fill in COLUMNS)]


def line(cells: Sequence[str]) -> str:
    """Return a line of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run the plans and print their table in each language asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--paths", type=int, default=PATHS)
    paths = parser.parse_args().paths
    rows = []
    for name in PLANS:
        before = time.process_time()
        rows.append(row(run(name, paths)))
        print(f"{name}: {time.process_time() - before:.1f} s of processor time", file=sys.stderr)
    languages: tuple[Language, ...] = ("en", "zh")
    for lang in languages:
        head = heading(lang)
        print("\n".join([line(head), line(["---"] * len(head)), *map(line, rows)]), end="\n\n")


if __name__ == "__main__":
    main()
