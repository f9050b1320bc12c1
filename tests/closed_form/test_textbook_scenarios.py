"""The core gives the bundled textbook scenarios the figures that were printed, or that an exact law gives."""

import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.scheme import record_names
from fundsim.verify import cases
from fundsim.verify.cash_forms import pool_depletion
from fundsim.verify.closed_forms import (
    VasicekLimit,
    basel_risk_weight,
    finite_pool,
    vintage_default_moments,
    worst_case_default_rate,
)

Z_LIMIT = 4.9
PATHS = 50_000


def ends(name, *records, paths=PATHS):
    """Return records of a bundled scenario at the end of its run-off, shape (paths,) each."""
    scheme = lower(fs.load(f"textbook/{name}"))
    prepared = engine(scheme)
    columns = [record_names(scheme).all.index(record) for record in records]
    blocks = [
        prepared.run(11, start, min(8192, paths - start)).snapshots[:, -1, columns]
        for start in range(0, paths, 8192)
    ]
    return np.concatenate(blocks).T


def agrees(sample, expected, own_error=0.0):
    """Whether the mean of a sample is as expected; a share of paths is judged by its binomial spread."""
    sample = np.asarray(sample)
    spread = math.sqrt(expected * (1.0 - expected)) if sample.dtype == np.bool_ else sample.std(ddof=1)
    z = (sample.mean() - expected) / math.hypot(spread / math.sqrt(sample.size), own_error)
    return abs(z) <= Z_LIMIT


# Finite and infinitely fine pools


@pytest.mark.parametrize(
    ("name", "case", "unit"),
    [("vasicek_10", 1, 1.0), ("vasicek_100", 2, 1.0), ("j1_1223_loans", 0, 1_800_000.0)],
)
def test_a_finite_pool_has_its_published_law(name, case, unit):
    (due,) = ends(name, "contract/pool/due")
    known = cases.FINITE_POOLS[case]
    law = finite_pool(known.n_loans, known.pd, known.rho)
    defaults = due / unit
    assert agrees(defaults, known.n_loans * known.pd)
    assert agrees((defaults - law.mean) ** 2, known.sd**2)
    assert agrees(np.round(defaults) == 0.0, known.p_none)
    assert agrees(defaults <= known.q99 + 0.5, known.cdf_at_q99)
    assert agrees(defaults < known.q99 - 0.5, known.cdf_below_q99)
    assert agrees(defaults > known.q999 + 0.5, law.tail(known.q999))
    excess = np.clip(defaults - known.q99, 0.0, None)
    # ES = VaR + E[(L − VaR)⁺]/(1 − a)
    assert agrees(excess, (known.es99 - known.q99) * 0.01)


def test_the_limit_law_has_its_published_quantiles():
    (due,) = ends("vasicek_limit", "contract/pool/due", paths=100_000)
    sd, *quantiles = cases.LIMIT_LAWS[0.03, 0.12]
    assert agrees(due / 1e6, 0.03)
    assert agrees((due / 1e6 - 0.03) ** 2, sd**2)
    for level, quantile in zip((0.95, 0.99, 0.995, 0.999, 0.9999), quantiles, strict=True):
        assert agrees(due / 1e6 > quantile, 1.0 - level), level


@pytest.mark.parametrize(("row", "key"), list(enumerate(cases.VASICEK_TABLE, start=1)))
def test_the_pools_of_vasiceks_table_exceed_its_printed_quantiles_as_often_as_it_says(row, key):
    pd, rho = key
    limit = VasicekLimit(pd, rho)
    (due,) = ends("vasicek_table", f"contract/row_{row}_pool/due", paths=100_000)
    assert agrees(due / 1e6, pd)
    assert agrees((due / 1e6 - pd) ** 2, limit.sd**2)
    printed, exact = cases.VASICEK_TABLE[key]
    for level, rounded, precise in zip(cases.VASICEK_TABLE_LEVELS, printed, exact, strict=True):
        assert agrees(due / 1e6 > pd + precise * limit.sd, 1.0 - level), level
        assert precise == pytest.approx(rounded, abs=0.1)


def test_hulls_portfolio_loses_5_13_million_at_99_9_per_cent():
    (due,) = ends("hull_worst_case", "contract/pool/due", paths=100_000)
    worst = worst_case_default_rate(0.02, 0.1, 0.999)
    assert round(worst, 3) == 0.128
    assert round(1e8 * 0.4 * worst / 1e6, 2) == 5.13
    assert agrees(due > 1e8 * 0.4 * worst, 0.001)
    assert agrees(due, 800_000.0)
    # The printed 12.8 % has three digits; between 12.75 and 12.85 % lies the simulated quantile too.
    lower_end, upper_end = (1.0 - VasicekLimit(0.02, 0.1).cdf(rate) for rate in (0.1275, 0.1285))
    assert upper_end < 0.001 < lower_end
    assert agrees(due > 1e8 * 0.4 * 0.1275, lower_end)
    assert agrees(due > 1e8 * 0.4 * 0.1285, upper_end)


BASEL = {"mortgage": (0.15, 56.40), "other_retail": (0.12160945, 45.77), "revolving": (0.04, 17.22)}


