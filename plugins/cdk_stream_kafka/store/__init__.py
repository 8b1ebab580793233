"""The record, the journal and the lease of deploys in a compacted topic."""
