"""A loan tape that a scenario names: found, read once, and known by its digest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from fundsim.errors import counted, place_text
from fundsim.scenario.faultlist import FaultList, Message
from fundsim.scenario.files import (
    DeviceName,
    NotFoundHere,
    ScenarioFile,
    contained,
    read_limited,
    shown_beside,
)
from fundsim.scenario.nodes import Block, Key, Node, Place, Scalar, shown, written
from fundsim.scenario.spelling import nearest
from fundsim.scenario.workbook import SUFFIX
from fundsim.year_month import YearMonth

if TYPE_CHECKING:
    from fundsim.scenario.loan_faults import RowFault
    from fundsim.scenario.loan_table import Loans

__all__ = ["MAX_TAPE_BYTES", "MOST_REPORTED", "LoanFile", "LoanFiles", "TapeUnit"]

MAX_TAPE_BYTES = 256 << 20
"""Largest loan tape [bytes]."""
MOST_REPORTED = 20
"""Faults of one tape that are reported one by one; the others are counted."""
TapeUnit = Literal["元", "千元", "万元", "百万元", "千万元", "亿元"]
"""Units that the amounts of a tape may have."""
_SUFFIXES = (".csv", ".parquet", SUFFIX)
_OTHER_WORKBOOKS = (".xls", ".et", ".xlsm", ".xlsb", ".ods")
_PINNED = re.compile(r"(?P<name>.*\S)\s+sha256:(?P<digest>\S*)", re.IGNORECASE)
"""A name with the digest that the content must have, as resolved scenarios and manifests write it."""


@dataclass(frozen=True, slots=True)
class LoanFile:
    """A loan tape as a value of a scenario: its name, its SHA-256, and its loans.

    Two tapes are equal when name and content are; the text form, which the resolved scenario holds, is
    ``loans.csv sha256:…``.
    """

    name: str
    sha256: str
    loans: Loans = field(compare=False, repr=False)
    folder: Path = field(compare=False, repr=False)
    """The folder in which ``name`` was found."""

    def __str__(self) -> str:
        return f"{self.name} sha256:{self.sha256}"

    def at(self, row: int, column: str = "") -> str:
        """Return the place of a loan as messages write it."""
        line = int(self.loans.lines[row])
        if not self.loans.sheet:
            return place_text(self.name, line, 0)
        columns = self.loans.columns
        if column not in columns:
            column = "due" if column == "months_left" else "segment"
        return place_text(f"{self.name}!{self.loans.sheet}", line, columns[column])

    @property
    def is_open(self) -> bool:
        """Whether Excel or WPS has the workbook open, so that it may have changes that were not saved."""
        path = self.folder / self.name
        return path.suffix.lower() == SUFFIX and path.with_name(f"~${path.name}").exists()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())


@lru_cache(maxsize=4)
def _parsed(
    digest: str, suffix: str, data: _Bytes, start: YearMonth | None, unit: str | None, sheet: str | None
) -> tuple[Loans | None, tuple[RowFault, ...]]:
    # Imported when the first tape is read: a scenario without one needs neither numpy nor pyarrow.
    from fundsim.scenario.loan_table import Asked, read_loans  # noqa: PLC0415

    return read_loans(data.content, suffix, Asked(start, unit, sheet))


@dataclass(frozen=True, slots=True)
class _Bytes:
    """The content of a file, alike for the cache whatever it is: the digest stands for it."""

    content: bytes = field(compare=False, hash=False)


class LoanFiles:
    """Reads the tapes that scenario files name, each beside the file that names it."""

    def __init__(self, files: Mapping[str, ScenarioFile], asked: str, tree: Block | None = None) -> None:
        """Take the scenario files by the names that messages give them, the one asked for, and the whole."""
        self._files = files
        self._asked = asked
        self._tree = tree or Block(place=Place(asked, 0, 0))

    def read(self, node: Scalar, path: Key, faults: FaultList) -> LoanFile | None:
        """Return the tape that a value names, or None after reporting what is wrong with it."""
        if not isinstance(node.value, str) or not node.value.strip():
            message = (
                "the name of a file is expected",
                "write tape: loans.csv",
                "此处应为文件名",
                "请写 tape: loans.csv",
            )
            faults.add(node.place, path, node, message)
            return None
        # A value of the command line belongs to the scenario that was asked for.
        home = self._files.get(node.place.file) or self._files[self._asked]
        try:
            name, pinned = _split(node.value.strip())
            data, suffix, folder = _content(name, pinned, home)
        except NotFoundHere as missing:
            faults.add(node.place, path, node, missing.message)
            return None
        digest = hashlib.sha256(data).hexdigest()
        unit = self._beside(path, "tape_unit")
        unit = unit if unit in get_args(TapeUnit) else None
        loans, found = _parsed(
            digest, suffix, _Bytes(data), self._start(), unit, self._beside(path, "tape_sheet")
        )
        _report(found, shown_beside(home, name), faults)
        return None if loans is None else LoanFile(name, digest, loans, folder)

    def _start(self) -> YearMonth | None:
        """Return the first month of the window, None where it can't be read, which is reported there."""
        node = _node(self._tree, ("window", "start"))
        value = node.value if isinstance(node, Scalar) else None
        try:
            # A month that reads as a number has lost its last zero.
            return YearMonth.read(value if isinstance(value, str) or node is None else written(node))
        except PydanticCustomError:
            return None

    def _beside(self, path: Key, key: str) -> str | None:
        """Return a text that stands beside the name of a tape; what is no text is reported there."""
        node = _node(self._tree, (*path[:-1], key))
        value = node.value if isinstance(node, Scalar) else None
        return value if isinstance(value, str) else None


