"""Bridge funds in continuous time: requests, the queue, the uses, and what they mean for the loans."""
