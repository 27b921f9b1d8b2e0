"""What the steps call of Feast, and its local stores."""
