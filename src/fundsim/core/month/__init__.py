"""The kernels of the calendar month: a rule of the trade each, called by ``path`` in the order of the steps.

Step 1 ``economy`` and ``population``; 2 and 7 ``funding``; 3 ``recoveries``; 4 ``lives`` and ``credit``; 5
``maturity`` and ``amortising``, with ``loan_books`` for both 4 and 5; 6 ``claims`` and ``loan_layers``; 8
``guarantors`` and ``lending``; 9 ``snapshot`` and ``ahead``.  ``reset`` begins a path, and ``ledger`` moves
all money.
"""
