"""The Chinese of the texts of each decision, by their English."""
