"""GitHub: pull requests, reviews, statuses and the runs of its Actions."""
