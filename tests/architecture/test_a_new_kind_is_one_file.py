"""A new lending instrument is one file and its line in the registry: no kernel, no engine changes."""

import re
from pathlib import Path

import numpy as np
import pytest
from tests.instruments.by_hand import DOOMED, SOUND, one_path, whole, written

import fundsim
from fundsim.core import engine as core
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.reference import engine as reference
from fundsim.scheme.nouns import NOUNS

from .harvest_insurance import KIND

WITH_INSURANCE = {**KINDS, KIND.name: KIND}

POLICY = {
    "kind": "harvest_insurance",
    "share": 0.8,
    "premium": 0.02,
    "year_limit": 1000,
    "borrowers": {"doomed": 0.5, "sound": 0.5},
    "demand": {"schedule": [{"date": "2015-01", "amount": 2000}]},
    "opening_stock": {"loans": 20, "months_left": 3},
}
"""Ten doomed loans default in month 2 (claim in month 5), ten granted in month 0 default in month 12
(claim in month 15); ten sound loans are renewed in months 2 and 14, ten in month 12."""


@pytest.fixture
def policy(tmp_path):
    content = whole(POLICY, segments={"sound": {**SOUND, "renew": 1}, "doomed": DOOMED})
    return lower(written(tmp_path, content, WITH_INSURANCE), WITH_INSURANCE)


def test_the_core_runs_it_as_worked_out_by_hand(policy):
    t = one_path(policy)
    # 80 % of 1000 in each policy year, under the limit of 1000.
    paid = t.months["contract/pool/paid"]
    assert paid[[4, 5, 14, 15]].tolist() == [pytest.approx(x) for x in (0, 800, 800, 1600)]
    # Premium of 2 % on 2000 granted, on renewals of 1000 in months 2, 12 and 14.
    assert t.metric("pool.premiums", 12) == pytest.approx(0.02 * 3000)
    assert t.metric("pool.premiums", 24) == pytest.approx(0.02 * 5000)
    assert t.months["party/pool.insurer/balance"][-1] == pytest.approx(100 - 1600)
    assert t.metric("pool.bank_loss") == pytest.approx(2000 - 1600)
    assert t.metric("scheme.fiscal_cost") == 0.0


def test_its_yearly_limit_cuts_what_is_above(tmp_path):
    content = whole({**POLICY, "year_limit": 700}, segments={"sound": SOUND, "doomed": DOOMED})
    t = one_path(lower(written(tmp_path, content, WITH_INSURANCE), WITH_INSURANCE))
    assert t.metric("pool.claims_due") == pytest.approx(1600)
    assert t.metric("pool.claims_paid") == pytest.approx(1400)
    assert t.metric("pool.claims_above_cap") == pytest.approx(200)
    assert t.metric("pool.bank_loss") == pytest.approx(600)


def test_the_reference_engine_runs_it_too(policy):
    left, right = (engine(policy, ()).run(1, 0, 1).snapshots[0] for engine in (core, reference))
    finite = np.isfinite(left)
    assert (finite == np.isfinite(right)).all()
    assert np.abs(left[finite] - right[finite]).max() < 0.01


def test_it_stands_beside_the_kinds_of_the_package(tmp_path):
    content = whole(POLICY)
    neighbour = {
        "kind": "compensation_pool",
        "opening": 1000,
        "share": 0.5,
        "trigger": {"npl": True},
        "borrowers": {"doomed": 1.0},
        "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
        "opening_stock": {"loans": 4, "months_left": 1},
    }
    content["instruments"]["fund"] = neighbour
    t = one_path(lower(written(tmp_path, content, WITH_INSURANCE), WITH_INSURANCE))
    assert t.metric("fund.claims_paid") == pytest.approx(200)
    assert t.metric("pool.claims_paid") == pytest.approx(1600)


def test_without_its_registry_line_the_scenario_is_refused(tmp_path):
    with pytest.raises(fundsim.errors.ScenarioError, match="harvest_insurance"):
        written(tmp_path, whole(POLICY))


def test_no_file_of_the_core_and_of_the_reference_engine_names_a_kind():
    package = Path(fundsim.__file__).parent
    # A bridge fund is a noun of the scheme, and a kind of that name besides.
    nouns = {noun.__name__.lower() for noun in NOUNS}
    # What a noun books as a subsidy or an award is its own word, and a kind has that name besides.
    booked = {kind for noun in NOUNS for kind in noun.kinds}
    kinds = [name for name in WITH_INSURANCE if name.replace("_", "") not in nouns and name not in booked]
    words = [*kinds, *(name.replace("_", " ") for name in kinds)]
    # Whole words: who guarantees, and what is guaranteed, are the trade's words and no kind's name.
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    for folder in ("core", "reference", "scheme", "results"):
        files = sorted((package / folder).rglob("*.py"))
        assert len(files) > 3, folder
        for file in files:
            assert not pattern.search(file.read_text(encoding="utf-8")), file
