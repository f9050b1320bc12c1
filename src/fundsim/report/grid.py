"""A table for a console of any width: side by side where that is readable, one below the other elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from fundsim.report.folding import cells, fold, least_width, padded

__all__ = ["GLUE", "Grid", "Line"]

GAP = 2
LEAST = 20
"""Columns that words need beside numbers; with less the cells of a row stand one below the other."""
SHORT = 14
"""Words up to this width are not folded beside others."""
GLUE = "\N{NO-BREAK SPACE}"
"""A blank at which no line ends; it is drawn as any other, because old consoles have none."""
MOST_LINES = 2
"""Lines of words beside numbers; where they need more, the cells of a row stand one below the other."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    cells: tuple[str, ...]
    group: str = ""
    """Heading above this row and its neighbours of the same group; empty for none."""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Headings and rows as text, drawn for whatever width there is."""

    headings: tuple[str, ...]
    """Empty words for a table without headings."""
    lines: Sequence[Line]
    numeric: frozenset[int] = frozenset()
    """Columns that are not folded and stand to the right."""
    plain: bool = True
    """Without lines and colours, for pipes."""

    unit: int | None = None
    """Column that stands in brackets behind the first where there is no room for columns."""
    unit_of_first: str = ""
    """Unit of the first column's numbers, which their heading has where there is room for columns."""
    starts: frozenset[int] = frozenset()
    """Columns that begin a line of their own where there is no room for columns."""
    folded_headings: bool = False
    """Whether headings of numbers are folded: names of figures are longer than the figures."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it."""
        if not self.lines:
            return
        widths = self._widths(options.max_width)
        if widths is None:
            yield from self._stacked(options.max_width)
        else:
            rule = "─" if options.encoding.startswith("utf") else "-"
            yield from self._drawn(widths, options.max_width, rule)

    def _widths(self, room: int) -> list[int] | None:
        """Return the columns' widths, None if there is no room for them side by side."""
        natural = [self._natural(column, folded=False) for column in range(len(self.headings))]
        if self.folded_headings and sum(natural) > room - GAP * (len(natural) - 1):
            natural = [self._natural(column, folded=True) for column in range(len(self.headings))]
        folded = [c for c, width in enumerate(natural) if c not in self.numeric and width > SHORT]
        left = room - GAP * (len(natural) - 1)
        left -= sum(width for c, width in enumerate(natural) if c not in folded)
        if sum(natural[c] for c in folded) <= left:
            return natural
        least = {column: min(natural[column], self._least(column)) for column in folded}
        if left < sum(least.values()) or not folded:
            return None
        widths = self._shared(natural, least, left)
        return None if self._is_tall(widths, folded) else widths

    def _natural(self, column: int, *, folded: bool) -> int:
        """Return the width of a column in which nothing is folded, or only its heading above numbers."""
        body = max(cells(part) for line in self.lines for part in line.cells[column].split("\n"))
        heading = self.headings[column]
        if folded and column in self.numeric:
            return max(body, least_width(heading))
        return max(body, *(cells(part) for part in heading.split("\n")))

    def _least(self, column: int) -> int:
        """Return the columns that words of a column need beside numbers."""
        texts = (self.headings[column], *(line.cells[column] for line in self.lines))
        unbroken = max(map(least_width, texts))
        return unbroken if self.folded_headings else max(LEAST, unbroken)

    @staticmethod
    def _shared(natural: list[int], least: dict[int, int], left: int) -> list[int]:
        """Give narrow columns what they need, and the wide ones equal parts of the rest."""
        widths = list(natural)
        left -= sum(least.values())
        for place, column in enumerate(sorted(least, key=lambda c: natural[c] - least[c])):
            more = min(natural[column] - least[column], left // (len(least) - place))
            widths[column] = least[column] + more
            left -= more
        return widths

    def _is_tall(self, widths: list[int], folded: list[int]) -> bool:
        """Return whether the words of some row take many lines beside the row's numbers."""
        if not self.numeric:
            return False
        return any(len(fold(line.cells[c], widths[c])) > MOST_LINES for line in self.lines for c in folded)

    def _drawn(self, widths: list[int], room: int, rule: str) -> Iterator[Text]:
        """Yield the rows with their columns side by side."""
        if any(self.headings):
            yield from self._row(self.headings, widths, "" if self.plain else "bold")
            if not self.plain:
                yield Text(rule * min(room, sum(widths) + GAP * (len(widths) - 1)))
        for group, lines in groupby(self.lines, key=lambda line: line.group):
            if group:
                yield from (Text(part, style="" if self.plain else "bold") for part in fold(group, room))
            for line in lines:
                yield from self._row(line.cells, widths, "" if self.plain else line.style)
        yield Text()

    def _row(self, row: Sequence[str], widths: list[int], style: str) -> Iterator[Text]:
        folded = [fold(cell, width) for cell, width in zip(row, widths, strict=True)]
        for at in range(max(map(len, folded))):
            parts = [
                padded(lines[at] if at < len(lines) else "", width, right=column in self.numeric)
                for column, (lines, width) in enumerate(zip(folded, widths, strict=True))
            ]
            yield Text((" " * GAP).join(parts).rstrip(), style=style, no_wrap=True, overflow="ignore")

    def _stacked(self, room: int) -> Iterator[Text]:
        """Yield the rows one below the other: the first cell, then what the columns say."""
        for group, lines in groupby(self.lines, key=lambda line: line.group):
            if group:
                yield from (Text(part, style="" if self.plain else "bold") for part in fold(group, room))
            for line in lines:
                first = self._first(line, room)
                yield from (Text(part, style="" if self.plain else line.style) for part in first)
                yield from map(Text, self._packed(line.cells, room))
            if group:
                yield Text()
        if not group:
            yield Text()

    def _first(self, line: Line, room: int) -> list[str]:
        """Return the first cell of a row with its unit, which takes the last word along to the next line."""
        behind = line.cells[self.unit] if self.unit is not None else ""
        if not behind:
            return fold(f"{line.cells[0]} {self.unit_of_first}".rstrip(), room)
        unit = f"[{behind}]"
        whole = unit.replace(" ", GLUE) if cells(unit) <= room else unit
        last = f"{line.cells[0].rpartition(' ')[2]} {unit}"
        text = f"{line.cells[0]}{GLUE if cells(last) <= room else ' '}{whole}"
        return [part.replace(GLUE, " ") for part in fold(text, room)]

    def _packed(self, row: Sequence[str], room: int) -> Iterator[str]:
        """Yield indented lines of figures with their headings; words too long for a line are folded."""
        indent = "  " if room > SHORT else ""
        filled = indent
        for column, cell in enumerate(row):
            if not cell or column in (0, self.unit):
                continue
            heading = self.headings[column]
            # A heading of several words ends with a colon: it would run into its figure.
            figure = f"{heading}: {cell}" if " " in heading else f"{heading} {cell}".strip()
            full = cells(f"{filled}  {figure}") > room
            if filled.strip() and (full or column in self.starts):
                yield filled
                filled = indent
            if cells(f"{filled}{figure}") <= room:
                filled += f"  {figure}" if filled.strip() else figure
            else:
                yield from (f"{indent}{part}" for part in fold(figure, room - len(indent)))
        if filled.strip():
            yield filled
