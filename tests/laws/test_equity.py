"""Laws of equity funds in each engine, path by path, each with the conditions under which it holds."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from tests.reference.equity_funds import ENGINES

from fundsim.scheme import EquityFund, ExcessShare, Injection, IrrCase, Nature, Party
from fundsim.scheme.rules import with_longest_life

from .bridging import in_window
from .choices import Drawn as DrawnChoices
from .equity import equity_scheme, seeded
from .equity_books import check_equity
from .equity_variety import family_of
from .histories import history
from .schemes import law, st

MONTHLY = EquityFund.names(Nature.FLOW, Nature.STOCK, Nature.MONTH)


@st.composite
def equity_schemes(draw):
    """Return any scheme of equity funds alone."""
    return equity_scheme(DrawnChoices(draw))


@pytest.fixture(params=ENGINES)
def lived(request):
    """Return what runs paths of a scheme in one engine, and gives their history."""
    return partial(history, run_by=ENGINES[request.param])


def records(h, fund):
    """Return the monthly records of a fund by their last name."""
    return {what: h[EquityFund.record(fund.name, what)] for what in MONTHLY}


def differing(h, other, fund, *but):
    """Return the records of a fund that differ in two histories, as far as both reach."""
    months = min(h.scheme.window.total, other.scheme.window.total)
    mine, its = records(h, fund), records(other, fund)
    others = [what for what in MONTHLY if what not in but]
    return [what for what in others if not np.array_equal(mine[what][:, :months], its[what][:, :months])]


@pytest.mark.parametrize("engine", ENGINES)
@law(25)
@given(scheme=equity_schemes())
def test_books_balance_to_a_fen_on_every_path_of_any_scheme(engine, scheme):
    h = history(scheme, paths=2, run_by=ENGINES[engine])
    check_equity(scheme, h)


@pytest.mark.parametrize("start", [0, 20])
def test_books_balance_to_a_fen_on_seeded_schemes(lived, start):
    for seed in range(start, start + 20):
        scheme = seeded(seed)
        h = lived(scheme, paths=1, first=17 * seed)
        check_equity(scheme, h)


def test_seeded_schemes_meet_every_rule(lived):
    """What the laws are checked on has set-ups that fail, sales of the stake, clawbacks and all else."""
    met = dict.fromkeys(EquityFund.names(Nature.FLOW, Nature.STOCK), False)
    months = dict.fromkeys(EquityFund.names(Nature.MONTH), False)
    found = set()
    for seed in range(80):
        scheme = seeded(seed)
        h = lived(scheme, paths=1)
        for fund in scheme.equity_funds:
            f = records(h, fund)
            for what in met:
                met[what] |= f[what].max() > 0.0
            for what in months:
                months[what] |= bool(np.isfinite(f[what]).any())
            found |= {h.final(EquityFund.record(fund.name, f"irr_{side}_case"))[0] for side in SIDES}
    assert [what for what, seen in (met | months).items() if not seen] == []
    assert found == set(IrrCase)


SIDES = ("fund", "government", "social", "treasury")


def flows_of(f, side):
    """Return the net flows of a side month by month, from its cumulative records; shape (paths, months)."""
    government = f["distributed_government"] - f["ceded"] + f["option_price"]
    social = f["distributed_social"] + f["ceded"] - f["option_price"] - f["called_social"]
    total = {
        "government": government - f["called_government"],
        "social": social,
        "fund": government + social - f["called_government"],
    }[side]
    return np.diff(total, axis=1, prepend=0.0)


def test_at_the_rate_of_return_the_present_value_is_zero(lived):
    checked = 0
    for seed in range(60):
        scheme = seeded(seed)
        h = lived(scheme, paths=1)
        window = scheme.window
        for fund in scheme.equity_funds:
            f = records(h, fund)
            for side in SIDES[:3]:
                for month in {window.months - 1, window.total - 1}:
                    row = window.snapshots.index(month + 1)
                    rate, case = (
                        h.snapshots[EquityFund.record(fund.name, f"irr_{side}{end}")][0, row]
                        for end in ("", "_case")
                    )
                    if case not in (IrrCase.ONE, IrrCase.AMBIGUOUS) or rate < -0.999:
                        continue
                    flows = flows_of(f, side)[0, : month + 1]
                    navs = ("nav_government", "nav_social") if side == "fund" else (f"nav_{side}",)
                    if month < fund.last:
                        flows[-1] += sum(f[nav][0, month] for nav in navs)
                    flows[np.abs(flows) < 0.005] = 0.0
                    terms = flows * (1.0 + rate) ** (-np.arange(month + 1) / 12.0)
                    assert abs(terms.sum()) < 1e-7 * np.abs(terms).sum(), (seed, fund.name, side)
                    checked += 1
    assert checked > 100


def test_multiples_of_government_and_social_partners_are_equal_where_every_call_is_matched(lived):
    """Distributions ÷ calls (dpi) before what is ceded; custody never ran short, and nothing was sold."""
    met = 0
    for seed in range(60):
        scheme = seeded(seed)
        h = lived(scheme, paths=1)
        for fund in scheme.equity_funds:
            f = records(h, fund)
            matched = f["called_social"] * fund.planned - f["called_government"] * fund.social_target
            if fund.government_first or np.abs(matched).max() > 1e-6 or f["called_social"][0, -1] == 0.0:
                continue
            government, social = (
                f[f"distributed_{side}"] / f[f"called_{side}"][:, -1:] for side in ("government", "social")
            )
            assert np.allclose(government, social, rtol=1e-9)
            met += f["distributed_government"][0, -1] > 0.0
    assert met > 15


def test_a_fund_beside_another_changes_no_bit_of_it(lived):
    for seed in range(16):
        scheme = seeded(seed)
        first = scheme.equity_funds[0]
        alone = lived(replace(scheme, equity_funds=family_of(scheme, first)), paths=2)
        together = lived(scheme, paths=2)
        assert differing(alone, together, first) == []


def test_what_is_ceded_moves_nothing_but_who_has_it(lived):
    met = 0
    for seed in range(0, 60, 2):
        scheme = seeded(seed)
        funds = [f for f in scheme.equity_funds if f.social_target > 0.0 and f.parent is None]
        if not funds:
            continue
        plain, ceding = (
            replace(
                scheme,
                equity_funds=tuple(
                    replace(f, concession=rule) if f in funds else f for f in scheme.equity_funds
                ),
            )
            for rule in (None, ExcessShare(share=1.0))
        )
        one, other = lived(plain, paths=1), lived(ceding, paths=1)
        for fund in funds:
            assert differing(one, other, fund, "ceded") == []
            met += records(other, fund)["ceded"].max() > 0.0
    assert met > 5


def test_a_thousand_times_the_money_is_a_thousand_times_of_everything(lived):
    """But for what half a fen decides."""
    times = 1024.0
    for seed in range(0, 24, 2):
        scheme = seeded(seed)
        funds = scheme.equity_funds
        names = {party for f in funds for party in (f.party, f.custody, *(m.account for m in f.beside))}
        big = replace(
            scheme,
            parties=tuple(
                replace(p, opening=times * p.opening) if p.name in names else p for p in scheme.parties
            ),
            injections=tuple(
                replace(i, amount=times * i.amount) if i.target in names else i for i in scheme.injections
            ),
            equity_funds=tuple(
                replace(
                    f,
                    planned=times * f.planned,
                    social_target=times * f.social_target,
                    deal_size=times * f.deal_size,
                    fund_cost=times * f.fund_cost,
                    joint=f.joint and replace(f.joint, cap=times * f.joint.cap),
                    subsidy=f.subsidy and replace(f.subsidy, cap=times * f.subsidy.cap),
                    protection=f.protection
                    and replace(
                        f.protection,
                        before=times * f.protection.before,
                        after=times * f.protection.after,
                    ),
                )
                for f in funds
            ),
        )
        one, other = lived(scheme, paths=1), lived(big, paths=1)
        units = {record.name: record.unit for record in EquityFund.records}
        for fund in funds:
            small, large = records(one, fund), records(other, fund)
            for what in MONTHLY:
                factor = times if units[what] == "yuan" else 1.0
                expected = factor * small[what]
                assert np.allclose(large[what], expected, rtol=1e-9, atol=0.02 * factor), (seed, what)


def test_money_in_custody_earlier_than_it_is_called_changes_nothing_but_custody(lived):
    """Paid in at once or in parts, as long as no call finds too little."""
    for seed in range(24):
        scheme = seeded(seed)
        fund = next(f for f in scheme.equity_funds if f.parent is None)
        ample = 2.0 * fund.planned
        others = tuple(i for i in scheme.injections if i.target != fund.custody)
        parties = tuple(replace(p, opening=0.0) if p.name == fund.custody else p for p in scheme.parties)

        def paid(*months, s=scheme, f=fund, rest=others, who=parties, amount=ample):
            mine = tuple(
                Injection(source="treasury", target=f.custody, month=m, amount=amount / len(months))
                for m in months
            )
            return lived(replace(s, injections=(*rest, *mine), parties=who), paths=1)

        if fund.start == 0:
            continue
        early, late = paid(0), paid(*range(fund.start + 1))
        for kin in family_of(scheme, fund):
            assert differing(early, late, kin) == []


def test_a_scheme_that_lives_longer_leaves_a_fund_as_it_was(lived):
    """Records hold after its end, the rates of return of its last month too."""
    for seed in range(12):
        scheme = seeded(seed)
        far = Injection(source="treasury", target="later", month=scheme.window.total + 30, amount=1.0)
        longer = replace(
            scheme,
            parties=(*scheme.parties, Party(name="later")),
            injections=(*scheme.injections, far),
        )
        longer = in_window(longer, with_longest_life(longer))
        one, other = lived(scheme, paths=1), lived(longer, paths=1)
        for fund in scheme.equity_funds:
            assert differing(one, other, fund) == []
            for side in SIDES:
                name = EquityFund.record(fund.name, f"irr_{side}")
                a, b = one.final(name)[0], other.final(name)[0]
                assert a == b or (math.isnan(a) and math.isnan(b))
