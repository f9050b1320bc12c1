"""From text to a tree: YAML by its event stream, with a place for every key and value.

Only libyaml's parser is used, never a composer or constructor: no tag is followed, no alias is
expanded, and nesting is bounded before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.nodes import Block, Entry, Hole, Items, Key, Node, Place, Scalar, shown
from fundsim.scenario.repair import Patched, plain_words, repairs
from fundsim.scenario.scalars import resolve

__all__ = ["MAX_DEPTH", "read_tree", "read_value"]

MAX_DEPTH = 32
MAX_VALUES = 20_000
"""Most keys and values in one file; a hostile file of small values would otherwise hold us for seconds."""
_MAX_REPAIRS = 20
_REPAIR_BYTES = 1_500_000
"""Text parsed in search of repairs; it bounds the time whatever the file."""

_END = 1 << 62
"""Line of the next fault of a text that has none."""
_LOADER = yaml.CSafeLoader


_COLON_IN_KEY = re.compile(r"(?P<key>\w[\w.-]*?) *(?P<colon>[：︰﹕∶:])(?P<value>.*\S.*)")


def _is_empty(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style and not event.value and event.tag is None


class _Refused(Exception):  # noqa: N818 - ends the parse; it never reaches a user
    def __init__(self, line: int, column: int, message: Message) -> None:
        super().__init__()
        self.line, self.column, self.message = line, column, message


def read_tree(text: str, file: str, faults: FaultList) -> Block | None:
    """Return the tree of a scenario file, or None when there is none to go on with.

    A line that breaks the syntax in a common way (a tab, a full-width colon, a quote left
    open) is reported, fixed in memory and passed, so that the rest of the file is checked as well.
    """
    patched = Patched(text)
    try:
        events = _events_or_repair(patched, file, faults)
    except _Refused as refused:
        faults.add(
            Place(file, refused.line, patched.column(refused.line, refused.column)), "", None, refused.message
        )
        return None
    return None if events is None else _Builder(events, patched, file, faults).document()


def read_value(text: str, place: Place, faults: FaultList) -> Node:
    """Return a value written on the command line, ``8`` or ``"0.4亿"`` or ``{mean: 0.4, sd: 0.2}``."""
    local = FaultList()
    patched = Patched(text)
    try:
        events = _events(text)
        if not any(isinstance(event, yaml.DocumentStartEvent) for event in events):  # nothing, or a comment
            return Scalar(place=place, value=text, written=text)
        node = _Builder(events, patched, place.file, local).value()
    except (yaml.YAMLError, _Refused):
        return Scalar(place=place, value=text, written=text)
    if len(local):
        for fault in local.sorted():
            faults.add(
                place, fault.key, fault.value, (fault.problem, fault.fix, fault.problem_zh, fault.fix_zh)
            )
        return Hole(place=place)
    _move(node, place)
    return node


def _move(node: Node, place: Place) -> None:
    node.place = place
    if isinstance(node, Block):
        for entry in node.entries.values():
            entry.place = place
            _move(entry.node, place)
    elif isinstance(node, Items):
        for item in node.items:
            _move(item, place)


def _events_or_repair(patched: Patched, file: str, faults: FaultList) -> list[Any] | None:
    budget = _REPAIR_BYTES
    for _ in range(_MAX_REPAIRS):
        try:
            return _events(patched.text)
        except yaml.MarkedYAMLError as error:
            failure = error
        found = None
        for candidate in repairs(patched, failure):
            budget -= len(patched.text)
            if budget < 0:
                break
            # One that leaves no fault at all is better than one that gets further.
            reached = _reached(candidate.patched.text, failure)
            if reached == _END or (reached and found is None):
                found = candidate
            if reached == _END:
                break
        if found is None:
            break
        faults.add(Place(file, found.line, found.column), found.key, found.written, found.message)
        patched.become(found.patched)
    mark = failure.problem_mark or failure.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    where = _start_of_unclosed(failure) or (line, column)
    faults.add(Place(file, where[0], patched.column(*where)), "", None, plain_words(failure))
    return None


def _start_of_unclosed(failure: yaml.MarkedYAMLError) -> tuple[int, int] | None:
    """Return where an unclosed quote or bracket begins: libyaml points at the end of the file."""
    opened = ("quoted scalar", "flow sequence", "flow mapping")
    if failure.context_mark and failure.context and failure.context.endswith(opened):
        return failure.context_mark.line + 1, failure.context_mark.column + 1
    return None


def _reached(text: str, failure: yaml.MarkedYAMLError) -> int:
    """Return the line of a text's next fault of syntax; 0 if it is no further than one before it."""
    try:
        _events(text)
    except yaml.MarkedYAMLError as error:
        opened = _start_of_unclosed(failure)
        before = opened[0] if opened else failure.problem_mark.line + 1 if failure.problem_mark else 0
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return line if line > before else 0
    except _Refused:
        return 0
    return _END


