"""What a collector makes of blocks: columns, years, series, and its refusals."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from fundsim.errors import EngineError, UsageError
from fundsim.metrics.formulas import divided, number, plus, product, recorded
from fundsim.results import columns as columns_module
from fundsim.results import series as series_module
from fundsim.results.collect import Collector
from fundsim.results.columns import MemoryColumns, SpilledColumns
from fundsim.results.plan import Plan
from fundsim.results.scratch import ScratchFile
from fundsim.results.series import SERIES_LEVELS, SERIES_SAMPLE, SeriesSums, fan_of, make_series
from fundsim.results.statistics import empirical_quantile
from fundsim.results.views import RecordView, YearView
from fundsim.scheme import LawFigure, Metric, Window


def _metric(name, formula, **flags):
    return Metric(own_name=name, unit="yuan", meaning="m", meaning_zh="m", formula=formula, **flags)


def _everything(results):
    return (
        results.to_json(),
        {key: results.values(key).tobytes() for key in results.column_keys},
        {
            name: (fan.mean.tobytes(), [q.tobytes() for q in fan.quantiles.values()])
            for name, fan in results.fans.items()
        },
    )


@pytest.mark.parametrize("block", [1, 7, 512, 8192])
def test_results_do_not_depend_on_how_paths_are_cut_into_blocks(run, block):
    assert _everything(run(1100, block=block)) == _everything(run(1100, block=1100))


def test_records_that_series_need_are_read_off_the_formulas(kit):
    scheme = kit.make_scheme()
    assert Plan(scheme).series_records == (kit.BALANCE,)


def test_only_records_that_a_metric_reads_are_asked_of_the_engine(kit):
    records = {kit.DUE, kit.PAID, kit.DEFAULTED, kit.LENT, kit.UNPAID_MONTH, kit.BALANCE}
    assert set(Plan(kit.make_scheme()).records) == records
    assert Plan(kit.make_scheme(), ("*.claims_paid",)).records == (kit.PAID,)


def test_a_metric_of_a_record_that_there_is_not_is_refused_by_name(kit):
    scheme = kit.make_scheme(metrics=(_metric("p", recorded("party/nobody/balance")),))
    with pytest.raises(EngineError, match="p: there is no record 'party/nobody/balance' at a snapshot"):
        Plan(scheme)


def test_a_series_of_a_record_that_exists_at_snapshots_only_is_refused(kit):
    pending = "contract/zhubaodai.pool/pending"
    scheme = kit.make_scheme(metrics=(_metric("p", recorded(pending), series=True),))
    with pytest.raises(EngineError, match="pending"):
        Plan(scheme)


def test_both_horizons_are_the_end_of_the_window_and_the_end_of_the_run_off(run, kit):
    monthly = kit.monthly_records(kit.make_scheme(), 500)
    results = run(500)
    assert np.array_equal(results.values("zhubaodai.claims_due@window"), monthly[kit.DUE][:, 35])
    assert np.array_equal(results.values("zhubaodai.claims_due"), monthly[kit.DUE][:, 50])


def test_without_a_run_off_both_horizons_are_the_same(run, kit):
    results = run(50, scheme=kit.make_scheme(Window(year=2015, month=1, months=24, run_off=0)))
    assert np.array_equal(
        results.values("zhubaodai.claims_due@window"), results.values("zhubaodai.claims_due@run_off")
    )


def test_flows_of_the_years_sum_to_the_whole(run):
    results = run(200)
    years = [key for key in results.column_keys if key.startswith("zhubaodai.claims_due.20")]
    assert years == [
        "zhubaodai.claims_due.2015@window",
        "zhubaodai.claims_due.2016@window",
        "zhubaodai.claims_due.2017@window",
        "zhubaodai.claims_due.2018@run_off",
        "zhubaodai.claims_due.2019@run_off",
    ]
    total = np.sum([results.values(key) for key in years], axis=0)
    assert total == pytest.approx(results.values("zhubaodai.claims_due"), rel=1e-14)


def test_years_of_a_differenced_metric_sum_to_the_whole_though_a_factor_moves(run, kit):
    """With what is left of the pool as a factor, a year's flow × its end's balance would not add up."""
    part_left = divided(recorded(kit.BALANCE), 120e6)
    moving = _metric("moving", product(part_left, recorded(kit.PAID)), yearly=True, differenced=True)
    results = run(200, scheme=kit.make_scheme(metrics=(moving,)))
    years = [results.values(key) for key in results.column_keys if key.startswith("moving.20")]
    total = results.values("moving@run_off")
    assert len(years) == 5
    assert np.sum(years, axis=0) == pytest.approx(total, rel=1e-12, abs=1e-6)
    plain = run(200, scheme=kit.make_scheme(metrics=(replace(moving, differenced=False),)))
    flows = [plain.values(key) for key in plain.column_keys if key.startswith("moving.20")]
    assert not np.allclose(np.sum(flows, axis=0), total)


def test_a_year_that_the_window_cuts_belongs_to_the_run_off(run, kit):
    results = run(20, scheme=kit.make_scheme(Window(year=2015, month=1, months=30, run_off=10)))
    years = [key for key in results.column_keys if key.startswith("zhubaodai.claims_due.20")]
    assert [key.partition("@")[2] for key in years] == ["window", "window", "run_off", "run_off"]


def test_months_and_stocks_of_a_year_are_those_of_its_end(run):
    results = run(300)
    depleted_by = [results.values(f"zhubaodai.depleted.{year}@window") for year in (2015, 2016, 2017)]
    assert np.array_equal(depleted_by[-1], results.values("zhubaodai.depleted@window"))
    assert all((early <= late).all() for early, late in itertools.pairwise(depleted_by))


def test_a_month_that_never_comes_is_missing_and_reported(run):
    results = run(500)
    law, event = results.distribution("zhubaodai.depletion_month"), results.probability("zhubaodai.depleted")
    assert law.missing == pytest.approx(1 - event.p, abs=1e-12)
    assert 0 < event.p < 1


def test_an_aggregate_is_the_ratio_of_the_sums(run):
    results = run(500)
    paid, due = results.values("zhubaodai.claims_paid"), results.values("zhubaodai.claims_due")
    assert results.aggregate("zhubaodai.claims_coverage_aggregate").value == pytest.approx(
        paid.sum() / due.sum(), rel=1e-14
    )


def test_only_the_metrics_asked_for_are_kept(run):
    results = run(50, keep=("*.claims_paid", "zhubaodai.claims_due@window"))
    assert {key.partition("@")[0].split(".20")[0] for key in results.column_keys} == {
        "zhubaodai.claims_paid",
        "zhubaodai.claims_due",
    }
    assert "zhubaodai.claims_due@run_off" not in results.column_keys
    assert results.fans == {}


def test_a_pattern_that_names_nothing_is_reported_with_the_nearest_metric(run):
    with pytest.raises(UsageError, match=r"did you mean zhubaodai\.claims_paid"):
        run(10, keep=("zhubaodai.claim_paid",))


def test_blocks_must_follow_each_other(kit):
    scheme = kit.make_scheme()
    collector = Collector(Plan(scheme), 0, 10, seed=1, engine="core")
    first, second = kit.Blocks(scheme, kit.monthly_records(scheme, 10)).cut(5, collector.plan)
    with pytest.raises(EngineError, match="from 5 on, where 0 is next"):
        collector.add(second)
    collector.add(first)
    with pytest.raises(EngineError, match="5 of 10 paths"):
        collector.part()


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        (_metric("m", plus(recorded("party/bank/balance"), number(np.inf))), "an infinity"),
        (_metric("m", number(1.0)), "shape"),
        (_metric("m", plus(recorded("party/bank/balance"), number(0.5)), event=True), "an event is 0 or 1"),
    ],
)
def test_a_formula_that_breaks_its_promise_is_named(kit, metric, message):
    scheme = kit.make_scheme(metrics=(metric, _metric("other", recorded(kit.PAID))))
    collector = Collector(Plan(scheme), 0, 4, seed=1, engine="core")
    block = kit.Blocks(scheme, kit.monthly_records(scheme, 4)).cut(4, collector.plan)[0]
    with pytest.raises(EngineError, match=f"m: .*{message}"):
        collector.add(block)


def test_snapshots_of_another_shape_are_refused(kit):
    scheme = kit.make_scheme()
    collector = Collector(Plan(scheme), 0, 4, seed=1, engine="core")
    block = kit.Blocks(scheme, kit.monthly_records(scheme, 4)).cut(4, collector.plan)[0]
    with pytest.raises(EngineError, match="snapshots have shape"):
        collector.add(replace(block, snapshots=block.snapshots[:, :-1]))
    with pytest.raises(EngineError, match="series have shape"):
        collector.add(replace(block, series=block.series[:, :-1]))


def test_views_of_records_are_read_only():
    end, start = np.ones((3, 2)), np.zeros((3, 2))
    positions = {"flow": 0, "stock": 1}
    for view in (RecordView(positions, end), YearView(positions, end, start, frozenset({"flow"}))):
        for name in view:
            with pytest.raises(ValueError, match="read-only"):
                view[name] += 1.0
    assert end.min() == 1.0


def test_a_year_counts_flows_from_its_beginning_and_takes_stocks_at_its_end():
    end, start = np.array([[5.0, 7.0]]), np.array([[2.0, 3.0]])
    year = YearView({"flow": 0, "stock": 1}, end, start, frozenset({"flow"}))
    assert year["flow"].tolist() == [3.0]
    assert year["stock"].tolist() == [7.0]


def test_spilled_columns_give_the_same_results_as_those_in_memory(run, monkeypatch):
    in_memory = run(700, block=64)
    monkeypatch.setattr(columns_module, "MEMORY_LIMIT", 0)
    spilled = run(700, block=64)
    assert isinstance(in_memory.columns, MemoryColumns)
    assert isinstance(spilled.columns, SpilledColumns)
    assert _everything(in_memory) == _everything(spilled)


def test_fans_whose_samples_are_on_disk_are_those_of_samples_in_memory(monkeypatch):
    values = np.random.default_rng(5).gamma(2.0, 1e6, (3, 700, 4))
    values[:, ::7, 2] = np.nan

    def fans():
        series = make_series(["a", "b", "c"], 4, 0, 700)
        for start in range(0, 700, 64):
            for sums, rows in zip(series.values(), values, strict=True):
                sums.add(rows[start : start + 64])
        return [
            (fan.mean.tobytes(), [q.tobytes() for q in fan.quantiles.values()])
            for fan in (fan_of(sums.part()) for sums in series.values())
        ]

    in_memory = fans()
    files = []

    class Watched(ScratchFile):
        def __init__(self):
            super().__init__()
            files.append(self)

    monkeypatch.setattr(series_module, "ScratchFile", Watched)
    assert fans() == in_memory
    assert not files  # small samples need no file
    monkeypatch.setattr(series_module, "MEMORY_LIMIT", 0)
    assert fans() == in_memory
    assert len(files) == 1


def test_fan_means_take_every_path_and_quantiles_the_first_65536():
    n = SERIES_SAMPLE + 5000
    values = np.random.default_rng(3).gamma(2.0, 1e6, (n, 2))
    sums = SeriesSums(2, 0, n)
    for start in range(0, n, 9999):
        sums.add(values[start : start + 9999])
    fan = fan_of(sums.part())
    assert fan.mean == pytest.approx(values.mean(axis=0), rel=1e-13)
    sample = np.sort(values[:SERIES_SAMPLE, 1])
    for name, level in SERIES_LEVELS.items():
        assert fan.quantiles[name][1] == pytest.approx(empirical_quantile(sample, level), rel=1e-7)


def test_a_named_figure_of_a_law_is_that_of_its_metric(run, kit):
    due = _metric("z.due", recorded(kit.DUE), after_window=True)
    figures = tuple(
        LawFigure(own_name=f"z.{figure}", meaning="m", meaning_zh="m", metric=due, figure=figure)
        for figure in ("expected", "unexpected")
    )
    results = run(500, scheme=kit.make_scheme(metrics=(due, *figures)))
    law = results.distribution("z.due")
    assert results.aggregate("z.expected") == law.mean
    assert law.mean.se > 0
    unexpected = results.aggregate("z.unexpected")
    assert unexpected.value == pytest.approx(law.quantiles["0.99"].value - law.mean.value, rel=1e-12)
    assert unexpected.se > law.mean.se
    entry = next(e for e in results.to_json()["aggregates"] if e["name"] == "z.unexpected")
    assert entry == {
        "name": "z.unexpected",
        "unit": "yuan",
        "horizon": "run_off",
        "value": unexpected.value,
        "se": unexpected.se,
    }


def test_a_named_figure_can_be_kept_without_its_metric(run, kit):
    due = _metric("z.due", recorded(kit.DUE), yearly=True)
    figure = LawFigure(own_name="z.expected", meaning="m", meaning_zh="m", metric=due, figure="expected")
    whole = run(60, scheme=kit.make_scheme(metrics=(due, figure)))
    alone = run(60, scheme=kit.make_scheme(metrics=(due, figure)), keep=("z.expected@window",))
    assert alone.column_keys == ()
    assert set(alone.figures.aggregates) == {("z.expected", "window")}
    assert alone.aggregate("z.expected@window") == whole.aggregate("z.expected@window")
    assert alone.aggregate("z.expected@window") != whole.aggregate("z.expected")


def test_months_without_a_value_are_left_out_of_a_fan():
    sums = SeriesSums(2, 0, 3)
    sums.add(np.array([[np.nan, np.nan], [1.0, np.nan], [3.0, np.nan]]))
    fan = fan_of(sums.part())
    assert fan.mean[0] == 2.0
    assert math.isnan(fan.mean[1])
    assert math.isnan(fan.quantiles["q50"][1])
