"""Bad text: syntax, encoding, limits, and the parts of YAML that scenario files do not have."""

from __future__ import annotations

from collections.abc import Iterator

from .good import GOOD, Case, changed, line_of, spoilt


def tabs() -> Iterator[Case]:
    """A tab instead of spaces at the start of a line."""
    for fragment in (
        "  months: 36",
        "  paths: 20000",
        "  step: quarter",
        "    rho: 0.08",
        "      cv: 0.5",
        "    opening: 2.32亿",
        "      mode: overdue",
        "  trade:",
        "    claim_lag: 2",
        "  seed: 7",
        "      trade: 60%",
        "    sector: retail",
        "      bands: 4",
        "  run_off: 24",
    ):
        yield changed(
            f"before {fragment.strip()}",
            f"\n{fragment}",
            f"\n\t{fragment.strip()}",
            "a tab in the indentation",
        )
    for fragment in ("      rate: 6%", "    renew: 70%", "        amount: 0.4亿", "    interest: 1.5%"):
        indent = fragment[: len(fragment) - len(fragment.lstrip())]
        yield changed(
            f"after spaces before {fragment.strip()}",
            f"\n{fragment}",
            f"\n{indent[:-2]}\t{fragment.strip()}",
            "a tab in the indentation",
        )


def indentation() -> Iterator[Case]:
    """A line that is set in or out by one space."""
    for fragment in (
        "  run_off: 24",
        "  seed: 7",
        "  rho_horizon: year",
        "    rho: 0.08",
        "    pd: 0.04",
        "      cap: 500万",
        "      sd: 0.25",
        "    multiple: 10",
        "    interest: 1.5%",
        "      factories: 40%",
        "      overdue_days: 90",
        "    renew: 70%",
    ):
        yield changed(f"{fragment.strip()} set in", f"\n{fragment}", f"\n {fragment}", "")
        yield changed(
            f"{fragment.strip()} set out",
            f"\n{fragment}",
            f"\n{fragment[1:]}",
            "the indentation fits no line",
        )


def open_quotes_and_brackets() -> Iterator[Case]:
    """Quotes and brackets that are not closed, or never opened."""
    for old in (
        "title: A pool and its borrowers",
        "title_zh: 助保贷",
        "sector: retail",
        "name: first",
        "capacity_base: paid_in",
        "mode: overdue",
        "A16: Statistics of firms",
    ):
        key, _, value = old.partition(": ")
        for quote in "'\"":
            yield changed(f"{key}: {quote}", old, f"{key}: {quote}{value}", "a quote that is not closed")
        yield changed(
            f"text after the quote of {key}",
            old,
            f'{key}: "{value[:2]}" {value[2:]}x',
            "after the closing quote",
        )
    for old in (
        "[retail, manufacturing]",
        "[10亿, 12亿, 14.7亿]",
        "{value: 3%, low: 1%, high: 6%, source: A16, note: guarantee statistics}",
    ):
        new = old[:-1]
        yield changed(f"{new} open", old, new, "a bracket that is not closed")
        yield changed(f"{old} closed twice", old, f"{old}{old[-1]}", "")
    for old in ("multiple: 10", "claim_lag: 2", "paths: 20000"):
        yield changed(f"{old}]", old, f"{old} ]", "")


def colons() -> Iterator[Case]:
    """A colon left out, or without the space after it."""
    for old in (
        "months: 36",
        "paths: 20000",
        "persistence: 0.5",
        "firms: 2.7万",
        "city_weight: 0.6",
        "cv: 0.5",
        "rate: 6%",
        "opening: 2.32亿",
        "multiple: 10",
        "claim_lag: 2",
        "renew: 70%",
        "bands: 4",
    ):
        key, _, value = old.partition(": ")
        yield changed(f"{key} without a colon", f"{old}\n", f"{key} {value}\n", "no colon after the key")
        yield changed(f"{key}= for a colon", f"{old}\n", f"{key} = {value}\n", "no colon after the key")
        yield changed(f"{key} without a space", f"{old}\n", f"{key}:{value}\n", "no space after the colon")
    for value in ("50%: half", "a: b", "@home", "%5", "`x`", "half: "):
        text, line = spoilt("title: A pool and its borrowers", f"title: {value}")
        yield Case(f"title {value}", text, line, "can't read without quotes")


