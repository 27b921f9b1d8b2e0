"""The report of a run: one page that can be mailed and read offline.

In: what the steps left behind. Out: HTML with its style and its pictures inside. Never a link to another file.
"""
