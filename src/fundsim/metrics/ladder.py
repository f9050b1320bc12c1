"""What a ladder of firms reports: firms by tier, who entered, was renewed, lapsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import total
from fundsim.scheme import About, Metric
from fundsim.scheme.records import tier_record

__all__ = ["ladder_metrics"]

ROWS = (
    ("firms", "n", "Firms in the tier at the date", "在册企业数", "yearly series"),
    ("entered", "entered", "Firms that entered the tier", "新认定企业数", "yearly"),
    ("renewed", "renewed", "Firms whose recognition was renewed", "复核通过企业数", "yearly"),
    ("lapsed", "lapsed", "Firms whose recognition lapsed", "复核未通过企业数", "yearly"),
)


def ladder_metrics(ladder: str, tiers: Sequence[str]) -> Iterator[Metric]:
    """Yield the metrics of each tier, ``<ladder>.<tier>.<metric>``, and the firms of all tiers."""
    yield metric(
        About(ladder),
        "firms",
        "firms",
        "Firms in all tiers at the date, each counted once",
        "各层级企业合计（不重复计数）",
        total(tier_record(ladder, tier, "n") for tier in tiers),
        "yearly series headline distribution",
    )
    for tier in tiers:
        about = About(ladder, tier)
        for own_name, record, english, chinese, shown in ROWS:
            formula = total([tier_record(ladder, tier, record)])
            head = f"{shown} headline" if own_name == "firms" else shown
            yield metric(about, own_name, "firms", english, chinese, formula, head)
