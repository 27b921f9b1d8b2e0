"""The demand forecast's own code."""
