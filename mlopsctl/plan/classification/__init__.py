"""Classify a difference between two Blueprints: the field of the spec it comes from, and its effect.

Each path has exactly one row in the table; there is no catch-all row. A part of a pattern is a word, alternatives
(`a|b`), any word except some (`!a|b`), a prefix (`mlopsctl.dev~*`, where `~` is a slash) or any name (`*`); `**`
matches the rest of a user's map or a plain list. A difference is derived when another field decides it: it then counts
only where no other difference explains it.

Each section of the Blueprint has its rows in a module; `table` reads them.
"""
