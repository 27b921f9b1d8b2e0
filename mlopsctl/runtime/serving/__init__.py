"""Code that runs in the model server: validation of requests against the contract.

Imports nothing of mlopsctl: a copy of this folder is next to the server's settings.
"""
