"""The mean loss over defaults: by quadrature of the test's own, and simulated against stated."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr, ndtri
from scipy.stats import chi2
from scipy.stats import t as student

from fundsim.core import engine as core
from fundsim.errors import ScenarioError
from fundsim.instruments import KINDS
from fundsim.lowering import lower, solved_values
from fundsim.lowering.economy import step_persistence
from fundsim.reference import engine as reference
from fundsim.reference.loan import loss_given_default
from fundsim.scenario import load
from fundsim.scheme import Economy, Lgd
from fundsim.scheme.records import book_record
from fundsim.verify.schemes import segment, static_pool

Z_LIMIT = 4.9
LOSS = {"mean": 0.55, "sd": 0.2, "factor_correlation": 0.09}
FIRMS = {"city_weight": 1, "pd": 0.04, "rho": 0.08, "lgd": LOSS, "loan": {"mean": 100, "term_months": 12}}
FLOW = {
    "demand": {
        "schedule": [{"date": f"{y}-{m:02}", "amount": 60_000} for y in (2015, 2016) for m in range(1, 13)]
    }
}
STOCK = {"opening_stock": {"loans": 3000, "months_left": 12}}


def lowered(folder, economy, firms=(), terms=(), tape=None):
    """Lower a pool of firms, half of whose losses come back later."""
    instrument = {
        "kind": "compensation_pool",
        "opening": 1000,
        "share": 0.5,
        "trigger": {"overdue_days": 90},
        "borrowers": {"firms": 1.0},
        "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
        **dict(terms),
    }
    content = {
        "window": {"start": "2015-01", "months": 24},
        "economy": {"persistence": 0.5, **economy},
        "segments": {"firms": {**FIRMS, **dict(firms)}},
        "instruments": {"pool": instrument},
    }
    if tape is not None:
        (folder / "loans.csv").write_text(tape, encoding="utf-8")
    file = folder / "losses.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")
    return lower(load(file, kinds=KINDS))


def loss_of(scheme):
    """Return the law of the losses of the firms."""
    return scheme.segments[0].lgd


def mean_loss(lgd, x):
    """Return LGD(X) = E[BetaInv(Φ(−√c X + √(1 − c) η))] by the trapezoid rule over η."""
    mean = lgd.mean if lgd.law_mean is None else lgd.law_mean
    size = mean * (1.0 - mean) / lgd.sd**2 - 1.0
    eta = np.linspace(-9.0, 9.0, 721)
    weight = np.exp(-0.5 * eta * eta)
    c = lgd.factor_correlation
    score = -math.sqrt(c) * np.asarray(x)[..., None] + math.sqrt(1.0 - c) * eta
    return betaincinv(mean * size, (1.0 - mean) * size, ndtr(score)) @ (weight / weight.sum())


INDEX = np.linspace(-9.0, 9.0, 361)
NORMAL = np.exp(-0.5 * INDEX * INDEX) / np.exp(-0.5 * INDEX * INDEX).sum()


def yearly_q(pd, rho, degrees=None):
    """Return q(X) of a yearly step, under a t copula its mean over g."""
    if degrees is None:
        return ndtr((ndtri(pd) - math.sqrt(rho) * INDEX) / math.sqrt(1.0 - rho))
    z = np.linspace(-8.0, 8.0, 321)
    g = np.where(z < 0.0, chi2.ppf(ndtr(z), degrees), chi2.isf(ndtr(-z), degrees)) / degrees
    weight = np.exp(-0.5 * z * z)
    score = student.ppf(pd, degrees) * np.sqrt(g)[:, None] - math.sqrt(rho) * INDEX
    return (weight / weight.sum()) @ ndtr(score / math.sqrt(1.0 - rho))


def over_defaults(lgd, q):
    return float(np.sum(NORMAL * q * mean_loss(lgd, INDEX)) / np.sum(NORMAL * q))


@pytest.mark.parametrize("degrees", [None, 6.0])
@pytest.mark.parametrize("step", ["year", "static"])
@pytest.mark.parametrize(
    ("pd", "rho", "mean", "sd", "c"),
    [
        (0.04, 0.08, 0.55, 0.2, 0.09),
        (0.2, 0.5, 0.55, 0.2, 0.09),
        (0.01, 0.24, 0.4, 0.3, 0.5),
        (0.04, 0.08, 0.55, 0.02, 0.99),
        (0.04, 0.08, 0.5, 0.45, 0.16),
    ],
)
def test_the_mean_over_a_years_defaults_is_as_stated(tmp_path, step, degrees, pd, rho, mean, sd, c):
    loss = {"mean": mean, "sd": sd, "factor_correlation": c}
    economy = {"step": step} | ({} if degrees is None else {"t_degrees": degrees})
    lgd = loss_of(lowered(tmp_path, economy, {"pd": pd, "rho": rho, "lgd": loss}, STOCK))
    assert lgd.mean == mean
    assert lgd.law_mean < mean  # low X is bad: losses over defaults are above those over all loans
    assert over_defaults(lgd, yearly_q(pd, rho, degrees)) == pytest.approx(mean, abs=2e-5)


def test_a_static_term_of_two_years_weighs_by_its_own_conditional_probability(tmp_path):
    lgd = loss_of(lowered(tmp_path, {"step": "static"}, {"loan": {"mean": 100, "term_months": 24}}))
    assert over_defaults(lgd, yearly_q(1.0 - 0.96**2, 0.08)) == pytest.approx(0.55, abs=2e-5)


def by_simulation(scheme, steps, term, maturity_share=0.0, paths=400_000):
    """Return the mean over defaults of loans that begin with a step, and its error, by AR(1) paths."""
    firms, step = scheme.segments[0], 12 // steps
    random = np.random.default_rng(11)
    phi = step_persistence(0.5, steps)
    x = random.standard_normal(paths)
    bulk = np.linspace(-7.0, 7.0, 561)
    table = mean_loss(firms.lgd, bulk)
    hazard, lost, weight = np.zeros(paths), np.zeros(paths), np.zeros(paths)
    for j in range(term // step):
        if j:
            x = phi * x + math.sqrt(1.0 - phi * phi) * random.standard_normal(paths)
        q = ndtr((firms.threshold - math.sqrt(firms.rho) * x) / math.sqrt(1.0 - firms.rho))
        alive = np.exp(-(1.0 - maturity_share) * hazard)
        hazard -= np.log1p(-q)
        fell = alive - np.exp(-(1.0 - maturity_share) * hazard)
        lost += fell * np.interp(x, bulk, table)
        weight += fell
    fell = np.exp(-(1.0 - maturity_share) * hazard) - np.exp(-hazard)
    lost += fell * np.interp(x, bulk, table)
    weight += fell
    mean = lost.sum() / weight.sum()
    return mean, (lost - mean * weight).std() / weight.mean() / math.sqrt(paths)


@pytest.mark.parametrize(("step", "steps"), [("month", 12), ("quarter", 4)])
@pytest.mark.parametrize(("pd", "rho", "c"), [(0.04, 0.08, 0.09), (0.2, 0.3, 0.3)])
@pytest.mark.parametrize("term", [12, 36])
def test_the_mean_over_the_defaults_of_a_term_is_as_stated(tmp_path, step, steps, pd, rho, c, term):
    firms = {
        "pd": pd,
        "rho": rho,
        "lgd": {**LOSS, "factor_correlation": c},
        "loan": {"mean": 100, "term_months": term},
    }
    scheme = lowered(tmp_path, {"step": step}, firms)
    mean, se = by_simulation(scheme, steps, term)
    assert abs(mean - 0.55) < Z_LIMIT * se
    assert se < 0.001


@pytest.mark.parametrize("maturity_share", [0.3, 1.0])
def test_defaults_at_maturity_count_at_the_index_of_their_month(tmp_path, maturity_share):
    scheme = lowered(tmp_path, {"step": "month"}, {"maturity_share": maturity_share})
    mean, se = by_simulation(scheme, 12, 12, maturity_share)
    assert abs(mean - 0.55) < Z_LIMIT * se


def realised(scheme, engine=core, paths=6000):
    """Return yuan lost ÷ yuan defaulted over all paths, and its error."""
    records = tuple(book_record("pool", "firms", what) for what in ("defaulted", "recoverable"))
    defaulted, recoverable = engine(scheme, (), records).run(5, 0, paths).snapshots[:, -1].T
    mean = 1.0 - recoverable.sum() / defaulted.sum()
    loss = defaulted - recoverable
    return mean, (loss - mean * defaulted).std() / defaulted.mean() / math.sqrt(paths)


@pytest.mark.parametrize("degrees", [None, 6.0])
@pytest.mark.parametrize("step", ["year", "quarter", "month", "static"])
def test_simulated_losses_have_the_stated_mean(tmp_path, step, degrees):
    economy = {"step": step} | ({} if degrees is None else {"t_degrees": degrees})
    mean, se = realised(lowered(tmp_path, economy, terms=STOCK))
    assert abs(mean - 0.55) < Z_LIMIT * se
    assert se < 0.002  # without the solved law the mean is higher by 0.035 or more


@pytest.mark.parametrize("step", ["year", "month"])
def test_simulated_losses_have_the_stated_mean_where_defaults_strike_at_maturity(tmp_path, step):
    mean, se = realised(lowered(tmp_path, {"step": step}, {"maturity_share": 0.65, "renew": 0.5}, FLOW))
    assert abs(mean - 0.55) < Z_LIMIT * se
    assert se < 0.002


def test_the_reference_engine_draws_from_the_solved_law(tmp_path):
    scheme = lowered(
        tmp_path, {"step": "month"}, {"pd": 0.2}, {"opening_stock": {"loans": 40, "months_left": 12}}
    )
    mean, se = realised(scheme, reference, paths=400)
    assert abs(mean - 0.55) < Z_LIMIT * se
    random = np.random.default_rng(1)
    law = Lgd(mean=0.9, sd=0.1, factor_correlation=0.0, law_mean=0.4)
    drawn = [loss_given_default(law, 0.0, random) for _ in range(2000)]
    assert np.mean(drawn) == pytest.approx(0.4, abs=4.9 * 0.1 / math.sqrt(2000))


def test_low_times_lose_more_by_a_known_amount():
    """The beta law's own mean held at 0.55, losses of a year are 2.3447 % of what was lent; low X is bad."""
    law = Lgd(mean=0.55, sd=0.2, factor_correlation=0.09)
    q = yearly_q(0.04, 0.08)
    assert float(np.sum(NORMAL * q * mean_loss(law, INDEX))) == pytest.approx(0.023447, abs=5e-7)

    base = static_pool(n_loans=2000, pd_annual=0.04, rho=0.08)
    firms = replace(segment(pd_annual=0.04, rho=0.08, principal=1.0, lgd=1.0), lgd=law)
    scheme = replace(base, economy=Economy(step_months=12, persistence=0.0), segments=(firms,))
    for engine, paths in ((core, 20_000),):
        records = tuple(book_record("loans", "firms", what) for what in ("defaulted", "recoverable"))
        defaulted, recoverable = engine(scheme, (), records).run(3, 0, paths).snapshots[:, -1].T
        # Given the defaults a path's X is all but known, so the loss per default is what is left to chance.
        loss = (defaulted - recoverable) / 2000
        se = loss.std() / math.sqrt(paths)
        assert abs(loss.mean() - 0.023447) < Z_LIMIT * se
        worst = defaulted >= np.quantile(defaulted, 0.9)
        best = defaulted <= np.quantile(defaulted, 0.1)
        lost = [1.0 - recoverable[part].sum() / defaulted[part].sum() for part in (worst, best)]
        assert lost[0] > lost[1] + 0.1


