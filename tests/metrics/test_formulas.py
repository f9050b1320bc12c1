"""Formulas are data: the same ones are one object, shared parts count once, and they can be read."""

import copy
import pickle
import threading

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fundsim.metrics.formulas import (
    ONE,
    ZERO,
    divided,
    happened,
    largest,
    minus,
    month_number,
    number,
    plus,
    product,
    ratio,
    recorded,
    scaled,
    smallest,
    sum_of,
    total,
    where_positive,
)
from fundsim.metrics.program import Program, evaluate
from fundsim.scheme.formula import formula, steps_of

A, B, C = map(recorded, "abc")
CHAIN = 300


def chain(links):
    """Return a formula that reads the one below it twice at each link."""
    found = A
    for link in range(links):
        found = smallest(plus(found, B), scaled(found, 1.0 + link))
    return found


def bits(value):
    return np.asarray(value, dtype=float).tobytes()


def test_what_says_the_same_is_one_object_and_what_does_not_is_another():
    assert plus(A, product(number(2), B)) is plus(recorded("a"), scaled(recorded("b"), 2.0))
    assert number(float("nan")) is number(float("nan"))
    assert number(0.0) is not number(-0.0)
    assert plus(A, B) != plus(B, A)
    assert len({ratio(A, B, 1.0), ratio(A, B), ratio(A, B, 1.0)}) == 2


def test_the_same_formula_made_on_several_threads_is_one_object():
    found = []
    ready = threading.Barrier(8)

    def make():
        ready.wait()
        found.append([plus(A, number(float(value))) for value in range(200)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is other for made in found for one, other in zip(found[0], made, strict=True))


def test_a_formula_cannot_be_changed():
    with pytest.raises(AttributeError):
        A.record = "b"


def test_a_shared_part_is_one_step_however_often_it_is_used():
    assert len(steps_of([chain(CHAIN)])) == len(Program([chain(CHAIN)])) == 4 * CHAIN
    seen = []

    class Records(dict):
        def __getitem__(self, name):
            seen.append(name)
            return super().__getitem__(name)

    formulas = [plus(A, B), product(A, B), A]
    assert dict(Program(formulas).values(Records(a=np.ones(2), b=np.ones(2)))).keys() == set(formulas)
    assert sorted(seen) == ["a", "b"]


def test_a_deep_formula_pickles_prints_and_is_the_same_again():
    deep = chain(CHAIN)
    assert pickle.loads(pickle.dumps(deep)) is deep  # noqa: S301 - our own bytes
    assert copy.deepcopy(deep) is deep
    assert len(str(deep)) < 100 * CHAIN
    assert deep.records == ("a", "b")


def test_an_operation_with_another_number_of_operands_is_refused():
    with pytest.raises(ValueError, match="multiply has 1 operands"):
        formula("multiply", [A])
    with pytest.raises(ValueError, match="add has 0 operands"):
        total([])
    with pytest.raises(ValueError, match="no operation power"):
        formula("power", [A, B])


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (plus(A, B, C), "a + b + c"),
        (plus(A, plus(B, C)), "a + (b + c)"),
        (sum_of([A, B]), "a + b"),
        (minus(A, minus(B, C)), "a − (b − c)"),
        (scaled(plus(A, B), 0.5), "0.5 × (a + b)"),
        (ratio(A, plus(B, C)), "a ÷ (b + c)"),
        (ratio(A, B, 1.0), "a ÷ b else 1"),
        (plus(ratio(A, B, 0.0), C), "(a ÷ b else 0) + c"),
        (divided(scaled(A, 3.0), 12.0), "3 × a ÷ 12"),
        (ratio(A, ratio(B, C)), "a ÷ (b ÷ c)"),
        (where_positive(A, B), "b if a > 0 else 0"),
        (month_number("m"), "m + 1"),
        (happened("m"), "happened(m)"),
        (largest(minus(A, scaled(B, 0.25)), ZERO), "max(a − 0.25 × b, 0)"),
        (product(plus(A, B), plus(A, B)), "a × a, where a = a + b"),
        (minus(A, scaled(B, -1.0)), "a + b"),
        (plus(A, scaled(B, -1.0), C), "a − b + c"),
        (plus(A, scaled(B, -0.5)), "a − 0.5 × b"),
        (plus(A, number(-3.0)), "a − 3"),
        (scaled(B, -1.0), "−b"),
        (scaled(plus(A, B), -1.0), "−(a + b)"),
        (minus(A, plus(scaled(B, -1.0), C)), "a − (−b + c)"),
        (product(A, scaled(B, -1.0)), "a × (−b)"),
        (product(A, number(-2.0)), "a × (−2)"),
        (ratio(A, minus(A, scaled(B, -1.0))), "a ÷ (a + b)"),
    ],
)
def test_a_formula_reads_as_one_would_write_it(one, text):
    assert str(one) == text


