"""The review on paper."""
