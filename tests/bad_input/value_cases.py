"""Bad values: each key is right, what it says is not."""

from __future__ import annotations

from collections.abc import Iterator

from .good import GOOD, Case, changed, key_at, line_of

NUMBERS = {
    "paths: 20000": "a count",
    "months: 36": "a number of months",
    "run_off: 24": "a number of months",
    "persistence: 0.5": "a correlation",
    "correlation: 0.3": "a correlation",
    "shift: -1.5": "a number of standard deviations",
    "fix: -2": "a number of standard deviations",
    "firms: 2.7万": "a count",
    "city_weight: 0.6": "a share",
    "rho: 0.08": "a share",
    "maturity_share: 0.2": "a share",
    "sd: 0.25": "a share",
    "mean: 300万": "an amount",
    "cv: 0.5": "a multiple",
    "cap: 500万": "an amount",
    "bands: 4": "a count",
    "term_months: 12": "a number of months",
    "rate: 6%": "a yearly rate",
    "opening: 2.32亿": "an amount",
    "multiple: 10": "a multiple",
    "share: 0.5": "a share",
    "overdue_days: 90": "a count",
    "claim_lag: 2": "a number of months",
    "interest: 1.5%": "a yearly rate",
    "amount: 0.4亿": "an amount",
}


def out_of_range() -> Iterator[Case]:
    """Numbers beyond what a key allows."""
    for old, values, says in (
        ("paths: 20000", ("0", "-5"), ""),
        ("seed: 7", ("-1",), "at least 0"),
        ("months: 36", ("0", "121"), "at least 1 and at most 120"),
        ("run_off: 24", ("-1",), "0 or more"),
        ("run_off: 24", ("241",), "at most 240"),
        ("regime_year: 2015", ("15", "20155"), "at least 1990"),
        ("persistence: 0.5", ("0.999", "-0.2"), "at least 0"),
        ("correlation: 0.3", ("1.01", "-1.2"), "lies in -1 … 1"),
        ("city_weight: 0.6", ("-0.1",), "lies in 0 … 1"),
        ("rho: 0.08", ("1", "-0.01"), ""),
        ("pd: 0.04", ("0", "1", "-0.1"), ""),
        ("sd: 0.25", ("-0.2",), "0 … 1"),
        ("mean: 300万", ("0", "-300万"), ""),
        ("cv: 0.5", ("-1",), "0 or more"),
        ("cap: 500万", ("-1",), "0 or more"),
        ("bands: 4", ("0", "9"), "at least 1 and at most 8"),
        ("term_months: 12", ("0", "121"), "at least 1"),
        ("multiple: 10", ("0", "51"), "more than 0 and at most 50"),
        ("overdue_days: 90", ("0", "900"), "at least 1"),
        ("claim_lag: 2", ("-1",), "is 0 or more"),
        ("claim_lag: 2", ("36",), "at least 0 and at most 24"),
        ("opening: 2.32亿", ("-1", "1e400"), ""),
        ("amount: 0.4亿", ("0",), "more than 0"),
        ("firms: 2.7万", ("-3",), "0 or more"),
        ("trade: 60%", ("-10%",), "0 … 1"),
        ("shift: -1.5", (".inf", ".nan"), "finite"),
    ):
        key = old.partition(":")[0]
        for value in values:
            yield changed(f"{key} = {value}", old, f"{key}: {value}", says)


def percent_slips() -> Iterator[Case]:
    """40 where 0.40 or 40% is meant."""
    for old in (
        "city_weight: 0.6",
        "maturity_share: 0.2",
        "rho: 0.08",
        "renew: 70%",
        "share: 0.5",
        "rate: 6%",
        "interest: 1.5%",
        "factories: 40%",
        "lgd: 0.5",
        "pd: 0.04",
        "sd: 0.25",
    ):
        key = old.partition(":")[0]
        for value, written in (("40", '0.40 or "40%"'), ("5", '0.05 or "5%"')):
            text = GOOD.replace(f" {old}\n", f" {key}: {value}\n", 1)
            yield Case(f"{key} = {value}", text, line_of(text, f" {key}: {value}"), f"write {written}")


