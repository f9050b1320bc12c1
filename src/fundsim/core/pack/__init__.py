"""From a scheme by name to tables by position, and the memory that kernels write."""
