"""What a review says, and in which order: the same for page, print and slides."""
