"""The room of code hosts: what a pull request is told of a change.

In: what the verbs found, as files of a folder. Out: one comment, requests for review, or a report. Never reads a spec,
and takes nothing of what it is handed for more than data.
"""
