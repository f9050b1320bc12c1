"""A run's ``manifest.json`` as a scenario: what was run, to be run again.

It holds the resolved scenario, and the seed, paths, engine and metrics of the run.  Its text carries a
digest, so that a manifest that was altered or cut off is refused whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path, PureWindowsPath
from typing import Any

from fundsim.scenario.encoding import has_controls
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.files import NotFoundHere, ScenarioFile, read_limited
from fundsim.scenario.nodes import Block, Items, Node, Place, Scalar
from fundsim.scenario.python_values import UnfitValue, from_python
from fundsim.sealed import unsealed

__all__ = ["FORMAT", "TAPE_FOLDERS", "RepeatedRun", "is_manifest", "read_manifest"]

FORMAT = 1
"""Version of the result folder's layout."""
TAPE_FOLDERS = "tape_folders"
"""Key of the folders in which the scenario's tapes lie, as seen from the manifest's own and in full."""
_NAME = "manifest.json"
_MOST_BYTES = 64 << 20
_LARGEST_SEED = 2**64 - 1
_FOREIGN: Message = (
    "this is no manifest of a fundsim run", "name the manifest.json of a result folder, or a scenario file",
    "这不是 fundsim 运行结果的 manifest.json", "请写结果文件夹中的 manifest.json，或情景文件",
)  # fmt: skip
_DAMAGED: Message = (
    "the manifest is damaged or was altered",
    "run the scenario again, or write what is to be changed with --set",
    "该 manifest.json 已损坏或被改动", "请重新运行情景，或用 --set 写出要改的数值",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RepeatedRun:
    """How the run was run whose manifest is the scenario."""

    paths: int
    seed: int
    engine: str
    metrics: tuple[str, ...] | None
    """Patterns of the metrics that it kept; None for all."""


def is_manifest(file: ScenarioFile, data: bytes) -> bool:
    """Return whether a file is meant as a run's manifest, sound or not, by its name or its beginning."""
    start = data[:4096].lstrip()
    if start.startswith(b"{") and b'"format"' in start and b'"scenario"' in start:
        return True
    if file.path.name.lower() != _NAME:
        return False
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return True
    return not (isinstance(found, dict) and found.keys() & {"extends", "instruments", "window"})


def read_manifest(file: ScenarioFile, faults: FaultList) -> tuple[Block, RepeatedRun, ScenarioFile] | None:
    """Return the tree of a manifest's scenario, the run, and the file with the folders of its tapes.

    None if it can't be used, which is reported.
    """
    place = Place(file.shown, 0, 0)
    try:
        data = read_limited(file.path, _MOST_BYTES + 1)
    except NotFoundHere as missing:
        faults.add(place, "", None, missing.message)
        return None
    found, intact = unsealed(data)
    message = _refused(found, intact)
    run = None if message or found is None else _run_of(found)
    if found is None or run is None:
        faults.add(place, "", None, message or _FOREIGN)
        return None
    resolved = found["scenario"]["resolved"]
    settings = {**resolved.get("run", {}), "paths": run.paths, "seed": run.seed}
    try:
        tree = from_python({**resolved, "run": settings}, place)
    except UnfitValue:
        faults.add(place, "", None, _FOREIGN)
        return None
    assert isinstance(tree, Block)  # noqa: S101 - made from a mapping
    _annotate(tree, found.get("inputs", ()), place)
    _compare_versions(found, place, faults)
    return tree, run, replace(file, tape_folders=_tape_folders(found, file.path))


def _annotate(tree: Block, inputs: Iterable[Mapping[str, Any]], place: Place) -> None:
    """Give values back what the scenario stated of them; manifests of older versions say nothing of it."""
    for one in inputs:
        node = _at(tree, one["key"].split("."))
        if isinstance(node, Scalar):
            node.low, node.high = (_scalar(one[end], place) for end in ("low", "high"))
            node.apart = _scalar(one["apart"] or None, place)
            node.source, node.note = tuple(one["source"]), one["note"]


def _at(node: Node | None, steps: Iterable[str]) -> Node | None:
    """Return the node at a path; None where there is none."""
    for step in steps:
        if isinstance(node, Block) and step in node.entries:
            node = node.entries[step].node
        elif isinstance(node, Items) and step.isdecimal() and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            return None
    return node


def _scalar(value: Any, place: Place) -> Scalar | None:
    return None if value is None else Scalar(place=place, value=value, written=str(value))


def _refused(found: Mapping[str, Any] | None, intact: bool) -> Message | None:
    if found is None:
        return _DAMAGED
    if "format" not in found or not isinstance(found.get("scenario"), dict):
        return _FOREIGN
    if found["format"] != FORMAT:
        return ("the manifest was written by a version of fundsim with another layout",
                "run it again with that version", "该 manifest.json 由格式不同的 fundsim 版本写出",
                "请用该版本重新运行")  # fmt: skip
    return None if intact else _DAMAGED


def _run_of(found: Mapping[str, Any]) -> RepeatedRun | None:
    """Return the run, or None where a manifest lacks what ours have."""
    resolved, kept = found["scenario"].get("resolved"), found.get("kept")
    paths, seed, engine = found.get("paths"), found.get("seed"), found.get("engine")
    sound = (
        isinstance(resolved, dict)
        and isinstance(resolved.get("run", {}), dict)
        and type(paths) is int
        and paths >= 1
        and type(seed) is int
        and 0 <= seed <= _LARGEST_SEED
        and engine in ("core", "reference")
        and (kept is None or (isinstance(kept, list) and all(isinstance(one, str) for one in kept)))
        and isinstance(found.get("versions"), dict)
        and not any(has_controls(text) for text in _texts(resolved))
    )
    if not sound:
        return None
    return RepeatedRun(int(str(paths)), int(str(seed)), str(engine), None if kept is None else tuple(kept))


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _compare_versions(found: Mapping[str, Any], place: Place, faults: FaultList) -> None:
    then, now = str(found["versions"].get("fundsim")), version("fundsim")
    if then != now:
        message = (f"this run was made by fundsim {then}, and this is {now}: figures may differ",
                   f"install fundsim {then} to get the same figures",
                   f"该结果由 fundsim {then} 得出，而当前版本为 {now}：数值可能不同",
                   f"如需相同数值，请安装 fundsim {then}")  # fmt: skip
        faults.add(place, "", None, message, warning=True)


def _tape_folders(found: Mapping[str, Any], path: Path) -> tuple[Path, ...]:
    """Return the folders that are named; those of another computer on the network are none that we write."""
    named = found.get(TAPE_FOLDERS)
    home = path.resolve().parent
    return tuple(
        home / one
        for one in (named if isinstance(named, list) else [])
        if isinstance(one, str) and "\0" not in one and _may_be_ours(one)
    )


def _may_be_ours(folder: str) -> bool:
    """Return whether a folder is seen from the manifest's own, or given in full on this computer's disks."""
    if folder.startswith(("//", "\\\\")):
        return False
    return Path(folder).is_absolute() or not PureWindowsPath(folder).anchor
