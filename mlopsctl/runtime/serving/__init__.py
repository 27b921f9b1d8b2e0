"""What runs inside the model server beside the model: requests held against the contract before the model sees them.

In: requests of the V2 protocol. Out: answers, or an error that names the input. Imports nothing of the tool: a copy of
this folder lies beside the server's settings.
"""
