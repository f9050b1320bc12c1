"""A scenario, loaded: typed, frozen, with the origin of every value."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from fundsim import arguments
from fundsim.errors import Fault, ScenarioError
from fundsim.scenario.anatomy import fields_of
from fundsim.scenario.check import Checked, closest
from fundsim.scenario.faultlist import FaultList, Message, TooManyFaults
from fundsim.scenario.files import NotFoundHere, find
from fundsim.scenario.itemnames import by_name
from fundsim.scenario.loan_file import LoanFile
from fundsim.scenario.nodes import Block, Key, Place, leaves, shown
from fundsim.scenario.reading import Override, overlaid, read_chain
from fundsim.scenario.run_manifest import RepeatedRun
from fundsim.scenario.term import Item, Term
from fundsim.scenario.terms import ScenarioTerms
from fundsim.scenario.whole import Material, Reading
from fundsim.units import YearMonth

if TYPE_CHECKING:
    from fundsim.scenario.workbook_rows import Row

__all__ = ["HasTerms", "Origin", "Scenario", "check_scenario", "content_digest", "load"]

MOST_NAMED = 4
"""Of more instruments a scenario's repr gives the number of each kind, and not their names."""


class HasTerms(Protocol):
    """What the registry of kinds holds, as far as scenarios are concerned."""

    @property
    def terms(self) -> type[Term]:
        """The terms of the kind."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from."""

    file: str | None
    """File as messages name it; None for a default."""
    line: int
    column: int
    source: tuple[str, ...] = ()
    """Fact ids, documents or ``assumption``."""
    low: float | None = None
    high: float | None = None
    note: str | None = None
    apart: bool = False
    """Whether its doubt is its own, and not that of the same key elsewhere."""

    @property
    def is_default(self) -> bool:
        """Whether no file gives the value."""
        return self.file is None


