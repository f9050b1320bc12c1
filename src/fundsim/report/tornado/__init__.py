"""The tables and pictures of a tornado."""
