"""A run split into parts gives the bits of the whole, however it is split, pickled and merged."""

import itertools
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import fundsim as fs
from fundsim.errors import EngineError, UsageError
from fundsim.lowering import lower
from fundsim.results import columns as columns_module
from fundsim.results import series as series_module
from fundsim.results.collect import Collector
from fundsim.results.columns import JoinedColumns, MemoryColumns, SpilledColumns
from fundsim.results.identity import scheme_digest
from fundsim.results.part import PART_STEP, merge
from fundsim.results.plan import Plan
from fundsim.results.series import CHUNK, SeriesSums, fan_of, joined
from fundsim.results.summary import to_json
from fundsim.results.whole import run_data
from fundsim.scheme import Metric
from fundsim.scheme.formula import formula
from fundsim.simulation import simulate_part

N = 10_000
SPLITS = {
    "one": [],
    "at 1,024": [1024],
    "at 7 × 1,024": [7 * 1024],
    "at both": [1024, 7 * 1024],
    "at each chunk": list(range(1024, N, 1024)),
}


def everything(data):
    return (
        to_json(data.figures),
        {key: data.values(key).tobytes() for key in data.column_keys},
        {
            name: (fan.mean.tobytes(), [q.tobytes() for q in fan.quantiles.values()])
            for name, fan in data.fans.items()
        },
    )


def spans(borders, n=N):
    return [(first, end - first) for first, end in itertools.pairwise([0, *borders, n])]


@pytest.fixture(scope="module")
def minimal():
    """The whole of a run of the core, and a function that runs a part of it."""
    plan = Plan(lower(fs.load("minimal")))

    def part_of(first, n, **how):
        return simulate_part(plan, first=first, paths=n, **{"seed": 1, **how})

    return plan, part_of(0, N), part_of


@pytest.mark.parametrize("split", [split for split in SPLITS if split != "one"])
def test_a_run_split_pickled_and_merged_is_the_run_to_the_bit(minimal, split, kit):
    plan, whole, part_of = minimal
    expected = everything(run_data(plan, whole, kit.RUN))
    parts = [pickle.loads(pickle.dumps(part_of(first, n))) for first, n in spans(SPLITS[split])]  # noqa: S301
    assert everything(run_data(plan, merge(parts), kit.RUN)) == expected
    assert everything(run_data(plan, merge(reversed(parts)), kit.RUN)) == expected


def test_a_part_depends_on_no_executor(minimal):
    _, _, part_of = minimal
    alone = part_of(1024, 3000)
    with ThreadPoolExecutor(3) as executor:
        together = part_of(1024, 3000, executor=executor, workers=3)
    assert pickle.dumps(alone) == pickle.dumps(together)


def test_merged_parts_are_merged_further(kit):
    plan = Plan(kit.make_scheme())
    monthly = kit.monthly_records(plan.scheme, 4000)
    parts = [kit.make_part(plan, monthly, first, n) for first, n in spans([1024, 2048, 3072], 4000)]
    left = merge([merge(parts[:2]), merge(parts[2:])])
    right = merge([parts[0], merge([parts[1], merge(parts[2:])])])
    expected = everything(run_data(plan, kit.make_part(plan, monthly, 0, 4000, 777), kit.RUN))
    for whole in (left, right, pickle.loads(pickle.dumps(left))):  # noqa: S301
        assert everything(run_data(plan, whole, kit.RUN)) == expected


def test_parts_on_disk_travel_and_merge_as_those_in_memory(kit, monkeypatch):
    plan = Plan(kit.make_scheme())
    monthly = kit.monthly_records(plan.scheme, 2500)
    expected = everything(run_data(plan, kit.make_part(plan, monthly, 0, 2500), kit.RUN))
    monkeypatch.setattr(columns_module, "MEMORY_LIMIT", 0)
    monkeypatch.setattr(series_module, "MEMORY_LIMIT", 0)
    parts = [kit.make_part(plan, monthly, first, n) for first, n in spans([2048], 2500)]
    assert all(isinstance(part.columns, SpilledColumns) for part in parts)
    sent = [pickle.loads(pickle.dumps(part)) for part in parts]  # noqa: S301
    assert everything(run_data(plan, merge(parts), kit.RUN)) == expected
    assert everything(run_data(plan, merge(sent), kit.RUN)) == expected