_DEFAULT = Origin(None, 0, 0)


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A scenario that was read and checked.  It is never changed: ``set`` returns another."""

    terms: ScenarioTerms
    """The typed whole: ``.window``, ``.economy``, ``.segments``, ``.instruments`` …"""
    kinds: Mapping[str, str]
    """Instrument name → kind."""
    warnings: tuple[Fault, ...]
    _origins: dict[str, Origin]
    _material: Material

    @property
    def name(self) -> str:
        """Short name of the scenario."""
        return self.terms.name

    @property
    def file(self) -> str:
        """The file that was asked for."""
        return self._material.file

    @property
    def repeats(self) -> RepeatedRun | None:
        """The run that is repeated, if the scenario was read from a run's manifest."""
        return self._material.run

    @property
    def tape_folders(self) -> tuple[Path, ...]:
        """The folders in which the scenario's loan tapes lie, each once."""
        return tuple(dict.fromkeys(tape.folder for tape in _tapes(self.terms)))

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Dotted key → where its value came from, for every value of :meth:`resolved`."""
        return MappingProxyType(self._origins)

    def resolved(self) -> dict[str, Any]:
        """Return the scenario in plain values: defaults filled in, amounts in yuan."""
        whole: dict[str, Any] = _plain(self.terms)
        for name, kind in self.kinds.items():
            whole["instruments"][name] = {"kind": kind, **whole["instruments"][name]}
        return whole

    @property
    def sha256(self) -> str:
        """SHA-256 of the resolved content [64 hex digits]; the order of keys does not matter."""
        return content_digest(self.resolved())

    def fault(self, path: Key, message: Message, *, warning: bool = False) -> Fault:
        """Return a fault of something that this scenario says, at the line where its file says it."""
        faults = FaultList()
        faults.call_keys(partial(by_name, self._material.tree))
        node, place = closest(self._material.tree, path)
        faults.add(place, path, node, message, warning=warning)
        return faults.sorted()[0]

    def set(self, key: str, value: Any) -> Scenario:
        """Return a scenario in which one value is another.

        Args:
            key: dotted key; ``instruments.`` and ``segments.`` may be left out.
            value: number, text with a unit, list or mapping.  A mapping merges, all else replaces.

        Raises:
            ScenarioError: if there is no such key, or the scenario is not sound with the value.  What only
                the whole simulated scheme shows, such as demands too large to be computed with, is raised by
                ``simulate`` and reported by ``fundsim validate``.
            UsageError: if the key is no text.
        """
        if not isinstance(key, str):
            key = arguments.text("key", key, "a key such as pool.multiple", "如 pool.multiple 的键")
        return self.set_all([(key, value)])

    def set_all(self, values: Iterable[tuple[str, Any]]) -> Scenario:
        """Return a scenario in which several values are others, checked once with all of them.

        Args:
            values: dotted keys and values; see ``set``.

        Raises:
            ScenarioError: if there is no such key, or the scenario is not sound with the values.
        """
        faults = FaultList()
        tree = overlaid(self._material.tree, values, faults, file="set")
        if faults.has_errors:
            raise ScenarioError(faults.sorted())
        scenario, found = _checked(replace(self._material, tree=tree), faults)
        if scenario is None:
            raise ScenarioError(fault for fault in found if not fault.warning)
        return scenario

    def __repr__(self) -> str:
        title = (
            f' "{self.terms.title or self.terms.title_zh}"' if self.terms.title or self.terms.title_zh else ""
        )
        window = self.terms.window
        return f"<Scenario {self.name}{title}: {self._instruments()}; {window.start} to {window.end}>"

    def _instruments(self) -> str:
        """Return the instruments by kind: their names, or their number where there are many."""
        names: dict[str, list[str]] = {}
        for name, kind in self.kinds.items():
            names.setdefault(kind, []).append(name)
        if len(self.kinds) > MOST_NAMED:
            return ", ".join(f"{len(those)} {kind}" for kind, those in names.items())
        return ", ".join(f"{kind} {' '.join(those)}" for kind, those in names.items()) or "no instruments"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


def load(
    source: str | os.PathLike[str],
    *,
    kinds: Mapping[str, HasTerms],
    overrides: tuple[Override, ...] | list[Override] = (),
) -> Scenario:
    """Read and check a scenario.

    Args:
        source: path of a file, or name of a bundled scenario.
        kinds: the instrument kinds by name.
        overrides: ``"key=value"`` texts or ``(key, value)`` pairs, laid over the file in order.

    Returns:
        The scenario; its ``warnings`` say what deserves a look.

    Raises:
        ScenarioError: with all faults of all files, sorted by file, line and column.
    """
    scenario, faults = check_scenario(source, kinds=kinds, overrides=overrides)
    if scenario is None:
        raise ScenarioError(fault for fault in faults if not fault.warning)
    return scenario


def check_scenario(
    source: str | os.PathLike[str],
    *,
    kinds: Mapping[str, HasTerms],
    overrides: tuple[Override, ...] | list[Override] = (),
) -> tuple[Scenario | None, list[Fault]]:
    """Return the scenario, or None, and all faults and warnings in order; it raises nothing."""
    registry = {name: kind.terms for name, kind in kinds.items()}
    faults = FaultList()
    try:
        file = find(source)
    except NotFoundHere as missing:
        faults.add(Place(shown(os.fspath(source), 4096), 0, 0), "", None, missing.message)
        return None, faults.sorted()
    faults = FaultList([file.shown])
    try:
        read = read_chain(file, faults)
        if read is None:
            return None, faults.sorted()
        stem = PurePath(file.path).stem
        material = Material(read.tree, registry, stem, file.shown, read.complete, read.files, read.run)
        if read.rows is not None:
            base, found = _checked(material, FaultList())
            if base is None:
                return None, found
            # A name belongs to one file: a workbook that has none is called by its own file's name.
            material.tree.entries.pop("name", None)
            material = replace(material, tree=_filled_in(material.tree, read.rows, base, faults))
        material = replace(material, tree=overlaid(material.tree, overrides, faults))
        return _checked(material, faults)
    except TooManyFaults:
        return None, faults.sorted()


def _filled_in(tree: Block, rows: tuple[Row, ...], base: Scenario, faults: FaultList) -> Block:
    from fundsim.scenario.workbook_scenario import with_rows  # noqa: PLC0415  (only workbooks pay for it)

    return with_rows(tree, list(rows), base, faults)


def _checked(material: Material, faults: FaultList) -> tuple[Scenario | None, list[Fault]]:
    reading = Reading(material, faults)
    try:
        terms = reading.whole()
    except TooManyFaults:
        return None, faults.sorted()
    found = faults.sorted()
    if faults.has_errors or not isinstance(terms, ScenarioTerms):
        return None, found
    origins = _origins(terms, reading.kinds, material.tree, reading.checked)
    warnings = tuple(fault for fault in found if fault.warning)
    return Scenario(terms, dict(reading.kinds), warnings, origins, material), found


def content_digest(resolved: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a resolved scenario [64 hex digits]; the order of keys does not matter."""
    text = json.dumps(resolved, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """Return a typed value in plain ones: terms and mappings as dicts, months as text."""
    if isinstance(value, Term):
        given = {item.key: getattr(value, item.name) for item in fields_of(type(value))}
        if isinstance(value, Item) and value.name is None:
            del given["name"]  # an item without a name is not one whose name is unknown
        return {key: _plain(inner) for key, inner in given.items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, YearMonth | LoanFile) else value


def _tapes(value: Any) -> Iterator[LoanFile]:
    """Yield the loan tapes in a typed value."""
    if isinstance(value, LoanFile):
        yield value
    elif isinstance(value, Term):
        for item in fields_of(type(value)):
            yield from _tapes(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _tapes(inner)


def _origins(
    terms: ScenarioTerms, kinds: Mapping[str, str], tree: Block, checked: Checked
) -> dict[str, Origin]:
    """Return the origin of every value of the typed whole, by dotted key."""
    written = dict(leaves(tree))
    origins: dict[str, Origin] = {}
    for path in _value_paths(terms, kinds):
        leaf = written.get(path)
        origin = _DEFAULT
        if leaf is not None:
            low, high = checked.ranges.get(path, (None, None))
            place = leaf.place
            apart = leaf.apart is not None and leaf.apart.value is True
            origin = Origin(place.file, place.line, place.column, leaf.source, low, high, leaf.note, apart)
        origins[".".join(str(step) for step in path)] = origin
    return origins


def _value_paths(terms: ScenarioTerms, kinds: Mapping[str, str]) -> Iterator[Key]:
    plain_terms: dict[str, Any] = _plain(terms)
    for name in kinds:
        plain_terms["instruments"][name] = {"kind": kinds[name], **plain_terms["instruments"][name]}

    def walk(value: Any, path: Key) -> Iterator[Key]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from walk(inner, (*path, key))
        elif isinstance(value, list) and value:
            for index, inner in enumerate(value):
                yield from walk(inner, (*path, index))
        else:
            yield path

    yield from walk(plain_terms, ())
