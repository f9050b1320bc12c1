"""Warnings of what is legal and surprising in bridge funds: fees, limits, requests too large."""

import pytest

import fundsim as fs
from fundsim.lowering import review


def warnings(name, **changes):
    found = fs.load(f"examples/{name}")
    for key, value in changes.items():
        found = found.set(key.replace("__", "."), value)
    return [(fault.key, f"{fault.problem}; {fault.fix}") for fault in review(found)]


@pytest.mark.parametrize("name", ["bridge_fund", "county_bridge_fund", "city_bridge_fund"])
def test_the_bundled_funds_deserve_none(name):
    assert warnings(name) == []


@pytest.mark.parametrize(
    ("name", "changes", "key", "says"),
    [
        (
            "bridge_fund",
            {"bridge__fee": [{"per_day": 0.04}]},
            "bridge.fee.0.per_day",
            "is 4 % a day, 1,460 % a year; did you mean 0.04%?",
        ),
        (
            "bridge_fund",
            {"small_firms__private_fee_per_day": 0.2},
            "small_firms.private_fee_per_day",
            "is 20 % a day, 7,300 % a year; did you mean 0.2%?",
        ),
        (
            "bridge_fund",
            {"bridge__cap_per_firm": 4.5e6},
            "bridge.cap_per_firm",
            "leaves out every firm whose loan is larger than 500万 yuan",
        ),
        (
            "county_bridge_fund",
            {"county__opening": 9e6, "county__recapitalise": False},
            "county.requests.sizes",
            "has requests of 1000万 yuan, and the fund never has more than 900万 yuan",
        ),
    ],
)
def test_what_surprises_is_named_with_its_key(name, changes, key, says):
    ((found, text),) = warnings(name, **changes)
    assert found == key
    assert says in text


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("bridge_fund", {"bridge__fee": [{"per_day": 0.009}]}),
        ("bridge_fund", {"bridge__cap_per_firm": 9e6}),  # 0.9 of the largest loan, 1,000万
        ("bridge_fund", {"bridge__cap_per_firm": 4.5e6, "bridge__own_money_max": 0.6}),
        ("county_bridge_fund", {"county__opening": 1e7, "county__recapitalise": False}),
        # Fees that become capital may lift the fund above the largest request.
        ("county_bridge_fund", {"county__opening": 9e6}),
    ],
)
def test_what_only_looks_like_it_has_no_warning(name, changes):
    assert warnings(name, **changes) == []
