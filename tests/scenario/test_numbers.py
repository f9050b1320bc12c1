"""The numbers that can be varied: what a key names, its unit, bounds and range, and what is refused."""

import pytest

import fundsim as fs
from fundsim.decide.variation import variation
from fundsim.errors import InputError
from fundsim.scenario.assumptions import assumptions
from fundsim.scenario.numbers import number_at


@pytest.fixture(scope="module")
def taiyuan():
    return fs.load("taiyuan_lending")


@pytest.mark.parametrize(
    ("key", "full", "value", "unit", "ends"),
    [
        ("zhubaodai.opening", "instruments.zhubaodai.opening", 2.32e8, "yuan", (None, None)),
        ("trade.pd", "segments.trade.pd", 0.04, "1/year", (0.02, 0.065)),
        ("zhubaodai.injections.1.amount",
         "instruments.zhubaodai.injections.1.amount", 4.5e7, "yuan", (None, None)),
        ("guarantee.demand.yearly.2", "instruments.guarantee.demand.yearly.2", 1.5e9, "yuan", (6e8, 1.5e9)),
        ("zhubaodai.claim_lag", "instruments.zhubaodai.claim_lag", 2, "months", (1, 6)),
        ("zhubaodai.borrowers.trade",
         "instruments.zhubaodai.borrowers.trade", 0.408, "fraction", (None, None)),
        ("county_margins.counties.gaoxin.weight",
         "instruments.county_margins.counties.gaoxin.weight", 124, None, (None, None)),
        ("economy.persistence", "economy.persistence", 0.5, None, (0.3, 0.7)),
    ],
)  # fmt: skip
def test_a_key_names_a_number_with_its_unit_and_range(taiyuan, key, full, value, unit, ends):
    found = number_at(taiyuan, key)
    assert (found.key, found.value, (found.low, found.high)) == (full, value, ends)
    assert unit in (None, found.unit)
    assert found.short == full.removeprefix("instruments.").removeprefix("segments.")
    assert taiyuan.set(found.key, found.value) == taiyuan


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("zhubaodai.openin", "there is no openin; did you mean opening?"),
        ("zhubaodai.injections.7.amount", "there is no 7"),
        ("zhubaodai.margin", "it is a block, not a number; name one of its keys: rate"),
        ("zhubaodai.injections", "it is a list, not a number; name one of its items"),
        ("zhubaodai.title", "only a number can be varied"),
        ("zhubaodai.margin.refund", "only a number can be varied"),
        ("window.start", "only a number can be varied"),
        ("trade.population", "it has no value to start from; give it one with --set"),
        ("nobody.opening", "there is no such key"),
        ("zhubaodai.opening.value", "value can't be set by itself"),
    ],
)
def test_what_is_no_number_is_refused_in_words(taiyuan, key, problem):
    with pytest.raises(InputError) as caught:
        number_at(taiyuan, key)
    assert problem in str(caught.value)
    assert str(caught.value).startswith("vary: ")
    assert not caught.value.text("zh").isascii()


def test_a_range_is_stated_or_that_of_the_key_or_a_decade_each_way(taiyuan):
    def ends(*ask):
        found = variation(taiyuan, *ask)
        return found.low, found.high

    assert ends("trade.pd") == (0.02, 0.065)
    assert ends("zhubaodai.opening") == (2.32e7, 2.32e9)
    assert ends("zhubaodai.opening", "0.5亿:2亿") == ends("zhubaodai.opening", (5e7, 2e8)) == (5e7, 2e8)
    assert ends("zhubaodai.borrowers.trade") == (pytest.approx(0.0408), 1.0)
    assert ends("zhubaodai.trigger.overdue_days")[0] >= 0


@pytest.mark.parametrize(
    ("key", "within", "problem"),
    [
        ("zhubaodai.opening", "5", "a range is expected; write LO:HI"),
        ("zhubaodai.opening", "2亿:1亿", "the lower end is not below the upper one"),
        ("zhubaodai.share", "0.5:2", "0 … 1|between 0 and 1|100"),
        ("zhubaodai.opening", "a:b", "an amount is expected"),
        ("zhubaodai.opening", (1e7,), "a range is expected"),
        ("zhubaodai.opening_stock.amount", None, ""),
        ("run.paths", None, "paths and seed decide the error, not the answer"),
        ("run.seed", None, "paths and seed decide the error"),
    ],
)
def test_a_range_that_is_none_is_refused(taiyuan, key, within, problem):
    if not problem:
        assert variation(taiyuan, key).low == 0.0  # its own low and high
        return
    with pytest.raises(InputError) as caught:
        variation(taiyuan, key, within)
    assert any(part in str(caught.value) for part in problem.split("|")), str(caught.value)


def test_a_value_of_nothing_without_a_range_is_refused():
    with pytest.raises(InputError, match="there is no range to look in; say --within LO:HI"):
        variation(fs.load("minimal").set("pool.opening", 0), "pool.opening")


def test_values_are_spaced_by_their_logarithm_where_the_range_is_wide(taiyuan):
    wide = variation(taiyuan, "zhubaodai.opening", "1亿:100亿").values(9)
    assert wide[::4] == (1e8, 1e9, 1e10)
    narrow = variation(taiyuan, "zhubaodai.opening", "1亿:3亿").values(9)
    assert narrow[::4] == (1e8, 2e8, 3e8)
    whole = variation(taiyuan, "zhubaodai.claim_lag", "1:4").values(9)
    assert whole == (1.0, 2.0, 3.0, 4.0)


def test_one_key_of_several_segments_or_instruments_is_one_assumption_and_the_plans_values_are_none(taiyuan):
    found = {one.name: one for one in assumptions(taiyuan, apart_from="instruments.zhubaodai.claim_lag")}
    assert len(found["segments.*.pd"].members) == 6
    assert found["segments.*.pd"].at("high")[0] == ("segments.trade.pd", 0.065)
    assert [key for key, *_ in found["instruments.*.claim_lag"].members] == [
        "instruments.county_margins.claim_lag", "instruments.guarantee.claim_lag",
    ]  # fmt: skip
    assert "instruments.zhubaodai.breaker.threshold" in found
    assert not [name for name in found if name.endswith(".multiple")]
    assert taiyuan.set_all(found["segments.*.pd"].at("low")).terms.segments["trade"].pd == 0.02
