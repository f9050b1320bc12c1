"""Random numbers by counter, and the functions of probability that make draws of them."""