def wrong_types() -> Iterator[Case]:
    """Text, truth values, nothing, blocks and lists where a number is expected; and the reverse."""
    for old, article in NUMBERS.items():
        key = old.partition(":")[0]
        nullable = key in ("run_off", "shift", "fix", "firms", "cap", "sector")
        for value in ("lots", "yes", "[1, 2]", "{a: 1}", "true", *(() if nullable else ("~",))):
            says = (
                f"{article} is expected, not" if value not in ("[1, 2]", "{a: 1}") else "is expected, not a"
            )
            yield changed(f"{key} = {value}", old, f"{key}: {value}", says)
    for old, value in (
        ("title_zh: 风险补偿资金池", "title_zh: 2015"),
        ("sector: retail", "sector: 12"),
        ("title: A pool and its borrowers", "title: [a]"),
        ("name: first", "name: 1"),
        ("title_zh: 助保贷", "title_zh: true"),
        ("A5: Three-year plan, section on loans", "A5: 2015"),
    ):
        yield changed(f"{value} for a text", old, value, "is expected")
    for old in (
        "window:\n  start: 2015-01\n  months: 36\n  run_off: 24\n",
        "run:\n  paths: 20000\n  seed: 7\n",
    ):
        key = old.partition(":")[0]
        for value in ("3", "[1]", "text"):
            yield changed(f"{key} = {value}", old, f"{key}: {value}\n", "a block of keys is expected")
    for value in ("3 years", "2", "{a: 1}"):
        yield changed(
            f"yearly = {value}", "yearly: [10亿, 12亿, 14.7亿]", f"yearly: {value}", "a list is expected"
        )
    yield changed("replenish = 1", "replenish: true", "replenish: 1", "true or false is expected")
    yield changed("replenish = yes", "replenish: true", "replenish: yes", "true or false is expected")
    yield changed("seed = 1.5", "seed: 7", "seed: 1.5", "a whole number is expected")
    yield changed("paths = 1.5", "paths: 20000", "paths: 1.5", "a whole number")
    yield changed("one of two", "[retail, manufacturing]", "[retail]", "a list of 2 is expected")


def wrong_choices() -> Iterator[Case]:
    """Words that are none of a key's choices."""
    for old, words in (
        ("step: quarter", {"quater": "quarter", "monthly": "month", "Year": "year", "statics": "static"}),
        ("rho_horizon: year", {"yaer": "year", "steps": "step", "YEAR": "year"}),
        ("capacity_base: paid_in", {"paid-in": "paid_in", "balanse": "balance", "paidin": "paid_in"}),
        (
            "mode: overdue",
            {"over_due": "overdue", "NPL": "npl", "final-loss": "final_loss", "finalloss": "final_loss"},
        ),
        (
            "kind: compensation_pool",
            {
                "compensation-pool": "compensation_pool",
                "compensation_pol": "compensation_pool",
                "Compensation_Pool": "compensation_pool",
            },
        ),
    ):
        key = old.partition(":")[0]
        for word, meant in words.items():
            says = "no such kind" if key == "kind" else "is none of"
            yield changed(f"{key} = {word}", old, f"{key}: {word}", says, meant)
    for old, says in (
        ("step: quarter", "is none of"),
        ("mode: overdue", "is none of"),
        ("kind: compensation_pool", "kind"),
    ):
        key = old.partition(":")[0]
        for value in ("zzzz", "7", "[a]"):
            words = "is expected" if value == "[a]" and key != "kind" else says
            if not (value == "[a]" and key == "kind"):
                yield changed(f"{key} = {value}", old, f"{key}: {value}", words)


def wrong_months() -> Iterator[Case]:
    """What is no calendar month."""
    for old in ("start: 2015-01", "from: 2016-01", "to: 2017-03", "date: 2015-06"):
        key = old.partition(":")[0]
        for value, hint in (
            ("2015", None),
            ("2015-13", None),
            ("201503", "2015-03"),
            ("2015/03", "2015-03"),
            ("2015-03-01", "2015-03"),
            ("15-03", None),
            ("March 2015", None),
            ("2015.3", "2015-03"),
        ):
            yield changed(f"{key} = {value}", old, f"{key}: {value}", "not a calendar month", hint)


