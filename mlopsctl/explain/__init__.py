"""The way back: from a line of the rendered tree to the lines that decide it, and from those to what they reach."""
