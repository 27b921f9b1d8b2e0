"""What strangers, slips and failing machines hand in: seeded, a short run in CI, a long one by `make hostile`."""
