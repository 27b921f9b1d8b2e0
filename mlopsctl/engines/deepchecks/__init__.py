"""Deepchecks."""
