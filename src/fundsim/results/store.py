"""The result folder: written whole or not at all, and never silently misread."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fundsim.errors import UsageError
from fundsim.results.folder import Target
from fundsim.results.in_doubt import IN_DOUBT, from_plain
from fundsim.results.manifest import TAPE_FOLDERS
from fundsim.results.older import with_fields_of_names
from fundsim.results.reading import check_file, damaged, folder_there, read_manifest
from fundsim.results.run_data import RunData
from fundsim.results.series import SERIES_COLUMNS, SERIES_LEVELS, Fan
from fundsim.results.statistics import Floats
from fundsim.results.stored import described_by, stored_keys
from fundsim.results.summary import from_json
from fundsim.results.writing import KIND, write_folder
from fundsim.sealed import json_bytes

__all__ = ["read", "save"]

SUMMARY, PATHS, SERIES, PLOTS = "summary.json", "paths.parquet", "series.parquet", "plots"
GROUP_ROWS = 131_072
GROUP_BYTES = 32 * 2**20
"""Most rows of a row group of ``paths.parquet``, and most bytes: a group is written from memory as one."""

Draw = Callable[[Path], object]
"""Writes pictures into a folder."""
Labels = Callable[[str], tuple[str, str]]
"""Key of a column → what a reader calls it, in English and Chinese."""


def save(results: RunData, target: Target, *, draw: Draw, labels: Labels) -> Path:
    """Write the folder under a temporary name beside it, flush it to disk, then give it its place.

    A crash at any moment leaves the old run or the new one whole.  ``paths.parquet`` gets the columns of
    ``stored_keys``.

    Raises:
        UsageError: Another command has put a run there since the target was checked; this one is then kept
            beside it.
        OutputError: The disk is full or read-only; nothing is left behind.
    """
    write_folder(
        target,
        fill=lambda work: _fill(results, work, draw, labels),
        manifest=lambda files: _manifest(results, target.path, files),
        called=("run", "运行结果"),
    )
    return target.path


def _fill(results: RunData, work: Path, draw: Draw, labels: Labels) -> None:
    keys = stored_keys(results.manifest, results.column_keys)
    (work / SUMMARY).write_bytes(json_bytes(results.to_json()))
    _write_paths(results, keys, labels, work / PATHS)
    _write_series(results.fans, work / SERIES)
    (work / PLOTS).mkdir()
    draw(work / PLOTS)


def _manifest(results: RunData, folder: Path, files: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: value for key, value in results.manifest.items() if key != TAPE_FOLDERS},
        "columns": list(stored_keys(results.manifest, results.column_keys)),
        "files": files,
        **_tape_folders(results, folder),
    }


def _tape_folders(results: RunData, folder: Path) -> dict[str, list[str]]:
    """Return where the scenario's tapes lie: a repetition looks there.

    Each place is given as seen from the result folder, for both may move together, and in full, for the
    result folder may move alone.
    """
    found: dict[str, None] = {}
    for home in results.tape_folders:
        with contextlib.suppress(ValueError):  # another drive has no relative path
            found[Path(os.path.relpath(home, folder)).as_posix()] = None
    for home in results.tape_folders:
        found[Path(os.path.abspath(home)).as_posix()] = None
    return {TAPE_FOLDERS: list(found)} if found else {}


def _schema(manifest: Mapping[str, Any], keys: Sequence[str], labels: Labels) -> pa.Schema:
    """Return the columns of the paths with what a reader needs to know of each, and of the run.

    Nothing of the clock is in it: the same run writes the same bytes.
    """
    described = {metric["name"]: metric for metric in manifest["metrics"]}

    def field(key: str) -> pa.Field:
        english, chinese = labels(key)
        said = {"unit": described_by(key, described)["unit"], "label": english, "label_zh": chinese}
        return pa.field(key, pa.float64(), metadata=said)

    number = {"label": "number of the path", "label_zh": "路径编号"}
    run = {
        "fundsim.version": manifest["versions"]["fundsim"],
        "fundsim.scenario": manifest["scenario"]["name"],
        "fundsim.scenario_sha256": manifest["scenario"]["sha256"],
        "fundsim.seed": str(manifest["seed"]),
        "fundsim.paths": str(manifest["paths"]),
        "fundsim.engine": manifest["engine"],
    }
    return pa.schema([pa.field("path", pa.int64(), metadata=number), *map(field, keys)], metadata=run)


def _write_paths(results: RunData, keys: Sequence[str], labels: Labels, path: Path) -> None:
    schema = _schema(results.manifest, keys, labels)
    # No dictionaries: of real numbers they are slower to write and no smaller.
    with pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=False, write_page_checksum=True
    ) as writer:
        rows = max(1, min(GROUP_ROWS, GROUP_BYTES // (8 * len(schema))))
        for first in range(0, results.n_paths, rows):
            count = min(rows, results.n_paths - first)
            arrays = [_column(np.arange(first, first + count, dtype=np.int64), pa.int64())]
            arrays += [_with_nulls(results.columns.read(key, first, count)) for key in keys]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _column(values: NDArray[Any], kind: pa.DataType, valid: bytes | None = None) -> pa.Array:
    """Return an Arrow column over the memory of an array; ``pa.array`` would import pandas first."""
    validity = None if valid is None else pa.py_buffer(valid)
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def _with_nulls(values: Floats) -> pa.Array:
    """Return a column with null for NaN, so that an average in SQL leaves it out as ours does."""
    missing = np.isnan(values)
    valid = np.packbits(~missing, bitorder="little").tobytes() if missing.any() else None
    return _column(values, pa.float64(), valid)


def _texts(texts: Sequence[str]) -> pa.Array:
    encoded = [text.encode("utf-8") for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))


def _write_series(fans: Mapping[str, Fan], path: Path) -> None:
    names = [name for name, fan in fans.items() for _ in fan.mean]
    months = [month for fan in fans.values() for month in range(len(fan.mean))]

    def joined(parts: Sequence[Floats]) -> pa.Array:
        return _with_nulls(np.concatenate([np.empty(0), *parts]))

    means = joined([fan.mean for fan in fans.values()])
    quantiles = [joined([fan.quantiles[level] for fan in fans.values()]) for level in SERIES_LEVELS]
    elapsed = _column(np.array(months, dtype=np.int64), pa.int64())
    arrays = [_texts(names), elapsed, means, *quantiles]
    table = pa.Table.from_arrays(arrays, names=list(SERIES_COLUMNS))
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


class _StoredColumns:
    """The columns of ``paths.parquet``, read and checked when they are asked for."""

    def __init__(
        self, path: Path, fingerprint: Mapping[str, Any], n_paths: int, names: tuple[str, ...]
    ) -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._n_paths = n_paths
        self._names = names
        self._checked = False

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    @property
    def n_paths(self) -> int:
        return self._n_paths

    def read(self, name: str, first: int = 0, count: int | None = None) -> Floats:
        if not self._checked:
            check_file(self._path, self._fingerprint)
            self._checked = True
        table = _read_table(self._path, [name])
        values = table.column(0).to_numpy().astype(np.float64, copy=False)
        return np.asarray(values[first : None if count is None else first + count])


def read(folder: str | Path) -> RunData:
    """Read a result folder.

    Raises:
        UsageError: There is no such folder.
        ResultsError: The folder holds no finished run, or a file is missing, truncated or altered.
            The paths are checked when they are first asked for.
    """
    folder = folder_there(folder)
    manifest = with_fields_of_names(_manifest_of_run(folder))
    files = manifest["files"]
    for name in (SUMMARY, SERIES):
        check_file(folder / name, files[name])
    if not (folder / PATHS).is_file():
        raise damaged(folder / PATHS, "is missing", "不存在")
    plain = json.loads((folder / SUMMARY).read_bytes())
    summary = from_json(plain)
    keys = tuple(manifest["columns"])
    return RunData(
        manifest=manifest,
        summary=summary,
        columns=_StoredColumns(folder / PATHS, files[PATHS], int(manifest["paths"]), keys),
        column_keys=keys,
        fans=_read_fans(folder / SERIES),
        tape_folders=_standing(folder.resolve() / home for home in manifest.get(TAPE_FOLDERS, ())),
        in_doubt=from_plain(plain[IN_DOUBT]) if IN_DOUBT in plain else None,
    )


def _standing(homes: Iterable[Path]) -> list[Path]:
    """Return the folders that are there, each once; all of them where none is."""
    found = [Path(home) for home in dict.fromkeys(os.path.abspath(home) for home in homes)]
    return [home for home in found if home.is_dir()] or found


def _manifest_of_run(folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    if KIND in manifest:
        raise UsageError(
            f"{folder} holds a {manifest[KIND]}, not a run; name the folder of a run",
            f"{folder} 中是比较等其他结果（{manifest[KIND]}），不是运行结果；请写运行结果的文件夹",
        )
    return manifest


def _read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise damaged(path) from error


def _read_fans(path: Path) -> dict[str, Fan]:
    table = _read_table(path)
    names = table.column("metric").to_pylist()
    fans: dict[str, Fan] = {}
    for name in dict.fromkeys(names):
        rows = [row for row, other in enumerate(names) if other == name]
        start, stop = rows[0], rows[-1] + 1
        columns = {
            c: np.asarray(table.column(c).to_numpy()[start:stop], dtype=float) for c in SERIES_COLUMNS[2:]
        }
        fans[name] = Fan(columns.pop("mean"), columns)
    return fans
