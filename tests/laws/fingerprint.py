"""Fingerprints of random schemes' records, for comparing one process with another bit by bit."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import fundsim
from fundsim.core import engine, prepared
from fundsim.lowering import lower
from fundsim.scheme import record_names

from .budgets import seeded as with_budget
from .equity import seeded as with_funds
from .schemes import seeded_scheme
from .strict_arrays import strict
from .tapes import on_tape

TESTS = Path(__file__).parents[1]

WARNINGS = ("-W", "error", "-W", "ignore:overflow encountered:RuntimeWarning")
"""Plain Python warns where compiled code divides by zero; the generator's words are meant to overflow."""


def fingerprint(seed: int, paths: int = 1) -> str:
    """Return the SHA-256 of all that the core records of random schemes, with funds or a budget too."""
    scheme = seeded_scheme(seed)
    # Every third with its opening loans on a tape as well, which a static economy has not.
    twins = [scheme, on_tape(scheme)] if seed % 3 == 0 and scheme.economy.step_months else [scheme]
    twins.append(with_funds(seed) if seed % 2 == 1 else with_budget(seed))
    digest = hashlib.sha256()
    for twin in twins:
        names = record_names(twin)
        block = engine(twin, names.flows + names.stocks).run(seed, 0, paths)
        digest.update(block.snapshots.tobytes() + block.series.tobytes())
    return digest.hexdigest()


def fingerprint_of_bundled(name: str, paths: int = 20) -> str:
    """Return the SHA-256 of all that the core records of a bundled scenario."""
    scheme = lower(fundsim.load(name))
    names = record_names(scheme)
    block = engine(scheme, names.flows + names.stocks).run(1, 0, paths)
    return hashlib.sha256(block.snapshots.tobytes() + block.series.tobytes()).hexdigest()


def fingerprints(start: int, stop: int, *bundled: str) -> dict[str, str]:
    """Return the fingerprints of the random schemes ``start … stop − 1``, and of bundled scenarios."""
    of_random = {str(seed): fingerprint(seed) for seed in range(start, stop)}
    return of_random | {name: fingerprint_of_bundled(name) for name in bundled}


def fingerprints_elsewhere(start: int, stop: int, *bundled: str, **environment: str) -> dict[str, str]:
    """Return the same from a new process with other environment variables."""
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    script = "import sys; from laws.fingerprint import main; main(*sys.argv[1:])"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *WARNINGS, "-c", script, str(start), str(stop), *bundled],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, str] = json.loads(done.stdout)
    return result


def refuse_negative_indices() -> None:
    """Give all engines of this process arrays without wraparound."""
    pack, new_state = prepared.pack, prepared.new_state
    prepared.pack = lambda *given: strict(pack(*given))
    prepared.new_state = lambda *given: strict(new_state(*given))


def main(start: str, stop: str, *bundled: str) -> None:
    """Print the fingerprints as JSON."""
    if os.environ.get("REFUSE_NEGATIVE_INDICES"):
        refuse_negative_indices()
    json.dump(fingerprints(int(start), int(stop), *bundled), sys.stdout)
