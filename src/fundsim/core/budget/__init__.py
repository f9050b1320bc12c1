"""The budget: what levels pay into its lines, what falls due on them, what they pay, and what lapses.

``calendar`` is its months; beside it what happens to firms and banks: events, the ladder, banks' books.
"""
