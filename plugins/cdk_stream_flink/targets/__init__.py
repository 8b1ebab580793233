"""The forms in which a job is handed over."""
