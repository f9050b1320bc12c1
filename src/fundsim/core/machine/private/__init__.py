"""What numba does not promise: its compiler, its data models, options that begin with an underscore.

Imported only with the versions of numba that ``mode.PRIVATE_VERSIONS`` lists.
"""
