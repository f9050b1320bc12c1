"""Simulated years against the stated ones: PD and same-year pairs of classes and of tapes, in the core."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

import fundsim as fs
from fundsim.lowering import lower
from fundsim.verify.closed_forms import joint_default_probability, student_t_pool

Z_LIMIT = 4.9
LOANS = 60

CELLS = [
    *itertools.product([0.005, 0.03, 0.10, 0.30], [0.08], ["month"], [None], [False]),
    (0.20, 0.5, "month", None, False),
    (0.03, 0.24, "quarter", None, False),
    (0.10, 0.24, "month", 6.0, False),
    (0.03, 0.08, "quarter", 6.0, False),
    (0.20, 0.12, "month", None, True),
    (0.03, 0.5, "month", None, True),
    (0.10, 0.24, "quarter", None, True),
    (0.03, 0.24, "month", 6.0, True),
]


def year_of(pd, rho, step, degrees, folder, on_tape):
    """A scheme whose opening loans are exposed for the twelve months of the first policy year."""
    rows = "".join(f"small_firms,1000000,12,{pd}\n" for _ in range(LOANS))
    (folder / "loans.csv").write_text("segment,principal,months_left,pd\n" + rows)
    base = Path(fs.__file__).parents[2] / "scenarios" / "minimal.yaml"
    (folder / "base.yaml").write_text(base.read_text(encoding="utf-8"), encoding="utf-8")
    stock = "{tape: loans.csv}" if on_tape else f"{{loans: {LOANS}, months_left: 12}}"
    # On a tape the segment's own PD is another one, so that each loan's must be its own.
    own = 0.01 if on_tape else pd
    (folder / "s.yaml").write_text(
        f"""
extends: base.yaml
economy: {{step: {step}, t_degrees: {"null" if degrees is None else degrees}}}
segments:
  small_firms:
    pd: {own}
    rho: {rho}
    renew: 0
    maturity_share: 0
    loan: {{mean: 1000000, cv: 0}}
instruments:
  pool:
    opening_stock: {stock}
    demand: {{yearly: [0, 0, 0]}}
    breaker: null
""",
        encoding="utf-8",
    )
    return fs.load(folder / "s.yaml")


@pytest.mark.long
@pytest.mark.parametrize(("pd", "rho", "step", "degrees", "on_tape"), CELLS)
def test_a_simulated_year_is_the_stated_year(pd, rho, step, degrees, on_tape, tmp_path):
    scenario = year_of(pd, rho, step, degrees, tmp_path, on_tape)
    assert (lower(scenario).facilities[0].tape is not None) == on_tape
    results = fs.simulate(scenario, paths=60_000, seed=11, metrics=("pool.loans_defaulted",))
    defaults = results.values("pool.loans_defaulted@window")
    share = defaults / LOANS
    pairs = defaults * (defaults - 1.0) / (LOANS * (LOANS - 1.0))
    both = (
        joint_default_probability(pd, pd, rho)
        if degrees is None
        else float(student_t_pool(2, pd, rho, degrees).probabilities[2])
    )
    for got, stated in ((share, pd), (pairs, both)):
        z = (np.mean(got) - stated) / (np.std(got) / math.sqrt(got.size))
        assert abs(z) <= Z_LIMIT, (pd, rho, step, degrees, on_tape, z)
