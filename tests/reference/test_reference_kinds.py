"""The second engine says the same of every kind of instrument, where there is no chance."""

from __future__ import annotations

import numpy as np
import pytest
from tests.instruments.by_hand import whole, written
from tests.instruments.test_county_margin import margins
from tests.instruments.test_shared_losses import (
    BACK,
    HEYUAN,
    LENT_LATER,
    THREE,
    double,
    insurance,
    pledge,
    technology,
)
from tests.instruments.test_tiered_funds import tiered

from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.reference import engine as reference

CASES = {
    "county_margin": margins(multiple=10, demand=LENT_LATER, **BACK),
    "county_margin, paid later": margins(paid="2015-03", match_lag=2, demand=LENT_LATER),
    "technology_pool": technology(**THREE, demand=LENT_LATER, **BACK),
    "technology_pool, budget": technology(
        opening=0, paid_from="budget", caps={"year_limit": 400}, demand=LENT_LATER, **BACK
    ),
    "talent_loan": tiered("talent_loan", levels={"province": {"share": 0.3, "lag": 2}}, **BACK),
    "startup_guarantee_loan": tiered(
        "startup_guarantee_loan",
        multiple=3,
        demand=LENT_LATER,
        levels={"county": {"share": 0.3, "lag": 6}},
        **BACK,
    ),
    "double_guarantee": double({"share": 0.5, "money": 200}, {"share": 0.5}, order="in_turn", **BACK),
    "credit_insurance": insurance(**HEYUAN, demand=LENT_LATER, **BACK),
    "ip_pledge": pledge(operator={"share": 0.3, "money": 250}, demand=LENT_LATER, **BACK),
}


@pytest.mark.parametrize("case", CASES)
def test_both_engines_keep_the_same_books(tmp_path, case):
    scheme = lower(written(tmp_path, whole(CASES[case])))
    left, right = (engine(scheme, ()).run(1, 0, 1).snapshots[0] for engine in (core, reference))
    finite = np.isfinite(left)
    assert (finite == np.isfinite(right)).all()
    assert np.abs(left[finite] - right[finite]).max() < 0.01
