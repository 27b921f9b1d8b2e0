"""Find and read a project: discovery, files on disk, files at a git ref, the specs that a change affects."""