def duplicates() -> Iterator[Case]:
    """A key that stands twice in its block."""
    for old in (
        "regime_year: 2015",
        "  months: 36",
        "  paths: 20000",
        "  step: quarter",
        "  persistence: 0.5",
        "    firms: 2.7万",
        "    rho: 0.08",
        "      cv: 0.5",
        "      rate: 6%",
        "    opening: 2.32亿",
        "    multiple: 10",
        "    kind: compensation_pool",
        "      trade: 60%",
        "        amount: 0.45亿",
        "      mode: overdue",
        "    renew: 70%",
        "      sd: 0.25",
        "    interest: 1.5%",
    ):
        text = GOOD.replace(f"{old}\n", f"{old}\n{old}\n", 1)
        line = line_of(text, old) + 1
        yield Case(f"{old.strip()} twice", text, line, f"stands on line {line - 1} already")
    for key in ("segments", "instruments", "window", "sources"):
        text = f"{GOOD}{key}: {{}}\n"
        yield Case(
            f"{key} twice", text, text.count("\n"), f"stands on line {line_of(text, f'{key}:')} already"
        )


def tags_anchors_aliases() -> Iterator[Case]:
    """What lets a YAML file run code or repeat itself."""
    for old in (
        "paths: 20000",
        "opening: 2.32亿",
        "sector: retail",
        "rho: 0.08",
        "cv: 0.5",
        "start: 2015-01",
    ):
        key, _, value = old.partition(": ")
        for tag in ("!!int", "!!python/object/apply:os.system", "!amount", "!<tag:yaml.org,2002:str>"):
            yield changed(f"{tag} on {key}", old, f"{key}: {tag} {value}", "a tag")
        yield changed(f"anchor on {key}", old, f"{key}: &here {value}", "an anchor")
        yield changed(f"alias for {key}", old, f"{key}: *here", "an alias")
    merged = GOOD.replace("    rho: 0.1\n", "    rho: 0.1\n    <<: {pd: 0.1}\n")
    yield Case("merge key", merged, line_of(merged, "<<"), "a merge key")
    yield Case(
        "tagged block", GOOD.replace("window:\n", "window: !!map\n"), line_of(GOOD, "window:"), "a tag"
    )
    yield Case("%TAG", f"%TAG ! tag:example.org,2000:\n---\n{GOOD}", 1, "a %TAG directive")


def encodings() -> Iterator[Case]:
    """Files that are not UTF-8 text."""
    zh = line_of(GOOD, "title_zh: 风险")
    yield Case("GB18030", GOOD.encode("gb18030"), zh, "GB18030")
    yield Case("GBK", GOOD.encode("gbk"), zh, "GB18030")
    yield Case("GB18030 with CR LF", GOOD.replace("\n", "\r\n").encode("gb18030"), zh, "GB18030")
    yield Case("UTF-16 LE with mark", GOOD.encode("utf-16"), 1, "UTF-16")
    yield Case("UTF-16 BE", GOOD.encode("utf-16-be"), 1, "UTF-16")
    yield Case("UTF-16 LE", GOOD.encode("utf-16-le"), 1, "UTF-16")
    yield Case("UTF-32", GOOD.encode("utf-32"), 1, "UTF-16")
    yield Case("a cut character", GOOD.encode() + b"\xe5\xa4", GOOD.count("\n") + 1, "not UTF-8")
    yield Case(
        "a lone byte",
        GOOD.encode().replace(b"retail", b"ret\xffail", 1),
        line_of(GOOD, "between"),
        "not UTF-8",
    )
    for fragment in ("title:", "months:", "rho: 0.08", "opening:", "yearly:"):
        line = line_of(GOOD, fragment)
        yield Case(
            f"NUL before {fragment}", GOOD.replace(fragment, f"\0{fragment}", 1).encode(), line, "NUL byte"
        )
        for sign in ("\x07", "\x1b[31m", "\u2028", "\x85", "\ufeff"):
            text = GOOD.replace(
                fragment, f"{fragment} {sign}" if fragment.endswith(":") else f"{sign}{fragment}", 1
            )
            yield Case(f"{sign!r} at {fragment}", text.encode(), line, "a control character")


