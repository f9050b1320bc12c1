"""One pass over a merged tree: names, terms, instruments by kind, rules, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from fundsim.scenario.anatomy import Anatomy, fields_of
from fundsim.scenario.check import Checked, Checker, places
from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.files import ScenarioFile
from fundsim.scenario.holes import Incomplete, Unusable
from fundsim.scenario.itemnames import by_name
from fundsim.scenario.loan_file import LoanFiles
from fundsim.scenario.messages import range_without_number, wrong_form
from fundsim.scenario.names import name_faults
from fundsim.scenario.nodes import Block, Entry, Hole, Key, Node, Place, Scalar, leaves, shown
from fundsim.scenario.run_manifest import RepeatedRun
from fundsim.scenario.spelling import nearest
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms

__all__ = ["ASSUMPTION", "Material", "Reading"]

ASSUMPTION = "assumption"
"""The source of a value that has no evidence."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a scenario is made from; it can be checked again with other values."""

    tree: Block
    registry: dict[str, type[Term]]
    """Kind → terms."""
    stem: str
    """The scenario's name where no file gives one."""
    file: str
    """The file that was asked for, as messages name it."""
    complete: bool = True
    """Whether all files could be read; if not, nothing is called missing."""
    files: Mapping[str, ScenarioFile] = field(default_factory=dict)
    """The files that were read, by the names that messages give them; tapes lie beside them."""
    run: RepeatedRun | None = None
    """The run that is repeated, if a run's manifest was asked for."""


