"""Conduktor Gateway: views of topics, masks and encryption."""