def limits_and_shapes() -> Iterator[Case]:
    """Too large, too deep, too many, or no scenario at all."""
    yield Case("larger than 1 MiB", GOOD + "#" * (1 << 20), 1, "larger than 1 MiB")
    for opening in ("[", "{a: ", "- "):
        yield Case(
            f"deep {opening.strip()}", f"title: x\nwindow:\n  {opening * 40}", 3, "deeper than 32 levels"
        )
    deep = "\n".join(" " * n + "a:" for n in range(40))
    yield Case("deep blocks", f"{deep} 1\n", 33, "deeper than 32 levels")
    yield Case("200,000 brackets", "[" * 200_000, 1, "deeper than 32 levels")
    yield Case("100,000 values", f"yearly: [{'1, ' * 100_000}1]\n", 1, "more than 20,000 keys and values")
    for label, text in (("empty", ""), ("blank", "\n\n"), ("comment only", "# nothing\n")):
        yield Case(label, text, 1, "the file is empty")
    for label, text in (
        ("a text", "just words\n"),
        ("a list", "- a\n- b\n"),
        ("a number", "42\n"),
        ("null", "~\n"),
    ):
        yield Case(label, text, 1, "a scenario is a block of keys")
    yield Case("two documents", f"{GOOD}---\ntitle: x\n", GOOD.count("\n") + 2, "a second document")
    yield Case("a list for a key", f"? [a, b]\n: 1\n{GOOD}", 1, "a key that is a list or a block")
    yield Case("a block for a key", f"? {{a: b}}\n: 1\n{GOOD}", 1, "a key that is a list or a block")
    yield Case("JSON with a comma", '{"title": "x",, "window": 1}\n', 1, "")
    yield changed("a bad escape", "sector: retail", 'sector: "re\\qtail"', "a backslash in double quotes")


def value_forms() -> Iterator[Case]:
    """The form {value, low, high, source, note} misused."""
    whole = "{value: 3%, low: 1%, high: 6%, source: A16, note: guarantee statistics}"
    for new, says, hint in (
        ("{value: 3%, lo: 1%}", "no key of a value with a source", "low"),
        ("{value: 3%, hihg: 6%}", "no key of a value with a source", "high"),
        ("{value: 3%, sorce: A16}", "no key of a value with a source", "source"),
        ("{value: 3%, unit: year}", "no key of a value with a source", None),
        ("{value: 3%, low: 4%}", "low lies above the value", None),
        ("{value: 3%, high: 2%}", "high lies below the value", None),
        ("{value: 3%, low: -1%}", "lies in 0 … 1", None),
        ("{value: 3%, high: 6}", "lies in 0 … 1", None),
        ("{value: 3%, low: much}", "a yearly rate is expected", None),
        ("{value: 3%, low: [1]}", "a number is expected", None),
        ("{value: 3%, high: {a: 1}}", "a number is expected", None),
        ("{value: 40}", "lies in 0 … 1", None),
        ("{value: lots}", "a yearly rate is expected", None),
        ("{value: {value: 3%}, source: 5}", "a source is a text", None),
        ("{value: 3%, source: 16}", "a source is a text", None),
        ("{value: 3%, source: ~}", "a source is a text", None),
        ("{value: 3%, source: [A16, 2]}", "a source is a text", None),
        ("{value: 3%, source: ''}", "a source is a text", None),
        ("{value: 3%, note: 5}", "a note is a text", None),
        ("{value: 3%, note: [a]}", "a note is a text", None),
        ("{low: 1%, high: 6%}", "low and high are given, but no value", None),
        ("{low: 1%}", "low and high are given, but no value", None),
        ("{value: {low: 1%}}", "no value", None),
        ("{value: {remove: true}}", "no value", None),
    ):
        yield changed(f"pd: {new}", whole, new, says, hint)
    yield changed(
        "a range of a choice", "step: quarter", "step: {value: quarter, low: month}", "low and high go with"
    )
    yield changed(
        "a range of a list",
        "yearly: [10亿, 12亿, 14.7亿]",
        "yearly: {value: [10亿], low: 1}",
        "low and high go",
    )
    yield changed("a block's source", "    source: A5\n", "    source: {a: 1}\n", "a source is a text")
    yield changed("a block's note", "    source: A5\n", "    note: 3\n", "a note is a text")


