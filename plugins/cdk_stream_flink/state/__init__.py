"""What a job remembers, and whether the next version of its query may go on with it."""
