"""A small scheme and records of it that need no engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pytest

from fundsim.api.results import Results
from fundsim.metrics.formulas import happened, month_number, ratio, recorded
from fundsim.results.collect import Collector
from fundsim.results.manifest import Run
from fundsim.results.part import Part
from fundsim.results.plan import Plan
from fundsim.results.whole import run_data
from fundsim.scheme import (
    Aggregate,
    Borrowers,
    Contract,
    Demand,
    Economy,
    Facility,
    Metric,
    Party,
    RecordBlock,
    Scheme,
    Window,
)

DUE, PAID = "contract/zhubaodai.pool/due", "contract/zhubaodai.pool/paid"
BALANCE, UNPAID_MONTH = "party/zhubaodai.pool/balance", "party/zhubaodai.pool/unpaid_month"
MONTH = "party/bank/balance"
"""A record that the scheme needs for nothing else: here it counts the elapsed months."""
DEFAULTED, LENT = "book/zhubaodai/firms/defaulted", "book/zhubaodai/firms/lent_new"


METRICS: tuple[Metric | Aggregate, ...] = (
    Metric(
        instrument="zhubaodai",
        own_name="claims_due",
        unit="yuan",
        meaning="claims that fell due on the pool",
        meaning_zh="到期应由资金池代偿的金额",
        formula=recorded(DUE),
        yearly=True,
    ),
    Metric(
        instrument="zhubaodai",
        own_name="claims_paid",
        unit="yuan",
        meaning="claims that the pool paid",
        meaning_zh="资金池已代偿金额",
        formula=recorded(PAID),
        yearly=True,
        headline=True,
    ),
    Metric(
        instrument="zhubaodai",
        own_name="claims_coverage",
        unit="share",
        meaning="share of due claims that the pool paid",
        meaning_zh="代偿覆盖率",
        formula=ratio(recorded(PAID), recorded(DUE), 1.0),
        headline=True,
        picture="distribution",
    ),
    Metric(
        instrument="zhubaodai",
        own_name="default_rate",
        unit="share",
        meaning="principal defaulted ÷ principal lent",
        meaning_zh="违约率",
        formula=ratio(recorded(DEFAULTED), recorded(LENT)),
        headline=True,
        picture="distribution",
    ),
    Metric(
        instrument="zhubaodai",
        own_name="depleted",
        unit="yes/no",
        meaning="the pool has left a claim unpaid",
        meaning_zh="资金池出现代偿缺口",
        formula=happened(UNPAID_MONTH),
        event=True,
        yearly=True,
        headline=True,
        picture="depletion",
    ),
    Metric(
        instrument="zhubaodai",
        own_name="depletion_month",
        unit="months",
        meaning="month in which the pool first left a claim unpaid, counted from 1",
        meaning_zh="首次出现代偿缺口的月份",
        formula=month_number(UNPAID_MONTH),
    ),
    Metric(
        instrument="zhubaodai",
        own_name="balance",
        unit="yuan",
        meaning="cash of the pool",
        meaning_zh="资金池余额",
        formula=recorded(BALANCE),
        series=True,
        headline=True,
        picture="fan",
    ),
    Aggregate(
        instrument="zhubaodai",
        own_name="claims_coverage_aggregate",
        unit="share",
        meaning="claims paid ÷ claims due, over all paths",
        meaning_zh="总体代偿覆盖率",
        numerator=recorded(PAID),
        denominator=recorded(DUE),
        headline=True,
    ),
)

RESOLVED = {"name": "toy", "window": {"start": "2015-03", "months": 36, "run_off": 15}}
RUN = Run(scenario="toy", sha256="0" * 64, resolved=RESOLVED, seed=1, engine="core", seconds=2.0, threads=1)


def make_scheme(window: Window | None = None, metrics: tuple[Metric | Aggregate, ...] = METRICS) -> Scheme:
    window = window or Window(year=2015, month=3, months=36, run_off=15)
    return Scheme(
        window=window,
        economy=Economy(step_months=1, persistence=0.5),
        parties=(Party(name="bank", limited=False), Party(name="zhubaodai.pool", opening=120e6, public=True)),
        facilities=(
            Facility(
                name="zhubaodai",
                lender="bank",
                borrowers=(Borrowers(segment="firms", share=1.0),),
                demand=Demand(monthly=(0.0,) * window.months),
            ),
        ),
        contracts=(Contract(name="zhubaodai.pool", facility="zhubaodai", payer="zhubaodai.pool", share=0.5),),
        metrics=metrics,
    )


def monthly_records(scheme: Scheme, n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Month-end records of a pool under yearly shocks, each of shape (n, months)."""
    total, rng = scheme.window.total, np.random.default_rng(seed)
    shock = np.repeat(rng.standard_normal((n, total // 12 + 1)), 12, axis=1)[:, :total]
    lent = np.cumsum(np.where(np.arange(total) < scheme.window.months, 60e6, 0.0)) * np.ones((n, 1))
    arrears = rng.poisson(np.exp(0.6 * shock) * 2.2, (n, total)) * 1.5e6
    due = np.cumsum(0.5 * arrears, axis=1)
    paid = np.minimum(due, 120e6)
    unpaid = due - paid > 0.005
    first = np.where(unpaid.any(axis=1), unpaid.argmax(axis=1), np.inf)[:, None]
    return {
        DUE: due,
        PAID: paid,
        DEFAULTED: np.cumsum(arrears, axis=1),
        LENT: lent,
        MONTH: np.arange(1.0, total + 1.0) * np.ones((n, 1)),
        BALANCE: 120e6 - paid,
        UNPAID_MONTH: np.where(np.arange(total) >= first, first, np.inf),
    }


@dataclass
class Blocks:
    """The same paths in blocks of any size."""

    scheme: Scheme
    monthly: dict[str, np.ndarray]

    def cut(self, size: int, plan: Plan, first: int = 0, end: int | None = None) -> list[RecordBlock]:
        end = len(self.monthly[DUE]) if end is None else end
        return [self._block(start, min(size, end - start), plan) for start in range(first, end, size)]

    def _block(self, first: int, count: int, plan: Plan) -> RecordBlock:
        at = [elapsed - 1 for elapsed in self.scheme.window.snapshots]
        zeros = np.zeros((count, self.scheme.window.total))
        part = {name: values[first : first + count] for name, values in self.monthly.items()}
        snapshots = np.stack([part.get(name, zeros)[:, at] for name in plan.records], axis=2)
        columns = [part.get(name, zeros) for name in plan.series_records]
        shape = (count, self.scheme.window.total, 0)
        return RecordBlock(first, snapshots, np.stack(columns, axis=2) if columns else np.zeros(shape))


Runner = Callable[..., Results]


def make_results(
    n: int = 500, block: int = 64, keep: tuple[str, ...] | None = None, scheme: Scheme | None = None
) -> Results:
    plan = Plan(scheme or make_scheme(), keep)
    whole = make_part(plan, monthly_records(plan.scheme, n), 0, n, block)
    return Results(run_data(plan, whole, RUN))


def make_part(plan: Plan, monthly: dict[str, np.ndarray], first: int, n: int, block: int = 64) -> Part:
    """Collect some of the paths, in blocks."""
    collector = Collector(plan, first, n, seed=RUN.seed, engine=RUN.engine)
    for records in Blocks(plan.scheme, monthly).cut(block, plan, first, first + n):
        collector.add(records)
    return collector.part()


@pytest.fixture(scope="session")
def run() -> Runner:
    """Return a function that makes results: ``run(n, block=…, keep=…, scheme=…)``."""
    return make_results


@pytest.fixture(scope="session")
def results() -> Results:
    """Five hundred paths of the small scheme."""
    return make_results()


@pytest.fixture(scope="session")
def kit() -> ModuleType:
    """This module: names of records, and the makers of schemes and blocks."""
    return sys.modules[__name__]
