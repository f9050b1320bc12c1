"""The smallest value of a key, or the largest, that meets targets."""
