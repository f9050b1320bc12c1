"""The loans of a tape, one by one where they do something: their lives, their defaults and renewals."""
