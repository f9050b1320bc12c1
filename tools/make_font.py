"""Make the font of the pictures, a subset of Noto Sans SC.

    python tools/make_font.py NotoSansSC-Regular.ttf Unihan_OtherMappings.txt

The first file is Google's static Noto Sans SC in TrueType outlines (SIL Open Font License 1.1), the
second comes from the Unicode character database: its field kTGH numbers the 8,105 characters of
通用规范汉字表 (2013).
Needs fontTools, which matplotlib brings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "src" / "fundsim" / "report" / "fonts" / "NotoSansSC-subset.ttf"

RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x205E),  # per mille, primes, brackets
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # letter-like: ℃, №
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x25A0, 0x25FF),  # squares, circles: □ stands for a character that is not here
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3200, 0x33FF),  # ㎡, ㈠
    (0xFF00, 0xFFEF),  # full-width forms
)


def standard_characters(unihan: Path) -> Iterator[int]:
    """Yield the code points of 通用规范汉字表."""
    for line in unihan.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[1] == "kTGH":
            yield int(parts[0].removeprefix("U+"), 16)


def main(source: str, unihan: str) -> None:
    """Write the subset: outlines and metrics of the wanted characters, and nothing else."""
    standard = set(standard_characters(Path(unihan)))
    if len(standard) != 8105:
        raise SystemExit(f"{unihan} numbers {len(standard)} characters, not 8,105")
    common = {code for code in range(0x4E00, 0xA000) if chr(code).encode("gb2312", "ignore")}
    ranged = {code for first, last in RANGES for code in range(first, last + 1)}
    font = TTFont(source, recalcTimestamp=False)
    wanted = standard | common | ranged
    options = Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"], name_languages=["*"]
    )
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted & set(font.getBestCmap()))
    subsetter.subset(font)
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    missing = sorted(standard - set(font.getBestCmap()))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes; {len(missing)} standard characters missing")


if __name__ == "__main__":
    main(*sys.argv[1:])
