"""A verb as a step of GitHub Actions."""
