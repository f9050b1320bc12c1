"""Bad keys and names: misspelt, unknown, missing, taken."""

from __future__ import annotations

from collections.abc import Iterator

from .good import GOOD, Case, changed, key_at, line_of

KEYS = (
    "title_zh",
    "description",
    "regime_year",
    "sources",
    "window",
    "months",
    "run_off",
    "economy",
    "rho_horizon",
    "persistence",
    "sector_correlation",
    "correlation",
    "stress",
    "segments",
    "firms",
    "sector",
    "city_weight",
    "maturity_share",
    "factor_correlation",
    "bands",
    "term_months",
    "rate",
    "renew",
    "default_if_not_renewed",
    "instruments",
    "opening",
    "multiple",
    "capacity_base",
    "trigger",
    "overdue_days",
    "claim_lag",
    "interest",
    "replenish",
    "borrowers",
    "injections",
    "amount",
    "yearly",
)


def misspelt_keys() -> Iterator[Case]:
    """A letter dropped, two exchanged, one doubled, one wrong."""
    slips = {
        "dropped": lambda k: k[: len(k) // 2] + k[len(k) // 2 + 1 :],
        "exchanged": lambda k: (
            k[: len(k) // 2 - 1] + k[len(k) // 2] + k[len(k) // 2 - 1] + k[len(k) // 2 + 1 :]
        ),
        "doubled": lambda k: k[: len(k) // 2] + k[len(k) // 2] + k[len(k) // 2 :],
        "wrong": lambda k: k[:-1] + ("x" if k[-1] != "x" else "y"),
    }
    for key in KEYS:
        written = key_at(key)
        for slip, spoil in slips.items():
            wrong = spoil(key)
            if wrong != key:
                yield changed(f"{key}, {slip}", written, written.replace(key, wrong), "no such key", key)


def keys_in_another_style() -> Iterator[Case]:
    """Case, hyphens and the Chinese term for the key."""
    for key in (
        "title_zh",
        "run_off",
        "rho_horizon",
        "city_weight",
        "maturity_share",
        "term_months",
        "claim_lag",
    ):
        written = key_at(key)
        for wrong in (key.replace("_", "-"), key.title(), key.upper(), key.replace("_", "")):
            yield changed(f"{key} as {wrong}", written, written.replace(key, wrong), "no such key", key)
    for key, zh in (
        ("opening", "期初余额"),
        ("multiple", "放大倍数"),
        ("renew", "续贷比例"),
        ("bands", "规模档数"),
        ("months", "政策期长度"),
        ("stress", "压力情景"),
        ("firms", "合格企业数"),
        ("injections", "注资"),
    ):
        written = key_at(key)
        yield changed(f"{key} as {zh}", written, written.replace(key, zh), "no such key", key)


def unknown_keys() -> Iterator[Case]:
    """Keys that no term has, and keys that belong to another block."""
    for old, indent in (
        ("window:\n", "  "),
        ("economy:\n", "  "),
        ("run:\n", "  "),
        ("  trade:\n", "    "),
        ("    loan:\n", "      "),
        ("  zhubaodai:\n", "    "),
        ("    trigger:\n", "      "),
        ("    lgd:\n", "      "),
    ):
        for word in ("zzz: 1", "qqqq: [1, 2]", "颜色: red"):
            key = word.partition(":")[0]
            text = GOOD.replace(old, f"{old}{indent}{word}\n", 1)
            yield Case(
                f"{word} under {old.strip()}",
                text,
                line_of(text, word),
                "no such key; known keys" if key != "颜色" else "no such key",
            )
    for key, place in (("bands", "loan.bands"), ("term", "loan.term_months"), ("cap", "loan.cap")):
        text = GOOD.replace("    rho: 0.1\n", f"    {key}: 12 # here\n    rho: 0.1\n")
        yield Case(f"{key} outside its block", text, line_of(text, "# here"), "no such key", place)


def missing_keys() -> Iterator[Case]:
    """A compulsory key left out is reported at its block."""
    for gone, block in (
        ("  start: 2015-01\n", "window:"),
        ("    rho: 0.08\n", "  trade:"),
        ("    rho: 0.1\n", "  factories:"),
        ("    pd: 0.04\n", "  factories:"),
        ("    lgd: 0.5\n", "  factories:"),
        ("      mean: 0.55\n", "    lgd:"),
        ("      mean: 300万\n", "    loan:"),
        ("    kind: compensation_pool\n", "  zhubaodai:"),
        ("    opening: 2.32亿\n", "  zhubaodai:"),
        ("    share: 0.5\n", "  zhubaodai:"),
        ("      correlation: 0.3\n", "    - between:"),
        ("      to: 2016-06\n", "    - from: 2016-01"),
        ("        date: 2015-06\n", "      - name: first"),
        ("        amount: 0.45亿\n", "      - name: second"),
        ("    borrowers:\n      trade: 60%\n      factories: 40%\n", "  zhubaodai:"),
        ("    sector: retail\n", "  trade:"),
        ("    sector: manufacturing\n", "  factories:"),
        ("    loan:\n      mean: 400万\n", "  factories:"),
    ):
        text = GOOD.replace(gone, "", 1)
        key = gone.strip().partition(":")[0]
        yield Case(f"{key} of {block.strip()}", text, line_of(text, block), f"{key}: is missing")
    text = GOOD.replace("window:\n  start: 2015-01\n  months: 36\n  run_off: 24\n", "")
    yield Case("window left out", text, 2, "window: is missing")
    text = GOOD.replace("    - between: [retail, manufacturing]\n      correlation", "    - correlation")
    yield Case("between left out", text, line_of(text, "- correlation"), "between: is missing")


def unknown_names() -> Iterator[Case]:
    """Names of segments and sectors that are not there, and names that can't be names."""
    for name, meant in (("trad", "trade"), ("factory", "factories"), ("Trade", "trade"), ("services", None)):
        says = f"there is no segment {name}"
        yield changed(f"borrower {name}", "      trade: 60%", f"      {name}: 60%", says, meant)
    for name, meant in (("retial", "retail"), ("industry", None), ("Retail", "retail")):
        pair = f"[{name}, manufacturing]"
        yield changed(f"sector {name}", "[retail, manufacturing]", pair, f"there is no sector {name}", meant)
    for wrong in (
        "2trade",
        "my-trade",
        "trade firms",
        "trade.a",
        "ｔｒａｄｅ",
        "window",
        "run",
        "extends",
        "high",
    ):
        text = GOOD.replace("  trade:\n", f"  {wrong}:\n")
        says = "a word of" if wrong in ("window", "run", "extends", "high") else "a name has letters"
        yield Case(f"segment {wrong}", text, line_of(text, f"  {wrong}:"), says)
    for wrong in ("zhu baodai", "9pool", "pool-1", "segments", "low"):
        text = GOOD.replace("  zhubaodai:\n", f"  {wrong}:\n")
        says = "a word of" if wrong in ("segments", "low") else "a name has letters"
        yield Case(f"instrument {wrong}", text, line_of(text, f"  {wrong}:"), says)
