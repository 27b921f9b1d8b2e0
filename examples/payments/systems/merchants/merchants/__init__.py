"""The merchants system's own code."""