def _node(tree: Node, path: Key) -> Node | None:
    """Return the node at a path, None where there is none."""
    node: Node | None = tree
    for step in path:
        entry = node.entries.get(str(step)) if isinstance(node, Block) else None
        node = entry.node if entry else None
    return node


def _split(value: str) -> tuple[str, str | None]:
    """Return the name of a tape and the digest that its content must have, if one is written.

    Raises:
        NotFoundHere: if what stands in its place is no digest.
    """
    found = _PINNED.fullmatch(value)
    if found is None:
        return value, None
    digest = found["digest"].lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise NotFoundHere(
            "a digest is sha256: and 64 hexadecimal digits", f"copy it whole, or write {found['name']} alone",
            "摘要应为 sha256: 加 64 位十六进制数字", f"请完整复制，或只写 {found['name']}",
        )  # fmt: skip
    return found["name"], digest


def _content(name: str, pinned: str | None, home: ScenarioFile) -> tuple[bytes, str, Path]:
    """Return the bytes of a tape, its kind, and the folder that its name starts from.

    Raises:
        NotFoundHere: if it is not there, not allowed, too large, of another kind, or not what was pinned.
    """
    if pinned is not None and home.tape_folders is not None:
        return _content_of_run(name, pinned, home, home.tape_folders)
    folder = home.path.resolve().parent
    path = _allowed(name, home.path.parent, home.root)
    if not path.exists():
        beside = [p.name for p in home.path.parent.glob("*") if p.suffix.lower() in _SUFFIXES]
        hint = nearest(name, beside)
        raise NotFoundHere(
            "there is no such file", f"did you mean {hint}?" if hint else "check the name and the folder",
            "没有这个文件", f"是否想写 {hint}？" if hint else "请检查文件名和所在文件夹",
        )  # fmt: skip
    data = _limited(path)
    if pinned is not None and (digest := hashlib.sha256(data).hexdigest()) != pinned:
        raise _changed(digest, f"or write {name} alone", f"或只写 {name}")
    return data, path.suffix.lower(), folder


