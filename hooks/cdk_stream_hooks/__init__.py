"""The hooks of .pre-commit-hooks.yaml: thin faces over the command line."""
