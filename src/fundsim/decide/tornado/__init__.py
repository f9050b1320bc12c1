"""What each assumption does at its low and its high."""
