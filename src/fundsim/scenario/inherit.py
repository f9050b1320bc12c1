"""What the language adds to YAML: values with a source, ``extends``, and removal.

Each file is *settled* on its own first: the value form ``{value: …, source: …}`` becomes the value
itself, and the ``source`` of a block goes to all values in it that have none.  Only then are files
merged, so that a source never passes to a value that another file wrote.
"""

from __future__ import annotations

from dataclasses import replace

from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.itemnames import (
    has_name,
    item_names,
    name_faults,
    near_item,
    no_such_item,
    same_item,
)
from fundsim.scenario.nodes import (
    Amendment,
    Block,
    Entry,
    Hole,
    Items,
    Key,
    Node,
    Place,
    Removal,
    Scalar,
    leaves,
)
from fundsim.scenario.spelling import nearest

__all__ = ["merge", "settle"]

_VALUE_KEYS = ("value", "low", "high", "apart", "source", "note")
_AMENDMENT_KEYS = frozenset({"low", "high", "apart", "source", "note"})

_NAMING = (("segments",), ("instruments",))
"""Blocks whose keys are names: `low` in them is a bad name, no bound."""


def settle(tree: Block, faults: FaultList) -> Block:
    """Return a file's tree without value forms, with sources and notes on the values themselves."""
    settled = _Settler(faults).block(tree, ())
    return settled if isinstance(settled, Block) else Block(place=tree.place)


