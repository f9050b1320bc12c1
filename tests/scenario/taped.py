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
