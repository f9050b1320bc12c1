"""The tables and pictures of a doubt."""
