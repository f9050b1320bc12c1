"""From a merged tree to typed terms, reporting every fault on the way.

The walk follows the annotations of the terms; single values are judged by pydantic.  A term whose
fields are at fault is still built, without those fields, so that the cross-field rules that do not
read them are reported in the same pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Annotated, Any

import pydantic
from annotated_types import Len, MaxLen, MinLen
from pydantic import ConfigDict, TypeAdapter

from fundsim.errors import counted
from fundsim.scenario.anatomy import Anatomy, anatomy, bounds_of, fields_of, quantity_of
from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.holes import UNUSABLE, Incomplete, has_holes
from fundsim.scenario.itemnames import item_name, name_faults, no_such_item
from fundsim.scenario.loan_file import LoanFile, LoanFiles
from fundsim.scenario.messages import (
    meant_key,
    missing_key,
    no_choice,
    range_without_number,
    refused,
    unknown_key,
    wrong_form,
)
from fundsim.scenario.nodes import Block, Entry, Hole, Items, Key, Node, Place, Scalar
from fundsim.scenario.scalars import resolve
from fundsim.scenario.term import Item, Term
from fundsim.units import Quantity, YearMonth

__all__ = ["Checked", "Checker", "closest", "places", "reads_as"]

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False)


@dataclass(slots=True)
class Checked:
    """Typed low and high of the values that have them, by path."""

    ranges: dict[Key, tuple[float | None, float | None]] = field(default_factory=dict)
    quantities: set[Key] = field(default_factory=set)
    """Paths of the values that are quantities: those that should have a source."""


class Checker:
    """Checks one merged tree."""

    def __init__(
        self, faults: FaultList, places: Mapping[Key, Place], tapes: LoanFiles, *, complete: bool = True
    ) -> None:
        """Take where faults go, the place of every key, what reads tapes, and whether all files are there.

        Of a tree whose base could not be read nothing is called missing, and no default holds.
        """
        self._faults = faults
        self._places = places
        self._tapes = tapes
        self._complete = complete
        self.checked = Checked()
        self._stray: set[str] = set()
        """Keys on repaired lines that came to stand in a block that has none of the name."""

    def term(self, cls: type[Term], block: Block, path: Key, ignore: Iterable[str] = ()) -> Term:
        """Return a block as a term; without the fields that are at fault, if any are."""
        before = self._faults.mark()
        values = self._fields(cls, block, path, ignore)
        known = {item.key: item for item in fields_of(cls)}
        missing = [i for i in known.values() if i.required and i.name not in values and i.key not in ignore]
        if missing and block.resembles is not None:
            self._misnamed(block, path)
        elif self._complete:
            for item in missing:
                self._faults.add(self._place_of(block, path), (*path, item.key), None, missing_key(item))
        if self._faults.mark() == before and not missing and not has_holes(values):
            return self._whole(cls, values, block, path)
        return _partial(cls, values)

    def _misnamed(self, block: Block, path: Key) -> None:
        """Report an item that lacks keys which the inherited item has that its name is near to."""
        name = item_name(block) or str(path[-1])
        self._faults.add(self._place_of(block, path), path, None, no_such_item(name, str(block.resembles)))

    def _fields(self, cls: type[Term], block: Block, path: Key, ignore: Iterable[str]) -> dict[str, Any]:
        """Return what a block says of a term's fields, UNUSABLE where that could not be read."""
        values: dict[str, Any] = {}
        known = {item.key: item for item in fields_of(cls)}
        strange: list[str] = []
        for key, entry in block.entries.items():
            item = known.get(key)
            if item is not None and key not in ignore:
                values[item.name] = self.value(item.info.annotation, item.metadata, entry.node, (*path, key))
            elif item is None and key not in ignore:
                strange.append(key)
        # What stands under a misspelt key is that key's value: it is neither missing nor its default.
        meant = {self._unknown(cls, key, block.entries[key], path) for key in strange} | self._stray
        if cls.left_out.keys() & strange:
            meant |= known.keys()  # nothing is missing where something was written that can't be offered
        for item in known.values():
            # Of a file whose base could not be read, the base may say another thing than the default.
            if item.key in meant or not self._complete:
                values.setdefault(item.name, UNUSABLE)
        return values

    def _unknown(self, cls: type[Term], key: str, entry: Entry, path: Key) -> str | None:
        """Report a key that a term does not have; return the key of the term that was probably meant."""
        if entry.repaired:
            self._stray.add(key)
            return None
        message = cls.left_out.get(key) or unknown_key(key, fields_of(cls))
        self._faults.add(entry.place, (*path, key), entry.node, message)
        meant = meant_key(key, fields_of(cls))
        return meant.partition(".")[0] if meant else None

    def _place_of(self, block: Block, path: Key) -> Place:
        return self._places.get(path, block.place)

    def _whole(self, cls: type[Term], values: dict[str, Any], block: Block, path: Key) -> Term:
        try:
            return cls.model_validate(values)
        except pydantic.ValidationError as error:
            for found in error.errors(include_url=False):
                steps = tuple(step for step in found["loc"] if isinstance(step, int | str))
                place = self._places.get((*path, *steps), self._place_of(block, path))
                message = refused(found, bounds_of(None), block, ())
                self._faults.add(place, (*path, *steps), None, message)
            return _partial(cls, values)

    def blocks(self, node: Node, path: Key) -> dict[str, Block | None]:
        """Return the blocks of a mapping by name; None for what is no block, which is reported."""
        if not isinstance(node, Block):
            if not isinstance(node, Hole):
                self._faults.add(node.place, path, node, wrong_form(Anatomy(table=(str, Term)), node))
            return {}
        found: dict[str, Block | None] = {}
        for name, entry in node.entries.items():
            found[name] = entry.node if isinstance(entry.node, Block) else None
            if not isinstance(entry.node, Block | Hole):
                message = wrong_form(Anatomy(table=(str, Term)), entry.node)
                self._faults.add(entry.node.place, (*path, name), entry.node, message)
        return found

    def value(self, annotation: Any, metadata: tuple[Any, ...], node: Node, path: Key) -> Any:
        """Return a node as what an annotation says, or UNUSABLE after reporting why not."""
        form = anatomy(annotation)
        if isinstance(node, Hole):
            return UNUSABLE
        if isinstance(node, Scalar):
            return self._scalar(form, metadata, node, path)
        if isinstance(node, Block) and form.terms:
            return self.term(_best(form.terms, node), node, path)
        if isinstance(node, Block) and form.table:
            return self._table(form.table, metadata, node, path)
        if isinstance(node, Items) and form.takes_list:
            return self._items(form, metadata, node, path)
        self._faults.add(node.place, path, node, wrong_form(form, node))
        return UNUSABLE

    def _table(self, table: tuple[Any, Any], metadata: tuple[Any, ...], node: Block, path: Key) -> Any:
        values: dict[Any, Any] = {}
        for key, entry in node.entries.items():
            name = self._table_key(table[0], key, entry, path)
            values[name] = self.value(table[1], (), entry.node, (*path, key))
        if not self._complete:
            return Incomplete(values)
        return self._sized(values, metadata, node, path)

    def _table_key(self, annotation: Any, key: str, entry: Entry, path: Key) -> Any:
        if annotation is str:
            return key
        number = Scalar(place=entry.place, value=int(key) if key.isdecimal() else key, written=key)
        return self._scalar(anatomy(annotation), (), number, (*path, key))

    def _items(self, form: Anatomy, metadata: tuple[Any, ...], node: Items, path: Key) -> Any:
        if form.fixed and len(form.fixed) != len(node.items):
            n = len(form.fixed)
            message = (f"a list of {n} is expected, not of {len(node.items)}", f"write {n} values",
                       f"此处应为 {n} 项的列表，而不是 {len(node.items)} 项", f"请写 {n} 个值")  # fmt: skip
            self._faults.add(node.place, path, node, message)
            return UNUSABLE
        kinds = form.fixed or (form.item,) * len(node.items)
        values = [
            self.value(kind, (), item, (*path, index))
            for index, (kind, item) in enumerate(zip(kinds, node.items, strict=True))
        ]
        if isinstance(form.item, type) and issubclass(form.item, Item):
            for found in name_faults(node):
                if isinstance(found.value, Scalar) and not isinstance(found.value.value, str):
                    continue  # reported as the value that it is
                self._faults.add(found.place, (*path, found.position, "name"), found.value, found.message)
        return self._sized(tuple(values) if form.as_tuple else values, metadata, node, path)

    def _sized(self, values: Any, metadata: tuple[Any, ...], node: Node, path: Key) -> Any:
        sizes = [mark for mark in metadata if isinstance(mark, MinLen | MaxLen | Len)]
        low = max((mark.min_length for mark in sizes if not isinstance(mark, MaxLen)), default=0)
        highs = [
            mark.max_length for mark in sizes if not isinstance(mark, MinLen) and mark.max_length is not None
        ]
        if len(values) < low:
            message = (
                f"must have at least {counted(low, 'item')}",
                "add items",
                f"至少须有 {low} 项",
                "请增加",
            )
        elif highs and len(values) > min(highs):
            message = (
                f"must have at most {counted(min(highs), 'item')}",
                "delete items",
                f"最多 {min(highs)} 项",
                "请删减",
            )
        else:
            return values
        self._faults.add(node.place, path, node, message)
        return UNUSABLE

    def _scalar(self, form: Anatomy, metadata: tuple[Any, ...], node: Scalar, path: Key) -> Any:
        if node.value is None and form.optional:
            return None
        if not form.scalars:
            self._faults.add(node.place, path, node, wrong_form(form, node))
            return UNUSABLE
        if LoanFile in form.scalars:
            tape = self._tapes.read(node, path, self._faults)
            return UNUSABLE if tape is None else tape
        value = self._judged(form, metadata, node, node, path)
        if any(isinstance(quantity_of(kind, metadata), Quantity) for kind in form.scalars):
            self.checked.quantities.add(path)
        self._alone(node, path)
        if node.low is not None or node.high is not None:
            self._range(form, metadata, node, value, path)
        return value

    def _range(self, form: Anatomy, metadata: tuple[Any, ...], node: Scalar, value: Any, path: Key) -> None:
        bounds: list[Any] = []
        for name, bound in (("low", node.low), ("high", node.high)):
            judged = None if bound is None else self._judged(form, metadata, bound, bound, (*path, name))
            if judged is not None and (isinstance(judged, bool | str) or not isinstance(judged, int | float)):
                if judged is not UNUSABLE and bound is not None:
                    self._faults.add(bound.place, (*path, name), bound, range_without_number())
                return
            bounds.append(judged)
        low, high = bounds
        if isinstance(value, int | float):
            self._ordered(node, value, low, high, path)
        self.checked.ranges[path] = (low, high)
        self._one_sided(node, path)

    def _one_sided(self, node: Scalar, path: Key) -> None:
        """Warn of a range with one end: the value is no assumption then."""
        given = node.low or node.high
        if given is not None and (node.low is None or node.high is None):
            name, other = ("low", "high") if node.low is not None else ("high", "low")
            message = (
                f"{name} stands alone, so the value is taken for certain", f"add {other}, or delete it",
                f"只有 {name}，该值视为确定", f"请补上 {other}，或删除",
            )  # fmt: skip
            self._faults.add(given.place, (*path, name), given, message, warning=True)

    def _alone(self, node: Scalar, path: Key) -> None:
        """Refuse ``apart`` where there is nothing to draw."""
        if node.apart is not None and (node.low is None or node.high is None):
            message = ("apart goes with low and high", "add both, or delete it",
                       "apart 须与 low 和 high 同用", "请补全，或删除")  # fmt: skip
            self._faults.add(node.apart.place, (*path, "apart"), node.apart, message)

    def _ordered(self, node: Scalar, value: float, low: Any, high: Any, path: Key) -> None:
        if low is not None and low > value and node.low is not None:
            message = ("low lies above the value", "write a smaller number", "low 大于取值", "请写更小的数")
            self._faults.add(node.low.place, (*path, "low"), node.low, message)
        if high is not None and high < value and node.high is not None:
            message = ("high lies below the value", "write a larger number", "high 小于取值", "请写更大的数")
            self._faults.add(node.high.place, (*path, "high"), node.high, message)

    def _judged(self, form: Anatomy, metadata: tuple[Any, ...], node: Scalar, at: Scalar, path: Key) -> Any:
        if form.choices and len(form.scalars) == 1 and node.value not in form.choices:
            self._faults.add(at.place, path, at, no_choice(node, form.choices))
            return UNUSABLE
        adapter = _adapter(form.scalars, metadata)
        try:
            return reads_as(form, metadata, node)
        except pydantic.ValidationError as error:
            found = error.errors(include_url=False)[0]
        bounds = bounds_of(form.scalars[0], metadata)

        def accepts(text: str) -> bool:
            """Whether the key would take a text as its value, written without quotes or with them."""
            return any(_is_valid(adapter, value) for value in (resolve(text), text))

        self._faults.add(at.place, path, at, refused(found, bounds, node, form.choices, accepts))
        return UNUSABLE

    def rules(self, whole: Term, walk: Iterable[tuple[Key, Term]], tree: Block) -> None:
        """Call the cross-field rules of every term; ``whole`` is what they may look around in."""
        broken: Exception | None = None
        for path, item in walk:
            for name in _rules_of(type(item)):
                broken = self._rule(getattr(item, name), whole, path, tree) or broken
        # What a rule reads may itself be at fault and reported; in a sound scenario it is a bug.
        if broken is not None and not self._faults.has_errors:
            raise broken

    def _rule(self, rule: Any, whole: Term, path: Key, tree: Block) -> Exception | None:
        try:
            for found in rule(whole):
                where = (*path, *found.path)
                node, place = closest(tree, where)
                if found.warning and not self._complete:
                    continue
                message = (found.problem, found.fix, found.problem_zh, found.fix_zh)
                self._faults.add(place, where, node, message, warning=found.warning)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return error
        return None


