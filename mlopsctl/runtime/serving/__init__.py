"""What runs inside the model server beside the model: requests held against the contract before the model sees them.

Imports nothing of the tool: a copy of this folder lies beside the server's settings.
"""
