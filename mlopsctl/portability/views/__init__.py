"""A portability report as text, Markdown and JSON."""
