"""The diabetes example's own code."""
