"""Turn values into text: one module per format, and the only package that does."""
