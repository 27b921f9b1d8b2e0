"""The card-fraud system's own code."""
