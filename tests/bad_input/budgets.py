"""A sound file with every noun of a budget: levels, lines, targets, and instruments that draw on lines."""

from __future__ import annotations

from typing import Any

LOAN = {"source": "assumption", "sector": "trade", "rho": 0.1, "lgd": 0.5}
LENT = {"source": "assumption", "demand": {"yearly": [1e8, 1e8, 1e8]}, "recovery": {"lag_months": 12}}

GOOD: dict[str, Any] = {
    "window": {"start": "2016-01", "months": 36},
    "budget": {
        "source": "assumption",
        "levels": {
            "central": {"amounts": [{"year": 2016, "amount": 4e7}, {"year": 2017, "amount": 4e7}]},
            "city": {
                "amounts": [{"year": 2016, "amount": 6e7}, {"year": 2017, "amount": 6e7},
                            {"year": 2018, "amount": 1e8}],
                "paid": {"mean": 0.9, "sd": 0.1, "rho": 0.2}, "unpaid": "next_year", "delay_months": 2,
            },
            "counties": {"matches": "city", "delay_months": 3},
        },
        "lines": {
            "support": {"amounts": [{"year": 2016, "amount": 5e7}, {"year": 2017, "amount": 5e7}]},
            "projects": {"amounts": [{"year": 2016, "amount": 3e7}], "after_acceptance": True,
                         "shares": {"city": 0.5, "counties": 0.5}},
            "shared": {"amounts": [{"year": 2016, "amount": 2e7}, {"year": 2017, "amount": 5e7},
                                   {"year": 2018, "amount": 9e7}],
                       "order": "pro_rata", "unspent": "carry_over"},
        },
        "unallocated": [{"year": 2018, "amount": 1e7}],
    },
    "targets": {
        "lent": {"metric": "loans.lent@window", "at_least": 1e8},
        "spent": {"metric": "budget.spent.2017", "at_most": "1亿", "heading": "cost"},
        "firms": {"metric": "ladder.giant.firms", "at_least": 30, "heading": "benefit"},
    },
    "segments": {
        "trade": {**LOAN, "pd": 0.03, "loan": {"mean": 1e6}},
        "founders": {**LOAN, "pd": 0.05, "loan": {"mean": 2e5},
                     "population": {"opening": 2000, "entry_annual": 300, "exit_annual": [0.1]}},
    },
    "instruments": {
        "loans": {"kind": "bank_loan", "borrowers": {"trade": 0.8, "founders": 0.2}, **LENT},
        "pool": {"kind": "compensation_pool", "line": "support", "share": 0.5, "trigger": {"npl": True},
                 "injections": [{"date": "2016-03", "amount": 1e7}], "borrowers": {"trade": 1}, **LENT},
        "interest": {"kind": "subsidy", "source": "assumption", "line": "shared", "of": ["loans"],
                     "segments": ["trade"], "base": "interest", "share": 0.5, "ceiling": 0.05,
                     "floor": 0.01, "cap_year": 1e6, "cap_total": 2e6},
        "listing": {"kind": "award", "source": "assumption", "line": "support", "amount": 1.5e6,
                    "happens": {"yearly": [5, 6, 7], "beta": 0.2, "city_weight": 0.6, "sector": "trade"}},
        "ladder": {"kind": "firm_ladder", "source": "assumption", "candidates": 500, "rho": 0.1,
                   "city_weight": 0.6, "sector": "trade",
                   "tiers": {"special": {"opening": 200, "rate": 0.1, "lapse": 0.1},
                             "giant": {"opening": 20, "below": "special", "rate": 0.1}}},
        "giants": {"kind": "award", "source": "assumption", "line": "support", "amount": 2e6,
                   "recognition": {"ladder": "ladder", "tier": "giant", "when": "both"}},
        "founded": {"kind": "award", "source": "assumption", "line": "shared", "amount": 5e3,
                    "new_firms_of": "founders", "resident_share": 0.6},
        "first_loans": {"kind": "award", "source": "assumption", "line": "support", "amount": 1e4,
                        "loans_of": ["loans"]},
        "rent": {"kind": "expense", "source": "assumption", "line": "projects", "unpaid": "arrears",
                 "payments": [{"date": "2016-07", "amount": 3e7}]},
        "running": {"kind": "expense", "source": "assumption", "line": "shared", "annual": 1e6},
        "increments": {
            "kind": "incremental_compensation", "source": "assumption", "line": "shared", "rate": 0.01,
            "banks": {"rural": {"opening": 1e9, "growth": 0.1, "sd": 0.05, "rho": 0.2,
                                "instruments": ["loans"]}},
        },
    },
}  # fmt: skip

SPENDING = ("interest", "listing", "giants", "founded", "first_loans", "rent", "running", "increments")
"""Instruments that pay from a line."""
