"""The quickstart's own code: which features are computed, and how the model is trained."""
