"""The tables and pictures of a sweep."""
