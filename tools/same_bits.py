"""Show that two checkouts give the same bits: every record of every scheme, compared by name.

Run ``dump`` with the sources of the commit before and ``compare`` with those of the new one, on one machine::

    PYTHONPATH=OLD/src python tools/same_bits.py dump FOLDER --tests OLD/tests
    PYTHONPATH=NEW/src python tools/same_bits.py compare FOLDER

``dump`` writes random schemes and the bundled scenarios, lowered, as JSON, with the records of their paths
and the metrics of the bundled ones.  ``compare`` reads the JSON through ``ADAPTERS``, which know the names
that have changed since, lowers the bundled scenarios again too, and compares bit by bit.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import fundsim
import fundsim.scheme
from fundsim.core import engine
from fundsim.lowering import lower
from fundsim.scenario import bundled_names
from fundsim.scheme import Scheme, record_names

SEED = 20260727
PATHS_BY_MONTH = 25
"""Paths whose month-end values are compared too: they take much more room than the snapshots."""


def fee(old: dict[str, Any]) -> Any:
    """Return an old fee as a payment."""
    renamed = {"flat": "rate", "annual": "rate_annual"}
    return fundsim.scheme.Payment.fee(**{renamed.get(name, name): value for name, value in old.items()})


def scheme_of(old: dict[str, Any]) -> Scheme:
    """Return an old scheme, whose fees, interest and costs stood in fields of their own."""
    payments = [one for name in ("fees", "interest", "running_costs") for one in old.pop(name, ())]
    return Scheme(**old, payments=tuple(payments)) if payments else Scheme(**old)


ADAPTERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "Fee": fee,
    "Interest": lambda old: fundsim.scheme.Payment.interest(**old),
    "RunningCost": lambda old: fundsim.scheme.Payment.running_cost(**old),
    "Scheme": scheme_of,
}
"""Name of a class of the old scheme → what makes an object of the new one from its fields."""


def encode(value: Any) -> Any:
    """Return plain data: dataclasses with their class, arrays with their dtype."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: encode(getattr(value, f.name)) for f in fields(value) if f.name != "metrics"}
        return {"class": type(value).__name__, **named}
    if isinstance(value, np.ndarray):
        return {"class": "array", "dtype": str(value.dtype), "values": value.tolist()}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def decode(data: Any) -> Any:
    """Return what ``encode`` was given, in the classes of this checkout."""
    if isinstance(data, list):
        return tuple(decode(item) for item in data)
    if not isinstance(data, dict):
        return data
    values = {name: decode(item) for name, item in data.items() if name != "class"}
    if data["class"] == "array":
        return np.array(values["values"], dtype=values["dtype"])
    if adapter := ADAPTERS.get(data["class"]):
        return adapter(values)
    return getattr(fundsim.scheme, data["class"])(**values)


def module_of(tests: Path, name: str) -> Any:
    """Return a module of the tests of the laws."""
    package = sys.modules.setdefault("laws", types.ModuleType("laws"))
    package.__path__ = [str(tests / "laws")]
    try:
        return importlib.import_module(f"laws.{name}")
    except ModuleNotFoundError as error:
        raise SystemExit(f"no laws/{name}.py in {tests}") from error