def test_what_changes_no_bit_is_left_out_and_what_could_is_not():
    assert scaled(A, 1.0) is A
    assert divided(A, 1.0) is A
    assert smallest(A, A) is largest(A) is plus(A) is minus(A) is A
    assert largest(number(-1.0), ZERO) is ZERO
    assert minus(ONE, ONE) is ZERO
    assert where_positive(ONE, A) is A
    assert where_positive(ZERO, A) is ZERO
    assert scaled(A, 0.0) is not ZERO
    assert plus(A, ZERO) is not A


NUMBERS = st.sampled_from([-2.0, -1.0, -0.3, 0.0, 0.1, 1.0, 3.0])
SUMS = st.recursive(
    st.sampled_from([A, B, C]) | NUMBERS.map(number),
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=3).map(lambda ones: plus(*ones)),
        st.lists(below, min_size=2, max_size=3).map(lambda ones: minus(*ones)),
        st.tuples(below, below).map(lambda two: product(*two)),
        st.tuples(below, NUMBERS).map(lambda two: scaled(*two)),
    ),
    max_leaves=8,
)


@given(SUMS)
def test_the_text_says_what_is_computed_to_the_bit(one):
    """Python reads it with its own rules of brackets and signs."""
    text = str(one)
    assume("where" not in text)  # letters of shared parts may be those of the records
    values = {"a": 0.7, "b": 1e9 / 3.0, "c": -11.1}
    signs = str.maketrans({"−": "-", "×": "*", "÷": "/"})
    read = eval(text.translate(signs), {}, values)  # noqa: S307 - a text of our own
    computed = evaluate(one, {name: np.array([value]) for name, value in values.items()})
    assert float(read) == float(np.ravel(computed)[0])


VALUES = st.floats(allow_nan=False, width=64)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=5))
def test_values_are_those_of_numpy_in_the_order_written(rows):
    a, b, c = np.array(rows).T
    records = {"a": a, "b": b, "c": c}
    with np.errstate(all="ignore"):
        expected = {
            plus(A, B, C): (a + b) + c,
            plus(A, plus(B, C)): a + (b + c),
            sum_of([A, B]): sum([a, b]),
            minus(A, B, C): (a - b) - c,
            scaled(plus(A, B), 0.1): 0.1 * (a + b),
            divided(scaled(A, 0.1), 12.0): 0.1 * a / 12.0,
            smallest(A, B, C): np.minimum(np.minimum(a, b), c),
            largest(A, ZERO): np.maximum(a, 0.0),
            where_positive(A, B): np.where(a > 0.0, b, 0.0),
            month_number("a"): a + 1.0,
            happened("a"): np.isfinite(a).astype(float),
            ratio(A, B, 0.25): np.where(b != 0.0, a / np.where(b != 0.0, b, 1.0), 0.25),
        }
        found = dict(Program(list(expected)).values(records))
        for one, value in expected.items():
            assert bits(found[one]) == bits(value), str(one)
            assert bits(evaluate(one, records)) == bits(value), str(one)


def test_records_are_not_changed_by_sums_that_begin_with_them():
    records = {"a": np.array([1.0, 2.0]), "b": np.array([0.5, 0.5])}
    for values in records.values():
        values.flags.writeable = False
    for one in (plus(A, B, A, B), minus(A, B, B), smallest(A, B, B), plus(A)):
        evaluate(one, records)
    assert records["a"].tolist() == [1.0, 2.0]


def test_a_sum_that_begins_with_numbers_takes_the_shape_of_what_follows():
    records = {"a": np.arange(6.0).reshape(2, 3)}
    assert evaluate(plus(ZERO, ONE, A, ONE), records).tolist() == [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]
    assert evaluate(plus(ZERO, ONE), records).shape == ()
