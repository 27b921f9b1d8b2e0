"""Detect credentials, and mask them in all output.

`forms` detects credentials by format, `names` by their name; `values` masks texts and plain data.
"""
