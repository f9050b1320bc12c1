"""The tables and pictures of a size."""
