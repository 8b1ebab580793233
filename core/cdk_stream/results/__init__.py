"""The nouns we make: typed streams, artefacts, the manifest, changes and verdicts."""