@cache
def _rules_of(cls: type[Term]) -> tuple[str, ...]:
    """Return the names of a term's cross-field rules, in the order of the alphabet."""
    return tuple(name for name in dir(cls) if name == "faults" or name.startswith("faults_"))


def _best(terms: tuple[type[Term], ...], node: Block) -> type[Term]:
    """Return the term that shares most keys with a block."""
    return max(terms, key=lambda cls: sum(item.key in node.entries for item in fields_of(cls)))


def _partial(cls: type[Term], values: dict[str, Any]) -> Term:
    """Return a term without the fields that could not be read: reading them raises AttributeError."""
    usable = {name: value for name, value in values.items() if value is not UNUSABLE}
    partial = cls.model_construct(**usable)
    for item in fields_of(cls):
        if item.name not in usable and (item.name in values or item.required):
            partial.__dict__.pop(item.name, None)
    return partial


def _as_written(form: Anatomy, metadata: tuple[Any, ...], node: Scalar) -> object:
    """Return a value as the key's type reads it: a month that reads as a number has lost its last zero."""
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    month = is_number and any(quantity_of(kind, metadata) is YearMonth for kind in form.scalars)
    return node.written if month and node.place.file != "set" else node.value


def reads_as(form: Anatomy, metadata: tuple[Any, ...], node: Scalar) -> Any:
    """Return a single value as the type of its key reads it.

    Raises:
        pydantic.ValidationError: if it is none.
    """
    return _adapter(form.scalars, metadata).validate_python(_as_written(form, metadata, node))


