"""The pipeline steps, which rendered workflows and the local runner call.

Large libraries are imported where they are used, so that each step loads only its own.
"""
