"""Speed of the core against the best NumPy programs for the same jobs, and its own history."""
