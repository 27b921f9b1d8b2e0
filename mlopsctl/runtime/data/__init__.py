"""Rows: sources, the training set, artifacts between steps, column contracts."""
