"""The names that a scenario chooses: of segments, instruments and their parts, of banks and sectors.

They become columns, parties and files.  So they are short, none is a name of the program's own, and no two
differ in case or width only: a database and a disk that take no notice of case would take them for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fundsim.scenario.anatomy import anatomy, fields_of
from fundsim.scenario.faultlist import Message
from fundsim.scenario.holes import Incomplete
from fundsim.scenario.itemnames import unfit_name
from fundsim.scenario.nodes import Key, Place
from fundsim.scenario.spelling import folded
from fundsim.scenario.term import Term
from fundsim.scenario.terms import ScenarioTerms

__all__ = ["LONGEST", "OWN_INSTRUMENTS", "name_faults"]

LONGEST = 64
"""Characters of a name."""
OWN_INSTRUMENTS = frozenset({"scheme", "city", "firms", "outside", "budget", "banks"})
"""Parties and figures of the whole scheme, which stand where an instrument's name does."""
_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for devices, in any case and with any ending; ``com¹`` is ``com1`` here."""
_TOP = frozenset(item.key for item in fields_of(ScenarioTerms))

Found = tuple[Key, str | None, Message]
"""Path of the key or value at fault, the value where it is one, and what is wrong."""
Places = Mapping[Key, Place]


def name_faults(whole: Term, terms: Iterable[tuple[Key, Term]], places: Places) -> Iterator[Found]:
    """Yield what is wrong with the names of a scenario.

    Args:
        whole: the typed whole, partial where something is at fault.
        terms: every term in it with its path.
        places: where each key stands.
    """
    for path, term in terms:
        for group, names in _tables(path, term):
            yield from _faults_of_table(group, names, places)
    instruments = _mapping(whole, "instruments")
    for name, instrument in instruments.items():
        if isinstance(instrument, Term):
            yield from _faults_of_parts(("instruments", name), instrument, places)
    yield from _faults_of_lenders(instruments, places)
    yield from _faults_of_sectors(
        {"segments": _mapping(whole, "segments"), "instruments": instruments}, places
    )


def _mapping(term: Term, name: str) -> Mapping[str, Any]:
    found = term.__dict__.get(name)
    return found if isinstance(found, Mapping) and not isinstance(found, Incomplete) else {}


def _tables(path: Key, term: Term) -> Iterator[tuple[Key, list[str]]]:
    """Yield the mappings of a term whose keys are names of the scenario's own choice."""
    for item in fields_of(type(term)):
        table = item.anatomy.table
        if table is not None and (anatomy(table[1]).terms or item.key == "instruments"):
            names = _mapping(term, item.name)
            if names:
                yield (*path, item.key), [str(name) for name in names]


def _faults_of_table(group: Key, names: list[str], places: Places) -> Iterator[Found]:
    first: dict[str, str] = {}
    top = len(group) == 1
    for name in names:
        key = (*group, name)
        message = _refused(name, top=top)
        if message is None and group == ("instruments",) and folded(name) in OWN_INSTRUMENTS:
            message = _own(name)
        if message is not None:
            yield key, None, message
            continue
        other = first.setdefault(folded(name), name)
        if other != name:
            yield key, None, _alike(other, (*group, other), key, places)


def _refused(name: str, *, top: bool) -> Message | None:
    message = unfit_name(name, _TOP if top else ())
    if message is not None:
        return message
    if len(name) > LONGEST:
        return _too_long(name)
    if _DEVICES.fullmatch(folded(name)):
        return (f"Windows keeps the name {name} for a device, and files are named after this one",
                "choose another name",
                f"{name} 是 Windows 的设备名，而文件以此命名", "请换一个名称")  # fmt: skip
    return None


def _own(name: str) -> Message:
    return (f"the program itself uses the name {name}", "choose another name",
            f"{name} 是程序自用的名称", "请换一个名称")  # fmt: skip


def _too_long(name: str) -> Message:
    return (f"a name has at most {LONGEST} characters, and this one {len(name)}",
            "shorten it, and write the whole in title",
            f"名称最多 {LONGEST} 个字符，而此名称有 {len(name)} 个", "请缩短，全称可写入 title")  # fmt: skip


