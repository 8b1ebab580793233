"""Rego: bundles of policies, and the engines that decide by them."""
