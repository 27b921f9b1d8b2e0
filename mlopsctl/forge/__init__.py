"""Code hosts: post findings and plan to a pull request as a comment, review requests or a report.

The input files are untrusted data; no spec is read.
"""
