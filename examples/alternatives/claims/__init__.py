"""The code of the claims system."""
