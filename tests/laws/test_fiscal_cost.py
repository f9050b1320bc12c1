"""Fiscal cost is outlay plus opening less closing public assets, on every path, and adds up by year."""

import re

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.metrics.program import evaluate
from fundsim.scheme import record_names
from fundsim.scheme.records import bridge_record, equity_record, party_record

PATHS = 40


@pytest.mark.parametrize(
    "name",
    [
        "taiyuan_lending",
        "textbook/reguarantee_2242",
        "textbook/anhui_4321",
        "examples/fund_of_funds",
        "examples/co_investment",
        "examples/risk_subsidy",
        "examples/investment_protection",
    ],
)
def test_fiscal_cost_is_outlay_less_what_the_public_still_owns(name):
    """Of a guarantor with private capital the public owns public ÷ all capital paid in of what is left.

    What a bridge fund has lent is the public's too, and so are the expected value of government's part of
    an equity fund, where it has no parent, and that of co-investments.
    """
    scheme = lower(fs.load(name))
    block = engine(scheme, ()).run(20150101, 0, PATHS)
    position = {record: j for j, record in enumerate(record_names(scheme).all)}
    investors = {p.name.removesuffix(".investors"): p.name for p in scheme.parties if "investors" in p.name}
    assert bool(investors) == (name == "taiyuan_lending")
    funds = {fund.party for fund in scheme.bridges}
    (cost,) = [m for m in scheme.metrics if m.name == "scheme.fiscal_cost"]
    for elapsed in (scheme.window.months, scheme.window.total):
        row = block.snapshots[:, scheme.window.snapshots.index(elapsed)]
        records = {record: row[:, j] for record, j in position.items()}
        expected = np.zeros(PATHS)
        for party in scheme.parties:
            if party.public:
                closing = records[party_record(party.name, "balance")]
                if party.name in funds:
                    closing = closing + records[bridge_record(party.name, "out")]
                part = 1.0
                if party.name in investors:
                    private = -records[party_record(investors[party.name], "balance")]
                    part = 1.0 - private / records[party_record(party.name, "paid_in")]
                expected += party.opening - part * closing
        for fund in scheme.equity_funds:
            if fund.parent is None:
                expected -= records[equity_record(fund.name, "expected_government")]
            if fund.joint is not None:
                expected -= records[equity_record(fund.name, "joint_expected")]
        assert evaluate(cost.formula, records) == pytest.approx(expected, abs=0.01)
        assert np.ptp(expected) > 1e6


@pytest.mark.parametrize(
    "name", ["minimal", "taiyuan_lending", "examples/guarantors", "textbook/reguarantee_2242"]
)
def test_the_years_of_fiscal_cost_add_up_to_the_total(name):
    results = fs.simulate(fs.load(name), paths=PATHS, seed=20150101)
    years = [key for key in results.column_keys if re.fullmatch(r"scheme\.fiscal_cost\.\d+@\w+", key)]
    assert len(years) > 1
    total = results.values("scheme.fiscal_cost@run_off")
    assert sum(results.values(key) for key in years) == pytest.approx(total, rel=1e-12, abs=0.005)
    assert np.ptp(total) > 1e5