@pytest.mark.parametrize(
    "firms",
    [
        {"lgd": {**LOSS, "factor_correlation": 0}},
        {"lgd": 0.55},
        {"rho": 0},
        {"lgd": {"mean": 0.55, "sd": 0.2}},
    ],
)
def test_losses_that_do_not_follow_the_factor_keep_the_stated_law(tmp_path, firms):
    assert loss_of(lowered(tmp_path, {"step": "month"}, firms)).law_mean is None


def test_the_solved_mean_is_reported_beside_the_stated_one(tmp_path):
    lowered(tmp_path, {"step": "year"})
    found = solved_values(load(tmp_path / "losses.yaml", kinds=KINDS))
    (mean,) = [value for value in found if value.key == "firms.lgd.mean"]
    assert mean.stated == 0.55
    assert mean.solved == pytest.approx(0.51369, abs=1e-5)


def test_books_expect_the_stated_mean_and_not_the_laws(tmp_path):
    guarantee = {"kind": "guarantee", "recovery": {"lag_months": 12}}
    content = lowered(tmp_path, {"step": "month"}, terms={**guarantee, "share": 0.8})
    (guarantor,) = content.guarantors
    assert loss_of(content).law_mean < 0.52
    assert guarantor.expected_recovery == pytest.approx(0.45)