class _Settler:
    def __init__(self, faults: FaultList) -> None:
        self._faults = faults

    def _node(self, node: Node, path: Key) -> Node:
        if isinstance(node, Block):
            return self.block(node, path)
        if isinstance(node, Items):
            node.items = [self._node(item, (*path, index)) for index, item in enumerate(node.items)]
        return node

    def block(self, block: Block, path: Key) -> Node:
        keys = set(block.entries)
        if path == ("sources",):
            return block
        if "remove" in keys:
            return self._removal(block, path)
        if not path or path in _NAMING:
            return self._plain_block(block, path)
        if "value" in keys:
            return self._value_form(block, path)
        if keys and keys <= _AMENDMENT_KEYS:
            amendment = Amendment(place=block.place)
            self._annotate(amendment, block, path)
            return amendment
        return self._plain_block(block, path)

    def _plain_block(self, block: Block, path: Key) -> Node:
        source = self._source(block.entries.pop("source", None), (*path, "source"))
        note = self._note(block.entries.pop("note", None), (*path, "note"))
        for key, entry in block.entries.items():
            entry.node = self._node(entry.node, (*path, key))
        _hand_down(block, source, note)
        return block

    def _value_form(self, block: Block, path: Key) -> Node:
        for key, entry in block.entries.items():
            if key not in _VALUE_KEYS:
                hint = nearest(key, _VALUE_KEYS)
                fix = f"did you mean {hint}?" if hint else "delete it, or write the value without `value:`"
                fix_zh = f"是否想写 {hint}？" if hint else "请删除，或不用 value: 而直接写值"
                message = ("no key of a value with a source", fix, "带来源的值没有这个键", fix_zh)
                self._faults.add(entry.place, (*path, key), entry.node, message)
        inner = self._node(block.entries["value"].node, path)
        if isinstance(inner, Amendment | Removal):
            message = ("no value", "write a number or a text", "这里没有值", "请写数字或文字")
            self._faults.add(inner.place, path, inner, message)
            return Hole(place=inner.place)
        self._annotate(inner, block, path)
        if not isinstance(inner, Scalar):
            _hand_down(inner, inner.source, inner.note)
            self._no_range(inner, path)
        return inner

    def _no_range(self, node: Node, path: Key) -> None:
        for bound in (node.low, node.high, node.apart):
            if bound is not None:
                message = ("low, high and apart go with a number", "write them beside each number",
                           "low、high 与 apart 只能用于数字", "请写在每个数字旁")  # fmt: skip
                self._faults.add(bound.place, path, bound, message)

    def _annotate(self, node: Node, block: Block, path: Key) -> None:
        node.low = self._bound(block.entries.get("low"), (*path, "low"))
        node.high = self._bound(block.entries.get("high"), (*path, "high"))
        node.apart = self._apart(block.entries.get("apart"), (*path, "apart"))
        node.source = self._source(block.entries.get("source"), (*path, "source"))
        node.note = self._note(block.entries.get("note"), (*path, "note"))

    def _apart(self, entry: Entry | None, path: Key) -> Scalar | None:
        """Return whether a value moves apart from the same key elsewhere, as it is written."""
        if entry is None or isinstance(entry.node, Hole):
            return None
        if isinstance(entry.node, Scalar) and isinstance(entry.node.value, bool):
            return entry.node
        message = ("true or false is expected", "write apart: true, or delete it",
                   "此处应为 true 或 false", "请写 apart: true，或删除")  # fmt: skip
        self._faults.add(entry.node.place, path, entry.node, message)
        return None

    def _bound(self, entry: Entry | None, path: Key) -> Scalar | None:
        if entry is None or isinstance(entry.node, Hole):
            return None
        if isinstance(entry.node, Scalar):
            return entry.node
        message = ("a number is expected", "write one number", "此处应为数字", "请写一个数字")
        self._faults.add(entry.node.place, path, entry.node, message)
        return None

    def _source(self, entry: Entry | None, path: Key) -> tuple[str, ...]:
        if entry is None or isinstance(entry.node, Hole):
            return ()
        nodes = entry.node.items if isinstance(entry.node, Items) else [entry.node]
        found = []
        for node in nodes:
            if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
                found.append(node.value)
            elif not isinstance(node, Hole):
                message = (
                    "a source is a text or a list of texts",
                    'write a fact id, a document, or "assumption"',
                    "来源须为文字或文字列表",
                    '请写资料编号、文件名或 "assumption"',
                )
                self._faults.add(node.place, path, node, message)
        return tuple(found)

    def _note(self, entry: Entry | None, path: Key) -> str | None:
        if entry is None or isinstance(entry.node, Hole):
            return None
        node = entry.node
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        message = ("a note is a text", "put it in quotes", "备注须为文字", "请加引号")
        self._faults.add(node.place, path, node, message)
        return None

    def _removal(self, block: Block, path: Key) -> Node:
        said = block.entries["remove"].node
        others = [key for key in block.entries if key not in ("remove", "name", "source", "note")]
        if not (isinstance(said, Scalar) and said.value is True):
            self._faults.add(said.place, (*path, "remove"), said, _remove_message())
            return Hole(place=block.place)
        if others:
            entry = block.entries[others[0]]
            message = ("what is removed can't have other keys", "delete the other keys, or delete `remove`",
                       "要删除的项不能再写其他键", "请删去其他键，或删去 remove")  # fmt: skip
            self._faults.add(entry.place, (*path, others[0]), entry.node, message)
            return Hole(place=block.place)
        name = block.entries.get("name")
        named = name.node.value if name and isinstance(name.node, Scalar) else None
        return Removal(place=block.place, name=named if isinstance(named, str) else None)


def _remove_message() -> Message:
    return ("removal is written {remove: true}", "write {remove: true}, or delete this line",
            "删除须写作 {remove: true}", "请写 {remove: true}，或删除该行")  # fmt: skip


def _hand_down(node: Node, source: tuple[str, ...], note: str | None) -> None:
    """Give a source and a note to all values below that have none of their own."""
    if not source and note is None:
        return
    for _, leaf in leaves(node):
        leaf.source = leaf.source or source
        leaf.note = leaf.note if leaf.note is not None else note


def merge(base: Block | None, child: Block, faults: FaultList) -> Block:
    """Return a file's tree laid over what it extends.

    Mappings merge deeply, lists of named mappings merge by name, every other value of the child
    replaces the base's; ``{remove: true}`` takes away.  A file that extends nothing has ``base``
    None.
    """
    return _Merger(faults).block(base, child, ())


