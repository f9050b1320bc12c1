"""The tables and pictures of a comparison."""
