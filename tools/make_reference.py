"""Make the reference pages, the schema and the glossary's key table from the terms of the instruments.

    python tools/make_reference.py [docs]

A test compares the committed pages with these.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fundsim.instruments import KINDS
from fundsim.scenario.pages import pages, with_glossary


def main(folder: Path) -> None:
    """Write all pages below a folder of documents."""
    for name, text in pages(KINDS).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    glossary = folder / "glossary.md"
    text = with_glossary(glossary.read_text(encoding="utf-8"), KINDS)
    glossary.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
