"""Reads a scenario file and all that it extends, and lays values of the command line over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fundsim.scenario.build import read_tree, read_value
from fundsim.scenario.encoding import decode
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.files import NotFoundHere, ScenarioFile, find_extended, read_bytes
from fundsim.scenario.inherit import merge, settle
from fundsim.scenario.itemnames import item_name
from fundsim.scenario.nodes import Block, Entry, Hole, Items, Key, Node, Place, Scalar, shown
from fundsim.scenario.python_values import UnfitValue, control_character, from_python
from fundsim.scenario.run_manifest import RepeatedRun, is_manifest, read_manifest
from fundsim.scenario.spelling import nearest
from fundsim.scenario.term import RESERVED
from fundsim.scenario.terms import ScenarioTerms
from fundsim.scenario.workbook import SUFFIX

if TYPE_CHECKING:
    from fundsim.scenario.workbook_rows import Row

__all__ = [
    "MAX_CHAIN",
    "Override",
    "ReadFile",
    "full_path",
    "laid_over",
    "overlaid",
    "read_chain",
    "split_override",
]

MAX_CHAIN = 16
"""Most files that may extend one another."""

Override = str | tuple[str, Any]
"""``"zhubaodai.multiple=8"`` as on the command line, or a key and a Python value."""

_TOP = tuple(ScenarioTerms.model_fields)
_NAMED = ("instruments", "segments")
_FEW = 3
"""Most keys that a message proposes."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A merged tree and whether it can be checked: what could not be read is reported already."""

    tree: Block
    complete: bool
    files: Mapping[str, ScenarioFile] = field(default_factory=dict)
    """The files that were read, by the names that messages give them."""
    run: RepeatedRun | None = None
    """The run whose manifest was read instead of a scenario file."""
    rows: tuple[Row, ...] | None = None
    """Of a workbook, what is to be laid over the tree, which is its base's."""


def read_chain(
    file: ScenarioFile, faults: FaultList, chain: tuple[ScenarioFile, ...] = ()
) -> ReadFile | None:
    """Return the tree of a file merged over what it extends; None if there is none to go on with."""
    try:
        data = read_bytes(file)
    except NotFoundHere as missing:
        faults.add(Place(file.shown, 0, 0), "", None, missing.message)
        return None
    if file.path.suffix.lower() == SUFFIX:
        return _read_workbook(file, data, faults, chain)
    if is_manifest(file, data):
        return _read_run(file, faults)
    text = decode(data, file.shown, faults)
    tree = None if text is None else read_tree(text, file.shown, faults)
    if tree is None:
        return None
    extends = tree.entries.pop("extends", None)
    settled = settle(tree, faults)
    base: ReadFile | None = None
    complete = True
    if extends is not None:
        base = _read_base(extends, file, faults, (*chain, file))
        complete = base is not None and base.complete
    if base is not None:
        # A name belongs to one file: an heir that has none is called by its own file's name.
        base.tree.entries.pop("name", None)
    files = {**(base.files if base else {}), file.shown: file}
    return ReadFile(merge(base.tree if base else None, settled, faults), complete, files)


def _read_run(file: ScenarioFile, faults: FaultList) -> ReadFile | None:
    found = read_manifest(file, faults)
    if found is None:
        return None
    tree, run, file = found
    return ReadFile(settle(tree, faults), complete=True, files={file.shown: file}, run=run)


def _read_workbook(
    file: ScenarioFile, data: bytes, faults: FaultList, chain: tuple[ScenarioFile, ...]
) -> ReadFile | None:
    """Return the base of a workbook, with its rows, which are laid over it once the base is typed."""
    if chain:
        message = ("a workbook can't be extended", "extend the scenario that it extends",
                   "不能继承工作簿", "请继承该工作簿所改的情景")  # fmt: skip
        faults.add(Place(file.shown, 0, 0), "", None, message)
        return None
    from fundsim.scenario.workbook_rows import read_rows  # noqa: PLC0415  (only workbooks pay for it)

    found = read_rows(data, file.shown, faults)
    if found is None or found.base is None:
        return None
    text = found.base.text
    named = Entry(place=found.base.place, node=Scalar(place=found.base.place, value=text, written=text))
    base = _read_base(named, file, faults, (file,))
    if base is None:
        return None
    files = {**base.files, **dict.fromkeys((file.shown, *found.files), file)}
    return replace(base, files=files, rows=tuple(found.rows), run=None)


