"""The numbers that stand for words in the core: purposes of draws, and codes in tables."""

import ast
from pathlib import Path
from typing import get_args, get_type_hints

import numba
import numpy as np
import pytest

import fundsim.core
from fundsim.core.draws import purposes
from fundsim.core.month.claims import asked
from fundsim.core.pack.budget_tables import PayBasis
from fundsim.core.pack.record_arrays import table
from fundsim.core.pack.tables import CONTRACT, Base, BreakerMetric, CapacityBasis
from fundsim.scheme import Breaker, Capacity, LinePayment, Payment, Purpose

SOURCES = sorted(Path(fundsim.core.__file__).parent.rglob("*.py"))
DRAWS = {"open_stream": 3, "philox": 3}
"""Function that is given a purpose → position of the purpose."""


def test_the_core_draws_for_the_purposes_of_the_scheme_and_no_others():
    counters = {name: getattr(purposes, name) for name in purposes.__all__}
    assert counters == {purpose.name: purpose for purpose in Purpose}
    assert {type(word) for word in counters.values()} == {np.uint64}


def test_every_draw_of_the_core_names_its_purpose():
    named = []
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DRAWS:
                purpose = ast.unparse(node.args[DRAWS[node.func.id]])
                # The generator itself is given the words that a stream was opened with.
                if purpose != "stream[PURPOSE]":
                    named.append(purpose)
    assert set(named) == {f"purposes.{purpose.name}" for purpose in Purpose}


@pytest.mark.parametrize(
    ("codes", "noun", "field"),
    [
        (Base, Payment, "base"),
        (CapacityBasis, Capacity, "basis"),
        (BreakerMetric, Breaker, "metric"),
        (PayBasis, LinePayment, "base"),
    ],
)
def test_the_codes_of_a_table_are_the_words_of_the_scheme(codes, noun, field):
    assert [code.name.lower() for code in codes] == list(get_args(get_type_hints(noun)[field]))


@numba.njit(error_model="numpy", _nrt=False)
def asked_of(contracts, basis, uncovered):
    return asked(contracts[0], contracts[0].share, basis, uncovered)


@pytest.mark.parametrize(
    ("of_original", "uncovered", "claim"),
    [(False, 100.0, 80.0), (False, 30.0, 24.0), (True, 100.0, 80.0), (True, 90.0, 80.0), (True, 30.0, 30.0)],
)
def test_a_contract_asks_for_its_share_of_what_is_uncovered_or_of_the_original(of_original, uncovered, claim):
    rest = {name: [0] for name in CONTRACT.names if name not in {"of_original", "share"}}
    contracts = table(CONTRACT, of_original=[of_original], share=[0.8], **rest)
    assert asked_of(contracts, 100.0, uncovered) == claim