def inheritance() -> Iterator[Case]:
    """``extends`` and removal gone wrong."""
    for name, says in (
        ("bsae.yaml", "no such scenario file"),
        ("nothing_like_it", "no such scenario file"),
        ("../base.yaml", "outside the scenario's folder"),
        ("/etc/passwd", "outside the scenario's folder"),
        ("sub/../../base.yaml", "outside"),
        ("C:\\base.yaml", "outside"),
        ("\\\\server\\base.yaml", "outside"),
        ("~/base.yaml", "outside"),
        ("https://example.org/base.yaml", "outside"),
        ("nul.yaml", "Windows keeps the name nul.yaml for a device"),
        ("sub/COM1/base.yaml", "Windows keeps the name COM1 for a device"),
        ("base?.yaml", "no plain file name"),
        ("[base.yaml]", "is expected"),
        ("{a: b}", "is expected"),
        ("7", "is expected"),
        ("''", "is expected"),
        ("bad.yaml", "circle"),
    ):
        hint = "base.yaml" if name == "bsae.yaml" else None
        yield Case(f"extends {name}", f"title: x\nextends: {name}\n", 2, says, hint, {"base.yaml": GOOD})
    ring = {"one.yaml": "extends: two.yaml\n", "two.yaml": "extends: one.yaml\n"}
    yield Case("a circle of others", "extends: one.yaml\n", 1, "in a circle", None, ring)
    for body, line, says, hint in (
        ("segments:\n  trad: {remove: true}\n", 3, "nothing inherited to remove", "trade"),
        ("run:\n  sede: {remove: true}\n", 3, "nothing inherited to remove", "seed"),
        ("segments:\n  trade: {remove: yes}\n", 3, "removal is written", None),
        ("segments:\n  trade: {remove: false}\n", 3, "removal is written", None),
        ("segments:\n  trade: {remove: true, pd: 1%}\n", 3, "can't have other keys", None),
        ("window:\n  start: {remove: true}\n", 2, "start: is missing", None),
        (
            "instruments:\n  zhubaodai:\n    injections:\n      - {name: thrid, remove: true}\n",
            5,
            "nothing inherited",
            None,
        ),
        ("segments:\n  trade:\n    pd: {low: 5%}\n", 4, "low lies above", None),
        ("segments:\n  trade:\n    rho: {high: 0.01}\n", 4, "high lies below", None),
        ("segments:\n  trade:\n    rhoo: 0.1\n", 4, "no such key", "rho"),
        ("segments:\n  trade:\n    loan: {cap: 100万}\n", 4, "below the mean", None),
        ("economy:\n  sector_correlation: 2\n", 3, "", None),
        ("window: 2015\n", 2, "a block of keys is expected", None),
    ):
        text = f"extends: base.yaml\n{body}"
        yield Case(f"over a base: {body!r}", text, line, says, hint, {"base.yaml": GOOD})
    yield Case(
        "removal without a base",
        f"{GOOD}economy2: {{remove: true}}\n",
        GOOD.count("\n") + 1,
        "nothing inherited",
    )
