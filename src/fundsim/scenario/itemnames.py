"""Names of the items of a list: what they may be, and whether a list can be merged and set by them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Block, Items, Key, Node, Place, Removal, Scalar
from fundsim.scenario.spelling import folded, nearest, plain
from fundsim.scenario.term import RESERVED

__all__ = [
    "NameFault",
    "by_name",
    "has_name",
    "item_name",
    "item_names",
    "name_faults",
    "near_item",
    "no_such_item",
    "same_item",
    "unfit_name",
]

_NAME = re.compile(r"[^\W\d]\w*")


class NameFault(NamedTuple):
    """What is wrong with the name of one item."""

    position: int
    place: Place
    value: Node | None
    message: Message


def item_name(node: Node) -> str | None:
    """Return the name of an item, or None if it has none that can be read."""
    if isinstance(node, Removal):
        return node.name
    entry = node.entries.get("name") if isinstance(node, Block) else None
    value = entry.node.value if entry and isinstance(entry.node, Scalar) else None
    return value if isinstance(value, str) else None


def has_name(node: Node) -> bool:
    """Return whether an item has a name, readable or not."""
    return item_name(node) is not None or _name_node(node) is not None


def _name_node(node: Node) -> Node | None:
    """Return what stands for an item's name, null apart."""
    named = node.entries["name"].node if isinstance(node, Block) and "name" in node.entries else None
    return None if isinstance(named, Scalar) and named.value is None else named


def item_names(items: Items) -> list[str]:
    """Return the names of the items if all have one and no two the same, else nothing."""
    names = [item_name(item) for item in items.items]
    found = [name for name in names if name is not None]
    return found if len(found) == len(names) and len(set(found)) == len(found) else []


def same_item(name: str, known: Iterable[str]) -> str | None:
    """Return the item whose name differs from another in case and width only."""
    return next((item for item in known if folded(item) == folded(name)), None)


def near_item(name: str, known: Iterable[str]) -> str | None:
    """Return the item whose name is near another: two names that differ in their numbers are not.

    >>> near_item("frist", ["first", "second"]), near_item("round_3", ["round_1", "round_2"])
    ('first', None)
    """
    hint = nearest(name, known)
    return None if hint is None or re.findall(r"\d+", hint) != re.findall(r"\d+", name) else hint


def no_such_item(name: str, meant: str) -> Message:
    """Return what to report of an item that an heir seems to mean by a misspelt name."""
    return (f"there is no item {name}", f"did you mean {meant}?",
            f"没有 {name} 这一项", f"是否想写 {meant}？")  # fmt: skip


def by_name(tree: Node, path: Key) -> Key:
    """Return a path with the items of lists by their names where all of a list have one."""
    named: list[str | int] = []
    node: Node | None = tree
    for step in path:
        if isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            names = item_names(node)
            named.append(names[step] if names else step)
            node = node.items[step]
        else:
            entry = node.entries.get(str(step)) if isinstance(node, Block) else None
            named.append(step)
            node = entry.node if entry else None
    return tuple(named)


def unfit_name(name: str, taken: Container[str] = ()) -> Message | None:
    """Return what is wrong with a name of the user's own, or None; ``taken`` are keys that it can't be."""
    if not _NAME.fullmatch(name) or plain(name) != name:
        return ("a name has letters, digits and _ only, no digit first", "choose another name",
                "名称只能含字母、汉字、数字和下划线，且不以数字开头", "请换一个名称")  # fmt: skip
    if name in RESERVED or name in taken:
        return (f"{name} is a word of the scenario language", "choose another name",
                f"{name} 是情景语言的保留词", "请换一个名称")  # fmt: skip
    return None


def name_faults(items: Items) -> Iterator[NameFault]:
    """Yield what is wrong with the names of a list: unfit, given twice, or given to some items only."""
    names = [item_name(item) for item in items.items]
    seen: dict[str, str] = {}
    for index, (item, name) in enumerate(zip(items.items, names, strict=True)):
        if name is None:
            named = _name_node(item)
            if isinstance(named, Scalar):
                yield NameFault(index, named.place, named, _NO_TEXT)
            elif named is None and isinstance(item, Block | Removal) and any(map(has_name, items.items)):
                yield _nameless(index, item)
            continue
        message = unfit_name(name)
        other = seen.setdefault(folded(name), name)
        if message is None and other != name:
            message = (f"differs from {other} in upper and lower case only", "choose another name",
                       f"与 {other} 仅大小写不同", "请换一个名称")  # fmt: skip
        elif message is None and name in names[:index]:
            message = (f"two items of this list are called {name}",
                       "choose another name, or keep one of the two",
                       f"列表中有两项都叫 {name}", "请换一个名称，或只保留一项")  # fmt: skip
        if message is not None:
            named = _name_node(item)
            yield NameFault(index, named.place if named else item.place, named, message)


def _nameless(index: int, item: Block | Removal) -> NameFault:
    """Return the fault of an item without a name among named ones: its key may be misspelt."""
    keys = item.entries if isinstance(item, Block) else {}
    for key, entry in keys.items():
        if key != "name" and nearest(key, ("name",)):
            message = (f"has no name, but a key {key}", "did you mean name?",
                       f"没有 name，而有 {key}", "是否想写 name？")  # fmt: skip
            return NameFault(index, entry.place, None, message)
    return NameFault(index, item.place, None, _NAMELESS)


_NO_TEXT: Message = (
    "a text is expected", "write a name that begins with a letter", "此处应为文字", "请写以文字开头的名称",
)  # fmt: skip
_NAMELESS: Message = (
    "has no name, and other items of this list have one", "give all items a name, or none",
    "没有 name，而列表中其他项有", "请为所有项写 name，或都不写",
)  # fmt: skip
