"""What a scheme reports: metrics, as formulas that are data, and the program that works them out.

Instruments say which metrics they have through functions of this package: of lending, of funds, of those
who share losses.  What every scheme reports besides, by segment, as a whole and on what it may still owe,
is here too.
"""
