"""What lies over the rendered objects: patches of them, which the model does not understand."""
