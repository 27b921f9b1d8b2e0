"""What several engines render alike."""