@pytest.mark.parametrize("c", [0.3, 1.0])
def test_a_law_that_can_not_exist_is_refused_in_both_languages(tmp_path, c):
    loss = {"mean": 0.07, "sd": 0.25, "factor_correlation": c}
    with pytest.raises(ScenarioError) as raised:
        lowered(tmp_path, {"step": "month"}, {"lgd": loss})
    english, chinese = raised.value.text("en"), raised.value.text("zh")
    assert "losses.yaml:1:" in english
    assert "firms.lgd" in english
    assert "no beta law with lgd.sd 0.25" in english
    assert "firms.lgd" in chinese
    assert "没有 beta 分布" in chinese


TAPE = "principal,months_left,segment,pd,lgd\n"


def tape_rows(n=3000):
    """Loans whose PD runs from 0.5 to 20 %, larger ones riskier, with two stated means and some without."""
    rows = []
    for i in range(n):
        pd = 0.005 * 40.0 ** (i / (n - 1))
        lgd = ("0.4", "", "0.7")[i % 3]
        rows.append(f"{100 * (1 + 3 * i // n)},12,firms,{pd:.6f},{lgd}")
    return TAPE + "\n".join(rows) + "\n"


@pytest.mark.parametrize("step", ["year", "month"])
def test_a_tapes_loans_lose_the_stated_means_over_their_defaults(tmp_path, step):
    """In yuan, loans that share a mean together: each mean by a tape of its own, then all at once."""
    rows = tape_rows()
    terms = {"opening_stock": {"tape": "loans.csv"}}
    for lgd, mean in (("0.4", 0.4), ("", 0.55), ("0.7", 0.7)):
        own = TAPE + "".join(f"{row}\n" for row in rows.splitlines()[1:] if row.rsplit(",", 1)[1] == lgd)
        scheme = lowered(tmp_path, {"step": step}, terms=terms, tape=own)
        got, se = realised(scheme, paths=4000)
        assert abs(got - mean) < Z_LIMIT * se + 1e-3 * mean
        assert se < 0.0025


def test_a_tapes_law_is_that_of_a_segment_with_its_pd(tmp_path):
    """Between the solved nodes too: with one PD to all loans the law is the segment's but for 0.00002."""
    own = TAPE + "100,12,firms,0.047,\n" * 3
    scheme = lowered(
        tmp_path, {"step": "month"}, {"pd": 0.047}, {"opening_stock": {"tape": "loans.csv"}}, own
    )
    tape = scheme.facilities[0].tape
    assert tape.lgd_mean.tolist() == [0.55] * 3
    assert tape.lgd_law_mean == pytest.approx(loss_of(scheme).law_mean, abs=2e-5)


def test_a_tapes_mean_without_a_law_is_refused(tmp_path):
    own = TAPE + "100,12,firms,0.04,0.06\n"
    loss = {**LOSS, "sd": 0.23, "factor_correlation": 0.5}
    with pytest.raises(
        ScenarioError, match=r"pool\.opening_stock\.tape.* loans of firms: no beta law .* 0\.06 over defaults"
    ):
        lowered(tmp_path, {"step": "month"}, {"lgd": loss}, {"opening_stock": {"tape": "loans.csv"}}, own)
