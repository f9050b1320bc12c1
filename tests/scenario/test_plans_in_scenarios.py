"""The bundled scenarios hold the figures that the cities' plans and the cited rules print."""

from collections import Counter

import pytest

import fundsim as fs
from fundsim.instruments.award import Award
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


JINAN = "jinan_2016_2018"
DOCUMENTED = {"main_board", "third_board", "regional_board", "space", "services"}
"""Instruments of Jinan's plan of 2016 whose amounts are printed."""


@pytest.fixture(scope="module")
def jinan():
    return fs.load(JINAN).terms


def test_jinans_30_are_5_01_for_space_4_39_for_services_and_20_6_for_financing():
    given = {
        line.name: sum(sum(of_level.amounts) for of_level in line.appropriations)
        for line in lower(fs.load(JINAN)).budget_lines
    }
    assert sum(given.values()) == pytest.approx(30e8)
    assert given.pop("space") == pytest.approx(5.01e8)
    assert given.pop("services") == pytest.approx(4.39e8)
    assert sum(given.values()) == pytest.approx(20.6e8)


def test_jinans_levels_give_the_30_and_no_level_gives_more_or_less_than_its_amounts(jinan):
    lines = lower(fs.load(JINAN)).budget_lines
    for name, level in jinan.budget.levels.items():
        party = "city" if name == "city" else f"budget.{name}"
        paid = [a.amounts for line in lines for a in line.appropriations if a.level == party]
        planned = [item.amount for item in level.amounts]
        assert [sum(year) for year in zip(*paid, strict=True)] == pytest.approx(planned)
    assert sum(item.amount for level in jinan.budget.levels.values() for item in level.amounts) == (
        pytest.approx(30e8)
    )


def test_jinans_guide_fund_seeks_five_times_the_citys_money():
    (fund,) = (f for f in lower(fs.load(JINAN)).equity_funds if f.name == "innovation_fund")
    assert fund.social_target == pytest.approx(5 * fund.planned)


def test_jinan_has_five_sector_funds_and_a_parent_with_three_sub_funds(jinan):
    scheme = lower(fs.load(JINAN))
    kinds = Counter(type(terms).__name__ for terms in jinan.instruments.values())
    assert kinds["SectorFund"] == 5
    assert kinds["ParentFund"] == kinds["BridgeFund"] == 1
    subs = [fund for fund in scheme.equity_funds if fund.parent is not None]
    assert [fund.name for fund in subs] == ["angel", "manufacturing", "new_third_board"]
    assert all(fund.social_target > 0 for fund in scheme.equity_funds if fund.name != "mother")
    lent_to = {segment.sector for segment in scheme.segments}
    assert {f.sector for f in scheme.equity_funds if f.sector is not None} <= lent_to


def test_jinans_guarantors_stand_in_two_tiers_and_get_capital_in_each_year(jinan):
    tiers = [jinan.instruments[name] for name in ("city_guarantor", "county_guarantors")]
    assert all(set(amounts(tier.injections)) == {2016, 2017, 2018} for tier in tiers)
    assert set(tiers[1].reguarantee) == {"city"}
    award = jinan.instruments["private_award"]
    assert (award.of, award.base, award.line) == (("private_guarantors",), "principal", "guarantors")


def test_jinan_awards_150_500_and_20_for_a_listing_whole_or_not_at_all():
    paid = {p.name: p for p in lower(fs.load(JINAN)).line_payments if p.kind == "award"}
    assert {name: p.amount for name, p in paid.items()} == {
        "third_board": 150e4,
        "main_board": 500e4,
        "regional_board": 20e4,
    }
    assert all(p.whole and p.base == "counted" for p in paid.values())


def test_jinans_small_firms_are_85_84_percent_of_47_78_ten_thousand(jinan):
    assert jinan.segments["small_firms"].firms == pytest.approx(47.78e4 * 0.8584, abs=1)


def test_what_jinans_plan_gives_no_amount_for_says_so(jinan):
    said = {name for name, terms in jinan.instruments.items() if terms.in_document}
    assert said == DOCUMENTED