def test_a_merge_adds_no_sum_to_another():
    """Sums of which each order of adding gives other bits: 1e16 + 1 + 1 is not 1e16 + (1 + 1)."""
    values = np.zeros((3 * CHUNK, 1))
    values[0], values[CHUNK], values[2 * CHUNK] = 1e16, 1.0, 1.0

    def part(first, end):
        sums = SeriesSums(1, first, end - first)
        sums.add(values[first:end])
        return sums.part()

    whole = part(0, 3 * CHUNK)
    tail = joined([part(CHUNK, 2 * CHUNK), part(2 * CHUNK, 3 * CHUNK)])
    assert fan_of(joined([part(0, CHUNK), tail])).mean == fan_of(whole).mean == (1e16 + 1.0 + 1.0) / 3 / CHUNK
    assert (1e16 + 1.0) + 1.0 != 1e16 + (1.0 + 1.0)


def test_only_the_first_paths_of_a_run_are_in_the_sample_wherever_it_is_split(monkeypatch):
    monkeypatch.setattr(series_module, "SERIES_SAMPLE", CHUNK + 500)
    values = np.random.default_rng(2).gamma(2.0, 1e6, (3 * CHUNK, 2))

    def part(first, end):
        sums = SeriesSums(2, first, end - first)
        sums.add(values[first:end])
        return sums.part()

    whole, parts = fan_of(part(0, 3 * CHUNK)), [part(f, f + CHUNK) for f in range(0, 3 * CHUNK, CHUNK)]
    assert [sum(len(s.rows()) for s in one.samples) for one in parts] == [CHUNK, 500, 0]
    for name, quantiles in fan_of(joined(parts)).quantiles.items():
        assert np.array_equal(quantiles, whole.quantiles[name])
        assert quantiles[0] in values[: CHUNK + 500, 0].astype(np.float32)


@pytest.mark.parametrize(
    ("first", "count"), [(0, None), (0, 9), (3, 4), (4, 1), (5, 3), (8, 1), (9, 0), (2, 100), (7, None)]
)
def test_joined_columns_are_read_as_one(first, count):
    parts = []
    for start, stop in ((0, 4), (4, 5), (5, 9)):
        parts.append(MemoryColumns(["a"], stop - start))
        parts[-1].write("a", 0, np.arange(start, stop, dtype=float))
    columns = JoinedColumns(parts)
    assert (columns.names, columns.n_paths) == (("a",), 9)
    stop = 9 if count is None else first + count
    assert columns.read("a", first, count).tolist() == list(range(9))[first:stop]


def test_parts_that_do_not_make_a_run_are_refused(kit):
    plan = Plan(kit.make_scheme())
    monthly = kit.monthly_records(plan.scheme, 3000)
    one, two, three = [kit.make_part(plan, monthly, first, n) for first, n in spans([1024, 2048], 3000)]
    short = kit.make_part(plan, monthly, 0, 1000)
    fewer = kit.make_part(Plan(plan.scheme, ("*.claims_paid",)), monthly, 1024, 1024)
    for parts, message in (
        ([], "no part"),
        ([one, three], "begins at path 2048, where 1024 is next"),
        ([one, one], "begins at path 0, where 1024 is next"),
        ([short, two], "begins at path 1024, where 1000 is next"),
        ([one, fewer], "from path 1024 on keeps other metrics"),
    ):
        with pytest.raises(EngineError, match=message):
            merge(parts)
    with pytest.raises(EngineError, match="paths before 1024 are missing"):
        run_data(plan, merge([two, three]), kit.RUN)
    with pytest.raises(EngineError, match="other metrics than the run"):
        run_data(Plan(plan.scheme, ("*.claims_paid",)), merge([one, two]), kit.RUN)


@pytest.mark.parametrize("first", [1, PART_STEP - 1, PART_STEP + 1, -1, -PART_STEP])
def test_a_part_begins_where_a_chunk_does(first, kit):
    with pytest.raises(EngineError, match=rf"multiple of 1,024, not at path {first}$"):
        Collector(Plan(kit.make_scheme()), first, 10, seed=1, engine="core")


