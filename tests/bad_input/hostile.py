"""Files made to exhaust a reader, and paths made to lead it astray."""

from __future__ import annotations

from collections.abc import Iterator


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of files that must be refused at once."""
    laughs = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    laughs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    yield "billion laughs", "\n".join(laughs).encode()
    yield "quadratic aliases", b"a: &a " + b"x" * 50_000 + b"\nb: [" + b"*a, " * 40_000 + b"*a]\n"
    yield "recursive alias", b"a: &a [*a]\n"
    for opening in (b"[", b"{", b"- ", b"? ", b"{a: ", b"!!map {", b"&a ["):
        yield f"200,000 of {opening.decode()!r}", opening * 200_000
    yield "deep blocks", b"\n".join(b" " * n + b"a:" for n in range(1_200))
    for tag in (
        b"!!python/object/apply:os.system ['true']",
        b"!!python/name:os.system",
        b"!!binary aGk=",
        b"!!set {a}",
    ):
        yield f"tag {tag[:20].decode()}", b"title: " + tag + b"\n"
    yield "many tags", b"a: [" + b"!!int 1, " * 100_000 + b"1]\n"
    yield "many anchors", b"\n".join(b"k%d: &a%d 1" % (n, n) for n in range(60_000))
    yield "many unknown keys", b"\n".join(b"key_%d: 1" % n for n in range(9_000))
    yield "many like keys", b"\n".join(b"titel_%d: 1" % n for n in range(9_000))
    yield "one key 9,000 times", b"title: x\n" * 9_000
    yield (
        "many bad items",
        b"window: {start: 2015-01}\neconomy: {stress: [" + b"{fro: 1}, " * 3_000 + b"{}]}\n",
    )
    yield "many documents", b"--- a\n" * 100_000
    yield "many values", b"[" + b"1," * 400_000 + b"1]"
    yield "a long key", b"k" * 1_000_000 + b": 1\n"
    yield "a long number", b"title: x\nregime_year: " + b"9" * 1_000_000 + b"\n"
    yield "a long exponent", b"run: {paths: 1e" + b"9" * 1_000 + b"}\n"
    yield "a long line", b"title: " + b"x" * 1_040_000 + b"\n"
    yield "a long comment", b"#" * 1_048_000
    yield "blanks", b" " * 1_048_000
    yield "line ends", b"\n" * 1_048_000
    yield "tabs", b"\t" * 1_000_000
    yield "colons", b":" * 1_000_000
    yield "quotes", b"'" * 1_000_001
    yield "open quote", b"title: '" + b"a: b\n" * 200_000
    yield "open block scalar", b"title: |\n" + b" x\n" * 300_000
    yield "bad lines", b"a b\n" * 200_000
    yield "full-width colons", "a：b\n".encode() * 150_000
    yield "huge", b"title: x\n" * 2_000_000
    yield "1 MiB and a byte", b"#" * ((1 << 20) + 1)
    yield "NUL", b"title: x\0y\n"
    yield "only NUL", b"\0" * 1_000_000
    yield "control characters", b"title: \x07\n" * 100_000
    yield "random bytes", bytes((n * 7_919 + 13) % 256 for n in range(1_000_000))
    yield "GB18030 letters", "标题".encode("gb18030") * 200_000
    yield "UTF-16", ("title: x\n" * 50_000).encode("utf-16")
    yield "a cut character", b"title: " + "题".encode()[:2]


def escapes(outside: str, name: str) -> Iterator[str]:
    """Yield ways to name a file outside the scenario's folder, or a device.

    ``outside`` is the absolute path of a file that must not be read, ``name`` its last part.
    """
    for up in ("..", "../..", "./..", ".././.", "sub/../..", "./sub/../.."):
        yield f"{up}/{name}"
        yield f"{up}/secret/{name}"
    yield from (f"..\\{name}", f".\\..\\{name}", f"sub\\..\\..\\{name}", f"..\\/{name}", f"../\\{name}")
    yield from (
        outside,
        f"/{outside}",
        f"//{outside}",
        outside.replace("/", "\\"),
        f"file://{outside}",
        f"file:{outside}",
    )
    yield from (
        "/etc/passwd",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/environ",
        "\\etc\\passwd",
        "~/.profile",
        "~root/x",
    )
    yield from (
        "C:\\x.yaml",
        "c:x.yaml",
        "C:/x.yaml",
        "\\\\server\\share\\x.yaml",
        "//server/share/x.yaml",
        "\\\\?\\C:\\x",
    )
    yield from (
        "nul",
        "NUL.yaml",
        "con",
        "aux.yaml",
        "com1",
        "LPT9.yaml",
        "sub/nul.yaml",
        "CON .yaml",
        "nul.",
    )
    yield from (
        f"../{name}\0.yaml",
        f"../{name}%00.yaml",
        "base.yaml:stream",
        "base.yaml::$DATA",
        "..",
        ".",
        "../",
        "/",
    )
    yield from ("link.yaml", "linked/secret.yaml", "sub/link.yaml", "https://example.org/x.yaml", "pipe.yaml")
    yield from (
        f"..%2f{name}",
        f"%2e%2e/{name}",
        f"․․/{name}",
        f"．．/{name}",
        f"..／{name}",
        f"....//{name}",
    )
