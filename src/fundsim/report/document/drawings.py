"""Pictures inside a web page: SVG without names that could collide, letters drawn once for all of them."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

from fundsim.report.document.headings import legible
from fundsim.report.document.model import Drawing, Stored

__all__ = ["Inlined"]

LEFT_OUT = ("metadata", "style", "title", "desc")
REFERENCE = re.compile(r"(?<=url\(#)[^)]+")
LOOK = "display:block;width:100%;max-width:46rem;height:auto;margin:0 auto"
"""Of a picture that a folder keeps; the style sheet has that of the others."""
LETTER = "NotoSansSC"
"""How matplotlib's names of letters begin."""


class Inlined:
    """Turns pictures into SVG elements of one page.

    An outline of a letter is kept once, under ``letters``, whichever pictures use it: letters are most of
    what an SVG of matplotlib consists of.  All other names get the number of their picture.
    """

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._count = 0

    def svg(self, drawing: Drawing) -> str:
        """Return a picture as an element of the page, without declaration, metadata and comments.

        A picture that a folder keeps stands in the page as it is.
        """
        label = html.escape(legible(drawing.title))
        if isinstance(drawing.picture, Stored):
            content = base64.b64encode(drawing.picture.png).decode("ascii")
            return f'<img alt="{label}" style="{LOOK}" src="data:image/png;base64,{content}">'
        self._count += 1
        root = fromstring(drawing.picture.content("svg"))  # noqa: S314  (we wrote it a moment ago)
        used = set(_references(root))
        inner = "".join(self._written(child, used) for child in root)
        box = html.escape(root.get("viewBox", ""))
        return f'<svg role="img" aria-label="{label}" viewBox="{box}">{inner}</svg>'

    @property
    def letters(self) -> str:
        """The element that holds the letters; it must stand in the page too, and takes no room."""
        outlines = "".join(f'<path id="{name}" {said}/>' for name, said in self._letters.items())
        return f'<svg class="letters" aria-hidden="true" width="0" height="0"><defs>{outlines}</defs></svg>'

    def _written(self, element: Element, used: set[str]) -> str:
        tag = _local(element.tag)
        name = element.get("id", "")
        if tag in LEFT_OUT:
            return ""
        if tag == "path" and name.startswith(LETTER):
            self._letter(element)
            return ""
        said = "".join(f' {key}="{value}"' for key, value in self._attributes(element, used))
        inner = "".join(self._written(child, used) for child in element)
        if tag in ("defs", "g") and not inner:
            return ""
        text = html.escape(element.text.strip()) if element.text else ""
        return f"<{tag}{said}>{text}{inner}</{tag}>" if text or inner else f"<{tag}{said}/>"

    def _attributes(self, element: Element, used: set[str]) -> Iterator[tuple[str, str]]:
        for key, value in element.attrib.items():
            name = _local(key)
            if name == "href":
                yield "xlink:href", f"#{self._named(value.removeprefix('#'))}"
            elif name == "id":
                if value in used:
                    yield "id", self._named(value)
            else:
                renamed = REFERENCE.sub(lambda found: self._named(found[0]), value)
                yield name, html.escape(" ".join(renamed.split()))

    def _named(self, name: str) -> str:
        return name if name.startswith(LETTER) else f"d{self._count}-{name}"

    def _letter(self, element: Element) -> None:
        outline = " ".join(element.get("d", "").split())
        said = f'd="{html.escape(outline)}" transform="{html.escape(element.get("transform", ""))}"'
        self._letters[html.escape(element.get("id", ""))] = said


def _references(root: Element) -> Iterator[str]:
    """Yield the names that something in a picture refers to."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if _local(key) == "href":
                yield value.removeprefix("#")
            yield from REFERENCE.findall(value)


def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]
