"""A manifest diff as text, Markdown and JSON."""
