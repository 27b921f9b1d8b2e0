"""The report of a run: one page that can be mailed and read offline."""
