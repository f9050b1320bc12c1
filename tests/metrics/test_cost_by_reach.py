"""What public money costs by yuan lent and by firm reached."""

import pytest

import fundsim as fs


@pytest.fixture(scope="module")
def paths():
    run = fs.simulate(fs.load("taiyuan_lending"), paths=16, threads=1, metrics=["scheme.*"])
    return run.paths


@pytest.mark.parametrize("spent", ["fiscal_cost", "fiscal_outlay"])
def test_cost_and_outlay_are_divided_by_what_is_lent_and_by_firms(paths, spent):
    amount = paths[f"scheme.{spent}@run_off"]
    assert (paths["scheme.lent@run_off"] > 0).all()
    assert paths[f"scheme.{spent}_per_lent@run_off"].tolist() == pytest.approx(
        (amount / paths["scheme.lent@run_off"]).tolist()
    )
    assert paths[f"scheme.{spent}_per_firm@run_off"].tolist() == pytest.approx(
        (amount / paths["scheme.firms_reached@run_off"]).tolist()
    )
