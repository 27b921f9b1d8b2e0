"""Secrets that are in the namespace already."""
