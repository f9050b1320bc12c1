"""All that knows numba: how kernels are compiled, how they are given their tables, where they are kept.

No other room imports numba; kernels are made by the decorators of this one.  What numba does not promise lies
in ``private``, and is used only with the versions that ``mode`` lists.
"""
