"""The bundled scenarios hold the figures that the cities' plans and the cited rules print."""

from collections import Counter

import pytest

import fundsim as fs
from fundsim.lowering import lower


def amounts(items):
    """Return dated amounts by year [yuan]."""
    return {item.date.year: item.amount for item in items}


@pytest.fixture(scope="module")
def taiyuan():
    return fs.load("taiyuan_lending").terms.instruments


def test_the_pool_has_what_the_plan_adds_to_it_and_3_67_in_all(taiyuan):
    pool = taiyuan["zhubaodai"]
    assert amounts(pool.injections) == {2015: 0.40e8, 2016: 0.45e8, 2017: 0.50e8}
    assert pool.opening + sum(amounts(pool.injections).values()) == pytest.approx(3.67e8)
    assert pool.multiple == 10
    assert sum(pool.demand.yearly) == pytest.approx(36.7e8)


def test_fourteen_counties_match_the_citys_money_by_their_class(taiyuan):
    """High-tech and economic zone 1:2; six districts, private-economy zone and stainless-steel park 1:1.5;
    Gujiao and Qingxu 1:1; Yangqu and Loufan 1:0.5.
    """
    margins = taiyuan["county_margins"]
    assert margins.city_money == 1.4e8
    assert Counter(county.match for county in margins.counties.values()) == {2: 2, 1.5: 8, 1: 2, 0.5: 2}
    matches = {name: county.match for name, county in margins.counties.items()}
    assert matches["gaoxin"] == matches["jingji"] == 2
    assert matches["gujiao"] == matches["qingxu"] == 1
    assert matches["yangqu"] == matches["loufan"] == 0.5
    assert sum(map(margins.city_share, margins.counties.values())) == pytest.approx(1.4e8)
    total = sum(map(margins.margin, margins.counties.values()))
    assert 2.1e8 <= total <= 4.2e8
    assert margins.multiple == 10


def test_each_county_is_a_party_and_a_bank_and_a_facility_of_its_own():
    scheme = lower(fs.load("taiyuan_lending"))
    facilities = [f for f in scheme.facilities if f.name.startswith("county_margins.")]
    assert len(facilities) == 14
    assert len({f.lender for f in facilities}) == 14
    payers = {c.payer for c in scheme.contracts if c.facility.startswith("county_margins.")}
    assert payers == {f.name for f in facilities}
    assert len({capacity for f in facilities for capacity in f.capacities}) == 14


def test_the_guarantor_has_the_plans_capital_and_both_its_multiples_of_five_to_ten(taiyuan):
    guarantor = taiyuan["guarantee"]
    assert amounts(guarantor.injections) == {2015: 0.2e8, 2016: 0.2e8, 2017: 0.2e8}
    for terms in (guarantor.private_capital, guarantor.bank_line):
        assert (terms.multiple.least, terms.multiple.most) == (5, 10)
    assert amounts(guarantor.compensation_fund.injections) == {2015: 0.2e8, 2016: 0.3e8, 2017: 0.4e8}


def test_one_years_public_money_carries_what_the_plan_says_layer_by_layer():
    """0.2亿 attract 1–2亿, on which banks give a line of 5–20亿."""
    scheme = lower(fs.load("taiyuan_lending"))
    drawn = {item.name: (item.low, item.high) for item in scheme.drawn}
    low, high = drawn["guarantee.private_capital"]
    assert (0.2e8 * low, 0.2e8 * high) == (1e8, 2e8)
    line_low, line_high = drawn["guarantee.bank_line"]
    assert (0.2e8 * low * line_low, 0.2e8 * high * line_high) == (5e8, 20e8)


def test_the_turnover_fund_has_a_tenth_of_a_hundred_million_a_year_for_the_pools_borrowers(taiyuan):
    fund = taiyuan["bridge"]
    assert amounts(fund.injections) == {2015: 0.1e8, 2016: 0.1e8, 2017: 0.1e8}
    assert fund.opening == 0
    assert fund.serves == ("zhubaodai",)


def test_each_segment_of_the_pool_has_short_firms_whose_defaults_the_pd_evidence_contains():
    terms = fs.load("taiyuan_lending").terms
    served = set(terms.instruments["zhubaodai"].borrowers)
    assert {name for name, segment in terms.segments.items() if segment.short > 0} == served
    for name in served:
        segment = terms.segments[name]
        assert segment.pd_includes_liquidity
        assert segment.short * segment.default_if_unserved < segment.pd