def test_what_jinans_instruments_are_given_is_what_their_lines_have(jinan):
    """Funds and pools are planned to the last yuan; what pays by demand has the rest of its line."""
    lines = {name: sum(i.amount for i in line.amounts) for name, line in jinan.budget.lines.items()}
    used = Counter()
    for terms in jinan.instruments.values():
        for item in getattr(terms, "injections", ()):
            used[terms.line] += item.amount
    assert {name: used[name] for name in ("funds", "parent", "risk_sharing")} == pytest.approx(
        {name: lines[name] for name in ("funds", "parent", "risk_sharing")}
    )
    assert lines["guarantors"] - used["guarantors"] == pytest.approx(0.3e8)
    assert lines["costs"] - used["costs"] == pytest.approx(1.05e8)
    assert used["increments"] == used["listings"] == 0


def test_late_social_capital_changes_how_funds_raise_and_nothing_else(jinan):
    other = fs.load("jinan_slow_social_capital").terms
    assert (other.segments, other.economy, other.budget) == (jinan.segments, jinan.economy, jinan.budget)
    changed = set()
    for name, terms in jinan.instruments.items():
        keys = {
            k for k in type(terms).model_fields if getattr(other.instruments[name], k) != getattr(terms, k)
        }
        assert keys in (set(), {"raising", "call_shortfall"})
        if keys:
            changed.add(name)
            late, plan = other.instruments[name].raising, terms.raising
            assert late.p_full < plan.p_full
            assert late.mean < plan.mean
            assert [c.month for c in late.closings] > [c.month for c in plan.closings]
    with_partners = {n for n, t in jinan.instruments.items() if getattr(t, "raising", None) is not None}
    assert changed == with_partners
    assert len(changed) == 9


def test_jinans_downturn_moves_the_city_factor_and_nothing_else(jinan):
    other = fs.load("jinan_2016_downturn").terms
    assert (other.segments, other.budget) == (jinan.segments, jinan.budget)
    assert other.instruments == jinan.instruments
    (stress,) = other.economy.stress
    assert stress.shift < 0
    assert not jinan.economy.stress


OTHER_PLANS = ("jinan_2022_2025", "jinan_2024_2027", "changzhi_2017_2020")
NOT_GIVEN = {"budget.not_given", "budget.listings", "budget.interest"}
"""Accounts of the lines of these plans whose instruments have no amount in the document."""


def lines_of(scheme, instrument):
    """Return the accounts of the lines from which an instrument of a plan, or a part of it, draws."""
    own = {i.source for i in scheme.injections if i.target.split(".")[0] == instrument}
    return own | {f"budget.{p.line}" for p in scheme.line_payments if p.name == instrument}


@pytest.mark.parametrize("name", OTHER_PLANS)
def test_an_instrument_is_marked_where_the_document_does_not_give_its_amount(name):
    scenario = fs.load(name)
    scheme, instruments = lower(scenario), scenario.terms.instruments
    drawn = {one: lines_of(scheme, one) for one in instruments}
    assert {f"budget.{line}" for line in scenario.terms.budget.lines} == set().union(*drawn.values())
    for one, lines in drawn.items():
        if lines:
            assert instruments[one].in_document == lines.isdisjoint(NOT_GIVEN), one