def full_width() -> Iterator[Case]:
    """Full-width digits, signs and punctuation from a Chinese input method."""
    for old, new, hint in (
        ("share: 0.5", "share: ０.５", "0.5"),
        ("share: 0.5", "share: ５０%", "50%"),
        ("rate: 6%", "rate: 6％", "6%"),
        ("interest: 1.5%", "interest: １.５％", "1.5%"),
        ("multiple: 10", "multiple: １０", "10"),
        ("opening: 2.32亿", "opening: ２.３２亿", "2.32亿"),
        ("mean: 300万", "mean: ３００万", "300万"),
        ("start: 2015-01", "start: ２０１５-０１", "2015-01"),
        ("start: 2015-01", "start: 2015－01", "2015-01"),
        ("months: 36", "months: ３６", "36"),
        ("step: quarter", "step: ｑｕａｒｔｅｒ", "quarter"),
        ("[retail, manufacturing]", "[retail，manufacturing]", None),
        ("paths: 20000", "paths: ２００００", "20000"),
        ("cap: 500万", "cap: “500万”", "500万"),
        ("renew: 70%", "renew: ７０％", "70%"),
        ("yearly: [10亿, 12亿, 14.7亿]", "yearly: ［10亿, 12亿, 14.7亿］", "[10亿, 12亿, 14.7亿]"),
        ("shift: -1.5", "shift: －1.5", "-1.5"),
        ("claim_lag: 2", "claim_lag: ２", "2"),
    ):
        yield changed(f"{new}", old, new, "", hint)
    for key in (
        "months",
        "paths",
        "seed",
        "persistence",
        "rho_horizon",
        "firms",
        "city_weight",
        "opening",
        "multiple",
        "claim_lag",
        "start",
        "sector",
        "renew",
        "overdue_days",
    ):
        written = key_at(key) + " "
        yield changed(f"{key}：", written, written.replace(": ", "："), "full-width colon", ":")
    for key in ("window", "economy", "segments", "trade", "loan", "zhubaodai", "borrowers"):
        written = key_at(key)
        yield changed(f"{key}：", written, written.replace(":", "："), "full-width colon", ":")


def rules_across_keys() -> Iterator[Case]:
    """Values that are each allowed and can't hold together."""
    yield changed("cv beyond the cap", "cv: 0.5", "cv: 0.9", "spreads so widely")
    yield changed("cap below the mean", "cap: 500万", "cap: 200万", "below the mean")
    yield changed("sd beyond beta", "sd: 0.25", "sd: 0.6", "so large a standard deviation")
    for mean in ("1", "0.02"):
        text = GOOD.replace("mean: 0.55", f"mean: {mean}")
        yield Case(f"sd beside mean {mean}", text, line_of(text, "sd: 0.25"), "no law on 0 … 1")
    yield changed("stress backwards", "to: 2016-06", "to: 2015-06", "ends before it begins")
    yield changed("stress before the window", "from: 2016-01", "from: 2014-01", "before the window")
    late = GOOD.replace("from: 2017-01\n      to: 2017-03", "from: 2027-01\n      to: 2027-03")
    yield Case("stress after the end", late, line_of(late, "from: 2027-01"), "after the last simulated month")
    both = GOOD.replace("shift: -1.5", "shift: -1.5\n      fix: 0")
    yield Case("shift and fix", both, line_of(both, "from: 2016-01"), "exactly one of shift and fix")
    neither = GOOD.replace("      fix: -2\n", "")
    yield Case(
        "neither shift nor fix", neither, line_of(neither, "from: 2017-01"), "exactly one of shift and fix"
    )
    yield changed("a sector with itself", "[retail, manufacturing]", "[retail, retail]", "paired with itself")
    yield changed("injection before", "date: 2015-06", "date: 2014-12", "outside the window")
    yield changed("injection after", "date: 2016-06", "date: 2018-01", "outside the window")
    for new, total in (("factories: 30%", "0.9"), ("factories: 50%", "1.1")):
        text = GOOD.replace("factories: 40%", new)
        yield Case(f"shares of {total}", text, line_of(text, "borrowers:"), f"add up to {total}")
    pair = "    - between: [retail, manufacturing]\n      correlation: 0.3\n"
    turned = "    - between: [manufacturing, retail]\n      correlation: 0.2\n"
    twice = GOOD.replace(pair, pair + turned)
    yield Case("a pair twice", twice, line_of(twice, "[manufacturing, retail]"), "given twice")
    overlap = GOOD.replace("shift: -1.5", "fix: -1").replace("from: 2017-01", "from: 2016-05")
    yield Case("two fixed paths", overlap, line_of(overlap, "from: 2016-05"), "fixes already")
    static = GOOD.replace("step: quarter", "step: static")
    for key in ("renew: 70%", "maturity_share: 0.2"):
        yield Case(f"static with {key}", static, line_of(static, key), "must be 0 in a static economy")
    services = GOOD[GOOD.index("  factories:") : GOOD.index("instruments:")]
    services = services.replace("factories", "services").replace("manufacturing", "services")
    pairs = "".join(
        f"    - {{between: [{other}, services], correlation: -0.9}}\n"
        for other in ("retail", "manufacturing")
    )
    third = GOOD.replace("  factories:\n", f"{services}  factories:\n")
    third = third.replace("correlation: 0.3\n", f"correlation: -0.9\n{pairs}")
    yield Case("not semi-definite", third, line_of(third, "sector_correlation:"), "can't hold together")
    yield changed(
        "eleven years", "[10亿, 12亿, 14.7亿]", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "at most 10 items"
    )