CHANGED = {
    "without_bridge": set(),
    "broken_promises": {"not_renewed", "not_renewed_rho", "lgd"},
    "evergreening": {"evergreening"},
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_taiyuan_is_compared_with_differs_in_the_turnover_fund_alone(name, taiyuan):
    other = fs.load(f"taiyuan_{name}").terms
    assert other.segments == fs.load("taiyuan_lending").terms.segments
    assert {k: v for k, v in other.instruments.items() if k != "bridge"} == {
        k: v for k, v in taiyuan.items() if k != "bridge"
    }
    if name == "without_bridge":
        assert "bridge" not in other.instruments
        return
    fund, base = other.instruments["bridge"], taiyuan["bridge"]
    assert {key for key in type(fund).model_fields if getattr(fund, key) != getattr(base, key)} == CHANGED[
        name
    ]


def test_the_county_funds_requests_have_the_mean_that_is_cited_and_the_citys_its_use():
    """Longquan 272万; Yongzhou 651万 and 6 % of the money in use."""
    county = fs.load("examples/county_bridge_fund").terms.instruments["county"]
    city = fs.load("examples/city_bridge_fund").terms.instruments["municipal"]
    means = [sum(a * p for a, p in fund.requests.law.items()) for fund in (county, city)]
    assert means == pytest.approx([272e4, 650e4])
    assert county.opening == 2e7
    used = city.requests.per_day * means[1] * city.days.mean / city.opening
    assert used == pytest.approx(0.06, abs=0.001)


def test_start_up_loans_keep_to_the_five_caps_of_changzhi():
    scenario = fs.load("examples/startup_guarantee_loan")
    tiers = scenario.terms.instruments["startup_loans"].tiers
    assert {name: tier.cap for name, tier in tiers.items()} == {
        "person": 10e4,
        "partnership": 15e4,
        "high_technology": 20e4,
        "follow_up": 50e4,
        "small_firm": 200e4,
    }
    largest = {s.name: max(band.principal for band in s.bands) for s in lower(scenario).segments}
    for tier in tiers.values():
        assert all(largest[segment] <= tier.cap for segment in tier.segments)


def test_insured_loans_are_shared_as_in_qingdao_and_heyuan():
    scenario = fs.load("examples/credit_insurance")
    qingdao, heyuan = scenario.terms.instruments["qingdao"], scenario.terms.instruments["heyuan"]
    assert (qingdao.insurer.share, qingdao.government.share) == (0.5, 0.3)
    assert qingdao.max_loan == 500e4
    assert qingdao.premium <= 0.03
    assert (heyuan.insurer.share, heyuan.insurer.loss_ratio, heyuan.government.excess) == (0.8, 1.5, True)
    kept, insurer, excess = (c for c in lower(scenario).contracts if c.facility == "heyuan")
    assert (kept.share, insurer.share) == pytest.approx((0.2, 0.8))
    assert insurer.cohort_cap_rate == pytest.approx(1.5 * heyuan.premium)
    assert (excess.payer, excess.share, excess.of) == ("heyuan", 1.0, "uncovered")


CHAINS = {
    # bank, guarantor and upper layers, of a loss of 100; the layers' compensation rate; leverage
    "two_tier": ({"bank": 20, "guarantor": 40, "city": 40}, 0.04, 10),
    "technology": ({"bank": 20, "guarantor": 30, "province": 10, "nation": 40}, 0.05, 10),
    "batch": ({"bank": 20, "guarantor": 40, "province": 20, "nation": 20}, 0.03, 15),
}


@pytest.mark.parametrize("name", CHAINS)
def test_the_guarantors_of_a_city_share_losses_as_their_chains_say(name):
    parts, rate, leverage = CHAINS[name]
    scheme = lower(fs.load("examples/guarantors"))
    own, *layers = (c for c in scheme.contracts if c.facility == name)
    paid = 100 * own.share
    got = {layer.name.rpartition(".")[2]: paid * layer.share for layer in layers}
    assert {"bank": 100 - paid, "guarantor": paid - sum(got.values()), **got} == pytest.approx(parts)
    for layer in layers:
        assert layer.cohort_cap_rate == pytest.approx(rate * own.share * layer.share)
        assert 3 <= layer.claim_lag <= 12
    (limit,) = (c for c in scheme.capacities if c.party == name)
    assert (limit.basis, limit.multiple) == ("net_assets", leverage)


def by_year(items):
    """Return amounts by budget year [yuan]."""
    return {item.year: item.amount for item in items}


@pytest.fixture(scope="module")
def programme():
    return fs.load("taiyuan_2015_2017").terms


def test_the_programme_has_8_1_6_9_and_7_3_from_centre_province_and_city(programme):
    levels = {name: by_year(level.amounts) for name, level in programme.budget.levels.items()}
    assert {name: level[2015] for name, level in levels.items()} == {
        "central": 3.8e8, "province": 0.3e8, "city": 4.0e8, "counties": 3.81e8
    }  # fmt: skip
    own = {name: level for name, level in levels.items() if name != "counties"}
    assert {name: sum(level.values()) for name, level in own.items()} == pytest.approx(
        {"central": 9e8, "province": 1.3e8, "city": 12e8}, abs=1
    )
    years = {year: sum(level[year] for level in own.values()) for year in (2015, 2016, 2017)}
    assert years == pytest.approx({2015: 8.1e8, 2016: 6.9e8, 2017: 7.3e8}, abs=1)


def test_the_uses_of_2015_are_the_plans_and_its_ten_items_make_2_871(programme):
    lines = {name: by_year(line.amounts) for name, line in programme.budget.lines.items()}
    assert {name: line[2015] for name, line in lines.items()} == {
        "space": 2.4e8, "space_counties": 3.81e8, "services": 2.18e8, "financing": 2.871e8, "other": 0.1e8,
        "balancing": 0.55e8,
    }  # fmt: skip
    assert sum(line[2015] for line in lines.values()) - 3.81e8 == pytest.approx(8.1e8, abs=1e5)
    assert lines["financing"] == {2015: 2.871e8, 2016: 1.45e8, 2017: 1.6e8}
    unallocated = by_year(programme.budget.unallocated)
    assert unallocated == {2016: pytest.approx(6.9e8 - 1.45e8), 2017: pytest.approx(7.3e8 - 1.6e8)}
    after = {name for name, line in programme.budget.lines.items() if line.after_acceptance}
    assert after == {"space", "space_counties", "services"}


def test_what_is_drawn_from_the_financing_line_is_what_the_line_has():
    """Injections, the students' subsidy up to its cap, and the exchange; counties' matches are their own."""
    scenario = fs.load("taiyuan_2015_2017")
    scheme = lower(scenario)
    for year, total in enumerate((2.871e8, 1.45e8, 1.6e8)):
        injected = sum(
            i.amount for i in scheme.injections if i.source == "budget.financing" and i.month // 12 == year
        )
        paid = [p for p in scheme.line_payments if p.line == "financing"]
        subsidy = sum(p.cap_year for p in paid if p.base == "performing")
        dated = sum(amount for p in paid for month, amount in p.dates if month // 12 == year)
        assert injected + subsidy + dated == pytest.approx(total, abs=1)


def test_funds_of_the_programme_have_the_plans_money(programme):
    funds = {
        name: (one.opening, tuple(amounts(one.injections).values()))
        for name, one in programme.instruments.items()
        if type(one).__name__ == "StartupEquityFund"
    }
    assert funds == {
        "development_fund": (2.6e8, ()),
        "startup_fund": (0.0, (0.2e8,) * 3),
        "new_board_fund": (0.0, (0.1e8,) * 3),
        "internet_fund": (0.0, (0.1e8,)),
        "venture_fund": (1e8, ()),
    }
    assert [name for name, one in programme.instruments.items() if not one.in_document] == ["venture_fund"]
    assert programme.instruments["student_subsidy"].cap_year == 0.1e8


def changed_keys(base, other, path=""):
    """Return the keys of two dumps of terms whose values differ."""
    if isinstance(base, dict) and isinstance(other, dict):
        for key in base.keys() | other.keys():
            yield from changed_keys(base.get(key), other.get(key), f"{path}.{key}".lstrip("."))
    elif base != other:
        yield path


VARIANTS = {
    "downturn": {"economy.stress"},
    "share_80": {"instruments.zhubaodai.share", "instruments.county_margins.share"},
    "low_take_up": {
        f"instruments.{name}.demand.yearly"
        for name in ("zhubaodai", "county_margins", "guarantee", "student_loans")
    },
    "late_appropriations": {
        *(f"budget.levels.{name}.delay_months" for name in ("central", "province", "city", "counties")),
        "budget.levels.city.paid",
        "budget.levels.city.unpaid",
        "sources.paid",
        *(
            f"instruments.{name}.unpaid"
            for name in ("space", "space_counties", "services", "student_subsidy")
        ),
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_of_the_programme_differs_in_what_it_is_named_after(name, programme):
    other = fs.load(f"taiyuan_{name}").terms
    found = set(changed_keys(programme.model_dump(), other.model_dump()))
    assert found - {"name", "title", "title_zh"} == VARIANTS[name]


def test_the_low_end_of_what_the_city_pays_is_the_prefectures(programme):
    """567.12 of 950.55万 due."""
    origins = fs.load("taiyuan_late_appropriations").origins
    assert origins["budget.levels.city.paid.mean"].low == pytest.approx(567.12 / 950.55, abs=5e-4)
