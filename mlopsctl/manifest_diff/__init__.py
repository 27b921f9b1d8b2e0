"""Compare two rendered trees, object by object."""