def random_schemes(tests: Path, count: int) -> Iterator[tuple[str, Scheme]]:
    """Yield the random schemes of the tests of the laws, which reach every feature of a scheme.

    Half as many more have a bridge fund with much to do.
    """
    for seed in range(count):
        yield f"random_{seed:03d}", module_of(tests, "schemes").seeded_scheme(seed)
    for seed in range(count // 2):
        yield f"random_busy_{seed:03d}", module_of(tests, "busy_funds").busy_scheme(seed)


def records_of(scheme: Scheme, paths: int) -> dict[str, np.ndarray]:
    """Return record → its values at the snapshots, and at the month's ends where it exists there."""
    names = record_names(scheme)
    series = tuple(name for name in names.all if name not in set(names.at_snapshots))
    block = engine(scheme, (), names.all).run(SEED, 0, paths)
    monthly = engine(scheme, series, ()).run(SEED, 0, min(paths, PATHS_BY_MONTH))
    found = {f"snapshots {name}": block.snapshots[:, :, j] for j, name in enumerate(names.all)}
    return found | {f"months {name}": monthly.series[:, :, j] for j, name in enumerate(series)}


def metrics_of(name: str, paths: int) -> dict[str, np.ndarray]:
    """Return the metrics of a bundled scenario: a value a path."""
    results = fundsim.simulate(fundsim.load(name), paths=paths, seed=SEED, threads=1)
    return {f"metric {column}": np.asarray(results.paths[column]) for column in results.paths}


def dump(folder: Path, tests: Path, count: int, paths: int) -> None:
    """Write schemes and what they give."""
    folder.mkdir(parents=True, exist_ok=True)
    bundled = [(name, lower(fundsim.load(name))) for name in bundled_names()]
    for name, scheme in (*random_schemes(tests, count), *bundled):
        stem = name.replace("/", "__")
        (folder / f"{stem}.json").write_text(json.dumps({"name": name, "scheme": encode(scheme)}), "utf-8")
        metrics = {} if name.startswith("random_") else metrics_of(name, paths)
        np.savez(folder / f"{stem}.npz", **records_of(replace(scheme, metrics=()), paths), **metrics)
        print(f"{name}: written", flush=True)


def differences(old: Any, new: dict[str, np.ndarray]) -> list[str]:
    """Return a line for each record that is missing, new or not the same to the bit."""
    missing = [f"{name}: missing" for name in sorted(set(old.files) - set(new))]
    added = [f"{name}: new" for name in sorted(set(new) - set(old.files))]
    changed = [
        f"{name}: differs on {int((~_same(old[name], new[name])).sum())} of {new[name].size} values"
        for name in sorted(set(new) & set(old.files))
        if old[name].shape != new[name].shape or not _same(old[name], new[name]).all()
    ]
    return missing + added + changed


def _same(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return where the bits agree; any NaN equals any other."""
    bits: np.ndarray = np.ascontiguousarray(old, float).view(np.uint64) == np.ascontiguousarray(
        new, float
    ).view(np.uint64)
    return bits | (np.isnan(old) & np.isnan(new))


def compare(folder: Path, paths: int) -> int:
    """Compare what this checkout gives with what was written; return the number of schemes that differ."""
    n_values, failed = 0, 0
    files = sorted(folder.glob("*.json"))
    for file in files:
        data = json.loads(file.read_text("utf-8"))
        old = np.load(file.with_suffix(".npz"))
        new = records_of(decode(data["scheme"]), paths)
        found = []
        if not data["name"].startswith("random_"):
            lowered = records_of(replace(lower(fundsim.load(data["name"])), metrics=()), paths)
            found = [
                f"lowered anew: {name}"
                for name in new
                if not np.array_equal(new[name], lowered[name], equal_nan=True)
            ]
            new |= metrics_of(data["name"], paths)
        found += differences(old, new)
        n_values += sum(values.size for values in new.values())
        failed += bool(found)
        print(f"{data['name']}: {len(new)} names, {'same' if not found else 'DIFFERENT'}", flush=True)
        for line in found[:20]:
            print(f"    {line}", flush=True)
    print(f"{len(files)} schemes, {n_values:,} values compared, {failed} schemes differ")
    return failed


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("dump", "compare"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tests", type=Path, default=Path(__file__).parents[1] / "tests")
    parser.add_argument("--schemes", type=int, default=200)
    parser.add_argument("--paths", type=int, default=500)
    chosen = parser.parse_args()
    if chosen.command == "dump":
        dump(chosen.folder, chosen.tests, chosen.schemes, chosen.paths)
        return 0
    return 1 if compare(chosen.folder, chosen.paths) else 0


if __name__ == "__main__":
    sys.exit(main())
