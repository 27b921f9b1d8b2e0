"""Secrets that exist in the namespace."""