def _content_of_run(
    name: str, pinned: str, manifest: ScenarioFile, folders: tuple[Path, ...]
) -> tuple[bytes, str, Path]:
    """Return a tape of a run: beside its manifest, or where the scenario lay.

    A manifest may name any folder, so a file's content is used only if its digest is the run's.
    """
    here = manifest.path.resolve().parent
    changed = None
    for folder, reference in (
        (here, name),
        (here, PurePosixPath(name.replace("\\", "/")).name),
        *((folder, name) for folder in folders),
    ):
        path = _allowed(reference, folder, Path(folder.anchor))
        if not path.is_file():
            continue
        data = _limited(path)
        digest = hashlib.sha256(data).hexdigest()
        if digest == pinned:
            return data, path.suffix.lower(), folder
        changed = changed or digest
    if changed:
        raise _changed(changed, "beside the manifest or where it was", "放在 manifest.json 旁或原处")
    file = PurePosixPath(name.replace("\\", "/")).name
    raise NotFoundHere("the tape of the run is not there", f"put {file} beside the manifest",
                       "没有找到该次运行的贷款明细", f"请把 {file} 放在 manifest.json 旁")  # fmt: skip


def _changed(digest: str, fix: str, fix_zh: str) -> NotFoundHere:
    return NotFoundHere(
        f"the file has changed since: its SHA-256 is {digest}", f"bring the old file back, {fix}",
        f"文件已改变：其 SHA-256 为 {digest}", f"请恢复原文件，{fix_zh}",
    )  # fmt: skip


def _allowed(name: str, folder: Path, root: Path) -> Path:
    """Return the path of a tape that a scenario may name."""
    try:
        path = contained(name, folder, root)
    except DeviceName:
        raise
    except NotFoundHere as refused:
        raise NotFoundHere(
            refused.message[0],
            "put the tape in the scenario's folder or below, and write its name such as loans.csv",
            refused.message[2], "请把明细放入情景所在文件夹或其子文件夹，并写如 loans.csv 的文件名",
        ) from None  # fmt: skip
    if path.suffix.lower() in _OTHER_WORKBOOKS:
        raise NotFoundHere("of workbooks only .xlsx is read", "open it in Excel or WPS and save it as .xlsx",
                           "工作簿只读取 .xlsx", "请用 Excel 或 WPS 打开后另存为 .xlsx")  # fmt: skip
    if path.suffix.lower() not in _SUFFIXES:
        raise NotFoundHere("a loan tape is a CSV, an .xlsx or a Parquet file",
                           "name a .csv, .xlsx or .parquet file",
                           "贷款明细须为 CSV、.xlsx 或 Parquet 文件",
                           "请写 .csv、.xlsx 或 .parquet 文件名")  # fmt: skip
    return path


def _limited(path: Path) -> bytes:
    data = read_limited(path, MAX_TAPE_BYTES + 1)
    if len(data) > MAX_TAPE_BYTES:
        raise NotFoundHere("the file is larger than 256 MiB", "save it as Parquet, or leave columns out",
                           "文件超过 256 MiB", "请存为 Parquet，或删去不用的列")  # fmt: skip
    return data


def _report(found: tuple[RowFault, ...], file: str, faults: FaultList) -> None:
    for fault in found[:MOST_REPORTED]:
        value = None if fault.value is None else shown(fault.value)
        place = Place(_within(file, fault), fault.line, fault.character)
        faults.add(place, shown(fault.column), value, fault.message)
    more = sum(fault.count for fault in found) - min(len(found), MOST_REPORTED)
    if more > 0:
        message: Message = (f"{counted(more, 'more fault')} in this file", "fix these first",
                            f"该文件中另有 {more:,} 处错误", "请先改正以上各处")  # fmt: skip
        beyond = found[MOST_REPORTED]
        faults.add(Place(_within(file, beyond), beyond.line, beyond.character), "", None, message)


def _within(file: str, fault: RowFault) -> str:
    """Return a file, or its sheet, as messages name it."""
    return f"{file}!{shown(fault.sheet)}" if fault.sheet else file
