"""Views of a plan: text, Markdown and JSON."""
