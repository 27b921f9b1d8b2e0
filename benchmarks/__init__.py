"""What is fast, measured beside named peers in one interleaved run. Ratios count; absolute times are the machine's."""