def test_the_retail_portfolios_have_the_risk_weights_of_basel_ii():
    names = tuple(f"contract/{exposure}_loans/due" for exposure in BASEL)
    losses = ends("basel_retail", *names, paths=100_000)
    thresholds = []
    for due, (exposure, (rho, printed)) in zip(losses, BASEL.items(), strict=True):
        assert basel_risk_weight(0.01, 0.45, exposure) == pytest.approx(printed, abs=0.006)
        at_999 = 0.45e6 * worst_case_default_rate(0.01, rho, 0.999)
        # Risk weight = 12.5 × (loss at 99.9 % − expected loss), per yuan lent.
        assert 12.5 * (at_999 - 4500.0) / 1e4 == pytest.approx(printed, abs=0.006)
        assert agrees(due, 4500.0)
        assert agrees(due > at_999, 0.001)
        thresholds.append(at_999)
    assert sum(thresholds) == pytest.approx(109_017, abs=1.0)
    assert agrees(losses.sum(axis=0) > sum(thresholds), 0.001)


# Layers


LAYERS = {"first": (0, 33), "second": (33, 66), "third": (66, 110), "fourth": (110, 330)}


def test_layers_on_unequal_loans_pay_what_the_recursion_gives():
    known = cases.HETEROGENEOUS
    names = ("contract/whole/due", *(f"contract/{layer}/paid" for layer in LAYERS))
    whole, *paid = ends("unequal_layers", *names, paths=100_000)
    assert agrees(whole, known.mean)
    assert agrees((whole - known.mean) ** 2, known.sd**2)
    for level in (10, 50, 100):  # beyond 150 there are too few paths to judge
        probability = known.beyond[level]
        assert agrees(whole > level + 0.5, probability), level
    for amounts, (layer, (attach, detach)) in zip(paid, LAYERS.items(), strict=True):
        assert amounts.max() <= detach - attach, layer
        assert agrees(amounts, known.tranches[attach, detach]), layer


# Pools with cash


def test_the_revolving_pool_is_depleted_as_its_dynamic_programme_says():
    names = ("party/pool/unpaid_month", "contract/pool/unpaid", "party/pool/balance", "contract/pool/due")
    month, unpaid, balance, due = ends("revolving_pool", *names)
    known = cases.POOL_DEPLETION
    exact = pool_depletion(n_loans=100, monthly_pd=0.01, opening=30, months=36, injections={12: 10, 24: 10})
    assert exact == pytest.approx(tuple(known.values()), rel=1e-12)
    assert agrees(np.isfinite(month), known["p_depleted"])
    assert agrees(unpaid, known["unpaid"])
    assert agrees(balance, known["end_balance"])
    assert agrees(due, 36.0)


@pytest.mark.parametrize(
    "cell", cases.FIFTEEN_CELLS, ids=lambda c: f"s{c.share:.0%}_pd{c.pd:.0%}_rho{c.rho:g}"
)
def test_a_cell_of_the_sizing_table_has_its_printed_figures(cell):
    name = f"pool_s{100 * cell.share:.0f}_pd{100 * cell.pd:.0f}_rho{100 * cell.rho:02.0f}"
    due, month = ends(name, "contract/pool/due", "party/pool/unpaid_month", paths=20_000)
    ratio = due / 1e8
    unit = 10.0 * cell.share
    mean, sd = vintage_default_moments(n_loans=10**6, n_vintages=3, pd=cell.pd, rho=cell.rho, persistence=0.5)
    assert unit * mean == pytest.approx(cell.mean, abs=5e-4)
    assert agrees(ratio, unit * mean)
    assert agrees((ratio - unit * mean) ** 2, (unit * sd) ** 2)
    p = cell.p_exhausted
    own_error = math.hypot(math.sqrt(p * (1.0 - p) / 12e6), 5e-5)
    assert agrees(ratio > 1.0, p, own_error)
    assert agrees(np.isfinite(month), p, own_error)
    # The quantile is printed to three decimals: its chance lies between those of the ends of the rounding.
    assert (ratio > cell.q99 - 5e-4).mean() > 0.01 - Z_LIMIT * math.sqrt(0.0099 / ratio.size)
    assert (ratio > cell.q99 + 5e-4).mean() < 0.01 + Z_LIMIT * math.sqrt(0.0099 / ratio.size)


# Chains of reguarantee, from the files as they are written


def shares_of(name):
    """Return who ends up with how much of a loss of 100, from the contracts of a bundled chain."""
    contracts = lower(fs.load(f"textbook/{name}")).contracts
    guarantee, *layers = contracts
    assert all(layer.covers == guarantee.name and layer.of == "original" for layer in layers)
    paid = 100.0 * guarantee.share
    parts = {layer.name.rpartition(".")[2]: paid * layer.share for layer in layers}
    return {"bank": 100.0 - paid, "guarantor": paid - sum(parts.values()), **parts}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("reguarantee_2242", {"bank": 20, "guarantor": 40, "province": 20, "nation": 20}),
        ("anhui_4321", {"bank": 20, "guarantor": 40, "province": 30, "local_government": 10}),
    ],
)
def test_a_bundled_chain_divides_a_loss_as_its_name_says(name, parts):
    assert shares_of(name) == pytest.approx(parts)


def test_upper_layers_of_the_national_chain_stop_at_four_per_cent_of_a_years_guarantees():
    """Per yuan lent: 4 % of the 20 % that each of them assumes."""
    _, *layers = lower(fs.load("textbook/reguarantee_2242")).contracts
    assert [layer.cohort_cap_rate for layer in layers] == pytest.approx([0.008, 0.008])
    assert [layer.claim_lag for layer in layers] == [6, 9]
