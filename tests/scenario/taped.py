"""The instrument of scenarios whose opening loans stand on a tape."""

TAPED_POOL = """\
instruments:
  pool:
    kind: compensation_pool
    opening: 1亿
    share: 0.5
    trigger: {overdue_days: 90}
    borrowers: {trade: 0.5, crafts: 0.5}
    demand: {yearly: [0]}
    opening_stock: {tape: TAPE}
"""
"""A pool that covers loans to ``trade`` and ``crafts``; TAPE stands for the name of the tape's file."""

TAPED_SEGMENTS = """\
window: {start: 2015-01, months: 12}
segments:
  trade: {pd: 3%, rho: 0.1, city_weight: 1, lgd: 0.5, loan: {mean: 300万}}
  crafts: {pd: 4%, rho: 0.1, city_weight: 1, lgd: 0.6, loan: {mean: 100万}}
"""
"""A window and the segments of that pool."""
