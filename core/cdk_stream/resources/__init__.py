"""The nouns a user writes in YAML."""