def _is_valid(adapter: TypeAdapter[Any], value: object) -> bool:
    try:
        adapter.validate_python(value)
    except pydantic.ValidationError:
        return False
    return True


@lru_cache(maxsize=4096)
def _adapter(scalars: tuple[Any, ...], metadata: tuple[Any, ...]) -> TypeAdapter[Any]:
    kind: Any = reduce(or_, scalars)
    # pydantic refuses a configuration for a type that has its own, as a dataclass may.
    config = None if is_dataclass(kind) else _CONFIG
    return TypeAdapter(Annotated[kind, *metadata] if metadata else kind, config=config)


def closest(tree: Block, path: Key) -> tuple[Node | None, Place]:
    """Return the node at a path and its place; of a key that is left out, its block's place."""
    node: Node = tree
    place = tree.place
    for step in path:
        if isinstance(node, Block) and step in node.entries:
            entry = node.entries[str(step)]
            node, place = entry.node, entry.node.place if isinstance(entry.node, Scalar) else entry.place
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            return None, place
    return (node if isinstance(node, Scalar) else None), place


def places(tree: Block) -> dict[Key, Place]:
    """Return the place of every key, by path."""

    def walk(node: Node, path: Key) -> Iterator[tuple[Key, Place]]:
        if isinstance(node, Block):
            for key, entry in node.entries.items():
                yield (*path, key), entry.place
                yield from walk(entry.node, (*path, key))
        elif isinstance(node, Items):
            for index, item in enumerate(node.items):
                yield (*path, index), item.place
                yield from walk(item, (*path, index))

    return dict(walk(tree, ()))
