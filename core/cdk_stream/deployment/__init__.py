"""Carrying a plan out: the journal, the lease, the record, and the steps between them."""
