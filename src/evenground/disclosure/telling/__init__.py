"""What is told of protected cells: together, coarsely, or with noise."""
