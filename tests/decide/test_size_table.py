"""The sizing table: the smallest pool that claims exceed with 1 % at most is the 99 % quantile of claims."""

import pytest

import fundsim as fs

QUANTILES = {
    "s50_pd2": (0.596, 0.867, 1.200),
    "s50_pd3": (0.857, 1.218, 1.653),
    "s50_pd5": (1.349, 1.857, 2.452),
    "s80_pd3": (1.372, 1.949, 2.645),
    "s80_pd5": (2.158, 2.972, 3.923),
}
"""Share and PD → 99 % quantile of claims ÷ 1亿 at ρ = 0.03, 0.08, 0.15, from twelve million draws."""
CELLS = [
    (f"pool_{row}_rho{rho}", quantile)
    for row, quantiles in QUANTILES.items()
    for rho, quantile in zip(("03", "08", "15"), quantiles, strict=True)
]


@pytest.mark.long
@pytest.mark.parametrize(("name", "quantile"), CELLS)
def test_the_size_of_a_cell_is_its_quantile(name, quantile):
    """Within twice its half-width, four errors: by chance once in a thousand runs of the table."""
    found = fs.size(
        fs.load(f"textbook/{name}"), "pool.opening", "P(pool.depleted) <= 1%",
        within="0.2亿:10亿", precision=0.04, paths=30_000, extremes=False, threads=1,
    )  # fmt: skip
    assert found.outcome == "found"
    assert found.both
    assert len(found.readings) == 1
    low, high = found.interval
    assert abs(found.value - quantile * 1e8) <= high - low
    assert high - low <= 0.1 * found.value
