"""Two rendered trees compared object by object."""