class _Merger:
    def __init__(self, faults: FaultList) -> None:
        self._faults = faults

    def block(self, base: Block | None, child: Block, path: Key) -> Block:
        entries = dict(base.entries) if base else {}
        for key, entry in child.entries.items():
            known = entries.get(key)
            here = (*path, key)
            if isinstance(entry.node, Removal):
                if known is None:
                    self._nothing_to_remove(entry.place, here, list(base.entries) if base else [])
                entries.pop(key, None)
                continue
            node = self._node(known.node if known else None, entry.node, here)
            # An amended value stays where its value is written; a merged block belongs to both.
            place = known.place if known and isinstance(entry.node, Amendment) else entry.place
            entries[key] = Entry(place=place, node=node, repaired=entry.repaired)
        return Block(place=child.place, entries=entries, resembles=base.resembles if base else None)

    def _node(self, base: Node | None, child: Node, path: Key) -> Node:
        match base, child:
            case Block(), Block():
                return self.block(base, child, path)
            case _, Block():
                return self.block(None, child, path)
            case _, Amendment():
                return self._amended(base, child, path)
            case _, Items() if any(has_name(item) for item in child.items):
                return self._named_items(base, child, path)
            case _, Items():
                return self._new_items(child, path)
            case _:
                return child

    def _amended(self, base: Node | None, child: Amendment, path: Key) -> Node:
        if isinstance(base, Scalar):
            return replace(
                base,
                low=child.low or base.low,
                high=child.high or base.high,
                apart=child.apart or base.apart,
                source=child.source or base.source,
                note=base.note if child.note is None else child.note,
            )
        if isinstance(base, Hole):
            return base
        if child.low is None and child.high is None:
            return base or Block(place=child.place)
        message = ("low and high are given, but no value", "add `value: …`",
                   "有 low 与 high，但没有 value", "请添加 value: …")  # fmt: skip
        self._faults.add(child.place, path, None, message)
        return Hole(place=child.place)

    def _new_items(self, child: Items, path: Key) -> Node:
        kept: list[Node] = []
        for index, item in enumerate(child.items):
            if isinstance(item, Removal):
                message = ("does not say what to remove", "write {name: …, remove: true}",
                           "没有说明要删除哪一项", "请写 {name: …, remove: true}")  # fmt: skip
                self._faults.add(item.place, (*path, index), None, message)
            else:
                kept.append(self._node(None, item, (*path, index)))
        return replace(child, items=kept)

    def _named_items(self, base: Node | None, child: Items, path: Key) -> Node:
        """Return a list whose items have names, laid over the inherited one if that has names too."""
        wrong = list(name_faults(child))
        for found in wrong:
            self._faults.add(found.place, (*path, found.position, "name"), found.value, found.message)
        names = item_names(child)
        if wrong or len(names) < len(child.items):
            return Hole(place=child.place)  # what can't be merged is reported, here or where it was read
        inherited = base if isinstance(base, Items) else Items(place=child.place)
        known = item_names(inherited)
        merged = dict(zip(known, inherited.items, strict=True)) if known else {}
        for name, item in zip(names, child.items, strict=True):
            if isinstance(item, Removal) and name not in merged:
                self._no_such_item(item.place, (*path, name), list(merged), bool(inherited.items))
            elif isinstance(item, Removal):
                del merged[name]
            elif name not in merged and (meant := same_item(name, known)):
                self._faults.add(item.place, (*path, name), None, no_such_item(name, meant))
            else:
                laid = self._node(merged.get(name), item, (*path, name))
                if name not in merged and isinstance(laid, Block):
                    laid.resembles = near_item(name, known)
                merged[name] = laid
        return Items(place=child.place, items=list(merged.values()))

    def _no_such_item(self, place: Place, path: Key, known: list[str], inherits: bool) -> None:
        if known or not inherits:
            self._nothing_to_remove(place, path, known)
            return
        message = ("the inherited items have no names, so none can be removed by name",
                   "give them names, or write the list again",
                   "继承的列表各项没有名称，无法按名称删除", "请为其写 name，或重写整个列表")  # fmt: skip
        self._faults.add(place, path, None, message)

    def _nothing_to_remove(self, place: Place, path: Key, known: list[str]) -> None:
        hint = nearest(str(path[-1]), known)
        fix = f"did you mean {hint}?" if hint else "delete this line"
        fix_zh = f"是否想写 {hint}？" if hint else "请删除该行"
        message = ("there is nothing inherited to remove", fix, "没有可删除的继承项", fix_zh)
        self._faults.add(place, path, None, message)