def _read_base(
    extends: Entry, child: ScenarioFile, faults: FaultList, chain: tuple[ScenarioFile, ...]
) -> ReadFile | None:
    node = extends.node
    if isinstance(node, Hole):
        return None
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
        message = ("a file or the name of a bundled scenario is expected", "write extends: base.yaml",
                   "此处应为文件名或内置情景名", "请写 extends: base.yaml")  # fmt: skip
        faults.add(node.place, ("extends",), node, message)
        return None
    try:
        base = find_extended(node.value.strip(), child)
    except NotFoundHere as missing:
        faults.add(node.place, ("extends",), node, _with_chain(missing.message, chain))
        return None
    passed = [file.path.resolve() for file in chain]
    if base.path.resolve() in passed:
        names = " → ".join([*(file.shown for file in chain), base.shown])
        message = (f"the files extend one another in a circle: {names}", "let one of them extend nothing",
                   f"文件循环继承：{names}", "请使其中一个不再继承")  # fmt: skip
        faults.add(node.place, ("extends",), node, message)
        return None
    if len(chain) >= MAX_CHAIN:
        message = (f"more than {MAX_CHAIN} files extend one another", "make the chain shorter",
                   f"继承层数超过 {MAX_CHAIN}", "请减少层数")  # fmt: skip
        faults.add(node.place, ("extends",), node, message)
        return None
    return read_chain(base, faults, chain)


def _with_chain(message: Message, chain: Sequence[ScenarioFile]) -> Message:
    if len(chain) < 2:
        return message
    names = " → ".join(file.shown for file in chain)
    return f"{message[0]} (reached by {names})", message[1], f"{message[2]}（经由 {names}）", message[3]


def split_override(override: Override) -> tuple[str, Any, bool]:
    """Return key, value, and whether the value is text still to be read as YAML."""
    if isinstance(override, str):
        key, mark, value = override.partition("=")
        return key.strip(), value.strip() if mark else None, True
    return override[0], override[1], False


def overlaid(tree: Block, overrides: Iterable[Override], faults: FaultList, file: str = "--set") -> Block:
    """Return a tree with values laid over it, as a file that extends it would.

    The place of the n-th value is line n of a file named ``--set``.
    """
    for number, override in enumerate(overrides, start=1):
        key, value, as_text = split_override(override)
        place = Place(file, number, len(key) + 2)
        if as_text and not value:
            message = ("no value", "write --set KEY=VALUE", "缺少值", "请写 --set 键=值")
            faults.add(Place(file, number, 1), key, None, message)
            continue
        unfit_text = control_character(value) if as_text else None
        if unfit_text is not None:
            faults.add(place, key, shown(value), unfit_text)
            continue
        path = full_path(tree, key, Place(file, number, 1), faults)
        if path is None:
            continue
        try:
            node = read_value(value, place, faults) if as_text else from_python(value, place)
        except UnfitValue as unfit:
            faults.add(place, (*path, *unfit.path), unfit.written, unfit.message)
            continue
        tree = laid_over(tree, path, node, place, faults)
    return tree


def laid_over(tree: Block, path: Key, node: Node, place: Place, faults: FaultList) -> Block:
    """Return a tree with one value laid over it, as a file that extends it would; ``place`` is its key's."""
    return _Overlay(path, node, place, faults).on_block(tree, 0)


