"""Results: from the records of an engine to figures with their errors, and to a folder."""