def _events(text: str) -> list[Any]:
    """Return the events of a text.

    Raises:
        yaml.MarkedYAMLError: at a fault of syntax.
        _Refused: for nesting or numbers of values beyond the limits.
    """
    events: list[Any] = []
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _refuse(event, ("nested deeper than 32 levels", "make it flatter",
                                      "嵌套超过 32 层", "请减少层数"))  # fmt: skip
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        events.append(event)
        if len(events) > MAX_VALUES:
            raise _refuse(event, ("more than 20,000 keys and values in one file", "split it and use extends",
                                  "一个文件中的键和值超过 20,000 个", "请拆分并使用 extends"))  # fmt: skip
    return events


def _refuse(event: Any, message: Message) -> _Refused:
    return _Refused(event.start_mark.line + 1, event.start_mark.column + 1, message)


class _Builder:
    """Builds nodes from a list of events that is known to be well formed."""

    def __init__(self, events: list[Any], patched: Patched, file: str, faults: FaultList) -> None:
        self._events: Iterator[Any] = iter(events)
        self._patched = patched
        self._file = file
        self._faults = faults

    def document(self) -> Block | None:
        """Return the one mapping that a scenario file is."""
        documents = [self._document(event) for event in self._events if self._opens(event)]
        if not documents:
            self._flag(Place(self._file, 1, 1), (), None, "the file is empty", "write a scenario",
                       "文件为空", "请写入情景内容")  # fmt: skip
            return None
        for extra in documents[1:]:
            self._flag(extra.place, (), None, "a second document in one file", "keep one, without ---",
                       "一个文件中有第二个文档", "请只保留一个，不用 ---")  # fmt: skip
        first = documents[0]
        if not isinstance(first, Block):
            self._flag(first.place, (), None, "a scenario is a block of keys",
                       "write lines such as window: …", "情景须由键值构成",
                       "请写如 window: … 的行")  # fmt: skip
            return None
        return first

    def value(self) -> Node:
        """Return the single value of a text."""
        for event in self._events:
            if self._opens(event):
                return self._node(next(self._events), ())
        return Hole(place=Place(self._file, 1, 1))

    def _opens(self, event: Any) -> bool:
        return isinstance(event, yaml.DocumentStartEvent)

    def _document(self, opening: Any) -> Node:
        if opening.tags:
            self._flag(self._place(opening), (), None, "a %TAG directive; scenario files have no tags",
                       "delete it", "含有 %TAG 指令；情景文件不用标签", "请删除")  # fmt: skip
        return self._node(next(self._events), ())

    def _node(self, event: Any, path: Key) -> Node:
        place = self._place(event)
        marked = self._refuse_marks(event, place, path)
        if isinstance(event, yaml.MappingStartEvent):
            node: Node = self._block(place, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._items(place, path)
        elif isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, place)
            if self._patched.is_repaired(place.line):
                # What was meant is a guess, and a guess must not cause another fault.
                node = Hole(place=place)
        else:
            node = Hole(place=place)
        return Hole(place=place) if marked else node

    def _refuse_marks(self, event: Any, place: Place, path: Key) -> bool:
        """Report a tag, an anchor or an alias, and return whether there is one."""
        if isinstance(event, yaml.AliasEvent):
            self._flag(place, path, f"*{shown(str(event.anchor))}", "an alias; scenario files have none",
                       "write the value out, or use extends", "含有别名；情景文件不用别名",
                       "请写出该值，或使用 extends")  # fmt: skip
            return True
        if event.anchor is not None:
            self._flag(place, path, f"&{shown(str(event.anchor))}", "an anchor; scenario files have none",
                       "delete it", "含有锚点；情景文件不用锚点", "请删除")  # fmt: skip
        if event.tag is not None:
            # `!` alone forces a text; libyaml reports it like any tag.
            self._flag(place, path, shown(str(event.tag)), "a tag; scenario files have none",
                       "delete it", "含有标签；情景文件不用标签", "请删除")  # fmt: skip
        return event.anchor is not None or event.tag is not None

    def _block(self, place: Place, path: Key) -> Block:
        block = Block(place=place)
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key_place = self._place(event)
            key = self._key(event, key_place, path)
            value = next(self._events)
            found = (
                None
                if not _is_empty(value) or getattr(event, "style", None)
                else _COLON_IN_KEY.fullmatch(key or "")
            )
            if found is not None:
                key = self._colon(found, key_place, path)
            node = self._node(value, path if key is None else (*path, key))
            if found is not None:
                node = Hole(place=node.place)  # what was meant is a guess, and must not cause another fault
            if key is None:
                continue
            if key in block.entries:
                first = block.entries[key].place.line
                self._flag(key_place, (*path, key), node, f"this key stands on line {first} already",
                           "keep one of the two", f"该键在第 {first} 行已出现", "请只保留一处")  # fmt: skip
                continue
            repaired = self._patched.is_repaired(key_place.line)
            block.entries[key] = Entry(place=key_place, node=node, repaired=repaired)
        return block

    def _colon(self, found: re.Match[str], place: Place, path: Key) -> str:
        """Report a colon in braces that is full-width, or has no space behind it; return the key meant."""
        key, colon, value = found["key"], found["colon"], shown(found["value"].strip())
        here = Place(place.file, place.line, place.column + found.start("colon"))
        what = (f"a full-width colon {colon}", f"使用了全角冒号 {colon}")
        if colon == ":":
            what = ("no space after the colon", "冒号后没有空格")
        self._flag(here, (*path, key), value, what[0], f"did you mean '{key}: {value}'?",
                   what[1], f"是否想写 '{key}: {value}'？")  # fmt: skip
        return key

    def _key(self, event: Any, place: Place, path: Key) -> str | None:
        if not isinstance(event, yaml.ScalarEvent):
            node = self._node(event, path)
            if not isinstance(node, Hole):
                self._flag(place, path, None, "a key that is a list or a block",
                           "write one word before the colon", "键是列表或键值块",
                           "冒号前请只写一个词")  # fmt: skip
            return None
        if self._refuse_marks(event, place, path):
            return None
        key: str = event.value
        if key == "<<" and not event.style:
            self._flag(place, path, None, "a merge key <<; scenario files have none", "use extends",
                       "含有合并键 <<；情景文件不用它", "请使用 extends")  # fmt: skip
            return None
        return key

    def _items(self, place: Place, path: Key) -> Items:
        items = Items(place=place)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.items.append(self._node(event, (*path, len(items.items))))
        return items

    def _scalar(self, event: Any, place: Place) -> Scalar:
        text: str = event.value
        if not event.style:
            return Scalar(place=place, value=resolve(text), written=text)
        quote = event.style if event.style in "'\"" else ""
        return Scalar(place=place, value=text, written=f"{quote}{text}{quote}")

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, self._patched.column(mark.line + 1, mark.column + 1))

    def _flag(self, place: Place, path: Key, value: str | Node | None, *message: str) -> None:
        problem, fix, problem_zh, fix_zh = message
        self._faults.add(place, path, value, (problem, fix, problem_zh, fix_zh))
