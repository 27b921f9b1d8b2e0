"""Functions that several engines use to render."""
