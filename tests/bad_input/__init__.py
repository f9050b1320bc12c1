"""Bad scenario files: made by generators, each with the line and the words that must be reported."""
