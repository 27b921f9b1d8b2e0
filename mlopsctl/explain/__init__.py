"""Find the spec lines that decide a rendered line, and the rendered lines that a spec line affects."""
