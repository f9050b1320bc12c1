"""What is said of a loan tape that was read: whatever its reader took from headings, to be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fundsim.scenario.loan_columns import DUE
from fundsim.scenario.loan_header import Layout
from fundsim.scenario.loan_read import Asked, Note
from fundsim.scenario.nodes import shown

__all__ = ["said_of"]

_ZH = {
    "segment": "分组",
    "principal": "本金",
    "months_left": "剩余期限",
    "pd": "违约概率",
    "lgd": "违约损失率",
    "id": "编号",
}


def said_of(layout: Layout, units: Mapping[str, str], asked: Asked) -> Iterator[Note]:
    """Yield the columns that were recognised by other names or have units, and those that were not used."""
    for use in layout.uses:
        heading, unit = shown(use.heading), units[use.column]
        if use.column == DUE:
            yield (
                f"months left counted from {heading}, the window's start being {asked.start}",
                f"剩余期限按“{heading}”与政策期起始月 {asked.start} 计算",
            )
        elif heading != use.column or unit:
            stated = f" in {_unit(use.column, unit)}" if unit else ""
            stated_zh = f"，以{_unit(use.column, unit)}计" if unit else ""
            yield f"{use.column} from {heading}{stated}", f"{_ZH[use.column]}取自“{heading}”{stated_zh}"
    if layout.aside:
        names = [shown(name) for name in layout.aside]
        yield f"not used: {', '.join(names)}", f"未使用的列：{'、'.join(names)}"


def _unit(column: str, ending: str) -> str:
    return f"{ending}元" if column == "principal" else ending