def _alike(other: str, first: Key, second: Key, places: Places) -> Message:
    """Return what to report of a name that differs from an earlier one in case or width only."""
    where, where_zh = _line(first, second, places)
    return (f"differs from {other}{where} in upper and lower case only", "choose another name",
            f"与 {other}{where_zh or ' '}仅大小写不同", "请换一个名称")  # fmt: skip


def _line(first: Key, second: Key, places: Places) -> tuple[str, str]:
    place, here = places.get(first), places.get(second)
    if place is None or not place.line:
        return "", ""
    if here is not None and here.file == place.file:
        return f" on line {place.line}", f"（第 {place.line} 行）"
    return f" on line {place.line} of {place.file}", f"（{place.file} 第 {place.line} 行）"


def _faults_of_parts(path: Key, instrument: Term, places: Places) -> Iterator[Found]:
    """Yield parts of an instrument that bear the name of another part or of one of its segments."""
    borrowers = _mapping(instrument, "borrowers")
    taken: dict[str, tuple[str, Key]] = {}
    if len(borrowers) > 1:  # of one segment there are no figures by segment
        taken = {folded(name): (name, ("segments", name)) for name in borrowers}
        for same, (name, key) in taken.items():
            if same in instrument.own_parts:
                yield key, None, _own(name)
    segments = set(taken)
    for item in fields_of(type(instrument)):
        table = item.anatomy.table
        inner = anatomy(table[1]).terms if table is not None else ()
        if not inner or not all(cls.names_parts for cls in inner):
            continue
        for name in _mapping(instrument, item.name):
            key = (*path, item.key, name)
            if folded(name) in instrument.own_parts:
                yield key, None, _own(name)
                continue
            other, first = taken.setdefault(folded(name), (name, key))
            if first == key or first[:-1] == key[:-1]:  # within one table it is reported already
                continue
            where, where_zh = _line(first, key, places)
            what, what_zh = ("segment", "分组") if folded(name) in segments else ("part", "组成部分")
            yield key, None, (
                f"the {what} {other}{where} has this name too, and their figures would share it",
                "choose another name",
                f"{what_zh} {other}{where_zh or ' '}与之同名，二者的指标将重名", "请换一个名称",
            )  # fmt: skip


def _faults_of_lenders(instruments: Mapping[str, Any], places: Places) -> Iterator[Found]:
    first: dict[str, tuple[str, Key]] = {}
    own = {folded(name): name for name in instruments}
    for name, instrument in instruments.items():
        lender = getattr(instrument, "__dict__", {}).get("lender")
        if not isinstance(lender, str):
            continue
        key = ("instruments", name, "lender")
        same = folded(lender)
        if same in OWN_INSTRUMENTS or same in own or (same.partition(".")[0].strip() in own and "." in same):
            yield key, lender, (
                f"another party is called {lender}: an instrument, or one of the program's own",
                "choose another name for the bank",
                f"另有主体名为 {lender}（政策工具或程序自用）", "请为银行换一个名称",
            )  # fmt: skip
        else:
            yield from _faults_of_text(lender, key, first, places)


def _faults_of_sectors(groups: Mapping[str, Mapping[str, Any]], places: Places) -> Iterator[Found]:
    first: dict[str, tuple[str, Key]] = {}
    for group, members in groups.items():
        for name, one in members.items():
            sector = getattr(one, "__dict__", {}).get("sector")
            if isinstance(sector, str):
                yield from _faults_of_text(sector, (group, name, "sector"), first, places)


def _faults_of_text(
    name: str, key: Key, first: dict[str, tuple[str, Key]], places: Places
) -> Iterator[Found]:
    """Yield what is wrong with a name that may be any text, and is written again wherever it is meant."""
    if not name.isprintable() or not name.strip():
        yield key, None, ("a name is one line of letters", "choose another name",
                          "名称须为一行可显示的文字", "请换一个名称")  # fmt: skip
        return
    if len(name) > LONGEST:
        yield key, name, _too_long(name)
        return
    other, where = first.setdefault(folded(name), (name, key))
    if other != name:
        message = _alike(other, where, key, places)
        yield (
            key,
            name,
            (message[0], f"write {other}, or choose another name", message[2], f"请写 {other}，或换一个名称"),
        )
