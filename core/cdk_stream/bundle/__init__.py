"""Policy bundles: where they are kept, how their content is verified, and what they bring."""