def test_parts_of_two_runs_are_not_merged(minimal, kit):
    """Another seed, engine, scheme or version is another run, though all its metrics have the same names."""
    plan, _, part_of = minimal
    other = Plan(lower(fs.load("minimal").set("pool.opening", 1e9)))
    head = part_of(0, 1024)
    for stranger, message in (
        (part_of(1024, 3, seed=2), "seed 2, not 1"),
        (part_of(1024, 3, engine="reference"), "engine reference, not core"),
        (simulate_part(other, first=1024, paths=3, seed=1), "another scheme"),
        (
            replace(part_of(1024, 3), identity=replace(head.identity, version="0.0.1")),
            f"fundsim 0.0.1, not {head.identity.version}",
        ),
    ):
        with pytest.raises(EngineError, match=f"^the part from path 1024 on is of another run: {message}$"):
            merge([head, stranger])
        with pytest.raises(EngineError, match=f"^the part is of another run: {message}$"):
            run_data(plan, replace(stranger, first=0), kit.RUN)
    assert merge([head, part_of(1024, 3)]).n_paths == 1027


def test_a_part_is_one_of_its_run_wherever_it_was_computed(minimal):
    """The same scenario lowered again, and a part that came from elsewhere."""
    _, _, part_of = minimal
    again = Plan(lower(fs.load("minimal")))
    elsewhere = pickle.loads(pickle.dumps(simulate_part(again, first=1024, paths=3, seed=1)))  # noqa: S301
    whole = merge([part_of(0, 1024), elsewhere])
    assert whole.identity == part_of(0, 1).identity
    for key in whole.columns.names:
        assert whole.columns.read(key).tobytes() == part_of(0, 1027).columns.read(key).tobytes()


def test_every_value_of_a_scheme_counts_for_its_digest():
    """Of a value, a metric's formula, and a loan in the middle of a tape too."""
    scheme = lower(fs.load("textbook/unequal_layers"))
    facility = next(f for f in scheme.facilities if f.tape is not None)
    principal = facility.tape.principal.copy()
    principal[len(principal) // 2] = np.nextafter(principal[len(principal) // 2], 0.0)
    on_tape = replace(facility, tape=replace(facility.tape, principal=principal))
    metric = next(m for m in scheme.metrics if isinstance(m, Metric))
    other = replace(metric, formula=formula("add", [metric.formula, formula("number", number=0.0)]))
    schemes = [
        scheme,
        replace(scheme, facilities=tuple(on_tape if f is facility else f for f in scheme.facilities)),
        replace(scheme, metrics=tuple(other if m is metric else m for m in scheme.metrics)),
        replace(scheme, window=replace(scheme.window, months=scheme.window.months + 1)),
        replace(scheme, economy=replace(scheme.economy, start=0.0)),
        replace(scheme, economy=replace(scheme.economy, start=-0.0)),
        replace(scheme, economy=replace(scheme.economy, shift=(0.0,))),
        replace(scheme, economy=replace(scheme.economy, sectors=("a", "b"))),
        replace(scheme, economy=replace(scheme.economy, sectors=("a b",))),
    ]
    digests = [scheme_digest(one) for one in schemes]
    assert len(set(digests)) == len(schemes)
    assert digests == [scheme_digest(pickle.loads(pickle.dumps(one))) for one in schemes]  # noqa: S301


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        ({"first": -1024}, EngineError, "begins at 0 or a multiple of 1,024, not at path -1024"),
        ({"first": -1}, EngineError, "not at path -1"),
        ({"paths": 0}, EngineError, "at least one path, not 0"),
        ({"paths": -5}, EngineError, "at least one path, not -5"),
        ({"first": 2**63 - 1024, "paths": 1025}, EngineError, "has the number 9,223,372,036,854,775,807"),
        ({"first": 2**64}, EngineError, "has the number 9,223,372,036,854,775,807"),
        ({"seed": -1}, UsageError, "seed = -1"),
        ({"seed": 2**64}, UsageError, "seed = 18446744073709551616"),
        ({"engine": "warp"}, UsageError, "engine = 'warp': is none of core, reference"),
    ],
)
def test_a_part_that_can_not_be_is_refused_in_words(what, error, message, minimal):
    plan, _, _ = minimal
    with pytest.raises(error, match=re.escape(message)):
        simulate_part(plan, **{"first": 0, "paths": 4, "seed": 1, **what})


def test_the_last_paths_that_there_are_make_a_part(minimal):
    _, _, part_of = minimal
    assert part_of(2**63 - 1024, 1024).n_paths == 1024