class Reading:
    """One pass over a merged tree."""

    def __init__(self, material: Material, faults: FaultList) -> None:
        self._tree = material.tree
        faults.call_keys(partial(by_name, material.tree))
        self._registry = material.registry
        self._stem = material.stem
        self._faults = faults
        self._complete = material.complete
        self._repeated = material.run
        tapes = LoanFiles(material.files, material.file, material.tree)
        self._places = places(material.tree)
        self._checker = Checker(faults, self._places, tapes, complete=material.complete)
        self.checked: Checked = self._checker.checked
        self.kinds: dict[str, str] = {}

    def whole(self) -> Term:
        """Return the typed whole, partial where something is at fault."""
        if "name" not in self._tree.entries:
            name = Scalar(place=self._tree.place, value=self._stem, written=self._stem)
            entries = {"name": Entry(place=self._tree.place, node=name), **self._tree.entries}
            self._tree = Block(place=self._tree.place, entries=entries)
        whole = self._checker.term(ScenarioTerms, self._tree, (), ignore=("instruments",))
        instruments = self._instruments()
        # Replacing a field of a checked term needs no second check.
        whole = whole.model_copy(update={"instruments": instruments})
        badly_named = self._names(whole)
        if badly_named and "segments" in whole.__dict__:
            # Who borrows may mean a segment whose name is at fault: that name is not called unknown as well.
            whole = whole.model_copy(update={"segments": Incomplete(whole.__dict__["segments"])})
        self._checker.rules(whole, _walk(whole, ()), self._tree)
        if self._repeated is None:  # a manifest has the values and not their sources
            self._sources()
        return whole

    def _group(self, group: str) -> dict[str, Entry]:
        entry = self._tree.entries.get(group)
        return entry.node.entries if entry and isinstance(entry.node, Block) else {}

    def _names(self, whole: Term) -> bool:
        """Report names that can't be names; return whether a segment has one."""
        badly_named = False
        for path, value, message in name_faults(whole, _walk(whole, ()), self._places):
            place = self._places.get(path, self._tree.place)
            self._faults.add(place, path, None if value is None else shown(value), message)
            badly_named |= len(path) == 2 and path[0] == "segments"
        return badly_named

    def _instruments(self) -> dict[str, Any]:
        entry = self._tree.entries.get("instruments")
        if entry is None:
            return {}
        blocks = self._checker.blocks(entry.node, ("instruments",))
        return {name: self._instrument(name, block) for name, block in blocks.items()}

    def _instrument(self, name: str, block: Block | None) -> Any:
        path = ("instruments", name)
        if block is None:
            return Unusable()
        kind = self._kind(name, block)
        if kind is None:
            return Unusable()
        self.kinds[name] = kind
        terms = self._registry[kind]
        ignore = () if "kind" in terms.model_fields else ("kind",)
        return self._checker.term(terms, block, path, ignore=ignore)

    def _kind(self, name: str, block: Block) -> str | None:
        path = ("instruments", name, "kind")
        entry = block.entries.get("kind")
        known = ", ".join(self._registry)
        if entry is None:
            written = nearest("kind", block.entries)
            if written is not None and written not in _all_keys(self._registry):
                message = ("there is no such key", "did you mean kind?", "没有这个键", "是否想写 kind？")
                wrong = block.entries[written]
                self._faults.add(wrong.place, ("instruments", name, written), wrong.node, message)
            elif self._complete:
                message = (
                    "is missing",
                    f"add `kind: …`, one of {known}",
                    "缺少该项",
                    f"请添加 kind: …，可选：{known}",
                )
                place = self._group("instruments")[name].place
                self._faults.add(place, path, None, message)
            return None
        return self._known_kind(entry.node, path)

    def _known_kind(self, node: Node, path: Key) -> str | None:
        """Return the kind that a node names, or None after reporting why it names none."""
        known = ", ".join(self._registry)
        if isinstance(node, Hole):
            return None
        if not isinstance(node, Scalar):
            problem, _, problem_zh, _ = wrong_form(Anatomy(scalars=(str,)), node)
            message = (problem, f"write one of {known}", problem_zh, f"请写其中之一：{known}")
            self._faults.add(node.place, path, node, message)
            return None
        for name, bound in (("low", node.low), ("high", node.high)):
            if bound is not None:
                self._faults.add(bound.place, (*path, name), bound, range_without_number())
        if isinstance(node.value, str) and node.value in self._registry:
            return node.value
        hint = nearest(str(node.value), self._registry)
        fix = f"did you mean {hint}?" if hint else f"known kinds: {known}"
        fix_zh = f"是否想写 {hint}？" if hint else f"可用的种类：{known}"
        message = ("there is no such kind of instrument", fix, "没有这种政策工具", fix_zh)
        self._faults.add(node.place, path, node, message)
        return None

    def _sources(self) -> None:
        """Warn of assumptions without a source, once a block, and of fact ids that look misspelt."""
        known = list(self._group("sources"))
        bare: dict[Key, dict[str, Place]] = {}
        seen: set[str] = set()
        for path, leaf in leaves(self._tree):
            if path[:1] == ("sources",) or not isinstance(leaf, Scalar):
                continue
            for source in leaf.source:
                if source not in seen:
                    seen.add(source)
                    self._misspelt(source, known, leaf, path)
            wanted = (
                path[:1] in (("segments",), ("instruments",), ("budget",)) and path in self.checked.quantities
            )
            if wanted and not leaf.source and leaf.place.file not in ("--set", "set"):
                key = path
                while isinstance(key[-1], int):  # a number in a plain list is reported by the list's key
                    key = key[:-1]
                bare.setdefault(key[:-1], {}).setdefault(str(key[-1]), leaf.place)
        for parent, found in bare.items():
            listed = ", ".join(found)
            message = (f"no source for {listed}", 'add `source: …`: a fact id, a document, or "assumption"',
                       f"{listed} 没有来源", '请添加 source: …：资料编号、文件名或 "assumption"')  # fmt: skip
            self._faults.add(next(iter(found.values())), parent, None, message, warning=True)

    def _misspelt(self, source: str, known: list[str], leaf: Node, path: Key) -> None:
        if source in known or source == ASSUMPTION or " " in source or not source.isascii():
            return
        hint = nearest(source, [*known, ASSUMPTION])
        if (
            hint
            and len(source) > 2
            and abs(len(hint) - len(source)) <= 2
            and not _digits_differ(hint, source)
        ):
            message = (f"source {source} is in no list of sources", f"did you mean {hint}?",
                       f"来源 {source} 不在 sources 之中", f"是否想写 {hint}？")  # fmt: skip
            self._faults.add(leaf.place, path, None, message, warning=True)


def _all_keys(registry: Mapping[str, type[Term]]) -> set[str]:
    """Return every key that an instrument of some kind may have."""
    return {item.key for terms in registry.values() for item in fields_of(terms)}


def _digits_differ(one: str, other: str) -> bool:
    """Return whether two ids differ in their numbers: A5 is no misspelling of A6."""
    return re.findall(r"\d+", one) != re.findall(r"\d+", other)


def _walk(value: Any, path: Key) -> Iterator[tuple[Key, Term]]:
    """Yield every term with its path, the whole first."""
    if isinstance(value, Term):
        yield path, value
        for item in fields_of(type(value)):
            if item.name in value.__dict__:
                yield from _walk(value.__dict__[item.name], (*path, item.key))
    elif isinstance(value, Mapping):
        for key, inner in dict.items(value) if isinstance(value, dict) else value.items():
            yield from _walk(inner, (*path, str(key)))
    elif isinstance(value, tuple | list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*path, index))
