"""What is hidden: thresholds, the cheapest choice beside them, and the proof that it suffices."""