@pytest.mark.parametrize("name", OTHER_PLANS)
def test_the_line_of_what_is_not_given_is_the_sum_of_what_is_drawn_from_it(name):
    scenario = fs.load(name)
    scheme = lower(scenario)
    drawn = Counter()
    for injection in scheme.injections:
        if injection.source == "budget.not_given":
            drawn[injection.month // 12] += injection.amount
    (line,) = (line for line in scheme.budget_lines if line.name == "not_given")
    (appropriation,) = line.appropriations
    assert [drawn[year] for year in range(len(appropriation.amounts))] == pytest.approx(appropriation.amounts)


def test_jinan_2022_has_no_amount_of_money_and_coaches_thirty_per_cent_more_firms_a_year():
    terms = fs.load("jinan_2022_2025").terms
    with_money = set(terms.instruments) - {"coaching"}
    assert not any(terms.instruments[name].in_document for name in with_money)
    assert {type(terms.instruments[name]).__name__ for name in with_money} == {
        "GuideFund",
        "TalentLoan",
        "TechnologyPool",
        "Guarantee",
        "IpPledge",
        "CreditInsurance",
        "Award",
    }
    opening = terms.instruments["coaching"].tiers["coached"].opening
    for years, calendar in enumerate(range(2022, 2026), start=1):
        target = terms.targets[f"coached_{calendar}"]
        assert target.metric == f"coaching.coached.firms.{calendar}"
        assert target.at_least == pytest.approx(opening * 1.3**years, abs=0.5)


JINAN_AWARDS = {
    # award: (tier, on, amount)
    "little_giant_award": ("little_giant", "entry", 200e4),
    "specialised_award": ("specialised", "entry", 30e4),
    "unicorn_award": ("unicorn", "entry", 300e4),
    "gazelle_award": ("gazelle", "entry", 50e4),
    "gazelle_renewal": ("gazelle", "renewal", 20e4),
    "specialised_renewal": ("specialised", "renewal", 10e4),
    "base_little_giants": ("little_giant", "entry", 40e4),
    "base_unicorns": ("unicorn", "entry", 40e4),
    "base_specialised": ("specialised", "entry", 10e4),
    "base_gazelles": ("gazelle", "entry", 10e4),
}


def test_jinan_2024_pays_the_draft_s_awards_by_tier_and_to_those_who_bring_firms_up():
    scenario = fs.load("jinan_2024_2027")
    instruments = scenario.terms.instruments
    for name, (tier, on, amount) in JINAN_AWARDS.items():
        award = instruments[name]
        assert (award.recognition.ladder, award.recognition.tier, award.recognition.when) == (
            "ladder",
            tier,
            on,
        ), name
        assert award.amount == amount, name
        assert (award.resident_share < 1) == name.startswith("base_"), name
    assert instruments["national_platforms"].amount == 50e4
    assert instruments["provincial_platforms"].amount == 20e4
    assert amounts(instruments["park"].payments) == dict.fromkeys((2025, 2026, 2027), 1000e4)
    after = {line.name for line in lower(scenario).budget_lines if line.after_acceptance}
    assert after == {"tier_awards", "carriers"}


def test_the_tiers_targets_of_2025_add_up_to_8_010_from_a_smaller_stock():
    terms = fs.load("jinan_2024_2027").terms
    bounds = {t.metric: t.at_least for t in terms.targets.values()}
    assert bounds.pop("ladder.firms.2025") == 8000
    assert bounds == {
        "ladder.innovative.firms.2025": 3000,
        "ladder.specialised.firms.2025": 2800,
        "ladder.little_giant.firms.2025": 200,
        "ladder.gazelle.firms.2025": 2000,
        "ladder.unicorn.firms.2025": 10,
    }
    assert sum(bounds.values()) == 8010
    for tier, terms_of_tier in terms.instruments["ladder"].tiers.items():
        assert terms_of_tier.opening < bounds[f"ladder.{tier}.firms.2025"]


def test_changzhi_s_guide_fund_takes_part_in_five_ways():
    instruments = fs.load("changzhi_2017_2020").terms.instruments
    staged, ceding = instruments["staged_fund"], instruments["ceding_fund"]
    assert staged.parent == ceding.parent == "venture_fund"
    assert staged.commitment + ceding.commitment <= sum(
        amounts(instruments["venture_fund"].injections).values()
    )
    assert (staged.concession.mode, ceding.concession.mode) == ("call_option", "excess_share")
    assert staged.co_investment is not None
    assert staged.investment_protection is not None
    assert ceding.risk_subsidy is not None


def test_changzhi_lends_up_to_five_caps_and_subsidises_carriers_and_centres():
    terms = fs.load("changzhi_2017_2020").terms
    instruments = terms.instruments
    caps = {name: tier.cap for name, tier in instruments["startup_loans"].tiers.items()}
    assert caps == {
        "person": 10e4,
        "partnership": 15e4,
        "high_technology": 20e4,
        "follow_up": 50e4,
        "small_firm": 200e4,
    }
    assert {name: one.amount for name, one in instruments.items() if isinstance(one, Award)} == {
        "national_carriers": 50e4,
        "provincial_carriers": 30e4,
        "national_centres": 50e4,
        "provincial_centres": 20e4,
        "city_centres": 10e4,
    }
    bounds = {name: target.at_least for name, target in terms.targets.items()}
    assert bounds == {
        "new_firms_2018": 3000,
        "new_firms_2019": 3000,
        "new_firms_2020": 3000,
        "high_technology": 80,
        "technology": 350,
    }


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
