"""The only room that turns values into text: one module a format.

In: plain values and small trees. Out: text. Never reads the spec, never decides what is written.
"""