def full_path(tree: Block, key: str, place: Place, faults: FaultList) -> Key | None:
    """Return the path that a key means; ``instruments.`` and ``segments.`` may be left out."""
    parts = [part.strip() for part in key.split(".")]
    taken = next((part for part in parts if part in RESERVED), None)
    if taken:
        message = (f"{taken} can't be set by itself",
                   "set the value whole: KEY={value: …, low: …, source: …}",
                   f"{taken} 不能单独设定", "请整体设定：键={value: …, low: …, source: …}")  # fmt: skip
        faults.add(place, key, None, message)
        return None
    if parts[0] in _TOP:
        return tuple(parts)
    homes = [group for group in _NAMED if parts[0] in _group(tree, group)]
    if len(homes) == 1:
        return (homes[0], *parts)
    if homes:
        message = ("means a segment and an instrument alike", f"write instruments.{key} or segments.{key}",
                   "既是分组又是政策工具", f"请写 instruments.{key} 或 segments.{key}")  # fmt: skip
    else:
        known = [*_TOP, *_group(tree, "instruments"), *_group(tree, "segments")]
        hint = _inner(tree, key, parts[0]) or nearest(parts[0], known)
        message = (
            "there is no such key", f"did you mean {hint}?" if hint else f"known: {', '.join(known)}",
            "没有这个键", f"是否想写 {hint}？" if hint else f"可用：{'、'.join(known)}",
        )  # fmt: skip
    faults.add(place, key, None, message)
    return None


def _inner(tree: Block, key: str, first: str) -> str | None:
    """Return a key with the names of the few segments and instruments that have its first part."""
    found = [
        f"{name}.{key}"
        for group in _NAMED
        for name, entry in _entries(tree, group).items()
        if isinstance(entry.node, Block) and first in entry.node.entries
    ]
    return " or ".join(found) if 0 < len(found) <= _FEW else None


def _entries(tree: Block, group: str) -> dict[str, Entry]:
    entry = tree.entries.get(group)
    return entry.node.entries if entry and isinstance(entry.node, Block) else {}


def _group(tree: Block, group: str) -> list[str]:
    return list(_entries(tree, group))


@dataclass(frozen=True, slots=True)
class _Overlay:
    """One value to be laid over a tree at a path."""

    path: Key
    node: Node
    place: Place
    faults: FaultList

    def on_block(self, block: Block, depth: int) -> Block:
        """Return a copy of the block at ``path[:depth]`` that holds the value."""
        step = str(self.path[depth])
        entry = block.entries.get(step)
        if depth == len(self.path) - 1:
            return merge(block, self._settled(step), self.faults)
        below: Node
        if entry is not None and isinstance(entry.node, Items):
            below = self.on_items(entry.node, depth + 1)
        else:
            inner = entry.node if entry is not None and isinstance(entry.node, Block) else None
            below = self.on_block(inner or Block(place=self.place), depth + 1)
        entries = dict(block.entries)
        entries[step] = Entry(place=entry.place if entry else self.place, node=below)
        return Block(place=block.place, entries=entries)

    def _settled(self, step: str) -> Block:
        """Return the value under its key as a settled file would hold it."""
        entries = {step: Entry(place=self.place, node=self.node)}
        return settle(Block(place=self.place, entries=entries), self.faults)

    def on_items(self, items: Items, depth: int) -> Items:
        """Return a copy of the list at ``path[:depth]``; an item goes by its name or its position."""
        step = str(self.path[depth])
        names = [item_name(item) for item in items.items]
        index = names.index(step) if step in names else int(step) if step.isdecimal() else len(names)
        if index >= len(names):
            self._no_such_item(step, names)
            return items
        changed = list(items.items)
        item = changed[index]
        if depth == len(self.path) - 1:
            held = Block(place=items.place, entries={step: Entry(place=item.place, node=item)})
            left = merge(held, self._settled(step), self.faults).entries
            changed[index : index + 1] = [entry.node for entry in left.values()]
        elif isinstance(item, Block):
            changed[index] = self.on_block(item, depth + 1)
        else:
            message = ("this item has no keys", "set the item itself", "该项没有键", "请直接设定该项")
            self.faults.add(self.place, self.path, None, message)
        return Items(place=items.place, items=changed)

    def _no_such_item(self, step: str, names: list[str | None]) -> None:
        known = ", ".join(name or str(position) for position, name in enumerate(names)) or "none"
        known_zh = "、".join(name or str(position) for position, name in enumerate(names)) or "无"
        hint = nearest(step, [name for name in names if name is not None])
        fix, fix_zh = f"items: {known}", f"现有：{known_zh}"
        if hint:
            fix, fix_zh = f"did you mean {hint}?", f"是否想写 {hint}？"
        message = (f"there is no item {step}", fix, f"没有 {step} 这一项", fix_zh)
        self.faults.add(self.place, self.path, None, message)
